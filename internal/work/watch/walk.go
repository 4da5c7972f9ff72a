package watch

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// large is the size of a file, in bytes, before whose reading everything else is written to the disk.
const large = 4 << 20

// all walks through all folders. What an earlier walk, interrupted, has read is not read again.
func (w *Watch) all() error {
	if w.state.about.Begun.IsZero() {
		if err := w.state.note(func(a *about) { a.Begun = w.Now() }); err != nil {
			return err
		}
	}
	for _, root := range w.Options.Roots {
		if err := w.root(root, true); err != nil {
			return err
		}
	}
	return nil
}

// root walks through a root. One that is not there keeps what is known of it: nobody can say that its people are protected now.
func (w *Watch) root(root string, whole bool) error {
	p := w.rootPlace(root)
	info, err := w.present(root)
	if err != nil {
		w.lose(root, err)
		return nil
	}
	if w.lost[root] {
		delete(w.lost, root)
		w.Log.Info("a watched folder is there again", "root", 1+slices.Index(w.Options.Roots, root))
	}
	if err := w.known(p); err != nil {
		return err
	}
	if is := identity(info); w.state.about.Roots[w.rootKey(root)] != is {
		if err := w.state.note(func(a *about) { a.Roots[w.rootKey(root)] = is }); err != nil {
			return err
		}
	}
	return w.folder(root, p, whole)
}

var errReplaced = errors.New("an empty folder stands in its place")

// present returns an error where a root is not there, or where another folder with nothing in it stands in its place: a share that
// is not mounted.
func (w *Watch) present(root string) (fs.FileInfo, error) {
	info, err := os.Lstat(root)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, syscall.ENOTDIR
	}
	was, known := w.state.about.Roots[w.rootKey(root)]
	if !known || was == identity(info) {
		return info, nil
	}
	list, err := os.ReadDir(root)
	if err != nil || len(list) > 0 {
		return info, err
	}
	below, err := w.state.below(w.rootPlace(root).self)
	if err == nil && len(below) > 0 {
		err = errReplaced
	}
	return info, err
}

func (w *Watch) lose(root string, why error) {
	if !w.lost[root] {
		w.lost[root] = true
		w.touched()
		w.Log.Error("a watched folder is not there: its figures stay as they were, and are not complete", "root", 1+slices.Index(w.Options.Roots, root), "err", bare(why))
	}
}

// known makes sure that a place is a folder in the state.
func (w *Watch) known(p place) error {
	e, known, err := w.state.get(p)
	if err != nil || known && e.folder {
		return err
	}
	return w.state.put(p, entry{folder: true}, holding{})
}

// folder looks at what a folder holds, at all below it with whole, else only below the folders that are new.
func (w *Watch) folder(path string, p place, whole bool) error {
	if err := w.between(); err != nil {
		return err
	}
	w.events.watch(path)
	list, readErr := os.ReadDir(path)
	if vanished(readErr) && len(list) == 0 {
		if p.folder == 0 {
			w.lose(path, readErr)
			return nil
		}
		return w.gone(path, p)
	}
	e, there, err := w.state.get(p)
	if err != nil || !there { // it was removed with the folder above it
		return err
	}
	if e.unread != (readErr != nil) {
		e.unread = readErr != nil
		if err := w.state.put(p, e, holding{}); err != nil {
			return err
		}
		w.touched()
	}
	was, err := w.state.below(p.self)
	if err != nil {
		return err
	}
	if readErr == nil {
		if err := w.tidy(p, was, list); err != nil {
			return err
		}
	}
	for _, d := range list {
		child := place{p.self, w.state.id(p.self, d.Name())}
		e, known := was[child.self]
		if err := w.entry(filepath.Join(path, d.Name()), p, child, d, whole || !known || !e.folder); err != nil {
			return err
		}
	}
	return nil
}

// tidy forgets what is in a folder no more. It comes before anything is read: what comes while others are read stays.
func (w *Watch) tidy(p place, was map[id]entry, list []fs.DirEntry) error {
	gone := maps.Clone(was)
	for _, d := range list {
		delete(gone, w.state.id(p.self, d.Name()))
	}
	for child := range gone {
		w.touched()
		w.ledger.removed++
		if err := w.state.remove(place{p.self, child}); err != nil {
			return err
		}
	}
	return nil
}

// gone forgets a path that is not there any more.
func (w *Watch) gone(path string, p place) error {
	e, known, err := w.state.get(p)
	if err != nil || !known {
		return err
	}
	if e.folder {
		w.events.forget(path)
	}
	w.touched()
	w.ledger.removed++
	return w.state.remove(p)
}

// entry looks at one file or folder, in the folder in.
func (w *Watch) entry(path string, in, p place, d fs.DirEntry, whole bool) error {
	switch {
	case path == w.State:
		return w.gone(path, p)
	case d.IsDir():
		if err := w.known(p); err != nil || !whole {
			return err
		}
		return w.folder(path, p, true)
	case !d.Type().IsRegular(): // links are not followed, devices and pipes not opened
		return w.gone(path, p)
	}
	info, err := d.Info()
	switch {
	case vanished(err):
		return w.gone(path, p)
	case err != nil:
		return w.denied(p)
	}
	return w.file(path, in, p, info)
}

// denied notes a file of which the system tells nothing: it counts as not read.
func (w *Watch) denied(p place) error {
	e, known, err := w.state.get(p)
	if err != nil || known && e.unread {
		return err
	}
	w.touched()
	return w.state.put(p, entry{unread: true, again: true, size: e.size, read: w.Now().Unix()}, holding{})
}

// between is called between two files: it ends when asked to, writes what waited, and looks at changes meanwhile.
func (w *Watch) between() error {
	if err := errors.Join(w.ctx.Err(), w.broken); err != nil {
		return err
	}
	if err := w.state.settle(); err != nil {
		return err
	}
	now := w.Now()
	if since := now.Sub(w.looked); w.within || since >= 0 && since < slowest {
		return nil
	}
	w.looked = now
	w.shown.write(now, false)
	return w.changes()
}

// changes looks at the paths that changed: first at those that are gone, so that what was moved is not ended under its new name.
func (w *Watch) changes() error {
	due := w.events.due()
	if len(due) == 0 {
		return nil
	}
	w.within = true
	defer func() { w.within = false }()
	type found struct {
		path string
		info fs.FileInfo
		err  error
	}
	var list []found
	for path := range due {
		info, err := os.Lstat(path)
		list = append(list, found{path, info, err})
	}
	slices.SortFunc(list, func(a, b found) int {
		return cmp.Or(rank(a.err)-rank(b.err), cmp.Compare(len(a.path), len(b.path)), cmp.Compare(a.path, b.path))
	})
	for _, f := range list {
		if err := w.between(); err != nil {
			return err
		}
		if err := w.changed(f.path, f.info, f.err, due[f.path].whole); err != nil {
			return err
		}
	}
	return nil
}

func rank(err error) int {
	if vanished(err) {
		return 0
	}
	return 1
}

// changed looks at a path that changed.
func (w *Watch) changed(path string, info fs.FileInfo, err error, whole bool) error {
	at := slices.IndexFunc(w.Options.Roots, func(root string) bool { return inside(path, root) })
	if at < 0 || inside(path, w.State) {
		return nil
	}
	root := w.Options.Roots[at]
	if path == root {
		return w.root(root, whole)
	}
	in := w.rootPlace(root)
	names := strings.Split(strings.Trim(path[len(root):], string(filepath.Separator)), string(filepath.Separator))
	for _, name := range names[:len(names)-1] {
		in = place{in.self, w.state.id(in.self, name)}
	}
	if e, known, err := w.state.get(in); err != nil || !known || !e.folder {
		return err // the folder itself is new or gone, and is looked at when its turn comes
	}
	p := place{in.self, w.state.id(in.self, names[len(names)-1])}
	switch {
	case vanished(err):
		return w.gone(path, p)
	case err != nil:
		return w.denied(p)
	case info.IsDir():
		e, known, err := w.state.get(p)
		if err != nil {
			return err
		}
		if err := w.known(p); err != nil {
			return err
		}
		return w.folder(path, p, whole || !known || !e.folder)
	}
	return w.entry(path, in, p, fs.FileInfoToDirEntry(info), true)
}

// touched notes that the figures may be others now.
func (w *Watch) touched() {
	if w.changing.IsZero() {
		w.changing = w.Now()
	}
	w.state.about.Changed = true // written with what changed
}

// reread is when a file that was read may be read again.
func (w *Watch) reread(e entry) time.Time { return time.Unix(e.read, 0).Add(max(0, w.Reread)) }
