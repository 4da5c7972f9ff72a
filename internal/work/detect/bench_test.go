package detect

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"genbo/internal/base/charset"
	"genbo/internal/work/synth"
)

// peopleCSV is a table of n people, as a mailing list has them.
func peopleCSV(b *testing.B, n int) []byte {
	b.Helper()
	people, err := synth.New(1, n)
	if err != nil {
		b.Fatal(err)
	}
	var out bytes.Buffer
	out.WriteString("基礎年金番号,氏名,カナ氏名,生年月日,郵便番号,住所\n")
	for i := range n {
		p := people.Person(i)
		fmt.Fprintf(&out, "%s,%s,%s,%s,%s,%s\n", p.Number.Plain(), p.Name, p.Kana, p.Birth, p.Postal, p.Address)
	}
	return out.Bytes()
}

func BenchmarkPlain(b *testing.B) {
	log := bytes.Repeat([]byte("2026-11-24 12:00:00 INFO server: request done in 12 ms, status 200\n"), 1<<15)
	letters := bytes.Repeat([]byte("東京都千代田区霞が関1-2-2\n佐藤 一郎 様\n\n基礎年金番号 1234-567890\n生年月日 昭和25年3月1日\n\n日頃より公的年金制度にご理解とご協力をいただき、ありがとうございます。\n\n"), 1<<13)
	novel := bytes.Repeat([]byte("日頃より公的年金制度にご理解とご協力をいただき、ありがとうございます。\n"), 1<<15)
	goods := []byte("品番,品名,単価,入荷日\n" + strings.Repeat("A-1023,六角ボルト 長さ20mm,120,2015/05/08\nB-2044,平座金 内径8mm,35,2015/05/11\n", 1<<14))
	times := bytes.Repeat([]byte("1700000000123 GET /a/b/c.html 200 5123 user@example.jp 192.0.2.1\n"), 1<<14)
	for name, text := range map[string][]byte{"people": peopleCSV(b, 20000), "log": log, "letters": letters, "prose": novel, "goods": goods, "times": times} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				cases := 0
				f := New(func(*Case) { cases++ })
				r, err := charset.NewReader(bytes.NewReader(text))
				if err != nil {
					b.Fatal(err)
				}
				if err := f.Plain(r); err != nil {
					b.Fatal(err)
				}
				f.End()
				b.ReportMetric(float64(cases), "cases")
			}
		})
	}
}
