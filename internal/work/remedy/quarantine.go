package remedy

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"genbo"
)

// manifestName is the list of what lies in a quarantine, in its folder: JSON lines.
const manifestName = "manifest.jsonl"

// kept is a line of the manifest: a file that is moved here, or, with Back, one that went back or never came.
type kept struct {
	ID       string      `json:"id"` // its name in this folder
	Root     Name        `json:"root,omitempty"`
	Path     Name        `json:"path,omitempty"`
	Size     int64       `json:"size,omitempty"`
	Modified time.Time   `json:"modified,omitzero"`
	Mode     fs.FileMode `json:"mode,omitempty"`
	SHA256   string      `json:"sha256,omitempty"`
	Cases    int         `json:"cases,omitempty"`
	Back     *time.Time  `json:"back,omitempty"`
}

// store is an opened quarantine.
type store struct {
	path     string
	dir      *os.Root
	manifest *os.File
}

func (s *store) close() { _, _ = s.manifest.Close(), s.dir.Close() }

// openStore opens a quarantine, which must be a folder of the user's own that nobody else may read.
func openStore(path string, create bool) (*store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if create {
		if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
	}
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() || !private(info) {
		return nil, fmt.Errorf("%s must be a folder of your own that nobody else may read (chmod 700): %w", path, genbo.ErrForbidden)
	}
	dir, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	flags := os.O_RDWR | os.O_APPEND
	if create {
		flags |= os.O_CREATE
	}
	manifest, err := dir.OpenFile(manifestName, flags, 0o600)
	if err == nil {
		err = syncFolder(dir)
	}
	if err != nil {
		dir.Close()
		return nil, err
	}
	return &store{path, dir, manifest}, nil
}

// write appends a line and waits until it is on the disk.
func (s *store) write(k kept) error {
	text, err := json.Marshal(k)
	if err != nil {
		return err
	}
	if _, err := s.manifest.Write(append(text, '\n')); err != nil {
		return err
	}
	return s.manifest.Sync()
}

// back notes that a file is not here any more.
func (s *store) back(id string, now time.Time) error { return s.write(kept{ID: id, Back: &now}) }

// inside are the files that should lie here. A last line that a crash cut off is of a file that was not moved yet.
func (s *store) inside() ([]kept, error) {
	if _, err := s.manifest.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	var list []kept
	back := map[string]bool{}
	lines := bufio.NewReader(s.manifest)
	for n := 1; ; n++ {
		text, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		var k kept
		if err == nil {
			err = json.Unmarshal(text, &k)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d of %s does not read: %w: %w", n, manifestName, genbo.ErrTampered, err)
		}
		if k.Back != nil {
			back[k.ID] = true
			continue
		}
		list = append(list, k)
	}
	var still []kept
	for _, k := range list {
		if !back[k.ID] {
			still = append(still, k)
		}
	}
	return still, nil
}

// Quarantine moves files into a folder, under other names.
func (a *Actor) Quarantine(ctx context.Context, items []Item, folder string) ([]Result, error) {
	s, err := openStore(folder, true)
	if err != nil {
		return nil, err
	}
	defer s.close()
	if err := s.mend(); err != nil {
		return nil, err
	}
	return each(ctx, items, func(i Item, r *Result) error {
		id := newID()
		r.To = filepath.Join(s.path, id)
		return a.act(i, Entry{Action: Quarantine, ID: id, Folder: Name(s.path), Stored: Name(id)}, func(h *held, e *Entry) error {
			if err := s.write(kept{ID: id, Root: e.Root, Path: e.Path, Size: e.Size, Modified: e.Modified, Mode: h.info.Mode().Perm(), SHA256: e.SHA256, Cases: e.Cases}); err != nil {
				return err
			}
			err := a.putAway(h, s, e)
			if err != nil {
				if _, none := s.dir.Lstat(string(e.Stored)); none != nil {
					err = errors.Join(err, s.back(string(e.Stored), a.Journal.now()))
				}
			}
			return err
		})
	})
}

// mend cuts off a line that a crash left unfinished: its file was not moved.
func (s *store) mend() error {
	text, err := io.ReadAll(s.manifest)
	if err != nil {
		return err
	}
	whole := len(text)
	for whole > 0 && text[whole-1] != '\n' {
		whole--
	}
	if whole == len(text) {
		return nil
	}
	return errors.Join(s.manifest.Truncate(int64(whole)), s.manifest.Sync())
}

// putAway moves a held file into the quarantine, or copies it there from another file system.
func (a *Actor) putAway(h *held, s *store, e *Entry) error {
	err := move(h.dir, h.name, s.dir, string(e.Stored))
	if errors.Is(err, errCross) {
		return a.copyAway(h, s, e)
	}
	if err != nil {
		return err
	}
	a.at("moved")
	if err := h.is(s.dir, string(e.Stored)); err != nil { // another file was swapped in: it goes back
		return errors.Join(err, move(s.dir, string(e.Stored), h.dir, h.name))
	}
	return errors.Join(syncFolder(s.dir), syncFolder(h.dir))
}

func (a *Actor) copyAway(h *held, s *store, e *Entry) error {
	err := makePart(s.dir, string(e.Stored), func(w io.Writer) error {
		a.at("copying")
		sum, err := h.copyTo(w)
		if err == nil && sum != e.SHA256 {
			err = refuse(Changed)
		}
		return err
	})
	if err != nil {
		return err
	}
	err = errors.Join(dress(s.dir, string(e.Stored), h, 0o600), compare(s.dir, string(e.Stored), e.SHA256), syncFolder(s.dir))
	if err == nil {
		a.at("copied")
		err = h.remove(aside(e.ID), a.at)
	}
	if err != nil && h.is(h.dir, h.name) == nil { // the original is in its place: the copy goes
		err = errors.Join(err, s.dir.Remove(string(e.Stored)))
	}
	return err
}

// compare reads a file back and compares its digest.
func compare(dir *os.Root, name, want string) error {
	h, err := holdIn(dir, name)
	if err != nil {
		return err
	}
	defer h.file.Close()
	sum, err := h.copyTo(io.Discard)
	if err == nil && sum != want {
		err = refuse(Damaged)
	}
	return err
}
