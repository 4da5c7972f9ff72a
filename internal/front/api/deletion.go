package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"genbo/internal/record/approval"
	"genbo/internal/record/finding"
)

// deletionAsked is what an agent asks to delete: counts and a digest, never a name.
type deletionAsked struct {
	Files  int64  `json:"files" minimum:"1"`
	Cases  int64  `json:"cases" minimum:"0"`
	Digest string `json:"digest" minLength:"64" maxLength:"64"`
	Reason string `json:"reason" minLength:"1" maxLength:"600"`
}

// deletionID names a request.
type deletionID struct {
	ID string `json:"id"`
}

// deletionState is how far a request has come, with what it was, for the agent to compare.
type deletionState struct {
	ID     string         `json:"id"`
	State  approval.State `json:"state" enum:"waiting,done,rejected,withdrawn,expired"`
	Files  int64          `json:"files"`
	Cases  int64          `json:"cases"`
	Digest string         `json:"digest"`
}

func (a *Handler) askDeletions(id, method, path string) {
	huma.Register(a.huma, a.ofDevice(id, method, path), func(ctx context.Context, in *struct{ Body deletionAsked }) (*answer[deletionID], error) {
		d := finding.Deletion{Device: deviceOf(ctx), Files: in.Body.Files, Cases: in.Body.Cases, Digest: in.Body.Digest}
		request, err := a.Findings.AskDeletion(ctx, d, in.Body.Reason)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return &answer[deletionID]{deletionID{request}}, nil
	})
}

func (a *Handler) deletions(id, method, path string) {
	huma.Register(a.huma, a.ofDevice(id, method, path), func(ctx context.Context, in *struct {
		ID string `path:"id" maxLength:"40"`
	}) (*answer[deletionState], error) {
		d, state, err := a.Findings.Decision(ctx, deviceOf(ctx), in.ID)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return &answer[deletionState]{deletionState{in.ID, state, d.Files, d.Cases, d.Digest}}, nil
	})
}
