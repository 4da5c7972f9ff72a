package handover_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"golang.org/x/mod/sumdb/note"

	"genbo"
	"genbo/internal/base/sealed"
	"genbo/internal/record/extract"
	"genbo/internal/record/journal"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
)

func (o *office) release(id string) []byte {
	o.t.Helper()
	file, err := o.Handover.Release(context.Background(), o.visit("clerk1"), id)
	if err != nil {
		o.t.Fatal(err)
	}
	var b bytes.Buffer
	if err := file.Write(&b); err != nil {
		o.t.Fatal(err)
	}
	return b.Bytes()
}

const verifier = "the agent's secret of this test"

func challenge() string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func (o *office) stanza(content []byte) sealed.Stanza {
	o.t.Helper()
	s, err := sealed.ReadStanza(bytes.NewReader(content))
	if err != nil {
		o.t.Fatal(err)
	}
	return s
}

// code is what the console gives for one opening.
func (o *office) code(s sealed.Stanza) string {
	o.t.Helper()
	code, err := o.Handover.Confirm(context.Background(), o.visit("clerk1").Identity, s.Extract, s.Seal, challenge())
	if err != nil {
		o.t.Fatal(err)
	}
	return code
}

// openFile opens a sealed file as its user does.
func (o *office) openFile(content []byte) ([][]string, error) {
	o.t.Helper()
	s := o.stanza(content)
	opening, err := o.Handover.Unseal(context.Background(), housetest.Device, o.code(s), verifier, s)
	if err != nil {
		return nil, err
	}
	v, err := note.NewVerifier(opening.Verifier)
	if err != nil {
		o.t.Fatal(err)
	}
	view, err := sealed.NewView(bytes.NewReader(content), int64(len(content)), s, opening.FileKey, v)
	if err != nil {
		return nil, err
	}
	var rows [][]string
	err = view.Each(0, func(_ int, row []string) bool {
		rows = append(rows, row)
		return true
	})
	return rows, err
}

func (o *office) entries(a journal.Action) (list []journal.Numbered) {
	o.t.Helper()
	if err := o.Journal.Sequence(context.Background()); err != nil {
		o.t.Fatal(err)
	}
	list, _, err := o.Journal.List(context.Background(), journal.Filter{Action: a}, 100)
	if err != nil {
		o.t.Fatal(err)
	}
	return list
}

func TestSealedFile(t *testing.T) {
	each(t, 20, func(t *testing.T, o *office) {
		id := o.approved(wish(extract.Sealed))
		content := o.release(id)
		if bytes.Contains(content, []byte("試験")) {
			t.Fatal("the file has names in plain")
		}
		rows, err := o.openFile(content)
		if err != nil || len(rows) != 20 || !strings.HasPrefix(rows[7][0], "1100-") || !strings.HasPrefix(rows[7][2], "試験") {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		opened := o.entries(journal.ExtractOpen)
		if len(opened) != 1 || opened[0].People.Count() != 20 || opened[0].Fields.String() != "NAD" || opened[0].Actor.Device != housetest.Device {
			t.Errorf("the opening is not in the journal as it was: %+v", opened)
		}
		if n := len(o.entries(journal.ExtractSeal)); n != 1 {
			t.Errorf("%d entries of sealing", n)
		}
	})
}

// Online until cut off, and no more: each way of cutting off holds from that moment on.
func TestSealedFileAfterItsEnd(t *testing.T) {
	ctx := context.Background()
	for what, end := range map[string]func(o *office, id string) error{
		"revoked":          func(o *office, id string) error { return o.Handover.Revoke(ctx, o.visit("security1"), id) },
		"expired, unswept": func(o *office, _ string) error { o.wait(8 * 24 * time.Hour); return nil },
		"expired, swept": func(o *office, _ string) error {
			o.wait(8 * 24 * time.Hour)
			_, err := o.Handover.Sweep(ctx)
			return err
		},
	} {
		t.Run(what, func(t *testing.T) {
			o := open(t, 11, house.Options{})
			id := o.approved(wish(extract.Sealed))
			content := o.release(id)
			if _, err := o.openFile(content); err != nil {
				t.Fatal(err)
			}
			if err := end(o, id); err != nil {
				t.Fatal(err)
			}
			s := o.stanza(content)
			_, err := o.Handover.Confirm(ctx, o.visit("clerk1").Identity, s.Extract, s.Seal, challenge())
			refused(t, err, genbo.ErrConflict, "opening")
			_, err = o.Handover.Release(ctx, o.visit("clerk1"), id)
			refused(t, err, genbo.ErrConflict, "another file")
		})
	}
}

// A code that was confirmed is worth nothing once session, device, account or extract are cut off.
func TestCodeAfterCutOff(t *testing.T) {
	ctx := context.Background()
	for what, c := range map[string]struct {
		cut  func(o *office, id string) error
		want error
	}{
		"the session ended": {func(o *office, _ string) error {
			return o.Directory.EndSessions(ctx, journal.System("test"), "clerk1", "test")
		}, genbo.ErrSignIn},
		"the device was cut off":  {func(o *office, _ string) error { return o.Handover.CutOff(ctx, o.visit("security1"), housetest.Device) }, genbo.ErrSignIn},
		"the extract was revoked": {func(o *office, id string) error { return o.Handover.Revoke(ctx, o.visit("security1"), id) }, genbo.ErrConflict},
		"three minutes went by":   {func(o *office, _ string) error { o.wait(3 * time.Minute); return nil }, genbo.ErrSignIn},
		"the account lost its role": {func(o *office, _ string) error {
			m, err := o.Directory.Get(ctx, "clerk1")
			m.Roles = nil
			return errors.Join(err, o.Directory.Change(ctx, journal.System("test"), m, "test"))
		}, genbo.ErrSignIn},
	} {
		t.Run(what, func(t *testing.T) {
			o := open(t, 11, house.Options{})
			content := o.release(o.approved(wish(extract.Sealed)))
			s := o.stanza(content)
			code := o.code(s)
			if err := c.cut(o, s.Extract); err != nil {
				t.Fatal(err)
			}
			opening, err := o.Handover.Unseal(ctx, housetest.Device, code, verifier, s)
			refused(t, err, c.want, "the code")
			if opening.FileKey != nil {
				t.Error("the key was given out")
			}
			if n := len(o.entries(journal.ExtractOpen)); n != 0 {
				t.Errorf("%d openings are in the journal, and none happened", n)
			}
		})
	}
}

// A code serves once, for one file, one agent and one device.
// A clock that is put back opens nothing again: the core stands still until it is right.
func TestClockPutBack(t *testing.T) {
	each(t, 11, func(t *testing.T, o *office) {
		ctx := context.Background()
		id := o.approved(wish(extract.Sealed))
		s := o.stanza(o.release(id))
		code, v := o.code(s), o.visit("clerk1")
		o.wait(8 * 24 * time.Hour)
		later := o.visit("clerk1")
		_, err := o.Handover.Confirm(ctx, later.Identity, s.Extract, s.Seal, challenge())
		refused(t, err, genbo.ErrConflict, "after its time")
		o.at.Add(-int64(8 * 24 * time.Hour))
		_, err = o.Handover.Unseal(ctx, housetest.Device, code, verifier, s)
		refused(t, err, genbo.ErrUnavailable, "a code of that time")
		_, err = o.Handover.Confirm(ctx, v.Identity, s.Extract, s.Seal, challenge())
		refused(t, err, genbo.ErrUnavailable, "a new opening")
		_, err = o.Handover.Release(ctx, v, id)
		refused(t, err, genbo.ErrUnavailable, "a new file")
		o.at.Add(int64(8 * 24 * time.Hour))
		_, err = o.Handover.Release(ctx, later, id)
		refused(t, err, genbo.ErrConflict, "when the clock is right again")
	})
}

func TestCodeServesOnce(t *testing.T) {
	ctx := context.Background()
	o := open(t, 11, house.Options{})
	content := o.release(o.approved(wish(extract.Sealed)))
	s := o.stanza(content)
	other := o.stanza(o.release(o.approved(wish(extract.Sealed))))
	_, err := o.Handover.Unseal(ctx, "pc-2", o.code(s), verifier, s)
	refused(t, err, genbo.ErrForbidden, "another device")
	_, err = o.Handover.Unseal(ctx, housetest.Device, o.code(s), "another agent's secret", s)
	refused(t, err, genbo.ErrForbidden, "another agent")
	_, err = o.Handover.Unseal(ctx, housetest.Device, o.code(s), verifier, other)
	refused(t, err, genbo.ErrForbidden, "another file")
	forged := s
	forged.Body = append([]byte{}, s.Body...)
	forged.Body[3] ^= 1
	_, err = o.Handover.Unseal(ctx, housetest.Device, o.code(s), verifier, forged)
	refused(t, err, genbo.ErrTampered, "an altered header")
	code := o.code(s)
	if _, err := o.Handover.Unseal(ctx, housetest.Device, code, verifier, s); err != nil {
		t.Fatal(err)
	}
	_, err = o.Handover.Unseal(ctx, housetest.Device, code, verifier, s)
	refused(t, err, genbo.ErrSignIn, "the same code again")
	_, err = o.Handover.Unseal(ctx, housetest.Device, "AAAAAAAAAAAAAAAAAAAAAAAAAA", verifier, s)
	refused(t, err, genbo.ErrSignIn, "a code that was guessed")
	elsewhere := o.visit("clerk1").Identity
	elsewhere.Device = "pc-2"
	_, err = o.Handover.Confirm(ctx, elsewhere, s.Extract, s.Seal, challenge())
	refused(t, err, genbo.ErrForbidden, "confirming on another device")
}

// A thief with every sealed file and the whole database file, but not the keys, reads nobody.
func TestThiefWithFilesAndDatabase(t *testing.T) {
	o := open(t, 11, house.Options{})
	content := o.release(o.approved(wish(extract.Sealed)))
	database, err := os.ReadFile(o.Database)
	if err != nil {
		t.Fatal(err)
	}
	wal, err := os.ReadFile(o.Database + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	for what, loot := range map[string][]byte{"file": content, "database": database, "log of the database": wal} {
		for _, secret := range []string{"1100-000", "試験", "シケン", "霞が関"} {
			if bytes.Contains(loot, []byte(secret)) {
				t.Errorf("the %s has %q in plain", what, secret)
			}
		}
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := age.Decrypt(bytes.NewReader(content), identity); err == nil {
		t.Error("any identity opens the file")
	}
}

// Opening files counts against a budget of people, each file once a day.
func TestBudgetOfFiles(t *testing.T) {
	o := open(t, 11, house.Options{Lists: purposes(t, t.TempDir(), func(p map[string]any) { p["day"] = 25 })})
	var files [][]byte
	for range 3 {
		files = append(files, o.release(o.approved(wish(extract.Sealed))))
	}
	for _, n := range []int{0, 0, 1, 1, 0} {
		if _, err := o.openFile(files[n]); err != nil {
			t.Fatal(err)
		}
	}
	_, err := o.openFile(files[2])
	refused(t, err, genbo.ErrBudget, "a third file of eleven people, with 25 a day")
	o.wait(25 * time.Hour)
	if _, err := o.openFile(files[0]); err != nil {
		t.Errorf("the next day: %v", err)
	}
}

func TestPassPhraseIsShownOnce(t *testing.T) {
	o := open(t, 11, house.Options{Lists: purposes(t, t.TempDir(), func(map[string]any) {})})
	ctx := context.Background()
	id := o.approved(wish(extract.ZIP))
	_, err := o.Handover.ShowPass(ctx, o.visit("clerk1"), id)
	refused(t, err, genbo.ErrConflict, "a pass phrase before there is a file")
	if content := o.release(id); !bytes.HasPrefix(content, []byte("PK")) || bytes.Contains(content, []byte("1100-")) {
		t.Error("this is no encrypted archive")
	}
	_, err = o.Handover.ShowPass(ctx, o.visit("approver1"), id)
	refused(t, err, genbo.ErrForbidden, "an approver asks for the pass phrase")
	pass, err := o.Handover.ShowPass(ctx, o.visit("clerk1"), id)
	if err != nil || len(pass) != 29 {
		t.Fatalf("the pass phrase has %d letters, %v", len(pass), err)
	}
	_, err = o.Handover.ShowPass(ctx, o.visit("clerk1"), id)
	refused(t, err, genbo.ErrConflict, "the pass phrase again")
	_, err = o.Handover.Release(ctx, o.visit("clerk1"), id)
	refused(t, err, genbo.ErrConflict, "another file with the same pass phrase")
	if n := len(o.entries(journal.ExtractRelease)); n != 2 {
		t.Errorf("%d disclosures are in the journal, want the file's and the pass phrase's", n)
	}
}

func TestFileForAContractor(t *testing.T) {
	o := open(t, 11, house.Options{Lists: purposes(t, t.TempDir(), func(map[string]any) {})})
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	w := wish(extract.Age)
	_, err = o.Handover.Ask(context.Background(), o.visit("clerk1"), w, quiet)
	rule(t, err, "extract.contractor", "no key")
	w.Contractor = identity.Recipient().String()
	r, err := age.Decrypt(bytes.NewReader(o.release(o.approved(w))), identity)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 12 || rows[0][5] != "sheet_key" || len(rows[1][5]) != 10 {
		t.Errorf("the contractor has %d rows, %v", len(rows), err)
	}
}
