package document

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"

	"genbo/internal/base/charset"
)

// Source is a file or a member of an archive.
type Source = *io.SectionReader

// Type is what a file is, by its content.
type Type string

// The types. The last ones hold files themselves.
const (
	Empty    Type = "empty"
	Text     Type = "text"
	JSON     Type = "json"
	XML      Type = "xml"
	HTML     Type = "html"
	RTF      Type = "rtf"
	Xlsx     Type = "xlsx"
	Xlsb     Type = "xlsb"
	Docx     Type = "docx"
	Pptx     Type = "pptx"
	Odt      Type = "odt"
	Ods      Type = "ods"
	Odp      Type = "odp"
	FlatODF  Type = "fodf"      // OpenDocument in one file of XML: fods, fodt
	SheetXML Type = "xml-sheet" // Excel 2002 and 2003, in one file of XML
	WordXML  Type = "xml-word"  // Word 2003 and later, in one file of XML
	DBF      Type = "dbf"
	CFB      Type = "cfb" // xls, doc, ppt, msg, and encrypted documents
	PDF      Type = "pdf"
	SQLite   Type = "sqlite"
	// SQLiteLog is the write-ahead log of a database in use.
	SQLiteLog Type = "sqlite-wal"
	Access    Type = "access"
	Zip       Type = "zip"
	SevenZ    Type = "7z"
	Rar       Type = "rar"
	Tar       Type = "tar"
	Gzip      Type = "gz"
	Bzip2     Type = "bz2"
	XZ        Type = "xz"
	Zstd      Type = "zst"
	Mail      Type = "eml"
	Mbox      Type = "mbox"
	Msg       Type = "msg" // a compound file, as package lock finds out
	Age       Type = "age"
	OpenPGP   Type = "openpgp"
	KeePass   Type = "kdbx"
	Volume    Type = "volume" // a whole encrypted disk: LUKS, BitLocker
	Image     Type = "image"  // pictures, sound, programs: no text
	Unknown   Type = "unknown"
)

// magics are the first bytes of the types that begin with some.
var magics = []struct {
	prefix string
	is     Type
}{
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", CFB}, {"PK\x03\x04", Zip}, {"PK\x05\x06", Zip}, {"PK\x07\x08", Zip},
	{"7z\xbc\xaf\x27\x1c", SevenZ}, {"Rar!\x1a\x07", Rar}, {"\x1f\x8b", Gzip}, {"BZh", Bzip2}, {"\xfd7zXZ\x00", XZ}, {"\x28\xb5\x2f\xfd", Zstd},
	{"%PDF-", PDF}, {"SQLite format 3\x00", SQLite}, {"\x37\x7f\x06\x82", SQLiteLog}, {"\x37\x7f\x06\x83", SQLiteLog}, {"\x18\xe2\x2d\x00", Image}, {"\x00\x01\x00\x00Standard ", Access}, {"{\\rtf", RTF},
	{"age-encryption.org/v1\n", Age}, {"-----BEGIN AGE ENCRYPTED FILE-----", Age}, {"-----BEGIN PGP MESSAGE-----", OpenPGP},
	{"LUKS\xba\xbe", Volume}, {"\xeb\x58\x90-FVE-FS-", Volume}, {"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5", KeePass},
	{"\x89PNG\r\n", Image}, {"\xff\xd8\xff", Image}, {"GIF8", Image}, {"II*\x00", Image}, {"MM\x00*", Image}, {"\x7fELF", Image}, {"MZ\x90", Image},
	{"ID3", Image}, {"OggS", Image}, {"RIFF", Image}, {"\x00asm", Image}, {"\xca\xfe\xba\xbe", Image}, {"wOFF", Image}, {"\x00\x01\x00\x00\x00", Image}, {"OTTO", Image},
}

// headSize is how much of a file tells what it is.
const headSize = charset.Sample

// Sniff tells what a file is.
func Sniff(src Source) (Type, error) {
	if src.Size() == 0 {
		return Empty, nil
	}
	head := make([]byte, min(src.Size(), headSize))
	if _, err := src.ReadAt(head, 0); err != nil && err != io.EOF {
		return Unknown, err
	}
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.prefix)) {
			if m.is == Zip {
				return zipped(src), nil
			}
			return m.is, nil
		}
	}
	// A PDF may have a kilobyte of anything before it.
	if i := bytes.Index(head[:min(len(head), 1024)], []byte("%PDF-")); i >= 0 {
		return PDF, nil
	}
	if len(head) > 262 && string(head[257:262]) == "ustar" {
		return Tar, nil
	}
	if t := textType(head); t != Unknown {
		return t, nil
	}
	if openPGP(head) {
		return OpenPGP, nil
	}
	if _, _, _, ok := dbfOf(head); ok {
		return DBF, nil
	}
	return Unknown, nil
}

// openPGP reports whether b begins with the session key of an encrypted message (RFC 9580, 5.1 and 5.3) and another packet that may
// follow it.
func openPGP(b []byte) bool {
	tag, body, next := packet(b)
	if len(body) < 2 || next == nil {
		return false
	}
	switch v := body[0]; {
	case tag == 1 && (v == 3 || v == 6), tag == 3 && v >= 4 && v <= 6:
	default:
		return false
	}
	follows, _, _ := packet(next)
	return follows == 1 || follows == 3 || follows == 9 || follows == 18 || follows == 20
}

// packet reads the head of a packet whose length is written in one, two or four bytes.
func packet(b []byte) (tag byte, body, next []byte) {
	if len(b) < 6 || b[0]&0x80 == 0 {
		return 0, nil, nil
	}
	n, from := 0, 2
	if b[0]&0x40 != 0 {
		tag = b[0] & 0x3f
		switch c := int(b[1]); {
		case c < 192:
			n = c
		case c < 224:
			n, from = (c-192)<<8+int(b[2])+192, 3
		case c == 255:
			n, from = int(b[2])<<24|int(b[3])<<16|int(b[4])<<8|int(b[5]), 6
		}
	} else {
		tag = b[0] >> 2 & 0x0f
		switch b[0] & 3 {
		case 0:
			n = int(b[1])
		case 1:
			n, from = int(b[1])<<8|int(b[2]), 3
		case 2:
			n, from = int(b[1])<<24|int(b[2])<<16|int(b[3])<<8|int(b[4]), 5
		}
	}
	if n < 0 || n > len(b)-from {
		return tag, b[min(from, len(b)):], nil
	}
	return tag, b[from : from+n], b[from+n:]
}

// textType tells the texts apart.
func textType(head []byte) Type {
	e, _ := charset.Detect(head)
	if e == charset.Binary {
		return Unknown
	}
	text, _ := charset.All(head[:min(len(head), 8192)])
	s := strings.TrimLeft(text, "\ufeff \t\r\n")
	lower := strings.ToLower(s[:min(len(s), 2048)])
	switch {
	case strings.HasPrefix(s, "{\\rtf"):
		return RTF
	case strings.HasPrefix(s, "-----BEGIN AGE ENCRYPTED FILE-----"):
		return Age
	case strings.HasPrefix(s, "-----BEGIN PGP MESSAGE-----"):
		return OpenPGP
	case strings.HasPrefix(s, "From ") && strings.Contains(lower, "\nfrom:"):
		return Mbox
	case strings.HasPrefix(s, "<") && officeXML(s, lower) != Unknown:
		return officeXML(s, lower)
	case strings.HasPrefix(lower, "<!doctype html"), strings.HasPrefix(lower, "<html"), strings.HasPrefix(s, "<") && strings.Contains(lower, "<table"), strings.HasPrefix(s, "<") && strings.Contains(lower, "<body"):
		return HTML
	case strings.HasPrefix(s, "<") && (strings.HasPrefix(lower, "<?xml") || strings.Contains(lower, "</") || strings.Contains(lower, "/>")):
		return XML
	case strings.HasPrefix(s, "{\""), strings.HasPrefix(s, "[{"), strings.HasPrefix(s, "{\n"), strings.HasPrefix(s, "{\r\n"), strings.HasPrefix(s, "[\n"), strings.HasPrefix(s, "[\r\n"), strings.HasPrefix(s, "{ \""), strings.HasPrefix(s, "[\""):
		return JSON
	case mailHead(s):
		return Mail
	}
	return Text
}

// officeXML tells XML that is a document or a page by the first of its marks; Unknown is XML of any other kind.
func officeXML(s, lower string) Type {
	switch {
	case strings.Contains(lower, "<html"):
		return HTML
	case strings.Contains(lower, "<office:document "):
		return FlatODF
	case strings.Contains(s, "<Workbook") && strings.Contains(s, "urn:schemas-microsoft-com:office:spreadsheet"):
		return SheetXML
	case strings.Contains(s, "<w:wordDocument"), strings.Contains(s, "<pkg:package") && strings.Contains(lower, "word.document"):
		return WordXML
	}
	return Unknown
}

// mailHead reports whether a text begins with the head of a mail: two lines or more that only mails begin with.
func mailHead(s string) bool {
	n := 0
	for line := range strings.Lines(s) {
		if len(strings.TrimSpace(line)) == 0 {
			break
		}
		name, _, found := strings.Cut(line, ":")
		if !found && line[0] != ' ' && line[0] != '\t' {
			return false
		}
		switch strings.ToLower(name) {
		case "received", "from", "to", "subject", "date", "message-id", "mime-version", "content-type", "return-path", "x-mailer", "delivered-to":
			n++
		}
	}
	return n >= 2
}

// zipped tells what a zip is: a document of an office program, or an archive.
func zipped(src Source) Type {
	z, err := zip.NewReader(src, src.Size())
	if err != nil {
		return Zip
	}
	for i, f := range z.File {
		if i > 2000 {
			break
		}
		switch f.Name {
		case "xl/workbook.xml":
			return Xlsx
		case "xl/workbook.bin":
			return Xlsb
		case "word/document.xml":
			return Docx
		case "ppt/presentation.xml":
			return Pptx
		case "mimetype":
			r, err := f.Open()
			if err != nil {
				continue
			}
			b, _ := io.ReadAll(io.LimitReader(r, 200))
			r.Close()
			switch s := string(b); {
			case strings.Contains(s, "opendocument.text"):
				return Odt
			case strings.Contains(s, "opendocument.spreadsheet"):
				return Ods
			case strings.Contains(s, "opendocument.presentation"):
				return Odp
			}
		}
	}
	return Zip
}
