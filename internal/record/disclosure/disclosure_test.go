package disclosure_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/db/dbtest"
	"genbo/internal/base/vault/vaulttest"
	"genbo/internal/record/disclosure"
	"genbo/internal/record/journal"
)

// office is a journal with its index, and a clock that the test moves.
type office struct {
	t       *testing.T
	db      *db.DB
	journal *journal.Journal
	index   *disclosure.Index
	at      *atomic.Int64
	told    []journal.Entry // everything that disclosed something
	offices map[genbo.StaffID]genbo.OfficeID
	in      []genbo.OfficeID // the office of each told entry
}

var start = time.Date(2026, 4, 1, 0, 0, 0, 0, genbo.Japan)

func each(t *testing.T, fn func(t *testing.T, o *office)) {
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		o := &office{t: t, at: &atomic.Int64{}, offices: map[genbo.StaffID]genbo.OfficeID{}}
		o.at.Store(start.UnixMilli())
		var err error
		if o.db, err = db.Open(context.Background(), address, db.WithClock(func() time.Time { return time.UnixMilli(o.at.Load()) })); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := o.db.Close(); err != nil {
				t.Error(err)
			}
		})
		if o.journal, err = journal.Open(context.Background(), o.db, vaulttest.New(t)); err != nil {
			t.Fatal(err)
		}
		o.index = disclosure.New(o.db, o.journal)
		fn(t, o)
	})
}

func (o *office) write(e journal.Entry) {
	o.t.Helper()
	ctx := context.Background()
	if err := o.journal.Sequence(ctx); err != nil {
		o.t.Fatal(err)
	}
	err := o.db.Update(ctx, func(tx *db.Tx) error {
		e.At = tx.Now
		_, err := o.journal.Write(tx, e)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	if e.Action.Discloses() && e.Outcome != journal.Refused && e.People.Count() > 0 {
		o.told, o.in = append(o.told, e), append(o.in, o.offices[e.Actor.Staff])
	}
}

func (o *office) moves(staff genbo.StaffID, office genbo.OfficeID) {
	o.t.Helper()
	o.write(journal.Entry{Actor: journal.System("test"), Action: journal.StaffChange, Detail: fmt.Sprintf(`{"staff":%q,"office":%q}`, staff, office)})
	o.offices[staff] = office
}

// live writes a random journal: looks, lists of all sizes, changes that disclose nothing, staff who move.
func (o *office) live(r *rand.Rand, entries int) {
	o.t.Helper()
	actions := []journal.Action{journal.PersonSearch, journal.PersonOpen, journal.ExtractView, journal.ExtractOpen, journal.ExtractRelease, journal.PersonChange, journal.ExtractSeal}
	for range entries {
		o.at.Add(int64(r.IntN(9 * 3600 * 1000)))
		staff := genbo.StaffID(fmt.Sprintf("clerk%d", r.IntN(3)))
		if r.IntN(15) == 0 {
			o.moves(staff, genbo.OfficeID(fmt.Sprintf("0%d01", r.IntN(3))))
			continue
		}
		e := journal.Entry{Actor: journal.Actor{Staff: staff, Device: genbo.DeviceID(fmt.Sprintf("pc-%d", r.IntN(3)))}, Action: actions[r.IntN(len(actions))],
			Purpose: []string{"inquiry", "overdue-notice"}[r.IntN(2)], Fields: genbo.FieldSet(1 + r.IntN(15))}
		n := 1 + r.IntN(20)
		if e.Action == journal.ExtractOpen || e.Action == journal.ExtractRelease {
			e.Detail = fmt.Sprintf(`{"extract":"list%d"}`, r.IntN(3))
			if r.IntN(4) == 0 {
				n = 1001 + r.IntN(2000)
			}
		}
		people := make([]genbo.PersonID, n)
		for i := range people {
			people[i] = genbo.PersonID(1 + r.IntN(5000))
		}
		if e.People = journal.PeopleOf(people); r.IntN(20) == 0 {
			e.Outcome = journal.Refused
		}
		o.write(e)
	}
}

// naive answers a question by going through everything that was told.
func (o *office) naive(q disclosure.Question) (persons map[genbo.PersonID]genbo.FieldSet, cases int) {
	persons = map[genbo.PersonID]genbo.FieldSet{}
	for n, e := range o.told {
		if q.Device != "" && q.Device != e.Actor.Device || q.Staff != "" && q.Staff != e.Actor.Staff || q.Office != "" && q.Office != o.in[n] ||
			q.Purpose != "" && q.Purpose != e.Purpose || !q.From.IsZero() && e.At.Before(q.From) || !q.To.IsZero() && !e.At.Before(q.To) {
			continue
		}
		cases += e.People.Count()
		for p := range e.People.All() {
			persons[p] |= e.Fields
		}
	}
	return persons, cases
}

// Every answer is the one that going through the journal gives, for windows that cut days as well.
func TestAnswersAreExact(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		r := rand.New(rand.NewPCG(1, 2))
		for round := range 4 {
			o.live(r, 60)
			for range 12 {
				q := disclosure.Question{}
				if r.IntN(2) == 0 {
					q.Device = genbo.DeviceID(fmt.Sprintf("pc-%d", r.IntN(3)))
				}
				if r.IntN(3) == 0 {
					q.Staff = genbo.StaffID(fmt.Sprintf("clerk%d", r.IntN(3)))
				}
				if r.IntN(3) == 0 {
					q.Office = genbo.OfficeID(fmt.Sprintf("0%d01", r.IntN(3)))
				}
				if r.IntN(3) == 0 {
					q.Purpose = "inquiry"
				}
				if r.IntN(2) == 0 {
					q.From = start.Add(time.Duration(r.IntN(30*24*3600)) * time.Second)
				}
				if r.IntN(2) == 0 {
					q.To = start.Add(time.Duration(r.IntN(60*24*3600)) * time.Second)
				}
				o.compare(q, round)
			}
		}
	})
}

func (o *office) compare(q disclosure.Question, round int) {
	o.t.Helper()
	want, cases := o.naive(q)
	got, err := o.index.Ask(context.Background(), q)
	if err != nil {
		o.t.Fatal(err)
	}
	widths := map[genbo.FieldSet]int{}
	for _, fields := range want {
		widths[fields]++
	}
	found := map[genbo.FieldSet]int{}
	for _, c := range got.ByWidth {
		found[c.Fields] = c.Persons
	}
	if got.Persons != len(want) || got.Cases != cases || !maps.Equal(found, widths) {
		o.t.Fatalf("round %d, %+v: %d persons, %d cases, %v; want %d, %d, %v", round, q, got.Persons, got.Cases, found, len(want), cases, widths)
	}
	roll := map[genbo.PersonID]genbo.FieldSet{}
	err = o.index.Roll(context.Background(), q, func(p genbo.PersonID, f genbo.FieldSet) bool { roll[p] = f; return true })
	if err != nil || !maps.Equal(roll, want) {
		o.t.Fatalf("round %d, %+v: the roll has %d people, want %d, %v", round, q, len(roll), len(want), err)
	}
}

// Everything ever disclosed of a person is there: in small entries and in large lists.
func TestOfPerson(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.live(rand.New(rand.NewPCG(3, 4)), 120)
		for _, p := range []genbo.PersonID{1, 17, 4000, 5000} {
			list, err := o.index.OfPerson(context.Background(), p, time.Time{}, 10_000)
			if err != nil {
				t.Fatal(err)
			}
			var got, want []string
			for _, e := range list {
				if e.Action.Discloses() && e.Outcome != journal.Refused {
					got = append(got, fmt.Sprint(genbo.DateOf(e.At.In(genbo.Japan)), e.Actor, e.Action, e.Purpose, e.Fields))
				}
			}
			for _, e := range o.told {
				if e.People.Has(p) {
					want = append(want, fmt.Sprint(genbo.DateOf(e.At.In(genbo.Japan)), e.Actor, e.Action, e.Purpose, e.Fields))
				}
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(slices.Compact(got), slices.Compact(want)) {
				t.Errorf("person %d: %d disclosures, want %d", uint32(p), len(got), len(want))
			}
		}
	})
}

// Processes that catch up at the same time take nothing in twice, and the bits are those of one.
func TestManyCatchUp(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.live(rand.New(rand.NewPCG(5, 6)), 80)
		if err := o.journal.Sequence(context.Background()); err != nil {
			t.Fatal(err)
		}
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() {
				if err := disclosure.New(o.db, o.journal).CatchUp(context.Background()); err != nil && !errors.Is(err, genbo.ErrConflict) {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		problems, segments, err := o.index.Verify(context.Background())
		if err != nil || len(problems) > 0 || segments == 0 {
			t.Errorf("%d segments, %q, %v", segments, problems, err)
		}
	})
}

func TestVerifyFindsWhatWasAltered(t *testing.T) {
	for what, query := range map[string]string{
		"a set":     "UPDATE disclosure SET people = x'01' WHERE day = (SELECT min(day) FROM disclosure)",
		"a count":   "UPDATE disclosure SET cases = cases + 1 WHERE day = (SELECT min(day) FROM disclosure)",
		"a device":  "UPDATE disclosure SET device = 'pc-7' WHERE day = (SELECT min(day) FROM disclosure)",
		"a removal": "DELETE FROM disclosure WHERE day = (SELECT min(day) FROM disclosure)",
	} {
		t.Run(what, func(t *testing.T) {
			d := dbtest.SQLite(t)
			o := &office{t: t, at: &atomic.Int64{}, offices: map[genbo.StaffID]genbo.OfficeID{}}
			o.at.Store(start.UnixMilli())
			opened, err := db.Open(context.Background(), d, db.WithClock(func() time.Time { return time.UnixMilli(o.at.Load()) }))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := opened.Close(); err != nil {
					t.Error(err)
				}
			})
			if err := opened.Migrate(context.Background()); err != nil {
				t.Fatal(err)
			}
			if o.journal, err = journal.Open(context.Background(), opened, vaulttest.New(t)); err != nil {
				t.Fatal(err)
			}
			o.db, o.index = opened, disclosure.New(opened, o.journal)
			o.live(rand.New(rand.NewPCG(7, 8)), 40)
			if problems, _, err := o.index.Verify(context.Background()); err != nil || len(problems) > 0 {
				t.Fatalf("before: %q, %v", problems, err)
			}
			err = opened.Update(context.Background(), func(tx *db.Tx) error {
				_, err := tx.Home().Exec(query)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if problems, _, err := o.index.Verify(context.Background()); err != nil || len(problems) == 0 {
				t.Errorf("nothing was found, %v", err)
			}
		})
	}
}
