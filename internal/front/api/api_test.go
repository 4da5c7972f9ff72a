package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"genbo"
	"genbo/internal/front/api"
	"genbo/internal/front/page"
	"genbo/internal/record/journal"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
)

// server is the API of a test register, with what it logged.
type server struct {
	t       testing.TB
	house   *house.House
	handler http.Handler
	log     *bytes.Buffer
}

func serve(t testing.TB, h *house.House) *server {
	t.Helper()
	messages, err := page.LoadMessages(os.DirFS("../page"))
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, house: h, log: &bytes.Buffer{}}
	s.handler, err = api.New(api.Parts{DB: h.DB, Vault: h.Vault, Desk: h.Desk, Journal: h.Journal, Directory: h.Directory, Findings: h.Findings, Handover: h.Handover, Purposes: h.Why,
		Witness: h.Vault.VerifierKey(), Device: func(*http.Request) genbo.DeviceID { return housetest.Device },
		Messages: messages, Log: slog.New(slog.NewTextHandler(s.log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// caller is a member of staff who calls the API with a session of his own.
type caller struct {
	*server
	token string
}

func (s *server) as(who genbo.StaffID) caller { return caller{s, housetest.Session(s.t, s.house, who)} }

// reply is an answer with its body as read.
type reply struct {
	*http.Response
	text string
	body map[string]any
}

func (c caller) do(method, path string, body any, headers ...string) reply {
	c.t.Helper()
	var sent io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		sent = bytes.NewBufferString(b)
	default:
		text, err := json.Marshal(b)
		if err != nil {
			c.t.Fatal(err)
		}
		sent = bytes.NewReader(text)
	}
	r := httptest.NewRequest(method, path, sent)
	r.Header.Set("Accept-Language", "en")
	if sent != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	for n := 0; n < len(headers); n += 2 {
		r.Header.Set(headers[n], headers[n+1])
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	out := reply{Response: w.Result(), text: w.Body.String()}
	if w.Body.Len() > 0 && json.Unmarshal(w.Body.Bytes(), &out.body) != nil && out.Header.Get("Content-Type") == "application/json" {
		c.t.Fatalf("%s %s: the answer is not JSON: %s", method, path, out.text)
	}
	return out
}

func (c caller) get(path string) reply { c.t.Helper(); return c.do("GET", api.Prefix+path, nil) }
func (c caller) post(path string, body any, headers ...string) reply {
	c.t.Helper()
	return c.do("POST", api.Prefix+path, body, headers...)
}

// want fails the test unless the answer has the status, and returns it.
func (r reply) want(t testing.TB, status int) reply {
	t.Helper()
	if r.StatusCode != status {
		t.Fatalf("%s %s: got %d, want %d: %s", r.status(), r.Header.Get("Content-Type"), r.StatusCode, status, r.text)
	}
	return r
}

func (r reply) status() string { return http.StatusText(r.StatusCode) }

// problem fails the test unless the answer is a problem of the status and the name.
func (r reply) problem(t testing.TB, status int, name string) reply {
	t.Helper()
	if r.StatusCode != status || r.body["type"] != "urn:genbo:problem:"+name || r.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("got %d, %s, %s; want the problem %s with %d", r.StatusCode, r.Header.Get("Content-Type"), r.text, name, status)
	}
	if title, _ := r.body["title"].(string); title == "" || title == name {
		t.Errorf("the problem %s has no title", name)
	}
	return r
}

// at reads what stands at a path of names and indexes in a body.
func (r reply) at(path ...any) any {
	var v any = r.body
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[step]
		case int:
			list, _ := v.([]any)
			if step >= len(list) {
				return nil
			}
			v = list[step]
		}
	}
	return v
}

type object = map[string]any

// The story of a script: sign in, search, open, change, and ask as of before.
func TestStory(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		refs := housetest.Enter(t, h, 4)
		s := serve(t, h)
		link, err := h.Directory.Link(context.Background(), journal.System("test"), "clerk1", time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		nobody := caller{server: s}
		signed := nobody.post("/session", object{"link": link}).want(t, http.StatusCreated)
		nobody.post("/session", object{"link": link}).problem(t, http.StatusUnauthorized, "sign-in")
		clerk := caller{s, signed.at("token").(string)}

		found := clerk.post("/people/search", object{"q": "シケンアアアエ S25.3.4"}).want(t, http.StatusOK)
		if found.at("people", 0, "person") != string(refs[3]) || found.at("people", 0, "name") != "試＊ ア＊　シ＊ ア＊" {
			t.Fatalf("found %s", found.text)
		}
		same := clerk.post("/people/search", object{"kana": "シケンアアアエ", "birth": "1950-03-04"}).want(t, http.StatusOK)
		if same.text != found.text {
			t.Errorf("by fields found %s, want as by q", same.text)
		}
		path := "/people/" + string(refs[3])
		opened := clerk.get(path+"?purpose=inquiry").want(t, http.StatusOK)
		if opened.at("holds", "kana") != "シケン　アアアエ" || opened.at("holds", "birth") != "1950-03-04" ||
			opened.at("numbers", 0, "number") != "1100-000003" || !strings.Contains(opened.text, `"looks":[`) ||
			strings.Count(opened.text, opened.at("entry").(string)) != 2 {
			t.Errorf("opened %s", opened.text)
		}
		if opened.at("holds", "bank") != nil {
			t.Error("an inquiry shows the bank account")
		}
		byNumber := clerk.post("/people/open", object{"number": "1100-000003", "purpose": "inquiry"}).want(t, http.StatusOK)
		if byNumber.at("person") != opened.at("person") || byNumber.at("entry") == opened.at("entry") {
			t.Errorf("opened by number %s", byNumber.text)
		}
		moved := clerk.post("/people/"+string(refs[2])+"/office", object{"office": "０２０２", "valid_from": "令和8年4月1日", "reason": "moved"}).want(t, http.StatusOK)
		if moved.at("state") != "done" {
			t.Errorf("moved to another office: %s", moved.text)
		}
		clerk.post("/people/open", object{"number": "1100-999999", "purpose": "inquiry"}).problem(t, http.StatusNotFound, "not-found")
		changed := clerk.post(path+"/facts", object{"kind": "address", "value": object{"postal": "5300001", "address": "大阪府大阪市北区梅田一丁目"},
			"valid_from": "令和8年4月1日", "evidence": "resident-register", "reason": "reported at the counter"}).want(t, http.StatusOK)
		if changed.at("state") != "done" || changed.at("entry") == nil || changed.Header.Get("Location") != api.Prefix+path {
			t.Errorf("changed: %s", changed.text)
		}
		for day, postal := range map[string]string{"2026-03-31": "100-0013", "2026-04-01": "530-0001"} {
			if got := clerk.get(path+"?purpose=change&day="+day).at("holds", "postal"); got != postal {
				t.Errorf("on %s the postal code is %v, want %s", day, got, postal)
			}
		}
		if got := clerk.get(path+"?purpose=change&day=2026-04-01&known=2026-04-01").at("holds", "postal"); got != nil {
			t.Errorf("before anything was known the postal code is %v", got)
		}
		clerk.do("DELETE", api.Prefix+"/session", nil).want(t, http.StatusNoContent)
		clerk.get(path+"?purpose=inquiry").problem(t, http.StatusUnauthorized, "sign-in")
		if s.log.Len() > 0 {
			t.Errorf("logged: %s", s.log)
		}
	})
}
