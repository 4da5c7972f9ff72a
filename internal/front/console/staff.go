package console

import (
	"net/http"
	"strings"
	"time"

	"genbo"
	"genbo/internal/front/page"
	"genbo/internal/record/access"
	"genbo/internal/record/journal"
	"genbo/internal/record/staff"
)

type staffView struct {
	page.Frame
	Members   page.Table
	CanChange bool
}

type memberView struct {
	page.Frame
	ID        genbo.StaffID
	Facts     page.Facts
	Fields    []page.Field
	CanChange bool
	CanEnd    bool
	EndReason page.Field
	Link      string // a sign-in link that was just made
}

type accountView struct {
	page.Frame
	Passkeys page.Table
}

func roleTexts(m staff.Member) page.Lines {
	lines := page.Lines{}
	for _, r := range m.Roles {
		lines = append(lines, page.Say("role."+string(r)))
	}
	return lines
}

func (c *Console) staff(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	if err := c.Desk.Check(i, access.ReadStaff); err != nil {
		return err
	}
	list, err := c.Directory.List(r.Context())
	if err != nil {
		return err
	}
	v := &staffView{CanChange: c.Desk.Allowed(i, string(journal.StaffChange))}
	v.Title = page.Say("nav.staff")
	v.Members = page.Table{ID: "staff", Caption: page.Say("staff.list"), Filtered: true, Columns: []page.Column{
		{Label: "staff.id"}, {Label: "staff.name"}, {Label: "staff.office"}, {Label: "staff.roles"}, {Label: "staff.state"}}}
	for _, m := range list {
		state := page.Status{Kind: page.Success, Label: page.Say("staff.active")}
		if !m.Active {
			state = page.Status{Kind: page.Quiet, Label: page.Say("staff.closed")}
		}
		v.Members.Rows = append(v.Members.Rows, []any{page.Link{Href: "/staff/" + string(m.ID), Text: string(m.ID)}, m.Name, string(m.Office), roleTexts(m), state})
	}
	c.pages.Render(w, r, http.StatusOK, "staff", v)
	return nil
}

func (c *Console) memberFields(r *http.Request, m staff.Member, faults page.Faults) ([]page.Field, error) {
	offices, err := c.Directory.Offices(r.Context())
	if err != nil {
		return nil, err
	}
	var officeOptions, roleOptions []page.Option
	for _, o := range offices {
		officeOptions = append(officeOptions, page.Option{Value: string(o.ID), Label: string(o.ID) + " " + o.Name})
	}
	var chosen []string
	for _, role := range staff.Roles {
		roleOptions = append(roleOptions, page.Option{Value: string(role), Label: page.Say("role." + string(role)), Hint: "rolehint." + string(role)})
		if m.Has(role) {
			chosen = append(chosen, string(role))
		}
	}
	return []page.Field{
		page.Field{Name: "name", Label: "staff.name", Value: m.Name, Required: true, MaxLength: 80}.With(faults),
		page.Field{Name: "holder", Label: "staff.holder", Hint: "staff.holderhint", Value: m.Holder, Width: page.Medium, MaxLength: 40}.With(faults),
		page.Field{Name: "office", Label: "staff.office", Value: string(m.Office), Type: page.Select, Required: true, Options: officeOptions}.With(faults),
		page.Field{Name: "roles", Label: "staff.roles", Values: chosen, Type: page.Checks, Options: roleOptions}.With(faults),
	}, nil
}

func memberOf(r *http.Request, id genbo.StaffID) staff.Member {
	m := staff.Member{ID: id, Name: r.PostFormValue("name"), Holder: strings.TrimSpace(r.PostFormValue("holder")), Office: genbo.OfficeID(r.PostFormValue("office")), Active: r.PostFormValue("active") != "no"}
	for _, role := range r.PostForm["roles"] {
		m.Roles = append(m.Roles, staff.Role(role))
	}
	return m
}

func (c *Console) staffNew(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	return c.showStaffNew(w, r, i, staff.Member{Roles: []staff.Role{staff.Clerk}}, nil)
}

func (c *Console) showStaffNew(w http.ResponseWriter, r *http.Request, i staff.Identity, m staff.Member, faults page.Faults) error {
	if err := c.Desk.Check(i, string(journal.StaffChange)); err != nil {
		return err
	}
	fields, err := c.memberFields(r, m, faults)
	if err != nil {
		return err
	}
	v := &formView{Action: "/staff/new", Submit: "staff.add"}
	v.Title, v.Errors = page.Say("staff.new"), faults
	v.Crumbs = []page.Link{{Href: "/staff", Text: page.Say("nav.staff")}}
	v.Fields = append([]page.Field{page.Field{Name: "id", Label: "staff.id", Hint: "staff.idhint", Value: string(m.ID), Required: true, Width: page.Medium, MaxLength: 40}.With(faults)}, fields...)
	c.pages.Render(w, r, http.StatusOK, "form", v)
	return nil
}

func (c *Console) staffAdd(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	if err := c.Desk.Check(i, string(journal.StaffChange)); err != nil {
		return err
	}
	id := r.PostFormValue("id")
	m := memberOf(r, genbo.StaffID(id))
	err := c.Directory.Add(r.Context(), i.Actor(), m)
	if faults := page.FaultsOf(err); len(faults) > 0 {
		return c.showStaffNew(w, r, i, m, faults)
	}
	if err != nil {
		return err
	}
	c.pages.Done(w, r, "/staff/"+id, "notice.staffadded")
	return nil
}

func (c *Console) member(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	return c.showMember(w, r, i, "")
}

func (c *Console) showMember(w http.ResponseWriter, r *http.Request, i staff.Identity, link string) error {
	if err := c.Desk.Check(i, access.ReadStaff); err != nil {
		return err
	}
	m, err := c.Directory.Get(r.Context(), genbo.StaffID(r.PathValue("id")))
	if err != nil {
		return err
	}
	v := &memberView{ID: m.ID, Link: link, EndReason: page.Field{Name: "endreason", Label: "change.reason", MaxLength: 600, Required: true}, CanEnd: c.Desk.Allowed(i, access.EndSessions),
		CanChange: c.Desk.Allowed(i, string(journal.StaffChange)) && m.ID != i.Member.ID}
	v.Title = page.Say("staff.member", string(m.ID))
	v.Crumbs = []page.Link{{Href: "/staff", Text: page.Say("nav.staff")}}
	v.Facts = page.Facts{Rows: []page.Fact{{Term: "staff.name", Value: m.Name}, {Term: "staff.holder", Value: m.Holder}, {Term: "staff.office", Value: string(m.Office)},
		{Term: "staff.roles", Value: roleTexts(m)}, {Term: "staff.since", Value: m.CreatedAt}}}
	if v.CanChange {
		if v.Fields, err = c.memberFields(r, m, nil); err != nil {
			return err
		}
		active := "yes"
		if !m.Active {
			active = "no"
		}
		v.Fields = append(v.Fields, page.Field{Name: "active", Label: "staff.state", Type: page.Radios, Value: active, Options: []page.Option{
			{Value: "yes", Label: page.Say("staff.active")}, {Value: "no", Label: page.Say("staff.closed"), Hint: "staff.closedhint"}}}, reasonField(nil))
	}
	c.pages.Render(w, r, http.StatusOK, "member", v)
	return nil
}

func (c *Console) memberChange(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	if err := c.Desk.Check(i, string(journal.StaffChange)); err != nil {
		return err
	}
	m := memberOf(r, genbo.StaffID(r.PathValue("id")))
	if err := c.Directory.Change(r.Context(), i.Actor(), m, r.PostFormValue("reason")); err != nil {
		return err
	}
	c.pages.Done(w, r, "/staff/"+string(m.ID), "notice.staffchanged")
	return nil
}

// linkLifetime is how long a sign-in link for a new member works.
const linkLifetime = 24 * time.Hour

// memberLink shows a link once; it is kept as a hash only.
func (c *Console) memberLink(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	if err := c.Desk.Check(i, string(journal.StaffChange)); err != nil {
		return err
	}
	secret, err := c.Directory.Link(r.Context(), i.Actor(), genbo.StaffID(r.PathValue("id")), linkLifetime)
	if err != nil {
		return err
	}
	return c.showMember(w, r, i, "/signin/link/"+secret)
}

func (c *Console) memberEnd(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	if err := c.Desk.Check(i, access.EndSessions); err != nil {
		return err
	}
	if err := c.Directory.EndSessions(r.Context(), i.Actor(), genbo.StaffID(r.PathValue("id")), r.PostFormValue("endreason")); err != nil {
		return err
	}
	c.pages.Done(w, r, "/staff/"+r.PathValue("id"), "notice.ended")
	return nil
}

func (c *Console) account(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	list, err := c.Directory.PasskeysOf(r.Context(), i.Member.ID)
	if err != nil {
		return err
	}
	v := &accountView{}
	v.Title = page.Say("nav.account")
	v.Passkeys = page.Table{ID: "passkeys", Caption: page.Say("account.passkeys"), Empty: "account.nopasskeys",
		Columns: []page.Column{{Label: "account.label"}, {Label: "account.made"}, {Label: "account.used"}}}
	for _, k := range list {
		v.Passkeys.Rows = append(v.Passkeys.Rows, []any{k.Label, k.CreatedAt, k.UsedAt})
	}
	c.pages.Render(w, r, http.StatusOK, "account", v)
	return nil
}
