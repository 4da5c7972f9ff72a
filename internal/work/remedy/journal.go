package remedy

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"genbo"
)

// Entry is one line of the journal. Of an action there are one that begins it and one that ends it, with the same ID.
type Entry struct {
	Number   int64     `json:"number"` // from 1
	At       time.Time `json:"at"`
	Who      string    `json:"who"`
	Step     Step      `json:"step"`
	Action   Action    `json:"action"`
	ID       string    `json:"id,omitempty"`
	Request  string    `json:"request,omitempty"` // the core's approval of a deletion
	Root     Name      `json:"root,omitempty"`
	Path     Name      `json:"path,omitempty"`
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified,omitzero"`
	SHA256   string    `json:"sha256,omitempty"`
	Cases    int       `json:"cases,omitempty"`
	Folder   Name      `json:"folder,omitempty"` // the quarantine
	Stored   Name      `json:"stored,omitempty"` // the name there, or of the sealed file
	Sealed   string    `json:"sealed,omitempty"` // SHA-256 of the sealed file
	Outcome  Outcome   `json:"outcome,omitempty"`
	Why      string    `json:"why,omitempty"`
}

// Step is where in an action an entry stands.
type Step string

// The steps.
const (
	Asked Step = "asked" // the core was asked; one for each file
	Begun Step = "begin"
	Made  Step = "made" // the sealed file is whole, and about to get its name
	Ended Step = "end"
)

// Action is what is done to a file.
type Action string

// The actions.
const (
	Quarantine Action = "quarantine"
	Restore    Action = "restore"
	Seal       Action = "seal"
	Delete     Action = "delete"
)

// Outcome is what became of a file.
type Outcome string

// The outcomes.
const (
	Would   Outcome = "would"   // nothing was done: a preview
	Done    Outcome = "done"    // as wanted
	Refused Outcome = "refused" // it is as it was
	Undone  Outcome = "undone"  // a crash broke it off; it is as it was
	Unclear Outcome = "unclear" // a crash broke it off; a person must look
)

// line is an entry as it stands in the file. The hash is of the hash before and the entry's bytes.
type line struct {
	Entry json.RawMessage `json:"entry"`
	Hash  string          `json:"hash"`
}

func chain(before string, entry []byte) string {
	h := sha256.New()
	h.Write([]byte(before))
	h.Write(entry)
	return hex.EncodeToString(h.Sum(nil))
}

// State is how far a journal goes.
type State struct {
	Entries int64  `json:"entries"`
	Hash    string `json:"hash"` // of the last entry, over all before it
	Torn    bool   `json:"torn"` // the last line was not written to its end: a crash, before its action began
	whole   int64  // bytes up to the last whole line
}

// readJournal reads and checks all lines. A line that does not fit is [genbo.ErrTampered].
func readJournal(r io.Reader, each func(Entry)) (s State, err error) {
	for b := bufio.NewReader(r); ; {
		text, err := b.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			s.Torn = len(text) > 0
			return s, nil
		}
		if err != nil {
			return s, err
		}
		var l line
		var e Entry
		if err := json.Unmarshal(text, &l); err != nil {
			return s, fmt.Errorf("line %d of the journal does not read: %w", s.Entries+1, genbo.ErrTampered)
		}
		if err := json.Unmarshal(l.Entry, &e); err != nil || e.Number != s.Entries+1 || l.Hash != chain(s.Hash, l.Entry) {
			return s, fmt.Errorf("line %d of the journal does not follow from those before it: %w", s.Entries+1, genbo.ErrTampered)
		}
		s = State{Entries: e.Number, Hash: l.Hash, whole: s.whole + int64(len(text))}
		each(e)
	}
}

// Verify checks a journal's chain. The hash it gives, kept elsewhere, shows later that the end was not cut off.
func Verify(path string) (State, error) {
	f, err := os.Open(path)
	if err != nil {
		return State{}, err
	}
	defer f.Close()
	return readJournal(f, func(Entry) {})
}

// Journal is the file that actions are written to, for one run at a time.
type Journal struct {
	file    *os.File
	state   State
	now     func() time.Time
	who     string
	pending map[string]Entry   // begun and not ended, by ID
	order   []string           // of pending
	asked   map[string][]Entry // by request
	deleted map[string]map[Name]bool
}

// OpenJournal opens a journal, or makes a new one in a folder of the user's own. now gives the time of entries, who stands in
// them. A journal whose chain is broken is [genbo.ErrTampered], one that another run holds [genbo.ErrConflict].
func OpenJournal(path string, now func() time.Time, who string) (*Journal, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	j := &Journal{file: f, now: now, who: who, pending: map[string]Entry{}, asked: map[string][]Entry{}, deleted: map[string]map[Name]bool{}}
	if err := j.begin(); err != nil {
		f.Close()
		return nil, err
	}
	return j, nil
}

func (j *Journal) begin() (err error) {
	if err := lockAlone(j.file); err != nil {
		return fmt.Errorf("another run holds the journal: %w: %w", genbo.ErrConflict, err)
	}
	if j.state, err = readJournal(j.file, j.note); err != nil {
		return err
	}
	if j.state.Torn { // never acted on: an action begins when its entry is on the disk
		if err := j.file.Truncate(j.state.whole); err != nil {
			return err
		}
	}
	if _, err := j.file.Seek(j.state.whole, io.SeekStart); err != nil {
		return err
	}
	root, err := os.OpenRoot(filepath.Dir(j.file.Name()))
	if err != nil {
		return err
	}
	return errors.Join(syncFolder(root), root.Close())
}

// note keeps what later runs need of an entry.
func (j *Journal) note(e Entry) {
	switch e.Step {
	case Asked: // the files that were asked for last: a crash may have cut off an earlier list
		list := j.asked[e.Request]
		if len(list) > 0 && list[0].ID != e.ID {
			list = nil
		}
		j.asked[e.Request] = append(list, e)
	case Begun, Made:
		if _, ok := j.pending[e.ID]; !ok {
			j.order = append(j.order, e.ID)
		}
		j.pending[e.ID] = e
	case Ended:
		delete(j.pending, e.ID)
		if e.Action == Delete && e.Outcome == Done {
			if j.deleted[e.Request] == nil {
				j.deleted[e.Request] = map[Name]bool{}
			}
			j.deleted[e.Request][e.Path] = true
		}
	}
}

// write appends entries and waits until they are on the disk.
func (j *Journal) write(entries ...Entry) error {
	var text bytes.Buffer
	state := j.state
	for i := range entries {
		e := &entries[i]
		e.Number, e.At, e.Who = state.Entries+1, j.now(), j.who
		entry, err := json.Marshal(e)
		if err != nil {
			return err
		}
		state.Entries, state.Hash = e.Number, chain(state.Hash, entry)
		whole, err := json.Marshal(line{entry, state.Hash})
		if err != nil {
			return err
		}
		text.Write(append(whole, '\n'))
	}
	if _, err := j.file.Write(text.Bytes()); err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	if err := j.file.Sync(); err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	state.whole += int64(text.Len())
	j.state = state
	for _, e := range entries {
		j.note(e)
	}
	return nil
}

// Close lets the journal go.
func (j *Journal) Close() error {
	if err := j.file.Close(); err != nil && !errors.Is(err, fs.ErrClosed) {
		return err
	}
	return nil
}
