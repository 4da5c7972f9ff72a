package access

import (
	"fmt"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/journal"
)

// Use is what a look costs.
type Use string

// The uses.
const (
	Open    Use = "open"    // a whole person
	Glimpse Use = "glimpse" // a masked line of a result
	List    Use = "list"    // a row of a worklist
	File    Use = "file"    // a file that was opened or handed over
)

// Budgets counts the people that staff are shown.
type Budgets struct {
	limits   Limits
	purposes map[string]Purpose
}

// NewBudgets returns budgets with the given limits and purposes.
func NewBudgets(limits Limits, purposes []Purpose) *Budgets {
	b := &Budgets{limits: limits, purposes: map[string]Purpose{}}
	for _, p := range purposes {
		b.purposes[p.Code] = p
	}
	return b
}

// Purpose returns a purpose by its code, or the fault purpose.unknown.
func (b *Budgets) Purpose(code string) (Purpose, error) {
	p, ok := b.purposes[code]
	if !ok {
		return Purpose{}, genbo.NewFault("purpose", "purpose.unknown")
	}
	return p, nil
}

// window is how long a limit looks back: slots of one grain.
type window struct {
	grain string
	size  time.Duration // of a slot
	slots int64         // how many before the running one belong to it
	keep  int64         // how many are kept
}

var (
	fiveMinutes = window{"m", time.Minute, 5, 10}
	day         = window{"h", time.Hour, 24, 48}
)

// Spend counts people as shown to an actor, in the transaction that accounts for it. If that would be more
// than a budget allows it is [genbo.ErrBudget], and the transaction must be undone.
func (b *Budgets) Spend(tx *db.Tx, actor journal.Actor, use Use, purpose string, people journal.People) error {
	home, now := tx.Home(), db.Millis(tx.Now)
	_, err := home.Exec("INSERT INTO budget_head (staff, at) VALUES (?, ?) ON CONFLICT (staff) DO UPDATE SET at = excluded.at",
		string(actor.Staff), now)
	if err != nil {
		return fmt.Errorf("count budget: %w", err)
	}
	fresh, err := b.remember(tx, actor, use, purpose, people)
	if err != nil || fresh == 0 {
		return err
	}
	return b.count(tx, actor, use, purpose, fresh)
}

// SpendFile counts the people of a whole file as shown to an actor, once a day for each file. Most is how many
// people in a day its purpose lets him be shown in files, whatever device he is at.
func (b *Budgets) SpendFile(tx *db.Tx, actor journal.Actor, purpose, file string, persons, most int) error {
	actor.Device = ""
	now := db.Millis(tx.Now)
	_, err := tx.Home().Exec("INSERT INTO budget_head (staff, at) VALUES (?, ?) ON CONFLICT (staff) DO UPDATE SET at = excluded.at",
		string(actor.Staff), now)
	if err != nil {
		return fmt.Errorf("count budget: %w", err)
	}
	n, err := tx.Home().Exec(`INSERT INTO budget_use (staff, kind, device, purpose, person, at) VALUES (?, ?, ?, ?, 0, ?)
		ON CONFLICT (staff, kind, device, purpose, person) DO UPDATE SET at = excluded.at WHERE budget_use.at < ?`,
		string(actor.Staff), string(File), string(actor.Device), file, now, db.Millis(tx.Now.Add(-day.size*time.Duration(day.slots))))
	if err != nil {
		return fmt.Errorf("count budget: %w", err)
	}
	if n == 0 {
		return nil
	}
	own, _, err := b.used(tx, day, actor, File, purpose)
	if err != nil {
		return err
	}
	if own+persons > most {
		return fmt.Errorf("%s: %w", File, genbo.ErrBudget)
	}
	return b.add(tx, day, actor, File, purpose, persons)
}

// count adds people to every window, unless one would hold more than its limit.
func (b *Budgets) count(tx *db.Tx, actor journal.Actor, use Use, purpose string, fresh int) error {
	for _, w := range []window{fiveMinutes, day} {
		own, all, err := b.used(tx, w, actor, use, purpose)
		if err != nil {
			return err
		}
		if err := b.allows(w, use, purpose, own+fresh, all+fresh); err != nil {
			return err
		}
		if err := b.add(tx, w, actor, use, purpose, fresh); err != nil {
			return err
		}
	}
	return nil
}

func (b *Budgets) add(tx *db.Tx, w window, actor journal.Actor, use Use, purpose string, people int) error {
	_, err := tx.Home().Exec(`INSERT INTO budget_slot (staff, kind, grain, slot, device, purpose, used) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (staff, kind, grain, slot, device, purpose) DO UPDATE SET used = budget_slot.used + excluded.used`,
		string(actor.Staff), string(use), w.grain, w.slot(tx.Now), string(actor.Device), purpose, people)
	if err != nil {
		return fmt.Errorf("count budget: %w", err)
	}
	return nil
}

func (w window) slot(t time.Time) int64 { return t.Unix() / int64(w.size/time.Second) }

// remember notes the people and returns how many of them are new within a day.
func (b *Budgets) remember(tx *db.Tx, actor journal.Actor, use Use, purpose string, people journal.People) (fresh int, err error) {
	now := db.Millis(tx.Now)
	old := db.Millis(tx.Now.Add(-day.size * time.Duration(day.slots)))
	for p := range people.All() {
		n, err := tx.Home().Exec(`INSERT INTO budget_use (staff, kind, device, purpose, person, at) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (staff, kind, device, purpose, person) DO UPDATE SET at = excluded.at WHERE budget_use.at < ?`,
			string(actor.Staff), string(use), string(actor.Device), purpose, int64(p), now, old)
		if err != nil {
			return 0, fmt.Errorf("count budget: %w", err)
		}
		fresh += int(n)
	}
	return fresh, nil
}

// used is how many new people the actor was shown in a window: on this device for this purpose, and in all.
func (b *Budgets) used(tx *db.Tx, w window, actor journal.Actor, use Use, purpose string) (own, all int, err error) {
	running := w.slot(tx.Now)
	_, err = tx.Home().Exec("DELETE FROM budget_slot WHERE staff = ? AND kind = ? AND grain = ? AND slot < ?",
		string(actor.Staff), string(use), w.grain, running-w.keep)
	if err != nil {
		return 0, 0, fmt.Errorf("count budget: %w", err)
	}
	err = tx.Home().Each("SELECT device, purpose, used FROM budget_slot WHERE staff = ? AND kind = ? AND grain = ? AND slot >= ?",
		[]any{string(actor.Staff), string(use), w.grain, running - w.slots}, func(scan func(...any) error) error {
			var device, why string
			var n int
			err := scan(&device, &why, &n)
			all += n
			if device == string(actor.Device) && why == purpose {
				own += n
			}
			return err
		})
	if err != nil {
		err = fmt.Errorf("count budget: %w", err)
	}
	return own, all, err
}

// allows compares what would be used with the limits of a window.
func (b *Budgets) allows(w window, use Use, purpose string, own, all int) error {
	p, ok := b.purposes[purpose]
	ownLimit, allLimit := p.FiveMinutes, b.limits.OpenFiveMinutes
	if w == day {
		ownLimit, allLimit = p.Day, b.limits.OpenDay
	}
	if use != Open {
		short, long := b.limits.GlimpseFiveMinutes, b.limits.GlimpseDay
		if use == List {
			short, long = b.limits.ListFiveMinutes, b.limits.ListDay
		}
		ownLimit, ok = short, true
		if w == day {
			ownLimit = long
		}
		allLimit = ownLimit
	}
	if !ok || own > ownLimit || all > allLimit {
		return fmt.Errorf("%s: %w", use, genbo.ErrBudget)
	}
	return nil
}
