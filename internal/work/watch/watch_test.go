//go:build linux

package watch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"genbo"
)

// table is a list of some people, from the one with a number on.
func table(from, people int) string {
	var b strings.Builder
	b.WriteString("基礎年金番号,氏名,生年月日\r\n")
	for i := from; i < from+people; i++ {
		fmt.Fprintf(&b, "%04d-%06d,年金 太郎%d,昭和%d年3月1日\r\n", 1000+i, i*7, i, 10+i%50)
	}
	return b.String()
}

func write(t *testing.T, content string, parts ...string) string {
	t.Helper()
	path := filepath.Join(parts...)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// age makes files look as if they were written long ago: what was written just now is read twice.
func age(t *testing.T, paths ...string) {
	t.Helper()
	for _, path := range paths {
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
}

// logged is a log that a test looks into.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// options are those of a watch that notices fast.
func options(state string, log *logged, roots ...string) Options {
	return Options{Roots: roots, State: state, Quiet: 50 * time.Millisecond, Reread: -1, Report: time.Millisecond, Agent: "test", Now: time.Now,
		Log: slog.New(slog.NewJSONHandler(log, nil))}
}

func once(t *testing.T, o Options) *Findings {
	t.Helper()
	w, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	f, err := w.Once(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// running is a watch that runs.
type running struct {
	t    *testing.T
	dir  string // of the state
	stop func()
	done chan error
}

func start(t *testing.T, o Options) *running { return startWith(t, o, func(*Watch) {}) }

// startWith starts a watch that was opened and changed.
func startWith(t *testing.T, o Options, change func(*Watch)) *running {
	t.Helper()
	w, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	change(w)
	ctx, stop := context.WithCancel(context.Background())
	r := &running{t, o.State, stop, make(chan error, 1)}
	go func() { r.done <- w.Run(ctx) }()
	t.Cleanup(r.end)
	return r
}

// end ends the watch, which has a second for it.
func (r *running) end() {
	r.t.Helper()
	r.stop()
	select {
	case err := <-r.done:
		if err != nil {
			r.t.Error(err)
		}
		r.done <- nil
	case <-time.After(time.Second):
		r.t.Error("it does not end within a second")
	}
}

// until waits until the figures are as wanted.
func (r *running) until(what string, is func(*Findings) bool) *Findings {
	r.t.Helper()
	var last *Findings
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		s, err := readStatus(r.dir)
		if err == nil && s.Figures != nil {
			if last = s.Figures; is(last) {
				return last
			}
		}
	}
	r.t.Fatalf("%s: the figures stay %+v", what, last)
	return nil
}

func (r *running) cases(what string, n int) *Findings {
	r.t.Helper()
	return r.until(what, func(f *Findings) bool { return f.Unprotected() == n })
}

// TestOnce: the figures are those of the files, also the second time, when nothing is read.
func TestOnce(t *testing.T) {
	root, state, log := t.TempDir(), t.TempDir(), &logged{}
	a, b := write(t, table(0, 30), root, "a.csv"), write(t, table(20, 20), root, "deep", "er", "b.csv")
	age(t, a, b)
	write(t, "PK\x03\x04 cut", root, "cut.zip")
	if err := os.Symlink(root, filepath.Join(root, "loop")); err != nil {
		t.Fatal(err)
	}
	first := once(t, options(state, log, root))
	want := []FieldsSum{{Set: "NAB", Open: 50, Persons: 40}}
	if d := cmp.Diff(want, first.Fields); d != "" || first.Files != 3 || first.Unread != 1 || first.Complete || first.Persons != 40 || first.Kind != Full {
		t.Errorf("%+v\n%s", first, d)
	}
	if err := os.Remove(filepath.Join(root, "cut.zip")); err != nil {
		t.Fatal(err)
	}
	second := once(t, options(state, log, root, filepath.Join(root, "deep")))
	if d := cmp.Diff(want, second.Fields); d != "" || second.Files != 2 || !second.Complete || second.Scan == first.Scan {
		t.Errorf("%+v\n%s", second, d)
	}
	for _, never := range []string{"太郎", "a.csv", "deep", root} {
		if strings.Contains(log.String(), never) {
			t.Errorf("%q is in the log: %s", never, log)
		}
	}
	if list, err := os.ReadDir(root); err != nil || len(list) != 3 {
		t.Errorf("something was written into the folder: %v, %v", list, err)
	}
}

// TestReadsOnlyWhatChanged: what is the same is not read again, whatever the walk.
func TestReadsOnlyWhatChanged(t *testing.T) {
	root, state := t.TempDir(), t.TempDir()
	for i := range 20 {
		write(t, table(i, 2), root, fmt.Sprintf("%d.csv", i))
	}
	late := func() time.Time { return time.Now().Add(time.Hour) } // by then all has settled
	read := func() int {
		log := &logged{}
		o := options(state, log, root)
		o.Now = late
		once(t, o)
		return reads(t, log)
	}
	if n := read(); n != 20 {
		t.Errorf("at first %d were read", n)
	}
	if n := read(); n != 0 {
		t.Errorf("then %d were read, none had changed", n)
	}
	write(t, table(0, 3), root, "0.csv")
	write(t, table(0, 3), root, "new.csv")
	if err := os.Rename(filepath.Join(root, "1.csv"), filepath.Join(root, "moved.csv")); err != nil {
		t.Fatal(err)
	}
	if n := read(); n != 3 {
		t.Errorf("one changed, one is new, one was moved: %d were read", n)
	}
}

// reads is how many files the log says were read.
func reads(t *testing.T, log *logged) (n int) {
	t.Helper()
	for line := range strings.Lines(log.String()) {
		if _, rest, ok := strings.Cut(line, `"read_files":`); ok {
			var k int
			if _, err := fmt.Sscanf(rest, "%d", &k); err != nil {
				t.Fatal(err)
			}
			n += k
		}
	}
	return n
}

// TestEvents: what happens to files and folders shows in the figures, by the events of the system alone.
func TestEvents(t *testing.T) {
	root, elsewhere, log := t.TempDir(), t.TempDir(), &logged{}
	path := func(parts ...string) string { return filepath.Join(append([]string{root}, parts...)...) }
	move := func(from, to string) {
		t.Helper()
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
	write(t, table(0, 10), root, "a.csv")
	r := start(t, options(t.TempDir(), log, root))
	r.cases("the first scan", 10)
	write(t, table(100, 5), root, "new", "folder", "b.csv")
	r.cases("a file in a new folder", 15)
	write(t, table(100, 7), root, "new", "folder", "b.csv")
	r.cases("it is written anew", 17)
	write(t, table(200, 20), elsewhere, "in", "c.csv")
	move(filepath.Join(elsewhere, "in"), path("in"))
	r.cases("a folder is moved in", 37)
	move(path("new"), path("renamed"))
	f := r.until("a folder is renamed", func(f *Findings) bool { return f.Files == 3 && f.Unprotected() == 37 })
	if f.Persons != 37 || !f.Complete || f.Kind != Changes {
		t.Errorf("%+v", f)
	}
	write(t, table(300, 3), root, "renamed", "folder", "d.csv")
	r.cases("a file in a renamed folder", 40)
	move(path("renamed", "folder"), filepath.Join(elsewhere, "out"))
	r.cases("a folder is moved out", 30)
	write(t, table(400, 50), elsewhere, "out", "e.csv")
	if err := os.RemoveAll(path("in")); err != nil {
		t.Fatal(err)
	}
	r.cases("a folder is removed, one outside changed", 10)
	if err := os.Remove(path("a.csv")); err != nil {
		t.Fatal(err)
	}
	r.until("all is removed", func(f *Findings) bool { return f.Files == 0 && f.Persons == 0 && f.Complete })
	r.end()
	if s, err := ReadStatus(r.dir); err != nil || s.Phase != Ended {
		t.Errorf("%+v, %v", s, err)
	}
}

// TestManyAtOnce: a tree that is unpacked while it is watched is found wholly.
func TestManyAtOnce(t *testing.T) {
	root := t.TempDir()
	r := start(t, options(t.TempDir(), &logged{}, root))
	r.cases("the first scan", 0)
	for i := range 300 {
		write(t, table(i, 1), root, fmt.Sprint(i%7), fmt.Sprint(i%31), fmt.Sprintf("%d.csv", i))
	}
	r.until("all are found", func(f *Findings) bool { return f.Unprotected() == 300 && f.Persons == 300 })
	for i := range 7 {
		if err := os.Rename(filepath.Join(root, fmt.Sprint(i)), filepath.Join(root, fmt.Sprint("moved", i))); err != nil {
			t.Fatal(err)
		}
	}
	write(t, table(1000, 1), root, "moved3", "new.csv")
	r.until("all were moved", func(f *Findings) bool { return f.Unprotected() == 301 && f.Files == 301 })
}

// TestRootVanishes: the figures of a root that is gone stay, and are not complete; one that is mounted over by nothing counts as gone.
func TestRootVanishes(t *testing.T) {
	above, state, log := t.TempDir(), t.TempDir(), &logged{}
	root, away := filepath.Join(above, "share"), filepath.Join(above, "away")
	write(t, table(0, 10), root, "a.csv")
	r := start(t, options(state, log, root))
	r.cases("the first scan", 10)
	if err := os.Rename(root, away); err != nil {
		t.Fatal(err)
	}
	r.until("the root is gone", func(f *Findings) bool { return !f.Complete && f.Unprotected() == 10 })
	r.end()
	if !strings.Contains(log.String(), "is not there") || strings.Contains(log.String(), "share") {
		t.Errorf("the log: %s", log)
	}
	if f := once(t, options(state, log, root)); f.Complete || f.Unprotected() != 10 {
		t.Errorf("without the root: %+v", f)
	}
	if err := os.Mkdir(root, 0o700); err != nil {
		t.Fatal(err)
	}
	if f := once(t, options(state, log, root)); f.Complete || f.Unprotected() != 10 {
		t.Errorf("with an empty folder in its place: %+v", f)
	}
	if err := errors.Join(os.Remove(root), os.Rename(away, root)); err != nil {
		t.Fatal(err)
	}
	if f := once(t, options(state, log, root)); !f.Complete || f.Unprotected() != 10 {
		t.Errorf("with the root again: %+v", f)
	}
	if f := once(t, options(state, log, t.TempDir())); !f.Complete || f.Unprotected() != 0 {
		t.Errorf("with another root: %+v", f)
	}
	if _, err := Open(options(state, log, filepath.Join(above, "never"))); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a root that never was: %v", err)
	}
}

// TestStateInside: the state may lie below the root, and is not watched.
func TestStateInside(t *testing.T) {
	root := t.TempDir()
	state := filepath.Join(root, "state")
	write(t, table(0, 10), root, "a.csv")
	write(t, table(100, 10), state, "b.csv")
	r := start(t, options(state, &logged{}, root))
	r.until("the first scan", func(f *Findings) bool { return f.Files == 1 })
	write(t, table(0, 20), root, "a.csv")
	if f := r.cases("a change", 20); f.Files != 1 {
		t.Errorf("%+v", f)
	}
	if _, err := Open(options(state, &logged{}, root)); !errors.Is(err, genbo.ErrConflict) {
		t.Errorf("a second watch with the same state: %v", err)
	}
	if s, err := ReadStatus(state); err != nil || s.Phase == Killed || s.Phase == Ended {
		t.Errorf("the status of a running watch: %+v, %v", s, err)
	}
}
