package share

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"genbo"
	"genbo/internal/work/synth"
)

// Case is one person in one place of a file, and what stands there of him. Values are empty where the field is missing.
type Case struct {
	Place   int // row or line, from 1
	Fields  genbo.FieldSet
	Number  uint64
	Name    string // kanji without a blank
	Kana    string // full-width katakana without a blank
	Latin   string
	Birth   genbo.Date
	Address string
}

// State is how a file is locked, in the words of the scanner's four states.
type State string

// The states.
const (
	Open       State = "open"
	Weak       State = "weak"
	Locked     State = "locked"
	Unreadable State = "unreadable"
)

// File is what is true of one file.
type File struct {
	Path     string // below the share's folder
	Format   string // csv, xlsx, docx …
	Encoding string // of texts; empty for formats with one of their own
	Layout   string // table, records, families, cards, letter, paper, form, nobody
	In       string // what the file lies in: zip, eml …; empty for nothing
	Lock     State
	Why      string // what the lock is
	Cases    []Case
}

// Table reports whether the file's cases stand in rows.
func (f *File) Table() bool {
	return f.Layout == "table" || f.Layout == "records" || f.Layout == "families"
}

// Hidden reports whether nobody can read the file's cases.
func (f *File) Hidden() bool { return f.Lock == Locked || f.Lock == Weak || f.Lock == Unreadable }

// Plan is a share to be written.
type Plan struct {
	Seed   uint64
	Files  int
	Rows   int      // of an average table; default 60
	Only   []string // formats; default all
	Locks  bool     // some files are locked, or damaged
	people *synth.Population
}

// New returns the plan of a share.
func New(p Plan) (*Plan, error) {
	if p.Rows == 0 {
		p.Rows = 60
	}
	all, err := synth.New(p.Seed, max(1000, p.Files*p.Rows))
	if err != nil {
		return nil, err
	}
	p.people = all
	return &p, nil
}

// layouts by name; which of them a format takes is said there.
var layouts = map[string]func(a *author){
	"table":    (*author).people,
	"several":  (*author).several,
	"records":  (*author).records,
	"families": (*author).families,
	"cards":    (*author).cards,
	"letter":   (*author).letter,
	"merged":   (*author).merged,
	"minutes":  func(a *author) { a.minutes(a.from(2, 8)) },
	"memo":     (*author).memo,
	"form":     func(a *author) { a.form(false) },
	"sheet":    func(a *author) { a.form(true) },
	"nobody":   func(a *author) { pick(a.dice, nobodyTables)(a) },
	"nothing":  func(a *author) { pick(a.dice, nobodyPapers)(a) },
}

// file is one file that is being written.
type file struct {
	*dice
	format  format
	code    code
	layout  string
	rows    int
	guarded bool // protected against editing, which hides nothing
	author  *author
}

// fill has the author write the file's content into a page.
func (f *file) fill(p page) {
	f.author.page = p
	layouts[f.layout](f.author)
}

// file begins file i, and what is true of it. With another than zero, the encoding is CP932, or UTF-8: the one drawn lacks a
// character that a name of the file has.
func (p *Plan) file(i, another int) (*file, *File) {
	d := dice(mix(p.Seed*0x9e3779b97f4a7c15 + uint64(i)))
	f := &file{dice: &d, format: p.formatOf(&d), rows: 1 + d.below(2*p.Rows)}
	f.layout = pick(&d, f.format.layouts)
	if f.format.text {
		f.code = pick(&d, codes)
		if f.format.legacy || another == 1 {
			f.code = codes[2]
		}
		if another == 2 && !f.format.legacy {
			f.code = codes[0]
		}
	}
	f.guarded = d.chance(20)
	f.author = &author{dice: &d, all: p.people, legacy: f.code.legacy || f.format.legacy, mute: f.format.name == "fixed", next: i * p.Rows, rows: f.rows}
	truth := &File{Format: f.format.name, Encoding: f.code.name, Layout: f.layout, Lock: Open}
	if f.layout == "several" {
		truth.Layout = "table"
	}
	if f.layout == "nothing" {
		truth.Layout = "nobody"
	}
	return f, truth
}

func (p *Plan) formatOf(d *dice) format {
	if len(p.Only) == 0 {
		return pick(d, weighted)
	}
	name := pick(d, p.Only)
	for _, f := range formats {
		if f.name == name {
			return f
		}
	}
	return formats[0]
}

// People are those whom the share's papers are about.
func (p *Plan) People() *synth.Population { return p.people }

// folders of an office's share.
var folders = []string{"適用課", "国民年金課/届書", "国民年金課/送付", "総務課", "記録突合/H27", "お客様相談室", "共通/一時"}

// Write writes the share below dir and returns the truth. progress may be nil.
func (p *Plan) Write(ctx context.Context, dir string, progress func(files int)) ([]*File, error) {
	var list []*File
	for i := range p.Files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		f, err := p.write(dir, i)
		if err != nil {
			return nil, fmt.Errorf("file %d of the share: %w", i, err)
		}
		list = append(list, f)
		if progress != nil {
			progress(i + 1)
		}
	}
	return list, nil
}

// content makes file i in the first encoding that has all its characters.
func (p *Plan) content(i int) (f *file, truth *File, content []byte, err error) {
	for another := range 3 {
		f, truth = p.file(i, another)
		if content, err = f.bytes(); err == nil {
			return f, truth, content, nil
		}
	}
	return nil, nil, nil, err
}

func (p *Plan) write(dir string, i int) (*File, error) {
	f, truth, content, err := p.content(i)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("%s_%04d.%s", one(f.dice, "一覧", "リスト", "H27.5", "data", "受付", "送付"), i, f.format.ending)
	folder := filepath.Join(dir, filepath.FromSlash(pick(f.dice, folders)))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	w := &wrapping{file: f, truth: truth, name: name, content: content, locks: p.Locks}
	if err := w.wrap(); err != nil {
		return nil, err
	}
	truth.Cases = append(truth.Cases, f.author.cases...)
	path := filepath.Join(folder, w.name)
	truth.Path, err = filepath.Rel(dir, path)
	if err == nil {
		err = os.WriteFile(path, w.content, 0o600)
	}
	for other, text := range w.beside {
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, other), []byte(text), 0o600)
		}
	}
	return truth, err
}

// bytes writes the file's content into memory: an office's files are small.
func (f *file) bytes() ([]byte, error) {
	var b memory
	w := bufio.NewWriter(&b)
	if err := f.format.write(w, f); err != nil {
		return nil, err
	}
	err := w.Flush()
	return b, err
}

type memory []byte

func (m *memory) Write(p []byte) (int, error) {
	*m = append(*m, p...)
	return len(p), nil
}

var _ io.Writer = (*memory)(nil)
