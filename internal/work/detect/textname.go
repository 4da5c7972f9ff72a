package detect

import "bytes"

// names finds names by label, by 様 after them, and by the lists of names.
func (t *text) names() {
	b := t.line.b
	for i := 0; i < len(b); {
		start, end := nextRun(b, i)
		if start < 0 {
			break
		}
		if i = end; !t.placed(start) {
			t.nameIn(start, end)
		}
	}
	if (t.line.all|t.line.carried)&(ofName|honorific) != 0 {
		t.latinNames()
	}
}

// placed reports whether an address begins at a place of the line: towns have people's names.
func (t *text) placed(at int) bool {
	for i := range t.pieces {
		if p := &t.pieces[i]; p.kind == Address && p.at == at {
			return true
		}
	}
	return false
}

// nameRune reports whether names in kanji and kana have r.
func nameRune(r rune) bool {
	switch {
	case r >= 0x3041 && r <= 0x30fe:
		return r != '・'
	case r >= 0x3400 && r <= 0x9fff, r == '々', r >= 0xf900 && r <= 0xfaff, r >= 0x20000 && r <= 0x3ffff:
		return true
	case r >= 0xe000 && r <= 0xf8ff, r >= 0xff66 && r <= 0xff9f, r >= 0xfe00 && r <= 0xfe0f, r >= 0xe0100 && r <= 0xe01ef:
		return true
	}
	return false
}

// nextRun finds a run of kanji and kana from i on, in which words are parted by one blank each.
func nextRun(b []byte, i int) (start, end int) {
	start = -1
	for i < len(b) {
		if b[i] < 0x80 {
			if start >= 0 && !(b[i] == ' ' && i+1 < len(b) && b[i+1] >= 0x80) {
				return start, i
			}
			i++
			continue
		}
		r, size := runeAt(b[i:])
		if !nameRune(r) {
			if start >= 0 {
				return start, i
			}
		} else if start < 0 {
			start = i
		}
		i += size
	}
	return start, len(b)
}

// nameIn looks for names among the words of a run.
func (t *text) nameIn(start, end int) {
	b := t.line.b
	label := t.line.adjoins(start, ofName)
	for at := start; at < end; {
		at = afterParticle(b, at, end)
		to := wordEnd(b, at, end)
		if t.line.ends(to, ofName) && to-at <= 36 {
			label, at = true, to+1
			continue
		}
		if t.line.ends(to, labels) { // another label, not what the one before it names
			label, at = false, to+1
			continue
		}
		bare, next := t.bare(at, to)
		honored := bare < to || t.honors(to+1)
		if !honored && to+1 < end {
			second := to + 1
			secondTo := wordEnd(b, second, end)
			secondBare, after := t.bare(second, secondTo)
			honored := secondBare < secondTo || t.honors(secondTo+1)
			pair := b[at:secondBare]
			l := nameOf(pair)
			if label && l >= kanaShaped { // a foreigner's may have more words
				for after < end && after == secondTo+1 {
					third := wordEnd(b, after, end)
					if !kanaOnly(b[after:third]) {
						break
					}
					pair, secondTo, after = b[at:third], third, third+1
				}
			}
			if l >= surnameOK && (l != kanaShaped || honored) || l != notName && (label || honored) && !t.line.ends(secondTo, ofName) {
				t.addName(pair, at, label || honored, l)
				at, label = after, false
				continue
			}
		}
		w := b[at:bare]
		if l := nameOf(w); l == bothOK || label && (l != notName && l != kanaShaped || twoKanji(w)) || honored && (l >= surnameOK || kanaWord(w)) {
			t.addName(w, at, label || honored && (l == bothOK || kanaWord(w)), l)
			label = false
		}
		at = next
	}
}

// afterParticle is where a name may begin that の, は or another particle ties to what stands before it.
func afterParticle(b []byte, at, end int) int {
	i := at
	for i+3 < end && b[i] == 0xe3 {
		r, size := runeAt(b[i:])
		if r < 0x3041 || r > 0x3096 {
			break
		}
		i += size
	}
	if i > at && i+3 <= end && b[i] >= 0xe4 && i-at <= 6 {
		return i
	}
	return at
}

// twoKanji reports whether a word is two kanji: behind its label that is a name, elsewhere hardly.
func twoKanji(b []byte) bool {
	if len(b) != 6 || b[0] < 0xe4 || b[3] < 0xe4 {
		return false
	}
	r, _ := runeAt(b)
	return nameRune(r)
}

// kanaWord reports whether a word is all katakana and as long as foreigners' names are.
func kanaWord(b []byte) bool { return len(b) >= 12 && kanaOnly(b) }

func kanaOnly(b []byte) bool {
	for i := 0; i < len(b); {
		r, size := runeAt(b[i:])
		if r < 0x30a1 || r > 0x30fc || r == '・' {
			return false
		}
		i += size
	}
	return len(b) > 0
}

// wordEnd is where the word at place at of a run ends.
func wordEnd(b []byte, at, end int) int {
	if i := bytes.IndexByte(b[at:end], ' '); i >= 0 {
		return at + i
	}
	return end
}

// bare is where the name ends that the word between at and to begins with, if 様, 殿, さん or 氏 stands after it, and where to go
// on; to where none does.
func (t *text) bare(at, to int) (bare, next int) {
	if t.line.all&honorific != 0 {
		for i := range t.line.marks {
			if m := &t.line.marks[i]; m.class == honorific && m.from > at && m.to <= to {
				if m.to == to {
					return m.from, to + 1
				}
				return m.from, m.to
			}
		}
	}
	return to, to + 1
}

// honors reports whether an honorific begins at a place.
func (t *text) honors(at int) bool {
	for i := range t.line.marks {
		if m := &t.line.marks[i]; m.class == honorific && m.from == at {
			return true
		}
	}
	return false
}

func (t *text) addName(b []byte, at int, labelled bool, l likeness) {
	if corporate(b) {
		return
	}
	kind := Name
	if l >= kanaShaped {
		kind = Kana
	}
	t.pieces = append(t.pieces, piece{kind: kind, at: at, name: b, labelled: labelled, letter: t.addressed(at, len(b))})
}

// addressed reports whether a name and an honorific are all that the line says.
func (t *text) addressed(at, n int) bool {
	if t.line.all&honorific == 0 || len(bytes.TrimLeft(t.line.b[:at], " ")) > 0 {
		return false
	}
	switch string(bytes.TrimSpace(t.line.b[at+n:])) {
	case "様", "殿", "さん":
		return true
	}
	return false
}

// latinNames finds names in Latin letters, and those with ・ between their parts, right after a label.
func (t *text) latinNames() {
	b := t.line.b
	try := func(at int) {
		for at < len(b) && (b[at] == ' ' || b[at] == ':' || b[at] == '=' || b[at] == '"' || b[at] == ',' || b[at] == ')') {
			at++
		}
		if n := foreignName(b[at:]); n > 0 {
			t.addName(b[at:at+n], at, true, bothOK)
		}
	}
	if t.line.carried&ofName != 0 {
		try(0)
	}
	for i := range t.line.marks {
		switch m := &t.line.marks[i]; {
		case m.class&ofName != 0:
			try(m.to)
		case m.class == honorific:
			t.latinBefore(m.from)
		}
	}
}

// latinBefore finds the name in Latin letters, or in katakana with ・ between, that an honorific stands after.
func (t *text) latinBefore(to int) {
	b := t.line.b
	for to > 0 && b[to-1] == ' ' {
		to--
	}
	from := to
	for from > 0 && (letter(b[from-1]) || b[from-1] == ' ' || b[from-1] == '-' || b[from-1] == '\'') {
		from--
	}
	for from < to && !letter(b[from]) {
		from++
	}
	if from == to {
		for from >= 3 && b[from-3] == 0xe3 {
			if r, _ := runeAt(b[from-3:]); r < 0x30a1 || r > 0x30fc {
				break
			}
			from -= 3
		}
	}
	if n := foreignName(b[from:to]); n == to-from && n > 0 {
		t.addName(b[from:to], from, true, bothOK)
	}
}

// foreignName is how long the name is that b begins with: two words or more that begin with capitals, or words in katakana
// with ・ between; 0 if there is none.
func foreignName(b []byte) int {
	words, i, end, dots := 0, 0, 0, 0
	for i < len(b) && words < 6 {
		from := i
		switch {
		case b[i] >= 'A' && b[i] <= 'Z':
			for i < len(b) && (letter(b[i]) || b[i] == '\'' || b[i] == '-' || b[i] == '.') {
				i++
			}
		default:
			for i+3 <= len(b) && b[i] == 0xe3 {
				r, _ := runeAt(b[i:])
				if r < 0x30a1 || r > 0x30fc || r == '・' {
					break
				}
				i += 3
			}
		}
		if i == from {
			break
		}
		words, end = words+1, i
		switch {
		case i < len(b) && (b[i] == ' ' || b[i] == ','):
			i++
			if i < len(b) && b[i] == ' ' {
				i++
			}
		case bytes.HasPrefix(b[i:], []byte("・")):
			i += len("・")
			dots++
		default:
			i = len(b)
		}
	}
	if words < 2 || b[0] >= 0x80 && dots == 0 {
		return 0
	}
	return end
}
