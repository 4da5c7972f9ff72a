package journal

import (
	"errors"
	"slices"
	"testing"

	"genbo"
)

func TestPeople(t *testing.T) {
	set := PeopleOf([]genbo.PersonID{9, 3, 4, 5, 9, 1_000_000})
	if got := slices.Collect(set.All()); !slices.Equal(got, []genbo.PersonID{3, 4, 5, 9, 1_000_000}) || set.Count() != 5 {
		t.Errorf("got %d people: %v", set.Count(), []uint32{uint32(got[0])})
	}
	for p, want := range map[genbo.PersonID]bool{2: false, 3: true, 5: true, 6: false, 9: true, 1_000_000: true, 1_000_001: false} {
		if set.Has(p) != want {
			t.Errorf("Has(%d) = %v", uint32(p), !want)
		}
	}
	if n := len(PeopleFrom(5_000_000, 1_000_000).encode()); n > 8 {
		t.Errorf("a million people next to each other take %d bytes", n)
	}
}

func FuzzDecodePeople(f *testing.F) {
	f.Add([]byte{3, 2, 1, 1})
	f.Add([]byte{0x80})
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		set, err := decodePeople(b)
		if err != nil {
			if !errors.Is(err, genbo.ErrTampered) {
				t.Fatal(err)
			}
			return
		}
		again, err := decodePeople(set.encode())
		if err != nil || !slices.Equal(again.runs, set.runs) {
			t.Errorf("encoding and decoding gives another set: %v", err)
		}
	})
}
