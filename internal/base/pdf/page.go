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
}

// readPage hands the text of a page out.
func (f *file) readPage(n int) error {
	at := requests.Page{ByIndex: &requests.PageByIndex{Document: f.doc, Index: n}}
	text, err := f.machine.GetPageTextStructured(&requests.GetPageTextStructured{Page: at, Mode: requests.GetPageTextStructuredModeRects})
	if err != nil {
		return err
	}
	p := &f.page
	p.pieces = p.pieces[:0]
	for _, r := range text.Rects {
		if t := strings.Trim(strings.Map(printable, r.Text), " "); t != "" {
			p.pieces = append(p.pieces, piece{r.PointPosition.Left, r.PointPosition.Right, r.PointPosition.Top, r.PointPosition.Bottom, t})
		}
	}
	p.line()
	p.write(f.out)
	f.notes(at)
	if len(p.pieces) == 0 {
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
}

func (p piece) middle() float64 { return (p.top + p.bottom) / 2 }
func (p piece) height() float64 { return p.top - p.bottom }

// Gaps between pieces, as parts of the height of the text.
const (
	wideGap  = 0.9 // parts cells
	blankGap = 0.45
	thinGap  = 0.45 // parts cells too, where pieces begin at the same place in line after line
)

func gap(a, b piece) float64 { return (b.left - a.right) / max(a.height(), b.height(), 4) }

// aligned are the places, in points, where pieces begin after a gap in most lines.
func (p *page) aligned() map[int]bool {
	begins := map[int]int{}
	lines := 0
	for _, l := range p.lines {
		if len(l) > 1 {
			lines++
		}
		for i := 1; i < len(l); i++ {
			if gap(l[i-1], l[i]) > thinGap {
				begins[int(l[i].left)]++
			}
		}
	}
	places := map[int]bool{}
	for at, n := range begins {
		if n+begins[at+1] >= 3 && (n+begins[at+1])*10 >= lines*6 {
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
