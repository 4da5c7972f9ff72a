//go:build linux

package scan

import (
	"context"
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"genbo/internal/base/lock"
)

// saveMacro opens a file and saves it with a password: LibreOffice does that for macros only, not on its command line.
const saveMacro = `Sub Save(source As String, target As String, kind As String, word As String)
 On Error Goto Failed
 Dim o(2) As New com.sun.star.beans.PropertyValue
 o(2).Name = "FilterOptions"
 o(2).Value = "44,34,76"
 o(0).Name = "Hidden"
 o(0).Value = True
 o(1).Name = "Password"
 o(1).Value = word
 doc = StarDesktop.loadComponentFromURL(ConvertToURL(source), "_blank", 0, o())
 Dim p(1) As New com.sun.star.beans.PropertyValue
 p(0).Name = "FilterName"
 p(0).Value = kind
 p(1).Name = "Password"
 p(1).Value = word
 doc.storeToURL(ConvertToURL(target), p())
 doc.close(True)
Failed:
End Sub
`

// lockingOffice is LibreOffice with a macro that saves a file under a password. Its profile must be there before the macro, which takes the
// place of an empty one.
func lockingOffice(t *testing.T) func(t *testing.T, from, to, filter, word string) []byte {
	t.Helper()
	dir := t.TempDir()
	run := func(t *testing.T, args ...string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // it waits for ever where it would ask
		defer cancel()
		cmd := exec.CommandContext(ctx, need(t, "soffice"), append([]string{"-env:UserInstallation=file://" + dir, "--headless"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	run(t, "--terminate_after_init")
	module := xml.Header + `<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">` + saveMacro + `</script:module>`
	if err := os.WriteFile(filepath.Join(dir, "user/basic/Standard/Module1.xba"), []byte(module), 0o600); err != nil {
		t.Fatal(err)
	}
	return func(t *testing.T, from, to, filter, word string) []byte {
		t.Helper()
		run(t, fmt.Sprintf(`macro:///Standard.Module1.Save("%s","%s","%s","%s")`, from, to, filter, word))
		b, err := os.ReadFile(to)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
}

// shortWord is as long as the old formats let a password be.
const shortWord = "kakusu-2026-nov"

// TestOfficeLocks: what LibreOffice locks is told, and opened with its password.
func TestOfficeLocks(t *testing.T) {
	save := lockingOffice(t)
	dir := lay(t, map[string][]byte{"table.html": []byte("<html><meta charset=utf-8><table><tr><td>" + strings.NewReplacer(",", "<td>", "\r\n", "<tr><td>").Replace(table()) + "</table></html>")})
	from := filepath.Join(dir, "table.html")
	for _, c := range []struct {
		name, filter, word, how string
		alone                   lock.State
	}{
		{"list.xls", "MS Excel 97", shortWord, "RC4 40 bits", lock.Weak},
		{"default.xls", "MS Excel 97", "VelvetSweatshop", "RC4 40 bits, but its password stands well known", lock.Open},
		{"list.doc", "MS Word 97", shortWord, "RC4 40 bits", lock.Weak},
		{"list.ods", "calc8", secretWord, "OpenDocument AES-256", lock.Locked},
		{"list.odt", "writer8", secretWord, "OpenDocument AES-256", lock.Locked},
	} {
		t.Run(c.name, func(t *testing.T) {
			source := from
			if strings.Contains(c.name, "xls") || strings.Contains(c.name, "ods") {
				source = filepath.Join(dir, "table.csv")
				if err := os.WriteFile(source, []byte("\ufeff"+table()), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			content := save(t, source, filepath.Join(dir, c.name), c.filter, c.word)
			files := map[string][]byte{c.name: content}
			f := find(run(t, Options{Roots: []string{lay(t, files)}}), c.name)
			if f == nil || f.Lock != c.alone || f.How != c.how || (f.Cases.Total() == rows) != (c.alone == lock.Open) {
				t.Fatalf("alone: %+v", f)
			}
			if c.alone == lock.Open {
				return
			}
			f = find(run(t, Options{Roots: []string{lay(t, files)}, Passwords: []string{"wrong", c.word}}), c.name)
			if f.Lock != c.alone || f.Cases["NABD"] != rows || len(f.Missed) > 0 {
				t.Errorf("with the password file: %+v", f)
			}
			f = find(run(t, Options{Roots: []string{lay(t, files)}, Passwords: []string{"wrong"}}), c.name)
			if f.Lock != c.alone || f.Cases.Total() != 0 {
				t.Errorf("with a wrong password: %+v", f)
			}
		})
	}
}
