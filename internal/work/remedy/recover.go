package remedy

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Recover ends the actions that a former run did not: where the original is in its place, what was made of it is removed and the
// action counts as undone; where it is not, as done.
func (a *Actor) Recover() ([]Result, error) {
	var results []Result
	for _, id := range a.Journal.order {
		e, ok := a.Journal.pending[id]
		if !ok {
			continue
		}
		outcome, err := a.settle(e)
		r := Result{Path: string(e.Path), Size: e.Size, Cases: e.Cases, Outcome: outcome}
		if err != nil {
			no := refusal(err)
			r.Outcome, r.Why, r.Detail = Unclear, no.Why, no.err
		}
		e.Step, e.Outcome, e.Why = Ended, r.Outcome, r.Why
		if err := a.Journal.write(e); err != nil {
			return results, err
		}
		results = append(results, r)
	}
	a.Journal.order = nil
	return results, nil
}

// broken is an action that was broken off: the folder of the original, and that of what was made of it.
type broken struct {
	Entry
	dir, stored *os.Root
	name        string
}

func (a *Actor) settle(e Entry) (outcome Outcome, err error) {
	dir, name, err := folderOf(string(e.Root), string(e.Path))
	if err != nil {
		return Unclear, err
	}
	defer dir.Close()
	b := &broken{e, dir, dir, name}
	if e.Folder != "" {
		s, err := openStore(string(e.Folder), false)
		if err != nil {
			return Unclear, err
		}
		defer s.close()
		b.stored = s.dir
		defer func() {
			if _, none := s.dir.Lstat(string(e.Stored)); err == nil && errors.Is(none, fs.ErrNotExist) {
				err = errors.Join(s.mend(), s.back(string(e.Stored), a.Journal.now()))
			}
		}()
	}
	if e.Action == Restore {
		return b.restore()
	}
	if err := putFromAside(dir, aside(e.ID), name); err != nil {
		return Unclear, err
	}
	if err := removeIf(dir, part(e.ID)); err != nil {
		return Unclear, err
	}
	if compare(dir, name, e.SHA256) == nil {
		return Undone, b.dropMade()
	}
	switch made := b.made(); {
	case e.Action == Delete, made:
		return Done, nil
	default:
		return Unclear, refuse(Gone)
	}
}

// made says whether what the action makes of the file is there, whole.
func (b *broken) made() bool {
	switch b.Action {
	case Quarantine:
		return compare(b.stored, string(b.Stored), b.SHA256) == nil
	case Seal:
		return b.Sealed != "" && compare(b.dir, string(b.Stored), b.Sealed) == nil
	default:
		return false
	}
}

// dropMade removes what was made, the original being in its place.
func (b *broken) dropMade() error {
	switch {
	case b.Action == Quarantine: // nobody else makes names of that kind there
		return removeIf(b.stored, string(b.Stored))
	case b.made():
		return removeIf(b.dir, string(b.Stored))
	default:
		return nil
	}
}

// restore ends a restoring: the place of the original is where the file is to be now.
func (b *broken) restore() (Outcome, error) {
	if err := errors.Join(putFromAside(b.stored, aside(b.ID), string(b.Stored)), removeIf(b.dir, part(b.ID))); err != nil {
		return Unclear, err
	}
	there, kept := compare(b.dir, b.name, b.SHA256) == nil, compare(b.stored, string(b.Stored), b.SHA256) == nil
	switch {
	case there && kept:
		return Done, removeIf(b.stored, string(b.Stored))
	case there:
		return Done, nil
	case kept:
		return Undone, nil
	default:
		return Unclear, refuse(Gone)
	}
}

// putFromAside gives a file that was taken aside its name again.
func putFromAside(dir *os.Root, aside, name string) error {
	if _, err := dir.Lstat(aside); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return errors.Join(move(dir, aside, dir, name), syncFolder(dir))
}

func removeIf(dir *os.Root, name string) error {
	if err := dir.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return syncFolder(dir)
}

// Place is where a quarantined or sealed file lies, by an entry.
func (e Entry) Place() string {
	if e.Folder != "" {
		return filepath.Join(string(e.Folder), string(e.Stored))
	}
	return filepath.Join(filepath.Dir(string(e.Path)), string(e.Stored))
}
