package access_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/db/dbtest"
	"genbo/internal/record/access"
	"genbo/internal/record/journal"
)

var update = flag.Bool("update", false, "write the matrix of rights anew")

var roles = []string{"clerk", "approver", "security", "operator", "auditor", "admin"}

// TestRights writes who may do what into a table that an auditor can read, and compares it with the one on
// record: a change of the rules is a change of the table.
func TestRights(t *testing.T) {
	rights, err := access.NewRights()
	if err != nil {
		t.Fatal(err)
	}
	var actions []string
	for _, a := range journal.Actions {
		actions = append(actions, string(a))
	}
	actions = append(actions, access.ReadApprovals, access.ReadAlarms, access.ReadStaff, access.EndSessions,
		access.AskExtracts, access.UseExtracts, access.ReadExtracts, access.RevokeExtract, access.ReadFindings)
	var b strings.Builder
	fmt.Fprintf(&b, "own: a person of the own office; case: another office's, with a case; other: another office's, without one.\n\n")
	fmt.Fprintf(&b, "%-20s%-14s%s\n", "action", "purpose", strings.Join(roles, "  "))
	for _, action := range actions {
		purposes := []string{"change"}
		if action == string(journal.PersonOpen) {
			purposes = []string{"inquiry", "change", "record-review", "second-look"}
		}
		for _, purpose := range purposes {
			line := fmt.Sprintf("%-20s%-14s", action, purpose)
			for _, role := range roles {
				line += fmt.Sprintf("%-*s", len(role)+2, reach(rights, role, action, purpose))
			}
			b.WriteString(strings.TrimRight(line, " ") + "\n")
		}
	}
	golden := filepath.Join("testdata", "rights.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("the rights are others than on record (-want +got):\n%s", diff)
	}
}

// reach is how far a role's right goes.
func reach(rights *access.Rights, role, action, purpose string) string {
	may := func(office genbo.OfficeID, c genbo.CaseID) bool {
		return rights.Check(access.Principal{Staff: "s", Office: "0101", Roles: []string{role}},
			access.Question{Action: action, Office: office, Purpose: purpose, Case: c}) == nil
	}
	switch own, withCase, other := may("0101", ""), may("0202", "C-1"), may("0202", ""); {
	case own && withCase && other:
		return "all"
	case own && withCase:
		return "case"
	case own:
		return "own"
	case withCase || other:
		return "ODD"
	}
	return "-"
}

// TestAdministratorSeesNobody: whoever gives out roles gains nothing by giving himself all of them.
func TestAdministratorSeesNobody(t *testing.T) {
	rights, err := access.NewRights()
	if err != nil {
		t.Fatal(err)
	}
	for _, action := range []journal.Action{journal.PersonSearch, journal.PersonOpen, journal.PersonChange, journal.PersonRegister, journal.PersonMerge, journal.ApprovalVote} {
		err := rights.Check(access.Principal{Staff: "s", Office: "0101", Roles: roles}, access.Question{Action: string(action), Office: "0101", Purpose: "change"})
		if !errors.Is(err, genbo.ErrForbidden) {
			t.Errorf("%s: %v", action, err)
		}
	}
	for _, p := range []access.Principal{{}, {Staff: "s", Office: "0101"}, {Staff: "s", Roles: []string{"king", ""}}} {
		if err := rights.Check(p, access.Question{Action: string(journal.PersonSearch)}); !errors.Is(err, genbo.ErrForbidden) {
			t.Errorf("somebody without a role: %v", err)
		}
	}
}

var (
	limits   = access.Limits{OpenFiveMinutes: 10, OpenDay: 30, GlimpseFiveMinutes: 40, GlimpseDay: 60}
	purposes = []access.Purpose{{Code: "a", Fields: genbo.AllFields, FiveMinutes: 6, Day: 20}, {Code: "b", Fields: genbo.AllFields, FiveMinutes: 6, Day: 20}}
)

// eachClock runs fn on every engine with a clock that it moves.
func eachClock(t *testing.T, fn func(t *testing.T, d *db.DB, pass func(time.Duration))) {
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		var at atomic.Int64
		at.Store(time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC).UnixMilli())
		d, err := db.Open(context.Background(), address, db.WithClock(func() time.Time { return time.UnixMilli(at.Load()) }))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		})
		fn(t, d, func(by time.Duration) { at.Add(by.Milliseconds()) })
	})
}

func spend(d *db.DB, b *access.Budgets, device genbo.DeviceID, purpose string, people ...genbo.PersonID) error {
	return d.Update(context.Background(), func(tx *db.Tx) error {
		return b.Spend(tx, journal.Actor{Staff: "s", Device: device}, access.Open, purpose, journal.PeopleOf(people))
	})
}

func TestBudgets(t *testing.T) {
	eachClock(t, func(t *testing.T, d *db.DB, pass func(time.Duration)) {
		b := access.NewBudgets(limits, purposes)
		person := genbo.PersonID(0)
		upTo := func(n int, device genbo.DeviceID, purpose string) (spent int) {
			for range n {
				person++
				switch err := spend(d, b, device, purpose, person); {
				case err == nil:
					spent++
				case !errors.Is(err, genbo.ErrBudget):
					t.Fatal(err)
				}
			}
			return spent
		}
		if got := upTo(20, "pc-1", "a"); got != 6 {
			t.Errorf("a purpose's five minutes allow %d, want 6", got)
		}
		if got := upTo(20, "pc-1", "b"); got != 4 {
			t.Errorf("with another purpose %d more, want 4: ten in all", got)
		}
		if got := upTo(20, "pc-2", "b"); got != 0 {
			t.Errorf("with another device %d more, want 0: the limit over all holds", got)
		}
		if err := spend(d, b, "pc-1", "a", 1); err != nil {
			t.Errorf("somebody who was shown already: %v", err)
		}
		if err := spend(d, b, "pc-1", "a", 1, 1000, 1001); !errors.Is(err, genbo.ErrBudget) {
			t.Errorf("some new ones among them: %v", err)
		}
		pass(6 * time.Minute)
		if got := upTo(20, "pc-1", "a"); got != 6 {
			t.Errorf("after five minutes %d, want 6 again", got)
		}
		for range 20 {
			pass(6 * time.Minute)
			upTo(20, "pc-1", "a")
			upTo(20, "pc-1", "b")
		}
		pass(6 * time.Minute)
		if got := upTo(20, "pc-1", "a") + upTo(20, "pc-1", "b"); got != 0 {
			t.Errorf("past the day's limit %d more", got)
		}
		pass(26 * time.Hour)
		if got := upTo(20, "pc-1", "a"); got != 6 {
			t.Errorf("the next day %d, want 6", got)
		}
	})
}

// TestManyAtOnce: calls at the same time get no more than one after another.
// A purpose's files are counted by member of staff, whatever device he goes to, each file once a day.
func TestBudgetOfFiles(t *testing.T) {
	eachClock(t, func(t *testing.T, d *db.DB, pass func(time.Duration)) {
		b := access.NewBudgets(limits, purposes)
		take := func(device genbo.DeviceID, purpose, file string) error {
			return d.Update(context.Background(), func(tx *db.Tx) error {
				return b.SpendFile(tx, journal.Actor{Staff: "clerk1", Device: device}, purpose, file, 60, 100)
			})
		}
		for _, c := range []struct {
			device        genbo.DeviceID
			purpose, file string
			want          error
		}{{"pc-1", "a", "one", nil}, {"pc-1", "a", "one", nil}, {"pc-2", "a", "one", nil}, {"pc-1", "a", "two", genbo.ErrBudget}, {"pc-2", "a", "two", genbo.ErrBudget}, {"pc-2", "b", "three", nil}} {
			if err := take(c.device, c.purpose, c.file); !errors.Is(err, c.want) {
				t.Errorf("%+v: %v", c, err)
			}
		}
		pass(26 * time.Hour)
		if err := take("pc-2", "a", "two"); err != nil {
			t.Errorf("the next day: %v", err)
		}
	})
}

func TestManyAtOnce(t *testing.T) {
	eachClock(t, func(t *testing.T, d *db.DB, _ func(time.Duration)) {
		b := access.NewBudgets(limits, purposes)
		var busy sync.WaitGroup
		var spent atomic.Int32
		for c := range 8 {
			busy.Go(func() {
				for i := range 5 {
					person := genbo.PersonID(1 + 10*c + i)
					switch err := spend(d, b, genbo.DeviceID(fmt.Sprint("pc-", c)), []string{"a", "b"}[i%2], person); {
					case err == nil:
						spent.Add(1)
					case !errors.Is(err, genbo.ErrBudget):
						t.Error(err)
					}
				}
			})
		}
		busy.Wait()
		if spent.Load() != 10 {
			t.Errorf("%d people were shown, the limit is 10", spent.Load())
		}
	})
}

func TestLoadPurposes(t *testing.T) {
	if list, err := access.LoadPurposes(""); err != nil || len(list) == 0 {
		t.Fatalf("the built-in list: %v", err)
	}
	const good = `{"code":"a","ja":"あ","en":"a","fields":"NAB","five_minutes":1,"day":2}`
	for content, want := range map[string]string{
		"[" + good + "]":              "",
		"[" + good + "," + good:       "invalid",
		"[" + good + "," + good + "]": "there twice",
		`[{"code":"a","ja":"あ","en":"a","fields":"Z","five_minutes":1,"day":2}]`:              "fields",
		`[{"code":"a","ja":"","en":"a","fields":"N","five_minutes":1,"day":2}]`:               "name is missing",
		`[{"code":"a","ja":"あ","en":"a","fields":"N","five_minutes":3,"day":2}]`:              "day at least as much",
		`[{"code":"a","ja":"あ","en":"a","fields":"N","five_minutes":1,"day":2,"limit":null}]`: "limit",
	} {
		path := filepath.Join(t.TempDir(), "purposes.json")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := access.LoadPurposes(path)
		if (err == nil) != (want == "") || err != nil && (!strings.Contains(err.Error(), want) || !errors.Is(err, genbo.ErrInvalid)) {
			t.Errorf("%s: %v, want %q", content, err, want)
		}
	}
}

func TestAlarms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if err := d.Update(ctx, func(tx *db.Tx) error { return access.Raise(tx, access.BudgetAlarm, "clerk1", `{"n":1}`) }); err != nil {
			t.Fatal(err)
		}
		open := func() (list []access.Alarm) {
			err := d.View(ctx, func(tx *db.Tx) (err error) { list, err = access.Alarms(tx, true, 10); return err })
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		list := open()
		if len(list) != 1 || list[0].Kind != access.BudgetAlarm || list[0].Staff != "clerk1" {
			t.Fatalf("%+v", list)
		}
		if err := d.Update(ctx, func(tx *db.Tx) error { return access.Acknowledge(tx, list[0].ID, "security1") }); err != nil || len(open()) != 0 {
			t.Errorf("acknowledged: %v, %d open", err, len(open()))
		}
		if err := d.Update(ctx, func(tx *db.Tx) error { return access.Acknowledge(tx, "none", "security1") }); !errors.Is(err, genbo.ErrConflict) {
			t.Errorf("acknowledged what is not there: %v", err)
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	rights, err := access.NewRights()
	if err != nil {
		b.Fatal(err)
	}
	p := access.Principal{Staff: "s", Office: "0101", Roles: []string{"clerk"}}
	for b.Loop() {
		if err := rights.Check(p, access.Question{Action: "person.open", Office: "0101", Purpose: "change"}); err != nil {
			b.Fatal(err)
		}
	}
}
