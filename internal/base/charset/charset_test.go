package charset

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// writers are others' encoders: what they write must be known and read back.
var writers = map[Encoding]encoding.Encoding{
	UTF8:      unicode.UTF8,
	UTF16LE:   unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	UTF16BE:   unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	UTF32LE:   utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM),
	UTF32BE:   utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM),
	CP932:     japanese.ShiftJIS,
	EUCJP:     japanese.EUCJP,
	ISO2022JP: japanese.ISO2022JP,
}

var texts = map[string]string{
	"table":  "基礎年金番号,氏名,カナ氏名,生年月日\r\n1234-567890,年金 太郎,ネンキン タロウ,昭和25年3月1日\r\n",
	"kana":   "ねんきんのおしらせです。\nあたらしいばんごうをおしらせします。\n",
	"wide":   "１２３４－５６７８９０　東京都千代田区霞が関一丁目２番２号　電話\n",
	"short":  "氏名\n",
	"ledger": strings.Repeat("受付番号,123,2015-05-08,届書\n", 40),
}

func TestDetectAndRead(t *testing.T) {
	for name, text := range texts {
		for e, w := range writers {
			raw, err := w.NewEncoder().Bytes([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := Detect(raw); got != e {
				t.Errorf("%s in %s: taken for %s", name, e, got)
				continue
			}
			if got, _ := All(raw); got != text {
				t.Errorf("%s in %s: read as %q", name, e, got)
			}
			for _, r := range []io.Reader{bytes.NewReader(raw), iotest.OneByteReader(bytes.NewReader(raw)), iotest.DataErrReader(bytes.NewReader(raw))} {
				if got, faults := readAll(t, r); got != text || faults != 0 {
					t.Errorf("%s in %s: read in pieces as %q, %d faults", name, e, got, faults)
				}
			}
		}
	}
}

// Half-width kana of EUC-JP have two bytes of which the first begins kanji of CP932 too.
func TestDetectHalfWidthKana(t *testing.T) {
	text := "課所符号,番号,カナ氏名\n5873,971795,ｷﾖﾀ ﾁｽﾞ\n0678,101754,ﾗｲ ﾏﾔ\n4715,660772,ｻﾜﾏﾂ ﾕｳｺ\n1117,413213,ﾊﾔｼ ﾉﾘｵ\n"
	for _, e := range []Encoding{CP932, EUCJP} {
		raw, err := writers[e].NewEncoder().Bytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := Detect(raw); got != e {
			t.Errorf("%s taken for %s", e, got)
		}
	}
}

// What a computer was writing when it stopped ends with zeros.
func TestDetectZeroTail(t *testing.T) {
	for e, w := range writers {
		raw, err := w.NewEncoder().Bytes([]byte("番号,氏名\n1234-567890,佐藤 一郎\n"))
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := Detect(append(raw, make([]byte, 500)...)); got != e {
			t.Errorf("%s taken for %s", e, got)
		}
	}
	if got, _ := Detect(make([]byte, 500)); got != Binary {
		t.Errorf("zeros taken for %s", got)
	}
}

func TestMarks(t *testing.T) {
	for _, m := range marks {
		raw, err := writers[m.encoding].NewEncoder().Bytes([]byte("氏名\n"))
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := readAll(t, bytes.NewReader(append([]byte(m.mark), raw...))); got != "氏名\n" {
			t.Errorf("%s with a mark: %q", m.encoding, got)
		}
	}
}

func readAll(t *testing.T, r io.Reader) (string, int) {
	t.Helper()
	d, err := NewReader(r)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for {
		text, err := d.Next()
		if errors.Is(err, io.EOF) {
			return b.String(), d.Faults
		} else if err != nil {
			t.Fatal(err)
		}
		b.Write(text)
	}
}

// TestLongText crosses the pieces at every place, in every encoding, with and without line ends.
func TestLongText(t *testing.T) {
	for _, line := range []string{"年金 太郎,ﾈﾝｷﾝ,1234-567890,", "年金 太郎,1234-567890\n"} {
		text := strings.Repeat(line, 3*piece/len(line))
		for e, w := range writers {
			if e == ISO2022JP && strings.Contains(line, "ﾈ") {
				continue
			}
			raw, err := w.NewEncoder().Bytes([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if got, faults := readAll(t, bytes.NewReader(raw)); got != text || faults != 0 {
				t.Errorf("%s: %d bytes became %d, %d faults", e, len(text), len(got), faults)
			}
		}
	}
}

func TestUserDefinedCharacters(t *testing.T) {
	raw, _ := japanese.ShiftJIS.NewEncoder().Bytes([]byte("氏名,渡,の字を持つ人\n"))
	raw = append(raw, 0xf0, 0x40, 0xf9, 0xfc, '\n')
	if got, _ := readAll(t, bytes.NewReader(raw)); !strings.Contains(got, "\ue000\ue757") {
		t.Errorf("characters of the agency's own: %q", got)
	}
}

func TestBinary(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		raw := make([]byte, 4096)
		for i := range raw {
			raw[i] = byte(r.Uint32())
		}
		if e, _ := Detect(raw); e != Binary {
			t.Errorf("random bytes: taken for %s", e)
		}
	}
}

func TestFaultsAreCounted(t *testing.T) {
	raw, _ := japanese.EUCJP.NewEncoder().Bytes([]byte(strings.Repeat("年金の番号です\n", 100)))
	raw[50] = 0xff
	got, faults := readAll(t, bytes.NewReader(raw))
	if faults == 0 || strings.Count(got, "年金の番号です\n") < 98 {
		t.Errorf("one faulty byte: %d faults, %d whole lines", faults, strings.Count(got, "年金の番号です\n"))
	}
}

func FuzzReader(f *testing.F) {
	for _, text := range texts {
		for _, w := range writers {
			raw, _ := w.NewEncoder().Bytes([]byte(text))
			f.Add(raw)
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, _ := Detect(raw)
		got, _ := readAll(t, bytes.NewReader(raw))
		if e != UTF8 && e != Binary && !utf8.ValidString(got) {
			t.Errorf("%s: what was read is no UTF-8", e)
		}
	})
}

func BenchmarkReader(b *testing.B) {
	for name, text := range map[string]string{
		"people": "1234-567890,年金 太郎,ネンキン タロウ,昭和25年3月1日,東京都千代田区霞が関1-2-2,03-0123-4567\n",
		"log":    "2026-11-24 12:00:00 INFO server: request done in 12 ms, status 200\n",
	} {
		for e := UTF8; e <= ISO2022JP; e++ {
			raw, _ := writers[e].NewEncoder().Bytes([]byte(strings.Repeat(text, 1<<15)))
			b.Run(name+"/"+e.String(), func(b *testing.B) {
				b.SetBytes(int64(len(raw)))
				for b.Loop() {
					d := newReader(bytes.NewReader(raw), e, nil, false)
					for _, err := d.Next(); err == nil; _, err = d.Next() {
					}
				}
			})
		}
	}
}
