package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"genbo"
	"genbo/internal/work/synth"
)

func (a *app) synth() *cobra.Command {
	var people int
	var seed uint64
	var out, header, encoding string
	c := &cobra.Command{
		Use: "synth", Short: "Invent people and write them as a CSV file", Args: cobra.NoArgs,
		Long: `Writes a CSV file of invented people for demonstrations, tests and measurements, in the form that
"genbo import people" reads. Names, ages and places are spread as in Japan; telephones and accounts are nobody's.
The same seed and number of people give the same file on any machine.`,
		Example: "  genbo synth --people 1000000 --seed 1 --out people.csv",
		RunE: func(c *cobra.Command, _ []string) error {
			form := synth.Form{Japanese: header == "ja", CP932: encoding == "cp932"}
			if header != "ja" && header != "en" || encoding != "utf-8" && encoding != "cp932" {
				return fmt.Errorf("--header is en or ja, --encoding is utf-8 or cp932: %w", genbo.ErrInvalid)
			}
			return a.runSynth(c.Context(), people, seed, out, form)
		},
	}
	a.jsonFlag(c)
	f := c.Flags()
	f.IntVar(&people, "people", 1000, "how many people")
	f.Uint64Var(&seed, "seed", 1, "which people")
	f.StringVar(&out, "out", "-", `file to write, "-" for standard output`)
	f.StringVar(&header, "header", "en", "language of the column names: en or ja")
	f.StringVar(&encoding, "encoding", "utf-8", "utf-8 or cp932")
	return c
}

func (a *app) runSynth(ctx context.Context, people int, seed uint64, out string, form synth.Form) error {
	population, err := synth.New(seed, people)
	if err != nil {
		return err
	}
	if out == "-" {
		w := bufio.NewWriterSize(a.out, 1<<20)
		return errors.Join(population.WriteCSV(ctx, w, form), w.Flush())
	}
	began := time.Now()
	bar := a.progress("Inventing people", int64(people))
	form.Progress = func(done int) { bar.at(int64(done)) }
	err = writePeople(ctx, out, population, form)
	bar.end()
	if err != nil {
		return err
	}
	info, err := os.Stat(out)
	if err != nil {
		return err
	}
	a.say("%s:", out)
	a.figures(figure{"people", float64(people), "persons"}, figure{"size", float64(info.Size()) / 1e6, "MB"},
		figure{"people/s", float64(people) / time.Since(began).Seconds(), "persons/s"})
	return nil
}
