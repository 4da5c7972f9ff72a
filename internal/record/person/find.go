package person

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/jtext"
)

// Query is what is known of a person to be found. All that is given must fit.
type Query struct {
	Number genbo.Number
	Kana   string
	Kanji  string
	Latin  string
	Birth  genbo.Date
	Postal string
	Phone  string
}

// Ways to find: a query needs one of these.
var errTooWide = genbo.NewFault("query", "query.wide")

// Found is the people that fit a query, those who stand for merged ones in their place.
type Found struct {
	People []genbo.PersonID
	More   bool // there are more than the limit
}

// maxCandidates bounds how many people one token may lead to before a query is too wide.
const maxCandidates = 2000

// Find returns the people that fit a query by their tokens, at most limit. It opens nothing.
func (r *Register) Find(ctx context.Context, q Query, limit int) (Found, error) {
	var found Found
	err := r.db.View(ctx, func(tx *db.Tx) error {
		people, err := r.candidates(tx, q)
		if err != nil {
			return err
		}
		seen := map[genbo.PersonID]bool{}
		for _, id := range people {
			stands, err := r.Resolve(tx, id)
			if err != nil {
				return err
			}
			if seen[stands] {
				continue
			}
			if len(found.People) == limit {
				found.More = true
				return nil
			}
			seen[stands] = true
			found.People = append(found.People, stands)
		}
		return nil
	})
	if err != nil {
		return Found{}, fmt.Errorf("find people: %w", err)
	}
	return found, nil
}

// candidates intersects what each index that the query can use leads to.
func (r *Register) candidates(tx *db.Tx, q Query) ([]genbo.PersonID, error) {
	var lists [][]genbo.PersonID
	look := func(kind searchKind, parts ...string) error {
		list, err := r.search(tx, maxCandidates+1, kind, parts...)
		if err == nil && len(list) > maxCandidates {
			err = errTooWide
		}
		lists = append(lists, list)
		return err
	}
	var errs []error
	if !q.Number.IsZero() {
		id, err := r.Holder(tx, q.Number)
		switch {
		case errors.Is(err, genbo.ErrNotFound):
			lists = append(lists, nil)
		case err != nil:
			return nil, err
		default:
			lists = append(lists, []genbo.PersonID{id})
		}
	}
	kana, birth := jtext.FoldKana(q.Kana), q.Birth.String()
	switch {
	case kana != "" && birth != "":
		errs = append(errs, look(byKanaBirth, kana, birth))
	case kana != "":
		errs = append(errs, look(byKana, kana))
	}
	if q.Kanji != "" {
		errs = append(errs, look(byKanji, jtext.FoldKanji(q.Kanji)))
	}
	if q.Latin != "" {
		errs = append(errs, look(byLatin, jtext.FoldLatin(q.Latin)))
	}
	if birth != "" && q.Postal != "" {
		errs = append(errs, look(byBirthPostal, birth, q.Postal))
	}
	if q.Phone != "" {
		errs = append(errs, look(byPhone, digits(q.Phone)))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if len(lists) == 0 {
		return nil, errTooWide
	}
	people := intersect(lists)
	if birth == "" || len(people) == 0 {
		return people, nil
	}
	return r.bornOn(tx, people, q.Birth)
}

// intersect keeps the people that are in every list.
func intersect(lists [][]genbo.PersonID) []genbo.PersonID {
	slices.SortFunc(lists, func(a, b []genbo.PersonID) int { return cmp.Compare(len(a), len(b)) })
	people := lists[0]
	for _, list := range lists[1:] {
		in := map[genbo.PersonID]bool{}
		for _, id := range list {
			in[id] = true
		}
		people = slices.DeleteFunc(slices.Clone(people), func(id genbo.PersonID) bool { return !in[id] })
	}
	return people
}

// bornOn keeps the people whose date of birth was ever recorded as birth. No value leaves it.
func (r *Register) bornOn(tx *db.Tx, people []genbo.PersonID, birth genbo.Date) (kept []genbo.PersonID, err error) {
	for _, id := range people {
		record, err := r.load(tx, id, genbo.FieldBirth)
		if err != nil {
			return nil, err
		}
		for _, f := range record.Facts {
			if f.Withdraws == 0 && f.Value.Plain() == Birth(birth) {
				kept = append(kept, id)
				break
			}
		}
	}
	return kept, nil
}
