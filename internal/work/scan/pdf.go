package scan

import (
	"bytes"
	"path"

	"genbo/internal/base/archive"
	"genbo/internal/base/document"
	"genbo/internal/base/lock"
)

// pdf reads a PDF file and the files attached to it.
func (w *worker) pdf(src document.Source, where string, depth int) lock.Finding {
	attached := func(name string, content []byte) {
		m := &archive.Member{Name: name, Size: int64(len(content)), Data: bytes.NewReader(content)}
		if depth >= w.Depth {
			w.current.miss(path.Join(where, oneLine(name)), w.tooDeep())
			return
		}
		w.member(m, path.Join(where, oneLine(name)), depth+1)
	}
	result, err := w.pdfs.Read(w.ctx, src, w.words, w, attached)
	if err != nil {
		w.current.miss(where, reason(err))
	}
	switch {
	case result.Opened != "":
		return w.opened(result.Lock, result.Opened)
	case result.Lock.State == lock.Weak:
		w.current.miss(where, notOpened)
	}
	return result.Lock
}
