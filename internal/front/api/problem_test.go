package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"genbo/internal/base/db"
	"genbo/internal/front/api"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
)

func TestRefusals(t *testing.T) {
	h := housetest.New(t, house.Options{})
	ref := string(housetest.Enter(t, h, 1)[0])
	s := serve(t, h)
	clerk := s.as("clerk1")
	for name, c := range map[string]struct {
		method, path string
		body         any
		status       int
		problem      string
		faults       string // "field code" of each
	}{
		"no body":          {"POST", "/people/search", "", 400, "unreadable", ""},
		"no JSON":          {"POST", "/people/search", `{"q": シケン}`, 400, "unreadable", ""},
		"too long":         {"POST", "/people/search", `{"q":"` + strings.Repeat("シ", 1<<20/3) + `"}`, 413, "too-long", ""},
		"unknown field":    {"POST", "/people/search", object{"q": "シケン", "all": true}, 422, "invalid", "all api.unknown"},
		"wrong type":       {"POST", "/people/search", object{"q": 19500304}, 422, "invalid", "q api.form"},
		"both ways":        {"POST", "/people/search", object{"q": "シケン", "kana": "シケン"}, 422, "invalid", "q api.either"},
		"nothing":          {"POST", "/people/search", object{}, 422, "invalid", "query query.wide"},
		"mistyped number":  {"POST", "/people/search", object{"number": "8000-000001", "birth": "1950-02-30"}, 422, "invalid", "number number.check, birth date.impossible"},
		"no purpose":       {"GET", "/people/" + ref, nil, 422, "invalid", "purpose api.required"},
		"unknown purpose":  {"GET", "/people/" + ref + "?purpose=curiosity", nil, 422, "invalid", "purpose purpose.unknown"},
		"unknown query":    {"GET", "/people/" + ref + "?purpose=inquiry&fields=all", nil, 422, "invalid", "fields api.unknown"},
		"no day":           {"GET", "/people/" + ref + "?purpose=inquiry&day=yesterday", nil, 422, "invalid", "day date.form"},
		"unknown person":   {"GET", "/people/1?purpose=inquiry", nil, 404, "not-found", ""},
		"unknown address":  {"GET", "/persons", nil, 404, "not-found", ""},
		"other method":     {"DELETE", "/people/" + ref, nil, 404, "not-found", ""},
		"missing fields":   {"POST", "/people/" + ref + "/facts", object{"kind": "phone"}, 422, "invalid", "evidence api.required, value api.required"},
		"unknown kind":     {"POST", "/people/" + ref + "/facts", object{"kind": "hair", "value": object{}, "evidence": "id-document"}, 422, "invalid", "kind api.form"},
		"unknown evidence": {"POST", "/people/" + ref + "/facts", object{"kind": "bank", "value": object{"bank": "9999-001-1-1234567"}, "valid_from": "2026-01-01", "evidence": "knowledge", "reason": "r"}, 422, "invalid", "evidence change.evidence"},
		"no reason":        {"POST", "/people/" + ref + "/facts/phone/1/withdraw", object{}, 422, "invalid", "reason change.reason"},
		"no fact":          {"POST", "/people/" + ref + "/facts/phone/9/withdraw", object{"reason": "mistyped"}, 404, "not-found", ""},
		"no alarm":         {"GET", "/approvals/none", nil, 404, "not-found", ""},
	} {
		got := clerk.do(c.method, api.Prefix+c.path, c.body).problem(t, c.status, c.problem)
		var faults []string
		list, _ := got.body["faults"].([]any)
		for _, f := range list {
			f := f.(object)
			faults = append(faults, fmt.Sprintf("%s %s", f["field"], f["code"]))
			if f["message"] == "" || strings.HasPrefix(f["message"].(string), "fault.") {
				t.Errorf("%s: the fault %s has no message", name, f["code"])
			}
		}
		if got := strings.Join(faults, ", "); got != c.faults {
			t.Errorf("%s: got the faults %q, want %q", name, got, c.faults)
		}
		for _, value := range []string{"19500304", "1950-02-30", "8000-000001", "curiosity", "yesterday", "シケン", "1234567"} {
			if strings.Contains(got.text, value) {
				t.Errorf("%s: the answer repeats what was sent: %s", name, got.text)
			}
		}
	}
	clerk.do("POST", api.Prefix+"/people/search", "q=1", "Content-Type", "application/x-www-form-urlencoded").problem(t, 415, "media-type")
	if s.log.Len() > 0 {
		t.Errorf("logged: %s", s.log)
	}
	japanese := clerk.do("GET", api.Prefix+"/persons", nil, "Accept-Language", "ja")
	if japanese.body["title"] != "見つかりません" || japanese.Header.Get("Content-Language") != "ja" {
		t.Errorf("in Japanese: %s", japanese.text)
	}
}

// What the caller cannot mend is told by a reference, and nothing more.
func TestInternalErrorHasAReference(t *testing.T) {
	h := housetest.New(t, house.Options{})
	ref := string(housetest.Enter(t, h, 1)[0])
	s := serve(t, h)
	clerk := s.as("clerk1")
	err := h.DB.Update(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Home().Exec("ALTER TABLE person_fact RENAME TO gone")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	got := clerk.get("/people/"+ref+"?purpose=inquiry").problem(t, http.StatusInternalServerError, "internal")
	reference, _ := got.body["reference"].(string)
	if reference == "" || !strings.Contains(s.log.String(), reference) || !strings.Contains(s.log.String(), "person_fact") {
		t.Errorf("the log does not have the reference %q: %s", reference, s.log)
	}
	if strings.Contains(got.text, "person_fact") || strings.Contains(got.text, "SQL") {
		t.Errorf("the answer shows the error: %s", got.text)
	}
}

func TestHeaders(t *testing.T) {
	clerk := serve(t, housetest.New(t, house.Options{})).as("clerk1")
	for _, path := range []string{"/purposes", "/persons", "/docs", "/docs.css", "/openapi.json"} {
		got := clerk.get(path)
		if got.Header.Get("Cache-Control") != "no-store" || got.Header.Get("X-Content-Type-Options") != "nosniff" ||
			!strings.HasPrefix(got.Header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: headers are %v", path, got.Header)
		}
	}
}
