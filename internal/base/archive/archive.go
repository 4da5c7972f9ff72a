package archive

import (
	"archive/tar"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"

	"genbo/internal/base/charset"
	"genbo/internal/base/document"
	"genbo/internal/base/lock"
)

// Member is a file in an archive.
type Member struct {
	Name string
	Lock lock.Finding
	// Opened is the password that opened the member, whose Data is then there; empty for none.
	Opened string
	Size   int64     // -1 if the archive does not tell
	Data   io.Reader // nil if it stayed locked or cannot be read; valid until the next member
	Err    error     // why it cannot be read
}

// Limits bound what an archive, and all that lie in it, may make us read. They are counted down.
type Limits struct {
	Members int
	Bytes   int64 // unpacked, of all members together
}

// ErrLimit is the family of errors about limits.
var ErrLimit = errors.New("beyond the limit")

// Holds reports whether files of type t hold other files.
func Holds(t document.Type) bool {
	switch t {
	case document.Zip, document.SevenZ, document.Rar, document.Tar, document.Gzip, document.Bzip2, document.XZ, document.Zstd, document.Mail, document.Mbox, document.Msg:
		return true
	}
	return false
}

// walker counts what was handed out.
type walker struct {
	left  *Limits
	visit func(*Member) error
	count int
	try   func() []string // the passwords, asked for with the first lock

	headers int // of a rar, passed so far
}

// passwords are those to try, none where the caller has none.
func (w *walker) passwords() []string {
	if w.try == nil {
		return nil
	}
	return w.try()
}

// Walk calls visit for each member of an archive of type t. name is the archive's own, from which that of a compressed
// file's content is made. What is read is taken from left. passwords are asked for where a lock is met; it may be nil. An error of visit ends the walk.
func Walk(src document.Source, t document.Type, name string, left *Limits, passwords func() []string, visit func(*Member) error) error {
	w := &walker{left: left, try: passwords, visit: visit}
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
	case document.Msg:
		return w.outlook(src)
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
	w.count++
	if w.left.Members--; w.left.Members < 0 {
		return fmt.Errorf("%w: too many members", ErrLimit)
	}
	if m.Data != nil {
		m.Data = &bounded{r: m.Data, left: &w.left.Bytes}
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
