package console

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"genbo"
	"genbo/internal/front/page"
	"genbo/internal/record/staff"
)

// fetchTime is how long fetching a file may take.
const fetchTime = 30 * time.Minute

// extractFile hands over the encrypted file of an extract.
func (c *Console) extractFile(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), fetchTime)
	defer cancel()
	file, err := c.Handover.Release(ctx, visit(r, i), r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := http.NewResponseController(w).SetWriteDeadline(c.now().Add(fetchTime)); err != nil {
		return err
	}
	w.Header().Set("Content-Type", file.Type)
	w.Header().Set("Content-Disposition", `attachment; filename="`+file.Name+`"`)
	w.Header().Set("Cache-Control", "no-store")
	if err := file.Write(w); err != nil {
		c.Log.ErrorContext(r.Context(), "a file of a list could not be written to its end", "extract", r.PathValue("id"), "error", err)
		panic(http.ErrAbortHandler) // the browser sees that the file is cut
	}
	return nil
}

type passView struct {
	page.Frame
	Pass string
	Back page.Link
}

// extractPass shows a pass phrase, once.
func (c *Console) extractPass(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	id := r.PathValue("id")
	pass, err := c.Handover.ShowPass(r.Context(), visit(r, i), id)
	if err != nil {
		return err
	}
	v := &passView{Pass: pass, Back: page.Link{Href: "/extracts/" + id, Text: page.Say("extract.title", id)}}
	v.Title = page.Say("extract.pass")
	v.Crumbs = []page.Link{{Href: "/extracts", Text: page.Say("nav.extracts")}, v.Back}
	c.pages.Render(w, r, http.StatusOK, "pass", v)
	return nil
}

// opening is what the agent asks its user to confirm.
type opening struct{ extract, seal, port, state, challenge string }

// readOpening reads what the agent put into the address.
func readOpening(r *http.Request) (opening, error) {
	o := opening{r.FormValue("extract"), r.FormValue("seal"), r.FormValue("port"), r.FormValue("state"), r.FormValue("challenge")}
	port, err := strconv.Atoi(o.port)
	if err != nil || port < 1024 || port > 65535 || len(o.state) < 20 || len(o.state) > 100 {
		return o, genbo.ErrInvalid
	}
	return o, nil
}

// openForm asks whether a sealed file shall be opened on this computer.
func (c *Console) openForm(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	o, err := readOpening(r)
	if err != nil {
		return err
	}
	e, _, err := c.Handover.Get(r.Context(), i, o.extract)
	if err != nil {
		return err
	}
	v := &formView{}
	v.Title = page.Say("open.title")
	v.Crumbs = []page.Link{{Href: "/extracts", Text: page.Say("nav.extracts")}, {Href: "/extracts/" + e.ID, Text: page.Say("extract.title", e.ID)}}
	facts := c.extractFacts(e, page.LangOf(r))
	v.Confirm = &page.Confirm{Facts: page.Facts{Rows: facts[:len(facts)-1]}, Action: "/extracts/open", Submit: "open.do", Back: "/extracts/" + e.ID,
		Warning: &page.Notice{Kind: page.Info, Title: page.Say("open.lead")},
		Hidden:  hidden("extract", o.extract, "seal", o.seal, "port", o.port, "state", o.state, "challenge", o.challenge)}
	c.pages.Render(w, r, http.StatusOK, "form", v)
	return nil
}

type openedView struct {
	page.Frame
	Next page.Link
}

// open confirms an opening and leads back to the agent on this computer.
func (c *Console) open(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	o, err := readOpening(r)
	if err != nil {
		return err
	}
	code, err := c.Handover.Confirm(r.Context(), i, o.extract, o.seal, o.challenge)
	if err != nil {
		return err
	}
	v := &openedView{Next: page.Link{Href: "http://127.0.0.1:" + o.port + "/opened?" + url.Values{"state": {o.state}, "code": {code}}.Encode(), Text: page.Say("open.show")}}
	v.Title = page.Say("open.confirmed")
	c.pages.Render(w, r, http.StatusOK, "opened", v)
	return nil
}
