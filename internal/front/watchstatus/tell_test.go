package watchstatus

import (
	"strings"
	"testing"
	"time"

	"genbo/internal/front/page"
	"genbo/internal/front/page/htmlcheck"
	"genbo/internal/work/watch"
)

func full(phase, anew string) watch.Status {
	day := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	return watch.Status{Phase: phase, Anew: anew, Updated: day, Begun: &day, Full: &day, Files: 12345, Roots: 3, Lost: 1, Blind: "no space left on device", Waiting: 2, Unsent: 4,
		Figures: &watch.Findings{Ended: day, Files: 12345, Unread: 7, Persons: 40, Fields: []watch.FieldsSum{{Set: "NAB", Open: 49, Weak: 1, Persons: 40}}},
		Answer:  &watch.Answer{Received: day, Due: &day, Limit: 10}}
}

// TestTell: every status has its words in both languages, and the figures are there.
func TestTell(t *testing.T) {
	for _, lang := range page.Langs {
		for _, phase := range []string{watch.Scanning, watch.Watching, watch.Resting, watch.Ended, watch.Killed} {
			for _, anew := range []string{"", "first", "damaged", "program"} {
				var b strings.Builder
				if err := Tell(&b, lang, full(phase, anew)); err != nil {
					t.Fatal(err)
				}
				for _, want := range []string{"12,345", "NAB", "50", "49"} {
					if !strings.Contains(b.String(), want) {
						t.Errorf("%s %s: %q is missing: %s", lang, phase, want, b.String())
					}
				}
				if strings.Contains(b.String(), "watch.") {
					t.Errorf("%s %s %s: a message is missing: %s", lang, phase, anew, b.String())
				}
			}
		}
		var b strings.Builder
		if err := Tell(&b, lang, watch.Status{Phase: watch.Scanning}); err != nil || strings.Contains(b.String(), "NAB") {
			t.Errorf("%s, before the first scan: %v: %s", lang, err, b.String())
		}
	}
}

// TestMessages: every sentence is there in both languages.
func TestMessages(t *testing.T) {
	m, err := page.LoadMessages(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range htmlcheck.Languages(m) {
		t.Error(p)
	}
}
