package scan

import (
	"bufio"
	"cmp"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"sync"

	"genbo"
)

// Known is what former scans found out about files, in one file of its own. A file whose path, size, times and inode are what
// they were is not read again. It holds no person: the persons of a file are kept as keyed tokens, under a key that lies
// beside it (in PATH.key), or that of the register's filter; the register's own people as their ordinals in that.
//
// Only files that were read wholly and are open are kept. A locked file's state may hang on what lies beside it, and what
// could not be read is to be tried again.
//
// In memory it needs some 60 bytes for each file. One scan at a time may use it.
type Known struct {
	path    string
	mac     []byte       // the key that the file is authenticated under
	persons cipher.Block // under the key of the persons' tokens
	anew    string
	program [sha256.Size]byte // of the program and its options
	old     *os.File          // the file as it was saved last; nil without

	seed maphash.Seed

	mu    sync.Mutex // guards all below
	index map[uint64]spot
	runs  uint32
	swept []sweep
	fresh *growing // what is to take the place of old; nil before the first run
	err   error    // of fresh
}

// spot is where the record of a file is.
type spot struct {
	at    int64
	size  uint32
	run   uint32 // the run that met the file last
	fresh bool   // in fresh, else in old
}

// sweep is a run that went through all below its roots: what it did not meet is gone.
type sweep struct {
	roots []string
	run   uint32
}

// OpenKnown opens what former scans found out, or begins anew. A file that was damaged or made by another is not trusted:
// [Known.Anew] says so.
func OpenKnown(path string) (*Known, error) {
	k := &Known{path: path, seed: maphash.MakeSeed(), index: map[uint64]spot{}}
	key, err := keyOf(path + ".key")
	if err != nil {
		return nil, err
	}
	k.mac = derive(key, "authentic")
	if k.persons, err = aes.NewCipher(derive(key, "persons")); err != nil {
		return nil, err
	}
	switch err := k.load(); {
	case err == nil:
	case errors.Is(err, fs.ErrNotExist):
		k.forget("first")
	case errors.Is(err, genbo.ErrTampered):
		k.forget("damaged")
	default:
		return nil, err
	}
	return k, nil
}

// Anew says why nothing of former scans is used: "first", "damaged", "options" if they were done with another program or other
// options; "" where they are used.
func (k *Known) Anew() string { return k.anew }

func (k *Known) forget(why string) {
	k.anew, k.index, k.swept = why, map[uint64]spot{}, nil
	if k.old != nil {
		k.old.Close()
		k.old = nil
	}
}

// keyOf reads the key, or makes one.
func keyOf(path string) ([]byte, error) {
	key, err := os.ReadFile(path)
	switch {
	case err == nil && len(key) == 32:
		return key, nil
	case err == nil:
		return nil, fmt.Errorf("%s is no key of 32 bytes: remove it to begin anew: %w", path, genbo.ErrInvalid)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	key = make([]byte, 32)
	rand.Read(key)
	return key, WriteWhole(path, func(f *os.File) error { _, err := f.Write(key); return err })
}

func derive(key []byte, purpose string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(purpose))
	return h.Sum(nil)
}

// The file is magic, the hash of program and options, records, an empty record, and the HMAC-SHA-256 of all that. A record is
// its length in four bytes and its content.
const (
	magic  = "genbo-known 1\n"
	header = len(magic) + sha256.Size
)

var errDamaged = fmt.Errorf("what former scans found out is damaged: %w", genbo.ErrTampered)

// load reads the file once through: that it is authentic, and where the records are.
func (k *Known) load() error {
	file, err := os.Open(k.path)
	if err != nil {
		return err
	}
	if err = k.read(file); err != nil {
		file.Close()
		return err
	}
	k.old = file
	return nil
}

func (k *Known) read(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	body := info.Size() - sha256.Size
	sum, end := hmac.New(sha256.New, k.mac), make([]byte, sha256.Size)
	r := bufio.NewReaderSize(io.TeeReader(io.LimitReader(file, body), sum), 1<<20)
	head := make([]byte, header)
	if _, err := io.ReadFull(r, head); err != nil || string(head[:len(magic)]) != magic {
		return errDamaged
	}
	copy(k.program[:], head[len(magic):])
	at := int64(header)
	for {
		path, size, err := nextRecord(r)
		if err != nil {
			return errDamaged
		}
		if at += 4; size == 0 {
			break
		}
		k.index[maphash.Bytes(k.seed, path)] = spot{at: at, size: size}
		at += int64(size)
	}
	if _, err := file.ReadAt(end, body); err != nil || at != body || !hmac.Equal(end, sum.Sum(nil)) {
		return errDamaged
	}
	return nil
}

// begin is called before each run.
func (k *Known) begin(o *Options) error {
	program, err := programOf(o)
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.runs++; program != k.program {
		if k.anew == "" {
			k.forget("options")
		}
		k.discard()
		k.index, k.program = map[uint64]spot{}, program
	}
	if k.fresh == nil {
		k.fresh, err = newGrowing(k.path+".new", append([]byte(magic), program[:]...), k.mac)
		return err
	}
	return k.fresh.out.Flush()
}

// end is called after each run.
func (k *Known) end(roots []string, interrupted bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !interrupted {
		k.swept = append(k.swept, sweep{roots, k.runs})
	}
}

// find returns what is known of a file, and its persons, if it is what it was.
func (k *Known) find(path string, is stamp) (*File, []uint64, bool) {
	id := maphash.String(k.seed, path)
	k.mu.Lock()
	s, ok := k.index[id]
	from := k.file(s)
	k.mu.Unlock()
	if !ok || from == nil || s.fresh && s.run == k.runs {
		return nil, nil, false
	}
	record := make([]byte, s.size)
	if _, err := from.ReadAt(record, s.at); err != nil {
		return nil, nil, false
	}
	f, was, persons, err := decode(record)
	if err != nil || f.Path != path || was != is {
		return nil, nil, false
	}
	s.run = k.runs
	k.mu.Lock()
	k.index[id] = s
	k.mu.Unlock()
	return f, persons, true
}

// file is where a record lies; nil without one.
func (k *Known) file(s spot) *os.File {
	if s.fresh {
		return k.fresh.file
	}
	return k.old
}

// keep notes what was found out about a file.
func (k *Known) keep(f *File, is stamp, persons []uint64) {
	record, err := encode(f, is, persons)
	k.mu.Lock()
	defer k.mu.Unlock()
	if err == nil && k.err == nil {
		var at int64
		at, err = k.fresh.append(record)
		k.index[maphash.String(k.seed, f.Path)] = spot{at: at, size: uint32(len(record)), run: k.runs, fresh: true}
	}
	if k.err == nil {
		k.err = err
	}
}

// Save writes what is known now in the place of what was known before, or leaves that as it is. Another run may follow.
func (k *Known) Save() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.fresh == nil {
		return k.err
	}
	if err := errors.Join(k.err, k.carry(), k.fresh.seal()); err != nil {
		k.discard()
		return fmt.Errorf("keep what the scan found out: %w", err)
	}
	k.fresh = nil
	k.forget("")
	if err := replace(k.path+".new", k.path); err != nil {
		return err
	}
	return k.load()
}

// carry takes over what is known of files that this time were met unchanged, or not looked for.
func (k *Known) carry() error {
	var ids []uint64
	for id, s := range k.index {
		if !s.fresh {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b uint64) int { return cmp.Compare(k.index[a].at, k.index[b].at) })
	for _, id := range ids {
		s := k.index[id]
		record := make([]byte, s.size)
		if _, err := k.old.ReadAt(record, s.at); err != nil {
			return err
		}
		path, err := pathOf(record)
		if err != nil {
			return err
		}
		if k.gone(string(path), s.run) {
			delete(k.index, id)
			continue
		}
		if _, err := k.fresh.append(record); err != nil {
			return err
		}
	}
	return nil
}

func (k *Known) gone(path string, met uint32) bool {
	for _, s := range k.swept {
		if met < s.run && below(s.roots, path) {
			return true
		}
	}
	return false
}

// Close lets go of what was not saved.
func (k *Known) Close() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.forget("")
	k.discard()
	return nil
}

func (k *Known) discard() {
	if k.fresh != nil {
		k.fresh.file.Close()
		os.Remove(k.fresh.file.Name())
		k.fresh, k.err = nil, nil
		maps.DeleteFunc(k.index, func(_ uint64, s spot) bool { return s.fresh })
	}
}
