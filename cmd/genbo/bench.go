package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"genbo/internal/work/house"
	"genbo/internal/work/intake"
	"genbo/internal/work/synth"
)

func (a *app) bench() *cobra.Command {
	c := &cobra.Command{Use: "bench", Short: "Measure how fast it is on this machine",
		Long: "Measures how fast Genbo is on this machine, each figure with its unit. The people are invented."}
	c.AddCommand(a.benchImport(), a.benchLookup(), a.benchScope(), a.benchSeal(), a.benchTrace(), a.benchScan())
	return c
}

func (a *app) benchFlags(c *cobra.Command, people *int) {
	a.jsonFlag(c)
	c.Flags().IntVar(people, "people", 100_000, "how many people to invent")
	c.Flags().StringVar(&a.dir, "dir", "", "directory to work in, kept afterwards; a register that is there is used again (default: a temporary one)")
}

// benchDir is the directory to work in, and what removes it if it is a temporary one.
func (a *app) benchDir() (remove func() error, err error) {
	if a.dir != "" {
		return func() error { return nil }, os.MkdirAll(a.dir, 0o700)
	}
	a.dir, err = os.MkdirTemp("", "genbo-bench-")
	return func() error { return os.RemoveAll(a.dir) }, err
}

func (a *app) benchImport() *cobra.Command {
	var people int
	c := &cobra.Command{
		Use: "import", Short: "Measure taking people in", Args: cobra.NoArgs,
		Long: `Invents people, takes them into a new SQLite register with encryption and indexes, and prints people/s, where
the time went, memory, and how long the disk alone takes for as many bytes.`,
		Example: "  genbo bench import --people 1000000",
		RunE: func(c *cobra.Command, _ []string) error {
			remove, err := a.benchDir()
			if err != nil {
				return err
			}
			return errors.Join(a.runBenchImport(c.Context(), people), remove())
		},
	}
	a.benchFlags(c, &people)
	return c
}

func (a *app) runBenchImport(ctx context.Context, people int) error {
	a.say("Taking %s people into a register on %d cores:", grouped(float64(people)), runtime.GOMAXPROCS(0))
	o := house.Options{Dir: a.dir}
	if err := house.Create(ctx, o, "genbo.bench"); err != nil {
		return err
	}
	population, err := synth.New(1, people)
	if err != nil {
		return err
	}
	file := filepath.Join(a.dir, "people.csv")
	began := time.Now()
	if err := writePeople(ctx, file, population, synth.Form{}); err != nil {
		return err
	}
	a.figures(figure{"invented", float64(people) / time.Since(began).Seconds(), "persons/s"})
	report, err := a.benchTake(ctx, o, file, people)
	if err != nil {
		return err
	}
	took := report.Took.Whole.Seconds()
	a.figures(figure{"taken in", float64(people) / took, "persons/s"}, figure{"time", took, "s"})
	a.figures(shares(report.Took, float64(people))...)
	info, err := os.Stat(filepath.Join(a.dir, "genbo.db"))
	if err != nil {
		return err
	}
	disk, err := writeRate(a.dir, info.Size())
	if err != nil {
		return err
	}
	a.figures(figure{"database", float64(info.Size()) / 1e6, "MB"}, figure{"bytes a person", float64(info.Size()) / float64(people), "B"},
		figure{"memory at most", peakMemory() / 1e6, "MB"}, figure{"disk alone, same bytes", disk.Seconds(), "s"},
		figure{"times the disk alone", took / disk.Seconds(), "×"})
	return nil
}

func (a *app) benchTake(ctx context.Context, o house.Options, file string, people int) (intake.Report, error) {
	h, err := house.Open(ctx, o)
	if err != nil {
		return intake.Report{}, err
	}
	frugal()
	bar := a.progress("Taking people in", int64(people))
	report, err := intake.Run(ctx, h, file, intake.Options{Progress: func(r intake.Report) { bar.at(r.Lines) }})
	bar.end()
	return report, errors.Join(err, h.Close())
}

// writeRate is how long the disk takes for as many bytes, written in order and made durable every 16 MB.
func writeRate(dir string, size int64) (time.Duration, error) {
	path := filepath.Join(dir, "disk")
	f, err := os.Create(path)
	if err != nil {
		return 0, fmt.Errorf("measure the disk: %w", err)
	}
	block := make([]byte, 16<<20)
	began := time.Now()
	for written := int64(0); written < size && err == nil; written += int64(len(block)) {
		if _, err = f.Write(block); err == nil {
			err = f.Sync()
		}
	}
	took := time.Since(began)
	return took, errors.Join(err, f.Close(), os.Remove(path))
}

// peakMemory is the most that the process has had resident, in bytes, 0 where the system does not tell.
func peakMemory() float64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 64)
			return kb * 1024
		}
	}
	return 0
}
