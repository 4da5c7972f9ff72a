package finding

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/journal"
)

// Ask is what a security officer asks of an office: to act on its unprotected cases by a day.
type Ask struct {
	ID          string
	Office      genbo.OfficeID
	At          time.Time
	By          genbo.StaffID
	Due         genbo.Date
	Words       string
	Unprotected int64 // then
	AnsweredAt  time.Time
	AnsweredBy  genbo.StaffID
	ProvenAt    time.Time // by a report; zero while it is open
	ProvenBy    genbo.DeviceID
}

// Overdue reports whether the day has passed without proof.
func (a Ask) Overdue(today genbo.Date) bool { return a.ProvenAt.IsZero() && today > a.Due }

const (
	maxWords   = 600 // characters
	maxDueDays = 366
)

// Ask asks an office to act by a day. An office that is clean, or is asked already, is [genbo.ErrConflict].
func (s *Store) Ask(ctx context.Context, by journal.Actor, office genbo.OfficeID, due genbo.Date, words string) error {
	words = strings.TrimSpace(words)
	return s.db.Update(ctx, func(tx *db.Tx) error {
		if err := s.known(tx, office); err != nil {
			return err
		}
		if err := checkAsk(words, due, genbo.DateOf(tx.Now.In(genbo.Japan))); err != nil {
			return err
		}
		devices, err := s.devices(tx, "d.office = ?", string(office))
		if err != nil {
			return err
		}
		now := s.rule.sum(office, devices)
		open, err := s.openAsk(tx, office)
		if err != nil {
			return err
		}
		if open.ID != "" || now.State == Clean {
			return fmt.Errorf("ask office to act: it is clean, or asked already: %w", genbo.ErrConflict)
		}
		return s.enterAsk(tx, by, Ask{ID: strings.ToLower(rand.Text()[:12]), Office: office, Due: due, Words: words, Unprotected: now.Unprotected})
	})
}

// checkAsk finds everything that is wrong, so that it is mended at once.
func checkAsk(words string, due, today genbo.Date) error {
	var faults []error
	if due < today || due > today.AddDays(maxDueDays) {
		faults = append(faults, genbo.NewFault("due", "scan.due", maxDueDays))
	}
	switch {
	case words == "":
		faults = append(faults, genbo.NewFault("words", "text.empty"))
	case utf8.RuneCountInString(words) > maxWords:
		faults = append(faults, genbo.NewFault("words", "text.long", maxWords))
	}
	return errors.Join(faults...)
}

func (s *Store) enterAsk(tx *db.Tx, by journal.Actor, a Ask) error {
	entry, err := s.write(tx, journal.Entry{Actor: by, Action: journal.FindingAsk, Reason: a.Words,
		Detail: fmt.Sprintf(`{"ask":%q,"office":%q,"due":%q,"unprotected":%d}`, a.ID, a.Office, a.Due, a.Unprotected)})
	if err != nil {
		return err
	}
	sealed, err := s.vault.SealText(a.Words, "finding ask "+a.ID)
	if err != nil {
		return err
	}
	_, err = tx.Home().Exec("INSERT INTO finding_ask (id, office, at, staff, due, words, bare, entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		a.ID, string(a.Office), db.Millis(tx.Now), string(by.Staff), int64(a.Due), sealed, a.Unprotected, entry)
	if err != nil {
		return fmt.Errorf("ask office to act: %w", err)
	}
	return nil
}

// Answer notes that an office says it acts on what is asked of it. The figure stays as it is.
func (s *Store) Answer(ctx context.Context, by journal.Actor, office genbo.OfficeID) error {
	return s.db.Update(ctx, func(tx *db.Tx) error {
		a, err := s.openAsk(tx, office)
		if err != nil {
			return err
		}
		if a.ID == "" || !a.AnsweredAt.IsZero() {
			return fmt.Errorf("answer for office: nothing is asked, or it is answered: %w", genbo.ErrConflict)
		}
		entry, err := s.write(tx, journal.Entry{Actor: by, Action: journal.FindingAnswer, Detail: fmt.Sprintf(`{"ask":%q,"office":%q}`, a.ID, office)})
		if err != nil {
			return err
		}
		_, err = tx.Home().Exec("INSERT INTO finding_answer (ask, at, staff, entry) VALUES (?, ?, ?, ?)", a.ID, db.Millis(tx.Now), string(by.Staff), entry)
		return err
	})
}

// prove closes what is asked of an office if by the report that has just come in the office is clean.
func (s *Store) prove(tx *db.Tx, device genbo.DeviceID, office genbo.OfficeID) error {
	a, err := s.openAsk(tx, office)
	if err != nil || a.ID == "" {
		return err
	}
	devices, err := s.devices(tx, "d.office = ?", string(office))
	if err != nil || s.rule.sum(office, devices).State != Clean {
		return err
	}
	entry, err := s.write(tx, journal.Entry{Actor: agent(device), Action: journal.FindingProof, Detail: fmt.Sprintf(`{"ask":%q,"office":%q}`, a.ID, office)})
	if err != nil {
		return err
	}
	_, err = tx.Home().Exec("INSERT INTO finding_proof (ask, at, device, entry) VALUES (?, ?, ?, ?)", a.ID, db.Millis(tx.Now), string(device), entry)
	return err
}

// openAsk is what is asked of an office and not proven; the zero Ask if nothing is.
func (s *Store) openAsk(tx *db.Tx, office genbo.OfficeID) (Ask, error) {
	if office == "" {
		return Ask{}, nil
	}
	list, err := s.asks(tx, "a.office = ? AND p.ask IS NULL", string(office))
	if err != nil || len(list) == 0 {
		return Ask{}, err
	}
	return list[0], nil
}

// asks reads what a condition chooses, the newest first.
func (s *Store) asks(tx *db.Tx, where string, args ...any) (list []Ask, err error) {
	err = tx.Home().Each(`SELECT a.id, a.office, a.at, a.staff, a.due, a.words, a.bare, COALESCE(r.at, 0), COALESCE(r.staff, ''), COALESCE(p.at, 0), COALESCE(p.device, '')
		FROM finding_ask a LEFT JOIN finding_answer r ON r.ask = a.id LEFT JOIN finding_proof p ON p.ask = a.id
		WHERE `+where+" ORDER BY a.at DESC, a.id", args, func(scan func(...any) error) error {
		var a Ask
		var at, due, answered, proven int64
		var words []byte
		err := scan(&a.ID, &a.Office, &at, &a.By, &due, &words, &a.Unprotected, &answered, &a.AnsweredBy, &proven, &a.ProvenBy)
		if err != nil {
			return err
		}
		a.At, a.Due = db.FromMillis(at), genbo.Date(due)
		if answered > 0 {
			a.AnsweredAt = db.FromMillis(answered)
		}
		if proven > 0 {
			a.ProvenAt = db.FromMillis(proven)
		}
		a.Words, err = s.vault.OpenText(words, "finding ask "+a.ID)
		list = append(list, a)
		return err
	})
	return list, err
}

// OpenAsk is what is asked of an office and not proven; [genbo.ErrNotFound] if nothing is.
func (s *Store) OpenAsk(ctx context.Context, office genbo.OfficeID) (a Ask, err error) {
	err = s.db.View(ctx, func(tx *db.Tx) (err error) {
		a, err = s.openAsk(tx, office)
		return err
	})
	if err == nil && a.ID == "" {
		err = genbo.ErrNotFound
	}
	return a, err
}

// Figure is the unprotected cases of an office, or of all, "", and whether there may be more: an office without a device may have any.
func (s *Store) Figure(ctx context.Context, office genbo.OfficeID) (cases int64, atLeast bool, err error) {
	err = s.db.View(ctx, func(tx *db.Tx) error {
		where, args := "d.office = ?", []any{string(office)}
		if office == "" {
			where, args = "1 = 1", nil
		}
		devices, err := s.devices(tx, where, args...)
		o := s.rule.sum(office, devices)
		cases, atLeast = o.Unprotected, o.AtLeast()
		if err != nil || office != "" || atLeast {
			return err
		}
		offices, err := s.directory.OfficeCodes(tx)
		for _, id := range offices {
			atLeast = atLeast || !slices.ContainsFunc(devices, func(d Device) bool { return d.Office == id })
		}
		return err
	})
	return cases, atLeast, err
}
