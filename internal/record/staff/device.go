package staff

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/journal"
)

// DeviceState is a device that has been cut off, or was once.
type DeviceState struct {
	ID  genbo.DeviceID
	Out bool
	At  time.Time
	By  genbo.StaffID
}

// CutOff shuts a device out: its sessions end, and from this moment nothing is answered to it.
func (d *Directory) CutOff(ctx context.Context, by journal.Actor, device genbo.DeviceID, reason string) error {
	if device == "" || len(device) > 200 {
		return genbo.NewFault("device", "text.empty")
	}
	return d.db.Update(ctx, func(tx *db.Tx) error {
		if err := d.setDevice(tx, by, device, "out", reason); err != nil {
			return err
		}
		_, err := tx.Home().Exec("UPDATE session SET ended_at = ? WHERE device = ? AND ended_at IS NULL", db.Millis(tx.Now), string(device))
		if err != nil {
			return fmt.Errorf("cut off device: %w", err)
		}
		return nil
	})
}

// LetIn lets a device in again, in the transaction of the approval that allows it.
func (d *Directory) LetIn(tx *db.Tx, by journal.Actor, device genbo.DeviceID, reason string) error {
	return d.setDevice(tx, by, device, "in", reason)
}

func (d *Directory) setDevice(tx *db.Tx, by journal.Actor, device genbo.DeviceID, state, reason string) error {
	entry, err := d.journal.Write(tx, journal.Entry{Actor: by, Action: journal.DeviceChange, Reason: reason,
		Detail: fmt.Sprintf(`{"device":%q,"state":%q}`, device, state)})
	if err != nil {
		return err
	}
	key, err := hex.DecodeString(string(entry))
	if err != nil {
		return fmt.Errorf("change device: %w", err)
	}
	_, err = tx.Home().Exec(`INSERT INTO device (id, state, at, staff, entry) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, at = excluded.at, staff = excluded.staff, entry = excluded.entry`,
		string(device), state, db.Millis(tx.Now), string(by.Staff), key)
	if err != nil {
		return fmt.Errorf("change device: %w", err)
	}
	return nil
}

// Admitted returns nil if a device has not been cut off, else [genbo.ErrForbidden].
func (d *Directory) Admitted(tx *db.Tx, device genbo.DeviceID) error {
	var state string
	err := tx.Home().Row("SELECT state FROM device WHERE id = ?", []any{string(device)}, &state)
	if errors.Is(err, genbo.ErrNotFound) {
		return nil
	}
	if err == nil && state != "in" {
		err = fmt.Errorf("the device has been cut off: %w", genbo.ErrForbidden)
	}
	return err
}

// Devices lists the devices that have ever been cut off, the latest change first.
func (d *Directory) Devices(ctx context.Context) (list []DeviceState, err error) {
	err = d.db.View(ctx, func(tx *db.Tx) error {
		return tx.Home().Each("SELECT id, state, at, staff FROM device ORDER BY at DESC, id", nil, func(scan func(...any) error) error {
			var s DeviceState
			var state string
			var at int64
			err := scan(&s.ID, &state, &at, &s.By)
			s.Out, s.At = state != "in", db.FromMillis(at)
			list = append(list, s)
			return err
		})
	})
	return list, err
}
