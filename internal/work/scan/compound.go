package scan

import (
	"path"

	"genbo/internal/base/archive"
	"genbo/internal/base/document"
	"genbo/internal/base/lock"
	"genbo/internal/base/unlock"
)

// compound reads a compound file: a document of Office before 2007, a mail of Outlook, an encrypted document, or an object that lay in
// another document.
func (w *worker) compound(src document.Source, where, name string, depth int) lock.Finding {
	c, err := lock.OfCompound(src)
	if err != nil {
		w.current.miss(where, reason(err))
		return c.Finding
	}
	if where == "" && c.Is != "" {
		w.current.Type = c.Is
	}
	switch {
	case c.Is == "encrypted":
		return w.office(src, c.Finding, where, name, depth)
	case c.Is == string(document.Msg):
		return w.archive(src, document.Msg, where, name, depth)
	case c.State == lock.Weak:
		return w.old(src, c, where, depth)
	case c.State != lock.Open:
		return c.Finding
	}
	w.at = place{where: where}
	w.finder.Begin()
	found := w.objects(src, document.CFB, where, depth)
	if err := document.ReadCompound(src, c.Is, w); err != nil && (c.Is != "" || found == 0) {
		w.current.miss(where, reason(err))
	}
	return c.Finding
}

// old opens an encrypted document of Office before 2007 and reads it.
func (w *worker) old(src document.Source, c lock.Compound, where string, depth int) lock.Finding {
	words := w.words()
	streams, fits, err := unlock.Old(src, c.Is, w.Memory, words)
	if fits < 0 || err != nil {
		w.current.miss(where, notOpened)
		return c.Finding
	}
	w.at = place{where: where}
	w.finder.Begin()
	if err := document.ReadOpened(streams, c.Is, w); err != nil {
		w.current.miss(where, reason(err))
	}
	w.objects(src, document.CFB, where, depth)
	return w.opened(c.Finding, words[fits])
}

// objects reads the files embedded in a document, and says how many there are. They do not change how the document is locked: what is in it
// lies as open as itself, or has a lock of its own.
func (w *worker) objects(src document.Source, t document.Type, where string, depth int) (n int) {
	err := archive.Objects(src, t, &w.unpack, w.words, func(m *archive.Member) error {
		n++
		inner := path.Join(where, oneLine(m.Name))
		if depth >= w.Depth {
			w.current.miss(inner, w.tooDeep())
			return w.ctx.Err()
		}
		w.member(m, inner, depth+1)
		if m.Lock.State != lock.Open {
			w.current.Locked++
		}
		return w.ctx.Err()
	})
	if err != nil {
		w.current.miss(where, reason(err))
	}
	return n
}
