package finding

import (
	"context"
	"fmt"
	"slices"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/journal"
)

// Place says in which office a device stands; "" is that it is watched no more. From then on its figures count there, and
// an office that a device was placed in is not clean before the device has reported.
func (s *Store) Place(ctx context.Context, by journal.Actor, device genbo.DeviceID, office genbo.OfficeID, reason string) error {
	if device == "" || len(device) > 200 {
		return genbo.NewFault("device", "text.empty")
	}
	if reason == "" {
		return genbo.NewFault("reason", "text.empty")
	}
	err := s.db.Update(ctx, func(tx *db.Tx) error {
		if office != "" {
			if err := s.known(tx, office); err != nil {
				return err
			}
		}
		if _, err := lockHead(tx, device); err != nil {
			return err
		}
		entry, err := s.write(tx, journal.Entry{Actor: by, Action: journal.FindingPlace, Reason: reason, Detail: fmt.Sprintf(`{"device":%q,"office":%q}`, device, office)})
		if err != nil {
			return err
		}
		now, placed := db.Millis(tx.Now), int64(0)
		err = tx.Home().Row("UPDATE finding_device SET office = ?, since = ?, placed = placed + 1 WHERE device = ? RETURNING placed",
			[]any{string(office), now, string(device)}, &placed)
		if err != nil {
			return err
		}
		_, err = tx.Home().Exec("INSERT INTO finding_place (device, seq, office, at, day, staff, entry) VALUES (?, ?, ?, ?, ?, ?, ?)",
			string(device), placed, string(office), now, dayOf(tx.Now), string(by.Staff), entry)
		return err
	})
	if err != nil {
		return fmt.Errorf("place device: %w", err)
	}
	return nil
}

// known returns nil for an office that there is.
func (s *Store) known(tx *db.Tx, office genbo.OfficeID) error {
	codes, err := s.directory.OfficeCodes(tx)
	if err == nil && !slices.Contains(codes, office) {
		err = genbo.NewFault("office", "scan.office")
	}
	return err
}
