package intake

import (
	"testing"

	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
	"genbo/internal/work/synth"
)

func BenchmarkRun(b *testing.B) {
	const people = 100_000
	path := write(b, invented(b, people, synth.Form{}))
	var took Times
	for b.Loop() {
		b.StopTimer()
		h := housetest.New(b, house.Options{})
		b.StartTimer()
		took = take(b, h, path, Options{}).Took
	}
	b.ReportMetric(float64(people*b.N)/b.Elapsed().Seconds(), "people/s")
	for name, d := range map[string]float64{"check": took.Check.Seconds(), "seal": took.Seal.Seconds(), "rows": took.Rows.Seconds(),
		"index": took.Index.Seconds(), "commit": took.Commit.Seconds()} {
		b.ReportMetric(d*1e6/people, name+"-µs/person")
	}
}
