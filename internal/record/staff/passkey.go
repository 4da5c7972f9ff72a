package staff

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"genbo"
	"genbo/internal/base/db"
)

// ceremonyLimit is how long a WebAuthn ceremony may take.
const ceremonyLimit = 5 * time.Minute

// Passkeys lets staff sign in by passkeys of one origin.
type Passkeys struct {
	directory *Directory
	party     *webauthn.WebAuthn
}

// NewPasskeys returns passkeys for a console that browsers reach at origin ("https://genbo.example"), whose
// host is id.
func NewPasskeys(d *Directory, id, origin string) (*Passkeys, error) {
	party, err := webauthn.New(&webauthn.Config{
		RPID: id, RPDisplayName: "Genbo", RPOrigins: []string{origin},
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey:      protocol.ResidentKeyRequirementRequired,
			UserVerification: protocol.VerificationRequired,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("set up passkeys: %w", err)
	}
	return &Passkeys{d, party}, nil
}

// user is a member of staff as WebAuthn sees him. His handle is his identifier, which says nothing about him.
type user struct {
	Member
	credentials []webauthn.Credential
}

func (u *user) WebAuthnID() []byte                         { return []byte(u.ID) }
func (u *user) WebAuthnName() string                       { return string(u.ID) }
func (u *user) WebAuthnDisplayName() string                { return u.Name }
func (u *user) WebAuthnCredentials() []webauthn.Credential { return u.credentials }

func loadUser(tx *db.Tx, id genbo.StaffID) (*user, error) {
	m, err := get(tx, id)
	if err != nil {
		return nil, err
	}
	u := &user{Member: m}
	err = tx.Home().Each("SELECT credential FROM passkey WHERE staff = ? ORDER BY created_at", []any{string(id)}, func(scan func(...any) error) error {
		var text string
		if err := scan(&text); err != nil {
			return err
		}
		var c webauthn.Credential
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			return fmt.Errorf("a passkey does not read: %w", genbo.ErrTampered)
		}
		u.credentials = append(u.credentials, c)
		return nil
	})
	return u, err
}

// BeginRegistration starts the making of a passkey for a signed-in member. It returns the options for the
// browser, and the secret of the ceremony.
func (p *Passkeys) BeginRegistration(ctx context.Context, i Identity) (options any, secret string, err error) {
	err = p.directory.db.Update(ctx, func(tx *db.Tx) error {
		u, err := loadUser(tx, i.Member.ID)
		if err != nil {
			return err
		}
		creation, session, err := p.party.BeginRegistration(u, webauthn.WithExclusions(webauthn.Credentials(u.credentials).CredentialDescriptors()))
		if err != nil {
			return fmt.Errorf("begin passkey: %w", err)
		}
		options = creation
		secret, err = keepCeremony(tx, string(i.Member.ID), session)
		return err
	})
	return options, secret, err
}

// FinishRegistration stores the passkey that the browser made.
func (p *Passkeys) FinishRegistration(ctx context.Context, i Identity, secret, label string, answer []byte) error {
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return genbo.NewFault("passkey", "passkey.answer")
	}
	session, err := p.takeCeremony(ctx, secret, string(i.Member.ID))
	if err != nil {
		return err
	}
	return p.directory.db.Update(ctx, func(tx *db.Tx) error {
		u, err := loadUser(tx, i.Member.ID)
		if err != nil {
			return err
		}
		c, err := p.party.CreateCredential(u, session, parsed)
		if err != nil {
			return genbo.NewFault("passkey", "passkey.answer")
		}
		text, err := json.Marshal(c)
		if err != nil {
			return fmt.Errorf("store passkey: %w", err)
		}
		_, err = tx.Home().Exec("INSERT INTO passkey (id, staff, label, credential, created_at) VALUES (?, ?, ?, ?, ?)",
			c.ID, string(i.Member.ID), label, string(text), db.Millis(tx.Now))
		if err != nil {
			return fmt.Errorf("store passkey: %w", err)
		}
		return p.directory.note(tx, i.Actor(), "", fmt.Sprintf(`{"staff":%q,"passkey_added":true}`, i.Member.ID))
	})
}

// BeginSignIn starts a sign-in by any passkey that the browser has for this console.
func (p *Passkeys) BeginSignIn(ctx context.Context) (options any, secret string, err error) {
	assertion, session, err := p.party.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, "", fmt.Errorf("begin sign-in: %w", err)
	}
	err = p.directory.db.Update(ctx, func(tx *db.Tx) (err error) {
		secret, err = keepCeremony(tx, "", session)
		return err
	})
	return assertion, secret, err
}

// FinishSignIn checks the browser's answer and opens a session.
func (p *Passkeys) FinishSignIn(ctx context.Context, secret string, device genbo.DeviceID, answer []byte) (session string, err error) {
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return "", genbo.NewFault("passkey", "passkey.answer")
	}
	ceremony, err := p.takeCeremony(ctx, secret, "")
	if err != nil {
		return "", err
	}
	err = p.directory.db.Update(ctx, func(tx *db.Tx) error {
		find := func(_, handle []byte) (webauthn.User, error) { return loadUser(tx, genbo.StaffID(handle)) }
		u, credential, err := p.party.ValidatePasskeyLogin(find, ceremony, parsed)
		if err != nil {
			return fmt.Errorf("the passkey was not accepted: %w", genbo.ErrSignIn)
		}
		if credential.Authenticator.CloneWarning {
			return fmt.Errorf("the passkey seems to have been copied: %w", genbo.ErrSignIn)
		}
		member := u.(*user)
		text, err := json.Marshal(credential)
		if err != nil {
			return fmt.Errorf("sign in: %w", err)
		}
		_, err = tx.Home().Exec("UPDATE passkey SET credential = ?, used_at = ? WHERE id = ?", string(text), db.Millis(tx.Now), credential.ID)
		if err != nil {
			return fmt.Errorf("sign in: %w", err)
		}
		session, err = p.directory.begin(tx, member.ID, device, "passkey")
		return err
	})
	return session, err
}

// Passkey is a passkey as its owner sees it.
type Passkey struct {
	Label     string
	CreatedAt time.Time
	UsedAt    time.Time
}

// PasskeysOf lists a member's passkeys.
func (d *Directory) PasskeysOf(ctx context.Context, id genbo.StaffID) (list []Passkey, err error) {
	err = d.db.View(ctx, func(tx *db.Tx) error {
		return tx.Home().Each("SELECT label, created_at, COALESCE(used_at, 0) FROM passkey WHERE staff = ? ORDER BY created_at", []any{string(id)},
			func(scan func(...any) error) error {
				var k Passkey
				var created, used int64
				err := scan(&k.Label, &created, &used)
				k.CreatedAt = db.FromMillis(created)
				if used > 0 {
					k.UsedAt = db.FromMillis(used)
				}
				list = append(list, k)
				return err
			})
	})
	return list, err
}

func keepCeremony(tx *db.Tx, staff string, session *webauthn.SessionData) (string, error) {
	text, err := json.Marshal(session)
	if err != nil {
		return "", fmt.Errorf("begin ceremony: %w", err)
	}
	if _, err := tx.Home().Exec("DELETE FROM ceremony WHERE expires_at < ?", db.Millis(tx.Now)); err != nil {
		return "", fmt.Errorf("begin ceremony: %w", err)
	}
	secret, hash := newSecret()
	_, err = tx.Home().Exec("INSERT INTO ceremony (id, staff, data, expires_at) VALUES (?, ?, ?, ?)", hash, staff, string(text),
		db.Millis(tx.Now.Add(ceremonyLimit)))
	if err != nil {
		return "", fmt.Errorf("begin ceremony: %w", err)
	}
	return secret, nil
}

// takeCeremony removes a ceremony in a transaction of its own: whatever the answer, there is no second try.
func (p *Passkeys) takeCeremony(ctx context.Context, secret, staff string) (session webauthn.SessionData, err error) {
	var text, whose string
	err = p.directory.db.Update(ctx, func(tx *db.Tx) error {
		return tx.Home().Row("DELETE FROM ceremony WHERE id = ? AND expires_at > ? RETURNING data, COALESCE(staff, '')",
			[]any{hashOf(secret), db.Millis(tx.Now)}, &text, &whose)
	})
	if errors.Is(err, genbo.ErrNotFound) || err == nil && whose != staff {
		return session, fmt.Errorf("the sign-in took too long or was begun elsewhere: %w", genbo.ErrSignIn)
	}
	if err != nil {
		return session, fmt.Errorf("finish ceremony: %w", err)
	}
	err = json.Unmarshal([]byte(text), &session)
	return session, err
}
