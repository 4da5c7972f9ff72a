package finding

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/approval"
	"genbo/internal/record/journal"
)

// Deletion is what an agent asks to delete: counts and a digest, never a name.
type Deletion struct {
	Device genbo.DeviceID `json:"device"`
	Files  int64          `json:"files"`
	Cases  int64          `json:"cases"`
	Digest string         `json:"digest"` // SHA-256 in hexadecimal of the sorted digests of the files
}

const (
	// maxDeletions bounds what one device asks in a day: whoever holds its certificate cannot bury the other requests.
	maxDeletions = 10
	maxReason    = 600 // characters
)

var sha256Hex = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (d Deletion) check(reason string) error {
	if d.Files < 1 {
		return genbo.NewFault("files", "scan.figure")
	}
	for name, n := range map[string]int64{"files": d.Files, "cases": d.Cases} {
		if err := figure(name, n, maxFigure); err != nil {
			return err
		}
	}
	switch {
	case !sha256Hex.MatchString(d.Digest):
		return genbo.NewFault("digest", "scan.digest")
	case reason == "":
		return genbo.NewFault("reason", "text.empty")
	case utf8.RuneCountInString(reason) > maxReason:
		return genbo.NewFault("reason", "text.long", maxReason)
	}
	return nil
}

// ParseDeletion reads the subject of an approval.
func ParseDeletion(subject string) (d Deletion, err error) {
	if err := json.Unmarshal([]byte(subject), &d); err != nil || d.Device == "" {
		return Deletion{}, fmt.Errorf("what is to be deleted does not read: %w", genbo.ErrTampered)
	}
	return d, nil
}

// AskDeletion asks for approval of what an agent wants to delete and returns the request's identifier. Nobody knows who
// sits at the device, so two others decide: one of them at least is somebody else. What waits already is not asked twice.
func (s *Store) AskDeletion(ctx context.Context, d Deletion, reason string) (id string, err error) {
	reason = strings.TrimSpace(reason)
	if d.Device == "" || len(d.Device) > 200 {
		return "", fmt.Errorf("no device: %w", genbo.ErrForbidden)
	}
	if err := d.check(reason); err != nil {
		return "", err
	}
	err = s.db.Update(ctx, func(tx *db.Tx) (err error) {
		if err := s.directory.Admitted(tx, d.Device); err != nil {
			return err
		}
		h, err := lockHead(tx, d.Device)
		if err != nil {
			return err
		}
		if id, err = s.waiting(tx, d); err != nil || id != "" {
			return err
		}
		id, err = s.enterDeletion(tx, d, h.office, reason)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("ask to delete: %w", err)
	}
	return id, nil
}

// waiting is the request for exactly this that waits, if there is one.
func (s *Store) waiting(tx *db.Tx, d Deletion) (string, error) {
	var ids []string
	err := tx.Home().Each("SELECT approval FROM finding_deletion WHERE device = ? AND digest = ? AND at > ?",
		[]any{string(d.Device), d.Digest, db.Millis(tx.Now.Add(-approval.Lifetime))}, func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			ids = append(ids, id)
			return err
		})
	for _, id := range ids {
		r, one := s.approvals.Get(tx, id)
		if one != nil {
			return "", one
		}
		if before, one := ParseDeletion(r.Subject); one != nil || before == d && r.State == approval.Waiting {
			return id, one
		}
	}
	return "", err
}

// detail is what the journal says of a request.
func (d Deletion) detail(id string) string {
	return fmt.Sprintf(`{"approval":%q,"files":%d,"cases":%d,"digest":%q}`, id, d.Files, d.Cases, d.Digest)
}

func (s *Store) enterDeletion(tx *db.Tx, d Deletion, office genbo.OfficeID, reason string) (string, error) {
	var asked int
	err := tx.Home().Row("SELECT count(*) FROM finding_deletion WHERE device = ? AND at > ?", []any{string(d.Device), db.Millis(tx.Now.Add(-24 * time.Hour))}, &asked)
	if err != nil {
		return "", err
	}
	if asked >= maxDeletions {
		return "", ErrTooOften
	}
	subject, err := json.Marshal(d)
	if err != nil {
		return "", err
	}
	by := agent(d.Device)
	id, err := s.approvals.Ask(tx, approval.Request{Kind: approval.Deletion, Asker: by.Staff, Office: office, Subject: string(subject), Reason: reason})
	if err != nil {
		return "", err
	}
	entry, err := s.write(tx, journal.Entry{Actor: by, Action: journal.ApprovalAsk, Reason: reason, Detail: d.detail(id)})
	if err != nil {
		return "", err
	}
	_, err = tx.Home().Exec("INSERT INTO finding_deletion (approval, device, digest, at, entry) VALUES (?, ?, ?, ?, ?)",
		id, string(d.Device), d.Digest, db.Millis(tx.Now), entry)
	return id, err
}

// Decision tells a device how far its own request has come, and what exactly it was. Another device's is [genbo.ErrNotFound].
func (s *Store) Decision(ctx context.Context, device genbo.DeviceID, id string) (d Deletion, state approval.State, err error) {
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if err := s.directory.Admitted(tx, device); err != nil {
			return err
		}
		var owner genbo.DeviceID
		if err := tx.Home().Row("SELECT device FROM finding_deletion WHERE approval = ?", []any{id}, &owner); err != nil {
			return err
		}
		if owner != device {
			return fmt.Errorf("request of another device: %w", genbo.ErrNotFound)
		}
		r, err := s.approvals.Get(tx, id)
		if err != nil {
			return err
		}
		d, err = ParseDeletion(r.Subject)
		state = r.State
		return err
	})
	return d, state, err
}
