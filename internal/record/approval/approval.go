package approval

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/vault"
)

// Kind is what is asked for.
type Kind string

// The kinds of request.
const (
	Merge      Kind = "merge"
	Split      Kind = "split"
	SecondLook Kind = "second-look"
	Extract    Kind = "extract"
	LetIn      Kind = "let-in"   // a device that was cut off is to be let in again
	Deletion   Kind = "deletion" // an agent wants to delete files with people in them
)

// needed is how many others approve a request of each kind, at least.
var needed = map[Kind]int{Merge: 2, Split: 2, SecondLook: 1, Extract: 1, LetIn: 1, Deletion: 2}

// Lifetime is how long a request waits before it expires.
const Lifetime = 30 * 24 * time.Hour

// State is how far a request has come.
type State string

// The states.
const (
	Waiting   State = "waiting"
	Approved  State = "approved" // enough votes; being done in this very transaction
	Done      State = "done"
	Rejected  State = "rejected"
	Withdrawn State = "withdrawn"
	Expired   State = "expired"
)

// Verdict is a vote's content.
type Verdict string

// The verdicts.
const (
	Approve Verdict = "approve"
	Reject  Verdict = "reject"
)

// Vote is one vote.
type Vote struct {
	Voter   genbo.StaffID
	Verdict Verdict
	At      time.Time
}

// Request is something asked for.
type Request struct {
	ID        string
	Kind      Kind
	Asker     genbo.StaffID
	Recipient genbo.StaffID // whom the outcome is for, if that is not the asker: he does not decide either
	Office    genbo.OfficeID
	Subject   string // canonical JSON, without personal data
	Hash      []byte // what approvers approve
	Reason    string
	Needed    int // approvals; at least what the kind asks for
	CreatedAt time.Time
	ExpiresAt time.Time
	People    []genbo.PersonID
	Votes     []Vote
	State     State
}

// Store keeps requests.
type Store struct{ vault *vault.Vault }

// New returns the store; reasons are sealed with the vault.
func New(v *vault.Vault) *Store { return &Store{v} }

// Ask enters a request about people and returns its identifier.
func (s *Store) Ask(tx *db.Tx, r Request) (string, error) {
	n, ok := needed[r.Kind]
	if !ok {
		return "", fmt.Errorf("ask for approval of %q: %w", r.Kind, genbo.ErrInvalid)
	}
	if strings.TrimSpace(r.Reason) == "" {
		return "", genbo.NewFault("reason", "text.empty")
	}
	n = max(n, r.Needed)
	id := strings.ToLower(rand.Text()[:16])
	reason, err := s.vault.SealText(r.Reason, "approval "+id)
	if err != nil {
		return "", err
	}
	_, err = tx.Home().Exec(`INSERT INTO approval (id, kind, asker, office, subject, hash, reason, needed, created_at, expires_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, id, string(r.Kind), string(r.Asker), string(r.Office), r.Subject,
		hashOf(id, r.Kind, r.Subject), reason, n, db.Millis(tx.Now), db.Millis(tx.Now.Add(Lifetime)))
	if err != nil {
		return "", fmt.Errorf("ask for approval: %w", err)
	}
	if err := takePart(tx, id, r.Asker, "asker"); err != nil {
		return "", fmt.Errorf("ask for approval: %w", err)
	}
	if r.Recipient != "" && r.Recipient != r.Asker {
		if err := takePart(tx, id, r.Recipient, "recipient"); err != nil && !errors.Is(err, db.ErrDuplicate) {
			return "", fmt.Errorf("ask for approval: %w", err)
		}
	}
	for _, p := range r.People {
		if _, err := tx.Home().Exec("INSERT INTO approval_person (person, approval) VALUES (?, ?)", int64(p), id); err != nil {
			return "", fmt.Errorf("ask for approval: %w", err)
		}
	}
	return id, nil
}

// takePart notes the human being behind an account as having a part in a request. One who has a part already,
// under whatever account, is [db.ErrDuplicate].
func takePart(tx *db.Tx, id string, account genbo.StaffID, part string) error {
	var holder string
	err := tx.Home().Row("SELECT holder FROM staff WHERE id = ?", []any{string(account)}, &holder)
	if err != nil && !errors.Is(err, genbo.ErrNotFound) {
		return err
	}
	if holder == "" {
		holder = "account " + string(account)
	}
	n, err := tx.Home().Exec("INSERT INTO approval_part (approval, holder, part) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", id, holder, part)
	if err == nil && n == 0 {
		err = db.ErrDuplicate
	}
	return err
}

func hashOf(id string, k Kind, subject string) []byte {
	sum := sha256.Sum256([]byte("genbo approval 1\n" + id + "\n" + string(k) + "\n" + subject))
	return sum[:]
}

// Get returns a request.
func (s *Store) Get(tx *db.Tx, id string) (Request, error) {
	r := Request{ID: id}
	var reason []byte
	var created, expires int64
	err := tx.Home().Row("SELECT kind, asker, office, subject, hash, reason, needed, created_at, expires_at FROM approval WHERE id = ?", []any{id},
		&r.Kind, &r.Asker, &r.Office, &r.Subject, &r.Hash, &reason, &r.Needed, &created, &expires)
	if err != nil {
		return Request{}, fmt.Errorf("request: %w", err)
	}
	if !bytes.Equal(r.Hash, hashOf(id, r.Kind, r.Subject)) {
		return Request{}, fmt.Errorf("request %s is not what was asked: %w", id, genbo.ErrTampered)
	}
	r.CreatedAt, r.ExpiresAt = db.FromMillis(created), db.FromMillis(expires)
	if r.Reason, err = s.vault.OpenText(reason, "approval "+id); err != nil {
		return Request{}, fmt.Errorf("request: %w", err)
	}
	if err := s.loadParts(tx, &r); err != nil {
		return Request{}, fmt.Errorf("request: %w", err)
	}
	return r, nil
}

func (s *Store) loadParts(tx *db.Tx, r *Request) error {
	err := tx.Home().Each("SELECT person FROM approval_person WHERE approval = ? ORDER BY person", []any{r.ID}, func(scan func(...any) error) error {
		var p int64
		err := scan(&p)
		r.People = append(r.People, genbo.PersonID(p))
		return err
	})
	if err != nil {
		return err
	}
	err = tx.Home().Each("SELECT voter, verdict, at FROM approval_vote WHERE approval = ? ORDER BY at, voter", []any{r.ID}, func(scan func(...any) error) error {
		var v Vote
		var at int64
		err := scan(&v.Voter, &v.Verdict, &at)
		v.At = db.FromMillis(at)
		r.Votes = append(r.Votes, v)
		return err
	})
	if err != nil {
		return err
	}
	err = tx.Home().Row("SELECT outcome FROM approval_outcome WHERE approval = ?", []any{r.ID}, &r.State)
	if errors.Is(err, genbo.ErrNotFound) {
		r.State, err = r.stateOf(tx.Now), nil
	}
	return err
}

func (r *Request) voted(account genbo.StaffID) bool {
	return slices.ContainsFunc(r.Votes, func(v Vote) bool { return v.Voter == account })
}

// stateOf is the state of a request without an outcome.
func (r *Request) stateOf(now time.Time) State {
	approvals := 0
	for _, v := range r.Votes {
		if v.Verdict == Approve {
			approvals++
		}
	}
	switch {
	case approvals >= r.Needed:
		return Approved
	case !now.Before(r.ExpiresAt):
		return Expired
	}
	return Waiting
}

// Vote adds a vote on what the hash names, and returns the request as it stands then.
func (s *Store) Vote(tx *db.Tx, id string, voter genbo.StaffID, hash []byte, verdict Verdict) (Request, error) {
	// Counting the vote locks out every other one until this is committed.
	if _, err := tx.Home().Exec("UPDATE counter SET next = next + 1 WHERE name = ?", "approval"); err != nil {
		return Request{}, fmt.Errorf("vote: %w", err)
	}
	r, err := s.Get(tx, id)
	switch {
	case err != nil:
		return Request{}, fmt.Errorf("vote: %w", err)
	case r.Asker == voter:
		return Request{}, fmt.Errorf("vote: nobody decides on his own request: %w", genbo.ErrForbidden)
	case r.State != Waiting:
		return Request{}, fmt.Errorf("vote: the request is %s already: %w", r.State, genbo.ErrConflict)
	case !bytes.Equal(r.Hash, hash):
		return Request{}, fmt.Errorf("vote: the request is not the one that was shown: %w", genbo.ErrConflict)
	case verdict != Approve && verdict != Reject:
		return Request{}, genbo.NewFault("verdict", "approval.verdict")
	}
	switch err := takePart(tx, id, voter, "voter"); {
	case errors.Is(err, db.ErrDuplicate) && r.voted(voter):
		return Request{}, fmt.Errorf("vote: %w", err)
	case errors.Is(err, db.ErrDuplicate):
		return Request{}, fmt.Errorf("vote: the same human being has a part in this request already: %w", genbo.ErrForbidden)
	case err != nil:
		return Request{}, fmt.Errorf("vote: %w", err)
	}
	_, err = tx.Home().Exec("INSERT INTO approval_vote (approval, voter, asker, hash, verdict, at) VALUES (?, ?, ?, ?, ?, ?)",
		id, string(voter), string(r.Asker), hash, string(verdict), db.Millis(tx.Now))
	if err != nil {
		return Request{}, fmt.Errorf("vote: %w", err)
	}
	if verdict == Reject {
		if err := s.Close(tx, id, Rejected); err != nil {
			return Request{}, err
		}
	}
	return s.Get(tx, id)
}

// Close records the outcome of a request. An outcome is final.
func (s *Store) Close(tx *db.Tx, id string, outcome State) error {
	_, err := tx.Home().Exec("INSERT INTO approval_outcome (approval, outcome, at) VALUES (?, ?, ?)", id, string(outcome), db.Millis(tx.Now))
	if err != nil {
		return fmt.Errorf("close request: %w", err)
	}
	return nil
}

// List returns the newest requests, at most limit; with open, only those that wait.
func (s *Store) List(tx *db.Tx, open bool, limit int) ([]Request, error) {
	query := "SELECT a.id FROM approval a LEFT JOIN approval_outcome o ON o.approval = a.id ORDER BY a.created_at DESC LIMIT ?"
	args := []any{limit}
	if open {
		query = `SELECT a.id FROM approval a LEFT JOIN approval_outcome o ON o.approval = a.id
			WHERE o.approval IS NULL AND a.expires_at > ? ORDER BY a.created_at DESC LIMIT ?`
		args = []any{db.Millis(tx.Now), limit}
	}
	return s.list(tx, query, args)
}

// OpenFor returns the requests about a person that wait.
func (s *Store) OpenFor(tx *db.Tx, p genbo.PersonID) ([]Request, error) {
	return s.list(tx, `SELECT a.id FROM approval_person q JOIN approval a ON a.id = q.approval LEFT JOIN approval_outcome o ON o.approval = a.id
		WHERE q.person = ? AND o.approval IS NULL AND a.expires_at > ? ORDER BY a.created_at`, []any{int64(p), db.Millis(tx.Now)})
}

func (s *Store) list(tx *db.Tx, query string, args []any) ([]Request, error) {
	var ids []string
	err := tx.Home().Each(query, args, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list requests: %w", err)
	}
	list := make([]Request, 0, len(ids))
	for _, id := range ids {
		r, err := s.Get(tx, id)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}
