package console

import (
	"net/http"

	"genbo"
	"genbo/internal/front/page"
	"genbo/internal/record/journal"
	"genbo/internal/record/staff"
)

type devicesView struct {
	page.Frame
	Cut  *page.Confirm
	List page.Table
	Out  []deviceLine
}

type deviceLine struct {
	ID      string
	Confirm *page.Confirm
}

func (c *Console) devices(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	if err := c.Desk.Check(i, string(journal.DeviceChange)); err != nil {
		return err
	}
	list, err := c.Directory.Devices(r.Context())
	if err != nil {
		return err
	}
	v := &devicesView{List: page.Table{ID: "devices", Caption: page.Say("device.list"), Empty: "device.none",
		Columns: []page.Column{{Label: "look.device"}, {Label: "approval.state"}, {Label: "look.who"}, {Label: "look.when"}}}}
	v.Title = page.Say("nav.devices")
	v.Cut = &page.Confirm{Action: "/devices", Submit: "device.cut", Danger: true, Fields: []page.Field{
		{Name: "device", Label: "look.device", Hint: "device.hint", Required: true, MaxLength: 200, Value: r.FormValue("device")}, reasonField(nil)}}
	for _, d := range list {
		state := page.Status{Kind: page.Success, Label: page.Say("device.in")}
		if d.Out {
			state = page.Status{Kind: page.Danger, Label: page.Say("device.out")}
			v.Out = append(v.Out, deviceLine{string(d.ID), &page.Confirm{Action: "/devices/letin", Submit: "device.letin", Hidden: hidden("device", string(d.ID)),
				Facts: page.Facts{Rows: []page.Fact{{Term: "look.device", Value: string(d.ID)}}}}})
		}
		v.List.Rows = append(v.List.Rows, []any{string(d.ID), state, string(d.By), d.At})
	}
	c.pages.Render(w, r, http.StatusOK, "devices", v)
	return nil
}

func (c *Console) cutOff(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	if err := c.Handover.CutOff(r.Context(), visit(r, i), genbo.DeviceID(r.PostFormValue("device"))); err != nil {
		return err
	}
	c.pages.Done(w, r, "/devices", "notice.cut")
	return nil
}

func (c *Console) letIn(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	v := visit(r, i)
	if v.Reason == "" {
		v.Reason = "—"
	}
	id, err := c.Handover.AskLetIn(r.Context(), v, genbo.DeviceID(r.PostFormValue("device")))
	if err != nil {
		return err
	}
	c.pages.Done(w, r, "/approvals/"+id, "notice.asked")
	return nil
}
