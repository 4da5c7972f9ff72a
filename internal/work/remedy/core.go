package remedy

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"genbo"
)

// Core is where deletions are approved.
type Core struct {
	Address string       // https://genbo.example
	Client  *http.Client // with this device's certificate and a time limit
}

// Wish is what the core is asked to approve: counts and a digest, never a name.
type Wish struct {
	Files  int    `json:"files"`
	Cases  int    `json:"cases"`
	Digest string `json:"digest"` // SHA-256 in hexadecimal of the sorted digests of the files
}

// Decision is how far the core has come with a wish. Only the state done permits anything.
type Decision struct {
	ID    string `json:"id"`
	State string `json:"state"` // waiting, done, rejected, withdrawn, expired
	Wish
}

// Permits reports whether the files may be deleted.
func (d Decision) Permits() bool { return d.State == "done" }

const (
	deletions = "/api/v1/findings/deletions"
	maxAnswer = 64 << 10 // bytes
)

// ask asks for approval and gives the request's identifier. What waits already is not asked a second time.
func (c *Core) ask(ctx context.Context, w Wish, reason string) (id string, err error) {
	body, err := json.Marshal(struct {
		Wish
		Reason string `json:"reason"`
	}{w, reason})
	if err != nil {
		return "", err
	}
	var d Decision
	if err := c.call(ctx, http.MethodPost, deletions, bytes.NewReader(body), &d); err != nil {
		return "", err
	}
	if d.ID == "" {
		return "", fmt.Errorf("the core's answer names no request: %w", genbo.ErrUnavailable)
	}
	return d.ID, nil
}

// decision fetches how far a request has come.
func (c *Core) decision(ctx context.Context, id string) (d Decision, err error) {
	err = c.call(ctx, http.MethodGet, deletions+"/"+url.PathEscape(id), nil, &d)
	if err == nil && d.ID != id {
		err = fmt.Errorf("the core's answer is on another request: %w", genbo.ErrUnavailable)
	}
	return d, err
}

func (c *Core) call(ctx context.Context, method, path string, body io.Reader, answer any) error {
	r, err := http.NewRequestWithContext(ctx, method, c.Address+path, body)
	if err != nil {
		return err
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	got, err := c.Client.Do(r)
	if err != nil {
		return fmt.Errorf("the core cannot be reached: %w: %w", genbo.ErrUnavailable, err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(io.LimitReader(got.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("read the core's answer: %w: %w", genbo.ErrUnavailable, err)
	}
	switch {
	case got.StatusCode == http.StatusOK:
		if err := json.Unmarshal(text, answer); err != nil {
			return fmt.Errorf("the core's answer does not read: %w", genbo.ErrUnavailable)
		}
		return nil
	case got.StatusCode/100 == 4:
		var problem struct{ Title, Detail string }
		_ = json.Unmarshal(text, &problem) // what is no problem has no words
		return fmt.Errorf("the core refuses (%d %s %s): %w", got.StatusCode, problem.Title, problem.Detail, genbo.ErrForbidden)
	default:
		return fmt.Errorf("the core answers %d: %w", got.StatusCode, genbo.ErrUnavailable)
	}
}
