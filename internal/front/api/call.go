package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"genbo"
	"genbo/internal/front/page"
	"genbo/internal/record/staff"
)

// bearer names the way of saying who calls, in the description.
const bearer = "bearer"

// call is what an answer needs to know of its request.
type call struct {
	lang         page.Lang
	method, path string
}

type (
	callKey     struct{}
	identityKey struct{}
	deviceKey   struct{} // of a call that nobody is signed in for
)

func withCall(ctx context.Context, c call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

func callOf(ctx context.Context) call {
	c, _ := ctx.Value(callKey{}).(call)
	return c
}

func identityOf(ctx context.Context) staff.Identity {
	i, _ := ctx.Value(identityKey{}).(staff.Identity)
	return i
}

// deviceOf is the device whose certificate a call of [Handler.ofDevice] showed.
func deviceOf(ctx context.Context) genbo.DeviceID {
	device, _ := ctx.Value(deviceKey{}).(genbo.DeviceID)
	return device
}

func (a *Handler) withDevice(ctx huma.Context, next func(huma.Context)) {
	r, _ := humago.Unwrap(ctx)
	next(huma.WithValue(ctx, deviceKey{}, a.Device(r)))
}

// signedIn lets a call pass whose bearer is signed in. A cookie does not count: browsers send cookies with
// what pages of other sites make them ask for.
func (a *Handler) signedIn(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	i, err := a.Directory.Authenticate(ctx.Context(), secretOf(r), a.Device(r))
	if err != nil {
		a.fail(w, r, err)
		return
	}
	next(huma.WithValue(ctx, identityKey{}, i))
}

func secretOf(r *http.Request) string {
	scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, bearer) {
		return ""
	}
	return strings.TrimSpace(secret)
}
