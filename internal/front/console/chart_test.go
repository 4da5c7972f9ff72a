package console

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"genbo"
	"genbo/internal/record/finding"
)

// TestChart: what stands where in the drawing of a history.
func TestChart(t *testing.T) {
	first := genbo.Date(20261001)
	for name, c := range map[string]struct {
		figures []int64
		line    string
		rows    []any
		columns []tick
	}{
		"one day is no history": {figures: []int64{5}},
		"two days": {figures: []int64{10, 0}, line: "M84.0 16.0H700.0V216.0", rows: []any{int64(0), int64(2), int64(4), int64(6), int64(8), int64(10)},
			columns: []tick{{84, "2026-10-01", "start"}, {700, "2026-10-02", "end"}}},
		"three days": {figures: []int64{0, 1, 1}, line: "M84.0 216.0H392.0V116.0H700.0V116.0", rows: []any{int64(0), int64(1), int64(2)},
			columns: []tick{{84, "2026-10-01", "start"}, {392, "2026-10-02", "middle"}, {700, "2026-10-03", "end"}}},
		"nothing at all": {figures: []int64{0, 0}, line: "M84.0 216.0H700.0V216.0", rows: []any{int64(0), int64(1), int64(2)},
			columns: []tick{{84, "2026-10-01", "start"}, {700, "2026-10-02", "end"}}},
	} {
		t.Run(name, func(t *testing.T) {
			var days []finding.Day
			for n, v := range c.figures {
				days = append(days, finding.Day{Day: first.AddDays(n), Unprotected: v})
			}
			got := newChart(days)
			if got == nil {
				if c.line != "" {
					t.Error("no chart")
				}
				return
			}
			var rows []any
			for _, r := range got.Rows {
				rows = append(rows, r.Label)
			}
			if diff := cmp.Diff(c.rows, rows); diff != "" {
				t.Errorf("rows: %s", diff)
			}
			if diff := cmp.Diff(c.columns, got.Columns); diff != "" || got.Line != c.line {
				t.Errorf("line %s, want %s; columns: %s", got.Line, c.line, diff)
			}
		})
	}
}

// TestSteps: an axis reaches the highest figure in two to five round steps.
func TestSteps(t *testing.T) {
	for _, most := range []int64{0, 1, 2, 3, 7, 10, 11, 99, 1_366, 42_817, 1_250_000, 1 << 40} {
		step, rows := steps(most)
		if top := step * int64(rows); top < most || rows < 2 || rows > 5 || most > 2 && top > 3*most {
			t.Errorf("to %d: %d steps of %d", most, rows, step)
		}
	}
}
