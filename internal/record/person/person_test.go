package person_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/journal"
	"genbo/internal/record/person"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
)

var ctx = context.Background()

// TestAt compares what holds, as known at a time, with a model that tries every fact.
func TestAt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		var facts []person.Fact
		n := rapid.IntRange(0, 12).Draw(t, "facts")
		for i := range n {
			f := person.Fact{Kind: person.KindAddress, Seq: i + 1, RecordedAt: start.Add(time.Duration(i) * time.Hour),
				ValidFrom: genbo.Date(20200101).AddDays(rapid.IntRange(0, 5).Draw(t, "from"))}
			if i > 0 && rapid.IntRange(0, 3).Draw(t, "withdraws") == 0 {
				f.Withdraws = rapid.IntRange(1, i).Draw(t, "which")
			} else {
				f.Value = genbo.Mask[person.Value](person.Address{Text: fmt.Sprint(i)})
			}
			facts = append(facts, f)
		}
		day := genbo.Date(20200101).AddDays(rapid.IntRange(-1, 6).Draw(t, "day"))
		known := start.Add(time.Duration(rapid.IntRange(-1, n+1).Draw(t, "known")) * time.Hour)

		gone := map[int]bool{}
		for _, f := range facts {
			if f.Withdraws > 0 && !f.RecordedAt.After(known) {
				gone[f.Withdraws] = true
			}
		}
		want := 0
		for _, f := range facts {
			if f.Withdraws > 0 || gone[f.Seq] || f.RecordedAt.After(known) || f.ValidFrom > day {
				continue
			}
			if want == 0 || facts[want-1].ValidFrom <= f.ValidFrom {
				want = f.Seq
			}
		}
		got, found := person.At(facts, person.KindAddress, day, known)
		if found != (want > 0) || found && got.Seq != want {
			t.Fatalf("on %s as known at %s holds fact %d, want %d", day, known, got.Seq, want)
		}
	})
}

// open opens a person under an entry of his own.
func open(t *testing.T, h *house.House, id genbo.PersonID) *person.Record {
	t.Helper()
	receipt, err := h.Journal.Account(ctx, journal.Entry{Actor: journal.System("test"), Action: journal.PersonOpen, People: journal.Person(id), Fields: genbo.AllFields},
		func(*db.Tx) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	r, err := h.Register.Open(ctx, receipt, id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func update(t *testing.T, h *house.House, fn func(tx *db.Tx, entry genbo.EntryID) error) error {
	t.Helper()
	return h.DB.Update(ctx, func(tx *db.Tx) error {
		entry, err := h.Journal.Write(tx, journal.Entry{Actor: journal.System("test"), Action: journal.PersonChange})
		if err != nil {
			return err
		}
		return fn(tx, entry)
	})
}

func people(t *testing.T, h *house.House, n int) []genbo.PersonID {
	t.Helper()
	ids := make([]genbo.PersonID, n)
	for i, ref := range housetest.Enter(t, h, n) {
		var err error
		if ids[i], err = h.Vault.Person(ref); err != nil {
			t.Fatal(err)
		}
	}
	return ids
}

// TestFindsByEverything finds a person by whatever is known of him, however it is written.
func TestFindsByEverything(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		ids := people(t, h, 3)
		err := update(t, h, func(tx *db.Tx, entry genbo.EntryID) error {
			return h.Register.Add(tx, ids[1], person.Change{Value: person.Name{Kanji: "渡邊　眞", Kana: "ワタナベ　マコト", Latin: "WATANABE MAKOTO", Alias: "山田　真"},
				ValidFrom: 20100401, Evidence: "family-register"}, entry)
		})
		if err != nil {
			t.Fatal(err)
		}
		number, err := genbo.NumberOf(1_100_000_001)
		if err != nil {
			t.Fatal(err)
		}
		for name, q := range map[string]person.Query{
			"number": {Number: number}, "kana and birth": {Kana: "ワタナベ　マコト", Birth: 19500302}, "kana": {Kana: "ワタナベマコト"}, "other writing": {Kanji: "渡辺　真", Birth: 19500302},
			"alias": {Kanji: "山田　真", Birth: 19500302}, "latin": {Latin: "watanabe makoto", Birth: 19500302}, "birth and postal code": {Birth: 19500302, Postal: "100-0013"},
			"telephone": {Phone: "0300001234", Birth: 19500302}, "the name before": {Kana: "シケン　アアアイ", Birth: 19500302},
		} {
			found, err := h.Register.Find(ctx, q, 10)
			if err != nil || !slices.Equal(found.People, ids[1:2]) {
				t.Errorf("by %s: found %v, want %v (%v)", name, found.People, ids[1:2], err)
			}
		}
		for name, q := range map[string]person.Query{"another birth": {Kana: "ワタナベ　マコト", Birth: 19500303}, "nobody": {Kana: "ダレモ　イナイ"}} {
			if found, err := h.Register.Find(ctx, q, 10); err != nil || len(found.People) != 0 {
				t.Errorf("by %s: found %v (%v)", name, found.People, err)
			}
		}
		for name, q := range map[string]person.Query{"nothing": {}, "a postal code": {Postal: "100-0013"}} {
			if _, err := h.Register.Find(ctx, q, 10); !errors.Is(err, genbo.ErrInvalid) {
				t.Errorf("by %s alone: %v", name, err)
			}
		}
	})
}

// TestMergeLosesNothing merges people in a chain, splits them again and compares every fact and number.
func TestMergeLosesNothing(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		ids := people(t, h, 3)
		before := make([]*person.Record, len(ids))
		for i, id := range ids {
			before[i] = open(t, h, id)
		}
		resolves := func(want ...genbo.PersonID) {
			t.Helper()
			for i, id := range ids {
				err := h.DB.View(ctx, func(tx *db.Tx) error {
					got, err := h.Register.Resolve(tx, id)
					if got != want[i] {
						t.Errorf("person %d stands for %d, want %d", got, id, want[i])
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		}
		merge := func(a, b genbo.PersonID) error {
			return update(t, h, func(tx *db.Tx, entry genbo.EntryID) error { return h.Register.Merge(tx, a, b, entry) })
		}
		split := func(a, b genbo.PersonID) error {
			return update(t, h, func(tx *db.Tx, entry genbo.EntryID) error { return h.Register.Split(tx, a, b, entry) })
		}
		if err := errors.Join(merge(ids[0], ids[1]), merge(ids[1], ids[2])); err != nil {
			t.Fatal(err)
		}
		resolves(ids[2], ids[2], ids[2])
		if err := merge(ids[2], ids[0]); err == nil {
			t.Error("merged in a circle")
		}
		if err := merge(ids[0], ids[0]); err == nil {
			t.Error("merged with himself")
		}
		if err := split(ids[0], ids[2]); err == nil {
			t.Error("split from whom he is not merged into")
		}
		if err := split(ids[1], ids[2]); err != nil {
			t.Fatal(err)
		}
		resolves(ids[1], ids[1], ids[2])
		if err := errors.Join(split(ids[0], ids[1]), merge(ids[0], ids[1]), split(ids[0], ids[1])); err != nil {
			t.Fatal(err)
		}
		resolves(ids...)
		for i, id := range ids {
			after := open(t, h, id)
			if len(after.Facts) != len(before[i].Facts) || len(after.Numbers) != len(before[i].Numbers) {
				t.Errorf("person %d had %d facts and %d numbers, and has %d and %d", id, len(before[i].Facts), len(before[i].Numbers), len(after.Facts), len(after.Numbers))
			}
			for k, n := range after.Numbers {
				if n.Number != before[i].Numbers[k].Number || n.State != person.Current {
					t.Errorf("number %d of person %d is %s after the split", k+1, id, n.State)
				}
			}
		}
	})
}

func TestWithdraw(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		id := people(t, h, 1)[0]
		wrong := person.Address{Postal: "530-0001", Text: "大阪府大阪市北区梅田"}
		err := update(t, h, func(tx *db.Tx, entry genbo.EntryID) error {
			return h.Register.Add(tx, id, person.Change{Value: wrong, ValidFrom: 20200401, Evidence: "resident-register"}, entry)
		})
		if err != nil {
			t.Fatal(err)
		}
		mistaken := h.DB.Now()
		withdraw := func(seq int) error {
			return update(t, h, func(tx *db.Tx, entry genbo.EntryID) error {
				return h.Register.Withdraw(tx, id, person.KindAddress, seq, entry)
			})
		}
		time.Sleep(5 * time.Millisecond) // a later millisecond than the mistake's
		if err := withdraw(2); err != nil {
			t.Fatal(err)
		}
		r := open(t, h, id)
		if v, _ := r.At(person.KindAddress, 20250101, h.DB.Now()); v == wrong {
			t.Error("what was withdrawn still holds")
		}
		if v, _ := r.At(person.KindAddress, 20250101, mistaken); v != wrong {
			t.Error("as known before the withdrawal, the mistake does not hold")
		}
		for name, seq := range map[string]int{"again": 2, "the withdrawal": 3, "nothing": 9} {
			if err := withdraw(seq); err == nil {
				t.Errorf("withdrew %s", name)
			}
		}
	})
}

func BenchmarkPrepare(b *testing.B) {
	h := housetest.New(b, house.Options{})
	n := housetest.Newcomer(b, 1)
	for b.Loop() {
		if _, err := h.Register.Prepare(1, n); err != nil {
			b.Fatal(err)
		}
	}
}
