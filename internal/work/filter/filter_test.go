package filter_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/keyedset"
	"genbo/internal/record/approval"
	"genbo/internal/record/extract"
	"genbo/internal/record/journal"
	"genbo/internal/record/person"
	"genbo/internal/work/desk"
	"genbo/internal/work/filter"
	"genbo/internal/work/handover"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
	"genbo/internal/work/mark"
	"genbo/internal/work/scan"
)

// office is a register with people to whom everything has happened that happens to numbers and names.
type office struct {
	*house.House
	t   *testing.T
	ids []genbo.PersonID
}

const people = 110

// number is the one that housetest gave the n-th person.
func number(n int) string { return fmt.Sprintf("1100-%06d", n) }

// nameOf is the name that housetest gave the n-th person, after the surname.
func givenOf(n int) string {
	kana := []rune("アイウエオカキクケコ")
	return string([]rune{kana[n/1000%10], kana[n/100%10], kana[n/10%10], kana[n%10]})
}

func birthOf(n int) genbo.Date { return genbo.Date(19500301).AddDays(n) }

func open(t *testing.T, h *house.House) *office {
	o := &office{House: h, t: t}
	for _, ref := range housetest.Enter(t, h, people) {
		id, err := h.Vault.Person(ref)
		if err != nil {
			t.Fatal(err)
		}
		o.ids = append(o.ids, id)
	}
	return o
}

// change does something to the register under an entry of the journal.
func (o *office) change(fn func(tx *db.Tx, entry genbo.EntryID) error) {
	o.t.Helper()
	err := o.DB.Update(context.Background(), func(tx *db.Tx) error {
		entry, err := o.Journal.Write(tx, journal.Entry{Actor: journal.System("test"), Action: journal.PersonChange})
		if err != nil {
			return err
		}
		return fn(tx, entry)
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) add(n int, values ...person.Value) {
	o.t.Helper()
	o.change(func(tx *db.Tx, entry genbo.EntryID) error {
		for _, v := range values {
			if err := o.Register.Add(tx, o.ids[n], person.Change{Value: v, ValidFrom: 20200401, Evidence: "resident-register"}, entry); err != nil {
				return err
			}
		}
		return nil
	})
}

// live has lives pass: 0 is given another number, 1 has one of a handbook, 2 a provisional one, 3 is merged into 4 and 4
// into 5, 6 married, 7 was called something by mistake, 8 is called as 9 is and was born on the same day.
func (o *office) live() (issued genbo.Number) {
	o.t.Helper()
	o.change(func(tx *db.Tx, entry genbo.EntryID) (err error) {
		if err := o.Register.SetNumberState(tx, o.ids[0], 1, person.Retired, entry); err != nil {
			return err
		}
		if issued, err = o.Register.Issue(tx, o.ids[0], entry); err != nil {
			return err
		}
		for _, more := range []struct {
			of   int
			kind person.NumberKind
			n    uint64
		}{{1, person.Handbook, 2_100_000_001}, {2, person.Provisional, 9_900_000_002}} {
			n, err := genbo.NumberOf(more.n)
			if err != nil {
				return err
			}
			if err := o.Register.AddNumber(tx, o.ids[more.of], person.NewNumber{Kind: more.kind, Number: n}, entry); err != nil {
				return err
			}
		}
		return o.Register.Merge(tx, o.ids[3], o.ids[4], entry)
	})
	o.change(func(tx *db.Tx, entry genbo.EntryID) error { return o.Register.Merge(tx, o.ids[4], o.ids[5], entry) })
	o.add(6, person.Name{Kanji: "婚後　" + givenOf(6), Kana: "コンゴ　" + givenOf(6)})
	o.add(7, person.Name{Kanji: "誤記　" + givenOf(7), Kana: "ゴキ　" + givenOf(7)})
	o.change(func(tx *db.Tx, entry genbo.EntryID) error {
		return o.Register.Withdraw(tx, o.ids[7], person.KindName, 2, entry)
	})
	o.add(8, person.Name{Kanji: "試験　" + givenOf(9), Kana: "シケン　" + givenOf(9)}, person.Birth(birthOf(9)))
	return issued
}

// handOver has a file of an extract made, and returns the extract with its decoys.
func (o *office) handOver() (id string, decoys []mark.Decoy) {
	o.t.Helper()
	ctx := context.Background()
	clerk := desk.Visit{Identity: housetest.SignIn(o.t, o.House, "clerk1"), Reason: "corrections"}
	id, err := o.Handover.Ask(ctx, clerk, handover.Wish{Purpose: "correction-list", Selection: person.Selection{Office: "0101"},
		Fields: genbo.FieldNumber | genbo.FieldName | genbo.FieldBirth, Form: extract.Sealed, Days: 7}, func(int, int) {})
	if err != nil {
		o.t.Fatal(err)
	}
	e, _, err := o.Handover.Get(ctx, housetest.SignIn(o.t, o.House, "auditor1"), id)
	if err != nil {
		o.t.Fatal(err)
	}
	request, err := o.Desk.Request(ctx, housetest.SignIn(o.t, o.House, "auditor1"), e.Approval)
	if err != nil {
		o.t.Fatal(err)
	}
	if _, err := o.Desk.Vote(ctx, desk.Visit{Identity: housetest.SignIn(o.t, o.House, "approver1"), Reason: "seen"}, request.ID, request.Hash, approval.Approve); err != nil {
		o.t.Fatal(err)
	}
	file, err := o.Handover.Release(ctx, clerk, id)
	if err != nil {
		o.t.Fatal(err)
	}
	if err := file.Write(io.Discard); err != nil {
		o.t.Fatal(err)
	}
	err = o.Handover.Decoys(ctx, func(extract string, list []mark.Decoy) error {
		if extract == id {
			decoys = list
		}
		return nil
	})
	if err != nil || len(decoys) != mark.Wanted(people) {
		o.t.Fatalf("%d decoys, %v", len(decoys), err)
	}
	return id, decoys
}

// export makes the filter in a file, with a key of its own.
func (o *office) export() (path string, key *keyedset.Key, made filter.Made) {
	o.t.Helper()
	path, key = filepath.Join(o.t.TempDir(), "filter"), keyedset.NewKey()
	err := scan.WriteWhole(path, func(f *os.File) (err error) {
		made, err = filter.Write(context.Background(), o.House, f, filter.Options{By: journal.System("test"), Key: key, Good: time.Hour})
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return path, key, made
}

// scan scans files, by name, and joins them with the filter.
func (o *office) scan(path string, key *keyedset.Key, files map[string]string) (*scan.Report, map[string]*scan.File) {
	o.t.Helper()
	m, err := keyedset.Open(path, key, o.DB.Now())
	if err != nil {
		o.t.Fatal(err)
	}
	defer m.Close()
	dir := o.t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			o.t.Fatal(err)
		}
	}
	r, err := scan.Run(context.Background(), scan.Options{Roots: []string{dir}, Whose: m, Now: o.DB.Now})
	if err != nil {
		o.t.Fatal(err)
	}
	found := map[string]*scan.File{}
	for _, f := range r.List {
		found[filepath.Base(f.Path)] = f
	}
	return r, found
}

const (
	numbered = "基礎年金番号,氏名\n"
	named    = "氏名,生年月日\n"
)

// TestWhose: every number and name that the register has or had leads to its person, and each figure of the report is exact.
func TestWhose(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		o := open(t, h)
		issued := o.live()
		id, decoys := o.handOver()
		path, key, made := o.export()
		if made.Persons != people-2 || made.Merged != 2 || made.Extracts != 1 || made.Key != key.ID() {
			t.Errorf("made: %+v", made)
		}
		rows := func(head string, lines ...string) string { return head + strings.Join(lines, "\n") + "\n" }
		name := func(n int) string { return "試験　" + givenOf(n) + "," + birthOf(n).String() }
		leaked := []string{}
		for n := 20; n < 60; n++ {
			leaked = append(leaked, number(n)+",試験　"+givenOf(n))
		}
		bare := append([]string{}, name(61), name(62), name(63))
		for _, d := range decoys {
			leaked = append(leaked, d.Number+","+d.Name)
			bare = append(bare, d.Name+","+d.Birth)
		}
		r, files := o.scan(path, key, map[string]string{
			"numbers.csv": rows(numbered, number(0)+",試験　一", issued.Plain()+",試験　一", "2100-000001,試験　二", number(1)+",試験　二", "9900-000002,試験　三",
				number(3)+",試験　四", number(4)+",試験　五", number(5)+",試験　六", "7777-777777,試験　七"),
			"names.csv": rows(named, name(6), "婚後　"+givenOf(6)+","+birthOf(6).String(), "ｺﾝｺﾞ "+givenOf(6)+",昭和25年3月7日", name(7), "誤記　"+givenOf(7)+","+birthOf(7).String(),
				name(9), "試験　"+givenOf(8)+","+birthOf(8).String(), "試験　誰彼,1960-01-01"),
			"addresses.csv": rows("氏名,住所\n", "試験　"+givenOf(10)+",東京都千代田区霞が関1-2-3", "試験　"+givenOf(11)+",東京都千代田区霞が関1-2-4"),
			"leaked.csv":    rows(numbered, leaked...),
			"bare.csv":      rows(named, bare...),
			"digits.csv":    number(70) + ",1\n7777-777778,2\n9900-000003,3\n",
		})
		copied := func(met int) []scan.CopyOf { return []scan.CopyOf{{Extract: id, Decoys: met, Of: len(decoys)}} }
		for file, want := range map[string]struct {
			whose  scan.Whose
			copyOf []scan.CopyOf
		}{
			"numbers.csv":   {scan.Whose{Matched: 8, Unmatched: 1}, nil},
			"names.csv":     {scan.Whose{Matched: 5, Unmatched: 2, Ambiguous: 1}, nil},
			"addresses.csv": {scan.Whose{Unjoined: 2}, nil},
			"leaked.csv":    {scan.Whose{Matched: 40, Decoys: 2}, copied(2)},
			"bare.csv":      {scan.Whose{Matched: 3, Decoys: 2}, copied(2)},
			"digits.csv":    {scan.Whose{Possible: 1}, nil},
		} {
			f := files[file]
			if f == nil || f.Whose == nil {
				t.Errorf("%s: nobody is found", file)
				continue
			}
			if *f.Whose != want.whose {
				t.Errorf("%s: %+v, want %+v", file, *f.Whose, want.whose)
			}
			for i := range f.CopyOf {
				if f.CopyOf[i].Doubt > scan.Named {
					t.Errorf("%s: doubt %g", file, f.CopyOf[i].Doubt)
				}
				f.CopyOf[i].Doubt = 0
			}
			if d := cmp.Diff(want.copyOf, f.CopyOf); d != "" {
				t.Errorf("%s (-want +got):\n%s", file, d)
			}
		}
		// 0, 1, 2, 5 by numbers; 6, 7, 8 by names; 40 leaked; 3 bare.
		if want := 4 + 3 + 40 + 3; r.Register.Found != want || r.Register.Persons != people-2 {
			t.Errorf("%d of %d found, want %d of %d", r.Register.Found, r.Register.Persons, want, people-2)
		}
		matched := 0
		for _, s := range r.ByFields {
			matched += s.Matched
		}
		// Besides: one unknown number, two unknown names, one of several, and two without date of birth.
		if matched != r.Register.Found || r.WithPeople.Persons != matched+6 {
			t.Errorf("%d matched by fields, %d persons in all", matched, r.WithPeople.Persons)
		}
	})
}

// TestAccounted: the journal says who made a filter, of whom, and until when it is good; nothing of it counts as disclosed.
func TestAccounted(t *testing.T) {
	h := housetest.New(t, house.Options{})
	o := open(t, h)
	_, key, _ := o.export()
	list, _, err := h.Journal.List(context.Background(), journal.Filter{Action: journal.FilterMake}, 5)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d entries, %v", len(list), err)
	}
	e := list[0]
	if e.Actor != journal.System("test") || e.People.Count() != people || e.Fields != genbo.FieldNumber|genbo.FieldName|genbo.FieldBirth ||
		!strings.Contains(e.Detail, key.ID()) || !strings.Contains(e.Detail, "expires") || e.Action.Discloses() {
		t.Errorf("%+v", e)
	}
}

// TestStopped: whoever stops it finds neither a filter nor anything left of one.
func TestStopped(t *testing.T) {
	h := housetest.New(t, house.Options{})
	o := open(t, h)
	dir := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	err := scan.WriteWhole(filepath.Join(dir, "filter"), func(f *os.File) error {
		_, err := filter.Write(ctx, o.House, f, filter.Options{By: journal.System("test"), Key: keyedset.NewKey(), Good: time.Hour, Progress: func(int, int) { stop() }})
		return err
	})
	left, failed := os.ReadDir(dir)
	if !errors.Is(err, context.Canceled) || failed != nil || len(left) > 0 {
		t.Errorf("%v; %d files are left, %v", err, len(left), failed)
	}
}
