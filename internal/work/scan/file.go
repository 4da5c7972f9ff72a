package scan

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"genbo"
	"genbo/internal/base/archive"
	"genbo/internal/base/charset"
	"genbo/internal/base/document"
	"genbo/internal/base/lock"
	"genbo/internal/work/detect"
)

const unreadable = lock.Unreadable

// notOpened is why the content of a weakly locked file is not counted: others may read it, this program does not.
const notOpened = "locked too weakly, and not opened"

// batch is how many persons a worker gathers before it notes them.
const batch = 4096

// worker reads one file after the other.
type worker struct {
	*scan
	finder  *detect.Finder
	current *File
	at      place
	tokens  *tokens      // nil without Known
	met     shard        // the persons of the file, with Known
	cases   [1 << 11]int // by field set
	batch   []uint64
	tried   []secret       // passwords for the current file; nil until a lock is met
	heard   []string       // passwords that texts in the current mail or archive name
	unpack  archive.Limits // what the current file may still unpack to
	solid   int64          // where its data ends; behind it is a hole
	whose   *joiner        // nil without a register
}

func newWorker(s *scan) *worker {
	w := &worker{scan: s, batch: make([]uint64, 0, batch)}
	w.finder = detect.New(w.take)
	if s.Whose != nil {
		w.whose = newJoiner()
	}
	if s.Known != nil {
		w.tokens = s.Known.newTokens()
	}
	return w
}

// take counts a case, and sees whose it is.
func (w *worker) take(c *detect.Case) {
	counted := c.Certainty != detect.Possible
	if counted {
		w.cases[int(c.Fields)%len(w.cases)]++
		w.sample(c)
		if w.Case != nil {
			w.Case(w.current.Path, c)
		}
	} else {
		w.current.Possible++
	}
	switch {
	case w.whose != nil:
		w.join(c)
	case counted:
		w.person(w.key(c), c.Fields)
	}
}

// person notes somebody by what he is known by.
func (w *worker) person(key uint64, fields genbo.FieldSet) {
	entry := key<<16 | uint64(fields)
	w.meet(entry)
	w.count(entry)
}

// count counts somebody: with a register, its people by their ordinals, which are below hashed.
func (w *worker) count(entry uint64) {
	if w.marks != nil && entry>>16 < hashed {
		w.marks.Add(uint32(entry>>16), uint16(entry))
		return
	}
	if w.batch = append(w.batch, entry); len(w.batch) == cap(w.batch) {
		w.note()
	}
}

func (w *worker) note() {
	w.persons.add(w.batch)
	w.batch = w.batch[:0]
}

// Begin, Row and Text are what documents hand their content to.
func (w *worker) Begin()             { w.at.part++; w.finder.Begin() }
func (w *worker) Row(cells [][]byte) { w.finder.Row(cells) }
func (w *worker) Text(b []byte)      { w.finder.Text(b) }

// file reads one file, unless it is known.
func (w *worker) file(name string) *File {
	if f := w.before(name); f != nil {
		return f
	}
	f := &File{Path: name, Cases: Counts{}}
	w.current, w.tried, w.heard = f, nil, nil
	file, info, err := openQuietly(name)
	if err != nil {
		f.Lock, f.Type = unreadable, "unknown"
		f.miss("", reason(err))
		return f
	}
	defer file.Close()
	begun, stamp := w.Now(), stampOf(info)
	f.Size, f.Modified, f.Owner = info.Size(), info.ModTime(), ownerOf(info)
	w.unpack, w.solid = w.unpacks(f.Size), dataEnd(file, f.Size)
	w.content(io.NewSectionReader(w.paced(file), 0, f.Size), name)
	w.joined()
	w.note()
	if by := diskEncryption(file, info); by != "" && f.Lock == lock.Open && f.How == "" {
		f.How = by + " alone: open to whoever may read it here, and wherever it is copied to"
	}
	for set, n := range w.cases {
		if n > 0 {
			f.Cases[genbo.FieldSet(set).String()] += n
			w.cases[set] = 0
		}
	}
	after, err := file.Stat()
	if err == nil && (after.Size() != f.Size || !after.ModTime().Equal(f.Modified)) {
		f.miss("", "it changed while it was read")
	}
	if f.Lock == lock.Open && len(f.Missed) > 0 && f.Cases.Total() == 0 {
		f.Lock = unreadable
	}
	w.keep(f, stamp, f.lasts() && stamp.settledAt(begun) && err == nil && stampOf(after) == stamp)
	slices.SortStableFunc(f.Missed, func(a, b Missed) int { return strings.Compare(a.Where, b.Where) })
	return f
}

// A file may unpack to so many times its size, or to mostSure bytes whatever its size: tables of offices shrink to a tenth, logs to a
// hundredth.
const (
	mostRatio = 250
	mostSure  = 1 << 30
)

// unpacks is what a file may unpack to, with all archives in it together.
func (s *scan) unpacks(size int64) archive.Limits {
	l := s.Members
	if size < l.Bytes/mostRatio {
		l.Bytes = min(l.Bytes, max(mostSure, size*mostRatio))
	}
	return l
}

// regular makes sure that an opened file is a regular one still, and closes it if not.
func regular(file *os.File) (*os.File, fs.FileInfo, error) {
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: file.Name(), Err: errors.New("no regular file any more")}
	}
	if err != nil {
		file.Close()
		return nil, nil, err
	}
	return file, info, nil
}

// content reads what a file is, and then what it holds. A parser that breaks is caught here.
func (w *worker) content(src document.Source, name string) {
	f := w.current
	defer func() {
		if broken := recover(); broken != nil {
			f.miss("", fmt.Sprintf("its reader broke: %T", broken))
		}
		w.finder.End()
	}()
	t, err := document.Sniff(src)
	f.Type = string(t)
	if err != nil {
		f.miss("", reason(err))
		return
	}
	state := w.inside(src, t, "", name, 0)
	f.Lock, f.How = state.State, state.How
}

// inside reads a file or a member of type t, and says how it is locked.
func (w *worker) inside(src document.Source, t document.Type, where, name string, depth int) lock.Finding {
	if w.ctx.Err() != nil {
		w.current.miss(where, "interrupted")
		return lock.Finding{}
	}
	switch {
	case t == document.Text && where == "" && depth == 0:
		return w.plain(io.NewSectionReader(src, 0, min(src.Size(), w.solid)), where)
	case t == document.Text:
		return w.plain(src, where)
	case archive.Holds(t):
		return w.archive(src, t, where, name, depth)
	case t == document.Age:
		return w.age(src, where, name, depth)
	case t == document.OpenPGP:
		return lock.OfOpenPGP(src)
	case t == document.Odt, t == document.Ods, t == document.Odp:
		if d, err := lock.OfOpenDocument(src); err == nil && d.State == lock.Locked {
			return w.openDocument(src, d.Finding, where, name, depth)
		}
	case t == document.KeePass:
		return lock.Finding{State: lock.Locked, How: "KeePass"}
	case t == document.Volume:
		return lock.Finding{State: lock.Locked, How: "encrypted volume"}
	case t == document.CFB:
		return w.compound(src, where, name, depth)
	case t == document.PDF:
		return w.pdf(src, where, depth)
	case t == document.Unknown:
		w.current.miss(where, "unknown content")
		return lock.Finding{State: unreadable}
	}
	w.at = place{where: where}
	w.finder.Begin()
	if err := document.Read(src, t, w); err != nil {
		w.current.miss(where, reason(err))
	}
	w.objects(src, t, where, depth)
	return lock.Finding{}
}

func (w *worker) plain(r io.Reader, where string) lock.Finding {
	w.at = place{where: where}
	w.finder.Begin()
	text, err := charset.NewReader(r)
	if err == nil {
		err = w.finder.Plain(text)
	}
	if err != nil {
		w.current.miss(where, reason(err))
	}
	return lock.Finding{}
}

// archive reads the members. An archive is as open as its most open member.
func (w *worker) archive(src document.Source, t document.Type, where, name string, depth int) lock.Finding {
	if depth >= w.Depth {
		w.current.miss(where, w.tooDeep())
		return lock.Finding{State: unreadable}
	}
	worst, seen := lock.Finding{State: lock.Unreadable}, false
	err := archive.Walk(src, t, name, &w.unpack, w.words, func(m *archive.Member) error {
		if w.ctx.Err() != nil {
			return w.ctx.Err()
		}
		is := w.member(m, path.Join(where, oneLine(m.Name)), depth+1)
		if m.Lock.State != lock.Open {
			w.current.Locked++
		}
		if !seen || is.State < worst.State {
			worst, seen = is, true
		}
		return nil
	})
	if err != nil {
		w.current.miss(where, reason(err))
		return lock.Finding{State: min(worst.State, unreadable)}
	}
	if !seen {
		return lock.Finding{}
	}
	return worst
}

func (w *worker) tooDeep() string {
	return fmt.Sprintf("archives lie more than %d deep in each other", w.Depth)
}

// member reads a member: text as a stream, everything else from memory, up to the limit.
func (w *worker) member(m *archive.Member, where string, depth int) lock.Finding {
	switch {
	case m.Lock.State != lock.Open && m.Data == nil:
		if m.Lock.State == lock.Weak {
			w.current.miss(where, notOpened)
		}
		return m.Lock
	case m.Err != nil:
		w.current.miss(where, reason(m.Err))
		return lock.Finding{State: unreadable}
	}
	is := w.data(m, where, depth)
	if m.Opened != "" {
		if own := w.opened(m.Lock, m.Opened); own.State != lock.Open || is.State == lock.Open {
			return own
		}
	}
	return is
}

// data reads what is in a member.
func (w *worker) data(m *archive.Member, where string, depth int) lock.Finding {
	r := bufio.NewReaderSize(m.Data, charset.Sample)
	head, err := r.Peek(charset.Sample)
	if err != nil && !errors.Is(err, io.EOF) {
		w.current.miss(where, reason(err))
		return lock.Finding{State: unreadable}
	}
	t, err := document.Sniff(io.NewSectionReader(bytes.NewReader(head), 0, int64(len(head))))
	if err == nil && t == document.Text {
		w.hear(head)
		return w.plain(r, where)
	}
	all, err := io.ReadAll(io.LimitReader(r, w.Memory+1))
	if err != nil {
		w.current.miss(where, reason(err))
		return lock.Finding{State: unreadable}
	}
	if int64(len(all)) > w.Memory {
		w.current.miss(where, fmt.Sprintf("a member of more than %d MiB that is no text", w.Memory>>20))
		return lock.Finding{State: unreadable}
	}
	src := io.NewSectionReader(bytes.NewReader(all), 0, int64(len(all)))
	if t, err = document.Sniff(src); err != nil {
		w.current.miss(where, reason(err))
		return lock.Finding{State: unreadable}
	}
	return w.inside(src, t, where, m.Name, depth)
}

// oneLine makes a member's name fit for a list.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '�'
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
}
