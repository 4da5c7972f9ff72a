//go:build linux

package scan

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"genbo/internal/base/lock"
)

func TestCompare(t *testing.T) {
	file := func(path string, state lock.State, cases Counts, missed ...Missed) *File {
		return &File{Path: path, Lock: state, Cases: cases, Missed: missed}
	}
	before := &Report{Roots: []string{"/s"}, List: []*File{
		file("/s/same", lock.Open, Counts{"NA": 2}), file("/s/more", lock.Open, Counts{"NA": 2}), file("/s/fewer", lock.Weak, Counts{"NA": 3}),
		file("/s/wider", lock.Open, Counts{"NA": 2}), file("/s/narrower", lock.Open, Counts{"NAB": 2}), file("/s/removed", lock.Open, Counts{"NA": 9}),
		file("/s/sealed", lock.Open, Counts{"NA": 4}), file("/s/opened", lock.Locked, nil), file("/s/denied", lock.Open, Counts{"NA": 5}),
		file("/s/shut/in", lock.Open, Counts{"NA": 6}), file("/t/elsewhere", lock.Open, Counts{"NA": 7}),
	}}
	now := &Report{Roots: []string{"/s"}, List: []*File{
		file("/s/same", lock.Open, Counts{"NA": 2}), file("/s/more", lock.Open, Counts{"NA": 3}), file("/s/fewer", lock.Open, Counts{"NA": 1}),
		file("/s/wider", lock.Open, Counts{"NAB": 2}), file("/s/narrower", lock.Open, Counts{"NA": 2}), file("/s/new", lock.Weak, Counts{"N": 1}),
		file("/s/sealed", lock.Locked, nil), file("/s/opened", lock.Open, Counts{"NA": 8}), file("/s/denied", lock.Unreadable, nil, Missed{Why: "permission denied"}),
		file("/s/shut", lock.Unreadable, nil, Missed{Why: "permission denied"}),
	}}
	want := &Changes{
		New:    []Change{{"/s/opened", 0, 8}, {"/s/new", 0, 1}},
		Gone:   []Change{{"/s/removed", 9, 0}, {"/s/sealed", 4, 0}},
		Grown:  []Change{{"/s/more", 2, 3}, {"/s/wider", 2, 2}},
		Shrunk: []Change{{"/s/fewer", 3, 1}, {"/s/narrower", 2, 2}},
	}
	got := now.Compare(before)
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" || !got.Worse() {
		t.Errorf("(-want +got):\n%s", d)
	}
	now.Interrupted = true
	if got := now.Compare(before); len(got.Gone) != 1 {
		t.Errorf("an interrupted scan says that %v are gone", got.Gone)
	}
	if before.Compare(before).Worse() {
		t.Error("a report is worse than itself")
	}
}

func TestMasked(t *testing.T) {
	for name, c := range map[string]struct{ is, want Sample }{
		"all":           {Sample{Number: "1234-567890", Name: "佐藤 一郎", Birth: "1948-05-03"}, Sample{Number: "12**-******", Name: "佐* 一*", Birth: "19**-**-**"}},
		"one name":      {Sample{Name: "佐藤一郎"}, Sample{Name: "佐*"}},
		"wide blank":    {Sample{Name: "佐藤　一郎"}, Sample{Name: "佐* 一*"}},
		"with readings": {Sample{Name: "佐藤 一郎 サトウ イチロウ"}, Sample{Name: "佐* 一*"}},
		"one character": {Sample{Name: "林"}, Sample{Name: "林*"}},
		"no UTF-8":      {Sample{Name: "\xff\xfe"}, Sample{Name: "\ufffd*"}},
	} {
		if got := c.is.masked(); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// TestSamples: the first cases of each file are kept, with their places, and shown only when asked to.
func TestSamples(t *testing.T) {
	dir := lay(t, map[string][]byte{"a.zip": zipOf("内.csv", []byte(table())), "b.xlsx": workbookOf(t, table())})
	masked := run(t, Options{Roots: []string{dir}, Samples: 2})
	for _, f := range masked.List {
		if len(f.Samples) != 2 || f.Samples[0].Number != "10**-******" || f.Samples[0].Line != 2 || f.Samples[0].Fields != "NABD" {
			t.Errorf("%s: %+v", f.Path, f.Samples)
		}
	}
	if s := masked.List[0].Samples[0]; s.Where != "内.csv" || masked.List[1].Samples[0].Part != 1 {
		t.Errorf("places: %+v, %+v", s, masked.List[1].Samples[0])
	}
	if shown := run(t, Options{Roots: []string{dir}, Samples: 1, Show: true}); shown.List[0].Samples[0].Number != "1000-000000" || !shown.Shown {
		t.Errorf("shown: %+v", shown.List[0].Samples)
	}
	if none := run(t, Options{Roots: []string{dir}, Show: true}); none.List[0].Samples != nil || none.Shown {
		t.Errorf("not asked for: %+v", none.List[0].Samples)
	}
}
