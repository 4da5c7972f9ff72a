package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"genbo"
	"genbo/internal/record/staff"
)

// link is what signs in.
type link struct {
	Link string `json:"link" minLength:"1" maxLength:"200"`
}

type session struct {
	Token     string         `json:"token"`
	ExpiresAt time.Time      `json:"expires_at"`
	Staff     genbo.StaffID  `json:"staff"`
	Office    genbo.OfficeID `json:"office"`
	Roles     []staff.Role   `json:"roles" nullable:"false"`
}

// signIn exchanges a one-time link for a session. It takes no idempotency key: a link works once, and the
// session's secret is kept nowhere.
func (a *Handler) signIn(id, method, path string) {
	op := a.ofDevice(id, method, path)
	op.DefaultStatus = http.StatusCreated
	huma.Register(a.huma, op, func(ctx context.Context, in *struct{ Body link }) (*answer[session], error) {
		device := deviceOf(ctx)
		token, err := a.Directory.SignInByLink(ctx, in.Body.Link, device)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		i, err := a.Directory.Authenticate(ctx, token, device)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return &answer[session]{session{token, i.Expires, i.Member.ID, i.Member.Office, i.Member.Roles}}, nil
	})
}

func (a *Handler) signOut(id, method, path string) {
	huma.Register(a.huma, a.operation(id, method, path, http.StatusNoContent), func(ctx context.Context, _ *struct{}) (*struct{}, error) {
		if err := a.Directory.SignOut(ctx, identityOf(ctx)); err != nil {
			return nil, a.problem(ctx, err)
		}
		return nil, nil
	})
}

type purpose struct {
	Code   string `json:"code"`
	Ja     string `json:"ja"`
	En     string `json:"en"`
	Fields string `json:"fields"`
}

type purposes struct {
	Purposes []purpose `json:"purposes" nullable:"false"`
}

// purposes lists why somebody may look at people, and what each purpose shows.
func (a *Handler) purposes(context.Context, staff.Identity, *struct{}) (purposes, error) {
	list := make([]purpose, len(a.Purposes))
	for n, p := range a.Purposes {
		list[n] = purpose{p.Code, p.Ja, p.En, p.Fields.String()}
	}
	return purposes{list}, nil
}
