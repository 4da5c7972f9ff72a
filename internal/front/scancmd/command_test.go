package scancmd

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"genbo/internal/front/page"
	"genbo/internal/front/page/htmlcheck"
	"genbo/internal/work/scan"
)

const list = "基礎年金番号,氏名\n1234-567890,佐藤 一郎\n2234-567890,鈴木 花子\n"

// call runs the command and returns what it printed and its exit status.
func call(t *testing.T, lang page.Lang, args ...string) (string, int) {
	t.Helper()
	var out bytes.Buffer
	cmd := New(lang, time.Now, &out, io.Discard)
	cmd.SetArgs(args)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	err := cmd.ExecuteContext(t.Context())
	if status, ok := errors.AsType[Status](err); ok {
		return out.String(), status.ExitCode()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), 0
}

func write(t *testing.T, name string, content []byte) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestStatus(t *testing.T) {
	people, nobody := write(t, "a.csv", []byte(list)), write(t, "a.txt", []byte("nothing\n"))
	damaged := write(t, "a.zip", []byte("PK\x03\x04 cut"))
	for _, c := range []struct {
		want int
		args []string
	}{
		{0, []string{nobody}},
		{int(Unprotected), []string{people}},
		{0, []string{damaged}},
		{int(Incomplete), []string{"--fail-on-incomplete", damaged}},
		{0, []string{"--fail-on-incomplete", nobody}},
	} {
		if _, got := call(t, page.English, c.args...); got != c.want {
			t.Errorf("%v: status %d, want %d", c.args, got, c.want)
		}
	}
}

// TestSummary: the figures are there in both languages, and no person is.
func TestSummary(t *testing.T) {
	dir := write(t, "a.csv", []byte(list))
	for lang, want := range map[page.Lang]string{page.English: "1 files hold 2 cases (one person in one place) of 2 persons.", page.Japanese: "延べ 2 件、実人数 2 人"} {
		out, _ := call(t, lang, dir)
		if !strings.Contains(out, want) || !strings.Contains(out, "a.csv") {
			t.Errorf("%s: %s", lang, out)
		}
		if strings.Contains(out, "佐藤") || strings.Contains(out, "567890") {
			t.Errorf("%s: a person is shown: %s", lang, out)
		}
		if strings.Contains(out, "scan.") {
			t.Errorf("%s: a message is missing: %s", lang, out)
		}
	}
}

func TestMachines(t *testing.T) {
	dir := write(t, "=cmd.csv", []byte(list))
	out, _ := call(t, page.English, "--json", dir)
	var r scan.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil || r.ByFields["NA"].Unprotected != 2 || r.List[0].Cases["NA"] != 2 {
		t.Errorf("%v: %s", err, out)
	}
	out, _ = call(t, page.English, "--csv", dir)
	if !strings.Contains(out, ",text,open,,2,NA:2,") {
		t.Errorf("csv: %s", out)
	}
	if got := inert("=cmd"); got != "'=cmd" {
		t.Errorf("a path that is a formula: %s", got)
	}
}

// TestMessages: every sentence is there in both languages.
func TestMessages(t *testing.T) {
	m, err := page.LoadMessages(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range htmlcheck.Languages(m) {
		t.Error(p)
	}
}
