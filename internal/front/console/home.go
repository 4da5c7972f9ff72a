package console

import (
	"errors"
	"net/http"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/front/page"
	"genbo/internal/record/access"
	"genbo/internal/record/extract"
	"genbo/internal/record/journal"
	"genbo/internal/record/staff"
)

type homeView struct {
	page.Frame
	Asked   *askedView
	Tiles   []page.Tile
	Overdue page.Table
	Tasks   page.Table
}

func (c *Console) home(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	v := &homeView{}
	v.Title = page.Say("home.title")
	people, err := c.Desk.CountPeople(r.Context())
	if err != nil {
		return err
	}
	entries, err := c.Journal.Size(r.Context())
	if err != nil {
		return err
	}
	v.Tiles = []page.Tile{
		{Label: "home.people", Figure: people, Unit: "unit.persons"},
		{Label: "home.entries", Figure: entries, Unit: "unit.entries"},
	}
	if c.Desk.Allowed(i, string(journal.PersonSearch)) {
		v.Tiles[0].Href = "/people"
	}
	if c.Desk.Allowed(i, string(journal.JournalRead)) {
		v.Tiles[1].Href = "/journal"
	}
	if c.Desk.Allowed(i, access.ReadAlarms) {
		open, err := c.openAlarms(r)
		if err != nil {
			return err
		}
		v.Tiles = append(v.Tiles, page.Tile{Label: "home.alarms", Figure: open, Unit: "unit.alarms", Href: "/alarms"})
	}
	if err := c.homeFindings(v, r, i); err != nil {
		return err
	}
	if c.Desk.Allowed(i, access.ReadApprovals) {
		list, err := c.Desk.Requests(r.Context(), i, true, 20)
		if err != nil {
			return err
		}
		v.Tasks = c.requestTable("tasks", page.Say("home.tasks"), list)
	}
	if c.Desk.Allowed(i, access.ReadExtracts) {
		list, err := c.Handover.List(r.Context(), i, extract.Filter{Overdue: true}, 200)
		if err != nil {
			return err
		}
		if len(list) > 0 {
			v.Overdue = c.extractTable("overdue", page.Say("extract.overdue"), "extract.noneoverdue", list, page.LangOf(r))
		}
	}
	c.pages.Render(w, r, http.StatusOK, "home", v)
	return nil
}

// homeFindings adds what scans found, and what the own office is asked to do about it.
func (c *Console) homeFindings(v *homeView, r *http.Request, i staff.Identity) error {
	if !c.Desk.Allowed(i, access.ReadFindings) {
		return nil
	}
	own, link := i.Member.Office, "/findings"
	scope := own
	if c.Desk.CheckFor(i, access.ReadFindings, "") == nil {
		scope = "" // who sees all offices sees their sum
	} else {
		link += "/" + pathOf(own)
	}
	cases, atLeast, err := c.Findings.Figure(r.Context(), scope)
	if err != nil {
		return err
	}
	tile := page.Tile{Label: "home.unprotected", Figure: cases, Unit: "unit.cases", Href: link}
	if atLeast {
		tile.Note = page.Say("home.atleast")
	}
	v.Tiles = append(v.Tiles, tile)
	ask, err := c.Findings.OpenAsk(r.Context(), own)
	if errors.Is(err, genbo.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	v.Asked = c.asked(i, own, &ask, genbo.DateOf(c.now().In(genbo.Japan)))
	v.Asked.Notice.Link = &page.Link{Href: "/findings/" + pathOf(own), Text: page.Say("scan.show")}
	return nil
}

func (c *Console) openAlarms(r *http.Request) (n int, err error) {
	err = c.DB.View(r.Context(), func(tx *db.Tx) error {
		list, err := access.Alarms(tx, true, 1000)
		n = len(list)
		return err
	})
	return n, err
}
