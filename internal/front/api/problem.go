package api

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"genbo"
	"genbo/internal/front/page"
	"genbo/internal/record/finding"
)

// problem is why a call was not done (RFC 9457). It holds no personal data and nothing of the error itself.
type problem struct {
	Type      string  `json:"type"`
	Title     string  `json:"title"`
	Status    int     `json:"status"`
	Detail    string  `json:"detail"`
	Reference string  `json:"reference,omitempty"`
	Faults    []fault `json:"faults,omitempty" nullable:"false"`
}

// fault is one refusal of what was sent.
type fault struct {
	Field   string `json:"field,omitempty"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

const (
	problemType    = "application/problem+json"
	problemPrefix  = "urn:genbo:problem:"
	unauthenticate = `Bearer realm="genbo"`
)

func (p *problem) Error() string             { return p.Type }
func (p *problem) GetStatus() int            { return p.Status }
func (p *problem) ContentType(string) string { return problemType }

// GetHeaders says how to sign in where nobody is.
func (p *problem) GetHeaders() http.Header {
	if p.Status != http.StatusUnauthorized {
		return nil
	}
	return http.Header{"Www-Authenticate": {unauthenticate}}
}

// Codes of faults that only the API finds.
const (
	faultRequired = "api.required"
	faultUnknown  = "api.unknown"
	faultForm     = "api.form"
	faultEither   = "api.either"
)

// Kinds of problem that only the API has.
var (
	errUnreadable = errors.New("not JSON")
	errMediaType  = errors.New("not application/json")
	errTooLong    = errors.New("body too long")
	errSlow       = errors.New("body came too slowly")
	errKeyReused  = errors.New("idempotency key of another call")
	errKeyBusy    = errors.New("idempotency key of a call without an end")
)

// kinds is the one table from kinds of error to what a caller gets. The name ends the problem's type; message
// is the beginning of the keys of its title and text.
var kinds = []struct {
	is            error
	status        int
	name, message string
	logged        bool
}{
	{errUnreadable, http.StatusBadRequest, "unreadable", "api.unreadable", false},
	{errMediaType, http.StatusUnsupportedMediaType, "media-type", "api.mediatype", false},
	{errTooLong, http.StatusRequestEntityTooLarge, "too-long", "error.toolong", false},
	{errSlow, http.StatusRequestTimeout, "slow", "api.slow", false},
	{errKeyReused, http.StatusUnprocessableEntity, "key-reused", "api.keyreused", false},
	{errKeyBusy, http.StatusConflict, "key-busy", "api.keybusy", false},
	{genbo.ErrSignIn, http.StatusUnauthorized, "sign-in", "api.signin", false},
	{finding.ErrTooOften, http.StatusTooManyRequests, "too-often", "api.toooften", false},
	{genbo.ErrBudget, http.StatusTooManyRequests, "budget", "error.budget", false},
	{genbo.ErrForbidden, http.StatusForbidden, "forbidden", "error.forbidden", false},
	{genbo.ErrNotFound, http.StatusNotFound, "not-found", "api.notfound", false},
	{genbo.ErrConflict, http.StatusConflict, "conflict", "api.conflict", false},
	{genbo.ErrInvalid, http.StatusUnprocessableEntity, "invalid", "api.invalid", false},
	{genbo.ErrTampered, http.StatusInternalServerError, "tampered", "error.tampered", true},
	{genbo.ErrUnavailable, http.StatusServiceUnavailable, "unavailable", "api.unavailable", true},
	{context.Canceled, http.StatusServiceUnavailable, "unavailable", "api.unavailable", false}, // the caller has gone
	{context.DeadlineExceeded, http.StatusServiceUnavailable, "unavailable", "api.unavailable", true},
}

// problem says what err means for the caller. What the caller cannot mend gets a reference that the log has too.
func (a *Handler) problem(ctx context.Context, err error) *problem {
	status, name, message, logged := http.StatusInternalServerError, "internal", "api.internal", true
	for _, k := range kinds {
		if errors.Is(err, k.is) {
			status, name, message, logged = k.status, k.name, k.message, k.logged
			break
		}
	}
	c := callOf(ctx)
	say := func(key string, args ...any) string { return a.Messages.Say(c.lang, page.Say(key, args...)) }
	p := &problem{Type: problemPrefix + name, Title: say(message + ".title"), Status: status, Detail: say(message + ".text")}
	for _, f := range page.FaultsOf(err) {
		p.Faults = append(p.Faults, fault{f.Field, f.Code, say("fault."+f.Code, f.Args...)})
	}
	if logged {
		p.Reference = rand.Text()[:10]
		a.Log.LogAttrs(ctx, slog.LevelError, "call failed", slog.String("reference", p.Reference),
			slog.String("method", c.method), slog.String("path", c.path), slog.Any("error", err))
	}
	return p
}

// translate puts a problem in the place of the framework's own error, which repeats what was sent.
func (a *Handler) translate(ctx huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	var err error
	switch m.Status {
	case http.StatusBadRequest:
		err = errUnreadable
	case http.StatusUnsupportedMediaType:
		err = errMediaType
	case http.StatusRequestEntityTooLarge:
		err = errTooLong
	case http.StatusRequestTimeout:
		err = errSlow
	case http.StatusUnprocessableEntity:
		faults := make([]error, len(m.Errors))
		for i, d := range m.Errors {
			faults[i] = faultOf(d)
		}
		err = errors.Join(faults...)
	default:
		err = fmt.Errorf("the framework answered %d", m.Status)
	}
	return a.problem(ctx.Context(), err), nil
}

// faultOf reads what the framework found. Its sentences are English and may repeat values, so only the place
// is kept, without "body." or "query." before it.
func faultOf(d *huma.ErrorDetail) *genbo.Fault {
	_, field, _ := strings.Cut(d.Location, ".")
	var missing string
	if n, _ := fmt.Sscanf(d.Message, validation.MsgExpectedRequiredProperty, &missing); n == 1 {
		return genbo.NewFault(strings.TrimPrefix(field+"."+missing, "."), faultRequired)
	}
	switch {
	case strings.HasPrefix(d.Message, "required "):
		return genbo.NewFault(field, faultRequired)
	case d.Message == validation.MsgUnexpectedProperty || d.Message == "unknown query parameter":
		return genbo.NewFault(field, faultUnknown)
	}
	return genbo.NewFault(field, faultForm)
}
