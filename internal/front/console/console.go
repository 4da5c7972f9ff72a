package console

import (
	"embed"
	"log/slog"
	"net/http"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/front/page"
	"genbo/internal/record/access"
	"genbo/internal/record/finding"
	"genbo/internal/record/journal"
	"genbo/internal/record/staff"
	"genbo/internal/work/desk"
	"genbo/internal/work/handover"
)

//go:embed templates messages static
var files embed.FS

// Parts are what the console shows.
type Parts struct {
	DB        *db.DB
	Desk      *desk.Desk
	Handover  *handover.Handover
	Journal   *journal.Journal
	Directory *staff.Directory
	Findings  *finding.Store
	Passkeys  *staff.Passkeys
	Purposes  []access.Purpose
	Witness   string // the journal's public key
	Device    func(*http.Request) genbo.DeviceID
	Log       *slog.Logger
}

// Console is the staff console. It is safe for concurrent use.
type Console struct {
	Parts
	pages   *page.Renderer
	mux     *http.ServeMux
	handler http.Handler
}

// New returns the console.
func New(parts Parts, site page.Site) (*Console, error) {
	c := &Console{Parts: parts}
	site.Around = c.around
	var err error
	if c.pages, err = page.New(site, parts.Log, files); err != nil {
		return nil, err
	}
	c.mux = http.NewServeMux()
	c.routes(c.mux)
	c.handler = c.pages.Secure(c.mux, "POST /extracts/{id}/return")
	return c, nil
}

// Route is the pattern that a request falls under: it says what is done, and to whom not.
func (c *Console) Route(r *http.Request) string {
	_, pattern := c.mux.Handler(r)
	return pattern
}

// Messages returns every sentence of the console, for what speaks to people outside of its pages.
func (c *Console) Messages() page.Messages { return c.pages.Messages() }

// ServeHTTP answers a request of a browser.
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.handler.ServeHTTP(w, r) }

// routes is every address of the console.
func (c *Console) routes(mux *http.ServeMux) {
	mux.Handle("GET /static/", c.pages.Static())
	mux.HandleFunc("GET /lang", page.SwitchLanguage)
	mux.HandleFunc("GET /signin", c.signInForm)
	mux.HandleFunc("GET /signin/link/{secret}", c.linkForm)
	mux.HandleFunc("POST /signin/link", c.linkSignIn)
	mux.HandleFunc("POST /signin/passkey/begin", c.passkeyBegin)
	mux.HandleFunc("POST /signin/passkey/finish", c.passkeyFinish)

	for pattern, h := range map[string]handler{
		"POST /signout":                   c.signOut,
		"GET /{$}":                        c.home,
		"GET /people":                     c.findForm,
		"POST /people":                    c.find,
		"GET /people/new":                 c.registerForm,
		"POST /people/new":                c.register,
		"GET /people/{ref}":               c.person,
		"GET /people/{ref}/looks":         c.looksFor,
		"GET /people/{ref}/change":        c.changeForm,
		"POST /people/{ref}/change":       c.change,
		"GET /people/{ref}/office":        c.officeForm,
		"POST /people/{ref}/office":       c.office,
		"GET /people/{ref}/withdraw":      c.withdrawForm,
		"POST /people/{ref}/withdraw":     c.withdraw,
		"GET /people/{ref}/reissue":       c.reissueForm,
		"POST /people/{ref}/reissue":      c.reissue,
		"GET /people/{ref}/merge":         c.mergeForm,
		"POST /people/{ref}/merge":        c.merge,
		"GET /people/{ref}/split":         c.splitForm,
		"POST /people/{ref}/split":        c.split,
		"GET /approvals":                  c.approvals,
		"GET /approvals/{id}":             c.approval,
		"POST /approvals/{id}":            c.vote,
		"POST /approvals/{id}/withdraw":   c.withdrawRequest,
		"GET /staff":                      c.staff,
		"GET /staff/new":                  c.staffNew,
		"POST /staff/new":                 c.staffAdd,
		"GET /staff/{id}":                 c.member,
		"POST /staff/{id}":                c.memberChange,
		"POST /staff/{id}/link":           c.memberLink,
		"POST /staff/{id}/end":            c.memberEnd,
		"GET /account":                    c.account,
		"POST /account/passkey/begin":     c.passkeyAddBegin,
		"POST /account/passkey/finish":    c.passkeyAddFinish,
		"GET /journal":                    c.journal,
		"POST /journal/verify":            c.verify,
		"GET /alarms":                     c.alarms,
		"POST /alarms/{id}":               c.acknowledge,
		"GET /rules":                      c.rules,
		"GET /extracts":                   c.extracts,
		"GET /extracts/new":               c.askForm,
		"POST /extracts/new":              c.ask,
		"POST /selections/{id}/forget":    c.forgetSelection,
		"GET /extracts/{id}":              c.extractPage,
		"POST /extracts/{id}/revoke":      c.extractRevoke,
		"POST /extracts/{id}/attest":      c.extractAttest,
		"GET /extracts/{id}/rows":         c.rows,
		"POST /extracts/{id}/rows":        c.rows,
		"POST /extracts/{id}/rows/{row}":  c.workRow,
		"GET /extracts/{id}/letter/{row}": c.letter,
		"POST /extracts/{id}/file":        c.extractFile,
		"POST /extracts/{id}/pass":        c.extractPass,
		"POST /extracts/{id}/return":      c.extractReturn,
		"GET /extracts/open":              c.openForm,
		"POST /extracts/open":             c.open,
		"GET /disclosures":                c.disclosures,
		"GET /findings":                   c.findings,
		"GET /findings/{office}":          c.findingsOf,
		"POST /findings/{office}/ask":     c.askOffice,
		"POST /findings/{office}/answer":  c.answerForOffice,
		"POST /findings/devices":          c.placeDevice,
		"GET /devices":                    c.devices,
		"POST /devices":                   c.cutOff,
		"POST /devices/letin":             c.letIn,
	} {
		mux.Handle(pattern, c.signedIn(h))
	}
	mux.Handle("/", c.signedIn(func(http.ResponseWriter, *http.Request, staff.Identity) error { return genbo.ErrNotFound }))
}

// handler answers a request of someone signed in, or returns why it did not.
type handler func(w http.ResponseWriter, r *http.Request, i staff.Identity) error

// signedIn asks who makes the request, and answers errors with their page.
func (c *Console) signedIn(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i, err := c.identify(r)
		if err == nil {
			err = h(w, r.WithContext(withIdentity(r.Context(), i)), i)
		}
		if err != nil {
			c.pages.Error(w, r, err)
		}
	})
}

// around fills the frame of every page: who is signed in, and where he may go.
func (c *Console) around(r *http.Request) page.Around {
	i, ok := identityOf(r.Context())
	if !ok {
		return page.Around{}
	}
	roles := make([]string, len(i.Member.Roles))
	for n, role := range i.Member.Roles {
		roles[n] = "role." + string(role)
	}
	a := page.Around{Staff: &page.Staff{Name: i.Member.Name, Roles: roles, Office: string(i.Member.Office)}}
	for _, item := range []struct {
		href, label, right string
	}{
		{"/", "nav.home", ""},
		{"/people", "nav.people", string(journal.PersonSearch)},
		{"/extracts", "nav.extracts", access.ReadExtracts},
		{"/approvals", "nav.approvals", access.ReadApprovals},
		{"/alarms", "nav.alarms", access.ReadAlarms},
		{"/disclosures", "nav.disclosures", string(journal.DisclosureRead)},
		{"/findings", "nav.findings", access.ReadFindings},
		{"/devices", "nav.devices", string(journal.DeviceChange)},
		{"/journal", "nav.journal", string(journal.JournalRead)},
		{"/staff", "nav.staff", access.ReadStaff},
		{"/account", "nav.account", ""},
	} {
		if item.right == "" || c.Desk.Allowed(i, item.right) {
			a.Nav = append(a.Nav, page.NavItem{Href: item.href, Label: item.label})
		}
	}
	return a
}

// today is the day in Japan.
func (c *Console) now() time.Time { return c.DB.Now() }
