package page

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Text is a message to be said in the reader's language: its key and what fills {0}, {1} … in it. Args are
// of the types that the template function "show" takes.
type Text struct {
	Key  string
	Args []any
}

// Say returns the text of a message.
func Say(key string, args ...any) Text { return Text{Key: key, Args: args} }

// IsZero reports whether the text says nothing.
func (t Text) IsZero() bool { return t.Key == "" }

// Messages holds every sentence of the pages in each language, by its key.
type Messages map[Lang]map[string]string

// LoadMessages reads messages/<subject>.<lang>.json of each file system: flat objects, key to sentence. A key
// that is there twice is an error; a missing folder is none.
func LoadMessages(fsys ...fs.FS) (Messages, error) {
	m := Messages{}
	for _, lang := range Langs {
		m[lang] = map[string]string{}
	}
	for _, f := range fsys {
		names, err := fs.Glob(f, "messages/*.json")
		if err != nil {
			return nil, fmt.Errorf("listing messages: %w", err)
		}
		for _, name := range names {
			if err := m.read(f, name); err != nil {
				return nil, fmt.Errorf("reading %s: %w", name, err)
			}
		}
	}
	return m, nil
}

func (m Messages) read(fsys fs.FS, name string) error {
	stem := strings.TrimSuffix(name, ".json")
	words, ok := m[Lang(strings.TrimPrefix(path.Ext(stem), "."))]
	if !ok {
		return fmt.Errorf("the name must end in .ja.json or .en.json")
	}
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	var more map[string]string
	if err := json.Unmarshal(b, &more); err != nil {
		return err
	}
	for key, sentence := range more {
		if _, twice := words[key]; twice {
			return fmt.Errorf("key %q is there twice", key)
		}
		words[key] = sentence
	}
	return nil
}

// Keys returns all keys in order.
func (m Messages) Keys() []string {
	keys := map[string]bool{}
	for _, words := range m {
		for k := range words {
			keys[k] = true
		}
	}
	return slices.Sorted(maps.Keys(keys))
}

// Has reports whether the key has a sentence.
func (m Messages) Has(key string) bool {
	_, ok := m[Japanese][key]
	return ok
}

// Say returns the sentence in a language with its placeholders filled, or the key where there is none.
func (m Messages) Say(lang Lang, t Text) string { return voice{lang, m}.say(t) }

// fillIn puts args for {0}, {1} … in sentence.
func fillIn(sentence string, args []string) string {
	if len(args) == 0 {
		return sentence
	}
	pairs := make([]string, 0, 2*len(args))
	for i, a := range args {
		pairs = append(pairs, "{"+strconv.Itoa(i)+"}", a)
	}
	return strings.NewReplacer(pairs...).Replace(sentence)
}

// Own holds the messages of this package, for [LoadMessages].
func Own() fs.FS { return own }
