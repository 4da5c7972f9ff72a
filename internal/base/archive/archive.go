package archive

import (
	"archive/tar"
	"archive/zip"
	"compress/bzip2"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/bodgit/sevenzip"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/nwaples/rardecode/v2"
	"github.com/ulikunitz/xz"

	"genbo/internal/base/charset"
	"genbo/internal/base/document"
	"genbo/internal/base/lock"
)

// Member is a file in an archive.
type Member struct {
	Name string
	Lock lock.Finding
	Size int64     // -1 if the archive does not tell
	Data io.Reader // nil if it is locked or cannot be read; valid until the next member
	Err  error     // why it cannot be read
}

// Limits bound what an archive may make us read.
type Limits struct {
	Members int
	Bytes   int64 // unpacked, of all members together
}

// ErrLimit is the family of errors about limits.
var ErrLimit = errors.New("beyond the limit")

// Holds reports whether files of type t hold other files.
func Holds(t document.Type) bool {
	switch t {
	case document.Zip, document.SevenZ, document.Rar, document.Tar, document.Gzip, document.Bzip2, document.XZ, document.Zstd, document.Mail, document.Mbox:
		return true
	}
	return false
}

// walker counts what was handed out.
type walker struct {
	limits Limits
	left   int64
	visit  func(*Member) error
	count  int
}

// Walk calls visit for each member of an archive of type t. name is the archive's own, from which that of a compressed
// file's content is made. An error of visit ends the walk.
func Walk(src document.Source, t document.Type, name string, limits Limits, visit func(*Member) error) error {
	w := &walker{limits: limits, left: limits.Bytes, visit: visit}
	switch t {
	case document.Zip:
		return w.zip(src)
	case document.SevenZ:
		return w.sevenZip(src)
	case document.Rar:
		return w.rar(src)
	case document.Tar:
		return w.tar(src)
	case document.Mail:
		return w.mail(src)
	case document.Mbox:
		return w.mbox(src)
	}
	r, err := decompressor(src, t)
	if err != nil {
		return fmt.Errorf("%s: %w", t, err)
	}
	return w.member(&Member{Name: inner(name), Size: -1, Data: r})
}

func decompressor(src io.Reader, t document.Type) (io.Reader, error) {
	switch t {
	case document.Gzip:
		return gzip.NewReader(src)
	case document.Bzip2:
		return bzip2.NewReader(src), nil
	case document.XZ:
		return xz.ReaderConfig{DictCap: 64 << 20}.NewReader(src)
	case document.Zstd:
		return zstd.NewReader(src, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(128<<20))
	}
	return nil, fmt.Errorf("no archive: %s", t)
}

// inner is the name of the content of a compressed file: list.csv for list.csv.gz.
func inner(name string) string {
	base := path.Base(strings.ReplaceAll(name, "\\", "/"))
	for from, to := range map[string]string{".tgz": ".tar", ".tbz2": ".tar", ".txz": ".tar"} {
		if rest, ok := strings.CutSuffix(base, from); ok {
			return rest + to
		}
	}
	return strings.TrimSuffix(base, path.Ext(base))
}

// member hands out one member within the limits.
func (w *walker) member(m *Member) error {
	if w.count++; w.count > w.limits.Members {
		return fmt.Errorf("%w: more than %d members", ErrLimit, w.limits.Members)
	}
	if m.Data != nil {
		m.Data = &bounded{r: m.Data, left: &w.left}
	}
	return w.visit(m)
}

// bounded ends with an error where the limit of all members together is reached.
type bounded struct {
	r    io.Reader
	left *int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if *b.left <= 0 {
		return 0, fmt.Errorf("%w: it unpacks to too many bytes", ErrLimit)
	}
	n, err := b.r.Read(p[:min(int64(len(p)), *b.left)])
	*b.left -= int64(n)
	return n, err
}

const (
	zipEncrypted = 1 << 0
	zipStrong    = 1 << 6
	zipUTF8      = 1 << 11
	methodAES    = 99
	extraAES     = 0x9901
)

func (w *walker) zip(src document.Source) error {
	z, err := zip.NewReader(src, src.Size())
	if err != nil {
		return fmt.Errorf("zip: %w", err)
	}
	z.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser { return flate.NewReader(r) })
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") && f.UncompressedSize64 == 0 {
			continue
		}
		m := &Member{Name: f.Name, Size: int64(min(f.UncompressedSize64, 1<<62))}
		if f.Flags&zipUTF8 == 0 {
			m.Name, _ = charset.All([]byte(f.Name))
		}
		if f.Flags&zipEncrypted != 0 {
			m.Lock = zipLock(f)
		} else if r, err := f.Open(); err != nil {
			m.Err = err
		} else {
			m.Data = r
		}
		err := w.member(m)
		if c, ok := m.Data.(*bounded); ok {
			if closer, ok := c.r.(io.Closer); ok {
				closer.Close()
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// zipLock tells how a member is encrypted (PKWARE's APPNOTE 4.4.4, 7; WinZip's AES, 9901).
func zipLock(f *zip.File) lock.Finding {
	if f.Flags&zipStrong != 0 {
		return lock.Finding{State: lock.Locked, How: "PKWARE strong encryption"}
	}
	if f.Method != methodAES {
		return lock.Finding{State: lock.Weak, How: "ZipCrypto"}
	}
	for b := f.Extra; len(b) >= 4; {
		id, size := binary.LittleEndian.Uint16(b), int(binary.LittleEndian.Uint16(b[2:]))
		if len(b) < 4+size {
			break
		}
		if id == extraAES && size >= 7 {
			if bits := map[byte]int{1: 128, 2: 192, 3: 256}[b[8]]; bits != 0 {
				return lock.Finding{State: lock.Locked, How: fmt.Sprintf("AES-%d", bits)}
			}
		}
		b = b[4+size:]
	}
	return lock.Finding{State: lock.Unreadable, How: "method 99 without its record"}
}

func (w *walker) tar(src io.Reader) error {
	t := tar.NewReader(src)
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("tar: %w", err)
		}
		if h.Typeflag != tar.TypeReg && h.Typeflag != tar.TypeGNUSparse {
			continue
		}
		name, _ := charset.All([]byte(h.Name))
		if err := w.member(&Member{Name: name, Size: h.Size, Data: t}); err != nil {
			return err
		}
	}
}

// lockedWhole is a whole archive whose members' names cannot even be read.
func lockedWhole(how string) *Member {
	return &Member{Size: -1, Lock: lock.Finding{State: lock.Locked, How: how}}
}

func (w *walker) sevenZip(src document.Source) error {
	z, err := sevenzip.NewReader(src, src.Size())
	if err != nil {
		var e *sevenzip.ReadError
		if errors.As(err, &e) && e.Encrypted {
			return w.member(lockedWhole("7z AES-256, names too"))
		}
		return fmt.Errorf("7z: %w", err)
	}
	for _, f := range z.File {
		if f.FileInfo().IsDir() {
			continue
		}
		m := &Member{Name: f.Name, Size: int64(min(f.UncompressedSize, 1<<62))}
		r, err := f.Open()
		var e *sevenzip.ReadError
		switch {
		case errors.As(err, &e) && e.Encrypted:
			m.Lock = lock.Finding{State: lock.Locked, How: "7z AES-256"}
		case err != nil:
			m.Err = err
		default:
			m.Data = r
			// A wrong key shows only when the content is read.
			if f.UncompressedSize > 0 {
				var first [1]byte
				n, err := io.ReadFull(r, first[:])
				if errors.As(err, &e) && e.Encrypted {
					m.Data, m.Lock = nil, lock.Finding{State: lock.Locked, How: "7z AES-256"}
				} else if err != nil {
					m.Data, m.Err = nil, err
				} else {
					m.Data = io.MultiReader(strings.NewReader(string(first[:n])), r)
				}
			}
		}
		err = w.member(m)
		if r != nil {
			r.Close()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) rar(src document.Source) error {
	r, err := rardecode.NewReader(src, rardecode.MaxDictionarySize(128<<20))
	if err != nil {
		return w.rarError(err)
	}
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return w.rarError(err)
		}
		if h.IsDir {
			continue
		}
		m := &Member{Name: h.Name, Size: h.UnPackedSize}
		if h.Encrypted {
			m.Lock = lock.Finding{State: lock.Locked, How: "rar AES"}
		} else {
			m.Data = r
		}
		if err := w.member(m); err != nil {
			return err
		}
	}
}

func (w *walker) rarError(err error) error {
	if errors.Is(err, rardecode.ErrArchiveEncrypted) || errors.Is(err, rardecode.ErrArchivedFileEncrypted) {
		return w.member(lockedWhole("rar AES, names too"))
	}
	return fmt.Errorf("rar: %w", err)
}
