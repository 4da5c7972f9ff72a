package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"genbo"
	"genbo/internal/front/server"
	"genbo/internal/record/journal"
	"genbo/internal/record/person"
	"genbo/internal/record/staff"
	"genbo/internal/work/desk"
	"genbo/internal/work/house"
	"genbo/internal/work/intake"
	"genbo/internal/work/synth"
)

// demoOffice is where the clerk of the demonstration works.
const demoOffice genbo.OfficeID = "1301"

var demoStaff = []staff.Member{
	{ID: "clerk", Name: "窓口 花子", Office: demoOffice, Roles: []staff.Role{staff.Clerk}},
	{ID: "clerk2", Name: "窓口 太郎", Office: "2701", Roles: []staff.Role{staff.Clerk}},
	{ID: "approver", Name: "承認 一郎", Office: demoOffice, Roles: []staff.Role{staff.Approver}},
	{ID: "approver2", Name: "承認 二葉", Office: "2701", Roles: []staff.Role{staff.Approver}},
	{ID: "operator", Name: "相談 明", Office: "2701", Roles: []staff.Role{staff.Operator}},
	{ID: "security", Name: "守屋 安", Office: demoOffice, Roles: []staff.Role{staff.Security}},
	{ID: "auditor", Name: "監物 正", Office: demoOffice, Roles: []staff.Role{staff.Auditor}},
	{ID: "admin", Name: "管野 理", Office: demoOffice, Roles: []staff.Role{staff.Admin}},
}

// demoMailboxes is an address that no place in Japan has.
const demoMailboxes = `[{"postal": "100-0000", "address": "東京都見本区試験町1番地", "phone": "03-0000-0000"}]
`

// demoSeed makes every demonstration of a size the same.
const demoSeed = 2015

// openDemo opens the register of a demonstration and makes what it lacks: a first start that was stopped goes
// on where it was.
func (a *app) openDemo(ctx context.Context, people int) (*house.House, error) {
	population, err := synth.New(demoSeed, people)
	if err != nil {
		return nil, err
	}
	o := house.Options{Dir: a.dir}
	if !o.Exists() {
		a.say("Making a register in %s (only the first time).", a.dir)
		if err := house.Create(ctx, o, "genbo.demo"); err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(a.dir, "mailboxes.json"), []byte(demoMailboxes), 0o600); err != nil {
			return nil, fmt.Errorf("make demonstration: %w", err)
		}
		if err := scannedDemo(ctx, o, population); err != nil {
			return nil, err
		}
	}
	h, err := house.Open(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := a.fillDemo(ctx, h, population); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return h, nil
}

func (a *app) fillDemo(ctx context.Context, h *house.House, population *synth.Population) error {
	filled := filepath.Join(a.dir, "people.csv")
	if _, err := os.Stat(filled); errors.Is(err, os.ErrNotExist) {
		if err := staffDemo(ctx, h, population); err != nil {
			return err
		}
		if err := writePeople(ctx, filled, population, synth.Form{Japanese: true}); err != nil {
			return err
		}
	}
	bar := a.progress("Taking people in", int64(population.Len()))
	report, err := intake.Run(ctx, h, filled, intake.Options{Progress: func(r intake.Report) { bar.at(r.Lines) }})
	bar.end()
	if err != nil || report.Already {
		return err
	}
	a.say("Took in %s people in %s: %s a second.", grouped(float64(report.Accepted)), report.Took.Whole.Round(time.Millisecond),
		grouped(float64(report.Accepted-report.Resumed)/report.Took.Whole.Seconds()))
	return liveDemo(ctx, h, population)
}

func staffDemo(ctx context.Context, h *house.House, population *synth.Population) error {
	by := journal.System("demo")
	for _, o := range population.Offices() {
		if err := h.Directory.SetOffice(ctx, by, staff.Office{ID: o.ID, Name: o.Name}); err != nil {
			return err
		}
	}
	for _, m := range demoStaff {
		if err := h.Directory.Add(ctx, by, m); err != nil && !errors.Is(err, genbo.ErrConflict) {
			return err
		}
	}
	return nil
}

// writePeople writes a file of people under its name only once it is whole.
func writePeople(ctx context.Context, path string, population *synth.Population, form synth.Form) error {
	next := path + ".part"
	f, err := os.OpenFile(next, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write people: %w", err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	err = errors.Join(population.WriteCSV(ctx, w, form), w.Flush(), f.Close())
	if err != nil {
		return errors.Join(err, os.Remove(next))
	}
	return os.Rename(next, path)
}

// liveDemo has the clerk do some work, so that there is something to see: changes, one that waits for a second
// look, and a merge that waits for two approvers.
func liveDemo(ctx context.Context, h *house.House, population *synth.Population) error {
	var mine []synth.Person
	for i := 0; i < population.Len() && len(mine) < 4; i++ {
		if p := population.Person(i); p.Office == demoOffice && p.Death == 0 && !p.Provisional {
			mine = append(mine, p)
		}
	}
	if len(mine) < 4 {
		return nil // too few people to have an office of them
	}
	visit, out, err := signInDemo(ctx, h, "clerk")
	if err != nil {
		return err
	}
	refs := make([]genbo.PersonRef, len(mine))
	for i, p := range mine {
		found, err := h.Desk.Find(ctx, visit, person.Query{Number: p.Number})
		if err != nil {
			return err
		}
		refs[i] = found.Lines[0].Ref
	}
	today := genbo.DateOf(h.DB.Now().In(genbo.Japan))
	visit.Reason = "転居届"
	address := person.Address{Postal: "100-0013", Text: "東京都千代田区霞が関1丁目2番2号"}
	if _, err = h.Desk.Change(ctx, visit, refs[0], person.Change{Value: address, ValidFrom: today.AddDays(-14), Evidence: string(desk.ByResidentRegister)}); err != nil {
		return err
	}
	visit.Reason = "電話での申出"
	if _, err = h.Desk.Change(ctx, visit, refs[1], person.Change{Value: person.Phone("03-0000-0015"), ValidFrom: today, Evidence: string(desk.ByKnowledge)}); err != nil {
		return err
	}
	visit.Reason = "窓口で同一人と確認"
	if _, err = h.Desk.AskMerge(ctx, visit, refs[3], refs[2]); err != nil {
		return err
	}
	return out()
}

// signInDemo signs a member of staff in, as his link would.
func signInDemo(ctx context.Context, h *house.House, id genbo.StaffID) (v desk.Visit, signOut func() error, err error) {
	link, err := h.Directory.Link(ctx, journal.System("demo"), id, time.Minute)
	if err != nil {
		return v, nil, err
	}
	session, err := h.Directory.SignInByLink(ctx, link, server.LoopbackDevice)
	if err != nil {
		return v, nil, err
	}
	identity, err := h.Directory.Authenticate(ctx, session, server.LoopbackDevice)
	if err != nil {
		return v, nil, err
	}
	v = desk.Visit{Identity: identity, Purpose: "change"}
	return v, func() error { return h.Directory.SignOut(ctx, identity) }, nil
}
