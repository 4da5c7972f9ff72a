package api_test

import (
	"bytes"
	"flag"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"genbo/internal/front/api"
	"genbo/internal/front/page"
	"genbo/internal/front/page/htmlcheck"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
)

var update = flag.Bool("update", false, "write testdata/openapi.json anew")

// routes is every address that callers may rely on.
var routes = []string{
	"DELETE /session", "GET /alarms", "GET /approvals", "GET /approvals/{id}", "GET /disclosures", "GET /findings/deletions/{id}", "GET /journal", "GET /journal/checkpoint",
	"GET /lists", "GET /lists/{id}", "GET /lists/{id}/rows", "GET /people/{ref}", "GET /people/{ref}/looks", "GET /purposes", "GET /selections",
	"POST /alarms/{id}/acknowledge", "POST /approvals/{id}/votes", "POST /approvals/{id}/withdraw", "POST /devices/{device}/cut", "POST /findings", "POST /findings/deletions",
	"POST /journal/verify", "POST /lists", "POST /lists/{id}/attest", "POST /lists/{id}/revoke", "POST /lists/{id}/rows/{row}", "POST /openings",
	"POST /people", "POST /people/open", "POST /people/search", "POST /people/{ref}/facts", "POST /people/{ref}/facts/{kind}/{seq}/withdraw",
	"POST /people/{ref}/merge", "POST /people/{ref}/numbers/{seq}/reissue", "POST /people/{ref}/office", "POST /people/{ref}/split", "POST /selections",
	"POST /selections/{id}/forget", "POST /session",
}

func TestDescription(t *testing.T) {
	nobody := caller{server: serve(t, housetest.New(t, house.Options{}))}
	got := nobody.get("/openapi.json").want(t, http.StatusOK)
	if got.at("openapi") != "3.1.0" {
		t.Errorf("the description is of OpenAPI %v, want 3.1.0", got.at("openapi"))
	}
	var found []string
	for path, item := range got.at("paths").(object) {
		for method := range item.(object) {
			found = append(found, strings.ToUpper(method)+" "+strings.TrimPrefix(path, api.Prefix))
		}
	}
	slices.Sort(found)
	if diff := cmp.Diff(routes, found); diff != "" {
		t.Errorf("addresses (-want +got):\n%s", diff)
	}
	for _, route := range routes {
		method, path, _ := strings.Cut(route, " ")
		answer := nobody.do(method, api.Prefix+strings.NewReplacer("{ref}", "x", "{id}", "x", "{kind}", "name", "{seq}", "1").Replace(path), nil)
		if slices.Contains([]string{"POST /session", "POST /openings", "POST /findings", "POST /findings/deletions"}, route) {
			answer.problem(t, http.StatusBadRequest, "unreadable")
			continue
		}
		if route == "GET /findings/deletions/{id}" { // a device's certificate stands for a session
			answer.problem(t, http.StatusNotFound, "not-found")
			continue
		}
		answer.problem(t, http.StatusUnauthorized, "sign-in")
	}
	const golden = "testdata/openapi.json"
	if *update {
		if err := os.WriteFile(golden, []byte(got.text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.text); diff != "" {
		t.Errorf("the description has changed; if it should, run go test -update (-want +got):\n%s", diff)
	}
}

func TestDocs(t *testing.T) {
	nobody := caller{server: serve(t, housetest.New(t, house.Options{}))}
	for lang, title := range map[string]string{"ja": "人を探す", "en": "Find people"} {
		got := nobody.do("GET", api.Prefix+"/docs", nil, "Accept-Language", lang).want(t, http.StatusOK)
		problems, err := htmlcheck.Page(strings.NewReader(got.text))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range problems {
			t.Errorf("%s: %s", lang, p)
		}
		if !strings.Contains(got.text, `<html lang="`+lang+`">`) || !strings.Contains(got.text, title) {
			t.Errorf("the page is not in %s", lang)
		}
		for _, key := range []string{"api.op.", "api.field.", "api.docs.", "<script", "http://", "https://"} {
			if strings.Contains(got.text, key) {
				t.Errorf("%s: the page shows %q", lang, key)
			}
		}
	}
	if css := nobody.get("/docs.css").want(t, http.StatusOK); css.Header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("the style sheet is %s", css.Header.Get("Content-Type"))
	}
}

// Every message is there in both languages, and every field of the description has one.
func TestMessages(t *testing.T) {
	own, err := page.LoadMessages(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	all, err := page.LoadMessages(os.DirFS("."), os.DirFS("../page"))
	if err != nil {
		t.Fatal(err)
	}
	built := []string{"api.op.", "api.field.", "fault."}
	for _, kind := range []string{"unreadable", "mediatype", "slow", "keyreused", "keybusy", "signin", "notfound", "conflict", "toooften", "invalid", "unavailable", "internal"} {
		built = append(built, "api."+kind+".")
	}
	problems, err := htmlcheck.Keys{Own: own.Keys(), Known: all.Keys(), Built: built}.Unmatched(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
	for _, key := range own.Keys() {
		if own[page.Japanese][key] == "" || own[page.English][key] == "" {
			t.Errorf("message %q is not there in both languages", key)
		}
	}
	description, err := os.ReadFile("testdata/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range own.Keys() {
		if name, ok := strings.CutPrefix(key, "api.field."); ok && !bytes.Contains(description, []byte(`"`+name+`"`)) {
			t.Errorf("message %q is of no field", key)
		}
	}
}
