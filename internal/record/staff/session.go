package staff

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/journal"
)

// Limits of a session.
const (
	IdleLimit    = 20 * time.Minute
	SessionLimit = 8 * time.Hour
	// seenPause is how exact the time of the last request is kept, to spare a write at every request.
	seenPause = time.Minute
)

// Identity is who makes a request.
type Identity struct {
	Member  Member
	Device  genbo.DeviceID
	Expires time.Time
	hash    []byte
}

// Actor is the identity as the journal has it.
func (i Identity) Actor() journal.Actor { return journal.Actor{Staff: i.Member.ID, Device: i.Device} }

// Session names the session that the request belongs to, for what is bound to it.
func (i Identity) Session() []byte { return i.hash }

// Live returns nil while a session has not ended and its member and device are admitted.
func (d *Directory) Live(tx *db.Tx, session []byte, device genbo.DeviceID) (Member, error) {
	var id genbo.StaffID
	var expires int64
	err := tx.Home().Row("SELECT staff, expires_at FROM session WHERE hash = ? AND device = ? AND ended_at IS NULL",
		[]any{session, string(device)}, &id, &expires)
	if errors.Is(err, genbo.ErrNotFound) || err == nil && !tx.Now.Before(db.FromMillis(expires)) {
		return Member{}, genbo.ErrSignIn
	}
	if err != nil {
		return Member{}, err
	}
	if err := d.Admitted(tx, device); err != nil {
		return Member{}, err
	}
	m, err := get(tx, id)
	if err == nil && !m.Active {
		err = genbo.ErrSignIn
	}
	return m, err
}

// newSecret returns a random secret and the hash that is kept of it.
func newSecret() (secret string, hash []byte) {
	b := make([]byte, 32)
	rand.Read(b)
	secret = base64.RawURLEncoding.EncodeToString(b)
	return secret, hashOf(secret)
}

func hashOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// begin opens a session for a member on a device and returns its secret. How is the way of signing in, for
// the journal.
func (d *Directory) begin(tx *db.Tx, id genbo.StaffID, device genbo.DeviceID, how string) (string, error) {
	m, err := get(tx, id)
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	if !m.Active {
		return "", fmt.Errorf("sign in: the account is closed: %w", genbo.ErrSignIn)
	}
	if err := d.Admitted(tx, device); err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	secret, hash := newSecret()
	now := db.Millis(tx.Now)
	_, err = tx.Home().Exec("INSERT INTO session (hash, staff, device, created_at, seen_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
		hash, string(id), string(device), now, now, db.Millis(tx.Now.Add(SessionLimit)))
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	_, err = d.journal.Write(tx, journal.Entry{Actor: journal.Actor{Staff: id, Device: device}, Action: journal.StaffSignIn,
		Detail: fmt.Sprintf(`{"by":%q}`, how)})
	return secret, err
}

// Authenticate returns who a session's secret belongs to. A session that has ended, or is used from another
// device than it began on, is [genbo.ErrSignIn].
func (d *Directory) Authenticate(ctx context.Context, secret string, device genbo.DeviceID) (Identity, error) {
	if secret == "" {
		return Identity{}, genbo.ErrSignIn
	}
	hash := hashOf(secret)
	var i Identity
	var refresh bool
	err := d.db.View(ctx, func(tx *db.Tx) error {
		var id genbo.StaffID
		var seen, expires int64
		err := tx.Home().Row("SELECT staff, device, seen_at, expires_at FROM session WHERE hash = ? AND ended_at IS NULL", []any{hash},
			&id, &i.Device, &seen, &expires)
		if err != nil {
			return err
		}
		if err := d.Admitted(tx, device); err != nil {
			return fmt.Errorf("%w: %w", genbo.ErrSignIn, err)
		}
		idle := tx.Now.Sub(db.FromMillis(seen))
		if i.Device != device || idle > IdleLimit || !tx.Now.Before(db.FromMillis(expires)) {
			return genbo.ErrSignIn
		}
		i.Expires, i.hash, refresh = db.FromMillis(expires), hash, idle > seenPause
		i.Member, err = get(tx, id)
		return err
	})
	switch {
	case errors.Is(err, genbo.ErrNotFound) || err == nil && !i.Member.Active:
		return Identity{}, genbo.ErrSignIn
	case err != nil:
		return Identity{}, err
	}
	if refresh {
		err = d.db.Share(ctx, func(tx *db.Tx) error {
			_, err := tx.Home().Exec("UPDATE session SET seen_at = ? WHERE hash = ?", db.Millis(tx.Now), hash)
			return err
		})
	}
	return i, err
}

// SignOut ends the session.
func (d *Directory) SignOut(ctx context.Context, i Identity) error {
	return d.db.Share(ctx, func(tx *db.Tx) error {
		_, err := tx.Home().Exec("UPDATE session SET ended_at = ? WHERE hash = ? AND ended_at IS NULL", db.Millis(tx.Now), i.hash)
		if err != nil {
			return fmt.Errorf("sign out: %w", err)
		}
		_, err = d.journal.Write(tx, journal.Entry{Actor: i.Actor(), Action: journal.StaffSignOut})
		return err
	})
}

// EndSessions ends every session of a member at once.
func (d *Directory) EndSessions(ctx context.Context, by journal.Actor, id genbo.StaffID, reason string) error {
	return d.db.Update(ctx, func(tx *db.Tx) error {
		if err := endAll(tx, id); err != nil {
			return err
		}
		return d.note(tx, by, reason, fmt.Sprintf(`{"staff":%q,"sessions_ended":true}`, id))
	})
}

func endAll(tx *db.Tx, id genbo.StaffID) error {
	_, err := tx.Home().Exec("UPDATE session SET ended_at = ? WHERE staff = ? AND ended_at IS NULL", db.Millis(tx.Now), string(id))
	if err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return nil
}

// Link makes a link's secret that signs a member in once, until it expires.
func (d *Directory) Link(ctx context.Context, by journal.Actor, id genbo.StaffID, valid time.Duration) (secret string, err error) {
	secret, hash := newSecret()
	err = d.db.Update(ctx, func(tx *db.Tx) error {
		m, err := get(tx, id)
		if err != nil {
			return err
		}
		if !m.Active {
			return fmt.Errorf("sign-in link: the account is closed: %w", genbo.ErrConflict)
		}
		_, err = tx.Home().Exec("INSERT INTO signin_link (hash, staff, expires_at) VALUES (?, ?, ?)", hash, string(id), db.Millis(tx.Now.Add(valid)))
		if err != nil {
			return fmt.Errorf("sign-in link: %w", err)
		}
		return d.note(tx, by, "", fmt.Sprintf(`{"staff":%q,"signin_link":true}`, id))
	})
	return secret, err
}

// SignInByLink opens a session by a link's secret, once.
func (d *Directory) SignInByLink(ctx context.Context, secret string, device genbo.DeviceID) (session string, err error) {
	err = d.db.Share(ctx, func(tx *db.Tx) error {
		hash, now := hashOf(secret), db.Millis(tx.Now)
		var id genbo.StaffID
		err := tx.Home().Row("UPDATE signin_link SET used_at = ? WHERE hash = ? AND used_at IS NULL AND expires_at > ? RETURNING staff",
			[]any{now, hash, now}, &id)
		if errors.Is(err, genbo.ErrNotFound) {
			return fmt.Errorf("the link was used already, has expired or is none: %w", genbo.ErrSignIn)
		}
		if err != nil {
			return fmt.Errorf("sign in by link: %w", err)
		}
		session, err = d.begin(tx, id, device, "link")
		return err
	})
	return session, err
}
