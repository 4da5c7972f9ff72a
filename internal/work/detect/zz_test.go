package detect_test

import (
	"bytes"
	"fmt"
	"testing"

	"genbo/internal/base/charset"
	"genbo/internal/work/detect"
	"genbo/internal/work/share"
)

func BenchmarkKinds(b *testing.B) {
	plan, err := share.New(share.Plan{Seed: 1, Files: 1, Rows: 100_000})
	if err != nil {
		b.Fatal(err)
	}
	for _, k := range []share.Sample{{Format: "csv", Layout: "nobody"}, {Format: "txt", Layout: "nothing"}, {Format: "csv", Layout: "table"}} {
		for i := range 14 {
			var t bytes.Buffer
			k.Encoding, k.Rows = "UTF-8", 20000
			plan.Sample(&t, i, k)
			head, _, _ := bytes.Cut(t.Bytes(), []byte("\n"))
			_, second, _ := bytes.Cut(t.Bytes(), []byte("\n"))
			second, _, _ = bytes.Cut(second, []byte("\n"))
			b.Run(fmt.Sprint(k.Layout, i, string(head[:min(len(head), 40)])), func(b *testing.B) {
				b.SetBytes(int64(t.Len()))
				cases := 0
				for b.Loop() {
					cases = 0
					f := detect.New(func(c *detect.Case) { cases++ })
					r, _ := charset.NewReader(bytes.NewReader(t.Bytes()))
					f.Plain(r)
					f.End()
				}
				b.ReportMetric(float64(cases), "cases")
				b.ReportMetric(float64(t.Len())/20000, "B/row")
			})
		}
	}
}
