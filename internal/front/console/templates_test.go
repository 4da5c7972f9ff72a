package console

import (
	"io/fs"
	"log/slog"
	"path"
	"strings"
	"testing"

	"github.com/jba/templatecheck"

	"genbo/internal/front/page"
)

// views are the pages with what each is given.
var views = map[string]page.View{
	"account": &accountView{}, "alarms": &alarmsView{}, "approval": &approvalView{}, "approvals": &approvalsView{}, "find": &findView{},
	"form": &formView{}, "home": &homeView{}, "journal": &journalView{}, "link": &signInView{}, "member": &memberView{}, "person": &personView{},
	"purpose": &purposeView{}, "rules": &rulesView{}, "signin": &signInView{}, "staff": &staffView{},
	"extracts": &extractsView{}, "extract": &extractView{}, "worklist": &worklistView{}, "letter": &letterView{}, "statistic": &extractsView{}, "devices": &devicesView{},
	"disclosures": &disclosuresView{}, "looks": &looksView{}, "returned": &returnedView{}, "pass": &passView{}, "opened": &openedView{},
	"findings": &findingsView{}, "finding": &findingView{},
}

// TestTemplates checks every template against the type of its view: a field that is not there is found here, not
// by the clerk who comes to the branch with it.
func TestTemplates(t *testing.T) {
	r, err := page.New(page.Site{}, slog.Default(), files)
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		name = strings.TrimSuffix(path.Base(name), ".html")
		view, ok := views[name]
		if !ok {
			t.Errorf("page %s has no view in this test", name)
			continue
		}
		if err := templatecheck.CheckHTML(r.Template(name), view); err != nil {
			t.Errorf("page %s: %v", name, err)
		}
	}
	if len(names) != len(views) {
		t.Errorf("%d pages, %d views", len(names), len(views))
	}
}
