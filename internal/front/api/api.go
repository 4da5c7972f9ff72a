package api

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/vault"
	"genbo/internal/front/page"
	"genbo/internal/record/access"
	"genbo/internal/record/finding"
	"genbo/internal/record/journal"
	"genbo/internal/record/staff"
	"genbo/internal/work/desk"
	"genbo/internal/work/handover"
)

//go:embed messages templates static
var files embed.FS

// Prefix is where the API lies. Every address of the handler begins with it.
const Prefix = "/api/v1"

// Version is that of the API's description.
const Version = "1.0.0"

// Bounds of a call.
const (
	maxBody = 1 << 20
	maxTime = 30 * time.Second
)

// Parts are what the API speaks for.
type Parts struct {
	DB        *db.DB
	Vault     *vault.Vault // fingerprints of repeated calls
	Desk      *desk.Desk
	Handover  *handover.Handover
	Journal   *journal.Journal
	Directory *staff.Directory
	Findings  *finding.Store
	Purposes  []access.Purpose
	Witness   string // the journal's public key
	Device    func(*http.Request) genbo.DeviceID
	Messages  page.Messages // those of the pages; the API adds its own
	Log       *slog.Logger
}

// Handler answers calls of the API. It is safe for concurrent use.
type Handler struct {
	Parts
	huma huma.API
	mux  *http.ServeMux
}

// New returns the API. Its handler takes whole paths, [Prefix] included.
func New(parts Parts) (*Handler, error) {
	own, err := page.LoadMessages(files)
	if err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	all := page.Messages{}
	for _, lang := range page.Langs {
		all[lang] = maps.Clone(own[lang])
		maps.Copy(all[lang], parts.Messages[lang])
	}
	parts.Messages = all
	a := &Handler{Parts: parts, mux: http.NewServeMux()}
	a.huma = humago.New(a.mux, a.config())
	a.routes()
	if err := errors.Join(a.describe(), a.serveDocs()); err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	a.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { a.fail(w, r, genbo.ErrNotFound) })
	return a, nil
}

// config is what the description begins with. The framework's own pages are off: they load scripts from
// other sites.
func (a *Handler) config() huma.Config {
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info:    &huma.Info{Title: a.english("api.title"), Version: Version, Description: a.english("api.text")},
			Components: &huma.Components{Schemas: registry, SecuritySchemes: map[string]*huma.SecurityScheme{
				bearer: {Type: "http", Scheme: "bearer", Description: a.english("api.bearer")}}},
		},
		Formats:                      map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
		Transformers:                 []huma.Transformer{a.translate},
	}
}

func (a *Handler) english(key string) string { return a.Messages.Say(page.English, page.Say(key)) }

// headers go with every answer: nothing of it is kept, framed or taken for anything but what it says it is.
var headers = map[string]string{
	"Cache-Control":                "no-store",
	"Content-Security-Policy":      "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Referrer-Policy":              "no-referrer",
	"Vary":                         "Accept-Language, Authorization",
	"X-Content-Type-Options":       "nosniff",
}

// ServeHTTP answers a call.
func (a *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	lang := page.LangOf(r)
	for name, value := range headers {
		w.Header().Set(name, value)
	}
	w.Header().Set("Content-Language", string(lang))
	ctx, cancel := context.WithTimeout(withCall(r.Context(), call{lang, r.Method, r.URL.Path}), maxTime)
	defer cancel()
	r = r.WithContext(ctx)
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			panic(p)
		default: // a value that somebody panicked with might hold personal data: only its type is told
			a.fail(w, r, fmt.Errorf("panic: %T\n%s", p, debug.Stack()))
		}
	}()
	a.mux.ServeHTTP(w, r)
}

// Route is the pattern that a call falls under: it says what is done, and to whom not.
func (a *Handler) Route(r *http.Request) string {
	_, pattern := a.mux.Handler(r)
	return pattern
}

// fail answers with a problem where the framework does not.
func (a *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := a.problem(r.Context(), err)
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	if err := json.NewEncoder(w).Encode(p); err != nil && !errors.Is(err, context.Canceled) {
		a.Log.LogAttrs(r.Context(), slog.LevelWarn, "answer could not be written", slog.Any("error", err))
	}
}
