package archive

import (
	"errors"
	"fmt"
	"io"

	"github.com/nwaples/rardecode/v2"

	"genbo/internal/base/document"
	"genbo/internal/base/lock"
)

// mostDictionary bounds what an archive may want for its dictionary, in bytes.
const mostDictionary = 128 << 20

func (w *walker) rar(src document.Source) error {
	r, err := rardecode.NewReader(src, rardecode.MaxDictionarySize(mostDictionary))
	if err != nil {
		return w.rarError(src, err)
	}
	return w.rarMembers(src, r, "")
}

func (w *walker) rarMembers(src document.Source, r *rardecode.Reader, password string) error {
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return w.rarError(src, err)
		}
		if h.IsDir {
			w.headers++
			continue
		}
		m := &Member{Name: h.Name, Size: h.UnPackedSize, Data: r}
		if h.Encrypted || h.HeaderEncrypted {
			m.Lock = lock.Finding{State: lock.Locked, How: "rar AES"}
			if m.Opened = password; password == "" {
				if password = w.rarPassword(src); password != "" {
					return w.rarAgain(src, password)
				}
				m.Data = nil
			}
		}
		w.headers++
		if err := w.member(m); err != nil {
			return err
		}
	}
}

// rarAgain reads the archive from its beginning with a password that fits. What was handed out before had no lock, and is
// passed over.
func (w *walker) rarAgain(src document.Source, password string) error {
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return err
	}
	r, err := rardecode.NewReader(src, rardecode.MaxDictionarySize(mostDictionary), rardecode.Password(password))
	if err != nil {
		return w.rarError(src, err)
	}
	for range w.headers {
		if _, err := r.Next(); err != nil {
			return w.rarError(src, err)
		}
	}
	return w.rarMembers(src, r, password)
}

// rarPassword is the password that fits: the first locked member can be read with it.
func (w *walker) rarPassword(src document.Source) string {
	for _, p := range w.passwords() {
		if _, err := src.Seek(0, io.SeekStart); err != nil {
			return ""
		}
		r, err := rardecode.NewReader(src, rardecode.MaxDictionarySize(mostDictionary), rardecode.Password(p))
		for err == nil {
			h, failed := r.Next()
			if err = failed; err != nil || !h.Encrypted && !h.HeaderEncrypted || h.IsDir {
				continue
			}
			if _, err = io.Copy(io.Discard, io.LimitReader(r, 64<<20)); err == nil {
				return p
			}
		}
	}
	return ""
}

func (w *walker) rarError(src document.Source, err error) error {
	if errors.Is(err, rardecode.ErrArchiveEncrypted) || errors.Is(err, rardecode.ErrArchivedFileEncrypted) {
		if w.count == 0 {
			if password := w.rarPassword(src); password != "" {
				return w.rarAgain(src, password)
			}
		}
		return w.member(lockedWhole("rar AES, names too"))
	}
	return fmt.Errorf("rar: %w", err)
}
