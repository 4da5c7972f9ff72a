package scancmd

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"genbo/internal/base/keyedset"
	"genbo/internal/front/page"
	"genbo/internal/work/scan"
)

// handedOver is a filter with its key, as an office has them: of one person, and of an extract with two decoys.
func handedOver(t *testing.T, good time.Duration) (filter, key string) {
	t.Helper()
	dir := t.TempDir()
	filter, key = filepath.Join(dir, "filter"), filepath.Join(dir, "key")
	k := keyedset.NewKey()
	b := keyedset.NewBuilder(k, dir)
	f, err := os.OpenFile(filter, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	info := keyedset.Info{Register: "genbo.test", Made: time.Now(), Expires: time.Now().Add(good), Persons: 1, Lists: []keyedset.List{{ID: "4711", Decoys: 2}}}
	if err := errors.Join(k.Save(key), b.Add(b.Number(1234_567890), keyedset.Person(0)), b.Add(b.Number(3234_567890), keyedset.Decoy(0)),
		b.Add(b.Number(4234_567890), keyedset.Decoy(0)), b.Write(t.Context(), f, info), b.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	return filter, key
}

// TestWhose: every form of the report says whose the cases are and what is a copy of what, and no person.
func TestWhose(t *testing.T) {
	filter, key := handedOver(t, time.Hour)
	dir := write(t, "a.csv", []byte(list+"3234-567890,囮 一郎\n4234-567890,囮 二郎\n"))
	page1 := filepath.Join(t.TempDir(), "report.html")
	with := func(args ...string) []string { return append(args, "--filter", filter, "--filter-key", key, dir) }
	for lang, want := range map[page.Lang][]string{
		page.English:  {"Joined with the register genbo.test", "1 cases are of 1 persons in it", "2 cases are decoys", "copy of extract 4711 (2 of 2 decoys", "in the register"},
		page.Japanese: {"原簿 genbo.test", "一致 1 件（実人数 1 人）", "おとり（", "リスト 4711 の写し（おとり 2 件中 2 件", "原簿にある人"},
	} {
		out, status := call(t, lang, with("--html", page1)...)
		html, err := os.ReadFile(page1)
		if err != nil || status != int(Unprotected) {
			t.Fatal(err, status)
		}
		joined := strings.Join(strings.Split(out, "\n"), "")
		for _, w := range want {
			if !strings.Contains(joined, w) || !strings.Contains(string(html), w) {
				t.Errorf("%s: %q is missing in the summary or the page:\n%s", lang, w, out)
			}
		}
		for _, never := range []string{"佐藤", "囮 一", "567890", "scan."} {
			if strings.Contains(out, never) {
				t.Errorf("%s: %q in\n%s", lang, never, out)
			}
		}
	}
	out, _ := call(t, page.English, with("--json")...)
	var r scan.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	if w := r.Register.Cases; w != (scan.Whose{Matched: 1, Unmatched: 1, Decoys: 2}) || r.Register.Found != 1 || *r.List[0].Whose != w || r.List[0].CopyOf[0].Extract != "4711" {
		t.Errorf("json: %s", out)
	}
	out, _ = call(t, page.English, with("--csv")...)
	lines, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil || strings.Join(lines[1][11:], ",") != "1,1,0,0,2,4711" {
		t.Errorf("csv: %v, %q", err, lines)
	}
}

// TestNoFilter: a filter that does not hold ends the scan before it begins, and says why.
func TestNoFilter(t *testing.T) {
	dir := write(t, "a.csv", []byte(list))
	filter, key := handedOver(t, time.Hour)
	old, oldKey := handedOver(t, -time.Hour)
	whole, err := os.ReadFile(filter)
	if err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(write(t, "cut", whole[:len(whole)-1]), "cut")
	readable := filepath.Join(t.TempDir(), "readable")
	text, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.WriteFile(readable, text, 0o600), os.Chmod(readable, 0o644)); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ filter, key, want string }{
		"no key":             {filter, "", "--filter-key"},
		"no filter":          {"", key, "--filter"},
		"another key":        {filter, oldKey, "another key"},
		"expired":            {old, oldKey, "expired"},
		"cut":                {cut, key, "damaged"},
		"readable by others": {filter, readable, "chmod 600"},
		"key and filter":     {key, filter, "no key"},
		"none":               {filter + "x", key, "no such file"},
	} {
		cmd := New(page.English, time.Now, io.Discard, io.Discard)
		cmd.SetArgs([]string{"--filter", c.filter, "--filter-key", c.key, dir})
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		if err := cmd.ExecuteContext(t.Context()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
