//go:build linux

package watch

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"genbo"
	"genbo/internal/base/lock"
	"genbo/internal/work/scan"
)

// TestDamaged: a state that was damaged anywhere is told, thrown away, and the figures are right; nothing breaks.
func TestDamaged(t *testing.T) {
	root := t.TempDir()
	for i := range 200 {
		write(t, table(i, 3), root, fmt.Sprint(i%5), fmt.Sprintf("%d.csv", i))
	}
	state := t.TempDir()
	want := once(t, options(state, &logged{}, root))
	db := filepath.Join(state, "state.db")
	good, err := os.ReadFile(db)
	if err != nil {
		t.Fatal(err)
	}
	spoil := map[string][]byte{"cut": good[:len(good)/2], "cut to nothing but its head": good[:8192], "no database": []byte("hello"), "zeros": make([]byte, len(good))}
	for at := 100; at < len(good); at += len(good)/60 + 1 {
		b := bytes.Clone(good)
		for i := at; i < min(at+64, len(b)); i++ {
			b[i] ^= 0x55
		}
		spoil[fmt.Sprintf("64 bytes from %d", at)] = b
	}
	told := 0
	for name, content := range spoil {
		if err := os.WriteFile(db, content, 0o600); err != nil {
			t.Fatal(err)
		}
		log := &logged{}
		got := once(t, options(state, log, root))
		if d := cmp.Diff(want.Fields, got.Fields); d != "" || got.Files != want.Files || got.Persons != want.Persons {
			t.Errorf("%s: %+v\n%s", name, got, d)
		}
		if strings.Contains(log.String(), `"why":"damaged"`) {
			told++
		}
	}
	if told < 10 { // what stands in no page that is in use is no damage
		t.Errorf("of %d damages %d were told", len(spoil), told)
	}
	if err := os.WriteFile(filepath.Join(state, "state.key"), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := once(t, options(state, &logged{}, root)); got.Files != want.Files || got.Persons != want.Persons {
		t.Errorf("under another key: %+v", got)
	}
}

// TestAnotherProgram: what another version found out is found out anew.
func TestAnotherProgram(t *testing.T) {
	root, state := t.TempDir(), t.TempDir()
	age(t, write(t, table(0, 3), root, "a.csv"))
	once(t, options(state, &logged{}, root))
	s, _, err := openState(state, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.note(func(a *about) { a.Program[0]++ }), s.close()); err != nil {
		t.Fatal(err)
	}
	log := &logged{}
	if f := once(t, options(state, log, root)); f.Unprotected() != 3 || !strings.Contains(log.String(), `"why":"program"`) {
		t.Errorf("%+v: %s", f, log)
	}
}

// TestStateHoldsNobody: neither names nor numbers nor paths stand in the state, and only its user may read it.
func TestStateHoldsNobody(t *testing.T) {
	root, state := t.TempDir(), filepath.Join(t.TempDir(), "state")
	write(t, table(0, 30), root, "佐藤一郎.csv")
	once(t, options(state, &logged{}, root))
	err := filepath.Walk(state, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		if want := map[bool]os.FileMode{true: 0o700, false: 0o600}[info.IsDir()]; info.Mode().Perm() != want {
			t.Errorf("%s: %v", path, info.Mode())
		}
		if info.IsDir() {
			return nil
		}
		b, err := os.ReadFile(path)
		number := binary.BigEndian.AppendUint64(nil, 1007_000049)[3:]
		for _, never := range [][]byte{[]byte("佐藤"), []byte("年金"), []byte("000049"), []byte(root), number} {
			if bytes.Contains(b, never) {
				t.Errorf("%s holds %q", path, never)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestOverflow: when the queue of the system overflows, it is told, and a walk finds what the lost events told of.
func TestOverflow(t *testing.T) {
	root, log := t.TempDir(), &logged{}
	var jump atomic.Int64
	o := options(t.TempDir(), log, root)
	o.Now = func() time.Time { return time.Now().Add(time.Duration(jump.Load())) }
	a := write(t, table(0, 3), root, "a.csv")
	var events *events
	r := startWith(t, o, func(w *Watch) { events = w.events })
	r.cases("the first scan", 3)
	events.mu.Lock() // nobody takes events
	for i := range 100_000 {
		if err := os.Chmod([]string{a, root}[i%2], 0o700); err != nil { // the same event twice would be one
			t.Fatal(err)
		}
	}
	write(t, table(0, 5), root, "b.csv")
	events.mu.Unlock()
	eventually(t, "the overflow is noticed", func() bool { _, missed, _ := events.peek(); return missed })
	jump.Store(int64(2 * time.Minute)) // a walk each minute is enough
	r.cases("a file whose events were lost", 8)
	if !strings.Contains(log.String(), "events were lost") {
		t.Errorf("the log: %s", log)
	}
}

// TestNoEvents: where the system tells of nothing, walks find what changed, and it is said.
func TestNoEvents(t *testing.T) {
	root, log := t.TempDir(), &logged{}
	write(t, table(0, 3), root, "a.csv")
	o := options(t.TempDir(), log, root)
	o.Walk = 100 * time.Millisecond
	r := startWith(t, o, func(w *Watch) {
		if err := w.events.watcher.Close(); err != nil {
			t.Error(err)
		}
		w.events.watcher, w.events.blind = nil, errNoEvents
	})
	r.cases("the first scan", 3)
	write(t, table(0, 5), root, "deep", "b.csv")
	if f := r.cases("a new file", 8); f.Kind != Full {
		t.Errorf("%+v", f)
	}
	if s, err := ReadStatus(o.State); err != nil || s.Blind == "" || strings.Count(log.String(), "are walked through instead") != 1 {
		t.Errorf("%+v, %v: %s", s, err, log)
	}
}

// TestClock: a clock that jumps neither stops the watch nor keeps it walking.
func TestClock(t *testing.T) {
	root, log := t.TempDir(), &logged{}
	var jump atomic.Int64
	o := options(t.TempDir(), log, root)
	o.Now = func() time.Time { return time.Now().Round(0).Add(time.Duration(jump.Load())) }
	write(t, table(0, 3), root, "a.csv")
	r := start(t, o)
	r.cases("the first scan", 3)
	n := 3
	for _, d := range []time.Duration{-48 * time.Hour, 0, 400 * 24 * time.Hour, -400 * 24 * time.Hour, 0} {
		jump.Store(int64(d))
		n++
		write(t, table(0, n), root, "a.csv")
		r.cases(fmt.Sprintf("after a jump to %v", d), n)
	}
	time.Sleep(300 * time.Millisecond)
	if walks := strings.Count(log.String(), `"kind":"full"`); walks > 6 {
		t.Errorf("%d walks: %s", walks, log)
	}
}

// TestKeepsChanging: a file that is written all the time is read now and then, and is right in the end.
func TestKeepsChanging(t *testing.T) {
	root, log := t.TempDir(), &logged{}
	o := options(t.TempDir(), log, root)
	o.Reread = 2 * time.Second // the state keeps whole seconds
	write(t, table(0, 1), root, "log.csv")
	r := start(t, o)
	r.cases("the first scan", 1)
	begun := time.Now()
	for i := range 60 {
		write(t, table(0, i+2), root, "log.csv")
		time.Sleep(50 * time.Millisecond)
	}
	took := time.Since(begun)
	r.cases("in the end", 61)
	if n, most := reads(t, log), 3+int(took/time.Second); n > most {
		t.Errorf("it was read %d times in %v", n, took)
	}
}

// TestDenied: a file of which the system tells nothing is not gone, and is read when it can be.
func TestDenied(t *testing.T) {
	root, state := t.TempDir(), t.TempDir()
	age(t, write(t, table(0, 4), root, "in", "a.csv"))
	once(t, options(state, &logged{}, root))
	s, _, err := openState(state, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	w := &Watch{state: s, Options: Options{Now: time.Now}}
	rootPlace := w.rootPlace(root)
	in := place{rootPlace.self, s.id(rootPlace.self, "in")}
	if err := w.denied(place{in.self, s.id(in.self, "a.csv")}); err != nil {
		t.Fatal(err)
	}
	f, err := s.figures()
	if err != nil || f.Unread != 1 || f.Files != 1 {
		t.Errorf("%+v, %v", f, err)
	}
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
	if f := once(t, options(state, &logged{}, root)); f.Unread != 0 || f.Unprotected() != 4 {
		t.Errorf("when it can be read again: %+v", f)
	}
}

func FuzzRecords(f *testing.F) {
	key := place{1, 2}.key()
	f.Add(entry{people: true, lock: lock.Weak, size: 5, read: 7, stamp: scan.Stamp{1}}.encode(key))
	f.Add(holding{lock.Open, map[genbo.FieldSet]int{3: 4}, "4711", []uint64{1, 2}}.encode(key[8:]))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, v := range [][]byte{b, sealed(key, bytes.Clone(b))} {
			if e, ok := decodeEntry(key, v); ok {
				if again, ok := decodeEntry(key, e.encode(key)); !ok || again != e {
					t.Errorf("%+v became %+v", e, again)
				}
			}
		}
		for _, v := range [][]byte{b, sealed(key[8:], bytes.Clone(b))} {
			if h, ok := decodeHolding(key[8:], v); ok {
				if again, ok := decodeHolding(key[8:], h.encode(key[8:])); !ok || !cmp.Equal(again.cases, h.cases) || !cmp.Equal(again.persons, h.persons) || again.copied != h.copied {
					t.Errorf("%+v became %+v", h, again)
				}
			}
		}
	})
}
