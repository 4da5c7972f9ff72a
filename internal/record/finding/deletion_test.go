package finding_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"genbo"
	"genbo/internal/record/approval"
	"genbo/internal/record/finding"
	"genbo/internal/record/journal"
	"genbo/internal/work/desk"
	"genbo/internal/work/house/housetest"
)

func deletion(device genbo.DeviceID, n int) finding.Deletion {
	return finding.Deletion{Device: device, Files: 3, Cases: 4711, Digest: fmt.Sprintf("%064x", n)}
}

func (w *world) ask(d finding.Deletion) string {
	w.t.Helper()
	id, err := w.Findings.AskDeletion(w.t.Context(), d, "no longer needed")
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func (w *world) decision(d finding.Deletion, id string, want approval.State) {
	w.t.Helper()
	got, state, err := w.Findings.Decision(w.t.Context(), d.Device, id)
	if err != nil || state != want || got != d {
		w.t.Errorf("decision: %+v is %s, %v; want %+v %s", got, state, err, d, want)
	}
}

func (w *world) vote(who genbo.StaffID, id string, verdict approval.Verdict) {
	w.t.Helper()
	v := desk.Visit{Identity: housetest.SignIn(w.t, w.House, who), Reason: "seen"}
	r, err := w.Desk.Request(w.t.Context(), v.Identity, id)
	if err == nil {
		_, err = w.Desk.Vote(w.t.Context(), v, id, r.Hash, verdict)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// TestDeletion: two approvers decide, and the device that asked is told.
func TestDeletion(t *testing.T) {
	each(t, func(w *world) {
		w.place("fs-1", "0101")
		d := deletion("fs-1", 1)
		id := w.ask(d)
		if again := w.ask(d); again != id {
			t.Errorf("what waits was asked twice: %s and %s", id, again)
		}
		w.decision(d, id, approval.Waiting)
		w.vote("approver1", id, approval.Approve)
		w.decision(d, id, approval.Waiting)
		w.vote("approver2", id, approval.Approve)
		w.decision(d, id, approval.Done)
		if n := w.entries(journal.ApprovalAsk, journal.Done); n != 1 {
			t.Errorf("%d entries of the request, want 1", n)
		}
		if r, err := w.Desk.Request(t.Context(), housetest.SignIn(t, w.House, "approver1"), id); err != nil || r.Office != "0101" || r.Reason != "no longer needed" {
			t.Errorf("the request: %+v, %v", r, err)
		}
		if again := w.ask(d); again == id {
			t.Error("what was decided counts for the next request too")
		}

		refused := w.ask(deletion("fs-1", 2))
		w.vote("approver1", refused, approval.Reject)
		w.decision(deletion("fs-1", 2), refused, approval.Rejected)

		late := deletion("fs-1", 3)
		expired := w.ask(late)
		w.pass(approval.Lifetime + time.Minute)
		w.decision(late, expired, approval.Expired)
		if again := w.ask(late); again == expired {
			t.Error("an expired request still stands for a new one")
		}
	})
}

// TestDeletionIsOfOneDevice: another device learns nothing of a request, nor does one that was cut off.
func TestDeletionIsOfOneDevice(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		id := w.ask(deletion("fs-1", 1))
		for _, c := range []struct{ device, id string }{{"fs-2", id}, {"fs-1", "nosuchrequest"}} {
			if _, _, err := w.Findings.Decision(ctx, genbo.DeviceID(c.device), c.id); !errors.Is(err, genbo.ErrNotFound) {
				t.Errorf("%s asks for %s: %v, want not found", c.device, c.id, err)
			}
		}
		if other := w.ask(deletion("fs-2", 1)); other == id {
			t.Error("two devices share a request")
		}
		if err := w.Directory.CutOff(ctx, security, "fs-1", "stolen"); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Findings.Decision(ctx, "fs-1", id); !errors.Is(err, genbo.ErrForbidden) {
			t.Errorf("cut off, it is told: %v", err)
		}
		if _, err := w.Findings.AskDeletion(ctx, deletion("fs-1", 2), "x"); !errors.Is(err, genbo.ErrForbidden) {
			t.Errorf("cut off, it asks: %v", err)
		}
	})
}

func TestDeletionRefused(t *testing.T) {
	each(t, func(w *world) {
		for name, c := range map[string]struct {
			spoil  func(*finding.Deletion)
			reason string
			field  string
		}{
			"no files":            {func(d *finding.Deletion) { d.Files = 0 }, "x", "files"},
			"absurd files":        {func(d *finding.Deletion) { d.Files = 1 << 62 }, "x", "files"},
			"negative cases":      {func(d *finding.Deletion) { d.Cases = -1 }, "x", "cases"},
			"digest of no digits": {func(d *finding.Deletion) { d.Digest = strings.Repeat("Z", 64) }, "x", "digest"},
			"short digest":        {func(d *finding.Deletion) { d.Digest = "ab" }, "x", "digest"},
			"no reason":           {func(*finding.Deletion) {}, " \n", "reason"},
			"long reason":         {func(*finding.Deletion) {}, strings.Repeat("字", 601), "reason"},
		} {
			d := deletion("fs-1", 1)
			c.spoil(&d)
			var fault *genbo.Fault
			if _, err := w.Findings.AskDeletion(w.t.Context(), d, c.reason); !errors.As(err, &fault) || fault.Field != c.field {
				t.Errorf("%s: %v, want a fault in %s", name, err, c.field)
			}
		}
		if _, err := w.Findings.AskDeletion(w.t.Context(), deletion("", 1), "x"); !errors.Is(err, genbo.ErrForbidden) {
			t.Errorf("without a device: %v", err)
		}
	})
}

func TestDeletionTooOften(t *testing.T) {
	each(t, func(w *world) {
		for n := range 10 {
			w.ask(deletion("fs-1", n))
		}
		if _, err := w.Findings.AskDeletion(w.t.Context(), deletion("fs-1", 99), "x"); !errors.Is(err, finding.ErrTooOften) {
			t.Errorf("the eleventh of a day: %v", err)
		}
		w.ask(deletion("fs-2", 1))
		w.pass(25 * time.Hour)
		w.ask(deletion("fs-1", 99))
	})
}
