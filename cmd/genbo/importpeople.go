package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"genbo"
	"genbo/internal/work/house"
	"genbo/internal/work/intake"
)

func (a *app) importCommand() *cobra.Command {
	c := &cobra.Command{Use: "import", Short: "Take files in"}
	c.AddCommand(a.importPeople())
	return c
}

func (a *app) importPeople() *cobra.Command {
	var dry bool
	var rejects string
	var columns strings.Builder
	for _, col := range intake.Columns {
		need := "  "
		if col.Required {
			need = "* "
		}
		fmt.Fprintf(&columns, "  %s%-16s %-10s %s\n", need, col.Name, col.Japanese, col.Meaning)
	}
	c := &cobra.Command{
		Use: "people FILE…", Short: "Take people in from CSV files", Args: func(_ *cobra.Command, files []string) error {
			if len(files) == 0 {
				return fmt.Errorf("name the files, as in: genbo import people --dir register people.csv: %w", genbo.ErrInvalid)
			}
			return nil
		},
		Long: `Takes people in from CSV files, one person a line, in UTF-8, UTF-16 or CP932. The first line names the
columns, in English or Japanese, in any order (* must be there):

` + columns.String() + `
A line that breaks a rule is left out and reported by line, column and rule; the others are taken in. A file
that was stopped goes on where it was; the same file again adds nothing.`,
		Example: "  genbo import people --dir register --dry-run people.csv\n  genbo import people --dir register --rejects rejects.csv people.csv",
		RunE: func(c *cobra.Command, files []string) error {
			frugal()
			return a.withHouse(c.Context(), func(h *house.House) error {
				for _, file := range files {
					if err := a.importFile(c.Context(), h, file, dry, rejects); err != nil {
						return fmt.Errorf("%s: %w", file, err)
					}
				}
				return nil
			})
		},
	}
	a.where(c)
	a.jsonFlag(c)
	c.Flags().BoolVar(&dry, "dry-run", false, "check the files and write nothing")
	c.Flags().StringVar(&rejects, "rejects", "", "file to write the lines left out to: line, column, rule (CSV)")
	return c
}

// frugal keeps the memory of a long import well below 1 GB: the collector works harder instead.
func frugal() { debug.SetMemoryLimit(600 << 20) }

func (a *app) importFile(ctx context.Context, h *house.House, file string, dry bool, rejects string) error {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	var bar *progress
	var left []intake.Reject // of a dry run; those of a run are in the register
	report, err := intake.Run(ctx, h, file, intake.Options{DryRun: dry, Reject: func(r intake.Reject) {
		if dry {
			left = append(left, r)
		}
	}, Progress: func(r intake.Report) {
		if bar == nil {
			bar = a.progress(info.Name(), r.Expected)
		}
		bar.at(r.Lines)
	}})
	if bar != nil {
		bar.end()
	}
	if errors.Is(err, context.Canceled) {
		a.say("%s: stopped behind %s lines; the same command goes on from there.", file, grouped(float64(report.Lines)))
	}
	if err != nil {
		return err
	}
	a.importReport(file, report, dry)
	return a.importRejects(rejects, func(fn func(intake.Reject) error) error {
		for _, r := range left {
			if err := fn(r); err != nil {
				return err
			}
		}
		if dry {
			return nil
		}
		return intake.Rejects(ctx, h, report.ID, fn)
	})
}

func (a *app) importReport(file string, r intake.Report, dry bool) {
	switch {
	case r.Already:
		a.say("%s was taken in before; nothing is added.", file)
	case dry:
		a.say("%s: checked (%s), nothing written.", file, r.Encoding)
	case r.Resumed > 0:
		a.say("%s: taken in (%s), from line %s on.", file, r.Encoding, grouped(float64(r.Resumed+2)))
	default:
		a.say("%s: taken in (%s).", file, r.Encoding)
	}
	a.figures(figure{"lines in", float64(r.Lines), "lines"}, figure{"accepted", float64(r.Accepted), "persons"},
		figure{"known already", float64(r.Known), "lines"}, figure{"rejected", float64(r.Rejected), "lines"})
	if r.Already || r.Took.Whole == 0 {
		return
	}
	fresh := float64(r.Lines - r.Resumed)
	a.figures(figure{"people/s", fresh / r.Took.Whole.Seconds(), "persons/s"}, figure{"time", r.Took.Whole.Seconds(), "s"})
	a.figures(shares(r.Took, fresh)...)
}

// shares are where the time of an import went, per line. Checking and sealing run beside the writing.
func shares(t intake.Times, lines float64) (list []figure) {
	for _, s := range []struct {
		name string
		took time.Duration
	}{{"check", t.Check}, {"crypto", t.Seal}, {"rows", t.Rows}, {"index", t.Index}, {"journal and fsync", t.Commit}} {
		list = append(list, figure{s.name, float64(s.took.Microseconds()) / lines, "µs/line"})
	}
	return list
}

// shownRejects is how many lines left out are printed.
const shownRejects = 20

// importRejects prints the lines left out, and writes them all to a file where one is named.
func (a *app) importRejects(path string, all func(fn func(intake.Reject) error) error) (err error) {
	var out *csv.Writer
	if path != "" {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return fmt.Errorf("write rejects: %w", err)
		}
		buffer := bufio.NewWriter(f)
		out = csv.NewWriter(buffer)
		defer func() {
			out.Flush()
			err = errors.Join(err, out.Error(), buffer.Flush(), f.Close())
		}()
		if err := out.Write([]string{"line", "column", "rule", "meaning"}); err != nil {
			return err
		}
	}
	shown := 0
	each := func(one intake.Reject) error {
		fault := one.Fault()
		words := a.words(genbo.NewFault("", fault.Code, fault.Args...))
		if shown++; shown <= shownRejects {
			a.say("  line %d, %s: %s", one.Line, orLine(one.Field), words)
		}
		if out != nil {
			return out.Write([]string{strconv.FormatInt(one.Line, 10), one.Field, fault.Code, words})
		}
		return nil
	}
	if err := all(each); err != nil {
		return err
	}
	if shown > shownRejects {
		a.say("  … and %s more; --rejects FILE writes them all.", grouped(float64(shown-shownRejects)))
	}
	return nil
}

func orLine(field string) string {
	if field == "" {
		return "the whole line"
	}
	return field
}
