package person

import (
	"encoding/hex"
	"fmt"
	"strconv"

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

// storeTokens writes tokens in the buckets that the tokens name. The people's rows were touched before, so
// where several servers are concerned they commit last, and a token never lacks for long what it leads to.
func storeTokens(tx *db.Tx, people []*Prepared) error {
	numbers, search := map[*db.Part][]any{}, map[*db.Part][]any{}
	for _, p := range people {
		for _, t := range p.tokens.numbers {
			part := tx.On(t.Bucket())
			numbers[part] = append(numbers[part], int64(t.Bucket()), t[:], int64(p.ID))
		}
		addSearch(tx, search, p.ID, p.tokens.search)
	}
	for part, args := range numbers {
		n, err := part.Insert("INSERT INTO number_token (bucket, token, person) VALUES", 3, args, "ON CONFLICT DO NOTHING")
		if err != nil {
			return err
		}
		if n != int64(len(args)/3) {
			return fmt.Errorf("a number belongs to somebody already: %w", db.ErrDuplicate)
		}
	}
	return insertSearch(search)
}

func addSearch(tx *db.Tx, search map[*db.Part][]any, id genbo.PersonID, list []searchToken) {
	for _, t := range list {
		part := tx.On(t.token.Bucket())
		search[part] = append(search[part], int64(t.token.Bucket()), int(t.kind), t.token[:], int64(id))
	}
}

func insertSearch(search map[*db.Part][]any) error {
	for part, args := range search {
		_, err := part.Insert("INSERT INTO search_token (bucket, kind, token, person) VALUES", 4, args, "ON CONFLICT DO NOTHING")
		if err != nil {
			return err
		}
	}
	return nil
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
