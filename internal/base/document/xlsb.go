package document

import (
	"archive/zip"
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"genbo/internal/base/charset"
)

// Records of a binary workbook ([MS-XLSB] 2.3.2). A short cell stands to the right of the one before it.
const (
	xlsbRow         = 0
	xlsbRK          = 2
	xlsbReal        = 5
	xlsbText        = 6
	xlsbShared      = 7
	xlsbFormulaText = 8
	xlsbFormulaReal = 9
	xlsbShortRK     = 13
	xlsbShortReal   = 16
	xlsbShortText   = 17
	xlsbShortShared = 18
	xlsbSharedItem  = 19
	xlsbFormat      = 44
	xlsbStyle       = 47
	xlsbRichText    = 62
	xlsbStyles      = 617
	xlsbStylesEnd   = 618
	xlsbComment     = 637
)

// xlsb reads a binary workbook: the parts of a workbook, with records instead of marks. Its texts, styles and open row are those of [workbook].
type xlsb struct {
	workbook
	formats map[int]bool
	styles  bool // within the styles of cells
	column  int
	text    []byte
}

func readXlsb(src Source, out Sink) error {
	z, err := openZip(src)
	if err != nil {
		return err
	}
	x := &xlsb{workbook: workbook{out: out}, formats: map[int]bool{}}
	var errs []error
	read := func(f *zip.File, take func(id int, b []byte) error) {
		if err := readPart(f, func(r io.Reader) error { return eachRecord(r, take) }); err != nil {
			errs = append(errs, fmt.Errorf("%w: %s: %w", ErrNotRead, f.Name, err))
		}
	}
	for _, f := range z.File {
		switch strings.ToLower(f.Name) {
		case "xl/sharedstrings.bin":
			read(f, x.sharedText)
		case "xl/styles.bin":
			read(f, x.style)
		}
	}
	for _, f := range z.File {
		name := strings.ToLower(f.Name)
		switch {
		case strings.HasPrefix(name, "xl/worksheets/") && strings.HasSuffix(name, ".bin") && !strings.Contains(name, "binaryindex"):
			out.Begin()
			read(f, x.sheet)
			x.endRow()
		case strings.HasPrefix(name, "xl/comments") && strings.HasSuffix(name, ".bin"):
			out.Begin()
			read(f, x.comment)
		}
	}
	return errors.Join(errs...)
}

// eachRecord calls take for each record: an identifier of one or two bytes, a length of up to four, seven bits each, and the content. Records
// longer than any cell is are passed over.
func eachRecord(r io.Reader, take func(id int, b []byte) error) error {
	in := bufio.NewReaderSize(r, 64<<10)
	var content []byte
	for {
		id, err := sevenBits(in, 2)
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		size, err := sevenBits(in, 4)
		if err != nil {
			return err
		}
		if size > tokenLimit {
			if id <= xlsbSharedItem || id == xlsbRichText || id == xlsbComment {
				return errCellSize
			}
			if _, err := in.Discard(size); err != nil {
				return io.ErrUnexpectedEOF
			}
			continue
		}
		if cap(content) < size {
			content = make([]byte, size, 2*size)
		}
		if _, err := io.ReadFull(in, content[:size]); err != nil {
			return io.ErrUnexpectedEOF
		}
		if err := take(id, content[:size]); err != nil {
			return err
		}
	}
}

// sevenBits reads a number of up to most bytes, whose highest bits say whether it goes on.
func sevenBits(r io.ByteReader, most int) (n int, err error) {
	for i := range most {
		c, err := r.ReadByte()
		if err != nil {
			if i > 0 {
				err = io.ErrUnexpectedEOF
			}
			return 0, err
		}
		n |= int(c&0x7f) << (7 * i)
		if c < 0x80 {
			break
		}
	}
	return n, nil
}

// wideText reads a text with its length before it, in characters of two bytes ([MS-XLSB] 2.5.168).
func wideText(b []byte) []byte {
	if len(b) < 4 {
		return nil
	}
	n := uint64(binary.LittleEndian.Uint32(b))
	if b = b[4:]; 2*n > uint64(len(b)) {
		n = uint64(len(b) / 2)
	}
	return []byte(charset.As(b[:2*n], charset.UTF16LE))
}

func (x *xlsb) sharedText(id int, b []byte) error {
	if id != xlsbSharedItem || len(b) < 1 {
		return nil
	}
	x.texts = append(x.texts, wideText(b[1:])...)
	if x.ends = append(x.ends, uint32(len(x.texts))); len(x.texts) > textsLimit {
		return errTexts
	}
	return nil
}

func (x *xlsb) style(id int, b []byte) error {
	switch {
	case id == xlsbFormat && len(b) >= 2:
		x.formats[int(binary.LittleEndian.Uint16(b))] = dateFormat(string(wideText(b[2:])))
	case id == xlsbStyles:
		x.styles = true
	case id == xlsbStylesEnd:
		x.styles = false
	case id == xlsbStyle && x.styles && len(b) >= 4 && len(x.dates) < 1<<16:
		format := int(binary.LittleEndian.Uint16(b[2:]))
		x.dates = append(x.dates, x.formats[format] || builtInDate(format))
	}
	return nil
}

func (x *xlsb) comment(id int, b []byte) error {
	if id == xlsbComment && len(b) > 1 {
		x.out.Text(wideText(b[1:]))
	}
	return nil
}

// sheet takes a record of a sheet. A cell has its column, its style in three bytes, and a byte of flags before its value; a short one has no
// column.
func (x *xlsb) sheet(id int, b []byte) error {
	switch {
	case id == xlsbRow:
		x.endRow()
		x.column = -1
		return nil
	case id >= 1 && id <= 11 || id == xlsbRichText:
		if len(b) < 8 {
			return nil
		}
		x.column, b = int(binary.LittleEndian.Uint32(b)&0xffff), b[4:]
	case id >= 12 && id <= 18:
		x.column++
		if len(b) < 4 {
			return nil
		}
	default:
		return nil
	}
	style := int(binary.LittleEndian.Uint32(b) & 0xffffff)
	x.value(id, style, b[4:])
	return nil
}

func (x *xlsb) value(id, style int, b []byte) {
	switch {
	case id == xlsbText || id == xlsbShortText || id == xlsbFormulaText:
		x.text = wideText(b)
	case id == xlsbRichText && len(b) > 1:
		x.text = wideText(b[1:])
	case (id == xlsbShared || id == xlsbShortShared) && len(b) >= 4:
		x.text = x.shared(int(binary.LittleEndian.Uint32(b)))
	case (id == xlsbRK || id == xlsbShortRK) && len(b) >= 4:
		x.text = x.appendNumber(nil, style, rk(binary.LittleEndian.Uint32(b)))
	case (id == xlsbReal || id == xlsbShortReal || id == xlsbFormulaReal) && len(b) >= 8:
		x.text = x.appendNumber(nil, style, math.Float64frombits(binary.LittleEndian.Uint64(b)))
	default:
		return
	}
	if x.column < 16384 {
		x.put(x.column, nil, -1, x.text)
	}
}
