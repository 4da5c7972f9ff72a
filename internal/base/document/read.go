package document

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"strings"

	"github.com/klauspost/compress/flate"

	"genbo/internal/base/charset"
)

// ErrNotRead is the family of errors that say why a document, or a part of it, was not read.
var ErrNotRead = errors.New("not read")

// errNoReader is given for types that hold text which this package cannot read.
var errNoReader = fmt.Errorf("%w: no reader for this type", ErrNotRead)

// errAccess is given for databases of Access: there is no free reader of them in Go.
var errAccess = fmt.Errorf("%w: a database of Access", ErrNotRead)

// errLog is given for the changes to a database that lie in a file beside it.
var errLog = fmt.Errorf("%w: changes that a database beside it does not hold yet", ErrNotRead)

// Read hands what a document says to out. Text files are not for it: they need no more than package charset.
func Read(src Source, t Type, out Sink) error {
	switch t {
	case Empty, Image:
		return nil
	case HTML, FlatODF, SheetXML, WordXML:
		r, err := charset.NewReader(src)
		if err != nil {
			return err
		}
		words := map[Type]vocabulary{HTML: htmlVocabulary, FlatODF: odfVocabulary, SheetXML: sheetVocabulary, WordXML: wordVocabulary}[t]
		return readBlocks(r, words, out)
	case Docx, Pptx, Odt, Ods, Odp:
		return readParts(src, t, out)
	case Xlsx:
		return readWorkbook(src, out)
	case Xlsb:
		return readXlsb(src, out)
	case JSON:
		return readJSON(src, out)
	case XML:
		return readXML(src, out)
	case RTF:
		return readRTF(src, out)
	case SQLite:
		return readSQLite(src, out)
	case SQLiteLog:
		return errLog
	case DBF:
		return readDBF(src, out)
	case Access:
		return errAccess
	}
	return errNoReader
}

// openZip opens a document that is a zip, with a decompressor twice as fast as Go's.
func openZip(src Source) (*zip.Reader, error) {
	z, err := zip.NewReader(src, src.Size())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotRead, err)
	}
	if Overlap(z, src.Size()) {
		return nil, fmt.Errorf("%w: its parts lie over each other", ErrNotRead)
	}
	left := max(mostSure, src.Size()*min(mostRatio, math.MaxInt64/max(1, src.Size())))
	z.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser { return &unpacking{flate.NewReader(r), &left} })
	return z, nil
}

// The parts of a document may unpack to so many times its size together, or to mostSure bytes whatever its size.
const (
	mostRatio = 250
	mostSure  = 1 << 30
)

var errUnpacked = errors.New("it unpacks to too many bytes")

// unpacking ends with an error where all parts together are too large.
type unpacking struct {
	io.ReadCloser
	left *int64
}

func (u *unpacking) Read(p []byte) (int, error) {
	n, err := u.ReadCloser.Read(p)
	if *u.left -= int64(n); *u.left < 0 {
		return n, errUnpacked
	}
	return n, err
}

// Overlap reports whether the members of a zip of size bytes are larger together than it, as only those are that lie over each
// other.
func Overlap(z *zip.Reader, size int64) bool {
	var sum uint64
	for _, f := range z.File {
		if sum += f.CompressedSize64; f.CompressedSize64 > uint64(size) || sum > uint64(size) {
			return true
		}
	}
	return false
}

// readParts reads the parts of a document that hold text.
func readParts(src Source, t Type, out Sink) error {
	z, err := openZip(src)
	if err != nil {
		return err
	}
	words := map[Type]vocabulary{Docx: wordVocabulary, Pptx: slideVocabulary, Odt: odfVocabulary, Ods: odfVocabulary, Odp: odfVocabulary}[t]
	var errs []error
	for _, f := range z.File {
		if !textPart(t, f.Name) {
			continue
		}
		out.Begin()
		if err := readPart(f, func(r io.Reader) error { return readBlocks(r, words, out) }); err != nil {
			errs = append(errs, fmt.Errorf("%w: %s: %w", ErrNotRead, f.Name, err))
		}
	}
	return errors.Join(errs...)
}

func textPart(t Type, name string) bool {
	switch dir, base := path.Split(name); t {
	case Docx:
		return dir == "word/" && strings.HasSuffix(base, ".xml") && !strings.HasPrefix(base, "styles") && base != "settings.xml" && base != "fontTable.xml"
	case Pptx:
		return strings.HasSuffix(base, ".xml") && (dir == "ppt/slides/" || dir == "ppt/notesSlides/" || dir == "ppt/comments/")
	default: // objects have parts of the same names in folders of their own
		return base == "content.xml" || name == "styles.xml"
	}
}

func readPart(f *zip.File, read func(io.Reader) error) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	return read(r)
}
