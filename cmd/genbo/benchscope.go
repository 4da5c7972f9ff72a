package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/spf13/cobra"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/disclosure"
	"genbo/internal/record/journal"
	"genbo/internal/work/house"
)

func (a *app) benchScope() *cobra.Command {
	var people, extracts int
	c := &cobra.Command{
		Use: "scope", Short: "Measure how fast it says whose data a device, an office or anybody received", Args: cobra.NoArgs,
		Long: `Writes the openings of many lists, of 10 to 1.25 million people each, clustered and random, by 50 devices over a
year, into the journal of a new SQLite register, lets the disclosure index take them in, and asks it: what did one
device receive in 60 days, in the year; what was disclosed in all; everything disclosed of one person. The figures
are medians with the sets in memory, and the first time, read from the disk. Roaring's own union stands beside.`,
		Example: "  genbo bench scope --people 100000000 --extracts 1000 --json",
		RunE: func(c *cobra.Command, _ []string) error {
			remove, err := a.benchDir()
			if err != nil {
				return err
			}
			return errors.Join(a.runBenchScope(c.Context(), people, extracts), remove())
		},
	}
	a.benchFlags(c, &people)
	c.Flags().IntVar(&extracts, "extracts", 1000, "how many lists were opened")
	if err := c.Flags().Set("people", "100000000"); err != nil {
		panic(err)
	}
	return c
}

// scopeStart is when the year of the measurement begins.
var scopeStart = time.Date(2025, 4, 1, 0, 0, 0, 0, genbo.Japan)

const year = 365 * 24 * time.Hour

func (a *app) runBenchScope(ctx context.Context, people, extracts int) (err error) {
	var at atomic.Int64
	at.Store(scopeStart.UnixMilli())
	o := house.Options{Dir: a.dir, Clock: func() time.Time { return time.UnixMilli(at.Load()) }}
	if err := house.Create(ctx, o, "genbo.bench"); err != nil {
		return err
	}
	h, err := house.Open(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	a.say("%d lists of 10 to 1,250,000 of %s people:", extracts, grouped(float64(people)))
	r := rand.New(rand.NewPCG(1, 2))
	bar := a.progress("Opening lists", int64(extracts))
	for n := range extracts {
		at.Store(scopeStart.Add(year / time.Duration(extracts) * time.Duration(n)).UnixMilli())
		if err := writeOpening(ctx, h, r, n, people); err != nil {
			return err
		}
		bar.at(int64(n))
	}
	bar.end()
	began := time.Now()
	if err := h.Disclosure.CatchUp(ctx); err != nil {
		return err
	}
	a.figures(figure{"build_s", time.Since(began).Seconds(), "s"})
	return a.askScope(ctx, h, people)
}

// writeOpening puts the opening of a list into the journal: half of them people next to each other (70 % of a
// stretch), half anybody; sizes are even on a logarithmic scale.
func writeOpening(ctx context.Context, h *house.House, r *rand.Rand, n, people int) error {
	size := int(10 * math.Pow(125_000, r.Float64()))
	list := make([]genbo.PersonID, 0, size)
	if n%2 == 0 {
		for id := 1 + r.IntN(max(1, people-size*2)); len(list) < size && id <= people; id++ {
			if r.IntN(10) < 7 {
				list = append(list, genbo.PersonID(id))
			}
		}
	} else {
		for range min(size, people) {
			list = append(list, genbo.PersonID(1+r.IntN(people)))
		}
	}
	fields := []string{"NAD", "AD", "NABD", "NAB", "NA"}[r.IntN(5)]
	set, err := genbo.ParseFieldSet(fields)
	if err != nil {
		return err
	}
	device := r.IntN(50)
	return h.DB.Update(ctx, func(tx *db.Tx) error {
		_, err := h.Journal.Write(tx, journal.Entry{Actor: journal.Actor{Staff: genbo.StaffID(fmt.Sprintf("clerk%d", device)), Device: genbo.DeviceID(fmt.Sprintf("pc-%d", device))},
			Purpose: "overdue-notice", Action: journal.ExtractOpen, People: journal.PeopleOf(list), Fields: set, Detail: fmt.Sprintf(`{"extract":"list%d"}`, n)})
		return err
	})
}

// rounds is how often each question is asked.
const rounds = 15

func (a *app) askScope(ctx context.Context, h *house.House, people int) error {
	from := scopeStart.Add(100 * 24 * time.Hour)
	questions := []struct {
		name string
		disclosure.Question
	}{
		{"device_60d_ms", disclosure.Question{Device: "pc-7", From: from, To: from.Add(60 * 24 * time.Hour)}},
		{"device_year_ms", disclosure.Question{Device: "pc-7"}}, {"all_ms", disclosure.Question{}},
	}
	for _, q := range questions {
		cold, warm, answer, err := timed(func() (disclosure.Answer, error) { return h.Disclosure.Ask(ctx, q.Question) })
		if err != nil {
			return err
		}
		a.figures(figure{q.name, warm, "ms"}, figure{q.name[:len(q.name)-3] + "_first_ms", cold, "ms"},
			figure{q.name[:len(q.name)-3] + "_persons", float64(answer.Persons), "persons"}, figure{q.name[:len(q.name)-3] + "_cases", float64(answer.Cases), "cases"})
	}
	person := genbo.PersonID(people / 3)
	cold, warm, found, err := timed(func() ([]journal.Entry, error) { return h.Disclosure.OfPerson(ctx, person, time.Time{}, 1000) })
	if err != nil {
		return err
	}
	a.figures(figure{"person_ms", warm, "ms"}, figure{"person_first_ms", cold, "ms"}, figure{"person_disclosures", float64(len(found)), "disclosures"})
	return a.peerOfScope(ctx, h)
}

// timed runs a question several times and returns how long the first and the median one took, in ms.
func timed[T any](ask func() (T, error)) (first, median float64, answer T, err error) {
	var times []float64
	for range rounds {
		began := time.Now()
		if answer, err = ask(); err != nil {
			return 0, 0, answer, err
		}
		times = append(times, float64(time.Since(began).Microseconds())/1000)
	}
	first = times[0]
	slices.Sort(times)
	return first, times[len(times)/2], answer, nil
}

// peerOfScope measures the size on disk, and the union of all sets by roaring's own function.
func (a *app) peerOfScope(ctx context.Context, h *house.House) error {
	var bytes int64
	var sets []*roaring.Bitmap
	err := h.Disclosure.Sets(ctx, func(encoded int, members func(func(uint32) bool)) {
		bytes += int64(encoded)
		set := roaring.New()
		for m := range members {
			set.Add(m)
		}
		sets = append(sets, set)
	})
	if err != nil {
		return err
	}
	a.figures(figure{"disk_mb", float64(bytes) / 1e6, "MB"})
	_, union, _, err := timed(func() (uint64, error) { return roaring.FastOr(sets...).GetCardinality(), nil })
	if err != nil {
		return err
	}
	a.figures(figure{"roaring_union_all_ms", union, "ms"})
	return nil
}
