package staff_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"genbo"
	"genbo/internal/record/journal"
	"genbo/internal/record/staff"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
)

var ctx = context.Background()

// clock is a clock that a test moves.
type clock struct{ at atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.at.Store(time.Date(2026, 4, 1, 9, 0, 0, 0, genbo.Japan).UnixMilli())
	return c
}

func (c *clock) now() time.Time         { return time.UnixMilli(c.at.Load()) }
func (c *clock) pass(d time.Duration)   { c.at.Add(d.Milliseconds()) }
func (c *clock) options() house.Options { return house.Options{Clock: c.now} }

func authenticated(h *house.House, session string, device genbo.DeviceID) bool {
	_, err := h.Directory.Authenticate(ctx, session, device)
	return err == nil
}

func TestSessionEnds(t *testing.T) {
	c := newClock()
	housetest.Each(t, c.options(), func(t *testing.T, h *house.House) {
		begin := func() string {
			if err := h.Journal.Sequence(ctx); err != nil { // it has hours to catch up on
				t.Fatal(err)
			}
			return housetest.Session(t, h, "clerk1")
		}

		idle := begin()
		c.pass(staff.IdleLimit - time.Minute)
		if !authenticated(h, idle, housetest.Device) {
			t.Error("a session ended before it was idle for long")
		}
		c.pass(staff.IdleLimit + time.Minute)
		if authenticated(h, idle, housetest.Device) {
			t.Error("an idle session goes on")
		}

		busy := begin()
		for passed := time.Duration(0); passed < staff.SessionLimit-staff.IdleLimit; passed += staff.IdleLimit / 2 {
			if !authenticated(h, busy, housetest.Device) {
				t.Fatalf("a session in use ended after %s", passed)
			}
			c.pass(staff.IdleLimit / 2)
		}
		c.pass(staff.IdleLimit)
		if authenticated(h, busy, housetest.Device) {
			t.Error("a session goes on beyond its limit")
		}

		stolen := begin()
		if authenticated(h, stolen, "another-pc") || authenticated(h, stolen, "") || authenticated(h, stolen+"x", housetest.Device) || authenticated(h, "", housetest.Device) {
			t.Error("a session is worth something on another device, or a made-up one is")
		}
		i, err := h.Directory.Authenticate(ctx, stolen, housetest.Device)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Journal.Sequence(ctx); err != nil {
			t.Fatal(err)
		}
		if err := h.Directory.SignOut(ctx, i); err != nil || authenticated(h, stolen, housetest.Device) {
			t.Errorf("signed out, and the session goes on (%v)", err)
		}
	})
}

func TestEndedAtOnce(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		one, two, other := housetest.Session(t, h, "clerk1"), housetest.Session(t, h, "clerk1"), housetest.Session(t, h, "clerk2")
		if err := h.Directory.EndSessions(ctx, journal.System("test"), "clerk1", "stolen PC"); err != nil {
			t.Fatal(err)
		}
		if authenticated(h, one, housetest.Device) || authenticated(h, two, housetest.Device) {
			t.Error("a session goes on after all were ended")
		}
		if !authenticated(h, other, housetest.Device) {
			t.Error("another's session ended too")
		}
		m, err := h.Directory.Get(ctx, "clerk2")
		if err != nil {
			t.Fatal(err)
		}
		m.Active = false
		if err := h.Directory.Change(ctx, journal.System("test"), m, "left the service"); err != nil {
			t.Fatal(err)
		}
		if authenticated(h, other, housetest.Device) {
			t.Error("a closed account has a session")
		}
		if _, err := h.Directory.Link(ctx, journal.System("test"), "clerk2", time.Hour); !errors.Is(err, genbo.ErrConflict) {
			t.Errorf("a link for a closed account: %v", err)
		}
	})
}

func TestLinkWorksOnce(t *testing.T) {
	c := newClock()
	housetest.Each(t, c.options(), func(t *testing.T, h *house.House) {
		link, err := h.Directory.Link(ctx, journal.System("test"), "clerk1", time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		var busy sync.WaitGroup
		var sessions atomic.Int32
		for range 8 {
			busy.Go(func() {
				switch _, err := h.Directory.SignInByLink(ctx, link, housetest.Device); {
				case err == nil:
					sessions.Add(1)
				case !errors.Is(err, genbo.ErrSignIn):
					t.Error(err)
				}
			})
		}
		busy.Wait()
		if sessions.Load() != 1 {
			t.Errorf("one link began %d sessions", sessions.Load())
		}
		if link, err = h.Directory.Link(ctx, journal.System("test"), "clerk1", time.Hour); err != nil {
			t.Fatal(err)
		}
		c.pass(time.Hour + time.Second)
		if err := h.Journal.Sequence(ctx); err != nil {
			t.Fatal(err)
		}
		for name, secret := range map[string]string{"expired": link, "made up": "x", "empty": ""} {
			if _, err := h.Directory.SignInByLink(ctx, secret, housetest.Device); !errors.Is(err, genbo.ErrSignIn) {
				t.Errorf("a link that is %s: %v", name, err)
			}
		}
	})
}

func TestMembers(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		by := journal.System("test")
		for name, c := range map[string]struct {
			m    staff.Member
			want error
		}{
			"there already":  {staff.Member{ID: "clerk1", Name: "x", Office: "0101", Roles: []staff.Role{staff.Clerk}}, genbo.ErrConflict},
			"bad identifier": {staff.Member{ID: "Clerk One", Name: "x", Office: "0101"}, genbo.ErrInvalid},
			"no identifier":  {staff.Member{Name: "x", Office: "0101"}, genbo.ErrInvalid},
			"unknown role":   {staff.Member{ID: "new", Name: "x", Office: "0101", Roles: []staff.Role{"king"}}, genbo.ErrInvalid},
		} {
			if err := h.Directory.Add(ctx, by, c.m); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
		}
		m, err := h.Directory.Get(ctx, "clerk1")
		if err != nil {
			t.Fatal(err)
		}
		m.Roles, m.Office = []staff.Role{staff.Auditor}, "0202"
		if err := h.Directory.Change(ctx, by, m, "moved"); err != nil {
			t.Fatal(err)
		}
		if got, err := h.Directory.Get(ctx, "clerk1"); err != nil || got.Has(staff.Clerk) || !got.Has(staff.Auditor) || got.Office != "0202" {
			t.Errorf("changed: %+v, %v", got, err)
		}
		if _, err := h.Directory.Get(ctx, "nobody"); !errors.Is(err, genbo.ErrNotFound) {
			t.Errorf("nobody: %v", err)
		}
		list, err := h.Directory.List(ctx)
		if err != nil || len(list) != len(housetest.Staff) {
			t.Errorf("%d members: %v", len(list), err)
		}
	})
}
