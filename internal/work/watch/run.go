package watch

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"genbo"
)

// ending is how long Run waits, once ctx has ended, for a file that is taken apart in memory. What was found out so far is
// on the disk by then.
const ending = 800 * time.Millisecond

// The loop looks at least so often whether something is due, and at the roots.
const (
	step      = time.Second
	rootsStep = time.Minute
)

// Run watches until ctx ends, and then returns nil. The watch is closed then.
func (w *Watch) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	w.begin(ctx)
	var helpers sync.WaitGroup
	helpers.Go(w.events.gather)
	if w.Core != nil {
		helpers.Go(func() { w.Core.send(ctx, w.queue, w.Log, w.shown.answered) })
	}
	done := make(chan error, 1)
	go func() { done <- w.loop() }()
	var err error
	select {
	case err = <-done:
	case <-ctx.Done():
		select {
		case err = <-done:
		case <-time.After(ending):
			return nil
		}
	}
	stop()
	w.shown.phase(Ended)
	w.shown.write(w.Now(), true)
	err = errors.Join(notEnded(err), w.close())
	helpers.Wait()
	return err
}

// Once walks through all folders, sends what waits, and returns what it found. The watch is closed then.
func (w *Watch) Once(ctx context.Context) (f *Findings, err error) {
	w.begin(ctx)
	w.Reread, w.events.off = -1, true
	defer func() {
		w.shown.phase(Ended)
		w.shown.write(w.Now(), true)
		err = errors.Join(err, w.close())
	}()
	if f, err = w.full(); err != nil {
		return nil, err
	}
	for more := w.Core != nil; more && err == nil; {
		more, err = w.Core.sendFirst(ctx, w.queue, w.Log, w.shown.answered)
	}
	if errors.Is(err, genbo.ErrUnavailable) {
		err = fmt.Errorf("the findings wait for the core: %w", err)
	}
	return f, err
}

func (w *Watch) begin(ctx context.Context) {
	w.ctx, w.pace.ctx = ctx, ctx
	w.pace.sleep = func(d time.Duration) { sleep(ctx, d, nil) }
	if err := stepBack(); err != nil {
		w.Log.Warn("the system refuses a low priority", "err", bare(err))
	}
}

func notEnded(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}

func (w *Watch) loop() error {
	checked := w.Now()
	for {
		if err := w.turn(&checked); err != nil {
			return err
		}
		w.events.sleep(w.ctx, step)
	}
}

// turn does what is due.
func (w *Watch) turn(checked *time.Time) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	now := w.Now()
	if w.fullDue(now) {
		_, err := w.full()
		return err
	}
	w.shown.phase(Watching)
	if err := w.changes(); err != nil {
		return err
	}
	if since := now.Sub(*checked); since >= rootsStep || since < 0 {
		*checked = now
		if err := w.roster(); err != nil {
			return err
		}
	}
	if since := now.Sub(w.reported); w.state.about.Changed && (since >= w.Report || since < 0) {
		w.reported = now
		if _, err := w.report(Changes, w.changing); err != nil {
			return err
		}
	}
	w.shown.write(now, false)
	return w.state.commit()
}

// roster looks whether roots went or came back: what was mounted or unmounted is told by no event.
func (w *Watch) roster() error {
	for _, root := range w.Options.Roots {
		if _, err := w.present(root); (err != nil) != w.lost[root] {
			if err := w.root(root, true); err != nil {
				return err
			}
		}
	}
	return nil
}

// fullDue reports whether a walk through all is due: always at the start, for nobody told of what changed before. A last one that
// lies in the future tells of a clock that was set back.
func (w *Watch) fullDue(now time.Time) bool {
	_, missed, blind := w.events.peek()
	every := w.Full
	switch {
	case missed:
		every = min(every, rootsStep)
	case blind != nil:
		every = min(every, w.Walk)
	}
	about := w.state.about
	since := now.Sub(about.Full)
	return !w.walked || !about.Begun.IsZero() || since >= every || since < -time.Minute
}

// full walks through all and reports.
func (w *Watch) full() (*Findings, error) {
	w.shown.phase(Scanning)
	if _, missed, _ := w.events.peek(); missed {
		w.Log.Warn("events were lost: all folders are walked through again")
	}
	w.events.found()
	if err := w.all(); err != nil {
		return nil, err
	}
	w.walked = true
	begun := w.state.about.Begun
	if err := w.state.note(func(a *about) { a.Full, a.Begun = w.Now(), time.Time{} }); err != nil {
		return nil, err
	}
	w.told()
	w.shown.phase(Watching)
	w.reported = w.Now()
	return w.report(Full, begun)
}

// told logs, once, that the system does not tell of all changes.
func (w *Watch) told() {
	_, _, blind := w.events.peek()
	if blind != nil && !w.shown.blind(bare(blind)) {
		w.Log.Warn("the system does not tell of all changes: the folders are walked through instead", "every", w.Walk.String(), "why", bare(blind))
	} else if blind == nil {
		w.shown.blind("")
	}
}

// report adds up what is known, logs it, and has it sent.
func (w *Watch) report(kind string, begun time.Time) (*Findings, error) {
	f, err := w.state.figures()
	if err != nil {
		return nil, err
	}
	now := w.Now()
	if begun.IsZero() {
		begun = now
	}
	f.Kind, f.Begun, f.Ended, f.Agent = kind, begun.UTC().Truncate(time.Second), now.UTC().Truncate(time.Second), w.Agent
	f.Complete = len(w.lost) == 0 && f.Unread == 0 && !w.state.about.Full.IsZero()
	w.Log.Info("found", "kind", kind, "complete", f.Complete, "files", f.Files, "bytes", f.Bytes, "unread", f.Unread, "persons", f.Persons,
		"unprotected", f.Unprotected(), "read_files", w.ledger.read, "read_bytes", w.ledger.bytes, "removed", w.ledger.removed)
	if w.Core != nil {
		dropped, err := w.queue.put(f)
		if err != nil {
			return nil, err
		}
		if dropped > 0 {
			w.Log.Warn("too many findings wait for the core: the oldest were dropped", "dropped", dropped)
		}
	}
	w.changing, w.ledger = time.Time{}, work{}
	w.shown.figures(f)
	if err := w.state.note(func(a *about) { a.Changed = false }); err != nil {
		return nil, err
	}
	w.shown.write(now, true)
	return f, w.state.commit()
}

// rest is told when others are busy: what was found out is written before.
func (w *Watch) rest(resting bool) {
	if resting {
		w.shown.phase(Resting)
		w.broken = w.state.commit()
		w.shown.write(w.Now(), false)
		return
	}
	w.shown.resume()
}
