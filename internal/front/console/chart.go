package console

import (
	"fmt"
	"strings"

	"genbo"
	"genbo/internal/record/finding"
)

// chart is the drawing of a history: figures in the units of its view box. The table beneath says the same.
type chart struct {
	Width, Height         int
	Left, Right, Top, Low int // edges of the plot
	Area, Line            string
	Rows                  []tick
	Columns               []tick
	LastX, LastY          float64
}

// tick is a line of the grid with its label.
type tick struct {
	At     float64
	Label  any
	Anchor string // which part of the label stands at the line, of a column: start, middle, end
}

// newChart draws days as steps: a figure holds until the next report. There is nothing to draw of fewer than two days.
func newChart(days []finding.Day) *chart {
	if len(days) < 2 {
		return nil
	}
	c := &chart{Width: 720, Height: 260, Left: 84, Right: 700, Top: 16, Low: 216}
	var most int64
	for _, d := range days {
		most = max(most, d.Unprotected)
	}
	step, rows := steps(most)
	top := step * int64(rows)
	x := func(n int) float64 { return float64(c.Left) + float64(c.Right-c.Left)*float64(n)/float64(len(days)-1) }
	y := func(v int64) float64 { return float64(c.Low) - float64(c.Low-c.Top)*float64(v)/float64(top) }
	var line strings.Builder
	for n, d := range days {
		if n == 0 {
			fmt.Fprintf(&line, "M%.1f %.1f", x(0), y(d.Unprotected))
			continue
		}
		fmt.Fprintf(&line, "H%.1fV%.1f", x(n), y(d.Unprotected))
	}
	c.Line = line.String()
	c.Area = fmt.Sprintf("%sV%dH%dZ", c.Line, c.Low, c.Left)
	c.LastX, c.LastY = x(len(days)-1), y(days[len(days)-1].Unprotected)
	for n := range rows + 1 {
		c.Rows = append(c.Rows, tick{At: y(step * int64(n)), Label: step * int64(n)})
	}
	last := len(days) - 1
	c.Columns = append(c.Columns, tick{x(0), shortDay(days[0].Day), "start"})
	if last > 1 {
		c.Columns = append(c.Columns, tick{x(last / 2), shortDay(days[last/2].Day), "middle"})
	}
	c.Columns = append(c.Columns, tick{x(last), shortDay(days[last].Day), "end"})
	return c
}

func shortDay(d genbo.Date) string { return fmt.Sprintf("%d-%02d-%02d", d.Year(), d.Month(), d.Day()) }

// steps divides an axis from 0 to at least most into two to five steps of 1, 2 or 5 times a power of ten.
func steps(most int64) (step int64, rows int) {
	most = max(most, 1)
	for ten := int64(1); ; ten *= 10 {
		for _, one := range []int64{1, 2, 5} {
			if step = one * ten; step*5 >= most {
				return step, max(2, int((most+step-1)/step))
			}
		}
	}
}
