package journal_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/db/dbtest"
	"genbo/internal/base/vault"
	"genbo/internal/base/vault/vaulttest"
	"genbo/internal/record/journal"
)

var clerk = journal.Actor{Staff: "s-clerk", Device: "d-1"}

func open(t testing.TB, d *db.DB, v *vault.Vault) *journal.Journal {
	t.Helper()
	j, err := journal.Open(context.Background(), d, v)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func look(p genbo.PersonID) journal.Entry {
	return journal.Entry{Actor: clerk, Purpose: "inquiry", Action: journal.PersonOpen, People: journal.Person(p),
		Fields: genbo.FieldName | genbo.FieldBirth, Reason: "asked at the counter"}
}

func allowed(*db.Tx) error { return nil }

// account writes n looks, one after another, and gives them their places.
func account(t testing.TB, j *journal.Journal, n int) {
	t.Helper()
	for i := range n {
		if _, err := j.Account(context.Background(), look(genbo.PersonID(i*700+1)), allowed); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Sequence(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func verify(t testing.TB, d *db.DB, v *vault.Vault, witnessed ...string) journal.Report {
	t.Helper()
	report, err := journal.Verify(context.Background(), d, v.VerifierKey(), witnessed, nil)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestReceiptOpensWhatItsEntryNames(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		j := open(t, d, vaulttest.New(t))
		r, err := j.Account(context.Background(), look(5), allowed)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Covers(5, genbo.FieldName); err != nil {
			t.Errorf("a named field: %v", err)
		}
		for name, err := range map[string]error{
			"another person":     r.Covers(6, genbo.FieldName),
			"another field":      r.Covers(5, genbo.FieldAddress),
			"one field too many": r.Covers(5, genbo.FieldName|genbo.FieldPhone),
			"no receipt":         journal.Receipt{}.Covers(5, 0),
		} {
			if !errors.Is(err, genbo.ErrForbidden) {
				t.Errorf("%s: got %v, want ErrForbidden", name, err)
			}
		}
		refuse := errors.New("no budget")
		r, err = j.Account(context.Background(), look(6), func(*db.Tx) error { return refuse })
		if !errors.Is(err, refuse) || r.Covers(6, 0) == nil {
			t.Errorf("a refused look: got %v and a receipt", err)
		}
	})
}

func TestEntriesAreReadBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		j := open(t, d, vaulttest.New(t))
		account(t, j, 5)
		list, more, err := j.List(ctx, journal.Filter{Action: journal.PersonOpen}, 3)
		if err != nil || len(list) != 3 || more != 2 {
			t.Fatalf("got %d entries, more %v, %v; want 3 of 5 and more before 2", len(list), more, err)
		}
		// With several writers, entries of the same millisecond have no order but the tree's.
		newest := !d.SingleWriter() || list[0].People.Has(4*700+1)
		if list[0].Number != 4 || list[0].Reason != "asked at the counter" || !newest {
			t.Errorf("newest entry reads %+v", list[0])
		}
		rest, more, err := j.List(ctx, journal.Filter{Before: more}, 3)
		if err != nil || len(rest) != 2 || rest[1].Number != 0 || more == 1 {
			t.Errorf("second page: %d entries, more %v, %v", len(rest), more, err)
		}
		if none, _, err := j.List(ctx, journal.Filter{Staff: "s-other"}, 3); err != nil || len(none) != 0 {
			t.Errorf("another's entries: got %d, %v", len(none), err)
		}
		err = d.View(ctx, func(tx *db.Tx) error {
			entries, err := j.Of(tx, 701, time.Time{}, 10)
			if err == nil && (len(entries) != 1 || entries[0].Fields.String() != "AB") {
				t.Errorf("entries about one person: %+v", entries)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// Every way in which an entry may be altered by someone with the database in his hands is found and named.
func TestVerifyFindsAndNames(t *testing.T) {
	const n = 13
	entryAt := func(seq int) string {
		return fmt.Sprintf("(SELECT entry FROM journal_leaf WHERE seq = %d)", seq)
	}
	swap := `UPDATE journal_leaf SET seq = -1 WHERE seq = 4; UPDATE journal_leaf SET seq = 4 WHERE seq = 9; UPDATE journal_leaf SET seq = 9 WHERE seq = -1`
	cases := []struct {
		name, damage string
		entry        genbo.EntryNumber
		what         string
	}{
		{"changed staff", "UPDATE journal_entry SET staff = 's-nobody' WHERE id = " + entryAt(4), 4, "changed"},
		{"changed time", "UPDATE journal_entry SET at = at + 1 WHERE id = " + entryAt(4), 4, "changed"},
		{"changed fields", "UPDATE journal_entry SET fields = 0 WHERE id = " + entryAt(4), 4, "changed"},
		{"changed people", "UPDATE journal_entry SET people = x'0501' WHERE id = " + entryAt(4), 4, "changed"},
		{"changed with its commitment", "UPDATE journal_entry SET commitment = salt, outcome = 'x' WHERE id = " + entryAt(4), 4, "changed"},
		{"removed entry", "DELETE FROM journal_entry WHERE id = " + entryAt(7), 7, "removed"},
		{"removed leaf", "DELETE FROM journal_leaf WHERE seq = 7", 7, "removed"},
		{"removed both", "DELETE FROM journal_entry WHERE id = " + entryAt(7) + "; DELETE FROM journal_leaf WHERE seq = 7", 7, "removed"},
		{"reordered", swap, 4, "out of order"},
		{"truncated", "DELETE FROM journal_leaf WHERE seq >= 10", 10, "cut off"},
		{"truncated with its counter", "DELETE FROM journal_leaf WHERE seq >= 10; UPDATE counter SET next = 11 WHERE name = 'journal'", 10, "cut off"},
		{"hash altered", "UPDATE journal_hash SET hash = zeroblob(32) WHERE idx = 1", 1, "changed"},
		{"hash removed", "DELETE FROM journal_hash WHERE idx = 2", 1, "altered"},
		{"checkpoint forged", "UPDATE journal_checkpoint SET note = replace(note, '13', '12')", -1, "signature"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			file := dbtest.SQLite(t)
			d, err := db.Open(context.Background(), file)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			v := vaulttest.New(t)
			j := open(t, d, v)
			account(t, j, n)
			if _, err := j.Checkpoint(context.Background()); err != nil {
				t.Fatal(err)
			}
			if r := verify(t, d, v); len(r.Problems) != 0 || r.Entries != n || r.Checkpoints != 1 {
				t.Fatalf("before the damage: %+v", r)
			}
			damage(t, file, c.damage)
			r := verify(t, d, v)
			if len(r.Problems) == 0 {
				t.Fatal("not found")
			}
			for _, p := range r.Problems {
				if p.Entry == c.entry && strings.Contains(p.What, c.what) {
					return
				}
			}
			t.Errorf("entry %d is not named as %q: %+v", c.entry, c.what, r.Problems)
		})
	}
}

// damage changes the file as someone would who has it in his hands: triggers are no obstacle to him.
func damage(t *testing.T, file, statements string) {
	t.Helper()
	pool, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	for _, table := range []string{"entry", "leaf", "hash", "checkpoint"} {
		for _, op := range []string{"update", "delete"} {
			if _, err := pool.Exec("DROP TRIGGER journal_" + table + "_" + op); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := pool.Exec(statements); err != nil {
		t.Fatal(err)
	}
}

// A journal that was rewritten whole, and signed anew by someone who has the keys too, contradicts a
// checkpoint that a witness kept.
func TestWitnessFindsARewrittenJournal(t *testing.T) {
	v := vaulttest.New(t)
	first := dbtest.New(t)
	j := open(t, first, v)
	account(t, j, 9)
	witnessed, err := j.Checkpoint(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	second := dbtest.New(t)
	account(t, open(t, second, v), 9)
	if r := verify(t, second, v); len(r.Problems) != 0 {
		t.Fatalf("the rewritten journal is consistent in itself: %+v", r.Problems)
	}
	r := verify(t, second, v, witnessed.Note)
	if len(r.Problems) != 1 || !strings.Contains(r.Problems[0].What, "rewritten") {
		t.Errorf("got %+v, want the witness to contradict", r.Problems)
	}
}

// Many writers at once, and a second process on the same database: one order, no gap, and it verifies.
func TestConcurrentWriters(t *testing.T) {
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		v := vaulttest.New(t)
		const processes, workers, each = 2, 8, 10
		var wg sync.WaitGroup
		var dbs []*db.DB
		for range processes {
			d, err := db.Open(context.Background(), address)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			dbs = append(dbs, d)
			j := open(t, d, v)
			ctx, stop := context.WithCancel(context.Background())
			running := make(chan struct{})
			go func() { defer close(running); j.Run(ctx) }()
			defer func() { stop(); <-running }()
			for w := range workers {
				wg.Go(func() {
					for i := range each {
						if _, err := j.Account(context.Background(), look(genbo.PersonID(1+i*1024+w)), allowed); err != nil {
							t.Error(err)
						}
					}
				})
			}
		}
		wg.Wait()
		const total = processes * workers * each
		deadline := time.Now().Add(10 * time.Second)
		for {
			r := verify(t, dbs[0], v)
			if r.Entries == total {
				if len(r.Problems) != 0 {
					t.Errorf("%+v", r.Problems)
				}
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("the tree holds %d of %d entries: %+v", r.Entries, total, r.Problems)
			}
			time.Sleep(50 * time.Millisecond)
		}
	})
}

// If the sequencer cannot run, nothing is released.
func TestLaggingSequencerStopsRelease(t *testing.T) {
	servers := dbtest.Servers(t)
	if len(servers) == 0 {
		return
	}
	now := time.Now()
	var mu sync.Mutex
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	d, err := db.Open(context.Background(), dbtest.Postgres(t, servers[:1]), db.WithClock(clock))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	j := open(t, d, vaulttest.New(t))
	account(t, j, 1)
	mu.Lock()
	now = now.Add(journal.MaxLag + time.Second)
	mu.Unlock()
	r, err := j.Account(context.Background(), look(5), allowed)
	if !errors.Is(err, genbo.ErrUnavailable) || r.Covers(5, 0) == nil {
		t.Errorf("with the tree %v behind: got %v and a receipt", j.Lag(now), err)
	}
	if err := j.Sequence(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, err := j.Account(context.Background(), look(5), allowed); err != nil {
		t.Errorf("after the sequencer has caught up: %v", err)
	}
}

func TestEntryOfAnUndoneChangeIsUndone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := vaulttest.New(t)
		j := open(t, d, v)
		stop := errors.New("stop")
		err := d.Update(context.Background(), func(tx *db.Tx) error {
			if _, err := j.Write(tx, look(3)); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
		account(t, j, 3)
		if r := verify(t, d, v); r.Entries != 3 || len(r.Problems) != 0 {
			t.Errorf("got %+v, want the three others only", r)
		}
	})
}

func BenchmarkAccount(b *testing.B) {
	j := open(b, dbtest.New(b), vaulttest.New(b))
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := j.Account(context.Background(), look(5), allowed); err != nil {
				b.Error(err)
				return
			}
		}
	})
}
