package detect

// fold writes a line with half-width digits, letters, signs and blanks where it has wide ones. Kanji and kana stay.
func fold(dst, line []byte) []byte {
	dst = dst[:0]
	for i := 0; i < len(line); {
		b := line[i]
		if b < 0xe2 || i+3 > len(line) {
			dst = append(dst, b)
			i++
			continue
		}
		c, d := line[i+1], line[i+2]
		switch {
		case b == 0xef && c == 0xbc && d >= 0x81:
			dst = append(dst, d-0x81+'!')
		case b == 0xef && c == 0xbd && d >= 0x80 && d <= 0x9e:
			dst = append(dst, d-0x80+'`')
		case b == 0xe3 && c == 0x80 && d == 0x80:
			dst = append(dst, ' ')
		case b == 0xe2 && (c == 0x80 && d >= 0x90 && d <= 0x95 || c == 0x88 && d == 0x92):
			dst = append(dst, '-')
		case b == 0xe3 && c == 0x83 && d == 0xbc && len(dst) > 0 && digit(dst[len(dst)-1]): // ー after a digit
			dst = append(dst, '-')
		default:
			dst = append(dst, b, c, d)
		}
		i += 3
	}
	return dst
}
