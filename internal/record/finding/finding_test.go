package finding_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/access"
	"genbo/internal/record/finding"
	"genbo/internal/record/journal"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
)

const (
	number = genbo.FieldNumber
	nab    = genbo.FieldNumber | genbo.FieldName | genbo.FieldBirth
)

// world is a register whose clock the test moves.
type world struct {
	*house.House
	t  *testing.T
	at *atomic.Int64
	n  int
}

var security = journal.Actor{Staff: "security1", Device: "pc-1"}

func each(t *testing.T, fn func(w *world)) {
	t.Helper()
	at := &atomic.Int64{}
	clock := func() time.Time { return time.UnixMilli(at.Load()) }
	at.Store(time.Date(2026, 4, 1, 9, 0, 0, 0, genbo.Japan).UnixMilli())
	housetest.Each(t, house.Options{Clock: clock}, func(t *testing.T, h *house.House) { fn(&world{House: h, t: t, at: at}) })
}

// pass lets time pass, and the journal catch up.
func (w *world) pass(d time.Duration) {
	w.t.Helper()
	w.at.Add(d.Milliseconds())
	if err := w.Journal.Sequence(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// report is a full report that lacks nothing, of a scan of its own.
func (w *world) report(sets ...finding.Set) finding.Report {
	w.n++
	now := time.UnixMilli(w.at.Load())
	return finding.Report{Scan: fmt.Sprintf("%032x", w.n), Begun: now.Add(-time.Hour), Ended: now, Full: true, Complete: true, Files: 1000, Bytes: 1 << 30,
		Persons: 5, Sets: sets, Agent: "test 1"}
}

func (w *world) take(device genbo.DeviceID, r finding.Report) finding.Receipt {
	w.t.Helper()
	got, err := w.Findings.Take(w.t.Context(), device, r)
	if err != nil {
		w.t.Fatalf("report of %s: %v", device, err)
	}
	return got
}

func (w *world) place(device genbo.DeviceID, office genbo.OfficeID) {
	w.t.Helper()
	if err := w.Findings.Place(w.t.Context(), security, device, office, "set up"); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) office(id genbo.OfficeID) finding.Detail {
	w.t.Helper()
	o, err := w.Findings.Office(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return o
}

func (w *world) is(id genbo.OfficeID, state finding.State, cases int64) {
	w.t.Helper()
	if o := w.office(id); o.State != state || o.Unprotected != cases {
		w.t.Errorf("office %q is %s with %d cases, want %s with %d", id, o.State, o.Unprotected, state, cases)
	}
}

// alarms is how many alarms of a kind there are.
func (w *world) alarms(kind access.AlarmKind) (n int) {
	w.t.Helper()
	err := w.DB.View(w.t.Context(), func(tx *db.Tx) error {
		n = 0
		list, err := access.Alarms(tx, true, 1000)
		for _, a := range list {
			if a.Kind == kind {
				n++
			}
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// entries is how many entries of an action and outcome the journal has.
func (w *world) entries(action journal.Action, outcome string) (n int) {
	w.t.Helper()
	if err := w.Journal.Sequence(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	list, _, err := w.Journal.List(w.t.Context(), journal.Filter{Action: action}, 1000)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range list {
		if e.Outcome == outcome {
			n++
		}
	}
	return n
}

func open(n int64) finding.Set { return finding.Set{Fields: nab, Open: n, Persons: n} }

// TestStates follows an office from the first device to the silence of one.
func TestStates(t *testing.T) {
	each(t, func(w *world) {
		w.is("0101", finding.Never, 0)
		w.place("pc-1", "0101")
		w.place("fs-1", "0101")
		w.is("0101", finding.Never, 0)
		w.take("pc-1", w.report(finding.Set{Fields: nab, Locked: 7, Persons: 7}))
		w.is("0101", finding.Never, 0) // one device has never been scanned
		w.take("fs-1", w.report(finding.Set{Fields: number, Open: 3, Weak: 2, Locked: 9, Persons: 4}))
		w.is("0101", finding.Unprotected, 5)
		w.is("0202", finding.Never, 0)

		part := w.report()
		part.Unread = 1
		w.take("fs-1", part)
		w.is("0101", finding.Incomplete, 0)
		broken := w.report()
		broken.Complete = false
		w.take("fs-1", broken)
		w.is("0101", finding.Incomplete, 0)
		w.take("fs-1", w.report())
		w.is("0101", finding.Clean, 0)

		w.pass(time.Duration(w.Findings.Rule().SilentDays)*24*time.Hour + time.Minute)
		w.is("0101", finding.Silent, 0)
		w.take("fs-1", w.report())
		w.is("0101", finding.Silent, 0) // pc-1 is
		w.take("pc-1", w.report())
		w.is("0101", finding.Clean, 0)
	})
}

// TestChangesAloneAreNotKnown: a device that never scanned in full may say what it likes of its changes.
func TestChangesAloneAreNotKnown(t *testing.T) {
	each(t, func(w *world) {
		w.place("pc-1", "0101")
		r := w.report()
		r.Full = false
		w.take("pc-1", r)
		w.is("0101", finding.Incomplete, 0)
		w.take("pc-1", w.report())
		r = w.report()
		r.Full = false
		w.take("pc-1", r)
		w.is("0101", finding.Clean, 0)
	})
}

// TestRepeated: the same report again is answered the same, and counted once; another under its key is refused, loudly.
func TestRepeated(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		w.place("pc-1", "0101")
		r := w.report(open(4), finding.Set{Fields: number, Weak: 1})
		first := w.take("pc-1", r)
		w.pass(time.Hour)
		again := r
		again.Sets = []finding.Set{r.Sets[1], r.Sets[0]} // the order says nothing
		if diff := cmp.Diff(first, w.take("pc-1", again)); diff != "" {
			t.Errorf("answered otherwise (-first +again):\n%s", diff)
		}
		again.Sets = []finding.Set{open(0)}
		if _, err := w.Findings.Take(t.Context(), "pc-1", again); !errors.Is(err, genbo.ErrConflict) {
			t.Errorf("other content under the same key: %v", err)
		}
		w.take("pc-2", again) // keys are each device's own
		w.is("0101", finding.Unprotected, 5)
		if n := w.alarms(access.RewriteAlarm); n != 1 {
			t.Errorf("%d alarms, want 1", n)
		}
		if done, refused := w.entries(journal.FindingReport, journal.Done), w.entries(journal.FindingReport, journal.Refused); done != 2 || refused != 1 {
			t.Errorf("the journal has %d reports and %d refused, want 2 and 1", done, refused)
		}
	})
}

// TestAnswerIsNoProof is 2015 once more: the office says that all is protected, and only the next scan believes it.
func TestAnswerIsNoProof(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		ctx := t.Context()
		today := genbo.DateOf(w.DB.Now().In(genbo.Japan))
		w.place("pc-1", "0101")
		w.place("pc-2", "0101")
		w.take("pc-1", w.report())
		w.take("pc-2", w.report(open(1300)))
		if err := w.Findings.Ask(ctx, security, "0101", today.AddDays(3), "seal what stays"); err != nil {
			t.Fatal(err)
		}
		if err := w.Findings.Ask(ctx, security, "0101", today.AddDays(3), "again"); !errors.Is(err, genbo.ErrConflict) {
			t.Errorf("asked twice: %v", err)
		}
		clerk := journal.Actor{Staff: "clerk1", Device: "pc-1"}
		if err := w.Findings.Answer(ctx, clerk, "0101"); err != nil {
			t.Fatal(err)
		}
		if err := w.Findings.Answer(ctx, clerk, "0101"); !errors.Is(err, genbo.ErrConflict) {
			t.Errorf("answered twice: %v", err)
		}
		w.is("0101", finding.Unprotected, 1300)
		if got := w.take("pc-1", w.report()); got.Due != today.AddDays(3) { // the clean device proves nothing of the other
			t.Errorf("the device is told %v", got.Due)
		}
		w.pass(4 * 24 * time.Hour)
		ask := w.office("0101").Ask
		if ask == nil || ask.Words != "seal what stays" || ask.Unprotected != 1300 || ask.AnsweredBy != "clerk1" || !ask.Overdue(today.AddDays(4)) || ask.Overdue(today.AddDays(3)) {
			t.Fatalf("asked: %+v", ask)
		}
		w.take("pc-2", w.report()) // pc-1 has been silent for too long
		if w.office("0101").Ask == nil {
			t.Error("a silent device is taken for a clean one")
		}
		if got := w.take("pc-1", w.report()); !got.Due.IsZero() {
			t.Errorf("after the proof the device is told %v", got.Due)
		}
		o := w.office("0101")
		if o.Ask != nil || len(o.Asks) != 1 || o.Asks[0].ProvenBy != "pc-1" || o.Asks[0].ProvenAt.IsZero() {
			t.Errorf("after the proof: %+v", o.Asks)
		}
		w.is("0101", finding.Clean, 0)
		if err := w.Findings.Ask(ctx, security, "0101", w.today().AddDays(3), "nothing to do"); !errors.Is(err, genbo.ErrConflict) {
			t.Errorf("a clean office is asked: %v", err)
		}
		for action, want := range map[journal.Action]int{journal.FindingPlace: 2, journal.FindingAsk: 1, journal.FindingAnswer: 1, journal.FindingProof: 1} {
			if n := w.entries(action, journal.Done); n != want {
				t.Errorf("%s: %d entries, want %d", action, n, want)
			}
		}
	})
}

func (w *world) today() genbo.Date { return genbo.DateOf(w.DB.Now().In(genbo.Japan)) }

// TestHistory: what a device reported counts to the office in which it stood then, whatever comes after.
func TestHistory(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		const day = 24 * time.Hour
		first := w.today()
		w.take("pc-1", w.report(open(10))) // stands nowhere yet
		w.pass(day)
		w.place("pc-1", "0101")
		w.pass(day)
		w.take("pc-1", w.report(open(30)))
		w.take("pc-1", w.report(open(20))) // the last of the day counts
		w.place("pc-2", "0101")
		w.take("pc-2", w.report(open(5)))
		w.pass(2 * day)
		w.place("pc-1", "0202")
		w.pass(day)
		w.place("pc-2", "")
		w.pass(day)
		for office, want := range map[genbo.OfficeID][]finding.Day{
			"0101": {{first.AddDays(1), 10}, {first.AddDays(2), 25}, {first.AddDays(3), 25}, {first.AddDays(4), 5}, {first.AddDays(5), 0}, {first.AddDays(6), 0}},
			"0202": {{first.AddDays(4), 20}, {first.AddDays(5), 20}, {first.AddDays(6), 20}},
		} {
			got, err := w.Findings.History(t.Context(), office, 90)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("history of %s (-want +got):\n%s", office, diff)
			}
		}
		if got, err := w.Findings.History(t.Context(), "0202", 2); err != nil || len(got) != 2 {
			t.Errorf("the last two days: %v, %v", got, err)
		}
	})
}

// TestOffices: the figures of all, what was a week ago, and devices that nobody placed.
func TestOffices(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		w.place("pc-1", "0101")
		start := w.DB.Now()
		w.take("pc-1", w.report(open(100)))
		w.pass(8 * 24 * time.Hour)
		w.take("pc-1", w.report(open(40)))
		w.take("fs-9", w.report(open(7)))
		w.place("old", "0101")
		w.place("old", "") // watched no more: it is nobody's
		list, err := w.Findings.Offices(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(list) != 3 || list[0].ID != "0101" || list[1].ID != "0202" || list[2].ID != "" {
			t.Fatalf("offices: %+v", list)
		}
		one, none := list[0], list[2]
		if one.Unprotected != 40 || one.WeekAgo != 100 || !one.Measured || one.Devices != 1 || one.Unknown != 0 || !one.BareSince.Equal(start) {
			t.Errorf("0101: %+v", one)
		}
		if none.Unprotected != 7 || none.Measured || none.Devices != 1 {
			t.Errorf("no office: %+v", none)
		}
		for office, want := range map[genbo.OfficeID]int64{"": 47, "0101": 40} {
			if n, _, err := w.Findings.Figure(t.Context(), office); err != nil || n != want {
				t.Errorf("figure of %q: %d, %v; want %d", office, n, err, want)
			}
		}
		w.pass(time.Second)
		w.take("old", w.report(open(1))) // a device that is watched no more, and reports all the same, is seen
		w.is("", finding.Unprotected, 8)
	})
}

// TestAlarms: copies of lists, once each, and a watch that shrinks.
func TestAlarms(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		r := w.report()
		r.Copies = []finding.Copy{{Extract: "abc", Cases: 12}, {Extract: "def", Cases: 1}}
		w.take("pc-1", r)
		r = w.report()
		r.Copies = []finding.Copy{{Extract: "abc", Cases: 12}, {Extract: "xyz", Cases: 1}}
		w.take("pc-1", r)
		if n := w.alarms(access.CopyAlarm); n != 3 {
			t.Errorf("%d alarms of copies, want 3", n)
		}
		if o := w.office(""); len(o.Copies) != 2 || o.Copies[0].Device != "pc-1" || o.Copies[0].Cases != 12 {
			t.Errorf("copies: %+v", o.Copies)
		}
		many := w.report()
		for n := range 500 {
			many.Copies = append(many.Copies, finding.Copy{Extract: fmt.Sprintf("list%d", n), Cases: 1})
		}
		w.take("pc-1", many)
		if n := w.alarms(access.CopyAlarm); n != 23 {
			t.Errorf("%d alarms of copies, want no more than 20 more", n)
		}
		small := w.report()
		small.Files = 499
		w.take("pc-1", small)
		if n := w.alarms(access.ShrunkAlarm); n != 1 {
			t.Errorf("%d alarms of a shrunk watch, want 1", n)
		}
	})
}

// TestDoors: who is cut off, reports too often, or is nobody, does not report.
func TestDoors(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		ctx := t.Context()
		if _, err := w.Findings.Take(ctx, "", w.report()); !errors.Is(err, genbo.ErrForbidden) {
			t.Errorf("no device: %v", err)
		}
		for range 60 {
			w.take("pc-1", w.report())
		}
		if _, err := w.Findings.Take(ctx, "pc-1", w.report()); !errors.Is(err, finding.ErrTooOften) {
			t.Errorf("the 61st in an hour: %v", err)
		}
		w.pass(time.Hour + time.Second)
		w.take("pc-1", w.report())
		if err := w.Directory.CutOff(ctx, security, "pc-1", "stolen"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Findings.Take(ctx, "pc-1", w.report()); !errors.Is(err, genbo.ErrForbidden) {
			t.Errorf("cut off: %v", err)
		}
	})
}

// TestClock: the core's time counts, and a clock that is ahead is told.
func TestClock(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		r := w.report()
		r.Ended = r.Ended.Add(90 * time.Minute)
		if got := w.take("pc-1", r); !got.Received.Equal(time.UnixMilli(w.at.Load())) {
			t.Errorf("received at %s", got.Received)
		}
		if d := w.office("").List[0]; d.Ahead != 90*time.Minute {
			t.Errorf("ahead by %s", d.Ahead)
		}
	})
}

func TestRefused(t *testing.T) {
	h := housetest.New(t, house.Options{})
	now := h.DB.Now()
	for name, c := range map[string]struct {
		field string
		spoil func(r *finding.Report)
	}{
		"no scan":               {"scan", func(r *finding.Report) { r.Scan = "" }},
		"scan in capitals":      {"scan", func(r *finding.Report) { r.Scan = strings.Repeat("A", 32) }},
		"never began":           {"begun", func(r *finding.Report) { r.Begun = time.Time{} }},
		"ends in a year beyond": {"ended", func(r *finding.Report) { r.Ended = now.AddDate(500, 0, 0) }},
		"ends before it begins": {"ended", func(r *finding.Report) { r.Ended = r.Begun.Add(-time.Second) }},
		"negative files":        {"files", func(r *finding.Report) { r.Files = -1 }},
		"absurd files":          {"files", func(r *finding.Report) { r.Files = 1e12 + 1 }},
		"negative bytes":        {"bytes", func(r *finding.Report) { r.Bytes = -1 }},
		"negative unread":       {"unread", func(r *finding.Report) { r.Unread = -1 }},
		"negative persons":      {"persons", func(r *finding.Report) { r.Persons = -1 }},
		"no fields":             {"fields", func(r *finding.Report) { r.Sets = []finding.Set{{Open: 1}} }},
		"unknown fields":        {"fields", func(r *finding.Report) { r.Sets = []finding.Set{{Fields: 1 << 11}} }},
		"fields twice":          {"fields", func(r *finding.Report) { r.Sets = []finding.Set{open(1), open(1)} }},
		"negative cases":        {"fields", func(r *finding.Report) { r.Sets = []finding.Set{open(-1)} }},
		"absurd cases":          {"fields", func(r *finding.Report) { r.Sets = []finding.Set{open(1 << 62)} }},
		"a path for a list":     {"copies", func(r *finding.Report) { r.Copies = []finding.Copy{{Extract: "../x"}} }},
		"a list twice":          {"copies", func(r *finding.Report) { r.Copies = []finding.Copy{{Extract: "x"}, {Extract: "x"}} }},
		"too many lists":        {"copies", func(r *finding.Report) { r.Copies = make([]finding.Copy, 1001) }},
		"no agent":              {"agent", func(r *finding.Report) { r.Agent = "" }},
		"agent of lines":        {"agent", func(r *finding.Report) { r.Agent = "a\nb" }},
	} {
		t.Run(name, func(t *testing.T) {
			r := finding.Report{Scan: strings.Repeat("a", 32), Begun: now.Add(-time.Hour), Ended: now, Sets: []finding.Set{open(1)}, Agent: "test"}
			c.spoil(&r)
			_, err := h.Findings.Take(context.Background(), "pc-1", r)
			var f *genbo.Fault
			if !errors.As(err, &f) || f.Field != c.field {
				t.Errorf("got %v, want a fault of %s", err, c.field)
			}
		})
	}
	list, err := h.Findings.Offices(context.Background())
	if err != nil || len(list) != 2 {
		t.Errorf("a refused report left something: %+v, %v", list, err)
	}
}
