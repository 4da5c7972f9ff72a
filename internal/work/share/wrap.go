package share

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"strings"

	"filippo.io/age"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
	"golang.org/x/text/encoding/japanese"

	"genbo/internal/base/foreign"
)

// wrapping puts a file into what it lies in, or behind a lock.
type wrapping struct {
	*file
	truth   *File
	name    string
	content []byte
	locks   bool
	beside  map[string]string // small files that belong to it
}

func (w *wrapping) wrap() error {
	if w.locks && w.chance(12) {
		return w.lock()
	}
	if !w.chance(18) {
		return nil
	}
	containers := []struct {
		name string
		put  func() error
	}{{"zip", w.zip}, {"zip", w.zip}, {"eml", w.mail}, {"mbox", w.mailbox}, {"tar.gz", w.tar}, {"xz", w.xz}, {"zst", w.zstd}, {"gz", w.gzip}}
	c := pick(w.dice, containers)
	w.truth.In = c.name
	if err := c.put(); err != nil {
		return err
	}
	if w.chance(15) { // archives lie in each other
		w.truth.In += " in zip"
		return w.zip()
	}
	return nil
}

// zip packs the file as Windows does: names in CP932.
func (w *wrapping) zip() error {
	name, err := japanese.ShiftJIS.NewEncoder().String(w.name)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, NonUTF8: true, Modified: when})
	if err == nil {
		_, err = f.Write(w.content)
	}
	if err == nil {
		err = z.Close()
	}
	w.name, w.content = w.name+".zip", b.Bytes()
	return err
}

func (w *wrapping) mail() error {
	w.content, w.name = w.message(), w.name+".eml"
	return nil
}

func (w *wrapping) message() []byte {
	text := base64.StdEncoding.EncodeToString(w.content)
	var lines strings.Builder
	for ; len(text) > 76; text = text[76:] {
		lines.WriteString(text[:76] + "\r\n")
	}
	lines.WriteString(text + "\r\n")
	name := mime.BEncoding.Encode("utf-8", w.name)
	return []byte("From: kakari@example.jp\r\nTo: kacho@example.jp\r\nDate: Fri, 8 May 2015 12:00:00 +0900\r\nSubject: " + mime.BEncoding.Encode("utf-8", "一覧の送付について") +
		"\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		base64.StdEncoding.EncodeToString([]byte("お疲れさまです。標記の一覧を送付します。\r\n")) + "\r\n--b\r\nContent-Type: application/octet-stream; name=\"" + name +
		"\"\r\nContent-Disposition: attachment; filename=\"" + name + "\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + lines.String() + "--b--\r\n")
}

func (w *wrapping) mailbox() error {
	own := w.message()
	other := "From: a@example.jp\r\nTo: b@example.jp\r\nSubject: test\r\n\r\nmeeting at 10:00\r\n"
	w.content, w.name = []byte("From a@example.jp Fri May  8 12:00:00 2015\r\n"+other+"\r\nFrom kakari@example.jp Fri May  8 12:01:00 2015\r\n"+string(own)), w.name+".mbox"
	return nil
}

func (w *wrapping) tar() error {
	var b bytes.Buffer
	t := tar.NewWriter(&b)
	err := t.WriteHeader(&tar.Header{Name: w.name, Mode: 0o600, Size: int64(len(w.content)), ModTime: when})
	if err == nil {
		_, err = t.Write(w.content)
	}
	if err == nil {
		err = t.Close()
	}
	if err != nil {
		return err
	}
	w.content, w.name = b.Bytes(), w.name+".tar"
	return w.gzip()
}

// pressed compresses the content.
func (w *wrapping) pressed(ending string, open func(io.Writer) (io.WriteCloser, error)) error {
	var b bytes.Buffer
	c, err := open(&b)
	if err == nil {
		_, err = c.Write(w.content)
	}
	if err == nil {
		err = c.Close()
	}
	w.name, w.content = w.name+ending, b.Bytes()
	return err
}

func (w *wrapping) gzip() error {
	return w.pressed(".gz", func(b io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(b), nil })
}

func (w *wrapping) xz() error {
	return w.pressed(".xz", func(b io.Writer) (io.WriteCloser, error) { return xz.NewWriter(b) })
}

func (w *wrapping) zstd() error {
	return w.pressed(".zst", func(b io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(b) })
}

// lock puts a lock on the file, damages it, or leaves its key beside it.
func (w *wrapping) lock() error {
	secret := foreign.Passphrase()
	locks := []struct {
		state State
		why   string
		put   func() error
	}{
		{Locked, "agile", func() error { return w.workbook(secret) }},
		{Locked, "AES-256", func() error { return w.archive(secret) }},
		{Open, "AES-256, its password beside it", func() error {
			w.beside = map[string]string{w.name + "_メモ.txt": "解凍パスワードは " + secret + " です。\r\n"}
			return w.archive(secret)
		}},
		{Weak, "ZipCrypto", func() error { return w.oldZip(secret) }},
		{Open, "ZipCrypto, four digits", func() error { return w.oldZip(w.digits(4)) }},
		{Locked, "age", w.age},
		{Locked, "OpenPGP", w.openPGP},
		{Unreadable, "cut", w.cut},
	}
	l := pick(w.dice, locks)
	w.truth.Lock, w.truth.Why = l.state, l.why
	return l.put()
}

// captured keeps rows for writers that take them all at once.
type captured struct{ rows [][]string }

func (c *captured) table(string)     {}
func (c *captured) line(text string) { c.rows = append(c.rows, []string{text}) }
func (c *captured) row(cells []cell) {
	list := make([]string, len(cells))
	for i := range cells {
		list[i] = cells[i].text
	}
	c.rows = append(c.rows, list)
}

// table writes a ledger of the same people for locks that hold a table.
func (w *wrapping) ledger() (columns []string, rows [][]string) {
	w.author.cases, w.author.at = nil, 0
	w.layout, w.truth.Layout, w.truth.Encoding = "records", "records", ""
	c := &captured{}
	w.fill(c)
	for i := range c.rows {
		for len(c.rows[i]) < len(c.rows[0]) {
			c.rows[i] = append(c.rows[i], "")
		}
		c.rows[i] = c.rows[i][:len(c.rows[0])]
	}
	return c.rows[0], c.rows[1:]
}

func all(rows [][]string) foreign.Rows {
	return func(yield func([]string, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func (w *wrapping) workbook(secret string) error {
	columns, rows := w.ledger()
	var b bytes.Buffer
	err := foreign.XLSX(&b, secret, columns, len(rows), all(rows))
	w.truth.Format, w.content, w.name = "xlsx", b.Bytes(), strings.TrimSuffix(w.name, "."+w.format.ending)+".xlsx"
	return err
}

func (w *wrapping) archive(secret string) error {
	columns, rows := w.ledger()
	var b bytes.Buffer
	err := foreign.ZIP(&b, secret, "list.csv", columns, all(rows))
	w.truth.Format, w.truth.In, w.content, w.name = "csv", "zip", b.Bytes(), w.name+".zip"
	return err
}

func (w *wrapping) age() error {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return err
	}
	return w.pressed(".age", func(b io.Writer) (io.WriteCloser, error) { return age.Encrypt(b, id.Recipient()) })
}

// openPGP writes a message whose content nobody has the key of: a session key for somebody, and random bytes.
func (w *wrapping) openPGP() error {
	body := make([]byte, len(w.content))
	for i := range body {
		body[i] = byte(w.below(256))
	}
	packet := append([]byte{0x84, 0x0c, 3, 1, 2, 3, 4, 5, 6, 7, 8, 1, 9, 9}, 0xd2, 0xff, byte(len(body)>>24), byte(len(body)>>16), byte(len(body)>>8), byte(len(body)))
	w.content, w.name = append(packet, body...), w.name+".gpg"
	return nil
}

// cut leaves two thirds of a zip: a file that was never wholly copied.
func (w *wrapping) cut() error {
	if err := w.zip(); err != nil {
		return err
	}
	w.content = w.content[:len(w.content)*2/3]
	return nil
}
