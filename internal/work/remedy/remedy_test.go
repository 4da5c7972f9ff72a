package remedy

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"genbo"
	"genbo/internal/base/lock"
	"genbo/internal/work/scan"
)

const people = "番号,氏名\n1234-567890,年金 太郎\n"

// share is a folder that was scanned, with a journal and a quarantine beside it.
type share struct {
	t                     *testing.T
	root, journal, folder string
	report                scan.Report
}

func newShare(t *testing.T, names ...string) *share {
	t.Helper()
	dir := t.TempDir()
	s := &share{t: t, root: filepath.Join(dir, "share"), journal: filepath.Join(dir, "state", "journal.jsonl"), folder: filepath.Join(dir, "quarantine")}
	s.report = scan.Report{Version: scan.ReportVersion, Roots: []string{s.root}}
	for i, name := range names {
		s.write(name, people+strings.Repeat("行\n", i))
		s.scanned(name)
	}
	return s
}

func (s *share) path(name string) string { return filepath.Join(s.root, name) }

func (s *share) write(name, text string) {
	s.t.Helper()
	if err := os.MkdirAll(filepath.Dir(s.path(name)), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(s.path(name), []byte(text), 0o640); err != nil {
		s.t.Fatal(err)
	}
}

// scanned adds a file to the report as a scan finds it.
func (s *share) scanned(name string) {
	s.t.Helper()
	info, err := os.Lstat(s.path(name))
	if err != nil {
		s.t.Fatal(err)
	}
	s.report.List = append(s.report.List, &scan.File{Path: s.path(name), Size: info.Size(), Modified: info.ModTime(), Lock: lock.Open, Cases: scan.Counts{"NA": 1}})
}

// items are what is selected from the report, which went through JSON.
func (s *share) items() []Item {
	s.t.Helper()
	text, err := json.Marshal(s.report)
	if err != nil {
		s.t.Fatal(err)
	}
	var r scan.Report
	if err := json.Unmarshal(text, &r); err != nil {
		s.t.Fatal(err)
	}
	items, err := Select(&r, "")
	if err != nil {
		s.t.Fatal(err)
	}
	return items
}

// actor opens the journal for one run.
func (s *share) actor() *Actor {
	s.t.Helper()
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	j, err := OpenJournal(s.journal, func() time.Time { return at }, "tester")
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { j.Close() })
	return &Actor{Journal: j}
}

// crash breaks a run off where it reaches a point, if it does.
func (s *share) crash(point string, run func(a *Actor)) (crashed bool) {
	s.t.Helper()
	a := s.actor()
	defer a.Journal.Close()
	a.reached = func(p string) {
		if p == point {
			panic(point)
		}
	}
	defer func() {
		if r := recover(); r != nil && r != point {
			panic(r)
		} else if r != nil {
			crashed = true
		}
	}()
	run(a)
	return false
}

func (s *share) text(path string) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return string(b)
}

// leftovers are the names below a folder that only an action makes for a moment.
func (s *share) leftovers(dirs ...string) (names []string) {
	for _, dir := range dirs {
		_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err == nil && strings.HasPrefix(d.Name(), ".genbo-") {
				names = append(names, path)
			}
			return nil
		})
	}
	return names
}

func (s *share) verified() State {
	s.t.Helper()
	state, err := Verify(s.journal)
	if err != nil || state.Torn {
		s.t.Fatalf("journal: %+v, %v", state, err)
	}
	return state
}

func outcomes(results []Result) (list []string) {
	for _, r := range results {
		one := string(r.Outcome)
		if r.Why != "" {
			one += " " + r.Why
		}
		list = append(list, one)
	}
	return list
}

func want(t *testing.T, results []Result, err error, list ...string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(list, outcomes(results)); diff != "" {
		for _, r := range results {
			t.Log(r)
		}
		t.Fatalf("outcomes: %s", diff)
	}
}

func sum(text string) string {
	h := sha256.Sum256([]byte(text))
	return hex.EncodeToString(h[:])
}

// TestSelect: files with people that anybody can read, and of those what a pattern is of.
func TestSelect(t *testing.T) {
	s := newShare(t, "a/list.csv", "b/list.txt", "b/c/old.csv", "locked.csv", "weak.csv", "unread.csv", "none.csv")
	for i, state := range []lock.State{lock.Locked, lock.Weak, lock.Unreadable} {
		s.report.List[3+i].Lock = state
	}
	s.report.List[6].Cases = nil
	for only, names := range map[string][]string{
		"":              {"a/list.csv", "b/list.txt", "b/c/old.csv", "weak.csv"},
		"*.csv":         {"a/list.csv", "b/c/old.csv", "weak.csv"},
		s.path("b"):     {"b/list.txt", "b/c/old.csv"},
		s.path("*/li*"): {"a/list.csv", "b/list.txt"},
		"nothing":       nil,
	} {
		items, err := Select(&s.report, only)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, i := range items {
			rel, _ := filepath.Rel(s.root, i.Path)
			got = append(got, filepath.ToSlash(rel))
			if i.Root != s.root || i.Cases != 1 {
				t.Errorf("%+v", i)
			}
		}
		if diff := cmp.Diff(names, got); diff != "" {
			t.Errorf("%q: %s", only, diff)
		}
	}
	if _, err := Select(&s.report, "[a"); !errors.Is(err, genbo.ErrInvalid) {
		t.Errorf("a broken pattern: %v", err)
	}
	s.report.Version = 99
	if _, err := Select(&s.report, ""); !errors.Is(err, genbo.ErrInvalid) {
		t.Errorf("another version: %v", err)
	}
}

// TestRefused: what is not the file that was scanned is refused with the reason, and the rest goes on.
func TestRefused(t *testing.T) {
	change := map[string]struct {
		why string
		do  func(s *share, path string) error
	}{
		"gone":    {Gone, func(_ *share, p string) error { return os.Remove(p) }},
		"longer":  {Changed, func(_ *share, p string) error { return os.WriteFile(p, []byte(people+people), 0o600) }},
		"touched": {Changed, func(_ *share, p string) error { return os.Chtimes(p, time.Time{}, time.Unix(1, 0)) }},
		"link": {Link, func(s *share, p string) error {
			return errors.Join(os.Rename(p, s.path("x")), os.Symlink(s.path("x"), p))
		}},
		"second name": {OtherNames, func(s *share, p string) error { return os.Link(p, s.path("x")) }},
		"folder":      {NotRegular, func(_ *share, p string) error { return errors.Join(os.Remove(p), os.Mkdir(p, 0o700)) }},
		"folder a link": {Link, func(s *share, p string) error {
			return errors.Join(os.Rename(s.path("b"), s.path("x")), os.Symlink(s.path("x"), s.path("b")))
		}},
		"folder a file": {Gone, func(s *share, p string) error {
			return errors.Join(os.RemoveAll(s.path("b")), os.WriteFile(s.path("b"), nil, 0o600))
		}},
	}
	for name, c := range change {
		t.Run(name, func(t *testing.T) {
			s := newShare(t, "a.csv", "b/b.csv", "c.csv")
			if err := c.do(s, s.path("b/b.csv")); err != nil {
				t.Fatal(err)
			}
			a := s.actor()
			results, err := a.Look(t.Context(), s.items())
			want(t, results, err, "would", "refused "+c.why, "would")
			results, err = a.Quarantine(t.Context(), s.items(), s.folder)
			want(t, results, err, "done", "refused "+c.why, "done")
			s.verified()
		})
	}
	t.Run("outside", func(t *testing.T) {
		s := newShare(t, "a.csv")
		s.report.Roots = []string{s.root + "/elsewhere"}
		results, err := s.actor().Look(t.Context(), s.items())
		want(t, results, err, "refused "+Outside)
	})
}

// TestSwapped: whatever is put in a file's or folder's place while it is worked on, that is not what is touched.
func TestSwapped(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("an opened folder cannot be moved there")
	}
	const other = "何か別のもの"
	swaps := map[string]func(s *share) error{
		"another file": func(s *share) error {
			return errors.Join(os.Rename(s.path("b/b.csv"), s.path("x")), os.WriteFile(s.path("b/b.csv"), []byte(other), 0o600))
		},
		"a link": func(s *share) error {
			return errors.Join(os.Rename(s.path("b/b.csv"), s.path("x")), os.WriteFile(s.path("target"), []byte(other), 0o600), os.Symlink(s.path("target"), s.path("b/b.csv")))
		},
		"its folder": func(s *share) error {
			return errors.Join(os.Rename(s.path("b"), s.path("moved")), os.Mkdir(s.path("e"), 0o700), os.WriteFile(s.path("e/b.csv"), []byte(other), 0o600), os.Symlink(s.path("e"), s.path("b")))
		},
	}
	for action, act := range actions(t) {
		for name, swap := range swaps {
			t.Run(action+" "+name, func(t *testing.T) {
				s := newShare(t, "b/b.csv")
				a := s.actor()
				a.reached = func(p string) {
					if p == "begun" {
						if err := swap(s); err != nil {
							t.Error(err)
						}
					}
				}
				results, err := act(s, a)
				switch name {
				case "its folder": // the folder that was opened is the one that is worked in
					want(t, results, err, "done")
					if s.text(s.path("moved/b.csv")) != "" || s.text(s.path("e/b.csv")) != other {
						t.Error("the wrong file was touched")
					}
				default:
					want(t, results, err, "refused "+Changed)
					if s.text(s.path("x")) != people || s.text(s.path("b/b.csv")) != other {
						t.Errorf("the wrong file was touched: %q, %q", s.text(s.path("x")), s.text(s.path("b/b.csv")))
					}
				}
				if left := s.leftovers(s.root); left != nil {
					t.Error(left)
				}
			})
		}
	}
}
