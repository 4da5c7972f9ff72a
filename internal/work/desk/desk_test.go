package desk_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/access"
	"genbo/internal/record/approval"
	"genbo/internal/record/journal"
	"genbo/internal/record/person"
	"genbo/internal/work/desk"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
)

var ctx = context.Background()

func visit(t testing.TB, h *house.House, who genbo.StaffID, purpose string) desk.Visit {
	t.Helper()
	return desk.Visit{Identity: housetest.SignIn(t, h, who), Purpose: purpose, Reason: "asked at the counter"}
}

func today(h *house.House) genbo.Date { return genbo.DateOf(h.DB.Now().In(genbo.Japan)) }

func at[V person.Value](t testing.TB, h *house.House, f *desk.File, k person.Kind) V {
	t.Helper()
	value, found := f.Record.At(k, today(h), h.DB.Now())
	if !found {
		t.Fatalf("no %s", k)
	}
	return value.(V)
}

// The first capability from end to end: find, open, change, and the account of it all.
func TestFindOpenChange(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		refs := housetest.Enter(t, h, 5)
		clerk := visit(t, h, "clerk1", "inquiry")
		newcomer := housetest.Newcomer(t, 3)
		for name, q := range map[string]person.Query{
			"number":         {Number: newcomer.Numbers[0].Number},
			"kana and birth": {Kana: "シケン　アアアエ", Birth: 19500304},
			"kana":           {Kana: "シケンアアアエ"},
			"kanji":          {Kanji: "試験アアアエ"},
			"kanji, birth":   {Kanji: "試験　アアアエ", Birth: 19500304},
			"birth, postal":  {Birth: 19500304, Postal: "100-0013"},
		} {
			found, err := h.Desk.Find(ctx, clerk, q)
			if err != nil || len(found.Lines) != 1 || found.Lines[0].Ref != refs[3] {
				t.Errorf("by %s: got %d people, %v", name, len(found.Lines), err)
				continue
			}
			if l := found.Lines[0]; l.Name.Plain() != "試＊ ア＊　シ＊ ア＊" || l.BirthYear != 1950 || l.Place.Plain() != "東京都千代田区" {
				t.Errorf("by %s: the line shows %q, %d, %q", name, l.Name.Plain(), l.BirthYear, l.Place.Plain())
			}
		}
		if found, err := h.Desk.Find(ctx, clerk, person.Query{Phone: "0300001234"}); err != nil || len(found.Lines) != 5 {
			t.Errorf("by telephone: got %d people, %v, want 5", len(found.Lines), err)
		}
		if found, err := h.Desk.Find(ctx, clerk, person.Query{Kana: "シケンアアアエ", Birth: 19500305}); err != nil || len(found.Lines) != 0 {
			t.Errorf("by what does not fit together: got %d people, %v", len(found.Lines), err)
		}
		if _, err := h.Desk.Find(ctx, clerk, person.Query{Birth: 19500304}); !errors.Is(err, genbo.ErrInvalid) {
			t.Errorf("by birth date alone: got %v, want a fault", err)
		}

		f, err := h.Desk.Open(ctx, clerk, refs[3])
		if err != nil {
			t.Fatal(err)
		}
		if got := at[person.Name](t, h, f, person.KindName); got.Kana != "シケン　アアアエ" {
			t.Errorf("opened %q", got.Kana)
		}
		if f.Looks[0].ID != f.Entry || f.Looks[0].Actor.Staff != "clerk1" || f.Looks[0].Reason != "asked at the counter" {
			t.Errorf("the look that shows the page is not the newest on it: %+v", f.Looks[0])
		}

		before := h.DB.Now()
		time.Sleep(2 * time.Millisecond)
		clerk.Purpose = "change"
		out, err := h.Desk.Change(ctx, clerk, refs[3], person.Change{Value: person.Address{Postal: "530-0001", Text: "大阪府大阪市北区梅田一丁目"},
			ValidFrom: 20260401, Evidence: string(desk.ByResidentRegister)})
		if err != nil || out.Pending != "" {
			t.Fatalf("change: %+v, %v", out, err)
		}
		if f, err = h.Desk.Open(ctx, clerk, refs[3]); err != nil {
			t.Fatal(err)
		}
		if got := at[person.Address](t, h, f, person.KindAddress); got.Postal != "530-0001" {
			t.Errorf("after the change the address is %s", got.Postal)
		}
		for name, c := range map[string]struct {
			day   genbo.Date
			known time.Time
			want  string
		}{
			"before it was valid": {20260331, h.DB.Now(), "100-0013"},
			"before it was known": {20260401, before, "100-0013"},
			"since it is valid":   {20260401, h.DB.Now(), "530-0001"},
		} {
			v, found := f.Record.At(person.KindAddress, c.day, c.known)
			if !found || v.(person.Address).Postal != c.want {
				t.Errorf("%s: got %v, want %s", name, found, c.want)
			}
		}
		if found, err := h.Desk.Find(ctx, clerk, person.Query{Birth: 19500304, Postal: "530-0001"}); err != nil || len(found.Lines) != 1 {
			t.Errorf("by the new postal code: got %d people, %v", len(found.Lines), err)
		}

		// The change is withdrawn: by a new entry, and the old address holds again.
		for _, fact := range f.Record.Facts {
			if fact.Kind == person.KindAddress && fact.Seq == 2 {
				if _, err := h.Desk.Withdraw(ctx, clerk, refs[3], fact.Kind, fact.Seq); err != nil {
					t.Fatal(err)
				}
				if _, err := h.Desk.Withdraw(ctx, clerk, refs[3], fact.Kind, fact.Seq); !errors.Is(err, genbo.ErrConflict) {
					t.Errorf("withdrawn twice: got %v, want ErrConflict", err)
				}
			}
		}
		if f, err = h.Desk.Open(ctx, clerk, refs[3]); err != nil {
			t.Fatal(err)
		}
		if got := at[person.Address](t, h, f, person.KindAddress); got.Postal != "100-0013" {
			t.Errorf("after the withdrawal the address is %s", got.Postal)
		}
		verify(t, h)
	})
}

// verify checks the journal, once every entry has its place.
func verify(t *testing.T, h *house.House) {
	t.Helper()
	if err := h.Journal.Sequence(ctx); err != nil {
		t.Fatal(err)
	}
	report, err := journal.Verify(ctx, h.DB, h.Vault.VerifierKey(), nil, nil)
	if err != nil || len(report.Problems) > 0 || report.Entries == 0 {
		t.Errorf("journal: %+v, %v", report, err)
	}
}

func TestRights(t *testing.T) {
	h := housetest.New(t, house.Options{})
	ref := housetest.Enter(t, h, 1)[0]
	for _, c := range []struct {
		who          genbo.StaffID
		purpose, cas string
		open         bool
	}{
		{"clerk1", "inquiry", "", true}, {"clerk2", "inquiry", "", false}, {"clerk2", "inquiry", "C-1", true}, {"clerk1", "second-look", "", false},
		{"operator1", "inquiry", "", true}, {"operator1", "change", "", false}, {"approver1", "second-look", "", true}, {"approver1", "inquiry", "", false},
		{"auditor1", "inquiry", "C-1", false}, {"security1", "inquiry", "C-1", false}, {"admin1", "inquiry", "C-1", false},
	} {
		v := visit(t, h, c.who, c.purpose)
		v.Case = genbo.CaseID(c.cas)
		_, err := h.Desk.Open(ctx, v, ref)
		if c.open && err != nil || !c.open && !errors.Is(err, genbo.ErrForbidden) {
			t.Errorf("%s opens for %s with case %q: got %v", c.who, c.purpose, c.cas, err)
		}
	}
	if _, err := h.Desk.Open(ctx, visit(t, h, "clerk1", "curiosity"), ref); !errors.Is(err, genbo.ErrInvalid) {
		t.Errorf("a purpose that is not on the list: got %v, want a fault", err)
	}
	for _, who := range []genbo.StaffID{"auditor1", "security1", "admin1"} {
		if _, err := h.Desk.Find(ctx, visit(t, h, who, ""), person.Query{Kana: "シケンアアアア"}); !errors.Is(err, genbo.ErrForbidden) {
			t.Errorf("%s searches: got %v, want ErrForbidden", who, err)
		}
	}
}

// A thief with a valid session and the whole office zone in his hands calls as he likes: many at once, by
// every purpose, from every device, searching and opening. He gets no more people than the budget.
func TestSecondLook(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		refs := housetest.Enter(t, h, 2)
		clerk := visit(t, h, "both", "change")
		address := person.Change{Value: person.Address{Postal: "530-0001", Text: "大阪府大阪市北区梅田一丁目"}, ValidFrom: 20260401, Evidence: string(desk.ByKnowledge)}
		out, err := h.Desk.Change(ctx, clerk, refs[0], address)
		if err != nil || out.Pending == "" {
			t.Fatalf("on the strength of the leaked three fields: got %+v, %v, want a proposal", out, err)
		}
		f, err := h.Desk.Open(ctx, clerk, refs[0])
		if err != nil {
			t.Fatal(err)
		}
		if got := at[person.Address](t, h, f, person.KindAddress); got.Postal != "100-0013" {
			t.Error("the proposal holds already")
		}
		if len(f.Pending) != 1 || len(f.Proposals) != 1 || f.Proposals[0].Value.Plain().(person.Address).Postal != "530-0001" {
			t.Errorf("the page does not show what is pending: %+v", f.Pending)
		}
		request := f.Pending[0]
		if _, err := h.Desk.Vote(ctx, clerk, request.ID, request.Hash, approval.Approve); !errors.Is(err, genbo.ErrForbidden) {
			t.Errorf("the asker, who is an approver too, votes: got %v, want ErrForbidden", err)
		}
		approver := visit(t, h, "approver1", "second-look")
		if _, err := h.Desk.Vote(ctx, approver, request.ID, []byte("another hash"), approval.Approve); !errors.Is(err, genbo.ErrConflict) {
			t.Errorf("a vote on something else: got %v, want ErrConflict", err)
		}
		done, err := h.Desk.Vote(ctx, approver, request.ID, request.Hash, approval.Approve)
		if err != nil || done.State != approval.Done {
			t.Fatalf("vote: %s, %v", done.State, err)
		}
		if _, err := h.Desk.Vote(ctx, visit(t, h, "approver2", "second-look"), request.ID, request.Hash, approval.Approve); !errors.Is(err, genbo.ErrConflict) {
			t.Errorf("a vote after the outcome: got %v, want ErrConflict", err)
		}
		if f, err = h.Desk.Open(ctx, clerk, refs[0]); err != nil {
			t.Fatal(err)
		}
		if got := at[person.Address](t, h, f, person.KindAddress); got.Postal != "530-0001" {
			t.Error("the approved proposal does not hold")
		}

		// Address and bank account within a short time, each well proven.
		address.Evidence = string(desk.ByResidentRegister)
		bank := person.Change{Value: person.Bank("9999-001-1-1234567"), ValidFrom: 20260401, Evidence: string(desk.ByBankCertificate)}
		if out, err := h.Desk.Change(ctx, clerk, refs[1], address); err != nil || out.Pending != "" {
			t.Fatalf("address alone: %+v, %v", out, err)
		}
		if out, err = h.Desk.Change(ctx, clerk, refs[1], bank); err != nil || out.Pending == "" {
			t.Errorf("bank soon after address: got %+v, %v, want a proposal", out, err)
		}
		rejected, err := h.Desk.Vote(ctx, approver, out.Pending, request2(t, h, approver, out.Pending).Hash, approval.Reject)
		if err != nil || rejected.State != approval.Rejected {
			t.Errorf("reject: %s, %v", rejected.State, err)
		}
		if f, err = h.Desk.Open(ctx, clerk, refs[1]); err != nil {
			t.Fatal(err)
		}
		if _, found := f.Record.At(person.KindBank, today(h), h.DB.Now()); found {
			t.Error("the rejected account holds")
		}
		verify(t, h)
	})
}

func request2(t *testing.T, h *house.House, v desk.Visit, id string) approval.Request {
	t.Helper()
	r, err := h.Desk.Request(ctx, v.Identity, id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestChangeNeedsReasonAndEvidence(t *testing.T) {
	h := housetest.New(t, house.Options{})
	ref := housetest.Enter(t, h, 1)[0]
	good := person.Change{Value: person.Phone("03-0000-9999"), ValidFrom: 20260101, Evidence: string(desk.ByIDDocument)}
	for name, c := range map[string]struct {
		change func(c *person.Change)
		visit  func(v *desk.Visit)
		code   string
	}{
		"no reason":      {nil, func(v *desk.Visit) { v.Reason = " " }, "change.reason"},
		"no evidence":    {func(c *person.Change) { c.Evidence = "" }, nil, "change.evidence"},
		"wrong evidence": {func(c *person.Change) { c.Value, c.Evidence = person.Bank("9999-001-1-1234567"), "knowledge" }, nil, "change.evidence"},
		"no day":         {func(c *person.Change) { c.ValidFrom = 0 }, nil, "date.empty"},
		"far future":     {func(c *person.Change) { c.ValidFrom = today(h).AddDays(400) }, nil, "change.future"},
		"future death":   {func(c *person.Change) { c.Value, c.Evidence = person.Death(today(h).AddDays(1)), "death-certificate" }, nil, "death.future"},
	} {
		v, change := visit(t, h, "clerk1", "change"), good
		if c.visit != nil {
			c.visit(&v)
		}
		if c.change != nil {
			c.change(&change)
		}
		_, err := h.Desk.Change(ctx, v, ref, change)
		var fault *genbo.Fault
		if !errors.As(err, &fault) || fault.Code != c.code {
			t.Errorf("%s: got %v, want %s", name, err, c.code)
		}
	}
}

// TestTransfer puts a person in another office's charge: with it goes who may open him, and the past stays.
func TestTransfer(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		ref := housetest.Enter(t, h, 1)[0]
		here, there := visit(t, h, "clerk1", "change"), visit(t, h, "clerk2", "change")
		if _, err := h.Desk.Open(ctx, there, ref); !errors.Is(err, genbo.ErrForbidden) {
			t.Fatalf("before: %v", err)
		}
		here.Reason = "moved house"
		for name, c := range map[string]struct {
			office genbo.OfficeID
			from   genbo.Date
		}{"no office": {"", today(h)}, "no code": {"東第一", today(h)}, "no day": {"0202", 0}, "far ahead": {"0202", today(h).AddDays(400)}} {
			if _, err := h.Desk.Transfer(ctx, here, ref, c.office, c.from); !errors.Is(err, genbo.ErrInvalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := h.Desk.Transfer(ctx, here, ref, "0202", today(h).AddDays(-10)); err != nil {
			t.Fatal(err)
		}
		f, err := h.Desk.Open(ctx, there, ref)
		if err != nil {
			t.Fatal(err)
		}
		if now, before := f.Record.OfficeAt(today(h), f.Opened), f.Record.OfficeAt(today(h).AddDays(-11), f.Opened); now != "0202" || before != "0101" {
			t.Errorf("in charge now %s, before %s", now, before)
		}
		if _, err := h.Desk.Open(ctx, here, ref); !errors.Is(err, genbo.ErrForbidden) {
			t.Errorf("the office before opens him still: %v", err)
		}
	})
}

// TestFirstNameAndBirthStay: a person cannot be left without the name and the date of birth that he came with.
func TestFirstNameAndBirthStay(t *testing.T) {
	h := housetest.New(t, house.Options{})
	ref := housetest.Enter(t, h, 1)[0]
	v := visit(t, h, "clerk1", "change")
	v.Reason = "test"
	for _, kind := range []person.Kind{person.KindName, person.KindBirth} {
		if _, err := h.Desk.Withdraw(ctx, v, ref, kind, 1); !errors.Is(err, genbo.ErrInvalid) {
			t.Errorf("withdrew the first %s: %v", kind, err)
		}
	}
	if _, err := h.Desk.Withdraw(ctx, v, ref, person.KindPhone, 1); err != nil {
		t.Errorf("a telephone entered by mistake stays: %v", err)
	}
}

func TestMergeAndSplit(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		refs := housetest.Enter(t, h, 3)
		clerk := visit(t, h, "clerk1", "record-review")
		decide := func(id string) {
			t.Helper()
			hash := request2(t, h, clerk, id).Hash
			one, err := h.Desk.Vote(ctx, visit(t, h, "approver1", "second-look"), id, hash, approval.Approve)
			if err != nil || one.State != approval.Waiting {
				t.Fatalf("after one approval: %s, %v; want waiting", one.State, err)
			}
			if _, err := h.Desk.Vote(ctx, visit(t, h, "approver1", "second-look"), id, hash, approval.Approve); err == nil {
				t.Error("one approver approved twice")
			}
			two, err := h.Desk.Vote(ctx, visit(t, h, "approver2", "second-look"), id, hash, approval.Approve)
			if err != nil || two.State != approval.Done {
				t.Fatalf("after two approvals: %s, %v; want done", two.State, err)
			}
		}
		id, err := h.Desk.AskMerge(ctx, clerk, refs[1], refs[0])
		if err != nil {
			t.Fatal(err)
		}
		decide(id)
		old := housetest.Newcomer(t, 1).Numbers[0].Number
		found, err := h.Desk.Find(ctx, clerk, person.Query{Number: old})
		if err != nil || len(found.Lines) != 1 || found.Lines[0].Ref != refs[0] {
			t.Errorf("the merged number leads to %v, %v; want the survivor", found.Lines, err)
		}
		f, err := h.Desk.Open(ctx, clerk, refs[1])
		if err != nil || f.Ref != refs[0] || len(f.Absorbed) != 1 || f.Absorbed[0].Ref != refs[1] {
			t.Fatalf("the reference of the merged person opens %v, %v", f, err)
		}
		if f.Absorbed[0].Record.Numbers[0].State != person.Merged || f.Absorbed[0].Record.Numbers[0].Number != old {
			t.Error("the number of the merged person is not kept as merged")
		}
		if got, found := f.Absorbed[0].Record.At(person.KindName, today(h), h.DB.Now()); !found || got.(person.Name).Kana != "シケン　アアアイ" {
			t.Error("a fact of the merged person is lost")
		}
		if id, err = h.Desk.AskSplit(ctx, clerk, refs[1], refs[0]); err != nil {
			t.Fatal(err)
		}
		decide(id)
		if f, err = h.Desk.Open(ctx, clerk, refs[1]); err != nil || f.Ref != refs[1] || f.Record.Numbers[0].State != person.Current {
			t.Errorf("after the split: %v", err)
		}
		verify(t, h)
	})
}

func TestReissue(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		ref := housetest.Enter(t, h, 1)[0]
		clerk := visit(t, h, "clerk1", "change")
		if _, err := h.Desk.Reissue(ctx, clerk, ref, 1); err != nil {
			t.Fatal(err)
		}
		f, err := h.Desk.Open(ctx, clerk, ref)
		if err != nil || len(f.Record.Numbers) != 2 {
			t.Fatalf("got %v", err)
		}
		old, fresh := f.Record.Numbers[0], f.Record.Numbers[1]
		if old.State != person.Retired || fresh.State != person.Current || !fresh.Number.Issued() {
			t.Errorf("states are %s and %s", old.State, fresh.State)
		}
		for _, n := range []genbo.Number{old.Number, fresh.Number} {
			found, err := h.Desk.Find(ctx, clerk, person.Query{Number: n})
			if err != nil || len(found.Lines) != 1 || found.Lines[0].Ref != ref || found.Lines[0].Retired != (n == old.Number) {
				t.Errorf("a number of his leads to %+v, %v", found.Lines, err)
			}
		}
		var alarms []access.Alarm
		err = h.DB.View(ctx, func(tx *db.Tx) (err error) {
			alarms, err = access.Alarms(tx, true, 10)
			return err
		})
		if err != nil || len(alarms) != 1 || alarms[0].Kind != access.RetiredAlarm {
			t.Errorf("alarms: %+v, %v; want one of the retired number", alarms, err)
		}
		if _, err := h.Desk.Reissue(ctx, clerk, ref, 1); !errors.Is(err, genbo.ErrConflict) {
			t.Errorf("a retired number is replaced again: got %v, want ErrConflict", err)
		}
	})
}

func TestConcurrentIssueNeverGivesANumberTwice(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		clerk := visit(t, h, "clerk1", "change")
		seen := map[genbo.Number]bool{}
		var mu sync.Mutex
		var wg sync.WaitGroup
		for n := range 24 {
			wg.Go(func() {
				newcomer := housetest.Newcomer(t, n)
				newcomer.Numbers = nil
				ref, err := h.Desk.Register(ctx, clerk, newcomer)
				if err != nil {
					t.Error(err)
					return
				}
				v := clerk
				v.Identity.Device = genbo.DeviceID(fmt.Sprint(n))
				f, err := h.Desk.Open(ctx, v, ref)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				number := f.Record.Numbers[0].Number
				if seen[number] || !number.Issued() {
					t.Error("a number was given twice, or is of the wrong form")
				}
				seen[number] = true
			})
		}
		wg.Wait()
	})
}

// A thief with a copy of the database, its log included, finds no personal field in it, in any encoding.
