//go:build linux

package scan

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/xuri/excelize/v2"

	"genbo/internal/base/foreign"
	"genbo/internal/base/lock"
)

var secretWord = foreign.Passphrase()

// need finds a program that the test drives.
func need(t *testing.T, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("GENBO_TEST_ALL") != "" {
		t.Fatalf("%v is not installed", names)
	}
	t.Skipf("%v is not installed: ./check install", names)
	return ""
}

// sevenZip writes an archive of one list with the program of 7-Zip.
func sevenZip(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	dir := lay(t, map[string][]byte{"list.csv": []byte(table())})
	out := filepath.Join(dir, name)
	cmd := exec.Command(need(t, "7zz", "7z"), append(append([]string{"a", "-bd"}, args...), out, "list.csv")...)
	cmd.Dir = dir
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func lockedBook(t *testing.T, password string) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(workbookOf(t, table())))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b, excelize.Options{Password: password}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// agileBook is a workbook as Office locks it today.
func agileBook(t *testing.T) []byte {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(table()), "\r\n")
	var b bytes.Buffer
	err := foreign.XLSX(&b, secretWord, strings.Split(lines[0], ","), rows, func(yield func([]string, error) bool) {
		for _, l := range lines[1:] {
			if !yield(strings.Split(l, ","), nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func ageFile(t *testing.T) []byte {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w, err := age.Encrypt(&b, id.Recipient())
	if err == nil {
		_, err = w.Write([]byte(table()))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// agePassphrase is a file of age with a passphrase, of which a try costs less than the program's.
func agePassphrase(t *testing.T, armoured bool) []byte {
	t.Helper()
	r, err := age.NewScryptRecipient(secretWord)
	if err != nil {
		t.Fatal(err)
	}
	r.SetWorkFactor(10)
	var b bytes.Buffer
	out := io.WriteCloser(keepOpen{&b})
	if armoured {
		out = armor.NewWriter(&b)
	}
	w, err := age.Encrypt(out, r)
	if err == nil {
		_, err = w.Write([]byte(table()))
	}
	if err = errors.Join(err, w.Close(), out.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type keepOpen struct{ io.Writer }

func (keepOpen) Close() error { return nil }

func protectedSheet(t *testing.T) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(workbookOf(t, table())))
	if err == nil {
		err = f.ProtectSheet("Sheet1", &excelize.SheetProtectionOptions{Password: secretWord})
	}
	var b bytes.Buffer
	if err == nil {
		err = f.Write(&b)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestLocks is the confusion matrix of the states: each lock as it lies there, with the password file, and with its password beside it.
func TestLocks(t *testing.T) {
	p := "-p" + secretWord
	for name, c := range map[string]struct {
		content []byte
		alone   lock.State // with nothing but the file
		how     string
		opens   bool // a password opens it
	}{
		"agile.xlsx":     {agileBook(t), lock.Locked, "agile", true},
		"standard.xlsx":  {lockedBook(t, secretWord), lock.Locked, "standard AES", true},
		"aes.zip":        {sevenZip(t, "a.zip", p, "-mem=AES256"), lock.Locked, "AES-256", true},
		"aes128.zip":     {sevenZip(t, "a.zip", p, "-mem=AES128"), lock.Locked, "AES-128", true},
		"stored.zip":     {sevenZip(t, "a.zip", p, "-mem=AES256", "-mx0"), lock.Locked, "AES-256", true},
		"crypto.zip":     {sevenZip(t, "a.zip", p, "-mem=ZipCrypto"), lock.Weak, "ZipCrypto", true},
		"content.7z":     {sevenZip(t, "a.7z", p), lock.Locked, "7z AES-256", true},
		"copied.7z":      {sevenZip(t, "a.7z", p, "-mx0"), lock.Locked, "7z AES-256", true},
		"names.7z":       {sevenZip(t, "a.7z", p, "-mhe=on"), lock.Locked, "7z AES-256, names too", true},
		"list.age":       {ageFile(t), lock.Locked, "age", false},
		"pass.age":       {agePassphrase(t, false), lock.Locked, "age with a passphrase", true},
		"armour.age":     {agePassphrase(t, true), lock.Locked, "age with a passphrase", true},
		"open.zip":       {zipOf("list.csv", []byte(table())), lock.Open, "", false},
		"protected.xlsx": {protectedSheet(t), lock.Open, "", false},
		"cut.zip":        {zipOf("list.csv", []byte(table()))[:300], lock.Unreadable, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string][]byte{name: c.content}
			f := find(run(t, Options{Roots: []string{lay(t, files)}}), name)
			if f == nil || f.Lock != c.alone || f.How != c.how {
				t.Fatalf("alone: %+v", f)
			}
			if open := c.alone == lock.Open; (f.Cases.Total() == rows) != open {
				t.Errorf("alone: %d cases", f.Cases.Total())
			}
			if !c.opens {
				return
			}
			f = find(run(t, Options{Roots: []string{lay(t, files)}, Passwords: []string{"wrong", secretWord}}), name)
			if f.Lock != c.alone || f.Cases["NABD"] != rows || !strings.Contains(f.How, "opened with the password file") || len(f.Missed) > 0 {
				t.Errorf("with the password file: %+v", f)
			}
			f = find(run(t, Options{Roots: []string{lay(t, files)}, Passwords: []string{"wrong"}}), name)
			if f.Lock != c.alone || f.Cases.Total() != 0 {
				t.Errorf("with a wrong password: %+v", f)
			}
			beside := map[string][]byte{name: c.content, "memo.txt": sjis(t, "お疲れさまです。\r\nパスワードは "+secretWord+" です。\r\n")}
			f = find(run(t, Options{Roots: []string{lay(t, beside)}}), name)
			if f.Lock != lock.Open || f.Cases["NABD"] != rows || !strings.Contains(f.How, "beside it") || strings.Contains(f.How, secretWord) {
				t.Errorf("with the password beside it: %+v", f)
			}
			named := strings.Replace(name, ".", "(パスワード"+secretWord+").", 1)
			f = find(run(t, Options{Roots: []string{lay(t, map[string][]byte{named: c.content})}}), named)
			if f.Lock != lock.Open || f.Cases["NABD"] != rows || !strings.Contains(f.How, "in its name") {
				t.Errorf("with the password in its name: %+v", f)
			}
		})
	}
}

// TestWellKnownPasswords: a lock whose key everybody has is none.
func TestWellKnownPasswords(t *testing.T) {
	r := run(t, Options{Roots: []string{lay(t, map[string][]byte{
		"a.xlsx": lockedBook(t, "1234"), "b.zip": sevenZip(t, "b.zip", "-p0731", "-mem=ZipCrypto"), "c.zip": sevenZip(t, "c.zip", "-ppassword", "-mem=AES256"),
	})}})
	if r.ByFields["NABD"].Unprotected != 3*rows {
		t.Errorf("%+v", r.ByFields)
	}
	for _, f := range r.List {
		if f.Lock != lock.Open || strings.Contains(f.How, "0731") {
			t.Errorf("%+v", f)
		}
	}
}

// TestPasswordInTheSameMail: an attachment whose password stands in the mail is not locked.
func TestPasswordInTheSameMail(t *testing.T) {
	mail := "From: a@example.jp\r\nTo: b@example.jp\r\nSubject: list\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" +
		"添付のパスワード: " + secretWord + "\r\n--x\r\nContent-Type: application/zip; name=list.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		b64(sevenZip(t, "a.zip", "-p"+secretWord, "-mem=AES256")) + "\r\n--x--\r\n"
	f := find(run(t, Options{Roots: []string{lay(t, map[string][]byte{"a.eml": []byte(mail)})}}), "a.eml")
	if f.Lock != lock.Open || f.Cases["NABD"] != rows {
		t.Errorf("%+v", f)
	}
}

// TestOpenPGP: an encrypted message is locked, in armour and in bytes; a key and random bytes are not.
func TestOpenPGP(t *testing.T) {
	sym := append([]byte{0x8c, 0x0d, 4, 9, 3, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0xff}, append([]byte{0xd2, 0x30, 1}, bytes.Repeat([]byte{0x97, 0, 0xfe}, 60)...)...)
	files := map[string][]byte{"list.gpg": sym, "list.asc": []byte("-----BEGIN PGP MESSAGE-----\n\njA0ECQMI\n-----END PGP MESSAGE-----\n"),
		"key.asc": []byte("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEX\n-----END PGP PUBLIC KEY BLOCK-----\n"), "volume.img": append([]byte("LUKS\xba\xbe\x00\x02"), make([]byte, 4096)...)}
	r := run(t, Options{Roots: []string{lay(t, files)}})
	if r.LockedFiles != 3 || find(r, "key.asc") != nil {
		t.Errorf("%d locked: %+v", r.LockedFiles, r.List)
	}
	for _, name := range []string{"list.gpg", "list.asc"} {
		if f := find(r, name); f.How != "OpenPGP with a passphrase" {
			t.Errorf("%s: %s", name, f.How)
		}
	}
}
