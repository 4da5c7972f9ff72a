package foreign

import (
	"crypto/rand"
	"fmt"
	"regexp"
	"strings"

	"genbo"
)

// letters are told apart when read aloud or written by hand: no vowels that make words, no 0, 1, l or o.
const letters = "bcdfghjkmnpqrstvwxyz23456789"

// groups of four letters in a pass phrase: 28 letters to the power of 24 are 115 bits.
const groups = 6

// Passphrase returns a new pass phrase, as in "bkqd-x7mp-…".
func Passphrase() string {
	var b strings.Builder
	for n := 0; n < groups*4; {
		var one [1]byte
		rand.Read(one[:])
		if int(one[0]) >= 256/len(letters)*len(letters) {
			continue
		}
		if n > 0 && n%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(letters[int(one[0])%len(letters)])
		n++
	}
	return b.String()
}

var passForm = regexp.MustCompile(`^[` + letters + `]{4}(-[` + letters + `]{4}){5}$`)

// checkPass refuses what Passphrase did not make.
func checkPass(pass string) error {
	if !passForm.MatchString(pass) {
		return fmt.Errorf("a file is encrypted with a generated pass phrase and no other: %w", genbo.ErrInvalid)
	}
	return nil
}
