package scan

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"genbo/internal/base/archive"
	"genbo/internal/base/document"
	"genbo/internal/base/keyedset"
	"genbo/internal/base/pdf"
	"genbo/internal/work/detect"
)

// Options say what to scan and how far to go. The zero value of a limit is its default.
type Options struct {
	Roots     []string
	Workers   int            // default: as many as the machine has processors
	Depth     int            // how many archives may lie in each other; default 8
	Members   archive.Limits // of one file and all archives in it; default 1,000,000 members and 64 GiB, less for a small file
	Memory    int64          // bytes of one member that must lie in memory to be read; default 64 MiB
	Passwords []string       // what may open locked files
	Cache     string         // folder where the reader of PDF is kept ready for the next scan; empty for nowhere
	Whose     *keyedset.Map  // whose the cases are: numbers and names of a register; nil for without
	Samples   int            // how many cases of a file are kept as samples; default none
	Show      bool           // samples in the clear; else masked
	Known     *Known         // what former scans found: files unchanged since are taken from it; may be nil
	Now       func() time.Time
	// Case is called for every case that is counted, by several workers at once. The case is valid during the call only, and holds
	// a person: only measurements have a use for it. It may be nil.
	Case func(path string, c *detect.Case)
	// Pace is called after each piece of a file that is read; its error ends the file. It may be nil.
	Pace func(bytes int) error
	// Progress is called now and then with what is done so far; it may be nil.
	Progress func(files int, bytes int64, at string)
}

func (o *Options) defaults() {
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Depth == 0 {
		o.Depth = 8
	}
	if o.Members.Members == 0 {
		o.Members.Members = 1_000_000
	}
	if o.Members.Bytes == 0 {
		o.Members.Bytes = 64 << 30
	}
	if o.Memory == 0 {
		o.Memory = 64 << 20
	}
}

// Run scans. It returns a report of what was done also where ctx ends it, and an error only where a root does not
// exist, or nothing can be kept in Known.
func Run(ctx context.Context, o Options) (*Report, error) {
	o.defaults()
	for _, root := range o.Roots {
		if _, err := os.Lstat(root); err != nil {
			return nil, err
		}
	}
	if o.Known != nil {
		if err := o.Known.begin(&o); err != nil {
			return nil, err
		}
	}
	s := &scan{Options: o, persons: newPeople(), found: make(chan *File, 64), ctx: ctx}
	for _, p := range o.Passwords {
		s.given = append(s.given, secret{word: p, where: fromFile})
	}
	if err := s.withRegister(); err != nil {
		return nil, err
	}
	if s.marks != nil {
		defer s.marks.Close()
	}
	s.pdfs.Cache, s.pdfs.AtOnce = o.Cache, o.Workers
	defer s.pdfs.Close()
	report := &Report{Version: ReportVersion, Roots: o.Roots, Shown: o.Show && o.Samples > 0, Begun: o.Now(), ByLock: map[string]Sum{}, ByFields: map[string]FieldsSum{}, Register: registerOf(o.Whose)}
	paths := make(chan string, 256)
	go func() {
		defer close(paths)
		s.walk(paths)
	}()
	var workers sync.WaitGroup
	for range o.Workers {
		workers.Go(func() {
			w := newWorker(s)
			for path := range paths {
				s.found <- w.file(path)
			}
		})
	}
	go func() {
		workers.Wait()
		close(s.found)
	}()
	for f := range s.found {
		report.add(f)
		if o.Progress != nil {
			o.Progress(report.Files, report.Bytes, f.Path)
		}
	}
	report.Skipped = s.skipped
	report.Interrupted = ctx.Err() != nil
	if o.Known != nil {
		report.KnownAnew = o.Known.Anew()
		o.Known.end(o.Roots, report.Interrupted)
	}
	report.finish(s)
	report.Ended = o.Now()
	return report, nil
}

// scan is what the workers share.
type scan struct {
	Options
	ctx     context.Context
	persons *people
	marks   *keyedset.Marks // fields of the register's people; nil without
	pdfs    pdf.Reader
	given   []secret // the passwords of the options
	folders sync.Map // folder → passwords that its texts name
	found   chan *File
	skipped map[string]int // written by walk alone, read when all is done
}

// walk hands out the regular files below the roots, and lists what cannot be looked into.
func (s *scan) walk(paths chan<- string) {
	s.skipped = map[string]int{}
	for _, root := range s.Roots {
		_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if s.ctx.Err() != nil {
				return fs.SkipAll
			}
			if err != nil {
				f := &File{Path: path, Type: "folder"}
				f.Lock = unreadable
				f.miss("", reason(err))
				s.found <- f
				if d != nil && d.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
			switch kind := d.Type(); {
			case d.IsDir():
			case kind.IsRegular():
				select {
				case paths <- path:
				case <-s.ctx.Done():
					return fs.SkipAll
				}
			case kind&fs.ModeSymlink != 0:
				s.skipped["link"]++
			case kind&fs.ModeNamedPipe != 0:
				s.skipped["pipe"]++
			case kind&fs.ModeSocket != 0:
				s.skipped["socket"]++
			default:
				s.skipped["device"]++
			}
			return nil
		})
	}
}

// reason says why a file was not read, without its path: the report has it.
func reason(err error) string {
	var p *fs.PathError
	switch {
	case errors.Is(err, fs.ErrPermission):
		return "permission denied"
	case errors.Is(err, fs.ErrNotExist):
		return "it vanished while the folder was read"
	case errors.As(err, &p):
		return p.Err.Error()
	case errors.Is(err, document.ErrNotRead), errors.Is(err, archive.ErrLimit):
		return err.Error()
	}
	return "damaged: " + err.Error()
}
