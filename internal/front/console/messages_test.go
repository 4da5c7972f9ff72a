package console

import (
	"log/slog"
	"maps"
	"os"
	"regexp"
	"slices"
	"testing"

	"genbo/internal/front/page"
	"genbo/internal/front/page/htmlcheck"
)

// built are the beginnings of keys that handlers put together from codes.
var built = []string{
	"role.", "rolehint.", "action.", "approval.is.", "approval.kind.", "approval.verdict.", "alarm.", "change.title.", "evidence.", "why.",
	"extract.form.", "extract.formhint.", "extract.is.", "extract.event.", "extract.torows.", "letter.subject.", "letter.text.", "column.", "finding.", "scan.is.",
	"sex.", "number.", "number.is.", "fields.", "notice.", "fault.", "kind.", "error.",
}

// TestMessages checks that both languages say the same things, that every key used is there, and every one
// that is there is used.
func TestMessages(t *testing.T) {
	all, err := page.New(page.Site{}, slog.Default(), files)
	if err != nil {
		t.Fatal(err)
	}
	own, err := page.LoadMessages(files)
	if err != nil {
		t.Fatal(err)
	}
	problems, err := htmlcheck.Keys{Own: own.Keys(), Known: all.Messages().Keys(), Built: built}.Unmatched(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
	for _, p := range htmlcheck.Languages(all.Messages()) {
		t.Error(p)
	}
}

// TestFaultsHaveMessages reads the program's text for the codes of faults.
func TestFaultsHaveMessages(t *testing.T) {
	all, err := page.New(page.Site{}, slog.Default(), files)
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]bool{}
	call := regexp.MustCompile(`NewFault\([^,()]*, "([^"]+)"`)
	if err := htmlcheck.GoFiles("../../..", func(_ string, src []byte) {
		for _, m := range call.FindAllSubmatch(src, -1) {
			codes[string(m[1])] = true
		}
	}); err != nil {
		t.Fatal(err)
	}
	if len(codes) < 20 {
		t.Fatalf("only %d codes of faults found: the search is broken", len(codes))
	}
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		if !all.Messages().Has("fault." + code) {
			t.Errorf("fault %q has no message", code)
		}
	}
	for _, key := range all.Messages().Keys() {
		if code, ok := cutFault(key); ok && !codes[code] && code != "number.known" {
			t.Errorf("message %q is of no fault", key)
		}
	}
}

func cutFault(key string) (string, bool) {
	const prefix = "fault."
	if len(key) <= len(prefix) || key[:len(prefix)] != prefix {
		return "", false
	}
	return key[len(prefix):], true
}
