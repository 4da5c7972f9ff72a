package detect

import (
	"bytes"
	"strings"
	"sync"
	"unicode/utf8"

	"genbo/internal/base/lexicon"
)

// names are the surnames and given names by their kanji and by their readings.
type names struct {
	surname, given         map[string]bool
	surnameKana, givenKana map[string]bool
	first                  runes // of the surnames in kanji
}

// nameLists are read when the first name is asked for. They are embedded, so that they can fail only where the
// program was built wrong.
var nameLists = sync.OnceValue(func() *names {
	n := &names{surname: map[string]bool{}, given: map[string]bool{}, surnameKana: map[string]bool{}, givenKana: map[string]bool{}}
	err := lexicon.Lines(lexicon.Surnames, func(_ string, f []string) error {
		n.surname[f[0]], n.surnameKana[f[1]] = true, true
		return nil
	})
	if err == nil {
		err = lexicon.Lines(lexicon.Common, func(_ string, f []string) error {
			n.surname[f[0]], n.surnameKana[f[1]] = true, true
			for _, v := range f[3:] {
				text, _, _ := bytes.Cut([]byte(v), []byte(":"))
				n.surname[string(text)] = true
			}
			return nil
		})
	}
	if err == nil {
		err = lexicon.Lines(lexicon.GivenNames, func(_ string, f []string) error {
			n.given[f[0][1:]], n.givenKana[f[1]] = true, true
			return nil
		})
	}
	if err != nil {
		panic("detect: " + err.Error())
	}
	for s := range n.surname {
		r, _ := utf8.DecodeRuneInString(s)
		n.first.add(r)
	}
	return n
})

// likeness is how much a text looks like a person's name.
type likeness uint8

const (
	notName    likeness = iota
	shaped              // kanji of the right count
	surnameOK           // begins with a known surname
	bothOK              // surname and given name are known
	kanaShaped          // a reading
	kanaOK              // a reading whose first part is a known surname's
)

// company are words that stand in the names of firms, offices and things, never in people's, by their first character.
var company = func() map[rune][]string {
	words := map[rune][]string{}
	for _, w := range strings.Fields("会社 法人 ㈱ ㈲ (株) （株） 商店 センター 事務所 銀行 病院 組合 工業 支店 本店 学校 協会 役所 役場 商事 製作所 ｶﾌﾞｼｷ カブシキ Inc Ltd 医院 大学 営業所 出張所 株式 有限") {
		r, _ := utf8.DecodeRuneInString(w)
		words[r] = append(words[r], w)
	}
	return words
}()

var companyFirst = func() *runes {
	var set runes
	for r := range company {
		set.add(r)
	}
	return &set
}()

func corporate(b []byte) bool {
	for i := 0; i < len(b); {
		r, size := runeAt(b[i:])
		if companyFirst.has(r) {
			for _, w := range company[r] {
				if len(b) >= i+len(w) && string(b[i:i+len(w)]) == w {
					return true
				}
			}
		}
		i += size
	}
	return false
}

// nameOf tells how much a whole cell looks like a name in kanji or kana.
func nameOf(b []byte) likeness {
	if len(b) < 6 || len(b) > 90 {
		return notName
	}
	runes, kanji, kana, blanks, split := 0, 0, 0, 0, -1
	for i := 0; i < len(b); {
		r, size := runeAt(b[i:])
		switch {
		case r == ' ' || r == '　':
			if split < 0 {
				split = i
			}
			if i+size < len(b) && (b[i+size] == ' ' || b[i+size] == 0xe3 && bytes.HasPrefix(b[i+size:], []byte("　"))) {
				runes-- // several blanks are one
			} else {
				blanks++
			}
		case r >= 0x3400 && r <= 0x9fff || r == 'ヶ' || r == 'ノ' && kanji > 0 || r == '々':
			kanji++
		case katakana(r):
			kana++
		case r >= 0x3041 && r <= 0x3096: // hiragana: 田中 さくら
			kana++
		case nameRune(r): // rare kanji, an agency's own, and selectors of variants
			kanji++
		default:
			return notName
		}
		runes++
		i += size
	}
	switch {
	case kanji == 0 && kana >= 3 && runes <= 34:
		return readingOf(b, split)
	case kanji < 2 || runes > 12 || blanks > 1 || kana > 4:
		return notName
	case split > 0:
		return parts(b[:split], bytes.TrimLeft(b[split:], " 　"))
	}
	return unsplit(b)
}

func katakana(r rune) bool {
	return r >= 0x30a1 && r <= 0x30fc || r >= 0xff66 && r <= 0xff9f || r == '゛' || r == '゜'
}

func parts(surname, given []byte) likeness {
	n := nameLists()
	switch {
	case len(given) == 0 || utf8.RuneCount(surname) > 5:
		return notName
	case n.surname[string(surname)] && (n.given[string(given)] || hiragana(given)):
		return bothOK
	case n.surname[string(surname)]:
		return surnameOK
	}
	return shaped
}

func hiragana(b []byte) bool {
	for _, r := range string(b) {
		if r < 0x3041 || r > 0x30fc {
			return false
		}
	}
	return len(b) >= 6
}

// unsplit tries every place where a surname may end. Most words begin with somebody's surname, so both parts must
// be known.
func unsplit(b []byte) likeness {
	best := notName
	if n := utf8.RuneCount(b); n >= 3 && n <= 7 {
		best = shaped
	}
	if r, _ := runeAt(b); !nameLists().first.has(r) {
		return best
	}
	for i, count := 0, 0; i < len(b) && count < 4; count++ {
		_, size := runeAt(b[i:])
		i += size
		if i < len(b) {
			if parts(b[:i], b[i:]) == bothOK {
				return bothOK
			}
		}
	}
	return best
}

// readingOf judges a text all in kana.
func readingOf(b []byte, split int) likeness {
	if split < 0 {
		return notName
	}
	first := fullKana(b[:split])
	if nameLists().surnameKana[first] {
		return kanaOK
	}
	return kanaShaped
}

const (
	halfKana = "ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ"
	wideKana = "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"
)

var toWide = func() map[rune]rune {
	m := map[rune]rune{}
	wide := []rune(wideKana)
	for i, r := range []rune(halfKana) {
		m[r] = wide[i]
	}
	return m
}()

// fullKana brings a reading to full-width katakana.
func fullKana(b []byte) string {
	out := make([]rune, 0, 16)
	for _, r := range string(b) {
		switch {
		case r >= 0x3041 && r <= 0x3096:
			r += 0x60
		case r == 'ﾞ' && len(out) > 0:
			if out[len(out)-1] == 'ウ' {
				out[len(out)-1] = 'ヴ'
			} else {
				out[len(out)-1]++
			}
			continue
		case r == 'ﾟ' && len(out) > 0:
			out[len(out)-1] += 2
			continue
		default:
			if w, ok := toWide[r]; ok {
				r = w
			}
		}
		out = append(out, r)
	}
	return string(out)
}
