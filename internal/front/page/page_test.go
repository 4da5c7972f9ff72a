package page

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"genbo"
)

type testView struct {
	Frame
	Text string
}

// site serves one page at /, a form at /form, and a panic at /panic.
func site(t *testing.T, log *strings.Builder) http.Handler {
	t.Helper()
	r, err := New(Site{}, slog.New(slog.NewTextHandler(log, nil)), fstest.MapFS{
		"templates/one.html": {Data: []byte(`{{define "main"}}<h1>{{.Text}}</h1>{{end}}`)},
		"messages/x.ja.json": {Data: []byte(`{"notice.done": "済み", "title": "題"}`)},
		"messages/x.en.json": {Data: []byte(`{"notice.done": "Done", "title": "Title"}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, req *http.Request) {
		v := &testView{Text: `<script>alert(1)</script>`}
		v.Title = Say("title")
		r.Render(w, req, http.StatusOK, "one", v)
	})
	mux.HandleFunc("POST /form", func(w http.ResponseWriter, req *http.Request) {
		if _, err := fmt.Fprint(w, req.FormValue("x")); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("GET /panic", func(http.ResponseWriter, *http.Request) { panic("山田花子") })
	mux.HandleFunc("GET /error", func(w http.ResponseWriter, req *http.Request) {
		r.Error(w, req, fmt.Errorf("SELECT 山田花子: %w", errors.New("secret inside")))
	})
	mux.HandleFunc("POST /files/{id}", func(w http.ResponseWriter, req *http.Request) {
		n, err := io.Copy(io.Discard, req.Body)
		if err != nil {
			r.Error(w, req, err)
			return
		}
		if _, err := fmt.Fprint(w, n); err != nil {
			t.Error(err)
		}
	})
	return r.Secure(mux, "POST /files/{id}")
}

// TestUploads: only addresses that take files take more than a form's worth, and from no other site.
func TestUploads(t *testing.T) {
	var log strings.Builder
	h := site(t, &log)
	send := func(path, site string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", path, strings.NewReader(strings.Repeat("x", maxBody+1)))
		r.Header.Set("Sec-Fetch-Site", site)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	if w := send("/files/7", "same-origin"); w.Code != http.StatusOK || w.Body.String() != fmt.Sprint(maxBody+1) {
		t.Errorf("a file: %d %s", w.Code, w.Body)
	}
	if w := send("/files/7", "cross-site"); w.Code != http.StatusForbidden {
		t.Errorf("another site's file: %d", w.Code)
	}
	if w := send("/form", "same-origin"); strings.Contains(w.Body.String(), "xxx") {
		t.Errorf("a form of more than %d bytes is read", maxBody)
	}
}

func ask(h http.Handler, method, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader("x=1"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestSecure is about what a page elsewhere, open in the same browser, gets.
func TestSecure(t *testing.T) {
	var log strings.Builder
	h := site(t, &log)
	w := ask(h, "GET", "/", "Accept-Language", "en")
	if w.Code != http.StatusOK || strings.Contains(w.Body.String(), "<script>alert") {
		t.Errorf("a page: %d, and text became HTML:\n%s", w.Code, w.Body)
	}
	policy := w.Header().Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'self'", "require-trusted-types-for 'script'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy %q lacks %s", policy, want)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("the policy %q allows what is unsafe", policy)
	}
	for header, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"} {
		if got := w.Header().Get(header); got != want {
			t.Errorf("%s is %q, want %q", header, got, want)
		}
	}
	for name, headers := range map[string][]string{
		"another site's form":    {"Sec-Fetch-Site", "cross-site"},
		"a sub-domain's form":    {"Sec-Fetch-Site", "same-site"},
		"an older browser's":     {"Origin", "https://attacker.example"},
		"a sandboxed document's": {"Origin", "null"},
	} {
		if w := ask(h, "POST", "/form", headers...); w.Code != http.StatusForbidden {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	if w := ask(h, "POST", "/form", "Sec-Fetch-Site", "same-origin"); w.Code != http.StatusOK || w.Body.String() != "1" {
		t.Errorf("an own form: %d %s", w.Code, w.Body)
	}
}

// TestFailures: whatever fails, neither the page nor the log tells of people, and the reader gets a reference.
func TestFailures(t *testing.T) {
	for _, path := range []string{"/panic", "/error"} {
		var log strings.Builder
		w := ask(site(t, &log), "GET", path, "Accept-Language", "en")
		if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "Reference") {
			t.Errorf("%s: %d\n%s", path, w.Code, w.Body)
		}
		if strings.Contains(w.Body.String(), "secret inside") || strings.Contains(w.Body.String(), "山田花子") {
			t.Errorf("%s shows what is inside:\n%s", path, w.Body)
		}
		if path == "/panic" && strings.Contains(log.String(), "山田花子") {
			t.Errorf("the log tells what was panicked with:\n%s", log.String())
		}
	}
	for err, want := range map[error]int{
		genbo.ErrForbidden: 403, genbo.ErrNotFound: 404, genbo.ErrConflict: 409, genbo.NewFault("f", "text.empty"): 422,
		genbo.ErrBudget: 429, genbo.ErrTampered: 500, genbo.ErrUnavailable: 503,
	} {
		var log strings.Builder
		r, e := New(Site{}, slog.New(slog.NewTextHandler(&log, nil)), fstest.MapFS{})
		if e != nil {
			t.Fatal(e)
		}
		w := httptest.NewRecorder()
		r.Error(w, httptest.NewRequest("POST", "/", nil), fmt.Errorf("doing: %w", err))
		if w.Code != want {
			t.Errorf("%v: status %d, want %d", err, w.Code, want)
		}
	}
}

func TestLocalPath(t *testing.T) {
	for in, want := range map[string]string{
		"/people?x=1": "/people?x=1", "/": "/", "": "/", "people": "/", "//evil.example": "/", "/\\evil.example": "/", "https://evil.example": "/",
		"/\t/evil.example": "/", "javascript:alert(1)": "/", "/%2f/x": "/", "/a/b": "/a/b",
	} {
		if got := LocalPath(in); got != want {
			t.Errorf("LocalPath(%q) is %q, want %q", in, got, want)
		}
	}
}

func TestLanguage(t *testing.T) {
	for accept, want := range map[string]Lang{"": Japanese, "en-GB,en;q=0.8": English, "ja": Japanese, "fr": English, "de,en;q=0.5": English, "nonsense;;": Japanese} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Accept-Language", accept)
		if got := LangOf(r); got != want {
			t.Errorf("Accept-Language %q gives %s, want %s", accept, got, want)
		}
		r.AddCookie(&http.Cookie{Name: "lang", Value: "en"})
		if got := LangOf(r); got != English {
			t.Errorf("the reader chose English and gets %s", got)
		}
	}
	w := httptest.NewRecorder()
	SwitchLanguage(w, httptest.NewRequest("GET", "/lang?to=en&back=//evil.example", nil))
	if w.Header().Get("Location") != "/" {
		t.Errorf("the switch of languages leads to %s", w.Header().Get("Location"))
	}
}

// TestNotice carries a notice over a redirect, once, and believes no other cookie.
func TestNotice(t *testing.T) {
	var log strings.Builder
	h := site(t, &log)
	w := ask(h, "GET", "/", "Cookie", "notice=notice.done", "Accept-Language", "en")
	if !strings.Contains(w.Body.String(), "Done") || !strings.Contains(w.Header().Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("the notice: %s\n%s", w.Header().Get("Set-Cookie"), w.Body)
	}
	for _, forged := range []string{"title", "notice.nothing", "<script>"} {
		if w := ask(h, "GET", "/", "Cookie", "notice="+forged, "Accept-Language", "en"); strings.Contains(w.Body.String(), `class="notice`) {
			t.Errorf("the cookie %q became a notice", forged)
		}
	}
}
