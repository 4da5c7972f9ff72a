package remedy

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// Kept are the files in a quarantine that a pattern is of, as items for [Actor.Restore].
func Kept(folder, only string) ([]Item, error) {
	s, err := openStore(folder, false)
	if err != nil {
		return nil, err
	}
	defer s.close()
	list, err := s.inside()
	if err != nil {
		return nil, err
	}
	var items []Item
	for _, k := range list {
		if ok, err := matches(only, string(k.Path)); err != nil {
			return nil, err
		} else if ok {
			items = append(items, Item{Root: string(k.Root), Path: string(k.Path), Size: k.Size, Modified: k.Modified, Cases: k.Cases, SHA256: k.SHA256})
		}
	}
	return items, nil
}

// Restore brings files from a quarantine back to their places, never over what is there. Without yes it looks only.
func (a *Actor) Restore(ctx context.Context, folder, only string, yes bool) ([]Result, error) {
	s, err := openStore(folder, false)
	if err != nil {
		return nil, err
	}
	defer s.close()
	if yes {
		if err := s.mend(); err != nil {
			return nil, err
		}
	}
	list, err := s.inside()
	if err != nil {
		return nil, err
	}
	var items []Item
	var chosen []kept
	for _, k := range list {
		if ok, err := matches(only, string(k.Path)); err != nil {
			return nil, err
		} else if ok {
			chosen = append(chosen, k)
			items = append(items, Item{Path: string(k.Path), Size: k.Size, Cases: k.Cases})
		}
	}
	n := -1
	return each(ctx, items, func(_ Item, r *Result) error {
		n++
		if !yes {
			r.Outcome = Would
		}
		return a.bringBack(s, chosen[n], yes)
	})
}

// bringBack brings one file back.
func (a *Actor) bringBack(s *store, k kept, yes bool) error {
	dir, name, err := folderOf(string(k.Root), string(k.Path))
	if err != nil {
		return err
	}
	defer dir.Close()
	if _, err := dir.Lstat(name); err == nil {
		return refuse(Exists)
	}
	h, err := holdIn(s.dir, k.ID)
	if err != nil {
		return err
	}
	defer h.file.Close()
	sum, err := h.copyTo(io.Discard)
	if err == nil && sum != k.SHA256 {
		err = refuse(Damaged)
	}
	if err != nil || !yes {
		return err
	}
	e := Entry{Action: Restore, ID: newID(), Root: k.Root, Path: k.Path, Size: k.Size, Modified: k.Modified, SHA256: k.SHA256, Cases: k.Cases, Folder: Name(s.path), Stored: Name(k.ID)}
	return a.journaled(e, func(e *Entry) error {
		if err := a.putBack(h, dir, name, k, e); err != nil {
			return err
		}
		return s.back(k.ID, a.Journal.now())
	})
}

func (a *Actor) putBack(h *held, dir *os.Root, name string, k kept, e *Entry) error {
	err := move(h.dir, h.name, dir, name)
	if !errors.Is(err, errCross) {
		if err == nil {
			a.at("moved")
			err = errors.Join(h.is(dir, name), syncFolder(dir), syncFolder(h.dir))
		}
		return err
	}
	err = makePart(dir, part(e.ID), func(w io.Writer) error {
		_, err := h.copyTo(w)
		return err
	})
	if err != nil {
		return err
	}
	err = errors.Join(compare(dir, part(e.ID), k.SHA256), dress(dir, part(e.ID), h, k.Mode))
	if err == nil {
		a.at("copied")
		err = move(dir, part(e.ID), dir, name)
	}
	if err != nil {
		return errors.Join(err, dir.Remove(part(e.ID)))
	}
	a.at("named")
	return errors.Join(syncFolder(dir), h.remove(aside(e.ID), a.at))
}

// pathOf is an item's path with the name that the system has for it.
func pathOf(i Item, name string) string { return filepath.Join(filepath.Dir(i.Path), name) }
