package watch

import (
	"crypto/rand"
	"encoding/hex"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"

	"genbo"
	"genbo/internal/base/lock"
)

// The kinds of findings.
const (
	Full    = "full"    // after a walk through all folders
	Changes = "changes" // after some files changed
)

// Findings are the figures that the core is told: always the whole current state of what is watched, without a path or a person.
type Findings struct {
	Scan     string      `json:"scan"` // 32 hex digits: the same findings sent twice count once
	Begun    time.Time   `json:"begun"`
	Ended    time.Time   `json:"ended"`
	Kind     string      `json:"kind"`
	Complete bool        `json:"complete"` // every folder was there, and every file was read wholly or is locked
	Files    int         `json:"files"`
	Bytes    int64       `json:"bytes"`
	Unread   int         `json:"unread"`  // files and folders, wholly or in part
	Persons  int         `json:"persons"` // each once, however many files he is in
	Fields   []FieldsSum `json:"fields"`
	Copies   []Copies    `json:"copies"`
	Agent    string      `json:"agent"`
}

// FieldsSum is a field set's cases by lock, and its persons: each person at the widest set he is found with.
type FieldsSum struct {
	Set     string `json:"set"`
	Open    int    `json:"open"`
	Weak    int    `json:"weak"`
	Locked  int    `json:"locked"`
	Persons int    `json:"persons"`
}

// Copies are cases by the extract that they were copied from.
type Copies struct {
	Extract string `json:"extract"`
	Cases   int    `json:"cases"`
}

// Unprotected is how many cases anybody can read, or nearly.
func (f *Findings) Unprotected() (n int) {
	for _, s := range f.Fields {
		n += s.Open + s.Weak
	}
	return n
}

// figures adds up what is known of all files.
func (s *state) figures() (*Findings, error) {
	if err := s.commit(); err != nil {
		return nil, err
	}
	bySet := map[genbo.FieldSet]*FieldsSum{}
	sum := func(set genbo.FieldSet) *FieldsSum {
		if bySet[set] == nil {
			bySet[set] = &FieldsSum{Set: set.String()}
		}
		return bySet[set]
	}
	var persons []uint64
	copies := map[string]int{}
	err := s.db.View(func(tx *bolt.Tx) error {
		people := tx.Bucket(peopleBucket)
		if people == nil {
			return nil
		}
		return people.ForEach(func(k, v []byte) error {
			h, ok := decodeHolding(k, v)
			if !ok {
				return errDamaged
			}
			persons = append(persons, h.persons...)
			for set, n := range h.cases {
				if h.copied != "" {
					copies[h.copied] += n
				}
				switch h.lock {
				case lock.Locked:
					sum(set).Locked += n
				case lock.Weak:
					sum(set).Weak += n
				default:
					sum(set).Open += n
				}
			}
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	number := make([]byte, 16)
	rand.Read(number)
	f := &Findings{Scan: hex.EncodeToString(number), Files: s.about.Sums.Files, Bytes: s.about.Sums.Bytes, Unread: s.about.Sums.Unread,
		Fields: []FieldsSum{}, Copies: []Copies{}}
	for _, set := range each(persons) {
		sum(set).Persons++
		f.Persons++
	}
	for _, s := range bySet {
		f.Fields = append(f.Fields, *s)
	}
	for _, extract := range slices.Sorted(maps.Keys(copies)) {
		f.Copies = append(f.Copies, Copies{extract, copies[extract]})
	}
	slices.SortFunc(f.Fields, func(a, b FieldsSum) int { return strings.Compare(a.Set, b.Set) })
	return f, nil
}

// each hands out every person once, with all fields that he was found with.
func each(persons []uint64) iter.Seq2[uint64, genbo.FieldSet] {
	slices.Sort(persons)
	return func(yield func(uint64, genbo.FieldSet) bool) {
		for i := 0; i < len(persons); {
			token, set := persons[i]>>16, genbo.FieldSet(0)
			for ; i < len(persons) && persons[i]>>16 == token; i++ {
				set |= genbo.FieldSet(persons[i] & 0xffff)
			}
			if !yield(token, set) {
				return
			}
		}
	}
}
