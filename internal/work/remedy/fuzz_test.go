package remedy

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// FuzzName: every name comes back from JSON as it was.
func FuzzName(f *testing.F) {
	for _, name := range []string{"", "a.csv", "two\nlines", "bad\xff\xfe", "\ufffd", `{"base64":""}`} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		text, err := json.Marshal(Name(name))
		if err != nil {
			t.Fatal(err)
		}
		var back Name
		if err := json.Unmarshal(text, &back); err != nil || string(back) != name {
			t.Errorf("%q became %q by %s: %v", name, back, text, err)
		}
	})
}

// FuzzReadJournal: whatever was done to the file, what reads as a journal is a chain from its first entry.
func FuzzReadJournal(f *testing.F) {
	entry := func(n string) string { return `{"number":` + n + `,"step":"begin"}` }
	first := chain("", []byte(entry("1")))
	whole := `{"entry":` + entry("1") + `,"hash":"` + first + "\"}\n" + `{"entry":` + entry("2") + `,"hash":"` + chain(first, []byte(entry("2"))) + "\"}\n"
	f.Add([]byte(whole))
	f.Add([]byte(whole[:len(whole)-3]))
	f.Add([]byte(strings.Repeat("\n", 3)))
	f.Fuzz(func(t *testing.T, text []byte) {
		var n int64
		s, err := readJournal(bytes.NewReader(text), func(e Entry) {
			if n++; e.Number != n {
				t.Errorf("entry %d is number %d", n, e.Number)
			}
		})
		if s.Entries != n || s.whole > int64(len(text)) || err == nil && !s.Torn && s.whole != int64(len(text)) {
			t.Errorf("%+v of %d bytes, %d entries, %v", s, len(text), n, err)
		}
	})
}
