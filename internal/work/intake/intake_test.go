package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/jtext"
	"genbo/internal/record/journal"
	"genbo/internal/record/person"
	"genbo/internal/work/desk"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
	"genbo/internal/work/synth"
)

func write(t testing.TB, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func invented(t testing.TB, people int, form synth.Form) []byte {
	t.Helper()
	p, err := synth.New(11, people)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := p.WriteCSV(context.Background(), &b, form); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func take(t testing.TB, h *house.House, path string, o Options) Report {
	t.Helper()
	report, err := Run(context.Background(), h, path, o)
	if err != nil {
		t.Fatal(err)
	}
	if !report.Balanced() {
		t.Errorf("the totals do not agree: %+v", report)
	}
	return report
}

func count(t testing.TB, h *house.House) int64 {
	t.Helper()
	var n int64
	err := h.DB.View(context.Background(), func(tx *db.Tx) (err error) { n, err = h.Register.Count(tx); return err })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func rejects(t testing.TB, h *house.House, id string) (list []Reject) {
	t.Helper()
	err := Rejects(context.Background(), h, id, func(r Reject) error { list = append(list, r); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestTakesPeopleIn(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		const people = 3000
		path := write(t, invented(t, people, synth.Form{}))
		report := take(t, h, path, Options{DryRun: true})
		if report.Accepted != people || count(t, h) != 0 {
			t.Fatalf("a dry run accepted %d and wrote %d", report.Accepted, count(t, h))
		}
		report = take(t, h, path, Options{})
		if report.Accepted != people || report.Lines != people || count(t, h) != people {
			t.Fatalf("%d of %d accepted, %d in the register", report.Accepted, report.Lines, count(t, h))
		}
		again := take(t, h, path, Options{})
		if !again.Already || count(t, h) != people {
			t.Errorf("the same file again: %+v, %d in the register", again, count(t, h))
		}
		mixed := write(t, append(invented(t, people, synth.Form{}), []byte("\n")...))
		again = take(t, h, mixed, Options{})
		if again.Accepted != 0 || again.Known != people || count(t, h) != people {
			t.Errorf("the same people in another file: %+v, %d in the register", again, count(t, h))
		}
		finds(t, h)
		accounted(t, h, people)
	})
}

// finds looks a person of the file up and compares what the register says with what was invented.
func finds(t *testing.T, h *house.House) {
	t.Helper()
	p, err := synth.New(11, 3000)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3000 {
		one := p.Person(i)
		if one.Handbook.IsZero() || one.Phone == "" || one.Bank == "" || one.Name == "" {
			continue
		}
		v := desk.Visit{Identity: housetest.SignIn(t, h, "clerk1"), Purpose: "change", Case: "C-1", Reason: "test"}
		found, err := h.Desk.Find(context.Background(), v, person.Query{Number: one.Handbook})
		if err != nil || len(found.Lines) != 1 {
			t.Fatalf("found %d by the handbook number: %v", len(found.Lines), err)
		}
		f, err := h.Desk.Open(context.Background(), v, found.Lines[0].Ref)
		if err != nil {
			t.Fatal(err)
		}
		var got []person.Value
		for _, fact := range f.Record.Facts {
			got = append(got, fact.Value.Plain())
		}
		sex := person.Male
		if one.Female {
			sex = person.Female
		}
		for _, want := range []person.Value{person.Name{Kanji: one.Name, Kana: one.Kana, Latin: one.Latin, Alias: one.Alias}, person.Birth(one.Birth), sex,
			person.Address{Postal: one.Postal, Text: one.Address}, person.Phone(one.Phone), person.Bank(one.Bank)} {
			if !slices.Contains(got, want) {
				t.Errorf("person %d: no %s as invented", i, want.Kind())
			}
		}
		if f.Record.Office != one.Office || len(f.Record.Numbers) != 2 {
			t.Errorf("person %d: office %s, %d numbers", i, f.Record.Office, len(f.Record.Numbers))
		}
		return
	}
	t.Fatal("nobody in the file has everything")
}

// accounted checks that the journal names as many people as were taken in.
func accounted(t *testing.T, h *house.House, people int) {
	t.Helper()
	if err := h.Journal.Sequence(context.Background()); err != nil {
		t.Fatal(err)
	}
	list, _, err := h.Journal.List(context.Background(), journal.Filter{Action: journal.PeopleImport}, 100)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range list {
		n += e.People.Count()
	}
	if n != people {
		t.Errorf("the journal accounts for %d of %d people taken in", n, people)
	}
}

func TestForms(t *testing.T) {
	for name, form := range map[string]synth.Form{"Japanese": {Japanese: true}, "CP932": {Japanese: true, CP932: true}} {
		t.Run(name, func(t *testing.T) {
			h := housetest.New(t, house.Options{})
			report := take(t, h, write(t, invented(t, 2000, form)), Options{})
			if report.Accepted != 2000 {
				t.Errorf("%+v; %v", report, rejects(t, h, report.ID))
			}
		})
	}
	t.Run("UTF-16", func(t *testing.T) {
		text, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(invented(t, 1000, synth.Form{}))
		if err != nil {
			t.Fatal(err)
		}
		h := housetest.New(t, house.Options{})
		if report := take(t, h, write(t, text), Options{}); report.Accepted != 1000 {
			t.Errorf("%+v", report)
		}
	})
}

const header = "番号,氏名,カナ氏名,生年月日,性別,郵便番号,住所,電話番号,年金事務所\n"

func TestBadLines(t *testing.T) {
	h := housetest.New(t, house.Options{})
	sjis, err := japanese.ShiftJIS.NewEncoder().String("１２３４ー００００１２")
	if err != nil {
		t.Fatal(err)
	}
	bad := []struct{ line, field, rule string }{
		{"1234-000001,甲　一,コウ　イチ,昭和30年1月2日,男,100-0013,東京都千代田区霞が関１－２,03-0000-1111,0101", "", ""},
		{"１２３４−０００００２,乙　二,ｵﾂ ﾆ,S25.3.1,２,１００－００１３,東京都千代田区霞が関,,０１０１", "", ""},
		{"1234-00000,丙　三,ヘイ　サン,1950-01-01,男,,,,0101", "number", "number.length|10"},
		{"1234-000003,丙　三,ヘイ　サン,昭和65年1月1日,男,,,,0101", "birth_date", "date.era|昭和 Showa|1989-01-07"},
		{"1234-000004,丙　三,ヘイ　サン,1950-02-30,男,,,,0101", "birth_date", "date.impossible"},
		{"1234-000005,丙\ue000　三,ヘイ　サン,1950-01-01,男,,,,0101", "name", "text.private|U+E000"},
		{"1234-000006,丙　三,丙　サン,1950-01-01,男,,,,0101", "kana", "kana.character"},
		{"1234-000007," + strings.Repeat("長", 101) + ",ナガ,1950-01-01,男,,,,0101", "name", "text.long|300"},
		{"1234-000008,丙　三,ヘイ　サン,1950-01-01,犬,,,,0101", "sex", "sex.unknown"},
		{"1234-000009,丙　\xed\xa0\x80,ヘイ　サン,1950-01-01,男,,,,0101", "", "text.encoding|11|19"},
		{"1234-000010,\"丙　三,ヘイ　サン,1950-01-01,男,,,,0101", "", "csv.quotes"},
		{"1234-000011,丙　三,ヘイ　サン,1950-01-01,男,,,,0101,more", "", "csv.cells|9|10"},
		{"1234-000012,丙\x00　三,ヘイ　サン,1950-01-01,男,,,,0101", "", "text.control|U+0000"},
		{sjis + ",丙　三,ヘイ　サン,1950-01-01,男,,,,0101", "", "text.encoding|15|1"},
		{"1234-000013,丙　三,ヘイ　サン,2999-01-01,男,,,,0101", "birth_date", "birth.future"},
		{"1234-000014,丙　三,ヘイ　サン,1950-01-01,男,1000,東京都,,0101", "postal_code", "postal.form"},
		{"1234-000001,丁　四,テイ　シ,1950-01-01,男,,,,0101", "number", "number.known"},
		{"1234-000015,丙　三,ヘイ　サン,1950-01-01,男,,,,", "office", "office.form"},
		{strings.Repeat("x", 70_000), "", "text.longline|20|65536"},
		{"1234-000016,丙　三,ヘイ　サン,1950-01-01,男,,,,0101", "", ""},
	}
	content := header
	var want []Reject
	for i, b := range bad {
		content += b.line + "\n"
		if b.rule != "" {
			want = append(want, Reject{int64(i + 2), b.field, b.rule})
		}
	}
	path := write(t, []byte(content))
	dry := take(t, h, path, Options{DryRun: true})
	report := take(t, h, path, Options{})
	if dry.Accepted != report.Accepted || dry.Known != report.Known || dry.Rejected != report.Rejected {
		t.Errorf("the dry run said %+v, the run %+v", dry, report)
	}
	if report.Accepted != 3 || report.Known != 1 || report.Rejected != int64(len(want)-1) {
		t.Errorf("%+v", report)
	}
	if diff := cmp.Diff(want, rejects(t, h, report.ID)); diff != "" {
		t.Error(diff)
	}
}

func TestHeaders(t *testing.T) {
	h := housetest.New(t, house.Options{})
	for content, code := range map[string]string{
		"": "header.none", "番号,カナ氏名,生年月日,年金事務所,血液型\n": "header.unknown", "番号,number,カナ氏名,生年月日,年金事務所\n": "header.twice",
		"番号,カナ氏名\n": "header.missing",
	} {
		_, err := Run(context.Background(), h, write(t, []byte(content)), Options{})
		var fault *genbo.Fault
		if !errors.As(err, &fault) || fault.Code != code {
			t.Errorf("header %q: %v, want %s", content, err, code)
		}
	}
}

// TestGoesOn stops an import at every batch and has it go on: the register ends as after one run.
func TestGoesOn(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		const people = groupBatches*batchLines + 3000
		path := write(t, invented(t, people, synth.Form{}))
		ctx, stop := context.WithCancel(context.Background())
		report, err := Run(ctx, h, path, Options{Progress: func(Report) { stop() }})
		if !errors.Is(err, context.Canceled) || report.Lines != groupBatches*batchLines {
			t.Fatalf("stopped at %d: %v", report.Lines, err)
		}
		report = take(t, h, path, Options{})
		if report.Resumed != groupBatches*batchLines || report.Lines != people || report.Accepted != people || count(t, h) != people {
			t.Errorf("went on: %+v, %d in the register", report, count(t, h))
		}
		accounted(t, h, people)
	})
}

// TestFullDisk lets the database refuse in the middle: nothing of the group is there, and the rest goes on.
func TestFullDisk(t *testing.T) {
	h := housetest.New(t, house.Options{})
	limit := func(pages int) {
		err := h.DB.Update(context.Background(), func(tx *db.Tx) error {
			_, err := tx.Home().Exec(fmt.Sprintf("PRAGMA max_page_count = %d", pages))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	limit(3000)
	const people = groupBatches*batchLines + 5000
	path := write(t, invented(t, people, synth.Form{}))
	report, err := Run(context.Background(), h, path, Options{})
	if !errors.Is(err, genbo.ErrUnavailable) || !strings.Contains(err.Error(), "disk is full") {
		t.Fatalf("full disk: %v", err)
	}
	if n := count(t, h); n != report.Accepted {
		t.Errorf("%d in the register, %d reported", n, report.Accepted)
	}
	limit(1 << 30)
	if report = take(t, h, path, Options{}); report.Accepted != people || count(t, h) != people {
		t.Errorf("with room: %+v, %d in the register", report, count(t, h))
	}
}

func FuzzLine(f *testing.F) {
	f.Add("1234-000001,甲　一,コウ　イチ,昭和30年1月2日,男,100-0013,東京都千代田区霞が関１－２,03-0000-1111,0101")
	f.Add("\"a\"\"b\",,\"")
	f.Fuzz(func(t *testing.T, text string) {
		in, err := jtext.NewRows(strings.NewReader(header + text))
		if err != nil {
			t.Fatal(err)
		}
		cells, err := in.Next()
		if err != nil {
			return // the text is of another encoding than the header
		}
		l, err := readLayout(cells)
		if err != nil {
			return
		}
		for {
			cells, err := in.Next()
			if err != nil && !errors.Is(err, genbo.ErrInvalid) {
				return
			}
			if err != nil {
				continue
			}
			if n, err := l.read(cells, 20260401); err == nil && (len(n.Numbers) == 0 || len(n.Values) < 2) {
				t.Errorf("accepted with %d numbers and %d values", len(n.Numbers), len(n.Values))
			}
		}
	})
}
