package scan

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"genbo/internal/base/charset"
	"genbo/internal/base/lock"
)

// A lock whose key hangs beside it is none: where a password can be had by whoever has the file, the file counts as open. Only
// what the password file opens stays locked, and is counted as such.

// secret is a password to try, and where it was found.
type secret struct {
	word, where string
	file        string // the name of the file beside, if it stands there
}

const fromFile = "the password file"

// Bounds of the search beside a file.
const (
	mostBeside   = 256      // files of a folder that are looked into
	besideBytes  = 64 << 10 // of each
	heardBytes   = 16 << 10 // of a text in the same mail or archive: who tells a password is brief
	mostSecrets  = 24       // passwords from names and texts
	shortestWord = 4
	longestWord  = 40
)

// wellKnown are passwords that everybody tries first, after the one with which Excel locks a workbook whose author set none
// ([MS-OFFCRYPTO] 2.3.7.1). The list is short, because each costs 50 ms on a new workbook.
var wellKnown = []string{"VelvetSweatshop", "password", "1234", "0000", "12345678", "nenkin", "123456"}

var (
	speaksOf  = regexp.MustCompile(`(?i)パスワード|ﾊﾟｽﾜｰﾄﾞ|password|passwd|passphrase|(?:^|[^a-z])(?:pass|pw|pwd)(?:$|[^a-z])|解凍|暗証|合言葉`)
	saidAfter = regexp.MustCompile(`(?i)(?:パスワード|password|passwd|passphrase|pass|pwd|pw|解凍キー|暗証番号|合言葉)[^\x21-\x7e\n]{0,12}[:=("「『【\s]*[^\x21-\x7e\n]{0,6}\n?\s*([\x21-\x7e]{4,40})`)
	parts     = regexp.MustCompile(`[A-Za-z0-9!#$%&@+*^~?]{4,40}`)
	endings   = "()[]{}\"'.,;:「」"
)

// secrets are the passwords to try on the current file, found when the first lock is met.
func (w *worker) secrets() []secret {
	if w.tried == nil {
		w.tried = append(w.tried, w.given...)
		add := func(words []string, where string) {
			for _, word := range words {
				if len(w.tried) < mostSecrets+len(w.given) && !slices.ContainsFunc(w.tried, func(s secret) bool { return s.word == word }) {
					w.tried = append(w.tried, secret{word: word, where: where})
				}
			}
		}
		add(w.heard, "in the same mail or archive")
		add(inName(filepath.Base(w.current.Path)), "in its name")
		own := filepath.Base(w.current.Path)
		for _, s := range nearest(w.beside(filepath.Dir(w.current.Path)), own) {
			if s.file != own {
				add([]string{s.word}, s.where)
			}
		}
		add(wellKnown, "well known")
	}
	return w.tried
}

// words are the passwords alone.
func (w *worker) words() []string {
	var list []string
	for _, s := range w.secrets() {
		list = append(list, s.word)
	}
	return list
}

// opened says what a lock is worth that a password opened.
func (w *worker) opened(f lock.Finding, word string) lock.Finding {
	for _, s := range w.secrets() {
		if s.word != word {
			continue
		}
		if s.where == fromFile {
			return lock.Finding{State: f.State, How: f.How + ", opened with " + fromFile}
		}
		return lock.Finding{State: lock.Open, How: f.How + ", but its password stands " + s.where}
	}
	return lock.Finding{State: lock.Open, How: f.How + ", but its password is four digits"}
}

// inName are the passwords that a file's name may hold: what follows a word that says so comes first.
func inName(name string) []string {
	name = norm.NFKC.String(strings.TrimSuffix(name, filepath.Ext(name)))
	list := said(name)
	for _, p := range parts.FindAllString(name, 4) {
		list = append(list, strings.Trim(p, endings))
	}
	return list
}

// said are the passwords that a text names.
func said(text string) (list []string) {
	for _, m := range saidAfter.FindAllStringSubmatch(text, 8) {
		word := strings.Trim(m[1], endings)
		if len(word) >= shortestWord && len(word) <= longestWord {
			list = append(list, word)
		}
	}
	return list
}

// nearest puts the passwords first whose file is named like the locked one: a folder holds those of many files.
func nearest(list []secret, own string) []secret {
	alike := func(s secret) (n int) {
		for n < len(own) && n < len(s.file) && own[n] == s.file[n] {
			n++
		}
		return n
	}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b secret) int { return alike(b) - alike(a) })
	return list
}

// beside are the passwords that texts in a folder name. A text whose own name speaks of a password may hold nothing else.
func (w *worker) beside(dir string) (list []secret) {
	if known, ok := w.folders.Load(dir); ok {
		return known.([]secret)
	}
	folder, err := os.Open(dir)
	if err != nil {
		return nil
	}
	defer folder.Close()
	entries, _ := folder.ReadDir(4096) // what cannot be listed is in the report already
	looked := 0
	for _, e := range entries {
		info, err := e.Info()
		speaks := speaksOf.MatchString(norm.NFKC.String(e.Name()))
		if err != nil || !info.Mode().IsRegular() || info.Size() == 0 || info.Size() > besideBytes || looked >= mostBeside ||
			!speaks && !slices.Contains([]string{".txt", ".eml", ".md", ".memo", ""}, strings.ToLower(filepath.Ext(e.Name()))) {
			continue
		}
		looked++
		for _, word := range wordsIn(filepath.Join(dir, e.Name()), speaks) {
			list = append(list, secret{word, "in a file beside it", e.Name()})
		}
	}
	w.folders.Store(dir, list)
	return list
}

// wordsIn are the passwords that a small text file names.
func wordsIn(path string, speaks bool) (list []string) {
	file, _, err := openQuietly(path)
	if err != nil {
		return nil
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, besideBytes))
	if e, _ := charset.Detect(raw); err != nil || e == charset.Binary {
		return nil
	}
	text, _ := charset.All(raw)
	text = norm.NFKC.String(text)
	if list = said(text); speaks {
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); len(line) >= shortestWord && len(line) <= longestWord && !strings.ContainsAny(line, " \t") {
				list = append(list, line)
			}
		}
	}
	return list
}

// hear keeps the passwords that a short text in a mail or archive names, for the members after it.
func (w *worker) hear(text []byte) {
	if len(text) > heardBytes {
		return
	}
	s, _ := charset.All(text)
	if s = norm.NFKC.String(s); speaksOf.MatchString(s) {
		w.heard = append(w.heard, said(s)...)
		w.heard = w.heard[:min(len(w.heard), mostSecrets)]
		w.tried = nil
	}
}
