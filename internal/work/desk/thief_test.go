package desk_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/db/dbtest"
	"genbo/internal/record/access"
	"genbo/internal/record/journal"
	"genbo/internal/record/person"
	"genbo/internal/work/desk"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
)

func TestThiefWithASession(t *testing.T) {
	limits := access.Limits{OpenFiveMinutes: 12, OpenDay: 20, GlimpseFiveMinutes: 15, GlimpseDay: 25}
	housetest.Each(t, house.Options{Limits: limits}, func(t *testing.T, h *house.House) {
		const people = 40
		refs := housetest.Enter(t, h, people)
		thief := housetest.SignIn(t, h, "clerk1")
		var mu sync.Mutex
		opened, glimpsed := map[genbo.PersonRef]bool{}, map[genbo.PersonRef]bool{}
		refused := 0
		note := func(err error, seen map[genbo.PersonRef]bool, refs ...genbo.PersonRef) {
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				for _, ref := range refs {
					seen[ref] = true
				}
			case errors.Is(err, genbo.ErrBudget):
				refused++
			default:
				t.Error(err)
			}
		}
		var wg sync.WaitGroup
		for n := range people {
			for d := range 3 {
				wg.Go(func() {
					v := desk.Visit{Identity: thief, Purpose: []string{"inquiry", "change", "record-review"}[(n+d)%3]}
					v.Identity.Device = genbo.DeviceID(fmt.Sprintf("pc-%d", d))
					_, err := h.Desk.Open(ctx, v, refs[n])
					note(err, opened, refs[n])
					found, err := h.Desk.Find(ctx, v, person.Query{Number: housetest.Newcomer(t, n).Numbers[0].Number})
					var shown []genbo.PersonRef
					for _, l := range found.Lines {
						shown = append(shown, l.Ref)
					}
					note(err, glimpsed, shown...)
				})
			}
		}
		wg.Wait()
		if len(opened) > limits.OpenFiveMinutes || len(glimpsed) > limits.GlimpseFiveMinutes {
			t.Errorf("he opened %d people and saw lines of %d; the budgets are %d and %d", len(opened), len(glimpsed), limits.OpenFiveMinutes, limits.GlimpseFiveMinutes)
		}
		if len(opened) == 0 || refused == 0 {
			t.Errorf("opened %d, refused %d: the test does not reach the budget", len(opened), refused)
		}
		var alarms []access.Alarm
		err := h.DB.View(ctx, func(tx *db.Tx) (err error) {
			alarms, err = access.Alarms(tx, true, 1000)
			return err
		})
		if err != nil || len(alarms) != refused {
			t.Errorf("the security officer was told %d times of %d refusals, %v", len(alarms), refused, err)
		}
		verify(t, h)
	})
}

func TestBudgetWindowSlides(t *testing.T) {
	now := time.Now().UTC()
	var mu sync.Mutex
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	step := func(d time.Duration) { mu.Lock(); now = now.Add(d); mu.Unlock() }
	h := housetest.New(t, house.Options{Clock: clock, Limits: access.Limits{OpenFiveMinutes: 3, OpenDay: 5, GlimpseFiveMinutes: 9, GlimpseDay: 9}})
	refs := housetest.Enter(t, h, 8)
	v := visit(t, h, "clerk1", "inquiry")
	open := func(n int, want error) {
		t.Helper()
		if _, err := h.Desk.Open(ctx, v, refs[n]); !errors.Is(err, want) {
			t.Errorf("person %d: got %v, want %v", n, err, want)
		}
	}
	open(0, nil)
	open(1, nil)
	open(2, nil)
	open(3, genbo.ErrBudget)
	open(0, nil) // the same person again costs nothing
	step(4 * time.Minute)
	open(3, genbo.ErrBudget)
	step(3 * time.Minute)
	open(3, nil)
	open(4, nil)
	step(7 * time.Minute)
	open(5, genbo.ErrBudget) // five in the day
	step(26 * time.Hour)
	open(5, nil)
}

func TestStolenDatabaseHoldsNoPersonalField(t *testing.T) {
	file := dbtest.SQLite(t)
	dir := t.TempDir()
	o := house.Options{Dir: dir, Database: file}
	if err := house.Create(ctx, o, "genbo.test"); err != nil {
		t.Fatal(err)
	}
	h, err := house.Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	// Entered without the staff of housetest, so that every value below is a person's.
	newcomer := housetest.Newcomer(t, 42)
	newcomer.Values = append(newcomer.Values, person.Bank("9999-001-1-7654321"))
	prepared, err := h.Register.Prepare(1, newcomer)
	if err != nil {
		t.Fatal(err)
	}
	reason := "花子さんから電話 090-0000-4321"
	err = h.DB.Update(ctx, func(tx *db.Tx) error {
		entry, err := h.Journal.Write(tx, journal.Entry{Actor: journal.System("test"), Action: journal.PersonRegister, People: journal.Person(1), Reason: reason})
		if err != nil {
			return err
		}
		return h.Register.Store(tx, []*person.Prepared{prepared}, entry)
	})
	if err != nil {
		t.Fatal(err)
	}
	var stolen []byte
	for _, name := range []string{file, file + "-wal", file + "-shm"} {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		stolen = append(stolen, b...)
	}
	if !bytes.Contains(stolen, []byte("resident-register")) {
		t.Fatal("the copy does not hold what was written")
	}
	number := newcomer.Numbers[0].Number
	secrets := []string{number.Plain(), strings.ReplaceAll(number.Plain(), "-", ""), "1950-04-12", "19500412", "昭和25年4月12日", "S25.4.12",
		"試験　アアオウ", "試験", "アアオウ", "シケン", "シケン　アアオウ", "ｼｹﾝ", "霞が関", "東京都千代田区", "100-0013", "1000013", "03-0000-1234", "0300001234", "9999-001-1-7654321", "7654321",
		"花子", "090-0000-4321", "female"}
	for _, secret := range secrets {
		for name, form := range encodings(t, secret) {
			if bytes.Contains(stolen, form) {
				t.Errorf("the copy shows %q in %s", secret, name)
			}
		}
	}
	for _, n := range []int64{19500412, int64(number.Value())} {
		if n > 1<<31 {
			continue // as a SQLite integer: six bytes, below
		}
		if b := []byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}; bytes.Contains(stolen, b) {
			t.Errorf("the copy shows a personal value as an integer")
		}
	}
}

func encodings(t *testing.T, s string) map[string][]byte {
	t.Helper()
	forms := map[string][]byte{"UTF-8": []byte(s)}
	if b, err := japanese.ShiftJIS.NewEncoder().Bytes([]byte(s)); err == nil {
		forms["CP932"] = b
	}
	if b, err := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().Bytes([]byte(s)); err == nil {
		forms["UTF-16LE"] = b
	}
	if b, err := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().Bytes([]byte(s)); err == nil {
		forms["UTF-16BE"] = b
	}
	return forms
}

// A row of one person put in the place of another's does not open.
// TestRowChangedFailsToOpen changes rows past the triggers: a value opens only for its person, in its row, with
// what was recorded with it.
func TestRowChangedFailsToOpen(t *testing.T) {
	for name, change := range map[string]string{
		"another person's value":  "UPDATE person_fact SET sealed = (SELECT sealed FROM person_fact WHERE person = %[1]d AND kind = 'address') WHERE person = %[2]d AND kind = 'address'",
		"another kind's value":    "UPDATE person_fact SET sealed = (SELECT sealed FROM person_fact WHERE person = %[2]d AND kind = 'phone') WHERE person = %[2]d AND kind = 'address'",
		"another row's value":     "UPDATE person_fact SET sealed = (SELECT sealed FROM person_fact WHERE person = %[2]d AND kind = 'address' AND seq = 1) WHERE person = %[2]d AND kind = 'address' AND seq = 2",
		"another day":             "UPDATE person_fact SET valid_from = 19990101 WHERE person = %[2]d AND kind = 'address' AND seq = 2",
		"other evidence":          "UPDATE person_fact SET evidence = 'id-document' WHERE person = %[2]d AND kind = 'address' AND seq = 2",
		"a withdrawal":            "UPDATE person_fact SET withdraws = 1 WHERE person = %[2]d AND kind = 'address' AND seq = 2",
		"another person's key":    "UPDATE person SET key = (SELECT key FROM person WHERE id = %[1]d) WHERE id = %[2]d",
		"another person's number": "UPDATE person_number SET sealed = (SELECT sealed FROM person_number WHERE person = %[1]d) WHERE person = %[2]d",
	} {
		t.Run(name, func(t *testing.T) {
			h := housetest.New(t, house.Options{})
			refs := housetest.Enter(t, h, 2)
			clerk := visit(t, h, "clerk1", "change")
			clerk.Reason = "test"
			_, err := h.Desk.Change(ctx, clerk, refs[1], person.Change{Value: person.Address{Postal: "530-0001", Text: "大阪府大阪市北区"}, ValidFrom: 20200401, Evidence: "resident-register"})
			if err != nil {
				t.Fatal(err)
			}
			var ids [2]uint32
			for i, ref := range refs {
				id, err := h.Vault.Person(ref)
				if err != nil {
					t.Fatal(err)
				}
				ids[i] = uint32(id)
			}
			err = h.DB.Update(ctx, func(tx *db.Tx) error {
				for _, statement := range []string{"DROP TRIGGER person_fact_update", "DROP TRIGGER person_number_update", fmt.Sprintf(change, ids[0], ids[1])} {
					if _, err := tx.Home().Exec(statement); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := h.Desk.Open(ctx, clerk, refs[1]); !errors.Is(err, genbo.ErrTampered) {
				t.Errorf("got %v, want ErrTampered", err)
			}
			if _, err := h.Desk.Open(ctx, clerk, refs[0]); err != nil {
				t.Errorf("the other person: %v", err)
			}
		})
	}
}
