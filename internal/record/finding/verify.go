package finding

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"

	"genbo"
	"genbo/internal/base/db"
)

// kept is a report as its rows hold it.
type kept struct {
	Report
	device genbo.DeviceID
	seq    int64
	bare   int64
	digest []byte
	entry  []byte
}

// Verify compares every report with the digest that the journal has of it, what each device has come to with its reports,
// and every request to delete with its entry. It calls problem for each that was changed or is missing.
func (s *Store) Verify(tx *db.Tx, problem func(what string, args ...any)) error {
	reports, err := keptReports(tx)
	if err != nil {
		return err
	}
	last := map[genbo.DeviceID]int64{}
	for _, k := range reports {
		if k.seq != last[k.device]+1 {
			problem("device %s has no report %d", k.device, last[k.device]+1)
		}
		last[k.device] = k.seq
		if err := k.readParts(tx); err != nil {
			return err
		}
		same, err := s.asRecorded(tx, k)
		if err != nil {
			return err
		}
		if !same {
			problem("report %d of device %s is not what the journal has of it", k.seq, k.device)
		}
	}
	if err := s.verifyDeletions(tx, problem); err != nil {
		return err
	}
	return tx.Home().Each("SELECT device, seq FROM finding_device", nil, func(scan func(...any) error) error {
		var device genbo.DeviceID
		var seq int64
		err := scan(&device, &seq)
		if err == nil && seq != last[device] {
			problem("device %s has come to report %d, and its last is %d", device, seq, last[device])
		}
		return err
	})
}

func keptReports(tx *db.Tx) (list []*kept, err error) {
	err = tx.Home().Each(`SELECT device, seq, scan, begun, ended, kind, complete, files, bytes, unread, persons, bare, agent, digest, entry FROM finding
		ORDER BY device, seq`, nil, func(scan func(...any) error) error {
		k := &kept{}
		var begun, ended, complete int64
		var kind string
		err := scan(&k.device, &k.seq, &k.Scan, &begun, &ended, &kind, &complete, &k.Files, &k.Bytes, &k.Unread, &k.Persons, &k.bare, &k.Agent, &k.digest, &k.entry)
		k.Begun, k.Ended, k.Full, k.Complete = db.FromMillis(begun), db.FromMillis(ended), kind == "full", complete == 1
		list = append(list, k)
		return err
	})
	return list, err
}

func (k *kept) readParts(tx *db.Tx) error {
	key := []any{string(k.device), k.seq}
	err := tx.Home().Each("SELECT fields, open, weak, locked, persons FROM finding_set WHERE device = ? AND seq = ?", key, func(scan func(...any) error) error {
		var one Set
		var fields int64
		err := scan(&fields, &one.Open, &one.Weak, &one.Locked, &one.Persons)
		one.Fields = genbo.FieldSet(fields)
		k.Sets = append(k.Sets, one)
		return err
	})
	if err != nil {
		return err
	}
	copies, err := copiesOf(tx, k.device, k.seq)
	for id, cases := range copies {
		k.Copies = append(k.Copies, Copy{id, cases})
	}
	return err
}

// asRecorded reports whether the rows, their digest and the journal's say the same.
func (s *Store) asRecorded(tx *db.Tx, k *kept) (bool, error) {
	digest, err := k.Report.canonical().digest()
	if err != nil {
		return false, err
	}
	e, err := s.journal.Read(tx, genbo.HomeBucket, genbo.EntryID(hex.EncodeToString(k.entry)))
	if errors.Is(err, genbo.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var d struct{ Digest string }
	if err := json.Unmarshal([]byte(e.Detail), &d); err != nil {
		return false, nil //nolint:nilerr // what does not read is not what was recorded
	}
	return e.Actor.Device == k.device && d.Digest == hex.EncodeToString(digest) && bytes.Equal(digest, k.digest) && k.bare == k.Report.Unprotected(), nil
}

// verifyDeletions compares what approvers see of each request to delete with what the journal has of it.
func (s *Store) verifyDeletions(tx *db.Tx, problem func(what string, args ...any)) error {
	type row struct {
		id    string
		entry []byte
	}
	var rows []row
	err := tx.Home().Each("SELECT approval, entry FROM finding_deletion ORDER BY approval", nil, func(scan func(...any) error) error {
		var r row
		err := scan(&r.id, &r.entry)
		rows = append(rows, r)
		return err
	})
	for _, r := range rows {
		var same bool
		if err == nil {
			same, err = s.deletionAsRecorded(tx, r.id, r.entry)
		}
		if err == nil && !same {
			problem("request %s to delete is not what the journal has of it", r.id)
		}
	}
	return err
}

func (s *Store) deletionAsRecorded(tx *db.Tx, id string, entry []byte) (bool, error) {
	r, err := s.approvals.Get(tx, id)
	if errors.Is(err, genbo.ErrTampered) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	e, err := s.journal.Read(tx, genbo.HomeBucket, genbo.EntryID(hex.EncodeToString(entry)))
	if errors.Is(err, genbo.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	asked, err := ParseDeletion(r.Subject)
	return err == nil && e.Actor.Device == asked.Device && e.Detail == asked.detail(id), nil //nolint:nilerr // what does not read is not what was recorded
}
