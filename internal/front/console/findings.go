package console

import (
	"cmp"
	"net/http"
	"slices"

	"genbo"
	"genbo/internal/front/page"
	"genbo/internal/record/access"
	"genbo/internal/record/finding"
	"genbo/internal/record/journal"
	"genbo/internal/record/staff"
)

type findingsView struct {
	page.Frame
	Rule  page.Text
	Tiles []page.Tile
	List  page.Table
	Never page.Table // offices of which nothing is known yet
	Place *page.Confirm
}

// findings shows what scans found, office by office: to most staff their own.
func (c *Console) findings(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	return c.showFindings(w, r, i, nil)
}

func (c *Console) showFindings(w http.ResponseWriter, r *http.Request, i staff.Identity, faults page.Faults) error {
	if err := c.Desk.Check(i, access.ReadFindings); err != nil {
		return err
	}
	all, err := c.Findings.Offices(r.Context())
	if err != nil {
		return err
	}
	names, err := c.officeNames(r)
	if err != nil {
		return err
	}
	v := &findingsView{Rule: ruleOf(c.Findings.Rule())}
	v.Title, v.Wide, v.Errors = page.Say("nav.findings"), true, faults
	v.List = page.Table{ID: "offices", Caption: page.Say("scan.offices"), Empty: "scan.nooffice", Columns: []page.Column{
		{Label: "scan.name"}, {Label: "scan.unprotected", Numeric: true}, {Label: "approval.state"}, {Label: "scan.change", Numeric: true},
		{Label: "scan.since"}, {Label: "scan.devices", Numeric: true}, {Label: "scan.last"}, {Label: "scan.asked"}}}
	v.Never = page.Table{ID: "never", Caption: page.Say("scan.neverscanned"), Columns: []page.Column{{Label: "scan.name"}, {Label: "approval.state"}, {Label: "scan.devices", Numeric: true},
		{Label: "scan.asked"}}}
	slices.SortStableFunc(all, func(a, b finding.Office) int { // what must be done first stands first
		return cmp.Or(cmp.Compare(b.State, a.State), cmp.Compare(b.Unprotected, a.Unprotected))
	})
	total := finding.Office{}
	offices, clean, today := 0, 0, genbo.DateOf(c.now().In(genbo.Japan))
	for _, o := range all {
		if c.Desk.CheckFor(i, access.ReadFindings, o.ID) != nil {
			continue
		}
		total.Unprotected += o.Unprotected
		total.Unread += o.Unread
		total.Unknown += o.Unknown
		total.Partial = total.Partial || o.AtLeast()
		if o.ID != "" { // devices that nobody has placed are no office
			offices++
			if o.State == finding.Clean {
				clean++
			}
		}
		name := page.Link{Href: "/findings/" + pathOf(o.ID), Text: officeName(names, o.ID)}
		if o.LastAt.IsZero() {
			v.Never.Rows = append(v.Never.Rows, []any{name, foundState(o.State), devicesOf(o), askedOf(o.Ask, today)})
			continue
		}
		v.List.Rows = append(v.List.Rows, []any{name, figureOf(o), foundState(o.State),
			changeOf(o), o.BareSince, devicesOf(o), o.LastAt, askedOf(o.Ask, today)})
	}
	v.Tiles = []page.Tile{{Label: "scan.unprotected", Figure: figureOf(total), Unit: "unit.cases"},
		{Label: "scan.cleanoffices", Figure: page.Say("scan.of", clean, offices), Unit: "unit.offices"},
		{Label: "scan.unknown", Figure: total.Unknown, Unit: "unit.devices"}, {Label: "scan.unread", Figure: total.Unread, Unit: "unit.files"}}
	if c.Desk.Allowed(i, string(journal.FindingPlace)) {
		v.Place = placeForm(r, names, faults)
	}
	c.pages.Render(w, r, http.StatusOK, "findings", v)
	return nil
}

func ruleOf(r finding.Rule) page.Text { return page.Say("scan.rule", r.Allowed, r.SilentDays) }

// officeNames is the offices in the order of their codes.
func (c *Console) officeNames(r *http.Request) ([]staff.Office, error) {
	return c.Directory.Offices(r.Context())
}

// noOffice stands in addresses for the devices that nobody has placed. It is no code of an office.
const noOffice = "-"

func pathOf(id genbo.OfficeID) string {
	if id == "" {
		return noOffice
	}
	return string(id)
}

func officeOf(r *http.Request) genbo.OfficeID {
	if id := r.PathValue("office"); id != noOffice {
		return genbo.OfficeID(id)
	}
	return ""
}

func officeName(names []staff.Office, id genbo.OfficeID) any {
	for _, o := range names {
		if o.ID == id {
			return string(id) + " " + o.Name
		}
	}
	if id == "" {
		return page.Say("scan.unplaced")
	}
	return string(id)
}

// figureOf is the unprotected cases, as at least so many where something is not known.
func figureOf(o finding.Office) any {
	if o.AtLeast() {
		return page.Say("scan.atleast", o.Unprotected)
	}
	return o.Unprotected
}

// devicesOf is how many devices an office has, and of how many nothing is known.
func devicesOf(o finding.Office) any {
	if o.Unknown > 0 {
		return page.Say("scan.devicesunknown", o.Devices, o.Unknown)
	}
	return o.Devices
}

func foundState(s finding.State) page.Status {
	kind := map[finding.State]page.Kind{finding.Clean: page.Success, finding.Never: page.Quiet, finding.Silent: page.Warning,
		finding.Incomplete: page.Warning, finding.Unprotected: page.Danger}[s]
	return page.Status{Kind: kind, Label: page.Say("scan.is." + s.String())}
}

func changeOf(o finding.Office) any {
	switch change := o.Unprotected - o.WeekAgo; {
	case !o.Measured:
		return page.Say("scan.nochange")
	case change > 0:
		return page.Say("scan.more", change)
	case change < 0:
		return page.Say("scan.fewer", -change)
	}
	return page.Say("scan.same")
}

// askedOf is who was asked, until when, and how far it has come.
func askedOf(a *finding.Ask, today genbo.Date) any {
	if a == nil {
		return ""
	}
	return page.Lines{askState(*a, today), page.Say("scan.by", a.Due, string(a.By))}
}

func askState(a finding.Ask, today genbo.Date) page.Status {
	switch {
	case !a.ProvenAt.IsZero():
		return page.Status{Kind: page.Success, Label: page.Say("scan.ask.proven")}
	case a.Overdue(today):
		return page.Status{Kind: page.Danger, Label: page.Say("scan.ask.overdue")}
	case !a.AnsweredAt.IsZero():
		return page.Status{Kind: page.Info, Label: page.Say("scan.ask.answered")}
	}
	return page.Status{Kind: page.Warning, Label: page.Say("scan.ask.open")}
}

func placeForm(r *http.Request, names []staff.Office, faults page.Faults) *page.Confirm {
	offices := []page.Option{{Value: "", Label: page.Say("scan.choose")}}
	for _, o := range names {
		offices = append(offices, page.Option{Value: string(o.ID), Label: string(o.ID) + " " + o.Name})
	}
	offices = append(offices, page.Option{Value: noOffice, Label: page.Say("scan.nomore")})
	return &page.Confirm{Action: "/findings/devices", Submit: "scan.place", Fields: []page.Field{
		page.Field{Name: "device", Label: "look.device", Hint: "device.hint", Required: true, MaxLength: 200, Width: page.Medium, Value: r.FormValue("device")}.With(faults),
		page.Field{Name: "office", Label: "scan.name", Type: page.Select, Required: true, Options: offices, Value: r.PostFormValue("office")}.With(faults),
		reasonField(faults)}}
}

// placeDevice settles in which office a device stands.
func (c *Console) placeDevice(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	if err := c.Desk.Check(i, string(journal.FindingPlace)); err != nil {
		return err
	}
	office := genbo.OfficeID(r.PostFormValue("office"))
	err := error(genbo.NewFault("office", "text.empty"))
	if office != "" {
		if office == noOffice {
			office = ""
		}
		err = c.Findings.Place(r.Context(), i.Actor(), genbo.DeviceID(r.PostFormValue("device")), office, r.PostFormValue("reason"))
	}
	if faults := page.FaultsOf(err); len(faults) > 0 {
		return c.showFindings(w, r, i, faults)
	}
	if err != nil {
		return err
	}
	c.pages.Done(w, r, "/findings", "notice.placed")
	return nil
}
