package archive

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"slices"

	"github.com/bodgit/sevenzip"

	"genbo/internal/base/document"
	"genbo/internal/base/lock"
)

// lockedWhole is a whole archive whose members' names cannot even be read.
func lockedWhole(how string) *Member {
	return &Member{Size: -1, Lock: lock.Finding{State: lock.Locked, How: how}}
}

const sevenLock = "7z AES-256"

func (w *walker) sevenZip(src document.Source) error {
	in := &breakable{ReaderAt: src}
	z, err := sevenzip.NewReader(in, src.Size())
	var locked map[int]bool
	names, password := false, ""
	if err == nil {
		locked = sevenLocked(z, in)
	} else if names = true; !encrypted(err) {
		return fmt.Errorf("7z: %w", err)
	}
	if names || slices.Contains(slices.Collect(maps.Values(locked)), true) {
		for _, p := range w.passwords() {
			if opened, err := sevenzip.NewReaderWithPassword(src, src.Size(), p); err == nil && sevenFits(opened, locked) {
				z, password = opened, p
				break
			}
		}
	}
	if names && password == "" {
		return w.member(lockedWhole(sevenLock + ", names too"))
	}
	for _, f := range z.File {
		if f.FileInfo().IsDir() {
			continue
		}
		if err := w.sevenMember(f, names || locked[f.Stream] && f.UncompressedSize > 0, names, password); err != nil {
			return err
		}
	}
	return nil
}

func encrypted(err error) bool {
	var e *sevenzip.ReadError
	return errors.As(err, &e) && e.Encrypted
}

// breakable is an archive that can be made to fail. The library tells of encryption with errors alone, and a member that is decrypted
// without its password may begin with anything, an end too: so it is asked for an error that has no other cause.
type breakable struct {
	io.ReaderAt
	broken bool
}

var errBroken = errors.New("made to fail")

func (b *breakable) ReadAt(p []byte, at int64) (int, error) {
	if b.broken {
		return 0, errBroken
	}
	return b.ReaderAt.ReadAt(p, at)
}

// sevenLocked are the streams of an archive that are encrypted. Several members may lie in one.
func sevenLocked(z *sevenzip.Reader, in *breakable) map[int]bool {
	in.broken = true
	defer func() { in.broken = false }()
	locked := map[int]bool{}
	for _, f := range z.File {
		if _, known := locked[f.Stream]; known || f.FileInfo().IsDir() || f.UncompressedSize == 0 {
			continue
		}
		r, err := f.Open()
		if err == nil {
			_, err = r.Read(make([]byte, 1))
		}
		locked[f.Stream] = encrypted(err)
	}
	return locked
}

// sevenFits reports whether the password is right: a locked member, the smallest, then has the checksum that is written beside it. The library
// does not compare it.
func sevenFits(z *sevenzip.Reader, locked map[int]bool) bool {
	var least *sevenzip.File
	for _, f := range z.File {
		if !f.FileInfo().IsDir() && f.UncompressedSize > 0 && (locked == nil || locked[f.Stream]) && (least == nil || f.UncompressedSize < least.UncompressedSize) {
			least = f
		}
	}
	if least == nil {
		return true
	}
	r, err := least.Open()
	if err != nil {
		return false
	}
	defer r.Close()
	sum := crc32.NewIEEE()
	n, err := io.Copy(sum, io.LimitReader(r, 64<<20))
	return err == nil && (uint64(n) < least.UncompressedSize && n == 64<<20 || least.CRC32 == 0 || sum.Sum32() == least.CRC32)
}

func (w *walker) sevenMember(f *sevenzip.File, locked, names bool, password string) error {
	m := &Member{Name: f.Name, Size: int64(min(f.UncompressedSize, 1<<62))}
	if locked {
		m.Opened, m.Lock = password, lock.Finding{State: lock.Locked, How: sevenLock}
		if names {
			m.Lock.How += ", names too"
		}
		if password == "" {
			return w.member(m)
		}
	}
	r, err := f.Open()
	if m.Err = err; err == nil {
		defer r.Close()
		m.Data = &exact{r, f.UncompressedSize}
	}
	return w.member(m)
}

// exact is a member that has so many bytes; one that ends before is damaged.
type exact struct {
	r    io.Reader
	left uint64
}

func (e *exact) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	e.left -= uint64(n)
	if errors.Is(err, io.EOF) && e.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}
