package htmlcheck

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
)

var placeholder = regexp.MustCompile(`\{\d\}`)

// Languages lists what the languages of some messages do not have in common: a key that one lacks or leaves empty, and a sentence that is
// filled in otherwise.
func Languages[L ~string](messages map[L]map[string]string) (problems []string) {
	keys := map[string]bool{}
	for _, own := range messages {
		for key := range own {
			keys[key] = true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		filled := map[L][]string{}
		for _, lang := range slices.Sorted(maps.Keys(messages)) {
			text := messages[lang][key]
			if text == "" {
				problems = append(problems, fmt.Sprintf("message %q is not there in %s", key, lang))
				continue
			}
			fills := placeholder.FindAllString(text, -1)
			slices.Sort(fills)
			for other, is := range filled {
				if !slices.Equal(is, fills) {
					problems = append(problems, fmt.Sprintf("message %q fills in %v in %s and %v in %s", key, fills, lang, is, other))
				}
			}
			filled[lang] = fills
		}
	}
	return problems
}
