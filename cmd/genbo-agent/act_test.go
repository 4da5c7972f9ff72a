package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"genbo"
	"genbo/internal/front/scancmd"
	"genbo/internal/record/approval"
	"genbo/internal/work/desk"
)

// desktop is a share that was scanned, with all that the actions need.
type desktop struct {
	t                      *testing.T
	share, report, journal string
	quarantine, keys       string
}

const listed = "基礎年金番号,氏名,生年月日\n1234-567890,年金太郎,昭和30年1月2日\n2345-678901,厚生花子,昭和31年3月4日\n"

func newDesktop(t *testing.T) *desktop {
	t.Helper()
	dir := t.TempDir()
	d := &desktop{t: t, share: filepath.Join(dir, "share"), report: filepath.Join(dir, "report.json"), journal: filepath.Join(dir, "state", "j.jsonl"),
		quarantine: filepath.Join(dir, "quarantine"), keys: filepath.Join(dir, "keys")}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(os.Mkdir(d.share, 0o755), os.WriteFile(d.keys, []byte(identity.Recipient().String()+"\n"), 0o600),
		os.WriteFile(d.path("a.csv"), []byte(listed), 0o600), os.WriteFile(d.path("b.csv"), []byte(listed+listed), 0o600), os.WriteFile(d.path("free.txt"), []byte("議事録\n"), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	d.scan()
	return d
}

func (d *desktop) path(name string) string { return filepath.Join(d.share, name) }

func (d *desktop) there(name string) bool {
	_, err := os.Lstat(d.path(name))
	return err == nil
}

func (d *desktop) scan() {
	d.t.Helper()
	var report bytes.Buffer
	if err := run(d.t.Context(), []string{"scan", "--json", "--quiet", d.share}, &report); err != nil && !errors.Is(err, scancmd.Unprotected) {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(d.report, report.Bytes(), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

// act runs an action and returns what it printed.
func (d *desktop) act(want error, args ...string) string {
	d.t.Helper()
	var out bytes.Buffer
	if err := run(d.t.Context(), append([]string{"act", "--journal", d.journal}, args...), &out); !errors.Is(err, want) {
		d.t.Fatalf("act %s: %v, want %v\n%s", strings.Join(args, " "), err, want, out.String())
	}
	return out.String()
}

func TestActQuarantineSealRestore(t *testing.T) {
	d := newDesktop(t)
	d.act(nil, "quarantine", "--report", d.report, "--to", d.quarantine)
	for _, path := range []string{d.quarantine, d.journal} {
		if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("a preview made %s: %v", path, err)
		}
	}
	if out := d.act(nil, "quarantine", "--report", d.report, "--to", d.quarantine, "--only", "a.csv", "--yes"); !strings.Contains(out, d.path("a.csv")) || strings.Contains(out, "年金太郎") {
		t.Error(out)
	}
	if d.there("a.csv") || !d.there("b.csv") || !d.there("free.txt") {
		t.Error("other files than a.csv were moved")
	}
	var account struct {
		Sums  map[string]struct{ Files, Cases int }
		Files []struct{ Path, Outcome, Why, To string }
	}
	if err := json.Unmarshal([]byte(d.act(scancmd.Incomplete, "seal", "--report", d.report, "--recipient", d.keys, "--yes", "--json")), &account); err != nil {
		t.Fatal(err)
	}
	if account.Sums["done"].Files != 1 || account.Sums["done"].Cases != 4 || account.Sums["refused"].Files != 1 || d.there("b.csv") || !d.there("b.csv.age") {
		t.Errorf("sealed: %+v", account)
	}
	d.act(nil, "restore", "--from", d.quarantine)
	if d.there("a.csv") {
		t.Error("a preview brought a file back")
	}
	d.act(nil, "restore", "--from", d.quarantine, "--yes")
	if text, err := os.ReadFile(d.path("a.csv")); err != nil || string(text) != listed {
		t.Errorf("brought back: %q, %v", text, err)
	}
	d.scan()
	if report, err := os.ReadFile(d.report); err != nil || !strings.Contains(string(report), `"unreadable"`) && !strings.Contains(string(report), `"locked"`) {
		t.Errorf("the next scan does not see the sealed file: %s, %v", report, err)
	}
	if out := d.act(nil, "journal", "--verify"); !strings.Contains(out, "7 entries") { // two of each action, and one of the file that was refused
		t.Error(out)
	}
	text, err := os.ReadFile(d.journal)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(d.journal, bytes.Replace(text, []byte("a.csv"), []byte("c.csv"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	d.act(genbo.ErrTampered, "journal", "--verify")
	d.act(genbo.ErrTampered, "seal", "--report", d.report, "--recipient", d.keys, "--yes")
}

// TestActDelete is a deletion from the scan to the end, with a core and two approvers.
func TestActDelete(t *testing.T) {
	o := openOffice(t)
	d := newDesktop(t)
	at := []string{"--core", o.server.Origin}
	d.act(nil, append(at, "delete", "--report", d.report)...)
	d.act(genbo.ErrInvalid, append(at, "delete", "--report", d.report, "--yes")...)
	var account struct{ Request, State string }
	if err := json.Unmarshal([]byte(d.act(nil, append(at, "delete", "--report", d.report, "--reason", "no longer needed", "--yes", "--json")...)), &account); err != nil || account.State != "asked" {
		t.Fatalf("%+v, %v", account, err)
	}
	id := account.Request
	for _, who := range []genbo.StaffID{"approver1", "approver2"} {
		d.act(scancmd.Incomplete, append(at, "delete", "--request", id, "--yes")...)
		if !d.there("a.csv") {
			t.Fatalf("deleted before %s approved", who)
		}
		i := o.identity(who)
		r, err := o.Desk.Request(t.Context(), i, id)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.Desk.Vote(t.Context(), desk.Visit{Identity: i}, id, r.Hash, approval.Approve); err != nil {
			t.Fatal(err)
		}
	}
	d.act(nil, append(at, "delete", "--request", id)...)
	if !d.there("a.csv") {
		t.Error("a preview deleted")
	}
	if out := d.act(nil, append(at, "delete", "--request", id, "--yes")...); d.there("a.csv") || d.there("b.csv") || !d.there("free.txt") || !strings.Contains(out, "SSD") {
		t.Error(out)
	}
	d.act(genbo.ErrNotFound, append(at, "delete", "--request", "none", "--yes")...)
}

func TestActRefuses(t *testing.T) {
	d := newDesktop(t)
	rubbish := filepath.Join(d.share, "free.txt")
	for _, args := range [][]string{
		{"quarantine", "--to", d.quarantine}, {"quarantine", "--report", d.report}, {"quarantine", "--report", rubbish, "--to", d.quarantine},
		{"quarantine", "--report", d.report, "--to", d.quarantine, "--only", "[a"}, {"restore"}, {"seal", "--report", d.report},
		{"seal", "--report", d.report, "--recipient", rubbish}, {"delete"}, {"delete", "--request", "x", "--report", d.report},
		{"delete", "--request", "x", "--core", "http://core.example", "--yes"},
	} {
		d.act(genbo.ErrInvalid, args...)
	}
	d.act(os.ErrNotExist, "journal", "--verify")
}
