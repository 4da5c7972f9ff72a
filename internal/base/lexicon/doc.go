// Package lexicon holds the surnames, given names and places of Japan.
//
// Two kinds of work need them: inventing people who look real (package synth), and telling in a file whether four
// kanji are somebody's name or a part number's (package detect).
//
// # What always holds
//
//   - The lists are embedded: no program needs a file beside it to know a name.
//   - A name that is in no list may still be one. The lists hold the 9,000 most frequent surnames and given names each, so
//     a column of names is known by most of its cells, never by a single one.
//
// # The lists
//
// lists/ holds names from mecab-ipadic (its licence stands beside them) and towns from SKK-JISYO.zipcode, which
// is in the public domain; common surnames and prefectures were written for Genbo. The command in gen/ makes the
// packed ones anew from two Debian packages:
//
//	go generate ./internal/base/lexicon
package lexicon

//go:generate go run ./gen -out lists
