package bytescan

import "golang.org/x/sys/cpu"

// wide says that the machine shuffles 32 bytes at once. Tests turn it off.
var wide = cpu.X86.HasAVX2

func (t *Table) scan(dst []Masks, src []byte) {
	if wide {
		scanAVX2(&dst[0], &src[0], len(dst), &t.low, &t.high, &t.group)
		return
	}
	t.portable(dst, src)
}

// scanAVX2 writes the masks of blocks blocks from src on.
//
//go:noescape
func scanAVX2(dst *Masks, src *byte, blocks int, low, high *[16]byte, group *[Groups]byte)
