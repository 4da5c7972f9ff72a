package server

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"genbo"
	"genbo/internal/front/page"
	"genbo/internal/record/journal"
	"genbo/internal/record/person"
	"genbo/internal/work/desk"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
)

// office is a register with some people that is served to a browser.
type office struct {
	*house.House
	server *Server
	people []genbo.PersonRef
	logged *locked
}

// log is what the server has logged so far.
func (o *office) log() string {
	o.logged.mu.Lock()
	defer o.logged.mu.Unlock()
	return o.logged.w.String()
}

func openOffice(t *testing.T) *office {
	t.Helper()
	return openOfficeWith(t, house.Options{})
}

func openOfficeWith(t *testing.T, options house.Options) *office {
	t.Helper()
	h := housetest.New(t, options)
	logged := &locked{w: &bytes.Buffer{}}
	s, err := Loopback(h, Options{Listen: "127.0.0.1:0", Site: page.Site{Build: "test", Demo: true}, Log: slog.New(slog.NewTextHandler(logged, nil))})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	o := &office{House: h, server: s, people: housetest.Enter(t, h, 6), logged: logged}
	o.live(t)
	return o
}

type locked struct {
	mu sync.Mutex
	w  *bytes.Buffer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

// live makes things to see: a change, one that waits, a merge that waits, an alarm.
func (o *office) live(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	v := desk.Visit{Identity: housetest.SignIn(t, o.House, "clerk1"), Purpose: "change", Reason: "転居届"}
	for _, c := range []person.Change{
		{Value: person.Address{Postal: "530-0001", Text: "大阪府大阪市北区梅田一丁目"}, ValidFrom: 20200401, Evidence: "resident-register"},
		{Value: person.Phone("06-0000-4321"), ValidFrom: 20200401, Evidence: "knowledge"},
		{Value: person.Bank("9999-001-1-1234567"), ValidFrom: 20200401, Evidence: "bank-certificate"},
	} {
		if _, err := o.Desk.Change(ctx, v, o.people[0], c); err != nil {
			t.Fatal(err)
		}
	}
	v.Reason = "窓口で同一人と確認"
	if _, err := o.Desk.AskMerge(ctx, v, o.people[2], o.people[1]); err != nil {
		t.Fatal(err)
	}
}

// browser is a tab of Chromium.
type browser struct {
	t      *testing.T
	ctx    context.Context
	origin string
	mu     sync.Mutex
	noise  []string // what the page complained about
}

// chromium finds the browser, or ends the test: in a full run it must be there.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("GENBO_TEST_CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if name == "" {
			continue
		}
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("GENBO_TEST_ALL") != "" {
		t.Fatal("there is no Chromium for the browser tests: ./check install")
	}
	t.Skip("left out: there is no Chromium (./check install)")
	return ""
}

func openBrowser(t *testing.T, o *office) *browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)), chromedp.NoSandbox, chromedp.WindowSize(1280, 900),
		chromedp.UserDataDir(t.TempDir()))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	b := &browser{t: t, ctx: ctx, origin: o.server.Origin}
	err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			b.complain("exception: " + e.ExceptionDetails.Text)
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
				b.complain(string(e.Entry.Source) + ": " + e.Entry.Text)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *browser) complain(what string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.noise = append(b.noise, what)
}

// patience is how long one step may take.
const patience = 20 * time.Second

// get runs an action and ends the test where it fails.
func get[T any](b *browser, what string, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		b.t.Fatalf("%s: %v\n%s", what, err, b.page())
	}
	return value
}

// page is what the tab shows, for the report of a failure.
func (b *browser) page() string {
	ctx, cancel := context.WithTimeout(b.ctx, time.Second)
	defer cancel()
	at, _ := chromedp.Run(ctx, chromedp.Location())
	text, _ := chromedp.Run(ctx, chromedp.Text(chromedp.CSS("body")))
	return at + "\n" + text
}

func (b *browser) open(path string) {
	b.t.Helper()
	get(b, "open "+path, chromedp.Navigate(b.origin+path))
}

// press activates a control and waits for the page that it leads to.
func (b *browser) press(selector string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(selector))); err != nil {
		b.t.Fatalf("press %s: %v\n%s", selector, err, b.page())
	}
}

func (b *browser) fill(name, text string) {
	b.t.Helper()
	get(b, "fill "+name, chromedp.SetValue(chromedp.CSS(`[name="`+name+`"]`), text))
}

// choose picks a radio button or checkbox.
func (b *browser) choose(name, value string) {
	b.t.Helper()
	get(b, "choose "+name, chromedp.Click(chromedp.CSS(`[name="`+name+`"][value="`+value+`"]`)))
}

func (b *browser) text(selector string) string {
	b.t.Helper()
	return get(b, "read "+selector, chromedp.Text(chromedp.CSS(selector)))
}

func (b *browser) has(words ...string) {
	b.t.Helper()
	text := b.text("main")
	for _, w := range words {
		if !strings.Contains(text, w) {
			b.t.Fatalf("the page does not say %q:\n%s", w, text)
		}
	}
}

// signIn signs a member of staff in by a link.
func (b *browser) signIn(o *office, id genbo.StaffID) {
	b.t.Helper()
	link, err := o.Directory.Link(context.Background(), journal.System("test"), id, time.Minute)
	if err != nil {
		b.t.Fatal(err)
	}
	b.open("/lang?to=ja&back=/signin/link/" + link)
	b.press("main button")
	b.has("ホーム")
}

// shot keeps a picture of the whole page where GENBO_SCREENSHOTS names a directory.
func (b *browser) shot(name string) {
	b.t.Helper()
	dir := os.Getenv("GENBO_SCREENSHOTS")
	if dir == "" {
		return
	}
	png := get(b, "picture", chromedp.FullScreenshot(100))
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

func (b *browser) withoutJavaScript() {
	b.t.Helper()
	get(b, "switch scripts off", func(ctx context.Context, t *chromedp.Target) (cdp.Empty, error) {
		return cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	})
}
