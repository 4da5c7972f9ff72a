package share

// dice are the choices of one file: SplitMix64, so that a file depends on the seed and its place alone.
type dice uint64

func (d *dice) next() uint64 {
	*d += 0x9e3779b97f4a7c15
	return mix(uint64(*d))
}

func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// below returns a number from 0 to n-1.
func (d *dice) below(n int) int { return int(d.next() % uint64(n)) }

// from returns a number from low to high.
func (d *dice) from(low, high int) int { return low + d.below(high-low+1) }

// chance is true in percent of a hundred cases.
func (d *dice) chance(percent int) bool { return d.below(100) < percent }

// pick takes one of a list.
func pick[T any](d *dice, list []T) T { return list[d.below(len(list))] }

// one is pick for a few that are named where they are used.
func one[T any](d *dice, list ...T) T { return pick(d, list) }

// digits are n digits, the first of them not zero.
func (d *dice) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + d.below(10))
	}
	if b[0] == '0' {
		b[0] = '3'
	}
	return string(b)
}

// letters are n characters of a set.
func (d *dice) letters(n int, set string) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = set[d.below(len(set))]
	}
	return string(b)
}
