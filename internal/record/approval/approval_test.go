package approval_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/db/dbtest"
	"genbo/internal/base/vault/vaulttest"
	"genbo/internal/record/approval"
)

// desk is a store of requests on a database of its own, with a clock that the test moves.
type desk struct {
	*approval.Store
	t  *testing.T
	db *db.DB
	at *atomic.Int64
}

func each(t *testing.T, fn func(t *testing.T, d *desk)) {
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		d := &desk{Store: approval.New(vaulttest.New(t)), t: t, at: &atomic.Int64{}}
		d.at.Store(time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC).UnixMilli())
		var err error
		d.db, err = db.Open(context.Background(), address, db.WithClock(func() time.Time { return time.UnixMilli(d.at.Load()) }))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := d.db.Close(); err != nil {
				t.Error(err)
			}
		})
		fn(t, d)
	})
}

func (d *desk) ask(kind approval.Kind) string {
	d.t.Helper()
	var id string
	err := d.db.Update(context.Background(), func(tx *db.Tx) (err error) {
		id, err = d.Ask(tx, approval.Request{Kind: kind, Asker: "clerk1", Office: "0101", Subject: `{"x":1}`, Reason: "test", People: []genbo.PersonID{1, 2}})
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return id
}

func (d *desk) get(id string) (r approval.Request) {
	d.t.Helper()
	if err := d.db.View(context.Background(), func(tx *db.Tx) (err error) { r, err = d.Get(tx, id); return err }); err != nil {
		d.t.Fatal(err)
	}
	return r
}

func (d *desk) vote(id string, voter genbo.StaffID, hash []byte, verdict approval.Verdict) error {
	return d.db.Update(context.Background(), func(tx *db.Tx) error { _, err := d.Vote(tx, id, voter, hash, verdict); return err })
}

func TestVotes(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		for kind, needed := range map[approval.Kind]int{approval.Merge: 2, approval.Split: 2, approval.SecondLook: 1} {
			id := d.ask(kind)
			r := d.get(id)
			if r.Needed != needed || r.State != approval.Waiting || r.Reason != "test" || len(r.People) != 2 {
				t.Errorf("%s: %+v", kind, r)
			}
			for name, c := range map[string]struct {
				err  error
				want error
			}{
				"the asker":        {d.vote(id, "clerk1", r.Hash, approval.Approve), genbo.ErrForbidden},
				"another hash":     {d.vote(id, "approver1", []byte("another"), approval.Approve), genbo.ErrConflict},
				"no verdict":       {d.vote(id, "approver1", r.Hash, "perhaps"), genbo.ErrInvalid},
				"another request":  {d.vote("nothing", "approver1", r.Hash, approval.Approve), genbo.ErrNotFound},
				"what was refused": {nil, nil},
			} {
				if !errors.Is(c.err, c.want) {
					t.Errorf("%s, %s: %v, want %v", kind, name, c.err, c.want)
				}
			}
			for i := range needed {
				if got := d.get(id).State; got != approval.Waiting {
					t.Errorf("%s after %d votes: %s", kind, i, got)
				}
				if err := d.vote(id, genbo.StaffID(fmt.Sprint("approver", i)), r.Hash, approval.Approve); err != nil {
					t.Fatal(err)
				}
				if err := d.vote(id, genbo.StaffID(fmt.Sprint("approver", i)), r.Hash, approval.Approve); !errors.Is(err, genbo.ErrConflict) {
					t.Errorf("%s: voted twice: %v", kind, err)
				}
			}
			if got := d.get(id).State; got != approval.Approved {
				t.Errorf("%s with enough votes: %s", kind, got)
			}
		}
	})
}

func TestRejectedAndExpired(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		rejected := d.ask(approval.Merge)
		hash := d.get(rejected).Hash
		if err := d.vote(rejected, "approver1", hash, approval.Approve); err != nil {
			t.Fatal(err)
		}
		if err := d.vote(rejected, "approver2", hash, approval.Reject); err != nil {
			t.Fatal(err)
		}
		if r := d.get(rejected); r.State != approval.Rejected || len(r.Votes) != 2 {
			t.Errorf("rejected: %+v", r)
		}
		if err := d.vote(rejected, "approver3", hash, approval.Approve); !errors.Is(err, genbo.ErrConflict) {
			t.Errorf("voted on what is rejected: %v", err)
		}
		expired := d.ask(approval.SecondLook)
		hash = d.get(expired).Hash
		d.at.Add(approval.Lifetime.Milliseconds())
		if r := d.get(expired); r.State != approval.Expired {
			t.Errorf("expired: %s", r.State)
		}
		if err := d.vote(expired, "approver1", hash, approval.Approve); !errors.Is(err, genbo.ErrConflict) {
			t.Errorf("voted on what has expired: %v", err)
		}
	})
}

// TestManyAtOnce: of many votes at the same time, exactly as many count as are needed.
func TestManyAtOnce(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		id := d.ask(approval.Merge)
		hash := d.get(id).Hash
		var busy sync.WaitGroup
		for i := range 8 {
			busy.Go(func() {
				if err := d.vote(id, genbo.StaffID(fmt.Sprint("approver", i)), hash, approval.Approve); err != nil && !errors.Is(err, genbo.ErrConflict) {
					t.Error(err)
				}
			})
		}
		busy.Wait()
		if r := d.get(id); len(r.Votes) != 2 || r.State != approval.Approved {
			t.Errorf("%d votes, %s", len(r.Votes), r.State)
		}
	})
}

// TestPastTheProgram writes to the database what the program would refuse: the database refuses it too.
func TestPastTheProgram(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		id := d.ask(approval.Merge)
		hash := d.get(id).Hash
		const vote = "INSERT INTO approval_vote (approval, voter, asker, hash, verdict, at) VALUES (?, ?, ?, ?, ?, ?)"
		for name, c := range map[string]struct {
			query string
			args  []any
		}{
			"a vote of the asker":       {vote, []any{id, "clerk1", "clerk1", hash, "approve", 1}},
			"another asker's name":      {vote, []any{id, "clerk1", "clerk2", hash, "approve", 1}},
			"a vote on something else":  {vote, []any{id, "approver1", "clerk1", []byte("x"), "approve", 1}},
			"another subject":           {"UPDATE approval SET subject = ? WHERE id = ?", []any{"{}", id}},
			"another number needed":     {"UPDATE approval SET needed = ? WHERE id = ?", []any{1, id}},
			"the request taken away":    {"DELETE FROM approval_person WHERE approval = ?", []any{id}},
			"an outcome that is not":    {"INSERT INTO approval_outcome (approval, outcome, at) VALUES (?, ?, ?)", []any{id, "perhaps", 1}},
			"an outcome of nothing":     {"INSERT INTO approval_outcome (approval, outcome, at) VALUES (?, ?, ?)", []any{"none", "done", 1}},
			"no approval needed at all": {"INSERT INTO approval (id, kind, asker, office, subject, hash, reason, needed, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", []any{"x", "merge", "a", "o", "{}", hash, hash, 0, 1, 1}},
		} {
			err := d.db.Update(context.Background(), func(tx *db.Tx) error { _, err := tx.Home().Exec(c.query, c.args...); return err })
			if err == nil {
				t.Errorf("%s: the database takes it", name)
			}
		}
	})
}
