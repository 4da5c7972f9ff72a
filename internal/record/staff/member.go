package staff

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/journal"
)

// Role is what a member of staff does.
type Role string

// The roles.
const (
	Clerk    Role = "clerk"
	Approver Role = "approver"
	Security Role = "security"
	Operator Role = "operator" // of the hotline
	Auditor  Role = "auditor"
	Admin    Role = "admin"
)

// Roles is every role, in the order of a page.
var Roles = []Role{Clerk, Approver, Security, Operator, Auditor, Admin}

// Office is an office of the agency.
type Office struct {
	ID   genbo.OfficeID
	Name string
}

// Member is a member of staff.
type Member struct {
	ID        genbo.StaffID
	Holder    string // the human being behind the account, as an employee number; "" if he has no other account
	Name      string
	Office    genbo.OfficeID
	Roles     []Role
	Active    bool
	CreatedAt time.Time
}

// Has reports whether the member has a role.
func (m Member) Has(r Role) bool { return slices.Contains(m.Roles, r) }

// Directory is the staff of one register. It is safe for concurrent use.
type Directory struct {
	db      *db.DB
	journal *journal.Journal
}

// New returns the directory in a database.
func New(d *db.DB, j *journal.Journal) *Directory { return &Directory{db: d, journal: j} }

// SetOffice enters an office or renames it.
func (d *Directory) SetOffice(ctx context.Context, by journal.Actor, o Office) error {
	if o.ID == "" || strings.TrimSpace(o.Name) == "" {
		return genbo.NewFault("office", "text.empty")
	}
	return d.db.Update(ctx, func(tx *db.Tx) error {
		_, err := tx.Home().Exec("INSERT INTO office (id, name) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
			string(o.ID), o.Name)
		if err != nil {
			return fmt.Errorf("set office: %w", err)
		}
		return d.note(tx, by, "", fmt.Sprintf(`{"office":%q}`, o.ID))
	})
}

// Offices lists the offices by code.
func (d *Directory) Offices(ctx context.Context) (list []Office, err error) {
	err = d.db.View(ctx, func(tx *db.Tx) error {
		return tx.Home().Each("SELECT id, name FROM office ORDER BY id", nil, func(scan func(...any) error) error {
			var o Office
			err := scan(&o.ID, &o.Name)
			list = append(list, o)
			return err
		})
	})
	return list, err
}

// OfficeCodes lists the codes of the offices, in order.
func (d *Directory) OfficeCodes(tx *db.Tx) (list []genbo.OfficeID, err error) {
	err = tx.Home().Each("SELECT id FROM office ORDER BY id", nil, func(scan func(...any) error) error {
		var id genbo.OfficeID
		err := scan(&id)
		list = append(list, id)
		return err
	})
	return list, err
}

var staffID = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,39}$`)

// Add enters a new member of staff.
func (d *Directory) Add(ctx context.Context, by journal.Actor, m Member) error {
	if !staffID.MatchString(string(m.ID)) || m.ID == "system" {
		return genbo.NewFault("id", "staff.id")
	}
	if strings.TrimSpace(m.Name) == "" {
		return genbo.NewFault("name", "text.empty")
	}
	return d.db.Update(ctx, func(tx *db.Tx) error {
		_, err := tx.Home().Exec("INSERT INTO staff (id, holder, name, office, active, created_at) VALUES (?, ?, ?, ?, 1, ?)",
			string(m.ID), m.Holder, m.Name, string(m.Office), db.Millis(tx.Now))
		if err != nil {
			return fmt.Errorf("add staff: %w", err)
		}
		if err := setRoles(tx, m.ID, m.Roles); err != nil {
			return err
		}
		return d.note(tx, by, "", fmt.Sprintf(`{"staff":%q,"added":true,"holder":%q,"office":%q,"roles":%q}`, m.ID, m.Holder, m.Office, join(m.Roles)))
	})
}

// Change sets the name, office, roles and activity of a member. Sessions of a member who loses anything are
// ended at once.
func (d *Directory) Change(ctx context.Context, by journal.Actor, m Member, reason string) error {
	return d.db.Update(ctx, func(tx *db.Tx) error {
		if by.Staff == m.ID {
			return fmt.Errorf("change staff: nobody changes his own account: %w", genbo.ErrForbidden)
		}
		active := 0
		if m.Active {
			active = 1
		}
		n, err := tx.Home().Exec("UPDATE staff SET holder = ?, name = ?, office = ?, active = ? WHERE id = ?", m.Holder, m.Name, string(m.Office), active, string(m.ID))
		if err == nil && n == 0 {
			err = genbo.ErrNotFound
		}
		if err != nil {
			return fmt.Errorf("change staff: %w", err)
		}
		if err := setRoles(tx, m.ID, m.Roles); err != nil {
			return err
		}
		if err := endAll(tx, m.ID); err != nil {
			return err
		}
		return d.note(tx, by, reason, fmt.Sprintf(`{"staff":%q,"active":%t,"holder":%q,"office":%q,"roles":%q}`, m.ID, m.Active, m.Holder, m.Office, join(m.Roles)))
	})
}

func setRoles(tx *db.Tx, id genbo.StaffID, roles []Role) error {
	if _, err := tx.Home().Exec("DELETE FROM staff_role WHERE staff = ?", string(id)); err != nil {
		return fmt.Errorf("set roles: %w", err)
	}
	for _, r := range roles {
		if !slices.Contains(Roles, r) {
			return genbo.NewFault("roles", "staff.role")
		}
		if _, err := tx.Home().Exec("INSERT INTO staff_role (staff, role) VALUES (?, ?)", string(id), string(r)); err != nil {
			return fmt.Errorf("set roles: %w", err)
		}
	}
	return nil
}

func join(roles []Role) string {
	texts := make([]string, len(roles))
	for i, r := range roles {
		texts[i] = string(r)
	}
	return strings.Join(texts, " ")
}

// note writes a change of staff into the journal.
func (d *Directory) note(tx *db.Tx, by journal.Actor, reason, detail string) error {
	_, err := d.journal.Write(tx, journal.Entry{Actor: by, Action: journal.StaffChange, Reason: reason, Detail: detail})
	return err
}

// Get returns a member of staff.
func (d *Directory) Get(ctx context.Context, id genbo.StaffID) (m Member, err error) {
	err = d.db.View(ctx, func(tx *db.Tx) (err error) {
		m, err = get(tx, id)
		return err
	})
	return m, err
}

func get(tx *db.Tx, id genbo.StaffID) (Member, error) {
	m := Member{ID: id}
	var created int64
	err := tx.Home().Row("SELECT holder, name, office, active, created_at FROM staff WHERE id = ?", []any{string(id)}, &m.Holder, &m.Name, &m.Office, &m.Active, &created)
	if err != nil {
		return Member{}, fmt.Errorf("member of staff: %w", err)
	}
	m.CreatedAt = db.FromMillis(created)
	err = tx.Home().Each("SELECT role FROM staff_role WHERE staff = ?", []any{string(id)}, func(scan func(...any) error) error {
		var r Role
		err := scan(&r)
		m.Roles = append(m.Roles, r)
		return err
	})
	slices.SortFunc(m.Roles, func(a, b Role) int { return slices.Index(Roles, a) - slices.Index(Roles, b) })
	return m, err
}

// List returns the staff by identifier.
func (d *Directory) List(ctx context.Context) (list []Member, err error) {
	err = d.db.View(ctx, func(tx *db.Tx) error {
		var ids []genbo.StaffID
		err := tx.Home().Each("SELECT id FROM staff ORDER BY id", nil, func(scan func(...any) error) error {
			var id genbo.StaffID
			err := scan(&id)
			ids = append(ids, id)
			return err
		})
		if err != nil {
			return err
		}
		for _, id := range ids {
			m, err := get(tx, id)
			if err != nil {
				return err
			}
			list = append(list, m)
		}
		return nil
	})
	return list, err
}
