package finding_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"genbo"
	"genbo/internal/record/finding"
)

func TestRule(t *testing.T) {
	if r, err := finding.LoadRule(""); err != nil || r.Allowed != 0 || r.Reason == "" {
		t.Errorf("built in: %+v, %v", r, err)
	}
	path := filepath.Join(t.TempDir(), "findings.json")
	for text, ok := range map[string]bool{
		`{"allowed": 5, "silent_days": 7, "reason": "moving offices in June"}`: true,
		`{"allowed": 5, "silent_days": 7}`:                                     false, // why?
		`{"allowed": -1, "silent_days": 7, "reason": "x"}`:                     false,
		`{"allowed": 0, "silent_days": 0, "reason": "x"}`:                      false,
		`{"allowed": 0, "silent_days": 3, "reason": "x", "y": 1}`:              false,
		`nonsense`: false,
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := finding.LoadRule(path); (err == nil) != ok || !ok && !errors.Is(err, genbo.ErrInvalid) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
