package remedy

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
	"filippo.io/age/agessh"

	"genbo"
)

// sealedSuffix is what age's own tools give their files.
const sealedSuffix = ".age"

// ParseRecipients reads public keys, one a line, as age and SSH write them; lines that begin with # say nothing.
func ParseRecipients(r io.Reader) (list []age.Recipient, err error) {
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(lines.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		if strings.HasPrefix(text, "ssh-") {
			one, err := agessh.ParseRecipient(text)
			if err != nil { // not the error: whoever mistook the file must not find a secret key in a log
				return nil, fmt.Errorf("line %d is no public key: %w", n, genbo.ErrInvalid)
			}
			list = append(list, one)
			continue
		}
		some, err := age.ParseRecipients(strings.NewReader(text))
		if err != nil {
			return nil, fmt.Errorf("line %d is no public key: %w", n, genbo.ErrInvalid)
		}
		list = append(list, some...)
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("no public key: %w", genbo.ErrInvalid)
	}
	return list, nil
}

// Seal encrypts files in place, to the holders of some keys: NAME becomes NAME.age.
func (a *Actor) Seal(ctx context.Context, items []Item, to []age.Recipient) ([]Result, error) {
	return each(ctx, items, func(i Item, r *Result) error {
		r.To = i.Path + sealedSuffix
		return a.act(i, Entry{Action: Seal, ID: newID()}, func(h *held, e *Entry) error {
			e.Stored = Name(h.name + sealedSuffix)
			r.To = filepath.Join(filepath.Dir(i.Path), string(e.Stored))
			if _, err := h.dir.Lstat(string(e.Stored)); err == nil {
				return refuse(Exists)
			}
			return a.seal(h, e, to)
		})
	})
}

// seal writes the sealed file beside the original, reads it back, gives it its name, and removes the original last.
func (a *Actor) seal(h *held, e *Entry, to []age.Recipient) error {
	name := part(e.ID)
	sealed := sha256.New()
	err := makePart(h.dir, name, func(w io.Writer) error {
		a.at("sealing")
		return encrypt(io.MultiWriter(w, sealed), h, e.SHA256, to)
	})
	if err != nil {
		return err
	}
	e.Sealed = digestOf(sealed)
	err = errors.Join(compare(h.dir, name, e.Sealed), dress(h.dir, name, h, h.info.Mode().Perm()))
	if err == nil {
		a.at("sealed")
		e.Step = Made
		if err := a.Journal.write(*e); err != nil {
			return fatal{err}
		}
		err = move(h.dir, name, h.dir, string(e.Stored))
	}
	if err != nil {
		return errors.Join(err, h.dir.Remove(name))
	}
	a.at("named")
	if err := syncFolder(h.dir); err != nil {
		return err
	}
	if err := h.remove(aside(e.ID), a.at); err != nil {
		if h.is(h.dir, h.name) == nil { // the original is in its place: the sealed file goes
			err = errors.Join(err, h.dir.Remove(string(e.Stored)))
		}
		return err
	}
	return nil
}

// encrypt writes the file for the holders of some keys, if it still has the digest.
func encrypt(w io.Writer, h *held, digest string, to []age.Recipient) error {
	in, err := age.Encrypt(w, to...)
	if err != nil {
		return err
	}
	sum, err := h.copyTo(in)
	if err == nil && sum != digest {
		err = refuse(Changed)
	}
	return errors.Join(err, in.Close())
}

// dress gives a file the time, rights and owner of a held one.
func dress(dir *os.Root, name string, h *held, mode fs.FileMode) error {
	return errors.Join(keepOwner(dir, name, h.info), dir.Chmod(name, mode), dir.Chtimes(name, h.info.ModTime(), h.info.ModTime()))
}
