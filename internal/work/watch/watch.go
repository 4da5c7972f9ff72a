package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"genbo"
	"genbo/internal/base/keyedset"
	"genbo/internal/work/scan"
)

// Options say what to watch, and how. The zero value of a time is its default.
type Options struct {
	Roots  []string      // folders; one that lies in another is watched once
	State  string        // folder of the state, of this watch alone
	Core   *Core         // where findings are sent; nil: nowhere
	Full   time.Duration // between two walks through all folders; default a day
	Walk   time.Duration // the same where the system does not tell of all changes; default an hour
	Quiet  time.Duration // from the last change of a file to its reading; default 2 s
	Reread time.Duration // between two readings of a file that keeps changing; default 10 min, less than 0 for none
	Report time.Duration // between two reports of changes; default 1 min
	Whose  *keyedset.Map // a register's filter: names the extracts that files are copies of; may be nil
	Most   int64         // bytes read in a second; 0: no limit
	Above  float64       // others' waiting in percent, from which on it rests; 0: never
	Agent  string        // the program's version
	Now    func() time.Time
	Log    *slog.Logger
}

func (o *Options) defaults() {
	for _, d := range []struct {
		is   *time.Duration
		than time.Duration
	}{{&o.Full, 24 * time.Hour}, {&o.Walk, time.Hour}, {&o.Quiet, 2 * time.Second}, {&o.Reread, 10 * time.Minute}, {&o.Report, time.Minute}} {
		if *d.is == 0 {
			*d.is = d.than
		}
	}
}

// Watch watches folders. [Open] makes one.
type Watch struct {
	Options
	state  *state
	queue  *queue
	reader *scan.Reader
	pace   *pace
	events *events
	shown  *shown

	ctx      context.Context // of Run or Once
	broken   error           // of a commit while a file is read
	within   bool            // changes are being looked at
	looked   time.Time       // when changes were looked at last
	walked   bool            // through all folders, since it began
	lost     map[string]bool // roots that are not there
	changing time.Time       // since when there are changes that were not reported
	reported time.Time       // when changes were reported last
	ledger   work
}

// work is what was done since the last report.
type work struct {
	read, removed int
	bytes         int64
}

// Open opens the state, or makes one. It fails with [genbo.ErrConflict] where another watch uses it, and where a root is not
// there and never was.
func Open(o Options) (w *Watch, err error) {
	o.defaults()
	w = &Watch{Options: o, lost: map[string]bool{}}
	if w.State, err = filepath.Abs(o.State); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(w.State, 0o700); err != nil {
		return nil, err
	}
	if err := os.Chmod(w.State, 0o700); err != nil {
		return nil, err
	}
	if w.State, err = filepath.EvalSymlinks(w.State); err != nil {
		return nil, err
	}
	var anew string
	if w.state, anew, err = openState(w.State, o.Now); err != nil {
		return nil, err
	}
	if err := w.prepare(anew); err != nil {
		return nil, errors.Join(err, w.state.close())
	}
	return w, nil
}

func (w *Watch) prepare(anew string) (err error) {
	w.pace = &pace{now: w.Now, most: w.Most, above: w.Above, load: load, rest: w.rest,
		beat: func() { w.shown.write(w.Now(), false) }}
	if w.reader, err = scan.NewReader(scan.Options{Now: w.Now, Pace: w.pace.piece, Cache: filepath.Join(w.State, "pdf"), Whose: w.Whose}, w.state.key); err != nil {
		return err
	}
	if w.queue, err = openQueue(w.State); err != nil {
		return err
	}
	program := w.reader.Program()
	if was := w.state.about.Program; was != nil && !slices.Equal(was, program[:]) {
		anew = "program"
		if err := w.state.clear(); err != nil {
			return err
		}
	}
	if err := w.state.note(func(a *about) { a.Program = program[:] }); err != nil {
		return err
	}
	if anew != "" {
		w.Log.Warn("everything is read: nothing is known from before", "why", anew)
	}
	w.events = newEvents(w.Now, w.Quiet, 15*w.Quiet)
	w.shown = newShown(w, anew)
	return w.roots()
}

// roots makes the paths of the roots their own, and forgets what is watched no more.
func (w *Watch) roots() error {
	var roots []string
	for _, root := range w.Options.Roots {
		path, err := filepath.Abs(root)
		if err != nil {
			return err
		}
		if real, err := filepath.EvalSymlinks(path); err == nil {
			path = real
		} else if _, known := w.state.about.Roots[w.rootKey(path)]; !known {
			return err
		}
		info, err := os.Lstat(path)
		if err == nil && !info.IsDir() {
			return fmt.Errorf("%s is no folder: %w", root, genbo.ErrInvalid)
		}
		roots = append(roots, path)
	}
	slices.Sort(roots)
	w.Options.Roots = nil
	for _, root := range roots {
		if !slices.ContainsFunc(w.Options.Roots, func(above string) bool { return inside(root, above) }) {
			w.Options.Roots = append(w.Options.Roots, root)
		}
	}
	if len(w.Options.Roots) == 0 {
		return fmt.Errorf("no folder to watch: %w", genbo.ErrInvalid)
	}
	return w.forgetRoots()
}

// forgetRoots removes what is known below folders that were watched before and are not now.
func (w *Watch) forgetRoots() error {
	now := map[string]bool{}
	for _, root := range w.Options.Roots {
		now[w.rootKey(root)] = true
	}
	for key := range w.state.about.Roots {
		if now[key] {
			continue
		}
		var self id
		if _, err := fmt.Sscanf(key, "%x", &self); err != nil {
			return errDamaged
		}
		if err := w.state.remove(place{0, self}); err != nil {
			return err
		}
		if err := w.state.note(func(a *about) { delete(a.Roots, key); a.Changed = true }); err != nil {
			return err
		}
	}
	return w.state.commit()
}

func (w *Watch) rootPlace(root string) place { return place{0, w.state.id(0, root)} }
func (w *Watch) rootKey(root string) string {
	return fmt.Sprintf("%016x", uint64(w.rootPlace(root).self))
}

// inside reports whether a path is a folder, or lies below it.
func inside(path, folder string) bool {
	rest, ok := strings.CutPrefix(path, strings.TrimSuffix(folder, string(filepath.Separator)))
	return ok && (rest == "" || rest[0] == filepath.Separator)
}

func vanished(err error) bool { return errors.Is(err, fs.ErrNotExist) }

func (w *Watch) close() error {
	w.reader.Close()
	return errors.Join(w.events.close(), w.state.close())
}
