package detect

import "bytes"

func letter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

// Within how many bytes before a value its label stands.
const (
	near = 48
	far  = 64
)

// numbers finds pension numbers and My Numbers: runs of digits that are 4-6, ten or twelve long.
func (t *text) numbers() {
	b := t.line.b
	for i := 0; i < len(b); {
		if !digit(b[i]) {
			i++
			continue
		}
		start := i
		if start > 0 && (letter(b[start-1]) || b[start-1] == '-' || b[start-1] == '.' || b[start-1] == '_' || b[start-1] == '/') {
			for i < len(b) && (digit(b[i]) || b[i] == '-') {
				i++
			}
			continue
		}
		end := start
		for end < len(b) && (digit(b[end]) || b[end] == '-' && end+1 < len(b) && digit(b[end+1])) {
			end++
		}
		i = end
		if end < len(b) && (letter(b[end]) || b[end] == '_' || b[end] == '.' && end+1 < len(b) && digit(b[end+1]) || b[end] == '/') {
			continue
		}
		if long := t.spaced(start); long > 0 {
			end, i = start+long, start+long
		}
		t.number(b[start:end], start)
	}
}

// number takes a run of digits for what it is by its length and by the label before it.
func (t *text) number(run []byte, at int) {
	if len(run) < 8 {
		return
	}
	n, form := parseNumber(run)
	label := t.line.label(at, near)
	ours, thing := label&ofNumber != 0, label&(ofThing|ofMyNumber) != 0
	switch form {
	case twelve:
		if label&ofMyNumber != 0 {
			t.pieces = append(t.pieces, piece{kind: MyNumber, at: at, labelled: true})
		}
	case hyphenated:
		if n != 0 && !thing {
			t.pieces = append(t.pieces, piece{kind: Number, at: at, value: n, labelled: ours})
		}
	case ten:
		if n != 0 && (ours || n >= 1_000_000_000 && !thing) {
			t.pieces = append(t.pieces, piece{kind: Number, at: at, value: n, labelled: ours, weak: true})
		}
	case shorter:
		if n != 0 && ours {
			t.pieces = append(t.pieces, piece{kind: Number, at: at, value: n, labelled: true, weak: true})
		}
	}
}

// spaced is how long a number is whose digits blanks part: 1234 567890 after its label, 1234 5678 9018, or digit by digit as
// forms with a box for each have it. 0 if it is none.
func (t *text) spaced(at int) int {
	b := t.line.b
	groups, digits, end := [12]int{}, 0, at
	n := 0
	for i := at; i < len(b) && n < len(groups); n++ {
		from := i
		for i < len(b) && digit(b[i]) {
			i++
		}
		if i == from {
			break
		}
		groups[n], digits, end = i-from, digits+i-from, i
		for gap := 0; i < len(b) && (b[i] == ' ' || b[i] == '-') && gap < 3; gap++ {
			i++
		}
		if digits == 10 && (i == len(b) || !digit(b[i])) || digits >= 12 {
			n++
			break
		}
	}
	one := true
	for _, g := range groups[:n] {
		one = one && g == 1
	}
	switch {
	case digits == 12 && n == 3 && groups[0] == 4 && groups[1] == 4,
		digits == 10 && n == 2 && groups[0] == 4 && (t.line.label(at, near)&ofNumber != 0 || at > 0 && b[at-1] == '(' && end < len(b) && b[end] == ')'),
		(digits == 10 || digits == 12) && one && t.line.label(at, near)&(ofNumber|ofMyNumber) != 0:
		if end == len(b) || !digit(b[end]) && b[end] != '-' {
			return end - at
		}
	}
	return 0
}

// lastBirth is the last year in which somebody may be born whom a date without a label tells: later ones are dates of letters
// and ledgers, and children have labels.
const lastBirth = 2008

// dates finds dates of birth: by their label, or any date, which a number or name beside it must then confirm.
func (t *text) dates() {
	b := t.line.b
	for i := 0; i < len(b); {
		r, size := runeAt(b[i:])
		era := eraYear(r) != 0
		if !digit(b[i]) && !era || i > 0 && (digit(b[i-1]) || letter(b[i-1]) || b[i-1] == '-' || b[i-1] == '/') {
			i += size
			continue
		}
		d, n := scanDate(b[i:])
		if n == 0 {
			if digit(b[i]) {
				for i < len(b) && digit(b[i]) {
					i++
				}
			} else {
				i += size
			}
			continue
		}
		end := i + n
		label := t.line.label(i, near)
		born, things := label&ofBirth != 0, label&(ofThing|ofNumber|ofMyNumber) != 0
		rest := bytes.TrimLeft(b[end:], " ()")
		if bytes.HasPrefix(rest, []byte("生")) && !bytes.HasPrefix(rest, []byte("生活")) && !bytes.HasPrefix(rest, []byte("生産")) {
			born = true
		}
		other := label&ofOtherDate != 0 || bytes.HasPrefix(rest, []byte("現在"))
		if born || d.Year() <= lastBirth && !other && !(things && n <= 8) && (era || bytes.ContainsAny(b[i:end], "年/.-") || n == 8) {
			t.pieces = append(t.pieces, piece{kind: Birth, at: i, value: uint64(d), labelled: born})
		}
		i = end
	}
}
