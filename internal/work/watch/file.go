package watch

import (
	"io/fs"

	"genbo/internal/work/scan"
)

// file reads a file, if it is not what it was, or has to be read again.
func (w *Watch) file(path string, in, p place, info fs.FileInfo) error {
	if err := w.between(); err != nil {
		return err
	}
	e, known, err := w.state.get(p)
	if err != nil {
		return err
	}
	now := w.Now()
	if known && !e.folder {
		if e.stamp == scan.StampOf(info) && !w.again(e) {
			return nil
		}
		if next := w.reread(e); e.read <= now.Unix() && now.Before(next) {
			w.events.later(path, next)
			return nil
		}
	}
	if info.Size() >= large {
		if err := w.state.commit(); err != nil {
			return err
		}
	}
	r := w.reader.Read(w.ctx, path)
	if err := w.ctx.Err(); err != nil { // it may have been read in part
		return err
	}
	w.ledger.read++
	w.ledger.bytes += r.Size
	if r.Stamp == (scan.Stamp{}) {
		return w.gone(path, p)
	}
	if _, there, err := w.state.get(in); err != nil || !there { // its folder went meanwhile
		return err
	}
	return w.keep(p, r)
}

// keep notes what was found out about a file.
func (w *Watch) keep(p place, r scan.Reading) error {
	h, err := holdingOf(r)
	if err != nil {
		return err
	}
	w.touched()
	return w.state.put(p, entry{unread: len(r.Missed) > 0, again: !r.Lasting, lock: r.Lock, size: r.Size, read: w.Now().Unix(), stamp: r.Stamp}, h)
}

// again reports whether a file is to be read though its stamp is the same: in a full scan, once.
func (w *Watch) again(e entry) bool {
	begun := w.state.about.Begun
	return e.again && !begun.IsZero() && (e.read < begun.Unix() || e.read > w.Now().Unix())
}
