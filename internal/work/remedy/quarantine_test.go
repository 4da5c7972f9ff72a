package remedy

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"genbo"
)

// actions are all that touch the files of a report.
func actions(t *testing.T) map[string]func(*share, *Actor) ([]Result, error) {
	return map[string]func(*share, *Actor) ([]Result, error){
		"quarantine": func(s *share, a *Actor) ([]Result, error) { return a.Quarantine(t.Context(), s.items(), s.folder) },
		"seal":       func(s *share, a *Actor) ([]Result, error) { return a.Seal(t.Context(), s.items(), s.recipients()) },
	}
}

// elsewhere is a folder on another file system than the tests' own.
func elsewhere(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "remedy")
	if err != nil && os.Getenv("GENBO_TEST_ALL") == "" {
		t.Skip("there is no other file system here: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return filepath.Join(dir, "quarantine")
}

// both runs a test with a quarantine on the same file system and one on another.
func both(t *testing.T, fn func(t *testing.T, folder string)) {
	t.Run("same file system", func(t *testing.T) { fn(t, "") })
	t.Run("another", func(t *testing.T) { fn(t, elsewhere(t)) })
}

func TestQuarantineAndBack(t *testing.T) {
	both(t, func(t *testing.T, folder string) {
		names := []string{"a.csv", "b/two\nlines.csv", "c/bad\xff\xfe.csv", "bad\xff/d.csv"}
		s := newShare(t, names...)
		if folder != "" {
			s.folder = folder
		}
		before := map[string]os.FileInfo{}
		for _, name := range names {
			info, err := os.Lstat(s.path(name))
			if err != nil {
				t.Fatal(err)
			}
			before[name] = info
		}
		a := s.actor()
		results, err := a.Quarantine(t.Context(), s.items(), s.folder)
		want(t, results, err, "done", "done", "done", "done")
		for i, name := range names {
			if _, err := os.Lstat(s.path(name)); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%q is still there: %v", name, err)
			}
			if s.text(results[i].To) == "" {
				t.Errorf("%q is not at %s", name, results[i].To)
			}
		}
		items, err := Kept(s.folder, "a.csv")
		if err != nil || len(items) != 1 {
			t.Fatalf("%v, %v", items, err)
		}
		results, err = a.Restore(t.Context(), s.folder, "", false)
		want(t, results, err, "would", "would", "would", "would")
		results, err = a.Restore(t.Context(), s.folder, "a.csv", true)
		want(t, results, err, "done")
		s.write("c/bad\xff\xfe.csv", "new")
		results, err = a.Restore(t.Context(), s.folder, "", true)
		want(t, results, err, "done", "refused exists", "done")
		if s.text(s.path("c/bad\xff\xfe.csv")) != "new" {
			t.Error("a file was written over")
		}
		if err := os.Remove(s.path("c/bad\xff\xfe.csv")); err != nil {
			t.Fatal(err)
		}
		results, err = a.Restore(t.Context(), s.folder, "", true)
		want(t, results, err, "done")
		for i, name := range names {
			info, err := os.Lstat(s.path(name))
			if err != nil || !info.ModTime().Equal(before[name].ModTime()) || info.Mode() != before[name].Mode() || info.Size() != s.report.List[i].Size {
				t.Errorf("%q did not come back as it was: %v, %v", name, info, err)
			}
		}
		if n := s.verified().Entries; n != 16 {
			t.Errorf("%d entries", n)
		}
		if left := s.leftovers(s.root, s.folder); left != nil {
			t.Error(left)
		}
	})
}

// TestQuarantineBrokenOff: at every moment of a crash the file is whole in one of the two places, and the next run says how it went.
func TestQuarantineBrokenOff(t *testing.T) {
	both(t, func(t *testing.T, folder string) {
		points := map[string]string{"begun": "undone", "moved": "done", "acted": "done"}
		if folder != "" {
			points = map[string]string{"begun": "undone", "copying": "undone", "copied": "undone", "aside": "undone", "acted": "done"}
		}
		for point, outcome := range points {
			t.Run(point, func(t *testing.T) {
				s := newShare(t, "b/bad\xff.csv")
				if folder != "" {
					s.folder = elsewhere(t)
				}
				if !s.crash(point, func(a *Actor) { _, _ = a.Quarantine(t.Context(), s.items(), s.folder) }) {
					t.Fatal("the point was not reached")
				}
				a := s.actor()
				results, err := a.Recover()
				want(t, results, err, outcome)
				items, err := Kept(s.folder, "")
				if err != nil {
					t.Fatal(err)
				}
				switch here := s.text(s.path("b/bad\xff.csv")); {
				case outcome == "undone" && (here != people || len(items) != 0):
					t.Errorf("it is not as it was: %q, %v", here, items)
				case outcome == "done" && (here != "" || len(items) != 1):
					t.Errorf("it is not in the quarantine: %q, %v", here, items)
				}
				if outcome == "undone" {
					results, err = a.Quarantine(t.Context(), s.items(), s.folder)
					want(t, results, err, "done")
				}
				results, err = a.Restore(t.Context(), s.folder, "", true)
				want(t, results, err, "done")
				if s.text(s.path("b/bad\xff.csv")) != people {
					t.Error("it did not come back")
				}
				if left := s.leftovers(s.root, s.folder); left != nil {
					t.Error(left)
				}
				s.verified()
			})
		}
	})
}

func TestRestoreBrokenOff(t *testing.T) {
	both(t, func(t *testing.T, folder string) {
		points := map[string]string{"begun": "undone", "moved": "done", "acted": "done"}
		if folder != "" {
			points = map[string]string{"begun": "undone", "copied": "undone", "named": "done", "aside": "done", "acted": "done"}
		}
		for point, outcome := range points {
			t.Run(point, func(t *testing.T) {
				s := newShare(t, "b.csv")
				if folder != "" {
					s.folder = elsewhere(t)
				}
				a := s.actor()
				results, err := a.Quarantine(t.Context(), s.items(), s.folder)
				want(t, results, err, "done")
				a.Journal.Close()
				if !s.crash(point, func(a *Actor) { _, _ = a.Restore(t.Context(), s.folder, "", true) }) {
					t.Fatal("the point was not reached")
				}
				a = s.actor()
				results, err = a.Recover()
				want(t, results, err, outcome)
				items, err := Kept(s.folder, "")
				if err != nil || (len(items) == 0) != (outcome == "done") || (s.text(s.path("b.csv")) == people) != (outcome == "done") {
					t.Errorf("%v, %v", items, err)
				}
				results, err = a.Restore(t.Context(), s.folder, "", true)
				if outcome == "done" {
					want(t, results, err)
				} else {
					want(t, results, err, "done")
				}
				if left := s.leftovers(s.root, s.folder); left != nil {
					t.Error(left)
				}
			})
		}
	})
}

// TestNewFileInPlace: a file that somebody wrote where the original was, after a crash, is not taken for the original.
func TestNewFileInPlace(t *testing.T) {
	s := newShare(t, "a.csv")
	s.crash("moved", func(a *Actor) { _, _ = a.Quarantine(t.Context(), s.items(), s.folder) })
	s.write("a.csv", "new")
	results, err := s.actor().Recover()
	want(t, results, err, "done")
	if items, err := Kept(s.folder, ""); err != nil || len(items) != 1 || s.text(s.path("a.csv")) != "new" {
		t.Errorf("%v, %v", items, err)
	}
}

func TestQuarantineIsOursAlone(t *testing.T) {
	s := newShare(t, "a.csv")
	if err := os.Mkdir(s.folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := s.actor().Quarantine(t.Context(), s.items(), s.folder); !errors.Is(err, genbo.ErrForbidden) {
		t.Errorf("a folder that others read: %v", err)
	}
	link := s.folder + "-link"
	if err := errors.Join(os.Chmod(s.folder, 0o700), os.Symlink(s.folder, link)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.actorAgain().Quarantine(t.Context(), s.items(), link); !errors.Is(err, genbo.ErrForbidden) {
		t.Errorf("a link: %v", err)
	}
}

// actorAgain is another run with a journal of its own.
func (s *share) actorAgain() *Actor {
	s.journal += "2"
	return s.actor()
}

// TestDamaged: what was changed in the quarantine does not come back as if it were the original.
func TestDamaged(t *testing.T) {
	s := newShare(t, "a.csv")
	a := s.actor()
	results, err := a.Quarantine(t.Context(), s.items(), s.folder)
	want(t, results, err, "done")
	if err := os.WriteFile(results[0].To, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	results, err = a.Restore(t.Context(), s.folder, "", true)
	want(t, results, err, "refused damaged")
}

// TestManifestTorn: a line of the manifest that a crash cut off is of a file that was not moved.
func TestManifestTorn(t *testing.T) {
	s := newShare(t, "a.csv", "b.csv")
	a := s.actor()
	results, err := a.Quarantine(t.Context(), s.items()[:1], s.folder)
	want(t, results, err, "done")
	manifest := filepath.Join(s.folder, manifestName)
	f, err := os.OpenFile(manifest, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString(`{"id":"ab`)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	if items, err := Kept(s.folder, ""); err != nil || len(items) != 1 {
		t.Fatalf("%v, %v", items, err)
	}
	results, err = a.Quarantine(t.Context(), s.items()[1:], s.folder)
	want(t, results, err, "done")
	if items, err := Kept(s.folder, ""); err != nil || len(items) != 2 {
		t.Fatalf("%v, %v", items, err)
	}
	if err := os.WriteFile(manifest, []byte("{}\nrubbish\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Kept(s.folder, ""); !errors.Is(err, genbo.ErrTampered) {
		t.Errorf("a damaged manifest: %v", err)
	}
}

// TestJournal: an entry before and one after, with what, whose, when; and what was changed in it shows.
func TestJournal(t *testing.T) {
	s := newShare(t, "a.csv")
	a := s.actor()
	if _, err := OpenJournal(s.journal, time.Now, "other"); !errors.Is(err, genbo.ErrConflict) {
		t.Errorf("a second run at the same time: %v", err)
	}
	results, err := a.Quarantine(t.Context(), s.items(), s.folder)
	want(t, results, err, "done")
	var entries []Entry
	f, err := os.Open(s.journal)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := readJournal(f, func(e Entry) { entries = append(entries, e) }); err != nil {
		t.Fatal(err)
	}
	id := filepath.Base(results[0].To)
	first := Entry{Number: 1, At: a.Journal.now(), Who: "tester", Step: Begun, Action: Quarantine, ID: id, Root: Name(s.root), Path: Name(s.path("a.csv")),
		Size: int64(len(people)), Modified: entries[0].Modified, SHA256: sum(people), Cases: 1, Folder: Name(s.folder), Stored: Name(id)}
	second := first
	second.Number, second.Step, second.Outcome = 2, Ended, Done
	if diff := cmp.Diff([]Entry{first, second}, entries); diff != "" {
		t.Error(diff)
	}
	info, err := os.Stat(s.journal)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	a.Journal.Close()
	whole := s.text(s.journal)
	for name, text := range map[string]string{
		"a letter":   whole[:100] + "x" + whole[101:],
		"first gone": whole[len(whole)/2:],
		"twice":      whole + whole,
		"rubbish":    whole + "rubbish\n",
	} {
		if err := os.WriteFile(s.journal, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Verify(s.journal); !errors.Is(err, genbo.ErrTampered) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := OpenJournal(s.journal, time.Now, "x"); !errors.Is(err, genbo.ErrTampered) {
			t.Errorf("%s: opened: %v", name, err)
		}
	}
	if err := os.WriteFile(s.journal, []byte(whole+`{"entry":{"num`), 0o600); err != nil {
		t.Fatal(err)
	}
	if state, err := Verify(s.journal); err != nil || !state.Torn || state.Entries != 2 {
		t.Errorf("torn: %+v, %v", state, err)
	}
	s.actor()
	if s.text(s.journal) != whole {
		t.Error("the torn line is still there")
	}
}
