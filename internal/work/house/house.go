package house

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/vault"
	"genbo/internal/record/access"
	"genbo/internal/record/approval"
	"genbo/internal/record/disclosure"
	"genbo/internal/record/finding"
	"genbo/internal/record/journal"
	"genbo/internal/record/person"
	"genbo/internal/record/staff"
	"genbo/internal/work/desk"
	"genbo/internal/work/handover"
	"genbo/internal/work/mark"
)

// Options says where a register is and how it is opened. The zero value of a field is its default.
type Options struct {
	Dir        string        // the register's directory
	Database   string        // postgres:// addresses, separated by commas; default: the address file, else genbo.db in Dir
	Keys       string        // directory of the key ring; default: keys in Dir
	Passphrase string        // path of a file with the passphrase; default: a root key file beside the ring
	Purposes   string        // path of the list of purposes; default: the list that is built in
	Lists      string        // path of the list of purposes of lists; default: the list that is built in
	Mailboxes  string        // path of the list of mailboxes of decoys; default: mailboxes.json in Dir, else none
	Findings   string        // path of the rule of scans; default: findings.json in Dir, else the one that is built in
	Limits     access.Limits // default: access.DefaultLimits
	Clock      func() time.Time
}

// Names in a register's directory.
const (
	databaseFile   = "genbo.db"
	addressFile    = "database" // addresses of PostgreSQL servers, for a register that does not live in a file
	keysDir        = "keys"
	checkpointFile = "checkpoint"
	mailboxesFile  = "mailboxes.json"
	findingsFile   = "findings.json"
)

// House is an opened register.
type House struct {
	Options
	DB         *db.DB
	Vault      *vault.Vault
	Journal    *journal.Journal
	Disclosure *disclosure.Index
	Register   *person.Register
	Directory  *staff.Directory
	Rights     *access.Rights
	Why        []access.Purpose
	Findings   *finding.Store
	Desk       *desk.Desk
	Handover   *handover.Handover
	scanned    finding.Rule
	lists      []handover.Purpose
	boxes      []mark.Mailbox
}

// complete fills in the defaults.
func (o Options) complete() (Options, error) {
	if o.Keys == "" {
		o.Keys = filepath.Join(o.Dir, keysDir)
	}
	if o.Limits == (access.Limits{}) {
		o.Limits = access.DefaultLimits
	}
	if o.Database != "" {
		return o, nil
	}
	text, err := os.ReadFile(filepath.Join(o.Dir, addressFile))
	switch {
	case err == nil:
		o.Database = strings.TrimSpace(string(text))
	case errors.Is(err, fs.ErrNotExist):
		o.Database = filepath.Join(o.Dir, databaseFile)
	default:
		return o, fmt.Errorf("read the database's address: %w", err)
	}
	return o, nil
}

func (o Options) keyService() (vault.KeyService, error) {
	if o.Passphrase != "" {
		return vault.Passphrase(o.Passphrase)
	}
	return vault.FileKey(filepath.Join(o.Keys, vault.RootKeyFile))
}

// own is the path that was given, or else that of the register's own file if it has one.
func (o Options) own(path, name string) string {
	if path != "" {
		return path
	}
	path = filepath.Join(o.Dir, name)
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

// Exists reports whether there is a register, or part of one, in the directory.
func (o Options) Exists() bool {
	for _, name := range []string{databaseFile, addressFile, keysDir} {
		if _, err := os.Stat(filepath.Join(o.Dir, name)); err == nil {
			return true
		}
	}
	return false
}

// Create makes a register called name (in the checkpoints of its journal): directory, keys, database.
func Create(ctx context.Context, o Options, name string) error {
	if o.Exists() {
		return fmt.Errorf("there is a register in %s already: %w", o.Dir, genbo.ErrConflict)
	}
	o, err := o.complete()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.Keys, 0o700); err != nil {
		return fmt.Errorf("create register: %w", err)
	}
	if o.Passphrase == "" {
		if err := vault.CreateKeyFile(filepath.Join(o.Keys, vault.RootKeyFile)); err != nil {
			return err
		}
	}
	service, err := o.keyService()
	if err != nil {
		return err
	}
	if err := vault.Create(ctx, o.Keys, name, service); err != nil {
		return err
	}
	if db.IsPostgres(o.Database) {
		if err := os.WriteFile(filepath.Join(o.Dir, addressFile), []byte(o.Database+"\n"), 0o600); err != nil {
			return fmt.Errorf("create register: %w", err)
		}
	}
	d, err := db.Open(ctx, o.Database)
	if err != nil {
		return err
	}
	return errors.Join(adopt(ctx, d, o, service), d.Close())
}

// adopt migrates a database and notes in it whose keys it is sealed with.
func adopt(ctx context.Context, d *db.DB, o Options, service vault.KeyService) error {
	if err := d.Migrate(ctx); err != nil {
		return err
	}
	v, err := vault.Open(ctx, o.Keys, service)
	if err != nil {
		return err
	}
	return d.Update(ctx, func(tx *db.Tx) error {
		_, err := tx.Home().Exec("INSERT INTO register (name, value) VALUES (?, ?)", "ring", v.RingID())
		if err != nil {
			return fmt.Errorf("the database belongs to a register already: %w", err)
		}
		return nil
	})
}

// Migrate brings the schema of the register's database up to this program's.
func Migrate(ctx context.Context, o Options) error {
	o, err := o.complete()
	if err != nil {
		return err
	}
	d, err := db.Open(ctx, o.Database)
	if err != nil {
		return err
	}
	return errors.Join(d.Migrate(ctx), d.Close())
}

// Open opens a register.
func Open(ctx context.Context, o Options) (*House, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	if !db.IsPostgres(o.Database) {
		if _, err := os.Stat(o.Database); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no register in %s: run `genbo init --dir %s`, or `genbo demo` to try one: %w", o.Dir, o.Dir, genbo.ErrNotFound)
		}
	}
	o.Mailboxes, o.Findings = o.own(o.Mailboxes, mailboxesFile), o.own(o.Findings, findingsFile)
	h := &House{Options: o}
	if h.Why, err = access.LoadPurposes(o.Purposes); err != nil {
		return nil, err
	}
	if h.lists, err = handover.LoadPurposes(o.Lists); err != nil {
		return nil, err
	}
	if h.boxes, err = mark.LoadMailboxes(o.Mailboxes); err != nil {
		return nil, err
	}
	if h.scanned, err = finding.LoadRule(o.Findings); err != nil {
		return nil, err
	}
	if h.Rights, err = access.NewRights(); err != nil {
		return nil, err
	}
	service, err := o.keyService()
	if err != nil {
		return nil, err
	}
	if h.Vault, err = vault.Open(ctx, o.Keys, service); err != nil {
		return nil, err
	}
	var dbOptions []db.Option
	if o.Clock != nil {
		dbOptions = append(dbOptions, db.WithClock(o.Clock))
	}
	if h.DB, err = db.Open(ctx, o.Database, dbOptions...); err != nil {
		return nil, err
	}
	if err := h.furnish(ctx); err != nil {
		return nil, errors.Join(err, h.DB.Close())
	}
	return h, nil
}

// furnish checks that database, keys and clock belong together and opens the records.
func (h *House) furnish(ctx context.Context) error {
	if err := h.DB.CheckSchema(ctx); err != nil {
		return err
	}
	var ring string
	err := h.DB.View(ctx, func(tx *db.Tx) error {
		return tx.Home().Row("SELECT value FROM register WHERE name = ?", []any{"ring"}, &ring)
	})
	if err != nil {
		return fmt.Errorf("the database does not say whose register it is: %w", err)
	}
	if ring != h.Vault.RingID() {
		return fmt.Errorf("the keys in %s are another register's than the database: %w", h.Keys, genbo.ErrTampered)
	}
	if h.Journal, err = journal.Open(ctx, h.DB, h.Vault); err != nil {
		return err
	}
	h.Disclosure = disclosure.New(h.DB, h.Journal)
	h.Register = person.New(h.DB, h.Vault)
	h.Directory = staff.New(h.DB, h.Journal)
	budgets, approvals := access.NewBudgets(h.Limits, h.Why), approval.New(h.Vault)
	h.Findings = finding.New(h.DB, h.Vault, h.Journal, h.Directory, approvals, h.scanned)
	h.Desk = desk.New(h.DB, h.Vault, h.Journal, h.Disclosure, h.Register, h.Rights, budgets, approvals)
	// Nothing follows in the core: the agent fetches the decision, and acts or does not.
	h.Desk.OnDecision(approval.Deletion, func(*db.Tx, desk.Visit, approval.Request) error { return nil })
	h.Handover = handover.New(handover.Records{DB: h.DB, Vault: h.Vault, Journal: h.Journal, Register: h.Register, Directory: h.Directory,
		Budgets: budgets, Approvals: approvals, Desk: h.Desk}, h.lists, h.boxes)
	return nil
}

// sweepEvery is how often extracts whose time is over are ended. None is handed out after its time even before.
const sweepEvery = 10 * time.Second

// Run keeps the journal's tree and its signed heads up to date, and ends extracts whose time is over, until
// ctx ends.
func (h *House) Run(ctx context.Context) {
	done := make(chan struct{})
	go func() { defer close(done); h.Journal.Run(ctx) }()
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	sweep := time.NewTicker(sweepEvery)
	defer sweep.Stop()
	for {
		select {
		case <-tick.C:
			h.keepCheckpoint(ctx)
			if err := h.Disclosure.CatchUp(ctx); err != nil && ctx.Err() == nil {
				slog.Error("the disclosure index could not catch up with the journal", "error", err)
			}
		case <-sweep.C:
			if _, err := h.Handover.Sweep(ctx); err != nil && ctx.Err() == nil {
				slog.Error("extracts whose time is over could not be ended", "error", err)
			}
		case <-done:
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			h.keepCheckpoint(last)
			return
		}
	}
}

// Ready returns why people cannot be served just now, or nil: the database must answer and the journal's tree
// be up to date.
func (h *House) Ready(ctx context.Context) error {
	if _, err := h.Journal.Size(ctx); err != nil {
		return err
	}
	if lag := h.Journal.Lag(h.DB.Now()); lag > journal.MaxLag {
		return fmt.Errorf("the journal is %s behind: %w", lag, genbo.ErrUnavailable)
	}
	return nil
}

// keepCheckpoint writes the newest signed head to the file beside the database.
func (h *House) keepCheckpoint(ctx context.Context) {
	c, err := h.Journal.Latest(ctx)
	if err == nil {
		err = writeFile(filepath.Join(h.Dir, checkpointFile), c.Note)
	}
	if err != nil && !errors.Is(err, genbo.ErrNotFound) {
		slog.Error("the journal's checkpoint could not be written beside the database", "error", err)
	}
}

func writeFile(path, text string) error {
	next := path + ".next"
	if err := os.WriteFile(next, []byte(text), 0o600); err != nil {
		return err
	}
	return os.Rename(next, path)
}

// SwitchTo has the register use PostgreSQL servers from now on. Its file keeps its content under another name.
// The house is closed before.
func (h *House) SwitchTo(addresses string) error {
	if err := writeFile(filepath.Join(h.Dir, addressFile), addresses+"\n"); err != nil {
		return fmt.Errorf("switch to PostgreSQL: %w", err)
	}
	if err := os.Rename(h.Database, h.Database+".moved"); err != nil {
		return fmt.Errorf("switch to PostgreSQL: %w", err)
	}
	return nil
}

// Witnessed returns the checkpoints that are kept beside the database, for [journal.Verify].
func (h *House) Witnessed() ([]string, error) {
	text, err := os.ReadFile(filepath.Join(h.Dir, checkpointFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read checkpoint: %w", err)
	}
	return []string{string(text)}, nil
}

// Close signs the journal's head, keeps it, and closes the database.
func (h *House) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := h.Journal.Sequence(ctx)
	if err == nil {
		_, err = h.Journal.Checkpoint(ctx)
	}
	h.keepCheckpoint(ctx)
	return errors.Join(err, h.DB.Close())
}
