package watch

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"genbo"
)

// The phases of a watch.
const (
	Scanning = "scan"  // it walks through all folders
	Watching = "watch" // it waits for changes
	Resting  = "rest"  // others are busy
	Ended    = "end"
	Killed   = "kill" // it ended without saying so
)

// Status is how a watch stands. It holds no path and no person.
type Status struct {
	Phase   string     `json:"phase"`
	Since   time.Time  `json:"since"`   // the watch began
	Updated time.Time  `json:"updated"` // this was written
	Full    *time.Time `json:"full"`    // end of the last full scan; null before the first
	Begun   *time.Time `json:"begun"`   // begin of the full scan under way; null without
	Files   int        `json:"files"`   // known so far
	Figures *Findings  `json:"figures"` // as reported last; null before
	Roots   int        `json:"roots"`
	Lost    int        `json:"lost"`    // roots that are not there
	Waiting int        `json:"waiting"` // changes that were not looked at yet
	Blind   string     `json:"blind"`   // why the system does not tell of all changes; empty if it does
	Anew    string     `json:"anew"`    // why this watch began anew: first, damaged, program; empty if it did not
	Unsent  int        `json:"unsent"`  // findings that the core has not got
	Answer  *Answer    `json:"answer"`  // the core's last one; null before
	Agent   string     `json:"agent"`
}

const statusFile = "status.json"

// statusStep is how often the status is written at most.
const statusStep = 5 * time.Second

// shown keeps the status and writes it.
type shown struct {
	w    *Watch
	mu   sync.Mutex
	is   Status
	was  string // phase before the rest
	last time.Time
}

func newShown(w *Watch, anew string) *shown {
	s := &shown{w: w, is: Status{Phase: Scanning, Since: w.Now(), Anew: anew, Agent: w.Agent}}
	if was, err := readStatus(w.State); err == nil {
		s.is.Figures, s.is.Answer = was.Figures, was.Answer
	}
	if anew != "" {
		s.is.Figures = nil
	}
	return s
}

func (s *shown) set(change func(*Status)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.is)
}

func (s *shown) phase(p string) {
	s.set(func(is *Status) {
		if is.Phase != Resting {
			s.was = is.Phase
		}
		is.Phase = p
	})
}
func (s *shown) resume()             { s.set(func(is *Status) { is.Phase = s.was }) }
func (s *shown) figures(f *Findings) { s.set(func(is *Status) { is.Figures = f }) }
func (s *shown) answered(a Answer)   { s.set(func(is *Status) { is.Answer = &a }) }

// blind notes why not all changes are told of, and whether that was known.
func (s *shown) blind(why string) (known bool) {
	s.set(func(is *Status) { known, is.Blind = is.Blind == why, why })
	return known
}

// write writes the status, now and then or at once. A status that cannot be written is told in the log, and costs nothing else.
func (s *shown) write(now time.Time, atOnce bool) {
	if since := now.Sub(s.last); !atOnce && since >= 0 && since < statusStep {
		return
	}
	s.last = now
	about := s.w.state.about
	waiting, _, _ := s.w.events.peek()
	names, _ := s.w.queue.names()
	s.set(func(is *Status) {
		is.Updated, is.Full, is.Begun, is.Files = now, moment(about.Full), moment(about.Begun), about.Sums.Files
		is.Roots, is.Lost, is.Waiting, is.Unsent = len(s.w.Options.Roots), len(s.w.lost), waiting, len(names)
	})
	s.mu.Lock()
	content, err := json.Marshal(s.is)
	s.mu.Unlock()
	if err == nil {
		err = writeWhole(filepath.Join(s.w.State, statusFile), content)
	}
	if err != nil {
		s.w.Log.Warn("the status cannot be written", "err", bare(err))
	}
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func readStatus(dir string) (s Status, err error) {
	content, err := os.ReadFile(filepath.Join(dir, statusFile))
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(content, &s); err != nil {
		return s, fmt.Errorf("the status does not read: %w", genbo.ErrTampered)
	}
	return s, nil
}

// ReadStatus returns how the watch with this state stands, whether it runs or not. It fails with [genbo.ErrNotFound] where there
// never was one.
func ReadStatus(dir string) (Status, error) {
	s, err := readStatus(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return s, fmt.Errorf("no watch has this state: %w", genbo.ErrNotFound)
	}
	if err != nil {
		return s, err
	}
	q := &queue{dir: filepath.Join(dir, "unsent")}
	names, err := q.names()
	if err != nil {
		return s, err
	}
	s.Unsent = len(names)
	if s.Phase != Ended && !held(filepath.Join(dir, "state.db")) {
		s.Phase = Killed
	}
	return s, nil
}

// held reports whether a watch has the state.
func held(path string) bool {
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: 50 * time.Millisecond, ReadOnly: true})
	if err != nil {
		return errors.Is(err, bolterrors.ErrTimeout)
	}
	_ = db.Close() // nothing was written
	return false
}
