package genbo_test

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// TestLinks: each link in the papers that stays in the tree leads somewhere, and each paper in docs is led to.
func TestLinks(t *testing.T) {
	led := map[string]bool{}
	for _, file := range tree(t, ".md") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			u, err := url.Parse(m[1])
			if err != nil || u.IsAbs() || u.Path == "" {
				continue
			}
			target := filepath.Join(filepath.Dir(file), u.Path)
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s, which is not there", file, m[1])
			}
			if target != file {
				led[target] = true
			}
		}
	}
	for _, file := range tree(t, ".md") {
		if strings.HasPrefix(file, "docs/") && !led[file] {
			t.Errorf("nothing links to %s: add it to docs/README.md", file)
		}
	}
}
