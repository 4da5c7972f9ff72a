package remedy

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"genbo"
	"genbo/internal/front/page"
	"genbo/internal/front/server"
	"genbo/internal/record/approval"
	"genbo/internal/record/journal"
	"genbo/internal/work/desk"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
)

// center is a core that serves on this computer.
type center struct {
	*house.House
	*Core
	t *testing.T
}

func newCenter(t *testing.T) *center {
	t.Helper()
	h := housetest.New(t, house.Options{})
	s, err := server.Loopback(h, server.Options{Listen: "127.0.0.1:0", Site: page.Site{}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx) }()
	t.Cleanup(func() { stop(); <-done })
	return &center{h, &Core{Address: s.Origin, Client: &http.Client{Timeout: 10 * time.Second}}, t}
}

func (c *center) vote(id string, verdict approval.Verdict, who ...genbo.StaffID) {
	c.t.Helper()
	ctx := c.t.Context()
	for _, one := range who {
		link, err := c.Directory.Link(ctx, journal.System("test"), one, time.Minute)
		if err != nil {
			c.t.Fatal(err)
		}
		session, err := c.Directory.SignInByLink(ctx, link, server.LoopbackDevice)
		if err != nil {
			c.t.Fatal(err)
		}
		i, err := c.Directory.Authenticate(ctx, session, server.LoopbackDevice)
		if err != nil {
			c.t.Fatal(err)
		}
		r, err := c.Desk.Request(ctx, i, id)
		if err != nil {
			c.t.Fatal(err)
		}
		if _, err := c.Desk.Vote(ctx, desk.Visit{Identity: i}, id, r.Hash, verdict); err != nil {
			c.t.Fatal(err)
		}
	}
}

// TestDelete: nothing goes before two approved, then exactly what was asked for, and what changed meanwhile stays.
func TestDelete(t *testing.T) {
	c := newCenter(t)
	s := newShare(t, "a.csv", "b/bad\xff.csv", "c.csv", "link.csv")
	if err := errors.Join(os.Remove(s.path("link.csv")), os.Symlink(s.path("a.csv"), s.path("link.csv"))); err != nil {
		t.Fatal(err)
	}
	a := s.actor()
	id, results, err := a.Ask(t.Context(), c.Core, s.items(), "no longer needed")
	want(t, results, err, "would", "would", "would", "refused link")
	again, _, err := a.Ask(t.Context(), c.Core, s.items(), "no longer needed")
	if err != nil || again != id || len(a.Requested(id)) != 3 {
		t.Fatalf("asked twice: %s, %s, %d files, %v", id, again, len(a.Requested(id)), err)
	}
	for _, step := range []genbo.StaffID{"approver1", "approver2"} {
		d, results, err := a.Delete(t.Context(), c.Core, id)
		if err != nil || d.State != "waiting" || results != nil || s.text(s.path("a.csv")) != people {
			t.Fatalf("before %s voted: %+v, %v, %v", step, d, results, err)
		}
		c.vote(id, approval.Approve, step)
	}
	a.Journal.Close() // another run
	a = s.actor()
	s.write("c.csv", "changed")
	s.write("new.csv", people)
	d, results, err := a.Delete(t.Context(), c.Core, id)
	want(t, results, err, "done", "done", "refused changed")
	if d.State != "done" || d.Files != 3 || d.Cases != 3 {
		t.Errorf("%+v", d)
	}
	for name, text := range map[string]string{"a.csv": "", "b/bad\xff.csv": "", "c.csv": "changed", "new.csv": people} {
		if got := s.text(s.path(name)); got != text {
			t.Errorf("%q holds %q", name, got)
		}
	}
	s.write("a.csv", people) // the same content again, in the place of what was deleted
	if _, results, err = a.Delete(t.Context(), c.Core, id); err != nil || len(results) != 1 || s.text(s.path("a.csv")) != people {
		t.Errorf("a second time: %v, %v", results, err)
	}
	s.verified()
}

func TestDeleteRejected(t *testing.T) {
	c := newCenter(t)
	s := newShare(t, "a.csv")
	a := s.actor()
	id, _, err := a.Ask(t.Context(), c.Core, s.items(), "x")
	if err != nil {
		t.Fatal(err)
	}
	c.vote(id, approval.Reject, "approver1")
	if d, results, err := a.Delete(t.Context(), c.Core, id); err != nil || d.State != "rejected" || results != nil || s.text(s.path("a.csv")) != people {
		t.Errorf("%+v, %v, %v", d, results, err)
	}
	if _, _, err := a.Delete(t.Context(), c.Core, "unknown"); !errors.Is(err, genbo.ErrNotFound) {
		t.Errorf("a request that the journal does not have: %v", err)
	}
	if id, results, err := a.Ask(t.Context(), c.Core, nil, "x"); id != "" || results == nil || err != nil {
		t.Errorf("asked for nothing: %q, %v, %v", id, results, err)
	}
}

// TestDecisionOnSomethingElse: whatever a core says that is not on exactly these files deletes nothing.
func TestDecisionOnSomethingElse(t *testing.T) {
	s := newShare(t, "a.csv")
	a := s.actor()
	var answer any
	status := http.StatusOK
	core := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(answer)
	}))
	defer core.Close()
	c := &Core{Address: core.URL, Client: core.Client()}
	answer = Decision{ID: "r1"}
	if id, _, err := a.Ask(t.Context(), c, s.items(), "x"); id != "r1" || err != nil {
		t.Fatal(id, err)
	}
	right := wishOf(a.Journal.asked["r1"])
	for name, one := range map[string]struct {
		status int
		answer any
		want   error
	}{
		"other digest":  {200, Decision{"r1", "done", Wish{right.Files, right.Cases, digestAll([]string{"x"})}}, genbo.ErrTampered},
		"more files":    {200, Decision{"r1", "done", Wish{right.Files + 1, right.Cases, right.Digest}}, genbo.ErrTampered},
		"other request": {200, Decision{"r2", "done", right}, genbo.ErrUnavailable},
		"rubbish":       {200, "rubbish", genbo.ErrUnavailable},
		"refused":       {403, Decision{"r1", "done", right}, genbo.ErrForbidden},
		"broken":        {500, Decision{"r1", "done", right}, genbo.ErrUnavailable},
		"no such state": {200, Decision{"r1", "Done", right}, nil},
	} {
		answer, status = one.answer, one.status
		if _, results, err := a.Delete(t.Context(), c, "r1"); !errors.Is(err, one.want) || results != nil || s.text(s.path("a.csv")) != people {
			t.Errorf("%s: %v, %v", name, results, err)
		}
	}
}

// TestDeleteBrokenOff: a crash leaves the file, or it is gone and told so.
func TestDeleteBrokenOff(t *testing.T) {
	core := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(Decision{"r1", "done", Wish{1, 1, digestAll([]string{sum(people)})}})
	}))
	defer core.Close()
	c := &Core{Address: core.URL, Client: core.Client()}
	for point, outcome := range map[string]string{"begun": "undone", "aside": "undone", "acted": "done"} {
		t.Run(point, func(t *testing.T) {
			s := newShare(t, "bad\xff.csv")
			if !s.crash(point, func(a *Actor) {
				_, _, _ = a.Ask(t.Context(), c, s.items(), "x")
				_, _, _ = a.Delete(t.Context(), c, "r1")
			}) {
				t.Fatal("the point was not reached")
			}
			a := s.actor()
			results, err := a.Recover()
			want(t, results, err, outcome)
			if there := s.text(s.path("bad\xff.csv")) == people; there != (outcome == "undone") {
				t.Errorf("there: %t", there)
			}
			_, results, err = a.Delete(t.Context(), c, "r1")
			if outcome == "undone" {
				want(t, results, err, "done")
			} else {
				want(t, results, err)
			}
			if left := s.leftovers(s.root); left != nil || s.text(s.path("bad\xff.csv")) != "" {
				t.Error(left)
			}
		})
	}
}
