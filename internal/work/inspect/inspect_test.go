package inspect

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/approval"
	"genbo/internal/record/finding"
	"genbo/internal/record/journal"
	"genbo/internal/work/desk"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
)

func run(t *testing.T, h *house.House) Report {
	t.Helper()
	if err := h.Journal.Sequence(context.Background()); err != nil {
		t.Fatal(err)
	}
	r, err := Run(context.Background(), h, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// merge merges the second person into the first.
func merge(t *testing.T, h *house.House, refs []genbo.PersonRef) {
	t.Helper()
	ctx := context.Background()
	v := desk.Visit{Identity: housetest.SignIn(t, h, "clerk1"), Purpose: "change", Reason: "test"}
	id, err := h.Desk.AskMerge(ctx, v, refs[1], refs[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, approver := range []genbo.StaffID{"approver1", "approver2"} {
		v.Identity = housetest.SignIn(t, h, approver)
		r, err := h.Desk.Request(ctx, v.Identity, id)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Desk.Vote(ctx, v, id, r.Hash, approval.Approve); err != nil {
			t.Fatal(err)
		}
	}
}

// scan has a device report twice and ask to delete, and its office asked to act.
func scan(t *testing.T, h *house.House) {
	t.Helper()
	ctx, by, now := context.Background(), journal.Actor{Staff: "security1", Device: "pc-1"}, h.DB.Now()
	err := h.Findings.Place(ctx, by, "fs-1", "0101", "set up")
	for n := range 2 {
		r := finding.Report{Scan: fmt.Sprintf("%032x", n), Begun: now, Ended: now, Full: true, Complete: true, Files: 5, Agent: "test"}
		if n > 0 {
			r.Sets, r.Copies = []finding.Set{{Fields: genbo.FieldName, Open: 3}, {Fields: genbo.FieldNumber, Weak: 1}}, []finding.Copy{{Extract: "b"}, {Extract: "a"}}
		}
		_, one := h.Findings.Take(ctx, "fs-1", r)
		err = errors.Join(err, one)
	}
	_, asked := h.Findings.AskDeletion(ctx, finding.Deletion{Device: "fs-1", Files: 3, Cases: 4, Digest: strings.Repeat("a", 64)}, "no longer needed")
	if err := errors.Join(err, asked, h.Findings.Ask(ctx, by, "0101", genbo.DateOf(now.In(genbo.Japan)).AddDays(2), "seal")); err != nil {
		t.Fatal(err)
	}
}

func TestWhole(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		merge(t, h, housetest.Enter(t, h, 4))
		scan(t, h)
		r := run(t, h)
		if !r.OK() || r.People != 4 || r.Numbers != 4 || r.Tokens == 0 || r.Journal.Entries == 0 {
			t.Errorf("%+v", r)
		}
	})
}

// TestFinds does to the database what nobody may do, past the triggers, and expects it to be found.
func TestFinds(t *testing.T) {
	for name, c := range map[string]struct{ do, found string }{
		"person removed":       {"DELETE FROM person WHERE id = (SELECT min(id) FROM person)", "who is not there"},
		"fact removed":         {"DELETE FROM person_fact WHERE kind = 'birth' AND person = (SELECT min(id) FROM person)", "no date of birth"},
		"number removed":       {"DELETE FROM person_number WHERE person = (SELECT min(id) FROM person)", "no number"},
		"token removed":        {"DELETE FROM number_token WHERE person = (SELECT min(id) FROM person)", "4 numbers, and 3 tokens"},
		"token leads astray":   {"UPDATE search_token SET person = 4000000 WHERE person = (SELECT min(id) FROM person)", "search_token leads to person 4000000"},
		"fact without account": {"UPDATE person_fact SET entry = zeroblob(16) WHERE kind = 'sex' AND person = (SELECT min(id) FROM person)", "which the journal does not have"},
		"other time":           {"UPDATE person_fact SET recorded_at = recorded_at - 1000 WHERE kind = 'sex' AND person = (SELECT min(id) FROM person)", "of another time"},
		"one-sided merge":      {"UPDATE person_absorbed SET active = 0", "who does not say so"},
		"figure changed":       {"UPDATE finding SET bare = 0", "not what the journal has of it"},
		"cases changed":        {"UPDATE finding_set SET open = 0, locked = locked + open", "not what the journal has of it"},
		"report removed":       {"DELETE FROM finding_set WHERE seq = 2; DELETE FROM finding_copy WHERE seq = 2; DELETE FROM finding WHERE seq = 2", "its last is 1"},
		"first report removed": {"DELETE FROM finding_set WHERE seq = 1; DELETE FROM finding WHERE seq = 1", "has no report 1"},
		"ask without account":  {"UPDATE finding_ask SET entry = zeroblob(16)", "which the journal does not have"},
		"deletion widened":     {"UPDATE approval SET subject = replace(subject, '\"files\":3', '\"files\":9') WHERE kind = 'deletion'", "to delete is not what the journal has of it"},
		"entry removed":        {"DELETE FROM journal_entry WHERE id = (SELECT min(id) FROM journal_entry)", "entry"},
	} {
		t.Run(name, func(t *testing.T) {
			h := housetest.New(t, house.Options{})
			merge(t, h, housetest.Enter(t, h, 4))
			scan(t, h)
			err := h.DB.Update(context.Background(), func(tx *db.Tx) error {
				var triggers []string
				err := tx.Home().Each("SELECT name FROM sqlite_master WHERE type = 'trigger'", nil, func(scan func(...any) error) error {
					var name string
					err := scan(&name)
					triggers = append(triggers, name)
					return err
				})
				for _, name := range triggers {
					if err == nil {
						_, err = tx.Home().Exec("DROP TRIGGER " + name)
					}
				}
				if err == nil {
					_, err = tx.Home().Exec(c.do)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			r := run(t, h)
			var all []string
			for _, p := range r.Problems {
				all = append(all, p.Check+": "+p.What)
			}
			for _, p := range r.Journal.Problems {
				all = append(all, "journal entry "+p.Entry.String()+": "+p.What)
			}
			if r.OK() || !strings.Contains(strings.Join(all, "\n"), c.found) {
				t.Errorf("not found: %q in %q", c.found, all)
			}
		})
	}
}
