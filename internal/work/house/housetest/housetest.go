// Package housetest gives a test a whole register with staff, on every engine of the run. It is for tests only.
package housetest

import (
	"context"
	"testing"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/db/dbtest"
	"genbo/internal/record/journal"
	"genbo/internal/record/person"
	"genbo/internal/record/staff"
	"genbo/internal/work/desk"
	"genbo/internal/work/house"
)

// Device is the device on which test staff sign in.
const Device genbo.DeviceID = "pc-1"

// Staff are the members whom every test register has.
var Staff = []staff.Member{
	{ID: "clerk1", Name: "Clerk One", Office: "0101", Roles: []staff.Role{staff.Clerk}},
	{ID: "clerk2", Name: "Clerk Two", Office: "0202", Roles: []staff.Role{staff.Clerk}},
	{ID: "approver1", Name: "Approver One", Office: "0101", Roles: []staff.Role{staff.Approver}},
	{ID: "approver2", Name: "Approver Two", Office: "0202", Roles: []staff.Role{staff.Approver}},
	{ID: "both", Name: "Clerk and Approver", Office: "0101", Roles: []staff.Role{staff.Clerk, staff.Approver}},
	{ID: "operator1", Name: "Operator", Office: "0202", Roles: []staff.Role{staff.Operator}},
	{ID: "security1", Name: "Security", Office: "0101", Roles: []staff.Role{staff.Security}},
	{ID: "auditor1", Name: "Auditor", Office: "0101", Roles: []staff.Role{staff.Auditor}},
	{ID: "admin1", Name: "Administrator", Office: "0101", Roles: []staff.Role{staff.Admin}},
}

// Each runs fn on a register of its own on every engine.
func Each(t *testing.T, o house.Options, fn func(t *testing.T, h *house.House)) {
	t.Helper()
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		o := o
		o.Database = address
		fn(t, open(t, o))
	})
}

// New returns a register on SQLite.
func New(t testing.TB, o house.Options) *house.House {
	t.Helper()
	o.Database = dbtest.SQLite(t)
	return open(t, o)
}

func open(t testing.TB, o house.Options) *house.House {
	t.Helper()
	ctx := context.Background()
	o.Dir = t.TempDir()
	if err := house.Create(ctx, o, "genbo.test"); err != nil {
		t.Fatal(err)
	}
	h, err := house.Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	running, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); h.Run(running) }()
	t.Cleanup(func() {
		stop()
		<-done
		if err := h.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	for _, office := range []staff.Office{{ID: "0101", Name: "東第一"}, {ID: "0202", Name: "西第二"}} {
		if err := h.Directory.SetOffice(ctx, journal.System("test"), office); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range Staff {
		if err := h.Directory.Add(ctx, journal.System("test"), m); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

// Session signs a member in by a link and returns the session's secret.
func Session(t testing.TB, h *house.House, id genbo.StaffID) string {
	t.Helper()
	ctx := context.Background()
	link, err := h.Directory.Link(ctx, journal.System("test"), id, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	session, err := h.Directory.SignInByLink(ctx, link, Device)
	if err != nil {
		t.Fatal(err)
	}
	return session
}

// SignIn signs a member in and returns who he is.
func SignIn(t testing.TB, h *house.House, id genbo.StaffID) staff.Identity {
	t.Helper()
	i, err := h.Directory.Authenticate(context.Background(), Session(t, h, id), Device)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// Newcomer is a person whose numbers and values are told apart by n.
func Newcomer(t testing.TB, n int) person.Newcomer {
	t.Helper()
	number, err := genbo.NumberOf(1_100_000_000 + uint64(n))
	if err != nil {
		t.Fatal(err)
	}
	kana := []rune("アイウエオカキクケコ")
	given := string([]rune{kana[n/1000%10], kana[n/100%10], kana[n/10%10], kana[n%10]})
	return person.Newcomer{
		Numbers: []person.NewNumber{{Kind: person.Pension, Number: number}},
		Values: []person.Value{
			person.Name{Kanji: "試験　" + given, Kana: "シケン　" + given},
			person.Birth(genbo.Date(19500301).AddDays(n)), person.Female,
			person.Address{Postal: "100-0013", Text: "東京都千代田区霞が関一丁目" + given},
			person.Phone("03-0000-1234"),
		},
		ValidFrom: 20000401, Evidence: "resident-register",
	}
}

// Enter enters people into the care of clerk1's office and returns their references. They are spread over
// the buckets, so that a register on several servers has some on each.
func Enter(t testing.TB, h *house.House, count int) []genbo.PersonRef {
	t.Helper()
	ctx := context.Background()
	v := desk.Visit{Identity: SignIn(t, h, "clerk1"), Purpose: "change", Reason: "entered for the test"}
	refs := make([]genbo.PersonRef, count)
	for n := range refs {
		ref, err := h.Desk.Register(ctx, v, Newcomer(t, n))
		if err != nil {
			t.Fatal(err)
		}
		refs[n] = ref
		Skip(t, h, genbo.BucketRun*341)
	}
	return refs
}

// Skip leaves integers unused, so that the next person lies in another bucket.
func Skip(t testing.TB, h *house.House, n int) {
	t.Helper()
	err := h.DB.Update(context.Background(), func(tx *db.Tx) error {
		_, err := h.Register.Allocate(tx, n)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
