package finding_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"genbo"
	"genbo/internal/record/approval"
	"genbo/internal/record/finding"
	"genbo/internal/record/journal"
	"genbo/internal/work/desk"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
)

func deletion(digit string) finding.Deletion {
	return finding.Deletion{Device: "pc-1", Files: 12, Cases: 3400, Digest: strings.Repeat(digit, 64)}
}

func (w *world) askDeletion(d finding.Deletion) string {
	w.t.Helper()
	id, err := w.Findings.AskDeletion(w.t.Context(), d, "no longer needed")
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// decision is how far a request has come, which is of exactly what was asked.
func (w *world) decision(d finding.Deletion, id string) approval.State {
	w.t.Helper()
	got, state, err := w.Findings.Decision(w.t.Context(), d.Device, id)
	if err != nil {
		w.t.Fatal(err)
	}
	if diff := cmp.Diff(d, got); diff != "" {
		w.t.Errorf("the decision is on something else: %s", diff)
	}
	return state
}

func (w *world) vote(who genbo.StaffID, id string, verdict approval.Verdict) {
	w.t.Helper()
	i := housetest.SignIn(w.t, w.House, who)
	r, err := w.Desk.Request(w.t.Context(), i, id)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.Desk.Vote(w.t.Context(), desk.Visit{Identity: i}, id, r.Hash, verdict); err != nil {
		w.t.Fatal(err)
	}
}

// TestDeletion: what a device asks for waits for two approvers, and its decision is on exactly that.
func TestDeletion(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		w.place("pc-1", "0101")
		d := deletion("a")
		id := w.askDeletion(d)
		r, err := w.Desk.Request(t.Context(), housetest.SignIn(t, w.House, "approver1"), id)
		if err != nil {
			t.Fatal(err)
		}
		if r.Kind != approval.Deletion || r.Office != "0101" || r.Needed != 2 || r.Reason != "no longer needed" {
			t.Errorf("asked as %+v", r)
		}
		if of, err := finding.ParseDeletion(r.Subject); err != nil || of != d {
			t.Errorf("the approvers see %+v, %v", of, err)
		}
		w.pass(time.Minute)
		if n := w.entries(journal.ApprovalAsk, journal.Done); n != 1 {
			t.Errorf("%d entries of the journal", n)
		}
		for _, step := range []struct {
			who  genbo.StaffID
			want approval.State
		}{{"approver1", approval.Waiting}, {"approver2", approval.Done}} {
			w.vote(step.who, id, approval.Approve)
			if state := w.decision(d, id); state != step.want {
				t.Errorf("after %s: %s, want %s", step.who, state, step.want)
			}
		}
	})
}

// TestDeletionRefusedByApprovers: one that is rejected or expires permits nothing, and may be asked for again.
func TestDeletionRefusedByApprovers(t *testing.T) {
	each(t, func(w *world) {
		d := deletion("a")
		rejected := w.askDeletion(d)
		w.vote("approver1", rejected, approval.Reject)
		if state := w.decision(d, rejected); state != approval.Rejected {
			w.t.Errorf("rejected: %s", state)
		}
		late := w.askDeletion(d)
		if late == rejected {
			w.t.Error("what was rejected stands for what is asked anew")
		}
		w.pass(approval.Lifetime + time.Second)
		if state := w.decision(d, late); state != approval.Expired {
			w.t.Errorf("expired: %s", state)
		}
		if again := w.askDeletion(d); again == late {
			w.t.Error("what has expired stands for what is asked anew")
		}
	})
}

// TestDeletionTwice: what waits already is not asked a second time; whatever differs is a request of its own.
func TestDeletionTwice(t *testing.T) {
	each(t, func(w *world) {
		d := deletion("a")
		id := w.askDeletion(d)
		if again := w.askDeletion(d); again != id {
			w.t.Errorf("asked twice: %s, %s", id, again)
		}
		fewer, other := d, d
		fewer.Cases--
		other.Device = "pc-2"
		for name, d := range map[string]finding.Deletion{"other cases": fewer, "other device": other, "other files": deletion("b")} {
			if w.askDeletion(d) == id {
				w.t.Errorf("%s: the same request", name)
			}
		}
	})
}

// TestDeletionTooOften: a device asks ten times a day at most, for itself alone.
func TestDeletionTooOften(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		for i := range 10 {
			w.askDeletion(deletion(string("0123456789"[i])))
		}
		if _, err := w.Findings.AskDeletion(t.Context(), deletion("a"), "more"); !errors.Is(err, finding.ErrTooOften) {
			t.Errorf("the eleventh: %v", err)
		}
		other := deletion("a")
		other.Device = "pc-2"
		w.askDeletion(other)
		w.askDeletion(deletion("0")) // waits already
		w.pass(24*time.Hour + time.Second)
		w.askDeletion(deletion("a"))
	})
}

// TestDeletionDoors: only a device that is let in asks, and only the one that asked is told.
func TestDeletionDoors(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		ctx := t.Context()
		d := deletion("a")
		id := w.askDeletion(d)
		for name, c := range map[string]struct {
			device genbo.DeviceID
			id     string
		}{"another device": {"pc-2", id}, "no such request": {"pc-1", "none"}} {
			if got, state, err := w.Findings.Decision(ctx, c.device, c.id); !errors.Is(err, genbo.ErrNotFound) || state != "" || got != (finding.Deletion{}) {
				t.Errorf("%s: %+v, %s, %v", name, got, state, err)
			}
		}
		nobody := d
		nobody.Device = ""
		if _, err := w.Findings.AskDeletion(ctx, nobody, "x"); !errors.Is(err, genbo.ErrForbidden) {
			t.Errorf("no device: %v", err)
		}
		if err := w.Directory.CutOff(ctx, security, "pc-1", "stolen"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Findings.AskDeletion(ctx, deletion("b"), "x"); !errors.Is(err, genbo.ErrForbidden) {
			t.Errorf("cut off, asks: %v", err)
		}
		if _, _, err := w.Findings.Decision(ctx, "pc-1", id); !errors.Is(err, genbo.ErrForbidden) {
			t.Errorf("cut off, fetches: %v", err)
		}
	})
}

func TestDeletionFaults(t *testing.T) {
	h := housetest.New(t, house.Options{})
	for name, c := range map[string]struct {
		field, reason string
		spoil         func(d *finding.Deletion)
	}{
		"no files":           {"files", "x", func(d *finding.Deletion) { d.Files = 0 }},
		"absurd files":       {"files", "x", func(d *finding.Deletion) { d.Files = 1e12 + 1 }},
		"negative cases":     {"cases", "x", func(d *finding.Deletion) { d.Cases = -1 }},
		"no digest":          {"digest", "x", func(d *finding.Deletion) { d.Digest = "" }},
		"digest in capitals": {"digest", "x", func(d *finding.Deletion) { d.Digest = strings.Repeat("A", 64) }},
		"no reason":          {"reason", " \n", func(*finding.Deletion) {}},
		"a book of a reason": {"reason", strings.Repeat("あ", 601), func(*finding.Deletion) {}},
	} {
		t.Run(name, func(t *testing.T) {
			d := deletion("a")
			c.spoil(&d)
			_, err := h.Findings.AskDeletion(t.Context(), d, c.reason)
			var f *genbo.Fault
			if !errors.As(err, &f) || f.Field != c.field {
				t.Errorf("got %v, want a fault of %s", err, c.field)
			}
		})
	}
	for _, subject := range []string{"", "{}", "null", "rubbish"} {
		if _, err := finding.ParseDeletion(subject); !errors.Is(err, genbo.ErrTampered) {
			t.Errorf("%q: %v", subject, err)
		}
	}
}
