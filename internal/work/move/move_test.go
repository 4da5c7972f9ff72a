package move

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"genbo"
	"genbo/internal/base/db/dbtest"
	"genbo/internal/record/journal"
	"genbo/internal/record/staff"
	"genbo/internal/work/desk"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
	"genbo/internal/work/inspect"
)

// file makes a register in a file with people in it and returns where it is.
func file(t *testing.T) (o house.Options, refs []genbo.PersonRef) {
	t.Helper()
	ctx := context.Background()
	o = house.Options{Dir: filepath.Join(t.TempDir(), "register")}
	if err := house.Create(ctx, o, "genbo.test"); err != nil {
		t.Fatal(err)
	}
	h, err := house.Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Directory.SetOffice(ctx, journal.System("test"), staff.Office{ID: "0101", Name: "東第一"}); err != nil {
		t.Fatal(err)
	}
	for _, m := range housetest.Staff[:1] {
		if err := h.Directory.Add(ctx, journal.System("test"), m); err != nil {
			t.Fatal(err)
		}
	}
	refs = housetest.Enter(t, h, 8)
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	return o, refs
}

// moved opens the register after the move, opens everybody and inspects it.
func moved(t *testing.T, o house.Options, refs []genbo.PersonRef) {
	t.Helper()
	ctx := context.Background()
	h, err := house.Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	}()
	v := desk.Visit{Identity: housetest.SignIn(t, h, "clerk1"), Purpose: "change", Reason: "test"}
	for i, ref := range refs {
		if _, err := h.Desk.Open(ctx, v, ref); err != nil {
			t.Errorf("person %d does not open: %v", i, err)
		}
	}
	if _, err := h.Desk.Register(ctx, v, housetest.Newcomer(t, 99)); err != nil {
		t.Errorf("enter a person: %v", err)
	}
	if err := h.Journal.Sequence(ctx); err != nil {
		t.Fatal(err)
	}
	r, err := inspect.Run(ctx, h, nil, nil)
	if err != nil || !r.OK() || r.People != int64(len(refs)+1) {
		t.Errorf("inspection: %+v, %v", r, err)
	}
}

// servers are fresh PostgreSQL databases: one, and one on each server.
func servers(t *testing.T) map[string]string {
	t.Helper()
	all := dbtest.Servers(t)
	to := map[string]string{}
	if len(all) > 0 {
		to["postgres"] = dbtest.Owned(t, all[:1])
	}
	if len(all) > 1 {
		to["spread"] = dbtest.Owned(t, all)
	}
	return to
}

func TestMove(t *testing.T) {
	for name, to := range servers(t) {
		t.Run(name, func(t *testing.T) {
			o, refs := file(t)
			totals, err := Run(context.Background(), o, Options{To: to})
			if err != nil {
				t.Fatal(err)
			}
			rows := map[string]int64{}
			for _, total := range totals {
				rows[total.Table] = total.Rows
			}
			if rows["person"] != 8 || rows["journal_entry"] == 0 || rows["journal_entry"] != rows["journal_leaf"] {
				t.Errorf("totals: %v", rows)
			}
			if _, err := os.Stat(filepath.Join(o.Dir, "genbo.db")); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the file is still in use: %v", err)
			}
			moved(t, o, refs)
			if _, err := Run(context.Background(), o, Options{To: to}); !errors.Is(err, genbo.ErrConflict) {
				t.Errorf("moved again: %v", err)
			}
		})
	}
}

// TestStopped stops a move in the middle of each table that has rows, and runs it again.
func TestStopped(t *testing.T) {
	for name, to := range servers(t) {
		t.Run(name, func(t *testing.T) {
			o, refs := file(t)
			stops := 0
			for done := false; !done; {
				ctx, stop := context.WithCancel(context.Background())
				_, err := Run(ctx, o, Options{To: to, Progress: func(table string, rows int64, whole bool) {
					if rows > 0 {
						stop()
					}
				}})
				done = err == nil
				if !done && !errors.Is(err, context.Canceled) {
					t.Fatal(err)
				}
				if stops++; stops > 100 {
					t.Fatal("the move does not come to an end")
				}
				stop()
			}
			if stops < 5 {
				t.Errorf("stopped %d times only", stops)
			}
			moved(t, o, refs)
		})
	}
}

// TestRefuses checks that nothing is moved onto another register, and that a difference is found.
func TestRefuses(t *testing.T) {
	for name, to := range servers(t) {
		t.Run(name, func(t *testing.T) {
			o, _ := file(t)
			other, _ := file(t)
			if _, err := Run(context.Background(), o, Options{To: to}); err != nil {
				t.Fatal(err)
			}
			if _, err := Run(context.Background(), other, Options{To: to}); !errors.Is(err, genbo.ErrConflict) {
				t.Errorf("moved onto another register: %v", err)
			}
			if _, err := Run(context.Background(), other, Options{To: "sqlite.db"}); !errors.Is(err, genbo.ErrInvalid) || !strings.Contains(err.Error(), "postgres://") {
				t.Errorf("moved to a file: %v", err)
			}
		})
	}
}
