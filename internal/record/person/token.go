package person

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/jtext"
	"genbo/internal/base/vault"
)

// searchKind says what a search token is of. The values are stored.
type searchKind int

const (
	byKanaBirth   searchKind = 1
	byKana        searchKind = 2
	byBirthPostal searchKind = 3
	byPhone       searchKind = 4
	byKanji       searchKind = 5
	byLatin       searchKind = 6
)

// domains keep tokens of different kinds apart under the one key. They include the version of the folding:
// a new folding is a new domain, to be indexed anew.
var domains = func() map[searchKind]string {
	fold := "/" + strconv.Itoa(jtext.FoldVersion)
	return map[searchKind]string{
		byKanaBirth: "kana+birth" + fold, byKana: "kana" + fold, byBirthPostal: "birth+postal",
		byPhone: "phone", byKanji: "kanji" + fold, byLatin: "latin" + fold,
	}
}()

type searchToken struct {
	kind  searchKind
	token vault.Token
}

// tokens are what a person is found by.
type tokens struct {
	numbers []vault.Token
	search  []searchToken
}

func (r *Register) numberToken(n genbo.Number) (vault.Token, error) {
	return r.vault.Token("number", strconv.FormatUint(n.Value(), 10))
}

// tokensOf computes the tokens of a person with the given numbers and values.
func (r *Register) tokensOf(n Newcomer) (t tokens, err error) {
	for _, number := range n.Numbers {
		token, err := r.numberToken(number.Number)
		if err != nil {
			return t, err
		}
		t.numbers = append(t.numbers, token)
	}
	t.search, err = r.searchTokens(n.Values)
	return t, err
}

// searchTokens computes the search tokens of values that hold together.
func (r *Register) searchTokens(values []Value) (list []searchToken, err error) {
	var name Name
	var birth genbo.Date
	var postal, phone string
	for _, v := range values {
		switch v := v.(type) {
		case Name:
			name = v
		case Birth:
			birth = genbo.Date(v)
		case Address:
			postal = v.Postal
		case Phone:
			phone = string(v)
		}
	}
	add := func(kind searchKind, parts ...string) {
		for _, part := range parts {
			if part == "" {
				return
			}
		}
		token, e := r.vault.Token(domains[kind], parts...)
		if e != nil {
			err = e
		}
		list = append(list, searchToken{kind, token})
	}
	kana := jtext.FoldKana(name.Kana)
	add(byKanaBirth, kana, birth.String())
	add(byKana, kana)
	add(byBirthPostal, birth.String(), postal)
	add(byPhone, digits(phone))
	add(byKanji, jtext.FoldKanji(name.Kanji))
	if name.Alias != "" {
		add(byKanji, jtext.FoldKanji(name.Alias))
	}
	add(byLatin, jtext.FoldLatin(name.Latin))
	return list, err
}

// digits drops everything but digits: a telephone number is found however its hyphens stand.
func digits(s string) string {
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			b = append(b, s[i])
		}
	}
	return string(b)
}

// StoreTokens is the second half of [Register.Store]: what the people are found by, in the buckets that the
// tokens name. The people's rows were touched before, so where several servers are concerned they commit last,
// and a token never lacks for long what it leads to.
func (r *Register) StoreTokens(tx *db.Tx, people []*Prepared) error {
	var numbers []numberRow
	var search []searchRow
	for _, p := range people {
		for _, t := range p.tokens.numbers {
			numbers = append(numbers, numberRow{t, p.ID})
		}
		for _, t := range p.tokens.search {
			search = append(search, searchRow{t, p.ID})
		}
	}
	written, err := insertNumbers(tx, numbers)
	if err == nil && written != int64(len(numbers)) {
		err = fmt.Errorf("a number belongs to somebody already: %w", db.ErrDuplicate)
	}
	if err == nil {
		err = insertSearch(tx, search)
	}
	if err != nil {
		return fmt.Errorf("store tokens: %w", err)
	}
	return nil
}

type numberRow struct {
	token  vault.Token
	person genbo.PersonID
}

type searchRow struct {
	searchToken
	person genbo.PersonID
}

// Rows are inserted in the order of their keys: tokens are random, and a tree takes sorted keys several times
// as fast.

func insertNumbers(tx *db.Tx, rows []numberRow) (written int64, err error) {
	slices.SortFunc(rows, func(a, b numberRow) int {
		return cmp.Or(cmp.Compare(a.token.Bucket(), b.token.Bucket()), bytes.Compare(a.token[:], b.token[:]))
	})
	args := make([]any, 0, 3*len(rows))
	for i, r := range rows {
		args = append(args, int64(r.token.Bucket()), r.token[:], int64(r.person))
		if part := tx.On(r.token.Bucket()); i == len(rows)-1 || part != tx.On(rows[i+1].token.Bucket()) {
			n, err := part.Insert("INSERT INTO number_token (bucket, token, person) VALUES", 3, args, "ON CONFLICT DO NOTHING")
			if err != nil {
				return 0, err
			}
			written, args = written+n, args[:0]
		}
	}
	return written, nil
}

func insertSearch(tx *db.Tx, rows []searchRow) error {
	slices.SortFunc(rows, func(a, b searchRow) int {
		return cmp.Or(cmp.Compare(a.token.Bucket(), b.token.Bucket()), cmp.Compare(a.kind, b.kind), bytes.Compare(a.token[:], b.token[:]))
	})
	args := make([]any, 0, 4*len(rows))
	for i, r := range rows {
		args = append(args, int64(r.token.Bucket()), int(r.kind), r.token[:], int64(r.person))
		if part := tx.On(r.token.Bucket()); i == len(rows)-1 || part != tx.On(rows[i+1].token.Bucket()) {
			_, err := part.Insert("INSERT INTO search_token (bucket, kind, token, person) VALUES", 4, args, "ON CONFLICT DO NOTHING")
			if err != nil {
				return err
			}
			args = args[:0]
		}
	}
	return nil
}

// knownBatch is how many numbers one question asks for.
const knownBatch = 64

// Known returns which of the numbers, each different, lead to somebody.
func (r *Register) Known(tx *db.Tx, numbers []genbo.Number) (known []bool, err error) {
	known = make([]bool, len(numbers))
	asked := map[*db.Part]map[vault.Token]int{}
	for i, n := range numbers {
		token, err := r.numberToken(n)
		if err != nil {
			return nil, err
		}
		part := tx.On(token.Bucket())
		if asked[part] == nil {
			asked[part] = map[vault.Token]int{}
		}
		if asked[part][token] = i; len(asked[part]) == knownBatch {
			if err := askKnown(part, asked[part], known); err != nil {
				return nil, fmt.Errorf("look numbers up: %w", err)
			}
			delete(asked, part)
		}
	}
	for part, tokens := range asked {
		if err := askKnown(part, tokens, known); err != nil {
			return nil, fmt.Errorf("look numbers up: %w", err)
		}
	}
	return known, nil
}

const knownOne = "SELECT token FROM number_token WHERE bucket = ? AND token = ?"

var known64 = knownOne + strings.Repeat(" UNION ALL "+knownOne, knownBatch-1)

// askKnown asks for up to knownBatch tokens with one statement; places left over repeat a token.
func askKnown(part *db.Part, tokens map[vault.Token]int, known []bool) error {
	var args []any
	for t := range tokens {
		args = append(args, int64(t.Bucket()), t[:])
	}
	for len(args) < 2*knownBatch {
		args = append(args, args[:2]...)
	}
	return part.Each(known64, args,
		func(scan func(...any) error) error {
			var token []byte
			if err := scan(&token); err != nil {
				return err
			}
			known[tokens[vault.Token(token)]] = true
			return nil
		})
}

// Holder returns whom a number leads to, merged or not; [genbo.ErrNotFound] if nobody.
func (r *Register) Holder(tx *db.Tx, n genbo.Number) (genbo.PersonID, error) {
	token, err := r.numberToken(n)
	if err != nil {
		return 0, err
	}
	var id int64
	err = tx.On(token.Bucket()).Row("SELECT person FROM number_token WHERE bucket = ? AND token = ?",
		[]any{int64(token.Bucket()), token[:]}, &id)
	return genbo.PersonID(id), err
}

func (r *Register) search(tx *db.Tx, limit int, kind searchKind, parts ...string) (people []genbo.PersonID, err error) {
	token, err := r.vault.Token(domains[kind], parts...)
	if err != nil {
		return nil, err
	}
	err = tx.On(token.Bucket()).Each("SELECT person FROM search_token WHERE bucket = ? AND kind = ? AND token = ? ORDER BY person LIMIT ?",
		[]any{int64(token.Bucket()), int(kind), token[:], limit}, func(scan func(...any) error) error {
			var id int64
			err := scan(&id)
			people = append(people, genbo.PersonID(id))
			return err
		})
	return people, err
}

// entryKey is an entry's identifier as a key column holds it.
func entryKey(id genbo.EntryID) []byte {
	b, err := hex.DecodeString(string(id))
	if err != nil {
		panic("identifier of an entry that the journal did not give")
	}
	return b
}
