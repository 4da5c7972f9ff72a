package server

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"genbo"
	"genbo/internal/front/page/htmlcheck"
	"genbo/internal/record/extract"
)

// TestBrowserPages visits every page as whoever may see it, in both languages, and has each checked: rules for
// its HTML, nothing blocked by the policy, no error in the console.
func TestBrowserPages(t *testing.T) {
	o := openOffice(t)
	one := "/people/" + string(o.people[0])
	merge := o.request(t)
	list, statistic, sealed := "/extracts/"+o.list(t, notices(extract.Worklist)), "/extracts/"+o.list(t, statistics()), "/extracts/"+o.list(t, notices(extract.Sealed))
	waits := o.wait(t)
	o.overdue(t)
	zip := "/extracts/" + o.list(t, printed())
	o.cut(t)
	o.scanned(t)
	deletion := o.deletion(t)
	for _, visit := range []struct {
		staff genbo.StaffID
		pages map[string]string
	}{
		{"", map[string]string{"signin": "/signin"}},
		{"clerk1", map[string]string{"home-clerk": "/", "find": "/people", "purpose": one, "person": one + "?purpose=change", "person-looks": one + "/looks?purpose=change", "list-zip": zip, "person-past": one + "?purpose=change&day=2010-01-01",
			"person-wrong": one + "?purpose=change&day=S65.1.1", "change-address": one + "/change?purpose=change&kind=address", "change-name": one + "/change?purpose=change&kind=name",
			"change-death": one + "/change?purpose=change&kind=death", "withdraw": one + "/withdraw?purpose=change&kind=address&seq=2", "office": one + "/office?purpose=change", "reissue": one + "/reissue?purpose=change&seq=1",
			"merge": one + "/merge?purpose=change", "register": "/people/new", "approvals-clerk": "/approvals", "approval-own": "/approvals/" + merge, "account": "/account",
			"not-found": "/nowhere", "forbidden": "/journal",
			"lists": "/extracts", "list-new": "/extracts/new", "list": list, "worklist": list + "/rows", "letter": list + "/letter/1", "statistic": statistic + "/rows", "list-sealed": sealed,
			"findings-clerk": "/findings", "finding-clerk": "/findings/0101"}},
		{"approver1", map[string]string{"approvals": "/approvals", "approval": "/approvals/" + merge, "approval-list": "/approvals/" + waits, "approval-deletion": "/approvals/" + deletion}},
		{"security1", map[string]string{"alarms": "/alarms", "journal": "/journal", "staff-security": "/staff", "member-security": "/staff/clerk1",
			"devices": "/devices", "disclosures": "/disclosures", "disclosures-asked": "/disclosures?ask=yes", "lists-security": "/extracts",
			"findings": "/findings", "finding": "/findings/0101", "finding-clean": "/findings/0202", "finding-none": "/findings/-"}},
		{"admin1", map[string]string{"staff": "/staff", "staff-new": "/staff/new", "member": "/staff/clerk1", "rules": "/rules"}},
	} {
		t.Run("as "+string(visit.staff), func(t *testing.T) {
			b := openBrowser(t, o)
			if visit.staff != "" {
				b.signIn(o, visit.staff)
			}
			for _, lang := range []string{"ja", "en"} {
				for name, path := range visit.pages {
					b.open("/lang?to=" + lang + "&back=" + strings.NewReplacer("&", "%26", "?", "%3F").Replace(path))
					b.check(name + "-" + lang)
				}
			}
			if log := o.log(); strings.Contains(log, "failed") {
				t.Errorf("a page failed:\n%s", log)
			}
		})
	}
}

// request is the identifier of the merge that waits.
func (o *office) request(t *testing.T) string {
	t.Helper()
	list, err := o.Desk.Requests(t.Context(), identity(t, o, "clerk1"), true, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		if r.Kind == "merge" {
			return r.ID
		}
	}
	t.Fatal("no merge waits")
	return ""
}

// check has the page's HTML and its behaviour judged.
func (b *browser) check(name string) {
	b.t.Helper()
	html := get(b, "read the page", chromedp.OuterHTML(chromedp.CSS("html")))
	problems, err := htmlcheck.Page(strings.NewReader(html))
	if err != nil {
		b.t.Fatal(err)
	}
	problems = append(problems, b.axe()...)
	b.mu.Lock()
	problems, b.noise = append(problems, b.noise...), nil
	b.mu.Unlock()
	for _, p := range problems {
		b.t.Errorf("%s: %s", name, p)
	}
	b.shot(name)
}
