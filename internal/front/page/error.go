package page

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"net/url"

	"genbo"
)

// errForeign is a form sent by a page of another site.
var errForeign = errors.New("sent by another site")

// kinds is the one table from kinds of error to what a browser gets.
var kinds = []struct {
	is     error
	status int
	key    string
	logged bool
}{
	{errForeign, http.StatusForbidden, "error.foreign", true},
	{genbo.ErrSignIn, http.StatusUnauthorized, "error.signin", false},
	{genbo.ErrBudget, http.StatusTooManyRequests, "error.budget", false},
	{genbo.ErrForbidden, http.StatusForbidden, "error.forbidden", false},
	{genbo.ErrNotFound, http.StatusNotFound, "error.notfound", false},
	{genbo.ErrConflict, http.StatusConflict, "error.conflict", false},
	{genbo.ErrInvalid, http.StatusUnprocessableEntity, "error.invalid", false},
	{genbo.ErrTampered, http.StatusInternalServerError, "error.tampered", true},
	{genbo.ErrUnavailable, http.StatusServiceUnavailable, "error.unavailable", true},
	{context.Canceled, http.StatusServiceUnavailable, "error.unavailable", false}, // the browser has gone
	{context.DeadlineExceeded, http.StatusServiceUnavailable, "error.unavailable", true},
}

// errorView is the page that says what went wrong.
type errorView struct {
	Frame
	Key       string // of the message, without ".title" and ".text"
	Faults    Faults
	Reference string
	SignIn    string
}

// Error answers with what err means for the reader: the status and the sentence of its kind. An error that
// the reader cannot mend gets a reference that the log holds too; nothing else of err is shown.
func (r *Renderer) Error(w http.ResponseWriter, req *http.Request, err error) {
	status, key, logged := http.StatusInternalServerError, "error.internal", true
	for _, k := range kinds {
		if errors.Is(err, k.is) {
			status, key, logged = k.status, k.key, k.logged
			break
		}
	}
	if tooLong := new(http.MaxBytesError); errors.As(err, &tooLong) {
		status, key, logged = http.StatusRequestEntityTooLarge, "error.toolong", false
	}
	signIn := "/signin"
	if key == "error.signin" && (req.Method == http.MethodGet || req.Method == http.MethodHead) {
		if back := req.URL.RequestURI(); back != "/" {
			signIn += "?" + url.Values{"back": {back}}.Encode()
		}
		http.Redirect(w, req, signIn, http.StatusSeeOther)
		return
	}
	view := &errorView{Key: key, Faults: FaultsOf(err), SignIn: signIn}
	view.Title = Say(key + ".title")
	if logged {
		view.Reference = rand.Text()[:10]
		r.log.LogAttrs(req.Context(), slog.LevelError, "page failed", slog.String("reference", view.Reference),
			slog.String("method", req.Method), slog.String("path", req.URL.Path), slog.Any("error", err))
	}
	if err := r.write(w, req, status, "error", view); err != nil {
		r.log.LogAttrs(req.Context(), slog.LevelError, "error page failed", slog.Any("error", err))
		http.Error(w, http.StatusText(status), status)
	}
}
