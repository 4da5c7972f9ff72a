package watch

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

// events gathers what the system tells of changes, until each has been quiet for a while.
type events struct {
	watcher *fsnotify.Watcher // nil where the system gives none
	now     func() time.Time
	quiet   time.Duration // after the last event of a path
	most    time.Duration // after the first, however many follow
	wake    chan struct{}
	off     bool // nobody wants them: who walks once

	mu      sync.Mutex
	pending map[string]change
	missed  bool  // some events did not come through
	blind   error // why the system does not tell of all folders; nil if it does
}

// change is what is to be looked at.
type change struct {
	first, last time.Time
	not         time.Time // before this it is not looked at
	whole       bool      // a folder with all below it: it may be another one
}

// mostPending bounds the changes that wait: from there on a walk is cheaper.
const mostPending = 100_000

func newEvents(now func() time.Time, quiet, most time.Duration) *events {
	e := &events{now: now, quiet: quiet, most: most, pending: map[string]change{}, wake: make(chan struct{}, 1)}
	e.watcher, e.blind = fsnotify.NewBufferedWatcher(4096)
	return e
}

// gather takes the events until close.
func (e *events) gather() {
	if e.watcher == nil {
		return
	}
	for {
		select {
		case event, ok := <-e.watcher.Events:
			if !ok {
				return
			}
			e.add(event.Name, event.Has(fsnotify.Create) || event.Has(fsnotify.Rename))
		case err, ok := <-e.watcher.Errors:
			if !ok {
				return
			}
			if err != nil {
				e.lose()
			}
		}
	}
}

func (e *events) add(path string, whole bool) {
	now := e.now()
	e.mu.Lock()
	c, known := e.pending[path]
	if !known {
		c.first = now
	}
	c.last, c.whole = now, c.whole || whole
	e.pending[path] = c
	full := len(e.pending) > mostPending
	e.mu.Unlock()
	if full {
		e.lose()
	}
	e.ring()
}

// later has a path looked at again, not before a time.
func (e *events) later(path string, not time.Time) {
	now := e.now()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.pending[path] = change{first: now, last: now, not: not}
}

// lose notes that events were lost: only a walk finds what they told of.
func (e *events) lose() {
	e.mu.Lock()
	e.missed = true
	clear(e.pending)
	e.mu.Unlock()
	e.ring()
}

func (e *events) ring() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// due takes out the changes that may be looked at now. A clock that was set back makes all due.
func (e *events) due() map[string]change {
	now := e.now()
	e.mu.Lock()
	defer e.mu.Unlock()
	var due map[string]change
	for path, c := range e.pending {
		back := now.Before(c.first)
		if back || !now.Before(c.not) && (now.Sub(c.last) >= e.quiet || now.Sub(c.first) >= e.most) {
			if due == nil {
				due = map[string]change{}
			}
			due[path] = c
			delete(e.pending, path)
		}
	}
	return due
}

// peek says how many changes wait, whether events were lost, and why not all are told of.
func (e *events) peek() (waiting int, missed bool, blind error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.pending), e.missed, e.blind
}

// sleep waits until something is due, at most for a time. Where nothing waits, the next event ends it.
func (e *events) sleep(ctx context.Context, most time.Duration) {
	now, wake := e.now(), e.wake
	e.mu.Lock()
	for _, c := range e.pending {
		wake = nil
		most = min(most, max(c.not.Sub(now), min(e.quiet-now.Sub(c.last), e.most-now.Sub(c.first))))
	}
	e.mu.Unlock()
	sleep(ctx, max(most, 20*time.Millisecond), wake)
}

// watch asks for the events of a folder, before it is listed: so nothing falls between the two.
func (e *events) watch(dir string) {
	if e.off {
		return
	}
	err := errNoEvents
	if e.watcher != nil && !silent(dir) {
		err = e.watcher.Add(dir)
	}
	if err == nil || vanished(err) {
		return
	}
	e.mu.Lock()
	e.blind = err
	e.mu.Unlock()
}

var errNoEvents = errors.New("this file system does not tell of all changes")

// found forgets what was wrong: the walk that begins finds what was missed, and asks for all events anew.
func (e *events) found() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.missed = false; e.watcher != nil {
		e.blind = nil
	}
}

// forget ends the events of a folder that is gone, and of those below it: it may have been moved, and would go on telling under
// its old name.
func (e *events) forget(dir string) {
	if e.watcher == nil {
		return
	}
	for _, path := range e.watcher.WatchList() {
		if path == dir || strings.HasPrefix(path, dir+string(filepath.Separator)) {
			_ = e.watcher.Remove(path) // it fails where the system forgot it already
		}
	}
}

func (e *events) close() error {
	if e.watcher == nil {
		return nil
	}
	return e.watcher.Close()
}
