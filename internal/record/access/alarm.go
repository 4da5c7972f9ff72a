package access

import (
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"genbo"
	"genbo/internal/base/db"
)

// AlarmKind is what the security officer is told of.
type AlarmKind string

// The kinds of alarm.
const (
	BudgetAlarm  AlarmKind = "budget"         // somebody wanted to see more people than his budget
	RetiredAlarm AlarmKind = "retired-number" // somebody came with a number that has been replaced
	SecondAlarm  AlarmKind = "second-look"    // a change was marked for a second look
	GlassAlarm   AlarmKind = "break-glass"    // a list was taken without approval, in an emergency
	DeviceAlarm  AlarmKind = "device"         // a device that was cut off, or is another than it should be, called
	SealAlarm    AlarmKind = "seal"           // a sealed file was altered, or put together from two
	MixedAlarm   AlarmKind = "mixed-sheets"   // a contractor's file is not what was handed to him
	CopyAlarm    AlarmKind = "copy-found"     // an agent met a copy of an extract
	ShrunkAlarm  AlarmKind = "scan-shrunk"    // an agent suddenly watches far fewer files than before
	RewriteAlarm AlarmKind = "scan-rewritten" // a report came again with other content
)

// Alarm is one of them.
type Alarm struct {
	ID     string
	At     time.Time
	Kind   AlarmKind
	Staff  genbo.StaffID
	Detail string // JSON, never personal data
	SeenAt time.Time
	SeenBy genbo.StaffID
}

// Raise tells the security officers of something. Detail holds no personal data.
func Raise(tx *db.Tx, kind AlarmKind, staff genbo.StaffID, detail string) error {
	id := strings.ToLower(rand.Text()[:16])
	_, err := tx.Home().Exec("INSERT INTO alarm (id, at, kind, staff, detail) VALUES (?, ?, ?, ?, ?)",
		id, db.Millis(tx.Now), string(kind), string(staff), detail)
	if err != nil {
		return fmt.Errorf("raise alarm: %w", err)
	}
	return nil
}

// Alarms returns the newest alarms, at most limit; with open, only those that nobody has seen.
func Alarms(tx *db.Tx, open bool, limit int) (list []Alarm, err error) {
	seen := int64(1) << 62
	if open {
		seen = 0
	}
	err = tx.Home().Each(`SELECT id, at, kind, staff, detail, COALESCE(seen_at, 0), COALESCE(seen_by, '') FROM alarm
		WHERE COALESCE(seen_at, 0) <= ? ORDER BY at DESC, id LIMIT ?`, []any{seen, limit}, func(scan func(...any) error) error {
		var a Alarm
		var at, seenAt int64
		err := scan(&a.ID, &at, &a.Kind, &a.Staff, &a.Detail, &seenAt, &a.SeenBy)
		a.At = db.FromMillis(at)
		if seenAt > 0 {
			a.SeenAt = db.FromMillis(seenAt)
		}
		list = append(list, a)
		return err
	})
	return list, err
}

// Acknowledge notes that a security officer has seen an alarm.
func Acknowledge(tx *db.Tx, id string, by genbo.StaffID) error {
	n, err := tx.Home().Exec("UPDATE alarm SET seen_at = ?, seen_by = ? WHERE id = ? AND seen_at IS NULL", db.Millis(tx.Now), string(by), id)
	if err == nil && n == 0 {
		err = genbo.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("acknowledge alarm: %w", err)
	}
	return nil
}
