package scancmd

import (
	"strings"

	"github.com/rivo/uniseg"
)

// columns are how many columns of a terminal the summary fills. A Japanese character fills two.
const columns = 80

// column is how a column of a table is set.
type column struct {
	right bool // set to the right, as figures are
	fit   bool // cut so that a line fits the terminal: the one column of the table that may be
}

// table sets rows of cells in columns.
func table(set []column, rows [][]string) []string {
	widths, sum := make([]int, len(set)), 0
	for i := range set {
		for _, row := range rows {
			widths[i] = max(widths[i], uniseg.StringWidth(row[i]))
		}
		sum += 2 + widths[i]
	}
	for i, c := range set {
		if c.fit {
			widths[i] = min(widths[i], max(10, widths[i]+columns-sum))
		}
	}
	lines := make([]string, len(rows))
	for n, row := range rows {
		var b strings.Builder
		for i, c := range set {
			cell := row[i]
			if c.fit {
				cell = cut(cell, widths[i])
			}
			blank := strings.Repeat(" ", widths[i]-uniseg.StringWidth(cell))
			if b.WriteString("  "); c.right {
				b.WriteString(blank + cell)
			} else {
				b.WriteString(cell + blank)
			}
		}
		lines[n] = strings.TrimRight(b.String(), " ")
	}
	return lines
}

// cut takes as much out of the middle of a text as makes it fit: a path is known by its end, and its beginning says where to look.
func cut(s string, width int) string {
	if uniseg.StringWidth(s) <= width {
		return s
	}
	var head, tail string
	const gap = "..."
	for room, rest := (width-len(gap))/3, s; ; {
		one, more, w, _ := uniseg.FirstGraphemeClusterInString(rest, -1)
		if room -= w; room < 0 {
			break
		}
		head, rest = head+one, more
	}
	for tail = s[len(head):]; uniseg.StringWidth(head+gap+tail) > width; {
		_, tail, _, _ = uniseg.FirstGraphemeClusterInString(tail, -1)
	}
	return head + gap + tail
}

// wrap breaks a sentence into lines that fit the terminal: at blanks, and between Japanese characters where a line may break.
func wrap(s string) []string {
	var lines []string
	var line strings.Builder
	width, state := 0, -1
	for len(s) > 0 {
		var piece string
		piece, s, _, state = uniseg.FirstLineSegmentInString(s, state)
		w := uniseg.StringWidth(strings.TrimRight(piece, " "))
		if width > 0 && width+w > columns {
			lines = append(lines, strings.TrimRight(line.String(), " "))
			line.Reset()
			width = 0
		}
		line.WriteString(piece)
		width += uniseg.StringWidth(piece)
	}
	return append(lines, strings.TrimRight(line.String(), " "))
}
