package share

import (
	"fmt"
	"io"
	"slices"

	"genbo"
)

// Sample is a paper whose form is known beforehand.
type Sample struct {
	Format   string // one of [Formats]
	Encoding string // one of [Encodings], of formats that are texts
	Layout   string // table, nobody, letter …
	Rows     int    // of people, or of what stands in their place
}

// Encodings are the names of the encodings that texts lie about in.
func Encodings() (names []string) {
	for _, c := range codes {
		names = append(names, c.name)
	}
	return names
}

// Sample writes paper i of the plan in the form of s, and returns how many cases it has. An encoding that lacks a
// character of somebody's name is an error.
func (p *Plan) Sample(out io.Writer, i int, s Sample) (cases int, err error) {
	at := slices.IndexFunc(formats, func(f format) bool { return f.name == s.Format })
	code := slices.IndexFunc(codes, func(c code) bool { return c.name == s.Encoding })
	if _, known := layouts[s.Layout]; !known || at < 0 || code < 0 && formats[at].text {
		return 0, fmt.Errorf("a %s in %s laid out as %s: %w", s.Format, s.Encoding, s.Layout, genbo.ErrInvalid)
	}
	d := dice(mix(p.Seed*0x9e3779b97f4a7c15 + uint64(i)))
	f := &file{dice: &d, format: formats[at], layout: s.Layout, rows: s.Rows}
	if code >= 0 {
		f.code = codes[code]
	}
	f.author = &author{dice: &d, all: p.people, legacy: f.code.legacy || f.format.legacy, mute: f.format.name == "fixed", next: i * p.Rows, rows: s.Rows}
	err = f.format.write(out, f)
	return len(f.author.cases), err
}
