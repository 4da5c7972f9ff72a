package watch

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"

	"genbo"
	"genbo/internal/base/lock"
	"genbo/internal/work/scan"
)

// The flags of an entry.
const (
	flagFolder = 1 << iota
	flagUnread
	flagAgain
	flagPeople
)

func (e entry) encode(key []byte) []byte {
	var flags byte
	for i, is := range []bool{e.folder, e.unread, e.again, e.people} {
		if is {
			flags |= 1 << i
		}
	}
	b := append(make([]byte, 0, 56), flags, byte(e.lock))
	b = binary.BigEndian.AppendUint64(b, uint64(e.size))
	b = binary.BigEndian.AppendUint64(b, uint64(e.read))
	return sealed(key, append(b, e.stamp[:]...))
}

func decodeEntry(key, b []byte) (e entry, ok bool) {
	b, ok = unsealed(key, b)
	if !ok || len(key) != 16 || len(b) != 2+8+8+len(e.stamp) || b[1] > byte(lock.Unreadable) {
		return entry{}, false
	}
	e = entry{folder: b[0]&flagFolder != 0, unread: b[0]&flagUnread != 0, again: b[0]&flagAgain != 0, people: b[0]&flagPeople != 0, lock: lock.State(b[1]),
		size: int64(binary.BigEndian.Uint64(b[2:])), read: int64(binary.BigEndian.Uint64(b[10:]))}
	copy(e.stamp[:], b[18:])
	return e, true
}

// holding is what a file holds of people.
type holding struct {
	lock    lock.State
	cases   map[genbo.FieldSet]int
	copied  string   // the extract that it is a copy of; empty for none
	persons []uint64 // as in [scan.Reading]
}

func holdingOf(r scan.Reading) (holding, error) {
	h := holding{lock: r.Lock, cases: map[genbo.FieldSet]int{}, persons: r.Persons}
	for letters, n := range r.Cases {
		set, err := genbo.ParseFieldSet(letters)
		if err != nil {
			return h, fmt.Errorf("the scan tells of fields %q: %w", letters, err)
		}
		h.cases[set] += n
	}
	if len(r.CopyOf) > 0 && r.CopyOf[0].Doubt < scan.Named {
		h.copied = r.CopyOf[0].Extract
	}
	return h, nil
}

func (h holding) encode(key []byte) []byte {
	b := append(make([]byte, 0, 8*len(h.persons)+12*len(h.cases)+8), byte(h.lock))
	b = binary.BigEndian.AppendUint16(b, uint16(len(h.cases)))
	sets := make([]genbo.FieldSet, 0, len(h.cases))
	for set := range h.cases {
		sets = append(sets, set)
	}
	slices.Sort(sets)
	for _, set := range sets {
		b = binary.BigEndian.AppendUint16(b, uint16(set))
		b = binary.BigEndian.AppendUint64(b, uint64(h.cases[set]))
	}
	b = append(append(b, byte(len(h.copied))), h.copied...)
	for _, p := range h.persons {
		b = binary.BigEndian.AppendUint64(b, p)
	}
	return sealed(key, b)
}

func decodeHolding(key, b []byte) (h holding, ok bool) {
	b, ok = unsealed(key, b)
	if !ok || len(key) != 8 || len(b) < 3 || b[0] > byte(lock.Unreadable) {
		return h, false
	}
	n := int(binary.BigEndian.Uint16(b[1:]))
	h = holding{lock: lock.State(b[0]), cases: map[genbo.FieldSet]int{}}
	if b = b[3:]; len(b) < 10*n+1 {
		return h, false
	}
	for ; n > 0; n, b = n-1, b[10:] {
		h.cases[genbo.FieldSet(binary.BigEndian.Uint16(b))] = int(binary.BigEndian.Uint64(b[2:]))
	}
	n, b = int(b[0]), b[1:]
	if len(b) < n || (len(b)-n)%8 != 0 {
		return h, false
	}
	h.copied, b = string(b[:n]), b[n:]
	for ; len(b) > 0; b = b[8:] {
		h.persons = append(h.persons, binary.BigEndian.Uint64(b))
	}
	return h, true
}

// get returns what is known of a place.
func (s *state) get(p place) (e entry, known bool, err error) {
	tx, err := s.writing()
	if err != nil {
		return e, false, err
	}
	key := p.key()
	v := tx.Bucket(entriesBucket).Get(key)
	if v == nil {
		return e, false, nil
	}
	if e, known = decodeEntry(key, v); !known {
		return e, false, errDamaged
	}
	return e, true, nil
}

// put notes what is known of a place from now on, and h, what it holds of people. A file that takes the place of a folder takes that
// of all below it.
func (s *state) put(p place, e entry, h holding) error {
	was, known, err := s.get(p)
	if err != nil {
		return err
	}
	if known && was.folder != e.folder {
		if err := s.remove(p); err != nil {
			return err
		}
		was, known = entry{}, false
	}
	key, people := p.key(), s.tx.Bucket(peopleBucket)
	s.dirty = true
	if known {
		s.about.Sums.add(was, -1)
	}
	s.about.Sums.add(e, 1)
	switch e.people = len(h.cases) > 0; {
	case e.people:
		err = people.Put(key[8:], h.encode(key[8:]))
	case was.people:
		err = people.Delete(key[8:])
	}
	if err != nil {
		return err
	}
	if err := s.tx.Bucket(entriesBucket).Put(key, e.encode(key)); err != nil {
		return err
	}
	return s.recent.append(p, e, h)
}

// recover puts again what was put and not committed. To a state that was begun anew nothing of that belongs.
func (s *state) recover(anew string) error {
	if anew != "" {
		return s.recent.clear(s.about.Commits)
	}
	err := s.recent.replay(s.about.Commits, func(p place, e entry, h holding) error {
		s.about.Changed = true
		return s.put(p, e, h)
	})
	if err != nil {
		return err
	}
	return s.commit()
}

// remove forgets a place and all below it.
func (s *state) remove(p place) error {
	e, known, err := s.get(p)
	if err != nil || !known {
		return err
	}
	if e.folder {
		below, err := s.below(p.self)
		if err != nil {
			return err
		}
		for child := range below {
			if err := s.remove(place{p.self, child}); err != nil {
				return err
			}
		}
	}
	key := p.key()
	s.dirty = true
	s.about.Sums.add(e, -1)
	if e.people {
		if err := s.tx.Bucket(peopleBucket).Delete(key[8:]); err != nil {
			return err
		}
	}
	return s.tx.Bucket(entriesBucket).Delete(key)
}

// below lists what is known in a folder.
func (s *state) below(folder id) (map[id]entry, error) {
	tx, err := s.writing()
	if err != nil {
		return nil, err
	}
	found := map[id]entry{}
	prefix := binary.BigEndian.AppendUint64(nil, uint64(folder))
	c := tx.Bucket(entriesBucket).Cursor()
	for k, v := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, v = c.Next() {
		e, ok := decodeEntry(k, v)
		if !ok {
			return nil, errDamaged
		}
		found[id(binary.BigEndian.Uint64(k[8:]))] = e
	}
	return found, nil
}
