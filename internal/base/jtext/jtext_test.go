package jtext

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"genbo"
)

// code is the code of a fault, "" for no error.
func code(t testing.TB, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var f *genbo.Fault
	if !errors.As(err, &f) {
		t.Fatalf("not a fault: %v", err)
	}
	return f.Code
}

func TestParseDate(t *testing.T) {
	for text, want := range map[string]string{
		"1950-03-01": "1950-03-01", "1950/3/1": "1950-03-01", "1950.3.1": "1950-03-01", "19500301": "1950-03-01", "1950年3月1日": "1950-03-01",
		"昭和25年3月1日": "1950-03-01", "昭25.3.1": "1950-03-01", "S25.3.1": "1950-03-01", "S25/03/01": "1950-03-01", "s250301": "1950-03-01", "5250301": "1950-03-01",
		"5-250301": "1950-03-01", "㍼25年3月1日": "1950-03-01", "昭和二十五年三月一日": "1950-03-01", "一九五〇年三月一日": "1950-03-01", "昭和十年十月三十日": "1935-10-30",
		"Ｓ２５．３．１": "1950-03-01", " 昭和 25 年 3 月 1 日 ": "1950-03-01", "令和元年5月1日": "2019-05-01", "R1.5.1": "2019-05-01", "平成31年4月30日": "2019-04-30",
		"昭和64年1月7日": "1989-01-07", "大正元年7月30日": "1912-07-30", "昭和元年12月25日": "1926-12-25", "大正15年12月24日": "1926-12-24", "明治45年7月29日": "1912-07-29", "明治6年1月1日": "1873-01-01",
		"2000-02-29": "2000-02-29", "H12.2.29": "2000-02-29",
	} {
		if got, err := ParseDate(text); err != nil || got.String() != want {
			t.Errorf("%q: got %v, %v, want %s", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"": "date.empty", "　": "date.empty", "tomorrow": "date.form", "1950-3": "date.form", "昭和": "date.form", "X25.3.1": "date.form",
		"1950-02-30": "date.impossible", "1900-02-29": "date.impossible", "昭和25年13月1日": "date.impossible", "S00.1.1": "date.impossible",
		"昭和65年1月1日": "date.era", "昭和64年1月8日": "date.era", "令和元年4月30日": "date.era", "大正15年12月25日": "date.era", "明治5年12月31日": "date.era", "平成32年1月1日": "date.era",
		strings.Repeat("1", 1000): "date.form",
	} {
		if _, err := ParseDate(text); code(t, err) != want {
			t.Errorf("%.20q: got %v, want %s", text, err, want)
		}
	}
	_, err := ParseDate("昭和65年1月1日")
	if !strings.Contains(err.Error(), "Showa") || !strings.Contains(err.Error(), "1989-01-07") {
		t.Errorf("Showa 65: %v does not say when Showa ended", err)
	}
}

func TestClean(t *testing.T) {
	for _, c := range []struct {
		clean    func(string) (string, error)
		in, want string
	}{
		{CleanName, " 年金  花子 ", "年金　花子"}, {CleanName, "NGUYEN　VAN AN", "NGUYEN VAN AN"}, {CleanName, "葛\U000E0100城", "葛\U000E0100城"},
		{CleanName, "神田", "神田"}, {CleanName, "か\u3099く", "がく"},
		{CleanKana, "ﾈﾝｷﾝ ﾊﾅｺ", "ネンキン　ハナコ"}, {CleanKana, "ねんきん　はなこ", "ネンキン　ハナコ"}, {CleanKana, "ﾀﾞﾊﾞﾎﾟ", "ダバポ"}, {CleanKana, "ジョン－ポール", "ジョンーポール"},
		{CleanPostal, "〒１２３－４５６７", "123-4567"}, {CleanPostal, "1234567", "123-4567"},
		{CleanPhone, "０３（１２３４）５６７８", "03-1234-5678"}, {CleanPhone, "+81 90-0000-1234", "090-0000-1234"}, {CleanPhone, "0312345678", "0312345678"},
		{CleanText, "東京都千代田区霞が関１－２－３", "東京都千代田区霞が関１－２－３"},
	} {
		if got, err := c.clean(c.in); err != nil || got != c.want {
			t.Errorf("%q: got %q, %v, want %q", c.in, got, err, c.want)
		}
	}
	for _, c := range []struct {
		clean    func(string) (string, error)
		in, want string
	}{
		{CleanName, "", "text.empty"}, {CleanName, "　 ", "text.empty"}, {CleanName, "山\x00田", "text.control"}, {CleanName, "山\u202e田", "text.control"},
		{CleanName, "山\ue123田", "text.private"}, {CleanName, "山\xff田", "text.utf8"}, {CleanName, "\xed\xa0\x80", "text.utf8"}, {CleanName, "山�田", "text.utf8"},
		{CleanName, strings.Repeat("山", 101), "text.long"}, {CleanText, "a\nb", "text.control"},
		{CleanKana, "年金", "kana.character"}, {CleanKana, "HANAKO", "kana.character"}, {CleanPostal, "123-456", "postal.form"}, {CleanPhone, "1234", "phone.form"}, {CleanPhone, "call me", "phone.form"},
	} {
		if got, err := c.clean(c.in); code(t, err) != c.want {
			t.Errorf("%q: got %q, %v, want %s", c.in, got, err, c.want)
		}
	}
}

func TestFold(t *testing.T) {
	for _, same := range [][2]string{
		{FoldKana("シヅオ"), FoldKana("シズオ")}, {FoldKana("キョウコ"), FoldKana("キヨウコ")}, {FoldKana("ネンキン　ハナコ"), FoldKana("ネンキンハナコ")},
		{FoldKanji("渡邊"), FoldKanji("渡辺")}, {FoldKanji("齋藤　眞"), FoldKanji("斎藤真")}, {FoldKanji("髙﨑"), FoldKanji("高崎")}, {FoldKanji("葛\U000E0100"), FoldKanji("葛")},
		{FoldLatin("Müller-José"), FoldLatin("MULLER JOSE")},
	} {
		if same[0] != same[1] {
			t.Errorf("%q and %q are taken for the same", same[0], same[1])
		}
	}
	if FoldKana("カキ") == FoldKana("ガギ") {
		t.Error("voiced marks are dropped")
	}
}

func TestKanjiFoldIsOneStep(t *testing.T) {
	for other, common := range kanjiFold {
		if common >= 0 {
			if again, ok := kanjiFold[common]; ok && again != common {
				t.Errorf("%c folds to %c, which folds to %c", other, common, again)
			}
		}
	}
}

func TestQuery(t *testing.T) {
	number := func(s string) genbo.Number {
		n, err := genbo.ParseNumber(s)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for text, want := range map[string][]Term{
		"1234-567890":        {{Kind: TermNumber, Number: number("1234567890")}},
		"１２３４ー５６７８９０":        {{Kind: TermNumber, Number: number("1234567890")}},
		"サトウ ハナコ S25.3.1":    {{Kind: TermKana, Text: "サトウ　ハナコ"}, {Kind: TermDate, Date: 19500301}},
		"さとう,はなこ":            {{Kind: TermKana, Text: "サトウ　ハナコ"}},
		"佐藤　花子 1950年3月1日":    {{Kind: TermKanji, Text: "佐藤　花子"}, {Kind: TermDate, Date: 19500301}},
		"〒123-4567 19500301": {{Kind: TermPostal, Text: "123-4567"}, {Kind: TermDate, Date: 19500301}},
		"03-1234-5678":       {{Kind: TermPhone, Text: "03-1234-5678"}},
		"090-0000-1234":      {{Kind: TermPhone, Text: "090-0000-1234"}},
		"Nguyen Van An":      {{Kind: TermLatin, Text: "Nguyen　Van　An"}},
		"5250301":            {{Kind: TermDate, Date: 19500301}},
		"":                   nil,
		"!!! ???":            nil,
	} {
		got, err := Query(text)
		if err != nil {
			t.Errorf("Query(%q): %v", text, err)
		}
		if len(got) != len(want) {
			t.Errorf("%q: got %d terms %v, want %d", text, len(got), got, len(want))
			continue
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%q: term %d is of kind %d %q, want kind %d %q", text, i, got[i].Kind, got[i].Text, want[i].Kind, want[i].Text)
			}
		}
	}
}

func lines(t *testing.T, content string) ([]string, Encoding, error) {
	t.Helper()
	r, err := NewReader(strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for {
		line, err := r.ReadLine()
		if errors.Is(err, io.EOF) {
			return got, r.Encoding(), nil
		}
		if err != nil {
			return got, r.Encoding(), err
		}
		got = append(got, string(line))
	}
}

func TestReader(t *testing.T) {
	text := "番号,氏名\r\n1,髙橋①\n2,佐藤"
	sjis, err := japanese.ShiftJIS.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		content string
		want    Encoding
	}{"utf-8": {text, UTF8}, "bom": {"\xef\xbb\xbf" + text, UTF8}, "cp932": {sjis, CP932}, "utf-16": {utf16, UTF16}, "empty": {"", UTF8}} {
		got, enc, err := lines(t, c.content)
		if err != nil || enc != c.want {
			t.Errorf("%s: got %s, %v", name, enc, err)
		}
		if name != "empty" && (len(got) != 3 || got[0] != "番号,氏名" || got[1] != "1,髙橋①" || got[2] != "2,佐藤") {
			t.Errorf("%s: got %q", name, got)
		}
	}
	for name, c := range map[string]struct{ content, want string }{
		"a byte of CP932 in UTF-8": {strings.Repeat("あいうえお\n", 10000) + "髙橋" + "\x93\n", "text.encoding"},
		"UTF-8 in CP932":           {sjis + "\n" + "\xff\xff\n", "text.encoding"},
		"NUL":                      {"a\n\x00b\n", "text.control"},
		"a long line":              {"a\n" + strings.Repeat("x", MaxLine+1) + "\nb\n", "text.longline"},
	} {
		if _, _, err := lines(t, c.content); code(t, err) != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
}

// A line of any length takes constant memory, and the reader goes on behind it.
func TestReaderGoesOnBehindALongLine(t *testing.T) {
	endless := io.MultiReader(strings.NewReader("a\n"), io.LimitReader(repeat('x'), 64<<20), strings.NewReader("\nb\n"))
	r, err := NewReader(endless)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for {
		line, err := r.ReadLine()
		if errors.Is(err, io.EOF) {
			break
		}
		got = append(got, string(line)+code(t, err))
	}
	if strings.Join(got, " ") != "a text.longline b" || cap(r.buffer) > 2*MaxLine {
		t.Errorf("got %q with a buffer of %d bytes", got, cap(r.buffer))
	}
}

type repeat byte

func (b repeat) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(b)
	}
	return len(p), nil
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"1950-03-01", "昭和二十五年三月一日", "S25.3.1", "5250301", "㍼65年1月1日", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDate(s)
		if err != nil {
			code(t, err)
			return
		}
		if again, err := ParseDate(Wareki(d)); err != nil || again != d {
			t.Errorf("%q is %s, written %s, which reads %s, %v", s, d, Wareki(d), again, err)
		}
	})
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"年金　花子", "ﾈﾝｷﾝ ﾊﾅｺ", "〒123-4567", "+81-3-1234-5678", "神\U000E0100", "\xed\xa0\x80", "か\u3099", "A\u0300\u0316"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, clean := range map[string]func(string) (string, error){
			"text": CleanText, "name": CleanName, "kana": CleanKana, "postal": CleanPostal, "phone": CleanPhone} {
			once, err := clean(s)
			if err != nil {
				code(t, err)
				continue
			}
			if !utf8.ValidString(once) {
				t.Errorf("%s: %q cleans to %q", name, s, once)
			}
			if twice, err := clean(once); err != nil || twice != once {
				t.Errorf("%s: %q cleans to %q, that to %q, %v", name, s, once, twice, err)
			}
		}
		for name, fold := range map[string]func(string) string{"kana": FoldKana, "kanji": FoldKanji, "latin": FoldLatin} {
			if once := fold(s); fold(once) != once {
				t.Errorf("fold %s: %q folds to %q, that to %q", name, s, once, fold(once))
			}
		}
		_, _ = Query(s)
	})
}

func FuzzReader(f *testing.F) {
	f.Add([]byte("a,b\n\xef\xbb\xbf"))
	f.Add([]byte("\x83\x65\x83\x58\n"))
	f.Add([]byte("\xff\xfea\x00\n\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := NewReader(strings.NewReader(string(b)))
		if err != nil {
			t.Fatal(err)
		}
		for range len(b) + 2 {
			line, err := r.ReadLine()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				code(t, err)
			} else if !utf8.Valid(line) {
				t.Errorf("line %d is no UTF-8: %q", r.Line(), line)
			}
		}
		t.Error("the reader does not end")
	})
}

func BenchmarkParseDate(b *testing.B) {
	for b.Loop() {
		if _, err := ParseDate("1950-03-01"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFoldKanji(b *testing.B) {
	for b.Loop() {
		FoldKanji("渡邊　花子")
	}
}

func BenchmarkCleanKana(b *testing.B) {
	for b.Loop() {
		if _, err := CleanKana("ネンキン　ハナコ"); err != nil {
			b.Fatal(err)
		}
	}
}

var xs = bytes.Repeat([]byte("x"), 64<<10)

// endless is a line without an end, up to a size.
type endless struct{ left int64 }

func (e *endless) Read(b []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := copy(b[:min(int64(len(b)), e.left)], xs)
	e.left -= int64(n)
	return n, nil
}

// TestEndlessLine reads a line of 10 GB: it is a fault, and costs no memory.
func TestEndlessLine(t *testing.T) {
	size := int64(10 << 30)
	if testing.Short() {
		size = 1 << 28
	}
	r, err := NewReader(io.MultiReader(strings.NewReader("a\n"), &endless{size}, strings.NewReader("\nb\n")))
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var got []string
	for {
		line, err := r.ReadLine()
		var fault *genbo.Fault
		if errors.Is(err, io.EOF) {
			break
		} else if errors.As(err, &fault) {
			got = append(got, fault.Code)
			continue
		}
		got = append(got, string(line))
	}
	runtime.ReadMemStats(&after)
	if strings.Join(got, " ") != "a text.longline b" {
		t.Errorf("read %q", got)
	}
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 1<<20 {
		t.Errorf("%d bytes were allocated", allocated)
	}
}

// A whole text is read by the same rules as its lines, and a broken byte spoils itself only.
func TestDecode(t *testing.T) {
	const text = "年金,ヤマダ\r\n太郎"
	sjis, err := japanese.ShiftJIS.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for what, b := range map[string]string{"UTF-8": text, "UTF-8 with a mark": "\ufeff" + text, "CP932": sjis, "UTF-16": utf16} {
		if got := Decode([]byte(b)); got != text {
			t.Errorf("%s: %q", what, got)
		}
	}
	if got := Decode([]byte(text + "\n年金\n\xff年金")); got != text+"\n年金\n\ufffd年金" {
		t.Errorf("UTF-8 with a broken byte: %q", got)
	}
	if got := Decode(nil); got != "" {
		t.Errorf("nothing: %q", got)
	}
}
