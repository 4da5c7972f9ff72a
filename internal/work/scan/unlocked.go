package scan

import (
	"bytes"
	"io"

	"genbo/internal/base/document"
	"genbo/internal/base/lock"
	"genbo/internal/base/sealed"
	"genbo/internal/base/unlock"
)

// age tells a file that Genbo sealed from others of age: it says which list it is of. What is locked with a passphrase is opened if one
// fits.
func (w *worker) age(src document.Source, where, name string, depth int) lock.Finding {
	if s, err := sealed.ReadStanza(src); err == nil {
		w.current.Sealed = append(w.current.Sealed, s.Extract)
		return lock.Finding{State: lock.Locked, How: "sealed by Genbo"}
	}
	locked := lock.OfAge(src)
	if locked.How == "age" {
		return locked
	}
	return w.tryOn(locked, where, name, depth, func(words []string) ([]byte, int, error) {
		return unlock.Age(io.NewSectionReader(src, 0, src.Size()), w.Memory, words)
	})
}

// openDocument opens an encrypted OpenDocument file and reads it.
func (w *worker) openDocument(src document.Source, locked lock.Finding, where, name string, depth int) lock.Finding {
	return w.tryOn(locked, where, name, depth, func(words []string) ([]byte, int, error) {
		return unlock.OpenDocument(src, w.Memory, words)
	})
}

// office opens an encrypted document of Office and reads it.
func (w *worker) office(src document.Source, locked lock.Finding, where, name string, depth int) lock.Finding {
	return w.tryOn(locked, where, name, depth, func(words []string) ([]byte, int, error) {
		return unlock.Office(src, w.Memory, words)
	})
}

// tryOn tries the passwords on a lock, and reads what one of them opens.
func (w *worker) tryOn(locked lock.Finding, where, name string, depth int, open func([]string) ([]byte, int, error)) lock.Finding {
	words := w.words()
	content, fits, err := open(words)
	if fits < 0 {
		if err != nil && locked.State == lock.Weak {
			w.current.miss(where, notOpened)
		}
		return locked
	}
	if err != nil {
		w.current.miss(where, reason(err))
		return locked
	}
	return w.unlocked(content, locked, words[fits], where, name, depth)
}

// unlocked reads the content that a password opened. It is as well locked as its lock, or less if a document in it says so.
func (w *worker) unlocked(content []byte, locked lock.Finding, word, where, name string, depth int) lock.Finding {
	src := io.NewSectionReader(bytes.NewReader(content), 0, int64(len(content)))
	t, err := document.Sniff(src)
	if err != nil {
		w.current.miss(where, reason(err))
		return locked
	}
	if where == "" {
		w.current.Type = string(t)
	}
	w.inside(src, t, where, name, depth)
	return w.opened(locked, word)
}
