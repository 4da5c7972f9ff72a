package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"genbo"
	"genbo/internal/record/approval"
	"genbo/internal/record/staff"
)

// routes is every address of the API.
func (a *Handler) routes() {
	a.signIn("sign-in", http.MethodPost, "/session")
	a.signOut("sign-out", http.MethodDelete, "/session")
	a.unseals("unseal", http.MethodPost, "/openings")
	a.reports("report-findings", http.MethodPost, "/findings")
	a.askDeletions("ask-deletion", http.MethodPost, "/findings/deletions")
	a.deletions("deletion", http.MethodGet, "/findings/deletions/{id}")
	read(a, "purposes", http.MethodGet, "/purposes", a.purposes)

	read(a, "search", http.MethodPost, "/people/search", a.search)
	read(a, "open-number", http.MethodPost, "/people/open", a.openNumber)
	read(a, "open", http.MethodGet, "/people/{ref}", a.open)
	write(a, "register", "/people", http.StatusCreated, a.register)
	write(a, "change", "/people/{ref}/facts", http.StatusOK, a.change)
	a.mayWait("/people/{ref}/facts")
	write(a, "transfer", "/people/{ref}/office", http.StatusOK, a.transfer)
	write(a, "withdraw-fact", "/people/{ref}/facts/{kind}/{seq}/withdraw", http.StatusOK, a.withdrawFact)
	write(a, "reissue", "/people/{ref}/numbers/{seq}/reissue", http.StatusOK, a.reissue)
	write(a, "merge", "/people/{ref}/merge", http.StatusAccepted, a.merge)
	write(a, "split", "/people/{ref}/split", http.StatusAccepted, a.split)

	read(a, "approvals", http.MethodGet, "/approvals", a.approvals)
	read(a, "approval", http.MethodGet, "/approvals/{id}", a.approval)
	write(a, "vote", "/approvals/{id}/votes", http.StatusOK, a.vote)
	write(a, "withdraw-approval", "/approvals/{id}/withdraw", http.StatusOK, a.withdrawApproval)

	read(a, "journal", http.MethodGet, "/journal", a.journal)
	read(a, "verify", http.MethodPost, "/journal/verify", a.verify)
	read(a, "checkpoint", http.MethodGet, "/journal/checkpoint", a.checkpoint)
	read(a, "disclosures", http.MethodGet, "/disclosures", a.disclosures)
	read(a, "looks", http.MethodGet, "/people/{ref}/looks", a.looks)

	read(a, "selections", http.MethodGet, "/selections", a.selections)
	write(a, "save-selection", "/selections", http.StatusCreated, a.saveSelection)
	write(a, "forget-selection", "/selections/{id}/forget", http.StatusOK, a.forgetSelection)
	read(a, "lists", http.MethodGet, "/lists", a.lists)
	read(a, "list", http.MethodGet, "/lists/{id}", a.list)
	write(a, "ask-list", "/lists", http.StatusAccepted, a.askList)
	read(a, "list-rows", http.MethodGet, "/lists/{id}/rows", a.listRows)
	write(a, "work-row", "/lists/{id}/rows/{row}", http.StatusOK, a.workRow)
	write(a, "revoke-list", "/lists/{id}/revoke", http.StatusOK, a.revokeList)
	write(a, "attest-list", "/lists/{id}/attest", http.StatusOK, a.attestList)
	write(a, "cut-off", "/devices/{device}/cut", http.StatusOK, a.cutOff)

	read(a, "alarms", http.MethodGet, "/alarms", a.alarms)
	write(a, "acknowledge", "/alarms/{id}/acknowledge", http.StatusOK, a.acknowledge)
}

// operation describes an address. Its words are messages under its identifier.
func (a *Handler) operation(id, method, path string, status int) huma.Operation {
	problems := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[problem](), true, "")
	return huma.Operation{
		OperationID: id, Method: method, Path: Prefix + path, DefaultStatus: status, MaxBodyBytes: maxBody, BodyReadTimeout: maxTime,
		Summary: a.english("api.op." + id), Description: a.english("api.op." + id + ".text"),
		Security: []map[string][]string{{bearer: {}}}, Middlewares: huma.Middlewares{a.signedIn},
		Responses: map[string]*huma.Response{"default": {Description: a.english("api.problem"),
			Content: map[string]*huma.MediaType{problemType: {Schema: problems}}}},
	}
}

// ofDevice is an operation in which the certificate of a device stands for a session.
func (a *Handler) ofDevice(id, method, path string) huma.Operation {
	op := a.operation(id, method, path, http.StatusOK)
	op.Security = []map[string][]string{{}}
	op.Middlewares = huma.Middlewares{a.withDevice}
	return op
}

type answer[T any] struct{ Body T }

// read adds an address that changes nothing.
func read[I, T any](a *Handler, id, method, path string, do func(context.Context, staff.Identity, *I) (T, error)) {
	huma.Register(a.huma, a.operation(id, method, path, http.StatusOK), func(ctx context.Context, in *I) (*answer[T], error) {
		body, err := do(ctx, identityOf(ctx), in)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return &answer[T]{body}, nil
	})
}

// States of a write that are not those of an approval alone.
const (
	done    = string(approval.Done)
	waiting = string(approval.Waiting)
)

// written is the answer to a write. It holds no personal data, because it is kept for repeats of the call.
type written struct {
	State    string          `json:"state" enum:"done,waiting,rejected,withdrawn"`
	Entry    genbo.EntryID   `json:"entry,omitempty"`
	Person   genbo.PersonRef `json:"person,omitempty"`
	Approval string          `json:"approval,omitempty"`
	List     string          `json:"list,omitempty"`
	Saved    string          `json:"saved,omitempty"`
}

// proposed reports whether what was asked for is a change that waits for a second look.
func (w written) proposed() bool { return w.State == waiting && w.Entry != "" }

// location is the address of what a write made.
func (w written) location() string {
	switch {
	case w.List != "":
		return Prefix + "/lists/" + w.List
	case w.Approval != "":
		return Prefix + "/approvals/" + w.Approval
	case w.Person != "":
		return Prefix + "/people/" + string(w.Person)
	}
	return ""
}

type writtenAnswer struct {
	Status   int
	Location string `header:"Location"`
	Replayed string `header:"Idempotency-Replayed"`
	Body     written
}

// Keyed is the part of a write's input that makes it safe to send again.
type Keyed struct {
	Key string `header:"Idempotency-Key" json:"-" minLength:"16" maxLength:"128"`
}

func (k Keyed) key() string { return k.Key }

// keyed is the input of a write.
type keyed[I any] interface {
	*I
	key() string
}

// write adds an address that changes something, at most once for a key.
func write[I any, P keyed[I]](a *Handler, id, path string, status int, do func(context.Context, staff.Identity, *I) (written, error)) {
	huma.Register(a.huma, a.operation(id, http.MethodPost, path, status), func(ctx context.Context, in *I) (*writtenAnswer, error) {
		i := identityOf(ctx)
		body, replayed, err := a.once(ctx, i, P(in).key(), in, func(ctx context.Context) (written, error) { return do(ctx, i, in) })
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		out := &writtenAnswer{Status: status, Location: body.location(), Body: body}
		if body.proposed() {
			out.Status = http.StatusAccepted
		}
		if replayed {
			out.Replayed = "true"
		}
		return out, nil
	})
}

// mayWait describes that what is asked for at an address may have to wait for an approval: 202.
func (a *Handler) mayWait(path string) {
	answers := a.huma.OpenAPI().Paths[Prefix+path].Post.Responses
	answers["202"] = &huma.Response{Description: http.StatusText(http.StatusAccepted), Content: answers["200"].Content, Headers: answers["200"].Headers}
}
