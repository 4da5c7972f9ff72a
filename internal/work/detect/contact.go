package detect

import (
	"bytes"
)

// contacts finds addresses, telephones, accounts and mail addresses. Those of an office that writes are nobody's.
func (t *text) contacts(line int) {
	if office := line <= t.sender; !office || t.line.all&ofAddress != 0 {
		t.addresses(office)
	}
	if line > t.sender && t.line.runs > 0 {
		t.phones()
	}
	t.mails()
	if t.line.all&ofAccount != 0 {
		t.accounts()
	}
}

func (t *text) mails() {
	b := t.line.b
	for i := bytes.IndexByte(b, '@'); i >= 0; {
		from, to := i, i+1
		for from > 0 && mailByte(b[from-1]) {
			from--
		}
		for to < len(b) && mailByte(b[to]) {
			to++
		}
		if mailOf(b[from:to]) {
			t.pieces = append(t.pieces, piece{kind: Mail, at: from})
		}
		next := bytes.IndexByte(b[to:], '@')
		if next < 0 {
			return
		}
		i = to + next
	}
}

func mailByte(c byte) bool {
	return letter(c) || digit(c) || c == '.' || c == '-' || c == '_' || c == '+' || c == '%'
}

// accounts finds seven digits, as accounts have, soon after their label.
func (t *text) accounts() {
	b := t.line.b
	for _, m := range t.line.marks {
		if m.class&ofAccount == 0 {
			continue
		}
		rest := b[m.to:min(len(b), m.to+40)]
		for len(rest) > 0 && !digit(rest[0]) {
			rest = rest[1:]
		}
		n := 0
		for n < len(rest) && digit(rest[n]) {
			n++
		}
		if n >= 6 && n <= 8 {
			t.pieces = append(t.pieces, piece{kind: Account, at: m.from, labelled: true})
			return
		}
	}
}

// addresses finds an address by its prefecture anywhere in the line, by 住所 and 〒 before a municipality, or where the line is one from
// its municipality to its house number. Beside an office, only what 住所 stands before is somebody's.
func (t *text) addresses(office bool) {
	b := t.line.b
	for i := 0; i+9 <= len(b) && !office; {
		if b[i] < 0x80 {
			i++
			continue
		}
		if n := prefecture(b[i:]); n > 0 {
			end := i + addressEnd(b[i:])
			if full, _ := addressOf(b[i:end]); full && houseNumber(b[i+n:end]) {
				t.pieces = append(t.pieces, piece{kind: Address, at: i})
				return
			}
		}
		if b[i] >= 0xe0 {
			i += 3
		} else {
			i++
		}
	}
	if (t.line.all|t.line.carried)&ofAddress == 0 {
		if start := len(b) - len(bytes.TrimLeft(b, " ")); !office && wholeAddress(b[start:]) {
			t.pieces = append(t.pieces, piece{kind: Address, at: start})
		}
		return
	}
	try := func(from int) bool {
		rest := bytes.TrimPrefix(bytes.TrimLeft(b[from:], " :=]|\"-0123456789,)"), []byte("は"))
		full, _ := addressOf(rest[:addressEnd(rest)])
		if full {
			t.pieces = append(t.pieces, piece{kind: Address, at: len(b) - len(rest), labelled: from > 0})
		}
		return full
	}
	if t.line.carried&ofAddress != 0 && try(0) {
		return
	}
	for _, m := range t.line.marks {
		if m.class&ofAddress != 0 && try(m.to) {
			return
		}
	}
}

// wholeAddress reports whether a line is an address without its prefecture: kanji up to a municipality, a house number, and no sentence.
func wholeAddress(b []byte) bool {
	if len(b) < 15 || len(b) > 180 || b[0] < 0xe4 || bytes.Contains(b, []byte("。")) || bytes.Contains(b, []byte("、")) {
		return false
	}
	m := municipality(b)
	return m > 0 && houseNumber(b[m:]) && !corporate(b)
}

var addressStops = [...][]byte{[]byte("  "), []byte("\t"), []byte("。"), []byte("、"), []byte(","), []byte("電話"), []byte("TEL"), []byte("氏名"), []byte("|")}

// addressEnd is where an address ends: at two blanks, a sign that parts sentences, or a label.
func addressEnd(b []byte) int {
	end := len(b)
	for _, stop := range addressStops {
		if i := bytes.Index(b[:end], stop); i >= 0 {
			end = i
		}
	}
	return end
}

// phones finds a telephone number: 0 and two hyphens or brackets, or ten or eleven digits after a label.
func (t *text) phones() {
	b := t.line.b
	for i := 0; i < len(b); i++ {
		if b[i] != '0' && b[i] != '(' || i > 0 && (digit(b[i-1]) || b[i-1] == '-' || letter(b[i-1]) || b[i-1] == '.') {
			continue
		}
		end := i
		for end < len(b) && (digit(b[end]) || b[end] == '-' || b[end] == '(' || b[end] == ')') {
			end++
		}
		run := bytes.TrimRight(b[i:end], "-()")
		ok, hyphens := phoneOf(run)
		label := t.line.label(i, 30)
		if ok && (hyphens || label&ofPhone != 0) && label&ofFax == 0 {
			t.pieces = append(t.pieces, piece{kind: Phone, at: i})
			return
		}
		i = max(i, end-1)
	}
}
