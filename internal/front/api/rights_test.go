package api_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/front/api"
	"genbo/internal/front/console"
	"genbo/internal/front/page"
	"genbo/internal/record/access"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
)

func TestRights(t *testing.T) {
	h := housetest.New(t, house.Options{})
	ref := string(housetest.Enter(t, h, 1)[0])
	s := serve(t, h)
	person := "/people/" + ref
	query := object{"number": "1100-000000"}
	phone := object{"kind": "phone", "value": object{"phone": "03-0000-9999"}, "valid_from": "2026-01-01", "evidence": "id-document", "reason": "reported"}
	withCase := object{"kind": "phone", "value": object{"phone": "03-0000-9998"}, "valid_from": "2026-01-01", "evidence": "id-document", "reason": "reported", "case": "J-1"}
	for _, c := range []struct {
		who    genbo.StaffID
		method string
		path   string
		body   any
		status int
	}{
		{"clerk1", "POST", "/people/search", query, http.StatusOK},
		{"operator1", "POST", "/people/search", query, http.StatusOK},
		{"auditor1", "POST", "/people/search", query, http.StatusForbidden},
		{"admin1", "POST", "/people/search", query, http.StatusForbidden},
		{"clerk1", "GET", person + "?purpose=inquiry", nil, http.StatusOK},
		{"clerk2", "GET", person + "?purpose=inquiry", nil, http.StatusForbidden}, // another office
		{"clerk2", "GET", person + "?purpose=inquiry&case=J-1", nil, http.StatusOK},
		{"operator1", "GET", person + "?purpose=inquiry", nil, http.StatusOK},
		{"operator1", "GET", person + "?purpose=change", nil, http.StatusForbidden},
		{"approver1", "GET", person + "?purpose=inquiry", nil, http.StatusForbidden},
		{"approver1", "GET", person + "?purpose=second-look", nil, http.StatusOK},
		{"security1", "GET", person + "?purpose=inquiry", nil, http.StatusForbidden},
		{"clerk1", "POST", person + "/facts", phone, http.StatusOK},
		{"clerk2", "POST", person + "/facts", phone, http.StatusForbidden},
		{"clerk2", "POST", person + "/facts", withCase, http.StatusOK},
		{"operator1", "POST", person + "/facts", phone, http.StatusForbidden},
		{"operator1", "POST", person + "/numbers/1/reissue", object{"reason": "lost"}, http.StatusForbidden},
		{"operator1", "GET", "/approvals", nil, http.StatusForbidden},
		{"approver1", "GET", "/approvals", nil, http.StatusOK},
		{"clerk1", "GET", "/journal", nil, http.StatusForbidden},
		{"auditor1", "GET", "/journal", nil, http.StatusOK},
		{"clerk1", "POST", "/journal/verify", nil, http.StatusForbidden},
		{"security1", "POST", "/journal/verify", nil, http.StatusOK},
		{"clerk1", "GET", "/journal/checkpoint", nil, http.StatusForbidden},
		{"auditor1", "GET", "/journal/checkpoint", nil, http.StatusOK},
		{"auditor1", "GET", "/alarms", nil, http.StatusForbidden},
		{"security1", "GET", "/alarms", nil, http.StatusOK},
	} {
		got := s.as(c.who).do(c.method, api.Prefix+c.path, c.body)
		if got.StatusCode != c.status {
			t.Errorf("%s %s %s: got %d, want %d: %s", c.who, c.method, strings.ReplaceAll(c.path, ref, "{ref}"), got.StatusCode, c.status, got.text)
		}
		if c.status == http.StatusForbidden {
			got.problem(t, c.status, "forbidden")
		}
	}
}

// A cookie, a session of another device, or none at all is nobody.
func TestOnlyABearerIsSignedIn(t *testing.T) {
	h := housetest.New(t, house.Options{})
	s := serve(t, h)
	secret := housetest.Session(t, h, "clerk1")
	nobody := caller{server: s}
	nobody.get("/purposes").problem(t, http.StatusUnauthorized, "sign-in")
	got := nobody.do("GET", api.Prefix+"/purposes", nil, "Cookie", console.SessionCookie+"="+secret).problem(t, http.StatusUnauthorized, "sign-in")
	if got.Header.Get("WWW-Authenticate") == "" {
		t.Error("the answer does not say how to sign in")
	}
	nobody.do("GET", api.Prefix+"/purposes", nil, "Authorization", "Basic "+secret).problem(t, http.StatusUnauthorized, "sign-in")
	elsewhere, err := h.Directory.Authenticate(t.Context(), secret, "pc-2")
	if err == nil {
		t.Errorf("the session works on another device: %v", elsewhere.Device)
	}
	caller{s, secret}.get("/purposes").want(t, http.StatusOK)
}

func TestBudget(t *testing.T) {
	limits := access.Limits{OpenFiveMinutes: 2, OpenDay: 2, GlimpseFiveMinutes: 3, GlimpseDay: 3}
	housetest.Each(t, house.Options{Limits: limits}, func(t *testing.T, h *house.House) {
		refs := housetest.Enter(t, h, 4)
		s := serve(t, h)
		clerk := s.as("clerk1")
		for n, ref := range refs {
			got := clerk.get("/people/" + string(ref) + "?purpose=inquiry")
			if n < 2 {
				got.want(t, http.StatusOK)
				continue
			}
			got.problem(t, http.StatusTooManyRequests, "budget")
		}
		clerk.get("/people/"+string(refs[0])+"?purpose=inquiry").want(t, http.StatusOK) // the same person again costs nothing
		clerk.post("/people/search", object{"phone": "0300001234"}).problem(t, http.StatusTooManyRequests, "budget")
		list := s.as("security1").get("/alarms?open=true").want(t, http.StatusOK)
		if list.at("alarms", 2, "kind") != "budget" || list.at("alarms", 0, "staff") != "clerk1" || list.at("alarms", 3) != nil {
			t.Errorf("alarms: %s", list.text)
		}
		id := list.at("alarms", 0, "alarm").(string)
		s.as("security1").post("/alarms/"+id+"/acknowledge", nil).want(t, http.StatusOK)
		s.as("security1").post("/alarms/"+id+"/acknowledge", nil).problem(t, http.StatusConflict, "conflict")
	})
}

// A thief with a clerk's session uses console and API at once, and gets no more people than the budget.
func TestThiefGetsNoMorePeopleThanTheBudget(t *testing.T) {
	const budget = 5
	limits := access.Limits{OpenFiveMinutes: budget, OpenDay: budget, GlimpseFiveMinutes: 300, GlimpseDay: 3000}
	housetest.Each(t, house.Options{Limits: limits}, func(t *testing.T, h *house.House) {
		refs := housetest.Enter(t, h, 16)
		s := serve(t, h)
		pages, err := console.New(console.Parts{DB: h.DB, Desk: h.Desk, Journal: h.Journal, Directory: h.Directory, Purposes: h.Why,
			Witness: h.Vault.VerifierKey(), Device: func(*http.Request) genbo.DeviceID { return housetest.Device },
			Log: slog.New(slog.NewTextHandler(io.Discard, nil))}, page.Site{})
		if err != nil {
			t.Fatal(err)
		}
		thief := s.as("clerk1")
		seen := make([]bool, len(refs))
		var wg sync.WaitGroup
		for n, ref := range refs {
			wg.Go(func() {
				purpose := []string{"inquiry", "change", "record-review"}[n%3]
				if n%2 == 0 {
					got := thief.get(fmt.Sprintf("/people/%s?purpose=%s", ref, purpose))
					seen[n] = got.StatusCode == http.StatusOK
					return
				}
				r := httptest.NewRequest("GET", fmt.Sprintf("/people/%s?purpose=%s", ref, purpose), nil)
				r.AddCookie(&http.Cookie{Name: console.SessionCookie, Value: thief.token})
				w := httptest.NewRecorder()
				pages.ServeHTTP(w, r)
				seen[n] = w.Code == http.StatusOK && strings.Contains(w.Body.String(), "試験")
			})
		}
		wg.Wait()
		people := 0
		for _, one := range seen {
			if one {
				people++
			}
		}
		if people != budget {
			t.Errorf("the thief saw %d people, the budget is %d", people, budget)
		}
		var counted int
		err = h.DB.View(t.Context(), func(tx *db.Tx) error {
			return tx.Home().Row("SELECT count(*) FROM budget_use WHERE kind = ?", []any{"open"}, &counted)
		})
		if err != nil || counted != budget {
			t.Errorf("%d looks are accounted for, want %d: %v", counted, budget, err)
		}
	})
}
