package detect

// form is how a number is written.
type form uint8

const (
	noNumber   form = iota
	hyphenated      // 1234-567890, also with a blank or a full-width hyphen
	ten             // 1234567890
	shorter         // 123456789: a spreadsheet dropped the zeros before it
	twelve          // 123456789018: a My Number whose check digit is right
)

const ones = 0x0101010101010101

// eight reads eight ASCII digits.
func eight(b []byte) (n uint64, ok bool) {
	_ = b[7]
	w := uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 | uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
	w ^= '0' * ones
	if (w+0x76*ones|w)&(0x80*ones) != 0 {
		return 0, false
	}
	w = w*10 + w>>8
	w = ((w&0x000000ff000000ff)*(100+1_000_000<<32) + (w>>16&0x000000ff000000ff)*(1+10_000<<32)) >> 32
	return w & 0xffffffff, true
}

func digit(b byte) bool { return b-'0' <= 9 }

// parseNumber reads a cell that is one number and nothing else: a pension number (ten digits) or a My Number (twelve
// digits whose last is their check digit, Ordinance 85 of 2014 of the Ministry of Internal Affairs, art. 5).
func parseNumber(b []byte) (uint64, form) {
	if len(b) == 10 {
		if high, ok := eight(b); ok && digit(b[8]) && digit(b[9]) {
			return high*100 + uint64(b[8]-'0')*10 + uint64(b[9]-'0'), ten
		}
	} else if len(b) == 11 && b[4] == '-' {
		if n, ok := split46(b); ok {
			return n, hyphenated
		}
	}
	return parseAny(b)
}

// split46 reads 1234-567890.
func split46(b []byte) (n uint64, ok bool) {
	for i, c := range b[:11] {
		if i == 4 {
			continue
		}
		if !digit(c) {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
	}
	return n, true
}

// parseAny reads the rarer spellings: full width, other hyphens, blanks around and between.
func parseAny(b []byte) (uint64, form) {
	if len(b) < 8 || len(b) > 60 {
		return 0, noNumber
	}
	var n uint64
	digits, breaks, first := 0, 0, 0
	for i := 0; i < len(b); {
		d, size := digitAt(b[i:])
		if size > 0 {
			if digits++; digits > 12 {
				return 0, noNumber
			}
			n = n*10 + d
			i += size
			continue
		}
		size = breakAt(b[i:])
		if size == 0 {
			return 0, noNumber
		}
		if digits > 0 && i+size < len(b) {
			if breaks++; breaks == 1 {
				first = digits
			}
		}
		i += size
	}
	switch {
	case digits == 10 && breaks == 0:
		return n, ten
	case digits == 10 && breaks == 1 && first == 4:
		return n, hyphenated
	case digits == 12 && (breaks == 0 || breaks == 2 && first == 4) && myNumber(n):
		return n, twelve
	case (digits == 9 || digits == 8) && breaks == 0:
		return n, shorter
	}
	return 0, noNumber
}

// digitAt reads a digit of half or full width.
func digitAt(b []byte) (d uint64, size int) {
	if digit(b[0]) {
		return uint64(b[0] - '0'), 1
	}
	if len(b) >= 3 && b[0] == 0xef && b[1] == 0xbc && b[2] >= 0x90 && b[2] <= 0x99 {
		return uint64(b[2] - 0x90), 3
	}
	return 0, 0
}

// breakAt reads a hyphen of any kind or a blank.
func breakAt(b []byte) int {
	if b[0] == '-' || b[0] == ' ' || b[0] == '\'' {
		return 1
	}
	if len(b) < 3 {
		return 0
	}
	switch string(b[:3]) {
	case "－", "‐", "‑", "‒", "–", "—", "―", "−", "ー", "　", "ｰ":
		return 3
	}
	return 0
}

var myWeights = [12]uint64{0, 2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6}

// myNumber reports whether the last of twelve digits is the check digit of the others.
func myNumber(n uint64) bool {
	check := n % 10
	sum := uint64(0)
	for i := 1; i < 12; i++ {
		n /= 10
		sum += n % 10 * myWeights[i]
	}
	want := uint64(0)
	if r := sum % 11; r > 1 {
		want = 11 - r
	}
	return check == want && sum > 0
}
