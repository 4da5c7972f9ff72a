package console

import (
	"encoding/json"
	"net/http"

	"genbo/internal/base/db"
	"genbo/internal/front/page"
	"genbo/internal/record/access"
	"genbo/internal/record/staff"
)

type alarmsView struct {
	page.Frame
	Open  []alarmLine
	Seen  page.Table
	Empty bool
}

type alarmLine struct {
	ID    string
	Facts page.Facts
}

func (c *Console) alarms(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	if err := c.Desk.Check(i, access.ReadAlarms); err != nil {
		return err
	}
	var list []access.Alarm
	err := c.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		list, err = access.Alarms(tx, false, 200)
		return err
	})
	if err != nil {
		return err
	}
	v := &alarmsView{Seen: page.Table{ID: "seen", Caption: page.Say("alarm.seen"), Empty: "alarm.noneseen", Columns: []page.Column{
		{Label: "look.when"}, {Label: "alarm.kind"}, {Label: "look.who"}, {Label: "alarm.seenby"}, {Label: "alarm.seenat"}}}}
	v.Title = page.Say("nav.alarms")
	for _, a := range list {
		if a.SeenAt.IsZero() {
			rows := []page.Fact{{Term: "alarm.kind", Value: page.Say("alarm." + string(a.Kind))}, {Term: "look.when", Value: a.At}}
			if a.Staff != "" {
				rows = append(rows, page.Fact{Term: "look.who", Value: page.Link{Href: "/staff/" + string(a.Staff), Text: string(a.Staff)}})
			}
			v.Open = append(v.Open, alarmLine{a.ID, page.Facts{Rows: append(rows, c.alarmFacts(a, page.LangOf(r))...)}})
			continue
		}
		v.Seen.Rows = append(v.Seen.Rows, []any{a.At, page.Say("alarm." + string(a.Kind)), string(a.Staff), string(a.SeenBy), a.SeenAt})
	}
	v.Empty = len(v.Open) == 0
	c.pages.Render(w, r, http.StatusOK, "alarms", v)
	return nil
}

// alarmFacts puts what an alarm tells to machines into words.
func (c *Console) alarmFacts(a access.Alarm, lang page.Lang) (facts []page.Fact) {
	var d struct {
		Approval, Why, Use, Purpose, Device, Extract, Scan string
		Count, Cases, Before, Files                        int
	}
	if json.Unmarshal([]byte(a.Detail), &d) != nil {
		return []page.Fact{{Term: "alarm.detail", Value: a.Detail}}
	}
	for _, f := range []struct {
		there string
		fact  page.Fact
	}{
		{d.Device, page.Fact{Term: "look.device", Value: d.Device}},
		{d.Scan, page.Fact{Term: "scan.id", Value: d.Scan}},
		{d.Purpose, page.Fact{Term: "look.purpose", Value: c.purpose(d.Purpose, lang)}},
		{d.Why, page.Fact{Term: "approval.why", Value: page.Say("why." + d.Why)}},
		{d.Approval, page.Fact{Term: "approval.kind", Value: page.Link{Href: "/approvals/" + d.Approval, Text: page.Say("alarm.toapproval")}}},
		{d.Extract, page.Fact{Term: "extract.id", Value: page.Link{Href: "/extracts/" + d.Extract, Text: d.Extract}}},
	} {
		if f.there != "" {
			facts = append(facts, f.fact)
		}
	}
	if d.Cases > 0 {
		facts = append(facts, page.Fact{Term: "scan.cases", Value: d.Cases})
	}
	if d.Before > 0 {
		facts = append(facts, page.Fact{Term: "scan.files", Value: page.Say("scan.shrunk", d.Before, d.Files)})
	}
	if d.Count > 0 {
		facts = append(facts, page.Fact{Term: "alarm.rows", Value: d.Count})
	}
	return facts
}

func (c *Console) acknowledge(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	if err := c.Desk.Check(i, access.ReadAlarms); err != nil {
		return err
	}
	err := c.DB.Share(r.Context(), func(tx *db.Tx) error { return access.Acknowledge(tx, r.PathValue("id"), i.Member.ID) })
	if err != nil {
		return err
	}
	c.pages.Done(w, r, "/alarms", "notice.acknowledged")
	return nil
}
