package keyedset

// Value is what a token leads to.
type Value uint64

const (
	ordinalBits       = 32
	ambiguous   Value = 1 << ordinalBits
	decoy       Value = 2 << ordinalBits
	valueBits         = ordinalBits + 2
	spare             = 64 - valueBits // bits of an entry that tell a token from others

	// Nobody is the value of a token that was not put in.
	Nobody Value = 1 << 63
)

// Person is the value of a person by his ordinal.
func Person(ordinal uint32) Value { return Value(ordinal) }

// Decoy is the value of somebody who does not exist, by the list that he stands in, counted from 0.
func Decoy(list uint32) Value { return decoy | Value(list) }

// Found reports whether the token was put in.
func (v Value) Found() bool { return v != Nobody }

// Ambiguous reports whether the token was put in for several: then nothing else of the value holds.
func (v Value) Ambiguous() bool { return v != Nobody && v&ambiguous != 0 }

// Person is the ordinal of the one person that the token leads to.
func (v Value) Person() (ordinal uint32, ok bool) {
	return uint32(v), v < 1<<ordinalBits
}

// Decoy is the list that the token's decoy stands in.
func (v Value) Decoy() (list uint32, ok bool) {
	return uint32(v), v>>ordinalBits == decoy>>ordinalBits
}
