//go:build !amd64

package bytescan

func (t *Table) scan(dst []Masks, src []byte) { t.portable(dst, src) }
