package handover

import (
	"errors"
	"testing"

	"genbo"
	"genbo/internal/record/extract"
	"genbo/internal/record/journal"
)

// Nobody, and ten million people, are refused by every purpose that is built in.
func TestNobodyAndTenMillion(t *testing.T) {
	purposes, err := LoadPurposes("")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range purposes {
		for people, rule := range map[int]string{0: "extract.nobody", 10_000_000: "extract.most"} {
			e := extract.Extract{Purpose: p.Code, Form: p.Forms[0], Fields: p.Fields, Days: 1, People: journal.PeopleFrom(1, people)}
			var f *genbo.Fault
			if err := p.allows(e); !errors.As(err, &f) || f.Code != rule {
				t.Errorf("%s of %d people: %v, want the fault %s", p.Code, people, err, rule)
			}
		}
	}
}
