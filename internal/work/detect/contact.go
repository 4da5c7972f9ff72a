package detect

import (
	"bytes"
	"unicode/utf8"
)

// contacts finds addresses, telephones, accounts and mail addresses. Those of an office that writes are nobody's.
func (t *text) contacts(line int) {
	b := t.buf
	if line > t.sender {
		t.addresses(b)
		t.phones(b)
	}
	for i := bytes.IndexByte(b, '@'); i >= 0 && i < len(b); {
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
			break
		}
		i = to + next
	}
	for _, w := range [...]string{"口座番号", "口座"} {
		at := bytes.Index(b, []byte(w))
		if at < 0 {
			continue
		}
		rest := bytes.TrimLeft(b[at+len(w):], " :=")
		n := 0
		for n < len(rest) && digit(rest[n]) {
			n++
		}
		if n >= 6 && n <= 8 {
			t.pieces = append(t.pieces, piece{kind: Account, at: at, labelled: true})
			return
		}
	}
}

func mailByte(c byte) bool {
	return letter(c) || digit(c) || c == '.' || c == '-' || c == '_' || c == '+' || c == '%'
}

// addresses finds an address by its prefecture anywhere in the line, or by 住所 and 〒 before a municipality.
func (t *text) addresses(b []byte) {
	for i := 0; i < len(b); {
		if b[i] < 0xe4 || b[i] > 0xe9 {
			i++
			continue
		}
		if n := prefecture(b[i:]); n > 0 {
			end := i + addressEnd(b[i:])
			if full, _ := addressOf(b[i:end]); full && houseNumber(b[i+n:end]) {
				t.pieces = append(t.pieces, piece{kind: Address, at: i, labelled: false})
				return
			}
		}
		_, size := utf8.DecodeRune(b[i:])
		i += size
	}
	for _, w := range [...]string{"住所", "居所", "〒", "Address"} {
		at := bytes.Index(b, []byte(w))
		if at < 0 {
			continue
		}
		rest := bytes.TrimLeft(b[at+len(w):], " :=]|\"-0123456789")
		if full, _ := addressOf(rest[:addressEnd(rest)]); full {
			t.pieces = append(t.pieces, piece{kind: Address, at: at, labelled: true})
			return
		}
	}
}

// addressEnd is where an address ends: at two blanks, a sign that parts sentences, or a label.
func addressEnd(b []byte) int {
	end := len(b)
	for _, stop := range [...]string{"  ", "\t", "。", "、", ",", "電話", "TEL", "氏名", "|"} {
		if i := bytes.Index(b[:end], []byte(stop)); i >= 0 {
			end = i
		}
	}
	return end
}

// phones finds a telephone number: 0 and two hyphens or brackets, or ten or eleven digits after a label.
func (t *text) phones(b []byte) {
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
		label := labelWithin(b, i, 24, "電話", "TEL", "Tel", "携帯", "連絡先", "Phone")
		if ok && (hyphens || label) && !labelWithin(b, i, 12, "FAX", "Fax") {
			t.pieces = append(t.pieces, piece{kind: Phone, at: i, labelled: false})
			return
		}
		i = max(i, end-1)
	}
}
