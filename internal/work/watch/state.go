package watch

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"genbo"
	"genbo/internal/base/lock"
	"genbo/internal/work/scan"
)

// id stands for a file or folder: a keyed hash of its path. Two of ten million fall together once in 370,000 such servers.
type id uint64

// place is where an entry stands in the state: below its folder.
type place struct{ folder, self id }

func (p place) key() []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(make([]byte, 0, 16), uint64(p.folder)), uint64(p.self))
}

// entry is what is known of a file or folder.
type entry struct {
	folder bool
	unread bool // wholly or in part
	again  bool // to be read again by the next full scan, though its stamp may be the same
	people bool // it has a record in the bucket of people
	lock   lock.State
	size   int64 // bytes
	read   int64 // when, in seconds since 1970
	stamp  scan.Stamp
}

// sums are of all entries.
type sums struct {
	Files  int   `json:"files"`
	Bytes  int64 `json:"bytes"`
	Unread int   `json:"unread"` // files and folders
}

func (s *sums) add(e entry, sign int) {
	if !e.folder {
		s.Files += sign
		s.Bytes += int64(sign) * e.size
	}
	if e.unread {
		s.Unread += sign
	}
}

// about is what is known of the whole.
type about struct {
	Commits uint64            `json:"commits"` // so far
	Program []byte            `json:"program"`
	Sums    sums              `json:"sums"`
	Begun   time.Time         `json:"begun"`   // of the full scan that is under way; zero without
	Full    time.Time         `json:"full"`    // end of the last full scan; zero before the first
	Roots   map[string]string `json:"roots"`   // id of each root, as hex digits → which folder it was
	Changed bool              `json:"changed"` // figures that were not reported yet
}

// state keeps what is known, on disk, so that it survives whatever ends the program. It holds neither paths nor persons:
// files and persons stand there under hashes whose key lies beside it.
//
// What is put is committed together with what was put a moment before and after ([slowest]), and stands in [recent] until then.
type state struct {
	db    *bolt.DB
	key   []byte
	about about
	now   func() time.Time

	recent *recent
	tx     *bolt.Tx // gathers what is put; nil after a commit
	begun  time.Time
	dirty  bool // something was put since
}

// slowest is how long what was found out may wait to be committed: what a power cut costs.
const slowest = 250 * time.Millisecond

var (
	entriesBucket = []byte("entries") // place → entry
	peopleBucket  = []byte("people")  // id → holding
	aboutBucket   = []byte("about")
	aboutKey      = []byte("about")

	checksums  = crc32.MakeTable(crc32.Castagnoli)
	errDamaged = fmt.Errorf("the state is damaged: %w", genbo.ErrTampered)
)

// openState opens the state in a folder, or makes one. What is damaged is removed and begun anew: anew says why.
func openState(dir string, now func() time.Time) (s *state, anew string, err error) {
	key, err := openKey(filepath.Join(dir, "state.key"))
	if err != nil {
		return nil, "", err
	}
	path := filepath.Join(dir, "state.db")
	s = &state{key: key, now: now}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		anew = "first"
	}
	err = s.open(path)
	if errors.Is(err, genbo.ErrTampered) {
		anew = "damaged"
		if err = os.Remove(path); err == nil {
			err = s.open(path)
		}
	}
	if err != nil {
		return nil, "", err
	}
	if s.recent, err = openRecent(filepath.Join(dir, "state.recent")); err == nil {
		err = s.recover(anew)
	}
	if err != nil {
		return nil, "", errors.Join(err, s.db.Close())
	}
	return s, anew, nil
}

// openKey reads the key, or makes one. One of another length is a damaged one: what stood under it cannot be found any more.
func openKey(path string) ([]byte, error) {
	key, err := os.ReadFile(path)
	if err == nil && len(key) == 32 {
		return key, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	key = make([]byte, 32)
	rand.Read(key)
	return key, writeWhole(path, key)
}

// open opens the database, after it has been checked as it lies there: the library begins with a walk through its pages, in a
// goroutine whose panics nobody catches.
func (s *state) open(path string) error {
	if info, err := os.Stat(path); err == nil && info.Size() > 0 {
		if err := s.verify(path); err != nil {
			return err
		}
	} else {
		s.about = about{Roots: map[string]string{}}
	}
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: time.Second, NoFreelistSync: true, FreelistType: bolt.FreelistMapType})
	s.db = db
	return opened(err)
}

// verify reads the database once through. A page that is no page makes the library panic, and one that is not there makes the
// memory map fault.
func (s *state) verify(path string) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if broken := recover(); broken != nil {
			err = errDamaged
		}
	}()
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: time.Second, ReadOnly: true})
	if err != nil {
		return opened(err)
	}
	defer db.Close() // nothing was written
	return db.View(s.check)
}

// opened says what an error of opening the database means.
func opened(err error) error {
	var system *fs.PathError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, bolterrors.ErrTimeout):
		return fmt.Errorf("another watch uses this state: %w", genbo.ErrConflict)
	case errors.As(err, &system):
		return err
	}
	return errDamaged
}

// check reads all, and compares it with its checksums and sums. An empty database is a new one.
func (s *state) check(tx *bolt.Tx) error {
	s.about = about{Roots: map[string]string{}}
	entries, people, meta := tx.Bucket(entriesBucket), tx.Bucket(peopleBucket), tx.Bucket(aboutBucket)
	if entries == nil && people == nil && meta == nil {
		return nil
	}
	if entries == nil || people == nil || meta == nil {
		return errDamaged
	}
	text, ok := unsealed(aboutKey, meta.Get(aboutKey))
	if !ok || json.Unmarshal(text, &s.about) != nil {
		return errDamaged
	}
	var is sums
	holders := 0
	err := entries.ForEach(func(k, v []byte) error {
		e, ok := decodeEntry(k, v)
		if !ok {
			return errDamaged
		}
		if is.add(e, 1); e.people {
			holders++
			if people.Get(k[8:]) == nil {
				return errDamaged
			}
		}
		return nil
	})
	if err != nil || is != s.about.Sums {
		return errDamaged
	}
	return people.ForEach(func(k, v []byte) error {
		_, ok := decodeHolding(k, v)
		if holders--; !ok || holders < 0 {
			return errDamaged
		}
		return nil
	})
}

// writing returns the transaction that gathers what is put.
func (s *state) writing() (*bolt.Tx, error) {
	if s.tx != nil {
		return s.tx, nil
	}
	tx, err := s.db.Begin(true)
	if err != nil {
		return nil, err
	}
	for _, name := range [][]byte{entriesBucket, peopleBucket, aboutBucket} {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return nil, errors.Join(err, tx.Rollback())
		}
	}
	s.tx, s.begun = tx, s.now()
	return tx, nil
}

// commit brings all that was put to the disk.
func (s *state) commit() error {
	if s.tx == nil {
		return nil
	}
	tx, dirty := s.tx, s.dirty
	if s.tx, s.dirty = nil, false; !dirty {
		return tx.Rollback()
	}
	s.about.Commits++
	text, err := json.Marshal(s.about)
	if err == nil {
		err = tx.Bucket(aboutBucket).Put(aboutKey, sealed(aboutKey, text))
	}
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return s.recent.clear(s.about.Commits)
}

// settle commits what has waited long enough.
func (s *state) settle() error {
	if waited := s.now().Sub(s.begun); s.tx != nil && waited >= 0 && waited < slowest {
		return nil
	}
	return s.commit()
}

// note has the change of about written with the rest.
func (s *state) note(change func(*about)) error {
	_, err := s.writing()
	change(&s.about)
	s.dirty = true
	return err
}

// clear forgets everything.
func (s *state) clear() error {
	tx, err := s.writing()
	if err != nil {
		return err
	}
	for _, name := range [][]byte{entriesBucket, peopleBucket} {
		if err := tx.DeleteBucket(name); err != nil {
			return err
		}
		if _, err := tx.CreateBucket(name); err != nil {
			return err
		}
	}
	return s.note(func(a *about) { *a = about{Commits: a.Commits, Roots: map[string]string{}} })
}

func (s *state) close() error { return errors.Join(s.commit(), s.db.Close(), s.recent.file.Close()) }

// id of what lies under a name in a folder.
func (s *state) id(folder id, name string) id {
	b := append(binary.BigEndian.AppendUint64(bytes.Clone(s.key), uint64(folder)), name...)
	sum := sha256.Sum256(b)
	return id(binary.BigEndian.Uint64(sum[:]))
}

// sealed appends a checksum of key and value.
func sealed(key, value []byte) []byte {
	return binary.BigEndian.AppendUint32(value, crc32.Update(crc32.Checksum(key, checksums), checksums, value))
}

func unsealed(key, b []byte) (value []byte, ok bool) {
	n := len(b) - 4
	if n < 0 {
		return nil, false
	}
	value = b[:n:n]
	return value, binary.BigEndian.Uint32(b[n:]) == crc32.Update(crc32.Checksum(key, checksums), checksums, value)
}
