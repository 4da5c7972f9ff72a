package viewer

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"embed"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"genbo"
	"genbo/internal/base/sealed"
	"genbo/internal/front/page"
)

//go:embed templates messages
var files embed.FS

// Shown is a file as opened, and for whom.
type Shown struct {
	View      *sealed.View
	Name      string
	Device    genbo.DeviceID
	At        time.Time
	ExpiresAt time.Time
}

// idle is how long the viewer waits without use.
const idle = 20 * time.Minute

// Viewer shows one file. It is safe for concurrent use.
type Viewer struct {
	host    string
	state   string
	open    func(ctx context.Context, code string) (Shown, error)
	pages   *page.Renderer
	handler http.Handler
	done    chan struct{}

	mu     sync.Mutex
	shown  *Shown
	spent  bool // the way back from the console was used
	secret string
	end    *time.Timer
	closed bool
}

// New returns a viewer that answers on a host (127.0.0.1 with its port), once for a state. Open exchanges the
// console's code for the file.
func New(host, state string, open func(ctx context.Context, code string) (Shown, error)) (*Viewer, error) {
	v := &Viewer{host: host, state: state, open: open, done: make(chan struct{}), secret: rand.Text()}
	var err error
	if v.pages, err = page.New(page.Site{}, slog.New(slog.DiscardHandler), files); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /static/", v.pages.Static())
	mux.HandleFunc("GET /lang", page.SwitchLanguage)
	mux.HandleFunc("GET /opened", v.opened)
	mux.HandleFunc("GET /{$}", v.rows)
	mux.HandleFunc("POST /{$}", v.rows)
	mux.HandleFunc("POST /close", v.closeNow)
	v.handler = v.pages.Secure(mux)
	v.end = time.AfterFunc(idle, v.Close)
	return v, nil
}

// Done is closed when the viewer has ended.
func (v *Viewer) Done() <-chan struct{} { return v.done }

// Close ends the viewer: it forgets the file.
func (v *Viewer) Close() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.closed {
		v.closed, v.shown = true, nil
		v.end.Stop()
		close(v.done)
	}
}

// ServeHTTP answers a request to this host and no other name for it: no page of a site that lets its name
// lead here reads anything.
func (v *Viewer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Host != v.host {
		http.Error(w, "no such host", http.StatusMisdirectedRequest)
		return
	}
	v.handler.ServeHTTP(w, r)
}

const cookieName = "genbo-viewer"

// opened takes the browser that comes back from the console.
func (v *Viewer) opened(w http.ResponseWriter, r *http.Request) {
	v.mu.Lock()
	fits := !v.spent && !v.closed && subtle.ConstantTimeCompare([]byte(r.FormValue("state")), []byte(v.state)) == 1
	if fits {
		v.spent = true
	}
	v.mu.Unlock()
	if !fits {
		v.pages.Error(w, r, fmt.Errorf("the way back from the console works once: %w", genbo.ErrForbidden))
		return
	}
	shown, err := v.open(r.Context(), r.FormValue("code"))
	if err != nil {
		v.pages.Error(w, r, err)
		v.end.Reset(time.Second) // the page is answered first
		return
	}
	v.mu.Lock()
	v.shown = &shown
	v.mu.Unlock()
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: v.secret, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// entitled returns the file for the browser that opened it, and puts the end off.
func (v *Viewer) entitled(r *http.Request) (*Shown, error) {
	cookie, err := r.Cookie(cookieName)
	v.mu.Lock()
	defer v.mu.Unlock()
	if err != nil || v.shown == nil || subtle.ConstantTimeCompare([]byte(cookie.Value), []byte(v.secret)) != 1 {
		return nil, fmt.Errorf("the file was not opened in this browser: %w", genbo.ErrForbidden)
	}
	left := time.Until(v.shown.ExpiresAt)
	if left <= 0 {
		return nil, fmt.Errorf("the file has expired: %w", genbo.ErrForbidden)
	}
	v.end.Reset(min(idle, left))
	return v.shown, nil
}

func (v *Viewer) closeNow(w http.ResponseWriter, r *http.Request) {
	if _, err := v.entitled(r); err != nil {
		v.pages.Error(w, r, err)
		return
	}
	view := &closedView{}
	view.Title = page.Say("viewer.closed")
	v.pages.Render(w, r, http.StatusOK, "closed", view)
	v.mu.Lock()
	v.shown = nil
	v.mu.Unlock()
	v.end.Reset(time.Second)
}

type closedView struct{ page.Frame }
