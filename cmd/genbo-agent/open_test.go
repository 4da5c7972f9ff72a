package main

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"genbo"
	"genbo/internal/front/page"
	"genbo/internal/front/server"
	"genbo/internal/record/approval"
	"genbo/internal/record/extract"
	"genbo/internal/record/journal"
	"genbo/internal/record/person"
	"genbo/internal/record/staff"
	"genbo/internal/work/desk"
	"genbo/internal/work/handover"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
)

// office is a core that serves, with a sealed file of its people.
type office struct {
	*house.House
	t      *testing.T
	server *server.Server
	stop   func()
	file   string
	list   string
}

func (o *office) identity(id genbo.StaffID) staff.Identity {
	o.t.Helper()
	link, err := o.Directory.Link(o.t.Context(), journal.System("test"), id, time.Minute)
	if err != nil {
		o.t.Fatal(err)
	}
	session, err := o.Directory.SignInByLink(o.t.Context(), link, server.LoopbackDevice)
	if err != nil {
		o.t.Fatal(err)
	}
	i, err := o.Directory.Authenticate(o.t.Context(), session, server.LoopbackDevice)
	if err != nil {
		o.t.Fatal(err)
	}
	return i
}

func openOffice(t *testing.T) *office {
	t.Helper()
	h := housetest.New(t, house.Options{})
	housetest.Enter(t, h, 60)
	s, err := server.Loopback(h, server.Options{Listen: "127.0.0.1:0", Site: page.Site{}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx) }()
	o := &office{House: h, t: t, server: s}
	o.stop = func() { stop(); <-done; done <- nil }
	t.Cleanup(o.stop)
	o.seal()
	return o
}

// seal asks for a sealed file, has it approved, and fetches it.
func (o *office) seal() {
	o.t.Helper()
	ctx := o.t.Context()
	clerk := o.identity("clerk1")
	id, err := o.Handover.Ask(ctx, desk.Visit{Identity: clerk, Reason: "June notices"}, handover.Wish{Purpose: "overdue-notice",
		Selection: person.Selection{Office: "0101"}, Fields: genbo.FieldNumber | genbo.FieldName, Form: extract.Sealed, Days: 3}, func(int, int) {})
	if err != nil {
		o.t.Fatal(err)
	}
	e, _, err := o.Handover.Get(ctx, clerk, id)
	if err != nil {
		o.t.Fatal(err)
	}
	r, err := o.Desk.Request(ctx, clerk, e.Approval)
	if err != nil {
		o.t.Fatal(err)
	}
	if _, err := o.Desk.Vote(ctx, desk.Visit{Identity: o.identity("approver1")}, r.ID, r.Hash, approval.Approve); err != nil {
		o.t.Fatal(err)
	}
	file, err := o.Handover.Release(ctx, desk.Visit{Identity: clerk}, id)
	if err != nil {
		o.t.Fatal(err)
	}
	var b bytes.Buffer
	if err := file.Write(&b); err != nil {
		o.t.Fatal(err)
	}
	o.list, o.file = id, filepath.Join(o.t.TempDir(), "list.genbo")
	if err := os.WriteFile(o.file, b.Bytes(), 0o600); err != nil {
		o.t.Fatal(err)
	}
}

// session is the agent showing a file, and a browser.
type session struct {
	t       *testing.T
	address *url.URL // of the console's page
	ended   chan error
	browser *http.Client
}

func (o *office) start() *session {
	o.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		o.t.Fatal(err)
	}
	s := &session{t: o.t, ended: make(chan error, 1), browser: &http.Client{Jar: jar, Timeout: 10 * time.Second}}
	shown := make(chan string, 1)
	ctx, stop := context.WithCancel(context.Background())
	o.t.Cleanup(stop)
	go func() {
		s.ended <- open(ctx, o.file, core{address: o.server.Origin}, io.Discard, func(address string) error { shown <- address; return nil })
	}()
	select {
	case text := <-shown:
		if s.address, err = url.Parse(text); err != nil {
			o.t.Fatal(err)
		}
	case err := <-s.ended:
		o.t.Fatal(err)
	}
	return s
}

// confirm is what the console does when its user confirms: it returns the address that it leads to.
func (o *office) confirm(s *session) string {
	o.t.Helper()
	q := s.address.Query()
	code, err := o.Handover.Confirm(o.t.Context(), o.identity("clerk1"), q.Get("extract"), q.Get("seal"), q.Get("challenge"))
	if err != nil {
		o.t.Fatal(err)
	}
	return s.base() + "/opened?" + url.Values{"state": {q.Get("state")}, "code": {code}}.Encode()
}

func (s *session) base() string { return "http://127.0.0.1:" + s.address.Query().Get("port") }

func (s *session) get(client *http.Client, address string) (int, string) {
	s.t.Helper()
	answer, err := client.Get(address)
	if err != nil {
		return 0, ""
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

func TestOpen(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	o := openOffice(t)
	s := o.start()
	if status, text := s.get(s.browser, s.base()+"/"); status != http.StatusForbidden || strings.Contains(text, "試験") {
		t.Errorf("before it was confirmed: %d", status)
	}
	way := o.confirm(s)
	status, text := s.get(s.browser, way)
	if status != http.StatusOK || strings.Count(text, "試験") < 49 || strings.Count(text, "1100-0000") < 49 || !strings.Contains(text, "Clerk One") {
		t.Fatalf("the file is not shown: %d\n%s", status, text)
	}
	answer, err := s.browser.PostForm(s.base()+"/", url.Values{"q": {"1100-000055"}})
	if err != nil {
		t.Fatal(err)
	}
	found, err := io.ReadAll(answer.Body)
	if err != nil || !strings.Contains(string(found), "1100-000055") || strings.Contains(string(found), "1100-000000") {
		t.Errorf("the search does not find the row: %v", err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Fatal(err)
	}
	s.attack(way)
	answer, err = s.browser.PostForm(s.base()+"/close", nil)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("closing: %v", err)
	}
	if status, text := s.get(s.browser, s.base()+"/"); status == http.StatusOK || strings.Contains(text, "試験") {
		t.Errorf("after it was closed: %d", status)
	}
	if err := <-s.ended; err != nil {
		t.Errorf("the agent ends with %v", err)
	}
	for _, dir := range []string{os.Getenv("TMPDIR"), os.Getenv("HOME")} {
		noNames(t, dir)
	}
}

// attack is what others on the same computer, and pages of other sites, try while a file is open.
func (s *session) attack(way string) {
	s.t.Helper()
	other := &http.Client{Timeout: 10 * time.Second}
	for what, address := range map[string]string{"another browser": s.base() + "/", "the way back again": way} {
		if status, text := s.get(other, address); status != http.StatusForbidden || strings.Contains(text, "試験") {
			s.t.Errorf("%s: %d", what, status)
		}
	}
	r, err := http.NewRequest(http.MethodGet, s.base()+"/", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Host = "evil.example"
	if answer, err := s.browser.Do(r); err != nil || answer.StatusCode != http.StatusMisdirectedRequest {
		s.t.Errorf("a name that leads here: %v", err)
	}
	r, err = http.NewRequest(http.MethodPost, s.base()+"/close", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Origin", "https://evil.example")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if answer, err := s.browser.Do(r); err != nil || answer.StatusCode != http.StatusForbidden {
		s.t.Errorf("a form of another site: %v", err)
	}
}

// noNames checks that no file under a directory has names in it.
func noNames(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || strings.HasSuffix(path, ".genbo") {
			return err
		}
		text, err := os.ReadFile(path)
		if bytes.Contains(text, []byte("試験")) {
			t.Errorf("%s has names in plain", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOpenFailsClosed(t *testing.T) {
	for what, spoil := range map[string]func(o *office, s *session) string{
		"another state": func(o *office, s *session) string { return strings.Replace(o.confirm(s), "state=", "state=x", 1) },
		"a wrong code":  func(o *office, s *session) string { return o.confirm(s) + "x" },
		"the core is down": func(o *office, s *session) string {
			way := o.confirm(s)
			o.stop()
			return way
		},
		"revoked meanwhile": func(o *office, s *session) string {
			way := o.confirm(s)
			v := desk.Visit{Identity: o.identity("security1"), Reason: "test"}
			if err := o.Handover.Revoke(context.Background(), v, o.list); err != nil {
				o.t.Fatal(err)
			}
			return way
		},
		"the file was altered": func(o *office, s *session) string {
			content, err := os.ReadFile(o.file)
			if err != nil {
				o.t.Fatal(err)
			}
			content[len(content)-100] ^= 1
			if err := os.WriteFile(o.file, content, 0o600); err != nil {
				o.t.Fatal(err)
			}
			return o.confirm(s)
		},
	} {
		t.Run(what, func(t *testing.T) {
			o := openOffice(t)
			s := o.start()
			status, text := s.get(s.browser, spoil(o, s))
			if status == http.StatusOK || strings.Contains(text, "試験") {
				t.Errorf("the file is shown: %d", status)
			}
		})
	}
}

func TestOpenRefusesWhatIsNoSealedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(path, []byte("a,b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"open", path, "--core", "http://localhost:1", "--no-browser"}, {"open", path, "--core", "http://genbo.example"},
		{"open", path, "--core", "https://genbo.example"}, {"open", path}, {"inspect", path}} {
		if err := run(t.Context(), args, io.Discard); err == nil {
			t.Errorf("genbo-agent %v: no error", args)
		}
	}
}
