package finding

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"time"

	"genbo"
)

// Set is how many cases of one field set were found.
type Set struct {
	Fields             genbo.FieldSet
	Open, Weak, Locked int64
	Persons            int64
}

// Copy is an extract of which a copy was met.
type Copy struct {
	Extract string
	Cases   int64
}

// Report is what one scan on one device counted.
type Report struct {
	Scan                          string // 32 hexadecimal digits, chosen by the agent
	Begun, Ended                  time.Time
	Full                          bool // everything was read, not only what had changed
	Complete                      bool // nothing was left out
	Files, Bytes, Unread, Persons int64
	Sets                          []Set
	Copies                        []Copy
	Agent                         string
}

// Unprotected is how many cases are open or weakly locked.
func (r Report) Unprotected() (n int64) {
	for _, s := range r.Sets {
		n += s.Open + s.Weak
	}
	return n
}

// Bounds of a report. The figures are far above what any share holds and far below where sums overflow.
const (
	maxFigure = 1e12
	maxBytes  = 1e18
	maxSets   = int(genbo.FieldMail) << 1
	maxCopies = 1000
	maxAgent  = 100
)

var (
	scanID    = regexp.MustCompile(`^[0-9a-f]{32}$`)
	extractID = regexp.MustCompile(`^[0-9a-z]{1,40}$`)
	agentText = regexp.MustCompile(`^[!-~][ -~]*$`)
	earliest  = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	latest    = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
)

// check refuses what cannot be. A clock that is wrong is no reason: the report counts, at the core's time.
func (r Report) check() error {
	if !scanID.MatchString(r.Scan) {
		return genbo.NewFault("scan", "scan.id")
	}
	for name, t := range map[string]time.Time{"begun": r.Begun, "ended": r.Ended} {
		if t.Before(earliest) || t.After(latest) {
			return genbo.NewFault(name, "scan.time")
		}
	}
	if r.Ended.Before(r.Begun) {
		return genbo.NewFault("ended", "scan.order")
	}
	for name, n := range map[string]int64{"files": r.Files, "unread": r.Unread, "persons": r.Persons} {
		if err := figure(name, n, maxFigure); err != nil {
			return err
		}
	}
	if err := figure("bytes", r.Bytes, maxBytes); err != nil {
		return err
	}
	if len(r.Agent) > maxAgent || !agentText.MatchString(r.Agent) {
		return genbo.NewFault("agent", "scan.agent", maxAgent)
	}
	if err := checkSets(r.Sets); err != nil {
		return err
	}
	return checkCopies(r.Copies)
}

func figure(field string, n int64, most float64) error {
	if n < 0 || float64(n) > most {
		return genbo.NewFault(field, "scan.figure")
	}
	return nil
}

func checkSets(sets []Set) error {
	if len(sets) > maxSets {
		return genbo.NewFault("fields", "scan.many", maxSets)
	}
	seen := map[genbo.FieldSet]bool{}
	for _, s := range sets {
		if s.Fields == 0 || s.Fields >= genbo.FieldMail<<1 || seen[s.Fields] {
			return genbo.NewFault("fields", "scan.set")
		}
		seen[s.Fields] = true
		for _, n := range []int64{s.Open, s.Weak, s.Locked, s.Persons} {
			if err := figure("fields", n, maxFigure); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkCopies(copies []Copy) error {
	if len(copies) > maxCopies {
		return genbo.NewFault("copies", "scan.many", maxCopies)
	}
	seen := map[string]bool{}
	for _, c := range copies {
		if !extractID.MatchString(c.Extract) || seen[c.Extract] {
			return genbo.NewFault("copies", "scan.copy")
		}
		seen[c.Extract] = true
		if err := figure("copies", c.Cases, maxFigure); err != nil {
			return err
		}
	}
	return nil
}

// canonical puts a report into the one form that is kept and compared. A list without anything is nil.
func (r Report) canonical() Report {
	r.Begun, r.Ended = r.Begun.UTC().Truncate(time.Millisecond), r.Ended.UTC().Truncate(time.Millisecond)
	r.Sets = slices.SortedFunc(slices.Values(r.Sets), func(a, b Set) int { return cmp.Compare(a.Fields, b.Fields) })
	r.Copies = slices.SortedFunc(slices.Values(r.Copies), func(a, b Copy) int { return cmp.Compare(a.Extract, b.Extract) })
	return r
}

// digest tells a repeated report from another one under the same key.
func (r Report) digest() ([]byte, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("digest of report: %w", err)
	}
	sum := sha256.Sum256(text)
	return sum[:], nil
}
