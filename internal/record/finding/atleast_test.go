package finding_test

import (
	"testing"
	"time"

	"genbo"
	"genbo/internal/record/finding"
)

// TestAtLeast: a figure is exact only while every device of the office, or of all offices, tells the whole. Unprotected cases
// hide none of that.
func TestAtLeast(t *testing.T) {
	day := 24 * time.Hour
	for name, c := range map[string]struct {
		of   genbo.OfficeID
		make func(w *world)
		want bool
	}{
		"all is read":                    {"0101", func(w *world) { w.take("pc-1", w.report(open(5))) }, false},
		"no device":                      {"0202", func(w *world) { w.take("pc-1", w.report(open(5))) }, true},
		"never scanned":                  {"0101", func(*world) {}, true},
		"silent with nothing open":       {"0101", func(w *world) { w.take("pc-1", w.report()); w.pass(4 * day) }, true},
		"silent with open cases":         {"0101", func(w *world) { w.take("pc-1", w.report(open(5))); w.pass(4 * day) }, true},
		"files not read, and open cases": {"0101", func(w *world) { r := w.report(open(5)); r.Unread = 1; w.take("pc-1", r) }, true},
		"broken off, and open cases":     {"0101", func(w *world) { r := w.report(open(5)); r.Complete = false; w.take("pc-1", r) }, true},
		"one office has no device":       {"", func(w *world) { w.take("pc-1", w.report(open(5))) }, true},
		"all offices told the whole": {"", func(w *world) {
			w.place("pc-2", "0202")
			w.take("pc-1", w.report(open(5)))
			w.take("pc-2", w.report())
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(w *world) {
				w.place("pc-1", "0101")
				c.make(w)
				if _, got, err := w.Findings.Figure(w.t.Context(), c.of); err != nil || got != c.want {
					w.t.Errorf("at least: %v, %v; want %v", got, err, c.want)
				}
				if c.of == "" {
					return
				}
				if o := w.office(c.of); o.AtLeast() != c.want {
					w.t.Errorf("the office's own: %v, want %v: %+v", o.AtLeast(), c.want, o.Office)
				}
			})
		})
	}
}

// TestSilentStaysUnprotected: a device that fell silent is still unprotected, and not known besides.
func TestSilentStaysUnprotected(t *testing.T) {
	each(t, func(w *world) {
		w.place("pc-1", "0101")
		w.take("pc-1", w.report(open(5)))
		w.pass(4 * 24 * time.Hour)
		w.is("0101", finding.Unprotected, 5)
		if o := w.office("0101"); o.Unknown != 1 || !o.List[0].Stale {
			w.t.Errorf("a device that fell silent counts as known: %+v", o)
		}
	})
}
