package desk

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/vault"
	"genbo/internal/record/access"
	"genbo/internal/record/approval"
	"genbo/internal/record/disclosure"
	"genbo/internal/record/journal"
	"genbo/internal/record/person"
	"genbo/internal/record/staff"
)

// Desk is the desk of one register. It is safe for concurrent use.
type Desk struct {
	db        *db.DB
	vault     *vault.Vault
	journal   *journal.Journal
	index     *disclosure.Index
	register  *person.Register
	rights    *access.Rights
	budgets   *access.Budgets
	approvals *approval.Store
	follow    map[approval.Kind]Follow
	counted   counted
}

// Follow does what a decision asks for, in its transaction: the request is approved, rejected or withdrawn.
type Follow func(tx *db.Tx, v Visit, r approval.Request) error

// OnDecision has fn follow every decision on requests of a kind that the desk does not know itself. It is called
// while the register is put together.
func (d *Desk) OnDecision(kind approval.Kind, fn Follow) { d.follow[kind] = fn }

// New returns a desk over its records.
func New(d *db.DB, v *vault.Vault, j *journal.Journal, x *disclosure.Index, r *person.Register, rights *access.Rights, b *access.Budgets, a *approval.Store) *Desk {
	return &Desk{db: d, vault: v, journal: j, index: x, register: r, rights: rights, budgets: b, approvals: a,
		follow: map[approval.Kind]Follow{}}
}

// Visit is who acts, and why.
type Visit struct {
	Identity staff.Identity
	Purpose  string
	Case     genbo.CaseID
	Reason   string
}

// maxNote bounds a case number and a reason, in bytes.
const maxNote = 2000

// allowed asks the rights for an action on a person in charge of an office.
func (d *Desk) allowed(v Visit, action string, office genbo.OfficeID) error {
	if len(v.Case) > 64 || len(v.Reason) > maxNote {
		return genbo.NewFault("reason", "text.long", maxNote)
	}
	if v.Purpose != "" {
		if _, err := d.budgets.Purpose(v.Purpose); err != nil {
			return err
		}
	}
	m := v.Identity.Member
	roles := make([]string, len(m.Roles))
	for i, r := range m.Roles {
		roles[i] = string(r)
	}
	return d.rights.Check(access.Principal{Staff: m.ID, Office: m.Office, Roles: roles},
		access.Question{Action: action, Office: office, Purpose: v.Purpose, Case: v.Case})
}

// Allowed reports whether a member of staff may do something that concerns no one person, to show it or not.
func (d *Desk) Allowed(i staff.Identity, action string) bool {
	return d.allowed(Visit{Identity: i}, action, i.Member.Office) == nil
}

// Check is [Desk.Allowed] as an error.
func (d *Desk) Check(i staff.Identity, action string) error {
	return d.allowed(Visit{Identity: i}, action, i.Member.Office)
}

// CheckFor is [Desk.Check] for what concerns an office that need not be the member's own.
func (d *Desk) CheckFor(i staff.Identity, action string, office genbo.OfficeID) error {
	return d.allowed(Visit{Identity: i}, action, office)
}

// OverBudget records that a budget was broken and tells the security officers. It returns the budget's error.
func (d *Desk) OverBudget(ctx context.Context, v Visit, use access.Use, cause error) error {
	if !errors.Is(cause, genbo.ErrBudget) {
		return cause
	}
	err := d.db.Share(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		detail := fmt.Sprintf(`{"use":%q,"purpose":%q,"device":%q}`, use, v.Purpose, v.Identity.Device)
		_, err := d.journal.Write(tx, journal.Entry{Actor: v.Identity.Actor(), Purpose: v.Purpose, Case: v.Case,
			Action: journal.BudgetExceeded, Outcome: journal.Refused, Detail: detail})
		if err != nil {
			return err
		}
		return access.Raise(tx, access.BudgetAlarm, v.Identity.Member.ID, detail)
	})
	return errors.Join(cause, err)
}

// Line is a result of a search.
type Line struct {
	person.Line
	Ref     genbo.PersonRef
	Retired bool // found by a number that has been replaced
}

// Results are the masked lines of the people found.
type Results struct {
	Lines []Line
	More  bool // there are more, not shown: ask for more
}

// MaxResults is how many people one search shows.
const MaxResults = 20

// Find shows the people that fit a query as masked lines.
func (d *Desk) Find(ctx context.Context, v Visit, q person.Query) (Results, error) {
	if err := d.allowed(v, string(journal.PersonSearch), ""); err != nil {
		return Results{}, err
	}
	v.Purpose = "search"
	found, err := d.register.Find(ctx, q, MaxResults)
	if err != nil {
		return Results{}, err
	}
	people := journal.PeopleOf(found.People)
	receipt, err := d.journal.Account(ctx, journal.Entry{Actor: v.Identity.Actor(), Purpose: v.Purpose, Case: v.Case,
		Action: journal.PersonSearch, People: people, Fields: person.GlimpseFields, Reason: v.Reason},
		func(tx *db.Tx) error {
			return d.budgets.Spend(tx, v.Identity.Actor(), access.Glimpse, v.Purpose, people)
		})
	if err != nil {
		return Results{}, d.OverBudget(ctx, v, access.Glimpse, err)
	}
	lines, err := d.register.Glimpse(ctx, receipt, found.People)
	if err != nil {
		return Results{}, err
	}
	retired, err := d.retired(ctx, v, q.Number)
	if err != nil {
		return Results{}, err
	}
	results := Results{More: found.More}
	for _, l := range lines {
		ref, err := d.vault.Ref(l.ID)
		if err != nil {
			return Results{}, err
		}
		results.Lines = append(results.Lines, Line{Line: l, Ref: ref, Retired: retired})
	}
	return results, nil
}

// retired reports whether a number has been replaced, and tells the security officers that it was shown.
func (d *Desk) retired(ctx context.Context, v Visit, n genbo.Number) (bool, error) {
	if n.IsZero() {
		return false, nil
	}
	var state person.NumberState
	err := d.db.View(ctx, func(tx *db.Tx) (err error) {
		_, state, err = d.register.StateOf(tx, n)
		return err
	})
	if errors.Is(err, genbo.ErrNotFound) {
		return false, nil
	}
	if err != nil || state != person.Retired {
		return false, err
	}
	return true, d.db.Share(ctx, func(tx *db.Tx) error {
		return access.Raise(tx, access.RetiredAlarm, v.Identity.Member.ID, fmt.Sprintf(`{"device":%q}`, v.Identity.Device))
	})
}

// File is a person as opened.
type File struct {
	Ref       genbo.PersonRef
	Record    *person.Record
	Absorbed  []Absorbed      // people merged into him
	Looks     []journal.Entry // everything disclosed of him, and every change; newest first
	Proposals []person.Proposal
	Pending   []approval.Request
	Opened    time.Time
	Entry     genbo.EntryID // the entry that accounts for this look
}

// Absorbed is a person merged into another.
type Absorbed struct {
	Ref    genbo.PersonRef
	Record *person.Record
}

// shownLooks is how many looks a person's page shows.
const shownLooks = 100

// Open opens a person for a visit. A reference to a merged person opens the one who stands for him.
func (d *Desk) Open(ctx context.Context, v Visit, ref genbo.PersonRef) (*File, error) {
	id, err := d.vault.Person(ref)
	if err != nil {
		return nil, err
	}
	return d.open(ctx, v, id)
}

// OpenNumber opens the person with a number, for whoever has the number before him and needs no search.
func (d *Desk) OpenNumber(ctx context.Context, v Visit, n genbo.Number) (*File, error) {
	var id genbo.PersonID
	err := d.db.View(ctx, func(tx *db.Tx) (err error) {
		id, err = d.register.Holder(tx, n)
		return err
	})
	if err != nil {
		return nil, err
	}
	f, err := d.open(ctx, v, id)
	if err != nil {
		return nil, err
	}
	_, err = d.retired(ctx, v, n)
	return f, err
}

func (d *Desk) open(ctx context.Context, v Visit, id genbo.PersonID) (*File, error) {
	purpose, err := d.budgets.Purpose(v.Purpose)
	if err != nil {
		return nil, err
	}
	id, office, err := d.standing(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := d.allowed(v, string(journal.PersonOpen), office); err != nil {
		return nil, err
	}
	group, err := d.group(ctx, id)
	if err != nil {
		return nil, err
	}
	people := journal.PeopleOf(group)
	receipt, err := d.journal.Account(ctx, journal.Entry{Actor: v.Identity.Actor(), Purpose: v.Purpose, Case: v.Case,
		Action: journal.PersonOpen, People: people, Fields: purpose.Fields, Reason: v.Reason},
		func(tx *db.Tx) error {
			return d.budgets.Spend(tx, v.Identity.Actor(), access.Open, v.Purpose, people)
		})
	if err != nil {
		return nil, d.OverBudget(ctx, v, access.Open, err)
	}
	return d.file(ctx, receipt, group)
}

// whom reads a reference: who stands for the person, and the office in charge of him.
func (d *Desk) whom(ctx context.Context, ref genbo.PersonRef) (id genbo.PersonID, office genbo.OfficeID, err error) {
	if id, err = d.vault.Person(ref); err != nil {
		return 0, "", err
	}
	return d.standing(ctx, id)
}

// standing is who stands for a person after merges, and the office in charge of him.
func (d *Desk) standing(ctx context.Context, person genbo.PersonID) (id genbo.PersonID, office genbo.OfficeID, err error) {
	err = d.db.View(ctx, func(tx *db.Tx) error {
		if id, err = d.register.Resolve(tx, person); err != nil {
			return err
		}
		office, err = d.register.OfficeOf(tx, id)
		return err
	})
	return id, office, err
}

// group is a person and all who have been merged into him, directly or not.
func (d *Desk) group(ctx context.Context, id genbo.PersonID) (group []genbo.PersonID, err error) {
	err = d.db.View(ctx, func(tx *db.Tx) error {
		group = []genbo.PersonID{id}
		for i := 0; i < len(group); i++ {
			more, err := d.register.Absorbed(tx, group[i])
			if err != nil {
				return err
			}
			group = append(group, more...)
		}
		return nil
	})
	return group, err
}

// file opens a group under a receipt and gathers what belongs on the page.
func (d *Desk) file(ctx context.Context, receipt journal.Receipt, group []genbo.PersonID) (*File, error) {
	f := &File{Opened: receipt.At(), Entry: receipt.Entry()}
	for i, id := range group {
		record, err := d.register.Open(ctx, receipt, id)
		if err != nil {
			return nil, err
		}
		ref, err := d.vault.Ref(id)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			f.Ref, f.Record = ref, record
		} else {
			f.Absorbed = append(f.Absorbed, Absorbed{ref, record})
		}
	}
	var err error
	if f.Proposals, err = d.register.Proposals(ctx, receipt, group[0]); err != nil {
		return nil, err
	}
	if f.Looks, err = d.index.OfPerson(ctx, group[0], time.Time{}, shownLooks); err != nil {
		return nil, err
	}
	err = d.db.View(ctx, func(tx *db.Tx) (err error) {
		f.Pending, err = d.approvals.OpenFor(tx, group[0])
		return err
	})
	return f, err
}

// AllLooks returns everything that was ever disclosed of an opened person, and every change, newest first.
func (d *Desk) AllLooks(ctx context.Context, f *File) ([]journal.Entry, error) {
	return d.index.OfPerson(ctx, f.Record.ID, time.Time{}, math.MaxInt32)
}

// MayChange reports whether the visitor may change a person whom an office is in charge of.
func (d *Desk) MayChange(v Visit, office genbo.OfficeID) bool {
	return d.allowed(v, string(journal.PersonChange), office) == nil
}

// countFor is for how long a count of people is shown again: counting reads the whole register.
const countFor = time.Minute

// counted is the last count of people.
type counted struct {
	mu     sync.Mutex
	people int64
	at     time.Time
}

// CountPeople is how many people have been entered, not older than a minute.
func (d *Desk) CountPeople(ctx context.Context) (int64, error) {
	d.counted.mu.Lock()
	defer d.counted.mu.Unlock()
	now := d.db.Now()
	if !d.counted.at.IsZero() && now.Sub(d.counted.at) < countFor {
		return d.counted.people, nil
	}
	err := d.db.View(ctx, func(tx *db.Tx) (err error) {
		d.counted.people, err = d.register.Count(tx)
		return err
	})
	if err == nil {
		d.counted.at = now
	}
	return d.counted.people, err
}
