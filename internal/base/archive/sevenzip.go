package archive

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/bodgit/sevenzip"

	"genbo/internal/base/document"
	"genbo/internal/base/lock"
)

// lockedWhole is a whole archive whose members' names cannot even be read.
func lockedWhole(how string) *Member {
	return &Member{Size: -1, Lock: lock.Finding{State: lock.Locked, How: how}}
}

const sevenLock = "7z AES-256"

func (w *walker) sevenZip(src document.Source) error {
	z, err := sevenzip.NewReader(src, src.Size())
	locked, names := err == nil && sevenLocked(z), false
	if err != nil {
		if !encrypted(err) {
			return fmt.Errorf("7z: %w", err)
		}
		locked, names = true, true
	}
	password := ""
	if locked {
		for _, p := range w.passwords() {
			if opened, err := sevenzip.NewReaderWithPassword(src, src.Size(), p); err == nil && sevenFits(opened) {
				z, password = opened, p
				break
			}
		}
	}
	if names && password == "" {
		return w.member(lockedWhole(sevenLock + ", names too"))
	}
	for _, f := range z.File {
		if f.FileInfo().IsDir() {
			continue
		}
		if err := w.sevenMember(f, names, password); err != nil {
			return err
		}
	}
	return nil
}

func encrypted(err error) bool {
	var e *sevenzip.ReadError
	return errors.As(err, &e) && e.Encrypted
}

// sevenLocked reports whether a member is locked. A wrong key shows only when content is read.
func sevenLocked(z *sevenzip.Reader) bool {
	for _, f := range z.File {
		if f.FileInfo().IsDir() || f.UncompressedSize == 0 {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return encrypted(err)
		}
		_, err = io.ReadFull(r, make([]byte, 1))
		r.Close()
		return encrypted(err)
	}
	return false
}

// sevenFits reports whether the password is right: the first member then has the checksum that is written beside it.
func sevenFits(z *sevenzip.Reader) bool {
	for _, f := range z.File {
		if f.FileInfo().IsDir() || f.UncompressedSize == 0 {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return false
		}
		defer r.Close()
		_, err = io.Copy(io.Discard, io.LimitReader(r, int64(min(f.UncompressedSize, 64<<20))))
		return err == nil
	}
	return true
}

func (w *walker) sevenMember(f *sevenzip.File, names bool, password string) error {
	m := &Member{Name: f.Name, Size: int64(min(f.UncompressedSize, 1<<62))}
	if password != "" {
		m.Opened, m.Lock = password, lock.Finding{State: lock.Locked, How: sevenLock}
		if names {
			m.Lock.How += ", names too"
		}
	}
	r, err := f.Open()
	switch {
	case encrypted(err):
		m.Lock = lock.Finding{State: lock.Locked, How: sevenLock}
	case err != nil:
		m.Err = err
	default:
		defer r.Close()
		m.Data = r
		if f.UncompressedSize == 0 {
			break
		}
		var first [1]byte
		n, err := io.ReadFull(r, first[:])
		if encrypted(err) {
			m.Data, m.Lock = nil, lock.Finding{State: lock.Locked, How: sevenLock}
		} else if err != nil {
			m.Data, m.Err = nil, err
		} else {
			m.Data = io.MultiReader(strings.NewReader(string(first[:n])), r)
		}
	}
	return w.member(m)
}
