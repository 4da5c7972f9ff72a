package handover_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"filippo.io/age"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/access"
	"genbo/internal/record/extract"
	"genbo/internal/record/journal"
	"genbo/internal/record/person"
	"genbo/internal/work/handover"
	"genbo/internal/work/house"
	"genbo/internal/work/mark"
)

// mailbox is where letters to the tests' decoys arrive.
const mailbox = "東京都見本区試験町9番地"

// withMailboxes is an office whose lists may have any form and carry decoys.
func withMailboxes(t *testing.T, people int) *office {
	t.Helper()
	path := filepath.Join(t.TempDir(), "mailboxes.json")
	text, err := json.Marshal([]mark.Mailbox{{Postal: "100-0000", Address: mailbox, Phone: "03-0000-0000"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, people, house.Options{Mailboxes: path, Lists: purposes(t, t.TempDir(), func(map[string]any) {})})
}

// printed is a list as its contractor has it: with its heading, in plain.
func (o *office) printed(w handover.Wish) (id string, rows [][]string) {
	o.t.Helper()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		o.t.Fatal(err)
	}
	w.Form, w.Contractor = extract.Age, identity.Recipient().String()
	id = o.approved(w)
	r, err := age.Decrypt(bytes.NewReader(o.release(id)), identity)
	if err != nil {
		o.t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		o.t.Fatal(err)
	}
	if rows, err = csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff"))).ReadAll(); err != nil {
		o.t.Fatal(err)
	}
	return id, rows
}

func (o *office) trace(rows [][]string) handover.Traced {
	o.t.Helper()
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		o.t.Fatal(err)
	}
	c, err := mark.Read(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		o.t.Fatal(err)
	}
	traced, err := o.Handover.Trace(context.Background(), c, 5, quiet)
	if err != nil {
		o.t.Fatal(err)
	}
	return traced
}

// Of two lists of the same people, a copy names the one that it came from; what the core says itself names none.
func TestTraceNamesTheList(t *testing.T) {
	o := withMailboxes(t, 300)
	w := wish(extract.Age)
	first, rows := o.printed(w)
	second, others := o.printed(w)
	if len(rows) != 1+300+6 {
		t.Fatalf("%d rows", len(rows))
	}
	for id, copied := range map[string][][]string{first: rows[100:150], second: others[100:150]} {
		traced := o.trace(copied)
		if s := traced.Suspects; traced.Extracts != 2 || s[0].Extract != id || s[0].Doubt > mark.Accused || s[1].Doubt < mark.Accused || s[0].Held != s[0].Persons || s[0].Held < 40 {
			t.Errorf("%+v", traced)
		}
	}
	if traced := o.trace([][]string{{"1234-567890", "ダレデモ　ナイ", "誰でも　ない"}}); traced.Suspects[0].Doubt < 0.1 || traced.Unknown != 1 {
		t.Errorf("a stranger's file accuses: %+v", traced)
	}
}

// Decoys are in the file and nowhere else: not in the register, its numbers, or any count.
func TestDecoysAreNobody(t *testing.T) {
	o := withMailboxes(t, 100)
	id, rows := o.printed(wish(extract.Age))
	var decoys []genbo.Number
	for _, row := range rows[1:] {
		if strings.HasPrefix(mark.Plain(row[4]), mark.Plain(mailbox)) {
			n, err := genbo.ParseNumber(row[0])
			if err != nil {
				t.Fatal(err)
			}
			decoys = append(decoys, n)
		}
	}
	if len(decoys) != 2 || o.get(id).People.Count() != 100 {
		t.Fatalf("%d decoys among %d people", len(decoys), o.get(id).People.Count())
	}
	err := o.DB.Update(context.Background(), func(tx *db.Tx) error {
		for _, n := range decoys {
			if _, err := o.Register.Holder(tx, n); err == nil {
				t.Error("a decoy's number is somebody's")
			}
			if free, err := o.Register.Reserve(tx, n); free || err != nil {
				t.Errorf("a decoy's number is given out: %v", err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Without a mailbox, nobody's address is invented.
func TestNoMailboxNoAddress(t *testing.T) {
	o := open(t, 60, house.Options{Lists: purposes(t, t.TempDir(), func(map[string]any) {})})
	if _, rows := o.printed(wish(extract.Age)); len(rows) != 61 {
		t.Errorf("%d rows with addresses", len(rows)-1)
	}
	w := wish(extract.Age)
	w.Fields = genbo.FieldNumber | genbo.FieldName
	if _, rows := o.printed(w); len(rows) != 62 {
		t.Errorf("%d rows without addresses", len(rows)-1)
	}
}

func (o *office) compare(id string, rows [][]string) handover.Comparison {
	o.t.Helper()
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		o.t.Fatal(err)
	}
	c, err := o.Handover.Compare(context.Background(), journal.System("test"), id, &b)
	if err != nil {
		o.t.Fatal(err)
	}
	return c
}

// copied is a list that a test may change.
func copied(rows [][]string) (list [][]string) {
	for _, row := range rows {
		list = append(list, append([]string(nil), row...))
	}
	return list
}

// counts of a comparison: same, missing, added, doubled, changed, mixed, broken.
func counts(c handover.Comparison) [7]int {
	return [7]int{c.Same, c.Missing.Count, c.Added.Count, c.Doubled.Count, c.Changed.Count, c.Mixed.Count, c.Broken.Count}
}

// What happened to contractors' files in 2018 (rows left out, typed wrongly) and in 2021 (another's content on
// 975,065 sheets) is found row by row.
func TestReturnedFile(t *testing.T) {
	o := withMailboxes(t, 100)
	id, rows := o.printed(wish(extract.Age))
	for what, c := range map[string]struct {
		change func(list [][]string) [][]string
		want   [7]int
	}{
		"as it was":                  {func(l [][]string) [][]string { return l }, [7]int{102}},
		"rows left out (2018)":       {func(l [][]string) [][]string { return append(l[:10], l[13:]...) }, [7]int{99, 3}},
		"a row typed wrongly (2018)": {func(l [][]string) [][]string { l[5][4] += "9"; return l }, [7]int{101, 0, 0, 0, 1}},
		"a row twice":                {func(l [][]string) [][]string { return append(l, l[7]) }, [7]int{102, 0, 0, 1}},
		"a row of another file": {func(l [][]string) [][]string {
			return append(l, []string{"1234-567890", "a", "b", "c", "d", "ZZZZZZZZZZ"})
		}, [7]int{102, 0, 1}},
		"a line that does not read": {func(l [][]string) [][]string { return append(l, []string{"1234-567890", "a"}) }, [7]int{102, 0, 0, 0, 0, 0, 1}},
		"spelled the contractor's way": {func(l [][]string) [][]string {
			for _, row := range l[1:] {
				row[1], row[4] = strings.ReplaceAll(row[1], "\u3000", " "), mark.Plain(row[4])
			}
			return l
		}, [7]int{102}},
		"addresses moved by one sheet (2021)": {func(l [][]string) [][]string {
			last := l[len(l)-1][4]
			for n := len(l) - 1; n > 1; n-- {
				l[n][4] = l[n-1][4]
			}
			l[1][4] = last
			return l
		}, [7]int{0, 0, 0, 0, 0, 102}},
		"numbers swapped between two": {func(l [][]string) [][]string { l[3][0], l[4][0] = l[4][0], l[3][0]; return l }, [7]int{100, 0, 0, 0, 0, 2}},
		"no keys, by number": {func(l [][]string) [][]string {
			for n := range l {
				l[n] = l[n][:5]
			}
			return l[:len(l)-2]
		}, [7]int{100, 2}},
	} {
		got := o.compare(id, c.change(copied(rows)))
		if counts(got) != c.want || got.Right() != (what == "as it was" || what == "spelled the contractor's way") {
			t.Errorf("%s: %v, want %v\n%+v", what, counts(got), c.want, got)
		}
	}
	if n := len(o.entries(journal.ExtractReturn)); n != 10 {
		t.Errorf("%d comparisons are in the journal", n)
	}
	o.alarmed(access.MixedAlarm, 2)
	_, err := o.Handover.Compare(context.Background(), journal.System("test"), id, strings.NewReader("name\nsomebody\n"))
	refused(t, err, genbo.ErrInvalid, "a file without keys or numbers")
	_, err = o.Handover.Compare(context.Background(), journal.System("test"), o.approved(wish(extract.Sealed)), strings.NewReader("number\n"))
	refused(t, err, genbo.ErrConflict, "a list that no contractor has")
}

// A file that breaks off while it is read is no returned file: nothing is said of it, and the comparison ends.
func TestReturnedFileBreaksOff(t *testing.T) {
	o := withMailboxes(t, 60)
	id, rows := o.printed(wish(extract.Age))
	broken := errors.New("the line is dead")
	file := io.MultiReader(strings.NewReader(strings.Join(rows[0], ",")+"\n"+strings.Join(rows[1], ",")+"\n"), iotest.ErrReader(broken))
	if _, err := o.Handover.Compare(context.Background(), journal.System("test"), id, file); !errors.Is(err, broken) {
		t.Errorf("%v, want %v", err, broken)
	}
}

// What changed in the register meanwhile is not the contractor's fault.
func TestReturnedFileAfterAChange(t *testing.T) {
	o := withMailboxes(t, 60)
	id, rows := o.printed(wish(extract.Age))
	o.wait(48 * time.Hour)
	o.move(o.get(id))
	if c := o.compare(id, rows); !c.Right() {
		t.Errorf("%+v", c)
	}
}

// move gives the first person of an extract another address.
func (o *office) move(e extract.Extract) {
	o.t.Helper()
	err := o.DB.Update(context.Background(), func(tx *db.Tx) error {
		entry, err := o.Journal.Write(tx, journal.Entry{Actor: journal.System("test"), Action: journal.PersonChange, Detail: "{}"})
		if err != nil {
			return err
		}
		for id := range e.People.All() {
			return o.Register.Add(tx, id, person.Change{Value: person.Address{Postal: "100-0000", Text: "見本県試験市2-2"}, ValidFrom: genbo.DateOf(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)), Evidence: "form"}, entry)
		}
		return nil
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) alarmed(kind access.AlarmKind, times int) {
	o.t.Helper()
	n := 0
	err := o.DB.View(context.Background(), func(tx *db.Tx) error {
		alarms, err := access.Alarms(tx, true, 100)
		for _, a := range alarms {
			if a.Kind == kind {
				n++
			}
		}
		return err
	})
	if err != nil || n != times {
		o.t.Errorf("%d alarms of %s, want %d; %v", n, kind, times, err)
	}
}
