package htmlcheck

import (
	"slices"
	"testing"
)

func TestLanguages(t *testing.T) {
	got := Languages(map[string]map[string]string{
		"en": {"same": "{0} of {1}", "filled": "{0}", "empty": "", "alone": "x"},
		"ja": {"same": "{1} のうち {0}", "filled": "{1}", "empty": "空"},
	})
	want := []string{`message "alone" is not there in ja`, `message "empty" is not there in en`, `message "filled" fills in [{1}] in ja and [{0}] in en`}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
