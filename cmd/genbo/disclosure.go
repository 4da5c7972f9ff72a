package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"genbo"
	"genbo/internal/base/jtext"
	"genbo/internal/record/disclosure"
	"genbo/internal/work/house"
)

func (a *app) disclosure() *cobra.Command {
	c := &cobra.Command{Use: "disclosure", Short: "Ask who holds which fields of whom",
		Long: "Asks the disclosure index of a register who holds which fields of whom. Every question is in the journal."}
	c.AddCommand(a.disclosureAsk(), a.disclosurePerson(), a.disclosureTrace(), a.disclosureCompare())
	return c
}

func (a *app) disclosureAsk() *cobra.Command {
	var q disclosure.Question
	var device, staff, office, from, to string
	c := &cobra.Command{
		Use: "ask", Short: "Count what a device, a member of staff, an office or a purpose received", Args: cobra.NoArgs,
		Long: `Counts whose data, and which fields, were disclosed: to a device, a member of staff, an office, for a purpose, from
a list, in a time. What is not given does not matter. Persons count once, by the widest set of their fields; a case is
one person in one disclosure.`,
		Example: "  genbo disclosure ask --dir register --device pc-7 --from 2026-05-08 --to 2026-05-23",
		RunE: func(c *cobra.Command, _ []string) (err error) {
			q.Device, q.Staff, q.Office = genbo.DeviceID(device), genbo.StaffID(staff), genbo.OfficeID(office)
			if q.From, err = dayStart(from, 0); err != nil {
				return fmt.Errorf("--from: %w", err)
			}
			if q.To, err = dayStart(to, 1); err != nil {
				return fmt.Errorf("--to: %w", err)
			}
			return a.withHouse(c.Context(), func(h *house.House) error { return a.runAsk(c.Context(), h, q) })
		},
	}
	a.where(c)
	a.jsonFlag(c)
	for _, f := range []struct {
		to         *string
		name, what string
	}{{&device, "device", "to this device"}, {&staff, "staff", "to this member of staff"}, {&office, "office", "to staff of this office"},
		{&q.Purpose, "purpose", "for this purpose, by its code"}, {&q.Extract, "list", "from this list"}, {&from, "from", "on this day or later"}, {&to, "to", "on this day or earlier"}} {
		c.Flags().StringVar(f.to, f.name, "", f.what)
	}
	return c
}

// dayStart is when a day begins in Japan, days later; zero for no day.
func dayStart(text string, later int) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	d, err := jtext.ParseDate(text)
	return d.AddDays(later).Time().Add(-9 * time.Hour), err
}

func (a *app) runAsk(ctx context.Context, h *house.House, q disclosure.Question) error {
	answer, err := h.Desk.DisclosedTo(ctx, q)
	if err != nil {
		return err
	}
	figures := []figure{{"persons", float64(answer.Persons), "persons"}, {"cases", float64(answer.Cases), "cases"}}
	for _, one := range answer.ByWidth {
		figures = append(figures, figure{"fields " + one.Fields.String(), float64(one.Persons), "persons"})
	}
	a.figures(figures...)
	return nil
}

func (a *app) disclosurePerson() *cobra.Command {
	var limit int
	var member bool
	c := &cobra.Command{
		Use: "person NUMBER", Short: "List everything ever disclosed of one person", Args: cobra.ExactArgs(1),
		Long:    "Lists everything that was ever disclosed of the person with a number, newest first: when, to whom, on which device, for which purpose, which fields. With --for-member the names of staff are left out, and nothing else.",
		Example: "  genbo disclosure person 1234-567890 --dir register",
		RunE: func(c *cobra.Command, args []string) error {
			number, err := genbo.ParseNumber(args[0])
			if err != nil {
				return err
			}
			return a.withHouse(c.Context(), func(h *house.House) error { return a.runPerson(c.Context(), h, number, limit, member) })
		},
	}
	a.where(c)
	a.jsonFlag(c)
	c.Flags().BoolVar(&member, "for-member", false, "leave out the names of staff: what a member is handed")
	c.Flags().IntVar(&limit, "limit", 1_000_000, "how many at most")
	return c
}

// disclosed is one disclosure of a person, for machines.
type disclosed struct {
	At      time.Time      `json:"at"`
	Staff   genbo.StaffID  `json:"staff,omitempty"`
	Device  genbo.DeviceID `json:"device"`
	Purpose string         `json:"purpose"`
	Action  string         `json:"action"`
	Fields  string         `json:"fields"`
}

func (a *app) runPerson(ctx context.Context, h *house.House, number genbo.Number, limit int, member bool) error {
	list, err := h.Desk.DisclosedOf(ctx, number, limit)
	if err != nil {
		return err
	}
	for _, e := range list {
		d := disclosed{e.At, e.Actor.Staff, e.Actor.Device, e.Purpose, string(e.Action), e.Fields.String()}
		if member {
			d.Staff = ""
		}
		if a.json {
			line, err := json.Marshal(d)
			if err != nil {
				return err
			}
			fmt.Fprintln(a.out, string(line))
			continue
		}
		fmt.Fprintf(a.out, "%s  %-12s %-16s %-18s %-16s %s\n", d.At.In(genbo.Japan).Format("2006-01-02 15:04"), d.Staff, d.Device, d.Purpose, d.Action, d.Fields)
	}
	a.say("%d disclosures.", len(list))
	return nil
}
