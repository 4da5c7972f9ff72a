package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"genbo"
	"genbo/internal/work/detect"
	"genbo/internal/work/scan"
	"genbo/internal/work/share"
	"genbo/internal/work/share/score"
)

// benchScanFlags say what is measured.
type benchScanFlags struct {
	files, rows, megabytes int
	persons                int
	seed                   uint64
	formats                []string
	misses                 string
	profile                string
}

func (a *app) benchScan() *cobra.Command {
	var f benchScanFlags
	c := &cobra.Command{
		Use: "scan", Short: "Measure how exactly and how fast people are found in files", Args: cobra.NoArgs,
		Long: `Invents a file share of an office, scans it, and compares what was found with what is true: precision, recall
and F1 of each field and of whole field sets, by format, and the states of locks. Then measures MB/s through files
without people, files full of people, each encoding and format, beside reading them and unpacking them alone, and how
long the 949 files and 1.25 million cases of 2015 take.`,
		Example: "  genbo bench scan\n  genbo bench scan --files 3000 --mb 0 --misses misses.txt",
		RunE: func(c *cobra.Command, _ []string) error {
			remove, err := a.benchDir()
			if err != nil {
				return err
			}
			return errors.Join(a.runBenchScan(c.Context(), f), remove())
		},
	}
	a.jsonFlag(c)
	set := c.Flags()
	set.IntVar(&f.files, "files", 1000, "how many files the invented share has; 0 measures no exactness")
	set.IntVar(&f.rows, "rows", 60, "rows of an average table")
	set.IntVar(&f.megabytes, "mb", 128, "size of the files that speed is measured on, in MB; 0 measures none")
	set.IntVar(&f.persons, "persons", 1_000_000, "persons of the register that files full of people are joined with (100,000,000 take 4 GB of memory and some minutes); 0 joins with none")
	set.Uint64Var(&f.seed, "seed", 1, "seed of the share")
	set.StringSliceVar(&f.formats, "formats", nil, "formats of the share (default: all)")
	set.StringVar(&f.misses, "misses", "", "write the cases that were not found as they are true into this file")
	set.StringVar(&f.profile, "profile", "", "write a CPU profile of the files full of people into this file")
	set.StringVar(&a.dir, "dir", "", "directory to work in (default: a temporary one)")
	return c
}

func (a *app) runBenchScan(ctx context.Context, f benchScanFlags) error {
	if f.files > 0 {
		if err := a.scanExactness(ctx, f); err != nil {
			return err
		}
	}
	if f.megabytes > 0 {
		return a.scanSpeed(ctx, f)
	}
	return nil
}

// scanExactness scans an invented share and compares.
func (a *app) scanExactness(ctx context.Context, f benchScanFlags) error {
	dir := filepath.Join(a.dir, "share")
	plan, err := share.New(share.Plan{Seed: f.seed, Files: f.files, Rows: f.rows, Only: f.formats, Locks: true})
	if err != nil {
		return err
	}
	bar := a.progress("Inventing files", int64(f.files))
	truth, err := plan.Write(ctx, dir, func(n int) { bar.at(int64(n)) })
	bar.end()
	if err != nil {
		return err
	}
	found, states, err := scanFound(ctx, dir)
	if err != nil {
		return err
	}
	total, byFormat, locks := score.New(), map[string]*score.Score{}, 0
	tables := score.New()
	var misses []string
	for _, t := range truth {
		state := states[t.Path]
		if state == "" {
			state = string(share.Open)
		}
		if state == string(t.Lock) {
			locks++
		} else {
			misses = append(misses, fmt.Sprintf("%s\t%s: locked %s (%s), found %s", t.Path, t.Layout, t.Lock, t.Why, state))
		}
		if t.Hidden() {
			continue
		}
		s, differs := score.File(t.Cases, found[t.Path])
		total.Add(s)
		if t.Table() {
			tables.Add(s)
		}
		if byFormat[t.Format] == nil {
			byFormat[t.Format] = score.New()
		}
		byFormat[t.Format].Add(s)
		for _, m := range differs {
			misses = append(misses, missLine(t, m))
		}
	}
	a.say("An invented share of %s files with %s cases:", grouped(float64(len(truth))), grouped(float64(total.Cases.Right+total.Cases.Missed)))
	for _, field := range []struct {
		name string
		of   genbo.FieldSet
	}{{"number", genbo.FieldNumber}, {"name", genbo.FieldName}, {"birth", genbo.FieldBirth}, {"address", genbo.FieldAddress}, {"sex", genbo.FieldSex},
		{"phone", genbo.FieldPhone}, {"bank", genbo.FieldBank}, {"my_number", genbo.FieldMyNumber}, {"mail", genbo.FieldMail}} {
		t := total.Fields[field.of]
		if t == nil {
			continue
		}
		a.figures(figure{"precision_" + field.name, t.Precision(), ""}, figure{"recall_" + field.name, t.Recall(), ""}, figure{"f1_" + field.name, t.F1(), ""})
	}
	a.figures(figure{"f1_cases", total.Cases.F1(), ""}, figure{"f1_fieldset", tables.Sets.F1(), "in tables"}, figure{"f1_fieldset_all", total.Sets.F1(), ""},
		figure{"locked_accuracy", float64(locks) / float64(len(truth)), ""})
	for _, name := range slices.Sorted(maps.Keys(byFormat)) {
		a.figures(figure{"f1_" + name, byFormat[name].Cases.F1(), "cases"})
	}
	if f.misses != "" {
		return writeLines(f.misses, misses)
	}
	return nil
}

// scanFound scans a folder and keeps the cases by file, and the states of files that are not simply open.
func scanFound(ctx context.Context, dir string) (map[string][]score.Found, map[string]string, error) {
	found, states := map[string][]score.Found{}, map[string]string{}
	var mu sync.Mutex
	report, err := scan.Run(ctx, scan.Options{Roots: []string{dir}, Now: time.Now, Cache: scanCache(), Case: func(path string, c *detect.Case) {
		f := score.Found{Place: c.Line, Fields: c.Fields, Number: c.Number, Name: string(c.Name), Birth: c.Birth}
		mu.Lock()
		found[path] = append(found[path], f)
		mu.Unlock()
	}})
	if err != nil {
		return nil, nil, err
	}
	for _, f := range report.List {
		states[f.Path] = f.Lock.String()
	}
	return below(dir, found), below(dir, states), nil
}

// below names files as they lie below dir.
func below[T any](dir string, of map[string]T) map[string]T {
	out := make(map[string]T, len(of))
	for path, v := range of {
		if rest, err := filepath.Rel(dir, path); err == nil {
			path = rest
		}
		out[path] = v
	}
	return out
}

func scanCache() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "genbo")
}

// missLine tells one difference. The people are invented, so it may.
func missLine(t *share.File, m score.Miss) string {
	truth, found := "nobody", "nothing"
	if m.True != nil {
		truth = fmt.Sprintf("%s %010d %s/%s/%s %s %s", m.True.Fields, m.True.Number, m.True.Name, m.True.Kana, m.True.Latin, m.True.Birth, m.True.Address)
	}
	if m.Found != nil {
		found = fmt.Sprintf("%d: %s %010d %s %s", m.Found.Place, m.Found.Fields, m.Found.Number, m.Found.Name, m.Found.Birth)
	}
	return fmt.Sprintf("%s\t%s %s %s\t%s\t%s", t.Path, t.Layout, t.Encoding, t.In, truth, found)
}

func writeLines(path string, lines []string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	for _, l := range lines {
		if err == nil {
			_, err = fmt.Fprintln(f, l)
		}
	}
	return errors.Join(err, f.Close())
}

// profiled runs fn with a CPU profile.
func profiled(path string, fn func() error) error {
	if path == "" {
		return fn()
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	runtime.GC()
	if err := pprof.StartCPUProfile(f); err != nil {
		return errors.Join(err, f.Close())
	}
	err = fn()
	pprof.StopCPUProfile()
	return errors.Join(err, f.Close())
}
