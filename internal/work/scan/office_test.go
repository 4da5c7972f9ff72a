//go:build linux

package scan

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// converted is where the file lies that LibreOffice makes of another.
func converted(t *testing.T, dir, from, filter, format string) string {
	t.Helper()
	cmd := exec.Command(need(t, "soffice"), "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--infilter="+filter, "--convert-to", format, "--outdir", dir, from)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	ending, _, _ := strings.Cut(format, ":")
	return strings.TrimSuffix(from, filepath.Ext(from)) + "." + ending
}

// TestOfficePrograms: the same people are found in every format that an office program writes, as table and as letter.
func TestOfficePrograms(t *testing.T) {
	const people = 120
	var page strings.Builder
	page.WriteString("<html><head><meta charset=utf-8></head><body><p>届書受付管理簿</p><table border=1><tr><th>基礎年金番号</th><th>氏名</th><th>生年月日</th><th>住所</th></tr>")
	sheet := strings.Builder{}
	sheet.WriteString("基礎年金番号,氏名,生年月日,住所\n")
	for i := range people {
		number, name, address := fmt.Sprintf("%04d-%06d", 1000+i, i*7), "佐藤 "+string([]rune("一二三四五")[i%5])+"郎", fmt.Sprintf("東京都港区芝1-2-%d", i+1)
		fmt.Fprintf(&page, "<tr><td>%s</td><td>%s</td><td>昭和%d年3月1日</td><td>%s</td></tr>", number, name, 10+i%50, address)
		fmt.Fprintf(&sheet, "%s,%s,%d-03-01,%s\n", number, name, 1935+i%50, address)
	}
	page.WriteString("</table><p>以上</p></body></html>")
	letter := "〒100-0013\n東京都千代田区霞が関1-2-2\n佐藤 一郎 様\n\n基礎年金番号 1234-567890\n生年月日 昭和25年3月1日\n日頃より公的年金制度にご理解とご協力をいただき、ありがとうございます。\n"
	dir := lay(t, map[string][]byte{"table.html": []byte(page.String()), "sheet.csv": []byte(sheet.String()), "letter.txt": []byte(letter)})
	for _, c := range []struct {
		from, filter, format string
		want                 int
	}{
		{"table.html", "HTML (StarWriter)", "doc:MS Word 97", people},
		{"table.html", "HTML (StarWriter)", "docx", people},
		{"table.html", "HTML (StarWriter)", "odt", people},
		{"table.html", "HTML (StarWriter)", "rtf", people},
		{"sheet.csv", "CSV:44,34,76", "xls:MS Excel 97", people},
		{"sheet.csv", "CSV:44,34,76", "xlsx", people},
		{"sheet.csv", "CSV:44,34,76", "ods", people},
		{"sheet.csv", "CSV:44,34,76", "fods", people},
		{"sheet.csv", "CSV:44,34,76", "xml:MS Excel 2003 XML", people},
		{"table.html", "HTML (StarWriter)", "fodt", people},
		{"sheet.csv", "CSV:44,34,76", "pdf:calc_pdf_Export", people},
		{"letter.txt", "Text (encoded):UTF8", "doc:MS Word 97", 1},
		{"letter.txt", "Text (encoded):UTF8", "docx", 1},
		{"letter.txt", "Text (encoded):UTF8", "pdf", 1},
	} {
		t.Run(c.from+" to "+c.format, func(t *testing.T) {
			path := converted(t, dir, filepath.Join(dir, c.from), c.filter, c.format)
			r := run(t, Options{Roots: []string{path}, Cache: filepath.Join(os.TempDir(), "genbo-test-pdf")})
			if got := r.ByFields["NABD"]; got.Unprotected != c.want || got.Persons != c.want || !r.Complete() {
				t.Errorf("%+v, %v", r.ByFields, r.List)
			}
		})
	}
}
