package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"genbo/internal/base/keyedset"
)

// makeFilter makes and opens the filter of a register of so many persons, of whom one in two stands in the files. Each has three tokens,
// as invented people have: a number, and a name in kanji and in kana.
func (s *scanBench) makeFilter(ctx context.Context) (err error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	key, path := keyedset.NewKey(), filepath.Join(s.dir, "filter")
	began := time.Now()
	if err := s.writeFilter(ctx, key, path); err != nil {
		return err
	}
	made := time.Since(began)
	s.filter, err = keyedset.Open(path, key, time.Now())
	if err != nil {
		return err
	}
	s.figures(figure{"filter_persons", float64(s.flags.persons), "persons"}, figure{"filter_mb", float64(s.filter.Bytes()) / 1e6, "MB"}, figure{"filter_made", made.Seconds(), "s"})
	return os.Remove(path) // it lies in memory now
}

func (s *scanBench) writeFilter(ctx context.Context, key *keyedset.Key, path string) (err error) {
	b := keyedset.NewBuilder(key, s.dir)
	defer func() { err = errors.Join(err, b.Close()) }()
	people := s.plan.People()
	for i := 0; i < people.Len() && i/2 < s.flags.persons; i += 2 {
		p := people.Person(i)
		who := keyedset.Person(uint32(i / 2))
		if err := b.Add(b.Number(p.Number.Value()), who); err != nil {
			return err
		}
		for _, name := range []string{p.Name, p.Kana} {
			if t, ok := b.Name([]byte(name), p.Birth); ok {
				err = errors.Join(err, b.Add(t, who))
			}
		}
		if err != nil {
			return err
		}
	}
	if err := b.Pad(3 * int64(max(0, s.flags.persons-people.Len()/2))); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	now := time.Now()
	return errors.Join(b.Write(ctx, f, keyedset.Info{Register: "genbo.bench", Made: now, Expires: now.Add(24 * time.Hour), Persons: uint32(s.flags.persons)}), f.Close())
}
