package watch

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"genbo"
)

// Core is where findings are sent. Its Client carries the certificate by which the core knows this device.
type Core struct {
	Address string // https://genbo.example
	Client  *http.Client
	Jitter  func() float64 // a number of [0,1): not all devices of a country come back at once
}

// Answer is what the core says to findings.
type Answer struct {
	Received time.Time  `json:"received"`
	Due      *time.Time `json:"due,omitempty"` // when the office has to have acted
	Limit    int        `json:"limit"`         // unprotected cases that the rule allows
}

// refused is a status that would be the same the next time.
type refused struct {
	status int
	title  string
}

func (r *refused) Error() string {
	return fmt.Sprintf("the core refuses the findings: %d %s", r.status, r.title)
}

// The core is asked again after a time that doubles from shortest to longest.
const (
	shortest  = 5 * time.Second
	longest   = 15 * time.Minute
	maxAnswer = 64 << 10 // bytes
)

// post sends findings once.
func (c *Core) post(ctx context.Context, body []byte) (a Answer, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.Address+"/api/v1/findings", bytes.NewReader(body))
	if err != nil {
		return a, err
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := c.Client.Do(r)
	if err != nil {
		return a, fmt.Errorf("the core cannot be reached: %w: %w", genbo.ErrUnavailable, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return a, fmt.Errorf("read the core's answer: %w: %w", genbo.ErrUnavailable, err)
	}
	switch status := answer.StatusCode; {
	case status == http.StatusOK:
		if err := json.Unmarshal(text, &a); err != nil {
			return a, fmt.Errorf("the core's answer does not read: %w", genbo.ErrUnavailable)
		}
		return a, nil
	case status/100 == 4 && status != http.StatusRequestTimeout && status != http.StatusTooEarly && status != http.StatusTooManyRequests:
		var problem struct{ Title string }
		_ = json.Unmarshal(text, &problem) // what is no problem has no title
		return a, &refused{status, problem.Title}
	default:
		return a, fmt.Errorf("the core answers %d: %w", status, genbo.ErrUnavailable)
	}
}

// sendFirst sends what has waited longest. What the core refuses is dropped and told: it would refuse it again. It says
// whether there was something to send.
func (c *Core) sendFirst(ctx context.Context, q *queue, log *slog.Logger, sent func(Answer)) (more bool, err error) {
	names, err := q.names()
	if err != nil || len(names) == 0 {
		return false, err
	}
	body, err := q.read(names[0])
	if errors.Is(err, fs.ErrNotExist) { // dropped meanwhile
		return true, nil
	}
	if err != nil {
		return true, err
	}
	answer, err := c.post(ctx, body)
	var no *refused
	switch {
	case errors.As(err, &no):
		log.Error("the core refused findings; they are not sent again", "status", no.status, "title", no.title)
	case err != nil:
		return true, err
	default:
		log.Info("findings sent", "waiting", len(names)-1, "limit", answer.Limit)
		sent(answer)
	}
	return true, q.drop(names[0])
}

// send sends what waits, in order, until ctx ends.
func (c *Core) send(ctx context.Context, q *queue, log *slog.Logger, sent func(Answer)) {
	wait := shortest
	for ctx.Err() == nil {
		more, err := c.sendFirst(ctx, q, log, sent)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			pause := time.Duration(float64(wait) * (0.5 + c.Jitter()/2))
			log.Warn("findings wait for the core", "err", bare(err), "again_s", pause.Seconds())
			sleep(ctx, pause, nil)
			wait = min(2*wait, longest)
		case more:
			wait = shortest
		default:
			sleep(ctx, 24*time.Hour, q.wake)
		}
	}
}

// sleep waits until the time is over, ctx ends, or something comes from wake.
func sleep(ctx context.Context, d time.Duration, wake <-chan struct{}) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	case <-wake:
	}
}

// bare is an error without the path that it happened at: paths may hold names of people, and logs are copied anywhere.
func bare(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Op + ": " + p.Err.Error()
	}
	return err.Error()
}
