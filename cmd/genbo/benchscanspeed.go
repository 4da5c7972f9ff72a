package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"genbo/internal/base/keyedset"
	"genbo/internal/work/scan"
	"genbo/internal/work/share"
)

// scanSpeed measures MB/s through files of each kind, beside reading and unpacking them alone.
func (a *app) scanSpeed(ctx context.Context, f benchScanFlags) error {
	s := &scanBench{app: a, flags: f, dir: filepath.Join(a.dir, "speed")}
	plan, err := share.New(share.Plan{Seed: f.seed, Files: 1, Rows: 500_000})
	if err != nil {
		return err
	}
	s.plan = plan
	if f.persons > 0 {
		if err := s.makeFilter(ctx); err != nil {
			return err
		}
		defer s.filter.Close()
	}
	a.say("\nSpeed on %d cores, through files that lie in memory, %d MB of each kind:", runtime.GOMAXPROCS(0), f.megabytes)
	return errors.Join(s.plain(ctx), s.packed(ctx), s.year2015(ctx), os.RemoveAll(s.dir))
}

// scanBench is the measurement of speed.
type scanBench struct {
	*app
	flags benchScanFlags
	plan  *share.Plan
	dir   string

	filter *keyedset.Map // nil for without
	joined bool          // the next scan asks it

	profile string // where the next scans' profile goes; empty for none
}

// benchFiles is how many files the bytes of a kind are spread over: some for each core.
const benchFiles = 16

// nobodys are the papers without people.
var nobodys = []share.Sample{{Format: "csv", Layout: "nobody"}, {Format: "txt", Layout: "nothing"}}

// plain measures texts.
func (s *scanBench) plain(ctx context.Context) error {
	for _, kind := range []string{"log", "prose", "goods"} {
		if err := s.measure(ctx, "plain_"+kind, func(w io.Writer, _ int) error { return repeat(w, s.share(), empties[kind]) }); err != nil {
			return err
		}
	}
	err := s.measure(ctx, "plain_empty", func(w io.Writer, i int) error { return s.papers(w, i, nobodys, "UTF-8") }, s.cat, s.grep)
	if err != nil {
		return err
	}
	people := []share.Sample{{Format: "csv", Layout: "table"}}
	rate := func(name, encoding string, beside ...beside) error {
		return s.measure(ctx, name, func(w io.Writer, i int) error { return s.papers(w, i, people, encoding) }, beside...)
	}
	if err := rate("plain_people_alone", "UTF-8", s.cat, s.grep); err != nil {
		return err
	}
	s.joined = s.filter != nil
	s.profile = s.flags.profile
	err = rate("plain_people", "UTF-8")
	if s.joined, s.profile = false, ""; err != nil {
		return err
	}
	for _, e := range share.Encodings()[2:] {
		if strings.HasSuffix(e, "mark") {
			continue
		}
		if err := rate("plain_people_"+strings.ToLower(strings.ReplaceAll(e, "-", "_")), e); err != nil {
			return err
		}
	}
	return nil
}

// empties are the simplest texts without people, and the most frequent.
var empties = map[string]string{
	"log":   "2026-11-24 12:00:00 INFO server: request done in 12 ms, status 200\n",
	"prose": "日頃より公的年金制度にご理解とご協力をいただき、ありがとうございます。\n",
	"goods": "A-1023,六角ボルト 長さ20mm,120,2015/05/08\nB-2044,平座金 内径8mm,35,2015/05/11\n",
}

func repeat(w io.Writer, size int, text string) error {
	text = strings.Repeat(text, 1000)
	for written := 0; written < size; written += len(text) {
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
	}
	return nil
}

// share is how many bytes one of the files has.
func (s *scanBench) share() int { return s.flags.megabytes * 1e6 / benchFiles }

// papers writes one paper of one of some kinds, as long as the file is to be.
func (s *scanBench) papers(w io.Writer, file int, kinds []share.Sample, encoding string) error {
	kind := kinds[file%len(kinds)]
	kind.Encoding, kind.Rows = encoding, 100
	b, err := s.paper(file, kind)
	if err != nil {
		return err
	}
	kind.Rows = max(1, kind.Rows*s.share()/len(b))
	if b, err = s.paper(file, kind); err == nil {
		_, err = w.Write(b)
	}
	return err
}

// paper is one paper, or the next one where the encoding lacks a character of somebody's name.
func (s *scanBench) paper(file int, sample share.Sample) (content []byte, err error) {
	for i := file; i < 1000*benchFiles; i += benchFiles {
		var b bytes.Buffer
		if _, err = s.plan.Sample(&b, i, sample); err == nil {
			return b.Bytes(), nil
		}
	}
	return nil, err
}

// packed measures what is unpacked to be read, beside unpacking alone.
func (s *scanBench) packed(ctx context.Context) error {
	for _, k := range []struct {
		name, format, layout string
		rows                 int
	}{{"xlsx", "xlsx", "table", 20_000}, {"docx", "docx", "merged", 4000}, {"zip", "csv", "table", 50_000}} {
		err := s.measure(ctx, k.name, func(w io.Writer, i int) error {
			sample := share.Sample{Format: k.format, Layout: k.layout, Encoding: "UTF-8", Rows: k.rows}
			if k.name != "zip" {
				_, err := s.plan.Sample(w, i, sample)
				return err
			}
			z := zip.NewWriter(w)
			member, err := z.Create("list.csv")
			if err == nil {
				_, err = s.plan.Sample(member, i, sample)
			}
			return errors.Join(err, z.Close())
		}, s.unpack)
		if err != nil {
			return err
		}
	}
	return nil
}

// year2015 measures the loss of 2015: the table of its 949 files and 1.25 million cases.
func (s *scanBench) year2015(ctx context.Context) error {
	const files, cases = 949, 1_250_000
	dir := filepath.Join(s.dir, "2015")
	formats := []share.Sample{{Format: "xlsx"}, {Format: "csv", Encoding: "CP932"}, {Format: "xlsx"}, {Format: "csv", Encoding: "UTF-8"}}
	written := 0
	for i := range files {
		sample := formats[i%len(formats)]
		sample.Layout, sample.Rows = "table", (cases-written)/(files-i)
		written += sample.Rows
		name := fmt.Sprintf("%04d.%s", i, sample.Format)
		content, err := s.paper(i, sample)
		if err == nil {
			err = writeFile(filepath.Join(dir, name), func(w io.Writer) error { _, err := w.Write(content); return err })
		}
		if err != nil {
			return err
		}
	}
	report, took, err := s.scan(ctx, dir)
	if err != nil {
		return err
	}
	s.figures(figure{"table_949", took.Seconds(), "s"}, figure{"table_949_cases", float64(report.WithPeople.Cases), "cases"}, figure{"peak_memory", peakMemory() / 1e6, "MB"})
	return os.RemoveAll(dir)
}

// beside measures the same files with another program.
type beside func(ctx context.Context, name, dir string, size float64, took time.Duration) error

// measure writes the files of a kind, scans them, and measures beside it what else is asked for.
func (s *scanBench) measure(ctx context.Context, name string, write func(w io.Writer, file int) error, others ...beside) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	dir := filepath.Join(s.dir, name)
	if err := s.writeFiles(dir, write); err != nil {
		return err
	}
	size, err := contentSize(dir)
	if err != nil {
		return err
	}
	var report *scan.Report
	var took time.Duration
	err = profiled(s.profile, func() (err error) { report, took, err = s.scan(ctx, dir); return err })
	if err != nil {
		return err
	}
	s.figures(figure{name + "_mb_s", size / took.Seconds() / 1e6, "MB/s"})
	if report.WithPeople.Cases > 0 {
		s.figures(figure{name + "_cases_s", float64(report.WithPeople.Cases) / took.Seconds(), "cases/s"})
	}
	for _, other := range others {
		if err := other(ctx, name, dir, size, took); err != nil {
			return err
		}
	}
	return os.RemoveAll(dir)
}

func (s *scanBench) writeFiles(dir string, write func(w io.Writer, file int) error) error {
	errs := make([]error, benchFiles)
	var all sync.WaitGroup
	for i := range benchFiles {
		all.Go(func() {
			errs[i] = writeFile(filepath.Join(dir, fmt.Sprint(i)), func(w io.Writer) error { return write(w, i) })
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

func writeFile(path string, write func(w io.Writer) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	return errors.Join(write(w), w.Flush(), f.Close())
}

// scan scans three times and returns the shortest time: the first warms what is read.
func (s *scanBench) scan(ctx context.Context, dir string) (report *scan.Report, best time.Duration, err error) {
	debug.FreeOSMemory()
	forgetPeak()
	for range 3 {
		began := time.Now()
		o := scan.Options{Roots: []string{dir}, Now: time.Now, Cache: scanCache()}
		if s.joined {
			o.Whose = s.filter
		}
		report, err = scan.Run(ctx, o)
		if err != nil {
			return nil, 0, err
		}
		if took := time.Since(began); best == 0 || took < best {
			best = took
		}
	}
	return report, best, ctx.Err()
}
