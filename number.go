package genbo

import (
	"fmt"
	"log/slog"
	"strings"
)

// Number is a ten-digit number in the form 4-6 that names a person in the outside world: a basic pension
// number (基礎年金番号), a handbook number of before 1997 (年金手帳記号番号), or a provisional number.
// The form alone does not tell the first two apart; in June 2015, 46,412 were mixed up.
//
// Three forms live together:
//
//   - 8xxx-xxxxxx is issued by Genbo: eight random digits and a check digit (Damm), so that every single
//     mistyped digit and every swap of neighbours is caught.
//   - 99xx-xxxxxx is provisional (仮基礎年金番号): the person's identity is not settled.
//   - Everything else is old: the office code of its time and a serial, with no check digit.
//
// A Number masks itself wherever it is printed; [Number.Plain] gives the digits.
type Number struct{ n uint64 }

const (
	numberDigits = 10
	numberLimit  = 10_000_000_000
	issuedSeries = 8
	// IssuedCapacity is how many numbers the form 8xxx-xxxxxx has.
	IssuedCapacity = 100_000_000
)

// ParseNumber reads ten digits with or without the hyphen after the fourth, half or full width, with
// blanks around and between. Its faults are number.empty, number.character, number.length, number.zero and
// number.check.
func ParseNumber(s string) (Number, error) {
	var n uint64
	digits := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
		case r >= '０' && r <= '９':
			r = r - '０' + '0'
		case strings.ContainsRune(" \u3000-‐‑‒–—―−ーｰ－", r):
			continue
		default:
			return Number{}, NewFault("number", "number.character")
		}
		if digits++; digits > numberDigits {
			return Number{}, NewFault("number", "number.length", numberDigits)
		}
		n = n*10 + uint64(r-'0')
	}
	switch {
	case digits == 0:
		return Number{}, NewFault("number", "number.empty")
	case digits != numberDigits:
		return Number{}, NewFault("number", "number.length", numberDigits)
	case n == 0:
		return Number{}, NewFault("number", "number.zero")
	}
	number := Number{n}
	if number.Issued() && damm(n) != 0 {
		return Number{}, NewFault("number", "number.check")
	}
	return number, nil
}

// IssuedNumber returns the number of the form 8xxx-xxxxxx with the given eight digits, 0 to
// [IssuedCapacity]-1, and its check digit.
func IssuedNumber(body uint32) (Number, error) {
	if body >= IssuedCapacity {
		return Number{}, fmt.Errorf("issue number: body beyond %d: %w", IssuedCapacity, ErrInvalid)
	}
	n := issuedSeries*100_000_000 + uint64(body)
	return Number{n*10 + uint64(damm(n))}, nil
}

// NumberOf returns the number with the ten-digit value n, as [Number.Value] gave it.
func NumberOf(n uint64) (Number, error) {
	if n == 0 || n >= numberLimit {
		return Number{}, NewFault("number", "number.length", numberDigits)
	}
	return Number{n}, nil
}

// Value is the ten digits as an integer, for blind indexes and encryption.
func (n Number) Value() uint64 { return n.n }

// IsZero reports whether n is no number at all.
func (n Number) IsZero() bool { return n.n == 0 }

// Issued reports whether the number has the form that Genbo issues, with a check digit.
func (n Number) Issued() bool { return n.n/1_000_000_000 == issuedSeries }

// Provisional reports whether the number is a provisional one (99xx).
func (n Number) Provisional() bool { return n.n/100_000_000 == 99 }

// Plain is the number in the form 4-6, for a reader who has been accounted for.
func (n Number) Plain() string { return fmt.Sprintf("%04d-%06d", n.n/1_000_000, n.n%1_000_000) }

// Hint shows the last two digits only, to tell two numbers of a list apart.
func (n Number) Hint() string { return fmt.Sprintf("••••-••••%02d", n.n%100) }

func (n Number) String() string               { return mask }
func (n Number) GoString() string             { return mask }
func (n Number) Format(s fmt.State, _ rune)   { _, _ = s.Write([]byte(mask)) }
func (n Number) LogValue() slog.Value         { return slog.StringValue(mask) }
func (n Number) MarshalText() ([]byte, error) { return []byte(mask), nil }

// dammTable is the quasigroup of order 10 that H. M. Damm gives in his thesis of 2004: totally
// anti-symmetric, so that it finds all single-digit errors and all transpositions of neighbours.
var dammTable = [10][10]byte{
	{0, 3, 1, 7, 5, 9, 8, 6, 4, 2},
	{7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
	{4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
	{1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
	{6, 1, 2, 3, 0, 4, 5, 9, 7, 8},
	{3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
	{5, 8, 6, 9, 7, 2, 0, 1, 3, 4},
	{8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
	{9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
	{2, 5, 8, 1, 4, 3, 6, 7, 9, 0},
}

// damm returns the check digit of n's digits; 0 where the last of them is the right check digit already.
func damm(n uint64) byte {
	var digits [20]byte
	i := len(digits)
	for ; n > 0; n /= 10 {
		i--
		digits[i] = byte(n % 10)
	}
	var interim byte
	for _, d := range digits[i:] {
		interim = dammTable[interim][d]
	}
	return interim
}
