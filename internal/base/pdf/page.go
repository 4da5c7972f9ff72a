package pdf

import (
	"cmp"
	"slices"
	"strings"

	"github.com/klippa-app/go-pdfium/requests"
)

// piece is a piece of text and where it stands, in points from the left and from the bottom.
type piece struct {
	left, right, top, bottom float64
	text                     string
}

// page puts the pieces of one page together.
type page struct {
	pieces []piece
	lines  [][]piece // from the top; each from the left
	cells  [][]byte
	widest map[int]float64 // the widest gap before each place, in points, of all pages so far: headings stand on the first
}

// readPage hands the text of a page out.
func (f *file) readPage(n int) error {
	at := requests.Page{ByIndex: &requests.PageByIndex{Document: f.doc, Index: n}}
	text, err := f.machine.GetPageTextStructured(&requests.GetPageTextStructured{Page: at, Mode: requests.GetPageTextStructuredModeRects})
	if err != nil {
		return err
	}
	whole, err := f.machine.GetPageText(&requests.GetPageText{Page: at})
	if err != nil {
		return err
	}
	p := &f.page
	p.pieces = p.pieces[:0]
	placed := 0
	for _, r := range text.Rects {
		if t := strings.Trim(strings.Map(printable, r.Text), " "); t != "" {
			p.pieces = append(p.pieces, piece{r.PointPosition.Left, r.PointPosition.Right, r.PointPosition.Top, r.PointPosition.Bottom, t})
			placed += letters(t)
		}
	}
	all := letters(whole.Text)
	if placed*100 >= all*98 {
		p.line()
		p.write(f.out)
	} else { // a font that is not embedded has no glyphs here, and its characters no places
		for line := range strings.Lines(whole.Text) {
			f.out.Text([]byte(strings.TrimRight(strings.Map(printable, line), " ")))
		}
	}
	f.notes(at)
	if all == 0 {
		if objects, err := f.machine.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: at}); err == nil && objects.Count > 0 {
			f.result.Blank++
		}
	}
	return nil
}

func printable(r rune) rune {
	if r < ' ' || r == 0xfffe || r == 0xffff {
		return ' '
	}
	return r
}

// letters counts the characters that are no blanks.
func letters(s string) (n int) {
	for _, r := range s {
		if r > ' ' && r != '　' && r != 0xfffe {
			n++
		}
	}
	return n
}

// mostNotes bounds the notes and fields of one page.
const mostNotes = 2000

// notes hands out what stands in notes and in the fields of forms.
func (f *file) notes(at requests.Page) {
	count, err := f.machine.FPDFPage_GetAnnotCount(&requests.FPDFPage_GetAnnotCount{Page: at})
	if err != nil {
		return
	}
	for i := range min(count.Count, mostNotes) {
		note, err := f.machine.FPDFPage_GetAnnot(&requests.FPDFPage_GetAnnot{Page: at, Index: i})
		if err != nil {
			continue
		}
		var words []string
		for _, key := range []string{"TU", "T", "V", "Contents"} {
			value, err := f.machine.FPDFAnnot_GetStringValue(&requests.FPDFAnnot_GetStringValue{Annotation: note.Annotation, Key: key})
			if err == nil && value.Value != "" {
				words = append(words, value.Value)
			}
		}
		_, _ = f.machine.FPDFPage_CloseAnnot(&requests.FPDFPage_CloseAnnot{Annotation: note.Annotation})
		if len(words) > 0 {
			f.out.Text([]byte(strings.Join(words, "  ")))
		}
	}
}

// line gathers the pieces that stand at one height into lines, and their pieces into cells.
func (p *page) line() {
	slices.SortStableFunc(p.pieces, func(a, b piece) int { return cmp.Compare(b.middle(), a.middle()) })
	p.lines = p.lines[:0]
	for from := 0; from < len(p.pieces); {
		to := from + 1
		for to < len(p.pieces) && p.pieces[from].middle()-p.pieces[to].middle() < 0.5*max(min(p.pieces[from].height(), p.pieces[to].height()), 1) {
			to++
		}
		line := p.pieces[from:to]
		slices.SortStableFunc(line, func(a, b piece) int { return cmp.Compare(a.left, b.left) })
		p.lines = append(p.lines, line)
		from = to
	}
	aligned := p.aligned()
	for i, l := range p.lines {
		p.lines[i] = joined(l, aligned)
	}
	p.lines = stacked(p.lines)
}

// stacked puts those lines together that are one row of a table with some cells on several lines: they stand less than a line
// apart, and not below each other.
func stacked(lines [][]piece) (rows [][]piece) {
	var last []piece // the line above, as it was
	for _, l := range lines {
		if len(rows) == 0 || last[0].middle()-l[0].middle() >= 0.8*max(last[0].height(), l[0].height()) || crosses(last, l) {
			rows, last = append(rows, l), l
			continue
		}
		row := slices.Clone(rows[len(rows)-1])
		for _, c := range l {
			i := slices.IndexFunc(row, func(r piece) bool { return min(r.right, c.right) > max(r.left, c.left) })
			if i < 0 {
				row = append(row, c)
				continue
			}
			row[i].text += c.text
			row[i].left, row[i].right = min(row[i].left, c.left), max(row[i].right, c.right)
		}
		slices.SortStableFunc(row, func(a, b piece) int { return cmp.Compare(a.left, b.left) })
		rows[len(rows)-1], last = row, l
	}
	return rows
}

// crosses reports whether a piece of one line stands above one of the other.
func crosses(a, b []piece) bool {
	return slices.ContainsFunc(a, func(x piece) bool {
		return slices.ContainsFunc(b, func(y piece) bool { return min(x.right, y.right) > max(x.left, y.left) })
	})
}

func (p piece) middle() float64 { return (p.top + p.bottom) / 2 }
func (p piece) height() float64 { return p.top - p.bottom }

// Gaps between pieces, as parts of the height of the text.
const (
	wideGap  = 0.9 // parts cells
	blankGap = 0.45
	thinGap  = 0.1 // parts cells where pieces begin at the same place in line after line, and in one, the heading's say, after a blank
)

func gap(a, b piece) float64 { return (b.left - a.right) / max(a.height(), b.height(), 4) }

// aligned are the places, in points, where pieces begin in most lines, and after a blank at least in one.
func (p *page) aligned() map[int]bool {
	begins, lines := map[int]int{}, 0
	if p.widest == nil {
		p.widest = map[int]float64{}
	}
	for _, l := range p.lines {
		if len(l) > 1 {
			lines++
		}
		for i := 1; i < len(l); i++ {
			if g := gap(l[i-1], l[i]); g > thinGap {
				at := int(l[i].left)
				begins[at]++
				p.widest[at] = max(p.widest[at], g)
			}
		}
	}
	places := map[int]bool{}
	for at, n := range begins {
		if n += begins[at+1]; n >= 3 && n*10 >= lines*6 && max(p.widest[at], p.widest[at+1]) > blankGap {
			places[at], places[at+1] = true, true
		}
	}
	return places
}

// joined puts the pieces of a line together that stand in one cell.
func joined(line []piece, aligned map[int]bool) []piece {
	out := line[:1]
	for _, next := range line[1:] {
		last := &out[len(out)-1]
		g := gap(*last, next)
		if g > wideGap || g > thinGap && aligned[int(next.left)] {
			out = append(out, next)
			continue
		}
		if g > blankGap {
			last.text += " "
		}
		last.text += next.text
		last.right = max(last.right, next.right)
		last.top, last.bottom = max(last.top, next.top), min(last.bottom, next.bottom)
	}
	return out
}
