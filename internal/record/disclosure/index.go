package disclosure

import (
	"context"
	"sync"

	"genbo"
	"genbo/internal/base/bitmap"
	"genbo/internal/base/db"
	"genbo/internal/record/journal"
)

// Index is the disclosure index of one register. It is safe for concurrent use.
type Index struct {
	db      *db.DB
	journal *journal.Journal

	mu    sync.Mutex
	cache map[key]cached
	held  int // bytes of the sets in the cache
	large lists
	seen  string // the newest entry of very many people when the index was last known to have it
}

// lists are the segments of very many people, as they were when the index had come to a place.
type lists struct {
	next     int64
	segments []Segment
}

// maxHeld bounds the sets that are kept parsed in memory, in bytes.
const maxHeld = 1 << 30

// cached is a parsed set, good while the segment has as many cases as then.
type cached struct {
	set   *bitmap.Set
	cases int
}

// New returns the index in a database.
func New(d *db.DB, j *journal.Journal) *Index {
	return &Index{db: d, journal: j, cache: map[key]cached{}}
}

// key tells segments apart.
type key struct {
	day     genbo.Date
	device  genbo.DeviceID
	staff   genbo.StaffID
	office  genbo.OfficeID
	purpose string
	extract string
	action  journal.Action
	fields  genbo.FieldSet
}

func (k key) args() []any {
	return []any{int64(k.day), string(k.device), string(k.staff), string(k.office), k.purpose, k.extract, string(k.action), int64(k.fields)}
}

// Segment is a group of disclosures as stored.
type Segment struct {
	key
	FirstAt, LastAt int64 // ms
	Persons, Cases  int
}

const whereKey = " WHERE day = ? AND device = ? AND staff = ? AND office = ? AND purpose = ? AND extract = ? AND action = ? AND fields = ?"

// people returns the set of a segment, parsed.
func (x *Index) people(tx *db.Tx, s Segment) (*bitmap.Set, error) {
	x.mu.Lock()
	c, ok := x.cache[s.key]
	x.mu.Unlock()
	if ok && c.cases == s.Cases {
		return c.set, nil
	}
	var b []byte
	if err := tx.Home().Row("SELECT people FROM disclosure"+whereKey, s.args(), &b); err != nil {
		return nil, err
	}
	set, err := bitmap.Parse(b)
	if err != nil {
		return nil, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if old, ok := x.cache[s.key]; ok {
		x.held -= old.set.Size()
	}
	if x.held += set.Size(); x.held > maxHeld {
		clear(x.cache)
		x.held = set.Size()
	}
	x.cache[s.key] = cached{set, s.Cases}
	return set, nil
}

// Sets calls fn with every segment's set: how many bytes it takes stored, and its members.
func (x *Index) Sets(ctx context.Context, fn func(encoded int, members func(func(uint32) bool))) error {
	return x.db.View(ctx, func(tx *db.Tx) error {
		return tx.Home().Each("SELECT people FROM disclosure", nil, func(scan func(...any) error) error {
			var b []byte
			if err := scan(&b); err != nil {
				return err
			}
			set, err := bitmap.Parse(b)
			if err == nil {
				fn(len(b), set.All())
			}
			return err
		})
	})
}
