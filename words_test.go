package genbo

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDate(t *testing.T) {
	for in, want := range map[string]string{
		"1950-03-01": "1950-03-01", "2024-02-29": "2024-02-29", "2023-02-29": "date.iso", "1950-3-1": "date.iso", "": "date.iso", "1950-03-01x": "date.iso",
	} {
		d, err := ParseDate(in)
		got := d.String()
		var fault *Fault
		if errors.As(err, &fault) {
			got = fault.Code
		}
		if got != want {
			t.Errorf("ParseDate(%q) is %s, want %s", in, got, want)
		}
	}
	for _, c := range [][3]int{{1950, 2, 30}, {1950, 13, 1}, {0, 1, 1}, {10000, 1, 1}, {1950, 0, 1}} {
		if d, err := NewDate(c[0], c[1], c[2]); !errors.Is(err, ErrInvalid) {
			t.Errorf("NewDate(%v) is %s", c, d)
		}
	}
	// In Japan it is tomorrow already.
	if d := DateOf(time.Date(2026, 3, 31, 15, 0, 0, 0, time.UTC).In(Japan)); d != 20260401 {
		t.Errorf("the day in Japan is %s", d)
	}
	rapid.Check(t, func(t *rapid.T) {
		d := Date(20000101).AddDays(rapid.IntRange(-50_000, 50_000).Draw(t, "days"))
		var read Date
		text, err := d.MarshalText()
		if err != nil || read.UnmarshalText(text) != nil || read != d {
			t.Fatalf("%s is read as %s", d, read)
		}
		if n := rapid.IntRange(-1000, 1000).Draw(t, "more"); d.AddDays(n).AddDays(-n) != d || (d.AddDays(n) > d) != (n > 0) {
			t.Fatalf("%s and %d days", d, n)
		}
	})
}

func TestFieldSet(t *testing.T) {
	for f := range AllFields + 1 {
		if got, err := ParseFieldSet(f.String()); err != nil || got != f {
			t.Fatalf("%s is read as %s: %v", f, got, err)
		}
		var sum FieldSet
		f.Each(func(one FieldSet) { sum |= one })
		if sum != f || !f.Has(sum) {
			t.Fatalf("the fields of %s are %s", f, sum)
		}
	}
	if _, err := ParseFieldSet("NZ"); !errors.Is(err, ErrInvalid) {
		t.Errorf("an unknown letter: %v", err)
	}
	if (FieldName | FieldBirth).Has(FieldName | FieldAddress) {
		t.Error("AB has AD")
	}
}

// TestBuckets: a person's bucket never changes, because his rows lie in it.
func TestBuckets(t *testing.T) {
	for id, want := range map[PersonID]Bucket{0: 0, 1023: 0, 1024: 1, 1024*1024 - 1: 1023, 1024 * 1024: 0, 1<<32 - 1: 1023} {
		if got := id.Bucket(); got != want {
			t.Errorf("person %d lies in bucket %d, want %d", id, got, want)
		}
	}
}

func TestFaults(t *testing.T) {
	one := NewFault("birth", "date.empty")
	joined := errors.Join(fmt.Errorf("line 3: %w", one), NewFault("kana", "text.long", 300))
	if !errors.Is(joined, ErrInvalid) || errors.Is(joined, ErrNotFound) {
		t.Error("a fault is not of the kind ErrInvalid")
	}
	var fault *Fault
	if err := InField(fmt.Errorf("reading: %w", one), "death"); !errors.As(err, &fault) || fault.Field != "death" || fault.Code != "date.empty" || one.Field != "birth" {
		t.Errorf("moved into another field: %+v, the first is %+v", fault, one)
	}
	if InField(nil, "x") != nil {
		t.Error("no error moved into a field is one")
	}
	if other := InField(ErrNotFound, "x"); !errors.Is(other, ErrNotFound) {
		t.Errorf("another error: %v", other)
	}
}

func FuzzParseDate(f *testing.F) {
	f.Add("1950-03-01")
	f.Add("0000-00-00")
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := ParseDate(s); err == nil && d.String() != s {
			t.Errorf("%q is read as %s", s, d)
		}
	})
}
