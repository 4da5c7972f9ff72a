package handover_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/access"
	"genbo/internal/record/approval"
	"genbo/internal/record/extract"
	"genbo/internal/record/journal"
	"genbo/internal/record/person"
	"genbo/internal/record/staff"
	"genbo/internal/work/desk"
	"genbo/internal/work/handover"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
)

// office is a register with some people and a clock that the test moves.
type office struct {
	*house.House
	t  *testing.T
	at *atomic.Int64
}

// wait lets time pass. Several servers' sequencer is run at once: to it, the test's clock jumps.
func (o *office) wait(d time.Duration) {
	o.t.Helper()
	o.at.Add(int64(d))
	if err := o.Journal.Sequence(context.Background()); err != nil {
		o.t.Fatal(err)
	}
}

func clock(o *house.Options) *atomic.Int64 {
	at := &atomic.Int64{}
	at.Store(time.Date(2026, 6, 1, 9, 0, 0, 0, genbo.Japan).UnixNano())
	o.Clock = func() time.Time { return time.Unix(0, at.Load()) }
	return at
}

func each(t *testing.T, people int, fn func(t *testing.T, o *office)) {
	var options house.Options
	at := clock(&options)
	housetest.Each(t, options, func(t *testing.T, h *house.House) {
		housetest.Enter(t, h, people)
		fn(t, &office{h, t, at})
	})
}

func open(t *testing.T, people int, options house.Options) *office {
	at := clock(&options)
	h := housetest.New(t, options)
	housetest.Enter(t, h, people)
	return &office{h, t, at}
}

func (o *office) visit(id genbo.StaffID) desk.Visit {
	return desk.Visit{Identity: housetest.SignIn(o.t, o.House, id), Reason: "June notices"}
}

// wish is a list of every person of the office for a purpose that allows it.
func wish(form extract.Form) handover.Wish {
	return handover.Wish{Purpose: "overdue-notice", Selection: person.Selection{Office: "0101"}, Fields: genbo.FieldNumber | genbo.FieldName | genbo.FieldAddress,
		Form: form, Days: 7}
}

func quiet(int, int) {}

func (o *office) ask(w handover.Wish) string {
	o.t.Helper()
	id, err := o.Handover.Ask(context.Background(), o.visit("clerk1"), w, quiet)
	if err != nil {
		o.t.Fatal(err)
	}
	return id
}

func (o *office) get(id string) extract.Extract {
	o.t.Helper()
	e, _, err := o.Handover.Get(context.Background(), o.visit("auditor1").Identity, id)
	if err != nil {
		o.t.Fatal(err)
	}
	return e
}

func (o *office) vote(by genbo.StaffID, id string, verdict approval.Verdict) error {
	o.t.Helper()
	ctx, v := context.Background(), o.visit(by)
	r, err := o.Desk.Request(ctx, o.visit("auditor1").Identity, o.get(id).Approval)
	if err != nil {
		o.t.Fatal(err)
	}
	_, err = o.Desk.Vote(ctx, v, r.ID, r.Hash, verdict)
	return err
}

func (o *office) approved(w handover.Wish) string {
	o.t.Helper()
	id := o.ask(w)
	if err := o.vote("approver1", id, approval.Approve); err != nil {
		o.t.Fatal(err)
	}
	return id
}

func (o *office) state(id string, want extract.State) {
	o.t.Helper()
	if got := o.get(id).State; got != want {
		o.t.Errorf("the extract is %s, want %s", got, want)
	}
}

func refused(t *testing.T, err error, want error, what string) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

func rule(t *testing.T, err error, want, what string) {
	t.Helper()
	var f *genbo.Fault
	if !errors.As(err, &f) || f.Code != want {
		t.Errorf("%s: %v, want the fault %s", what, err, want)
	}
}

func TestWorklist(t *testing.T) {
	each(t, 60, func(t *testing.T, o *office) {
		ctx := context.Background()
		count, err := o.Handover.Preview(ctx, o.visit("clerk1"), wish(extract.Worklist), quiet)
		if err != nil || count.Persons != 60 || count.Few {
			t.Fatalf("the preview counts %+v, %v; want 60 people", count, err)
		}
		id := o.ask(wish(extract.Worklist))
		_, err = o.Handover.Rows(ctx, o.visit("clerk1"), id, handover.View{})
		refused(t, err, genbo.ErrConflict, "a list that nobody approved")
		if err := o.vote("approver1", id, approval.Approve); err != nil {
			t.Fatal(err)
		}
		first, err := o.Handover.Rows(ctx, o.visit("clerk1"), id, handover.View{})
		if err != nil || len(first.Lines) != 50 || first.Total != 60 {
			t.Fatalf("page 1 has %d of %d rows: %v", len(first.Lines), first.Total, err)
		}
		if got := strings.Join(first.Columns, " "); got != "number kana name postal address" {
			t.Errorf("the columns are %q", got)
		}
		if name := first.Lines[0].Cells[2].Plain(); !strings.HasPrefix(name, "試験") {
			t.Errorf("the first row's name is %q", name)
		}
		if err := o.Handover.Work(ctx, o.visit("clerk1"), id, 0, true, "telephoned"); err != nil {
			t.Fatal(err)
		}
		rest, err := o.Handover.Rows(ctx, o.visit("clerk1"), id, handover.View{Only: handover.OnlyOpen, Offset: 50})
		if err != nil || len(rest.Lines) != 9 || rest.Done != 1 {
			t.Errorf("9 open rows are left on page 2, got %d, %d done: %v", len(rest.Lines), rest.Done, err)
		}
		done, err := o.Handover.Rows(ctx, o.visit("clerk1"), id, handover.View{Only: handover.OnlyDone})
		if err != nil || len(done.Lines) != 1 || done.Lines[0].Note.Plain() != "telephoned" {
			t.Errorf("the row that is done is not as noted: %+v, %v", done.Lines, err)
		}
		sorted, err := o.Handover.Rows(ctx, o.visit("clerk1"), id, handover.View{Sort: person.KindBirth, Contains: "霞が関"})
		if err != nil || sorted.Total != 60 {
			t.Errorf("sorted and filtered: %d rows, %v", sorted.Total, err)
		}
		none, err := o.Handover.Rows(ctx, o.visit("clerk1"), id, handover.View{Contains: "大阪"})
		if err != nil || none.Total != 0 || len(none.Lines) != 0 {
			t.Errorf("nobody lives there, got %d rows, %v", none.Total, err)
		}
		_, err = o.Handover.Rows(ctx, o.visit("clerk2"), id, handover.View{})
		refused(t, err, genbo.ErrForbidden, "another clerk")
		o.viewed(id, 5)
	})
}

// viewed checks that the journal has an entry for each page, with exactly its people.
func (o *office) viewed(id string, pages int) {
	o.t.Helper()
	if err := o.Journal.Sequence(context.Background()); err != nil {
		o.t.Fatal(err)
	}
	entries, _, err := o.Journal.List(context.Background(), journal.Filter{Action: journal.ExtractView}, 100)
	if err != nil {
		o.t.Fatal(err)
	}
	people := 0
	for _, e := range entries {
		people += e.People.Count()
		if !strings.Contains(e.Detail, id) || e.Fields.String() != "NAD" || e.Purpose != "overdue-notice" {
			o.t.Errorf("the entry does not say which list and fields: %+v", e)
		}
	}
	if len(entries) != pages-1 || people != 50+9+1+50 {
		o.t.Errorf("%d pages with %d people are in the journal, want %d with 110", len(entries), people, pages-1)
	}
}

func TestPurposeBoundsTheWish(t *testing.T) {
	o := open(t, 12, house.Options{})
	ctx := context.Background()
	for what, c := range map[string]struct {
		change func(*handover.Wish)
		rule   string
	}{
		"a purpose that is not configured": {func(w *handover.Wish) { w.Purpose = "curiosity" }, "purpose.unknown"},
		"fields beyond the purpose":        {func(w *handover.Wish) { w.Fields |= genbo.FieldBank }, "extract.fields"},
		"no fields":                        {func(w *handover.Wish) { w.Fields = 0 }, "extract.fields"},
		"a form that is not allowed":       {func(w *handover.Wish) { w.Form = extract.ZIP }, "extract.form"},
		"too many days":                    {func(w *handover.Wish) { w.Days = 15 }, "extract.days"},
		"nobody":                           {func(w *handover.Wish) { w.Selection.BornFrom = 20200101 }, "extract.nobody"},
		"everybody":                        {func(w *handover.Wish) { w.Selection = person.Selection{} }, "extract.case"},
		"another office without a case":    {func(w *handover.Wish) { w.Selection.Office = "0202" }, "extract.case"},
		"an emergency that is none":        {func(w *handover.Wish) { w.Emergency = true }, "extract.case"},
		"no device for somebody else's":    {func(w *handover.Wish) { w.Form, w.Recipient = extract.Sealed, "clerk2" }, "extract.device"},
		"a recipient who does not exist":   {func(w *handover.Wish) { w.Recipient = "nobody" }, "extract.recipient"},
	} {
		w := wish(extract.Worklist)
		c.change(&w)
		_, err := o.Handover.Ask(ctx, o.visit("clerk1"), w, quiet)
		rule(t, err, c.rule, what)
	}
	w := wish(extract.Worklist)
	v := o.visit("clerk1")
	v.Reason = " "
	_, err := o.Handover.Ask(ctx, v, w, quiet)
	rule(t, err, "text.empty", "no reason")
	for _, who := range []genbo.StaffID{"approver1", "operator1", "security1", "admin1"} {
		_, err := o.Handover.Ask(ctx, o.visit(who), w, quiet)
		refused(t, err, genbo.ErrForbidden, string(who)+" asks")
	}
	v = o.visit("clerk1")
	v.Case = "C-1"
	w.Selection = person.Selection{Numbers: make([]genbo.Number, 5001)}
	_, err = o.Handover.Ask(ctx, v, w, quiet)
	rule(t, err, "extract.most", "too many numbers")
	count, err := o.Handover.Preview(ctx, o.visit("clerk1"), handover.Wish{Purpose: "overdue-notice", Selection: person.Selection{Office: "0101", BornTo: 19500301},
		Fields: genbo.FieldName, Form: extract.Worklist, Days: 1}, quiet)
	if err != nil || !count.Few || count.Persons != 0 {
		t.Errorf("a preview of one person tells %+v, %v; want only that they are few", count, err)
	}
}

// Nobody approves his own list, by whatever path.
func TestNobodyApprovesHisOwnList(t *testing.T) {
	each(t, 11, func(t *testing.T, o *office) {
		ctx := context.Background()
		for _, m := range []staff.Member{
			{ID: "suzuki", Holder: "emp-77", Name: "Suzuki", Office: "0101", Roles: []staff.Role{staff.Clerk}},
			{ID: "suzuki2", Holder: "emp-77", Name: "Suzuki", Office: "0101", Roles: []staff.Role{staff.Approver}},
		} {
			if err := o.Directory.Add(ctx, journal.System("test"), m); err != nil {
				t.Fatal(err)
			}
		}
		id, err := o.Handover.Ask(ctx, o.visit("suzuki"), wish(extract.Worklist), quiet)
		if err != nil {
			t.Fatal(err)
		}
		refused(t, o.vote("suzuki2", id, approval.Approve), genbo.ErrForbidden, "the asker's second account")
		id, err = o.Handover.Ask(ctx, o.visit("both"), wish(extract.Worklist), quiet)
		if err != nil {
			t.Fatal(err)
		}
		refused(t, o.vote("both", id, approval.Approve), genbo.ErrForbidden, "the asker himself, who is an approver too")
		refused(t, o.vote("admin1", id, approval.Approve), genbo.ErrForbidden, "an administrator")
		w := wish(extract.Worklist)
		w.Recipient = "both"
		id = o.ask(w)
		refused(t, o.vote("both", id, approval.Approve), genbo.ErrForbidden, "whom the list is for")
		w.Recipient = "suzuki"
		id = o.ask(w)
		refused(t, o.vote("suzuki2", id, approval.Approve), genbo.ErrForbidden, "the second account of whom the list is for")
		o.state(id, extract.Asked)
		r, err := o.Desk.Request(ctx, o.visit("auditor1").Identity, o.get(id).Approval)
		if err != nil {
			t.Fatal(err)
		}
		other := append([]byte{}, r.Hash...)
		other[0] ^= 1
		_, err = o.Desk.Vote(ctx, o.visit("approver1"), r.ID, other, approval.Approve)
		refused(t, err, genbo.ErrConflict, "a vote on something else")
		err = o.DB.Update(ctx, func(tx *db.Tx) error {
			_, err := tx.Home().Exec("UPDATE extract SET form = 'xlsx' WHERE id = ?", id)
			return err
		})
		if !errors.Is(err, db.ErrAppendOnly) && !errors.Is(err, genbo.ErrForbidden) {
			t.Errorf("a list changed in the database: %v", err)
		}
		err = o.DB.Update(ctx, func(tx *db.Tx) error {
			_, err := tx.Home().Exec("INSERT INTO approval_part (approval, holder, part) VALUES (?, ?, ?)", r.ID, "emp-77", "voter")
			return err
		})
		refused(t, err, genbo.ErrConflict, "a second part put into the database")
	})
}

func TestBulkTakesTwo(t *testing.T) {
	dir := t.TempDir()
	o := open(t, 11, house.Options{Lists: purposes(t, dir, func(p map[string]any) { p["two_from"] = 11 })})
	id := o.ask(wish(extract.Worklist))
	if err := o.vote("approver1", id, approval.Approve); err != nil {
		t.Fatal(err)
	}
	o.state(id, extract.Asked)
	refused(t, o.vote("approver1", id, approval.Approve), genbo.ErrConflict, "the same approver again")
	if err := o.vote("approver2", id, approval.Approve); err != nil {
		t.Fatal(err)
	}
	o.state(id, extract.Live)
	id = o.ask(wish(extract.Worklist))
	if err := o.vote("approver2", id, approval.Reject); err != nil {
		t.Fatal(err)
	}
	o.state(id, extract.Rejected)
}

// purposes writes a file of one purpose, overdue-notice, changed.
func purposes(t *testing.T, dir string, change func(p map[string]any)) string {
	t.Helper()
	p := map[string]any{"code": "overdue-notice", "ja": "督励", "en": "Notice", "fields": "NAD", "most": 5000, "two_from": 1000, "days": 14,
		"day": 5000, "emergency": 20, "ask": []string{"clerk"}, "forms": []string{"worklist", "sealed", "xlsx", "zip", "age"}}
	change(p)
	text, err := json.Marshal([]any{p})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "lists.json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPurposesAreRead(t *testing.T) {
	if list, err := handover.LoadPurposes(""); err != nil || len(list) != 6 {
		t.Fatalf("%d purposes are built in, %v; want 6", len(list), err)
	}
	for what, change := range map[string]func(p map[string]any){
		"no approvals by a huge bound is still one": nil,
		"two_from of 0":     func(p map[string]any) { p["two_from"] = 0 },
		"no days":           func(p map[string]any) { p["days"] = 0 },
		"unknown fields":    func(p map[string]any) { p["fields"] = "NZ" },
		"unknown form":      func(p map[string]any) { p["forms"] = []string{"csv"} },
		"unknown role":      func(p map[string]any) { p["ask"] = []string{"everybody"} },
		"nobody may ask":    func(p map[string]any) { p["ask"] = []string{} },
		"unknown setting":   func(p map[string]any) { p["approvals"] = 0 },
		"statistics of NAD": func(p map[string]any) { p["forms"] = []string{"statistics"} },
		"no name":           func(p map[string]any) { p["ja"] = "" },
	} {
		if change == nil {
			continue
		}
		if _, err := handover.LoadPurposes(purposes(t, t.TempDir(), change)); !errors.Is(err, genbo.ErrInvalid) {
			t.Errorf("%s: %v, want %v", what, err, genbo.ErrInvalid)
		}
	}
}

// A purpose that is edited while a request waits voids the request.
func TestPurposeEditedMeanwhile(t *testing.T) {
	var o house.Options
	at := clock(&o)
	dir := t.TempDir()
	o.Lists = purposes(t, dir, func(map[string]any) {})
	h := housetest.New(t, o)
	housetest.Enter(t, h, 11)
	before := &office{h, t, at}
	id := before.ask(wish(extract.Worklist))
	purposes(t, dir, func(p map[string]any) { p["days"] = 400 })
	o.Dir, o.Database = h.Dir, h.Database
	again, err := house.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	})
	after := &office{again, t, at}
	refused(t, after.vote("approver1", id, approval.Approve), genbo.ErrConflict, "an approval for an edited purpose")
	after.state(id, extract.Asked)
	r, err := after.Desk.Request(context.Background(), after.visit("auditor1").Identity, after.get(id).Approval)
	if err != nil {
		t.Fatal(err)
	}
	review, err := after.Handover.Review(context.Background(), after.visit("approver1").Identity, r)
	if err != nil || !review.Edited {
		t.Errorf("the approver is not told that the purpose was edited: %+v, %v", review, err)
	}
}

func TestBreakGlass(t *testing.T) {
	dir := t.TempDir()
	o := open(t, 12, house.Options{Lists: purposes(t, dir, func(map[string]any) {})})
	ctx := context.Background()
	w := wish(extract.Worklist)
	w.Emergency = true
	v := o.visit("clerk1")
	v.Case = "C-2026-1"
	id, err := o.Handover.Ask(ctx, v, w, quiet)
	if err != nil {
		t.Fatal(err)
	}
	o.state(id, extract.Live)
	if rows, err := o.Handover.Rows(ctx, o.visit("clerk1"), id, handover.View{}); err != nil || len(rows.Lines) != 12 {
		t.Fatalf("the emergency list has %d rows: %v", len(rows.Lines), err)
	}
	var alarms []access.Alarm
	if err := o.DB.View(ctx, func(tx *db.Tx) (err error) { alarms, err = access.Alarms(tx, true, 10); return err }); err != nil {
		t.Fatal(err)
	}
	if len(alarms) != 1 || alarms[0].Kind != access.GlassAlarm {
		t.Errorf("the alarms are %+v, want one of a broken glass", alarms)
	}
	_, err = o.Handover.Ask(ctx, v, w, quiet)
	rule(t, err, "extract.unreviewed", "a second emergency before the first was reviewed")
	o.wait(61 * time.Minute)
	_, err = o.Handover.Rows(ctx, o.visit("clerk1"), id, handover.View{})
	refused(t, err, genbo.ErrConflict, "the list after an hour")
	if err := o.vote("approver1", id, approval.Approve); err != nil {
		t.Fatal(err)
	}
	v = o.visit("clerk1")
	v.Case = "C-2026-2"
	if id, err = o.Handover.Ask(ctx, v, w, quiet); err != nil {
		t.Fatalf("an emergency after the review: %v", err)
	}
	if err := o.vote("approver2", id, approval.Reject); err != nil {
		t.Fatal(err)
	}
	o.state(id, extract.Revoked)
}

func TestExtractsEnd(t *testing.T) {
	each(t, 11, func(t *testing.T, o *office) {
		ctx := context.Background()
		id := o.approved(wish(extract.Worklist))
		o.wait(8 * 24 * time.Hour)
		_, err := o.Handover.Rows(ctx, o.visit("clerk1"), id, handover.View{})
		refused(t, err, genbo.ErrConflict, "a list past its time, before the sweep")
		if n, err := o.Handover.Sweep(ctx); err != nil || n != 1 {
			t.Fatalf("the sweep ended %d, %v", n, err)
		}
		o.state(id, extract.Expired)
		id = o.approved(wish(extract.Worklist))
		v := o.visit("clerk2")
		refused(t, o.Handover.Revoke(ctx, v, id), genbo.ErrForbidden, "another clerk revokes")
		if err := o.Handover.Revoke(ctx, o.visit("security1"), id); err != nil {
			t.Fatal(err)
		}
		_, err = o.Handover.Rows(ctx, o.visit("clerk1"), id, handover.View{})
		refused(t, err, genbo.ErrConflict, "a revoked list")
		refused(t, o.Handover.Attest(ctx, o.visit("security1"), id), genbo.ErrForbidden, "somebody else attests")
		if err := o.Handover.Attest(ctx, o.visit("clerk1"), id); err != nil {
			t.Fatal(err)
		}
		o.state(id, extract.Attested)
		id = o.ask(wish(extract.Worklist))
		if err := o.Desk.WithdrawRequest(ctx, o.visit("clerk1"), o.get(id).Approval); err != nil {
			t.Fatal(err)
		}
		o.state(id, extract.Withdrawn)
	})
}

// A device that is cut off gets nothing from that second; one cuts off, two let in.
func TestDevices(t *testing.T) {
	each(t, 11, func(t *testing.T, o *office) {
		ctx := context.Background()
		id := o.approved(wish(extract.Worklist))
		clerk := o.visit("clerk1")
		refused(t, o.Handover.CutOff(ctx, clerk, housetest.Device), genbo.ErrForbidden, "a clerk cuts off")
		if err := o.Handover.CutOff(ctx, o.visit("security1"), "pc-9"); err != nil {
			t.Fatal(err)
		}
		asked, approver, auditor := o.visit("security1"), o.visit("approver1"), o.visit("auditor1")
		request, err := o.Handover.AskLetIn(ctx, asked, "pc-9")
		if err != nil {
			t.Fatal(err)
		}
		if err := o.Handover.CutOff(ctx, asked, housetest.Device); err != nil {
			t.Fatal(err)
		}
		_, err = o.Handover.Rows(ctx, clerk, id, handover.View{})
		refused(t, err, genbo.ErrForbidden, "a list on a device that was cut off")
		link, err := o.Directory.Link(ctx, journal.System("test"), "clerk1", time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		_, err = o.Directory.SignInByLink(ctx, link, housetest.Device)
		refused(t, err, genbo.ErrForbidden, "signing in on it")
		r, err := o.Desk.Request(ctx, auditor.Identity, request)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.Desk.Vote(ctx, asked, request, r.Hash, approval.Approve); err == nil {
			t.Error("the security officer lets the device in alone")
		}
		if _, err := o.Desk.Vote(ctx, approver, request, r.Hash, approval.Approve); err != nil {
			t.Fatal(err)
		}
		list, err := o.Directory.Devices(ctx)
		if err != nil || len(list) != 2 {
			t.Fatalf("%d devices, %v", len(list), err)
		}
		for _, d := range list {
			if d.Out != (d.ID == housetest.Device) {
				t.Errorf("%s is out: %t", d.ID, d.Out)
			}
		}
	})
}

// A thief with a clerk's session gets no more rows than the budget, and an alarm is raised.
func TestThiefWithAWorklist(t *testing.T) {
	o := open(t, 120, house.Options{Limits: access.Limits{OpenFiveMinutes: 30, OpenDay: 300, GlimpseFiveMinutes: 300, GlimpseDay: 3000, ListFiveMinutes: 60, ListDay: 80}})
	ctx := context.Background()
	id := o.approved(wish(extract.Worklist))
	thief := o.visit("clerk1")
	seen := map[int]bool{}
	for hour := range 5 {
		for offset := 0; offset < 120; offset += 10 {
			lines, err := o.Handover.Rows(ctx, thief, id, handover.View{Offset: offset})
			if err != nil {
				refused(t, err, genbo.ErrBudget, "a page")
				continue
			}
			for _, l := range lines.Lines {
				seen[l.Row.Row] = true
			}
		}
		if len(seen) > 80 {
			t.Fatalf("after %d h the thief has %d people, more than the budget", hour, len(seen))
		}
		o.wait(10 * time.Minute)
	}
	if len(seen) == 0 {
		t.Error("the budget lets nobody work")
	}
	var alarms []access.Alarm
	if err := o.DB.View(ctx, func(tx *db.Tx) (err error) { alarms, err = access.Alarms(tx, true, 10); return err }); err != nil {
		t.Fatal(err)
	}
	if len(alarms) == 0 || alarms[0].Kind != access.BudgetAlarm {
		t.Errorf("the alarms are %+v", alarms)
	}
}

func TestStatisticsNameNobody(t *testing.T) {
	o := open(t, 12, house.Options{})
	w := handover.Wish{Purpose: "statistics", Selection: person.Selection{Office: "0101"}, Form: extract.Statistics, Days: 5}
	id := o.approved(w)
	_, list, err := o.Handover.Statistics(context.Background(), o.visit("clerk1").Identity, id)
	if err != nil || len(list) != 1 || list[0].Persons != 12 || list[0].Decade != 1950 {
		t.Fatalf("the statistic is %+v, %v", list, err)
	}
}
