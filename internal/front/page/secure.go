package page

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// Bounds of a request. A form of the console is far smaller and faster.
const (
	maxBody = 1 << 20
	maxTime = 30 * time.Second
)

// Bounds of a request that brings a file.
const (
	maxUpload  = 1 << 30
	UploadTime = 30 * time.Minute
)

// policy lets a page use only what this site serves, and lets no script make HTML out of text.
var policy = strings.Join([]string{
	"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'",
	"connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
	"require-trusted-types-for 'script'", "trusted-types 'none'",
}, "; ")

// headers go with every answer. A screen of the register must not stay on the disk of a PC (no-store), and
// its address must not reach another site (no-referrer).
var headers = map[string]string{
	"Content-Security-Policy":      policy,
	"Cache-Control":                "no-store",
	"Referrer-Policy":              "no-referrer",
	"X-Content-Type-Options":       "nosniff",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), " +
		"serial=(), usb=(), bluetooth=(), hid=(), midi=()",
}

// Secure wraps a handler: headers, bounds of size and time, no forms from other sites, and a panic becomes
// an error page. Uploads are the patterns of addresses that take a file.
func (r *Renderer) Secure(next http.Handler, uploads ...string) http.Handler {
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.Error(w, req, errForeign)
	}))
	next = origin.Handler(next)
	large := http.NewServeMux()
	for _, pattern := range uploads {
		large.Handle(pattern, next)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		h := w.Header()
		for k, v := range headers {
			h.Set(k, v)
		}
		if req.TLS != nil {
			h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
		}
		size, duration := int64(maxBody), maxTime
		if _, pattern := large.Handler(req); pattern != "" {
			size, duration = maxUpload, UploadTime
		}
		req.Body = http.MaxBytesReader(w, req.Body, size)
		ctx, cancel := context.WithTimeout(req.Context(), duration)
		defer cancel()
		defer r.recoverPanic(w, req)
		next.ServeHTTP(w, req.WithContext(ctx))
	})
}

// recoverPanic turns a panic into an error page. The log gets the place and, from the runtime, the reason; a
// value that somebody panicked with might hold personal data, so only its type is told.
func (r *Renderer) recoverPanic(w http.ResponseWriter, req *http.Request) {
	switch p := recover(); p {
	case nil:
	case http.ErrAbortHandler:
		panic(p)
	default:
		reason := fmt.Sprintf("%T", p)
		if e, ok := p.(runtime.Error); ok {
			reason = e.Error()
		}
		r.Error(w, req, fmt.Errorf("panic: %s\n%s", reason, debug.Stack()))
	}
}
