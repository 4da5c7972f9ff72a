package extract

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/vault"
	"genbo/internal/record/journal"
)

// Form is how an extract is handed over.
type Form string

// The forms.
const (
	Worklist   Form = "worklist"   // stays in the core and is worked in the console
	Sealed     Form = "sealed"     // a file that only the core lets open, on one device
	XLSX       Form = "xlsx"       // an encrypted workbook with a pass phrase
	ZIP        Form = "zip"        // an encrypted archive with a pass phrase
	Age        Form = "age"        // a file for a contractor's public key
	Statistics Form = "statistics" // counts, and nobody
)

// Forms is every form, in the order of a page.
var Forms = []Form{Worklist, Sealed, XLSX, ZIP, Age, Statistics}

// ByPass reports whether files of the form open with a pass phrase.
func (f Form) ByPass() bool { return f == XLSX || f == ZIP }

// State is how far an extract has come.
type State string

// The states.
const (
	Asked     State = "asked"
	Live      State = "live"
	Rejected  State = "rejected"
	Withdrawn State = "withdrawn"
	Expired   State = "expired"
	Revoked   State = "revoked"
	Attested  State = "attested" // ended, and its holder says that nothing of it is left
)

// Extract is a list of people as it was asked for.
type Extract struct {
	ID         string
	Approval   string
	Asker      genbo.StaffID
	Office     genbo.OfficeID
	Recipient  genbo.StaffID
	Device     genbo.DeviceID
	Contractor string
	Purpose    string
	Case       genbo.CaseID
	Form       Form
	Fields     genbo.FieldSet
	People     journal.People
	Days       int
	Emergency  bool
	CreatedAt  time.Time

	State     State
	Handed    bool      // something left the core
	ExpiresAt time.Time // of the request while it waits, of the extract when it lives
	ChangedAt time.Time
}

// NewID returns the identifier of a new extract.
func NewID() string { return strings.ToLower(rand.Text()[:12]) }

// subject is what an approval approves, without personal data: the people are there as the hash of their set.
type subject struct {
	Extract    string         `json:"extract"`
	Purpose    string         `json:"purpose"`
	Definition string         `json:"definition"` // hash of the purpose as it was configured
	Case       genbo.CaseID   `json:"case"`
	Form       Form           `json:"form"`
	Fields     string         `json:"fields"`
	Persons    int            `json:"persons"`
	People     string         `json:"people"` // hash of the set
	Recipient  genbo.StaffID  `json:"recipient"`
	Device     genbo.DeviceID `json:"device"`
	Contractor string         `json:"contractor"`
	Days       int            `json:"days"`
	Emergency  bool           `json:"emergency"`
}

// Subject is the canonical text that an approval of this extract approves.
func (e Extract) Subject(definition string) (string, error) {
	sum := sha256.Sum256(e.People.Bytes())
	text, err := json.Marshal(subject{e.ID, e.Purpose, definition, e.Case, e.Form, e.Fields.String(), e.People.Count(),
		hex.EncodeToString(sum[:]), e.Recipient, e.Device, e.Contractor, e.Days, e.Emergency})
	return string(text), err
}

// IDOf reads the extract that the subject of an approval is about.
func IDOf(text string) (string, error) {
	var s subject
	if err := json.Unmarshal([]byte(text), &s); err != nil || s.Extract == "" {
		return "", fmt.Errorf("what was approved does not read: %w", genbo.ErrTampered)
	}
	return s.Extract, nil
}

// Store keeps extracts.
type Store struct{ vault *vault.Vault }

// New returns the store; secrets and notes are sealed with the vault.
func New(v *vault.Vault) *Store { return &Store{v} }

// SecretBytes is the length of the secret that an extract's marks are made from.
const SecretBytes = 32

// Add enters an extract that waits for its approval until a time.
func (s *Store) Add(tx *db.Tx, e Extract, until time.Time) error {
	secret := make([]byte, SecretBytes)
	rand.Read(secret)
	sealed, err := s.vault.SealText(string(secret), "extract secret "+e.ID)
	if err != nil {
		return err
	}
	emergency := 0
	if e.Emergency {
		emergency = 1
	}
	home := tx.Home()
	_, err = home.Exec(`INSERT INTO extract (id, approval, asker, office, recipient, device, contractor, purpose, case_id, form, fields,
		people, persons, days, emergency, secret, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.ID, e.Approval, string(e.Asker), string(e.Office), string(e.Recipient), string(e.Device), e.Contractor, e.Purpose, string(e.Case),
		string(e.Form), int64(e.Fields), e.People.Bytes(), e.People.Count(), e.Days, emergency, sealed, db.Millis(tx.Now))
	if err == nil {
		_, err = home.Exec("INSERT INTO extract_state (extract, office, state, handed, expires_at, changed_at) VALUES (?, ?, 'asked', 0, ?, ?)",
			e.ID, string(e.Office), db.Millis(until), db.Millis(tx.Now))
	}
	if err != nil {
		return fmt.Errorf("add extract: %w", err)
	}
	return nil
}

const columns = `e.id, e.approval, e.asker, e.office, e.recipient, e.device, e.contractor, e.purpose, e.case_id, e.form, e.fields,
	e.days, e.emergency, e.created_at, s.state, s.handed, s.expires_at, s.changed_at`

func scan(next func(...any) error, more ...any) (e Extract, err error) {
	var fields, created, expires, changed int64
	err = next(append([]any{&e.ID, &e.Approval, &e.Asker, &e.Office, &e.Recipient, &e.Device, &e.Contractor, &e.Purpose, &e.Case, &e.Form, &fields,
		&e.Days, &e.Emergency, &created, &e.State, &e.Handed, &expires, &changed}, more...)...)
	e.Fields, e.CreatedAt = genbo.FieldSet(fields), db.FromMillis(created)
	e.ExpiresAt, e.ChangedAt = db.FromMillis(expires), db.FromMillis(changed)
	return e, err
}

// Get returns an extract with its people.
func (s *Store) Get(tx *db.Tx, id string) (e Extract, err error) {
	found := false
	err = tx.Home().Each("SELECT "+columns+", e.people FROM extract e JOIN extract_state s ON s.extract = e.id WHERE e.id = ?", []any{id},
		func(next func(...any) error) error {
			var people []byte
			found = true
			if e, err = scan(next, &people); err != nil {
				return err
			}
			e.People, err = journal.ParsePeople(people)
			return err
		})
	if err == nil && !found {
		err = genbo.ErrNotFound
	}
	if err != nil {
		return Extract{}, fmt.Errorf("extract: %w", err)
	}
	return e, nil
}

// Secret is what the marks of an extract are made from.
func (s *Store) Secret(tx *db.Tx, id string) ([]byte, error) {
	var sealed []byte
	if err := tx.Home().Row("SELECT secret FROM extract WHERE id = ?", []any{id}, &sealed); err != nil {
		return nil, fmt.Errorf("extract: %w", err)
	}
	secret, err := s.vault.OpenText(sealed, "extract secret "+id)
	return []byte(secret), err
}

// Filter chooses extracts; zero fields choose all.
type Filter struct {
	Office  genbo.OfficeID
	Asker   genbo.StaffID
	States  []State
	Overdue bool // ended, handed over, and nobody has attested its end
}

// List returns the newest extracts that a filter chooses, at most limit, without their people.
func (s *Store) List(tx *db.Tx, f Filter, limit int) (list []Extract, err error) {
	query, args := "SELECT "+columns+", e.persons FROM extract e JOIN extract_state s ON s.extract = e.id WHERE 1 = 1", []any{}
	if f.Office != "" {
		query, args = query+" AND s.office = ?", append(args, string(f.Office))
	}
	if f.Asker != "" {
		query, args = query+" AND e.asker = ?", append(args, string(f.Asker))
	}
	if f.Overdue {
		query += " AND s.handed = 1 AND s.state IN ('expired', 'revoked')"
	}
	if len(f.States) > 0 {
		query += " AND s.state IN (?" + strings.Repeat(", ?", len(f.States)-1) + ")"
		for _, state := range f.States {
			args = append(args, string(state))
		}
	}
	err = tx.Home().Each(query+" ORDER BY e.created_at DESC, e.id LIMIT ?", append(args, limit), func(next func(...any) error) error {
		var persons int
		e, err := scan(next, &persons)
		e.People = journal.PeopleFrom(1, persons)
		list = append(list, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list extracts: %w", err)
	}
	return list, nil
}
