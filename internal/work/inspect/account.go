package inspect

import (
	"encoding/hex"
	"errors"

	"genbo"
	"genbo/internal/base/db"
)

// recorded are the tables whose rows name the journal entry that they were recorded under.
var recorded = []struct{ table, at string }{
	{"person_fact", "recorded_at"}, {"person_office", "recorded_at"}, {"person_number", "recorded_at"}, {"person_number_state", "recorded_at"},
	{"person_merge", "recorded_at"}, {"person_proposal", "recorded_at"},
	{"finding", "at"}, {"finding_place", "at"}, {"finding_ask", "at"}, {"finding_answer", "at"}, {"finding_proof", "at"}, {"finding_deletion", "at"},
}

// accounts checks that the entries that rows name are in the journal, and that the rows were recorded when the
// journal says. Many rows name one entry.
func (i *inspection) accounts(tx *db.Tx) error {
	type account struct {
		entry string
		at    int64
	}
	known := map[account]bool{}
	for _, r := range recorded {
		var accounts []account
		err := tx.Everywhere(func(p *db.Part) error {
			return p.Each("SELECT DISTINCT entry, "+r.at+" FROM "+r.table, nil, func(scan func(...any) error) error {
				var entry []byte
				var at int64
				err := scan(&entry, &at)
				accounts = append(accounts, account{string(entry), at})
				return err
			})
		})
		if err != nil {
			return err
		}
		for _, a := range accounts {
			if known[a] {
				continue
			}
			known[a] = true
			var at int64
			err := tx.Home().Row("SELECT at FROM journal_leaf WHERE entry = ?", []any{[]byte(a.entry)}, &at)
			switch name := hex.EncodeToString([]byte(a.entry)); {
			case errors.Is(err, genbo.ErrNotFound):
				i.problem("accounts", "%s has rows under entry %s, which the journal does not have", r.table, name)
			case err != nil:
				return err
			case at != a.at:
				i.problem("accounts", "%s has rows under entry %s of another time than the journal's", r.table, name)
			}
		}
	}
	return nil
}

// findings checks that reports of scans are as they came in.
func (i *inspection) findings(tx *db.Tx) error {
	return i.Findings.Verify(tx, func(what string, args ...any) { i.problem("findings", what, args...) })
}

// merges checks that both sides of each merge agree and that following them comes to an end.
func (i *inspection) merges(tx *db.Tx) error {
	into := map[int64]int64{}
	err := i.each(tx, `SELECT m.person, COALESCE(m.into_person, 0) FROM person_merge m WHERE m.version =
		(SELECT max(v.version) FROM person_merge v WHERE v.bucket = m.bucket AND v.person = m.person)`, func(id, other int64) {
		if other != 0 {
			into[id] = other
		}
	})
	if err != nil {
		return err
	}
	absorbed := map[[2]int64]bool{}
	err = i.each(tx, `SELECT a.person, a.absorbed FROM person_absorbed a WHERE a.active = 1 AND a.version =
		(SELECT max(v.version) FROM person_absorbed v WHERE v.bucket = a.bucket AND v.person = a.person AND v.absorbed = a.absorbed)`, func(id, other int64) {
		absorbed[[2]int64{other, id}] = true
		if into[other] != id {
			i.problem("merges", "person %d says to have absorbed person %d, who does not say so", id, other)
		}
	})
	if err != nil {
		return err
	}
	for id, other := range into {
		if !absorbed[[2]int64{id, other}] {
			i.problem("merges", "person %d says to be merged into person %d, who does not say so", id, other)
		}
		at, steps := id, 0
		for ; into[at] != 0 && steps <= len(into); steps++ {
			at = into[at]
		}
		if steps > len(into) {
			i.problem("merges", "person %d is merged in a circle", id)
		}
	}
	return nil
}
