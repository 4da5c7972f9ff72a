package inspect

import (
	"context"
	"errors"
	"fmt"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/journal"
	"genbo/internal/work/house"
)

// Report is what an inspection found.
type Report struct {
	Journal  journal.Report
	People   int64 // persons
	Numbers  int64
	Segments int64 // groups of disclosures in the index
	Tokens   int64 // that lead from a number or a search to a person
	Problems []Problem
	More     int64 // problems that are not listed
}

// Problem is something that is not as it must be.
type Problem struct {
	Check string
	What  string
}

// maxProblems is how many problems are listed.
const maxProblems = 1000

// OK reports whether nothing was found.
func (r Report) OK() bool { return len(r.Problems) == 0 && len(r.Journal.Problems) == 0 }

// inspection is one run.
type inspection struct {
	*house.House
	report Report
	people people
	say    func(check string)
}

// Run inspects a register. Say is told which check begins; it may be nil. With progress, so is how many
// entries of the journal are verified.
func Run(ctx context.Context, h *house.House, say func(check string), progress func(entries int64)) (Report, error) {
	if say == nil {
		say = func(string) {}
	}
	i := &inspection{House: h, say: say}
	say("journal")
	witnessed, err := h.Witnessed()
	if err != nil {
		return i.report, err
	}
	if i.report.Journal, err = journal.Verify(ctx, h.DB, h.Vault.VerifierKey(), witnessed, progress); err != nil {
		return i.report, err
	}
	err = h.DB.View(ctx, func(tx *db.Tx) error {
		for _, check := range []struct {
			name string
			do   func(*db.Tx) error
		}{
			{"people", i.whoIsThere}, {"references", i.references}, {"completeness", i.completeness}, {"tokens", i.tokens},
			{"accounts", i.accounts}, {"merges", i.merges}, {"findings", i.findings},
		} {
			say(check.name)
			if err := check.do(tx); err != nil {
				return fmt.Errorf("inspect %s: %w", check.name, err)
			}
		}
		return nil
	})
	if err != nil {
		return i.report, err
	}
	say("disclosures")
	problems, segments, err := h.Disclosure.Verify(ctx)
	if errors.Is(err, genbo.ErrNotFound) || errors.Is(err, genbo.ErrTampered) {
		problems, err = []string{"they cannot be made anew from the journal: " + err.Error()}, nil
	}
	i.report.Segments = int64(segments)
	for _, p := range problems {
		i.problem("disclosures", "%s", p)
	}
	return i.report, err
}

func (i *inspection) problem(check, what string, args ...any) {
	if len(i.report.Problems) == maxProblems {
		i.report.More++
		return
	}
	i.report.Problems = append(i.report.Problems, Problem{check, fmt.Sprintf(what, args...)})
}

// people is the set of people who are there, a bit each.
type people []uint64

func (p *people) add(id genbo.PersonID) {
	for int(id/64) >= len(*p) {
		*p = append(*p, make([]uint64, max(1024, len(*p)))...)
	}
	(*p)[id/64] |= 1 << (id % 64)
}

func (p people) has(id genbo.PersonID) bool {
	return int(id/64) < len(p) && p[id/64]&(1<<(id%64)) != 0
}

func (i *inspection) whoIsThere(tx *db.Tx) error {
	return tx.Everywhere(func(p *db.Part) error {
		return p.Each("SELECT bucket, id FROM person", nil, func(scan func(...any) error) error {
			var bucket, id int64
			if err := scan(&bucket, &id); err != nil {
				return err
			}
			if genbo.PersonID(id).Bucket() != genbo.Bucket(bucket) {
				i.problem("people", "person %d lies in bucket %d", id, bucket)
			}
			i.people.add(genbo.PersonID(id))
			i.report.People++
			return nil
		})
	})
}

// ofPeople are the tables that are about people, in the person's bucket.
var ofPeople = []string{"person_fact", "person_office", "person_number", "person_number_state", "person_merge", "person_absorbed", "person_proposal"}

func (i *inspection) references(tx *db.Tx) error {
	for _, table := range ofPeople {
		err := i.each(tx, "SELECT DISTINCT bucket, person FROM "+table, func(bucket, id int64) {
			if !i.people.has(genbo.PersonID(id)) || genbo.PersonID(id).Bucket() != genbo.Bucket(bucket) {
				i.problem("references", "%s speaks of person %d in bucket %d, who is not there", table, id, bucket)
			}
		})
		if err != nil {
			return err
		}
	}
	return i.each(tx, `SELECT s.person, s.seq FROM person_number_state s LEFT JOIN person_number n
		ON n.bucket = s.bucket AND n.person = s.person AND n.seq = s.seq WHERE n.seq IS NULL`, func(id, seq int64) {
		i.problem("references", "the state of number %d of person %d is of no number", seq, id)
	})
}

// each calls fn for the rows of two integers that a query gives on any server.
func (i *inspection) each(tx *db.Tx, query string, fn func(a, b int64)) error {
	return tx.Everywhere(func(p *db.Part) error {
		return p.Each(query, nil, func(scan func(...any) error) error {
			var a, b int64
			err := scan(&a, &b)
			if err == nil {
				fn(a, b)
			}
			return err
		})
	})
}

// completeness finds people who lack what everybody has.
func (i *inspection) completeness(tx *db.Tx) error {
	for what, query := range map[string]string{
		"number":        "SELECT p.id, 0 FROM person p WHERE NOT EXISTS (SELECT 1 FROM person_number n WHERE n.bucket = p.bucket AND n.person = p.id)",
		"office":        "SELECT p.id, 0 FROM person p WHERE NOT EXISTS (SELECT 1 FROM person_office o WHERE o.bucket = p.bucket AND o.person = p.id)",
		"name":          "SELECT p.id, 0 FROM person p WHERE NOT EXISTS (SELECT 1 FROM person_fact f WHERE f.bucket = p.bucket AND f.person = p.id AND f.kind = 'name')",
		"date of birth": "SELECT p.id, 0 FROM person p WHERE NOT EXISTS (SELECT 1 FROM person_fact f WHERE f.bucket = p.bucket AND f.person = p.id AND f.kind = 'birth')",
	} {
		if err := i.each(tx, query, func(id, _ int64) { i.problem("completeness", "person %d has no %s", id, what) }); err != nil {
			return err
		}
	}
	return nil
}

// tokens checks that every token leads to somebody and that every number has its token.
func (i *inspection) tokens(tx *db.Tx) error {
	led := map[bool]int64{}
	for _, table := range []string{"number_token", "search_token"} {
		err := i.each(tx, "SELECT person, 0 FROM "+table, func(id, _ int64) {
			i.report.Tokens++
			led[table == "number_token"]++
			if !i.people.has(genbo.PersonID(id)) {
				i.problem("tokens", "%s leads to person %d, who is not there", table, id)
			}
		})
		if err != nil {
			return err
		}
	}
	err := tx.Everywhere(func(p *db.Part) error {
		var n int64
		err := p.Row("SELECT count(*) FROM person_number", nil, &n)
		i.report.Numbers += n
		return err
	})
	if err == nil && i.report.Numbers != led[true] {
		i.problem("tokens", "%d numbers, and %d tokens that lead from a number to a person", i.report.Numbers, led[true])
	}
	return err
}
