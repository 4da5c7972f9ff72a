package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"filippo.io/age"

	"genbo"
	"genbo/internal/front/scancmd"
	"genbo/internal/record/approval"
	"genbo/internal/record/extract"
	"genbo/internal/record/journal"
	"genbo/internal/record/person"
	"genbo/internal/work/desk"
	"genbo/internal/work/handover"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
	"genbo/internal/work/scan"
)

// contractorsFile is the file of a list as its contractor has it. Without mailboxes it carries no decoys.
func contractorsFile(t *testing.T, h *house.House) (id string, content []byte) {
	t.Helper()
	ctx := context.Background()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	visit := func(id genbo.StaffID) desk.Visit {
		return desk.Visit{Identity: housetest.SignIn(t, h, id), Reason: "notices"}
	}
	id, err = h.Handover.Ask(ctx, visit("clerk1"), handover.Wish{Purpose: "print-contractor", Selection: person.Selection{Office: "0101"},
		Fields: genbo.FieldNumber | genbo.FieldName | genbo.FieldAddress, Form: extract.Age, Days: 7, Contractor: identity.Recipient().String()}, func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	auditor := housetest.SignIn(t, h, "auditor1")
	e, _, err := h.Handover.Get(ctx, auditor, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, by := range []genbo.StaffID{"approver1", "approver2"} {
		request, err := h.Desk.Request(ctx, auditor, e.Approval)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Desk.Vote(ctx, visit(by), request.ID, request.Hash, approval.Approve); err != nil {
			t.Fatal(err)
		}
	}
	file, err := h.Handover.Release(ctx, visit("clerk1"), id)
	if err != nil {
		t.Fatal(err)
	}
	var sealed bytes.Buffer
	if err := file.Write(&sealed); err != nil {
		t.Fatal(err)
	}
	r, err := age.Decrypt(&sealed, identity)
	if err == nil {
		content, err = io.ReadAll(r)
	}
	if err != nil {
		t.Fatal(err)
	}
	return id, content
}

// TestScanTraces: with the register at hand and --trace, a copy without any decoy is named by its spelling and order, and the
// journal has the question.
func TestScanTraces(t *testing.T) {
	h := housetest.New(t, house.Options{})
	housetest.Enter(t, h, 300)
	id, content := contractorsFile(t, h)
	dir := t.TempDir()
	for name, text := range map[string][]byte{"copy.csv": content, "few.csv": []byte("基礎年金番号,氏名\n1100-000001,試験　アアアイ\n")} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		args   []string
		traced int
	}{{nil, 0}, {[]string{"--trace"}, 1}} {
		var out bytes.Buffer
		a := &app{out: &out, err: io.Discard, database: h.Database, lang: "en"}
		cmd := a.scan()
		cmd.SetArgs(append([]string{"--dir", h.Dir, "--json", dir}, c.args...))
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		if err := cmd.ExecuteContext(t.Context()); !errors.Is(err, scancmd.Unprotected) {
			t.Fatal(err)
		}
		var r scan.Report
		if err := json.Unmarshal(out.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		if r.Register.Found != 300 || r.Register.Persons != 300 || r.Register.Traced != c.traced || r.Register.Untraced != 0 {
			t.Errorf("%v: %+v", c.args, r.Register)
		}
		if copies := r.List[0].CopyOf; len(copies) != c.traced || c.traced == 1 && (copies[0].Extract != id || copies[0].Doubt >= scan.Named || !copies[0].Traced) {
			t.Errorf("%v: %+v, want %s", c.args, copies, id)
		}
		asked, _, err := h.Journal.List(context.Background(), journal.Filter{Action: journal.DisclosureRead}, 9)
		if err != nil || len(asked) != c.traced {
			t.Errorf("%v: %d questions in the journal, %v", c.args, len(asked), err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(h.Dir, ".genbo*")); left != nil {
		t.Errorf("left over: %v", left)
	}
}
