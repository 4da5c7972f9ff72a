package unlock

import (
	"encoding/binary"

	"genbo/internal/base/compound"
)

// Places in the head of a Word document ([MS-DOC] 2.5.2).
const (
	wordOpen      = 68 // bytes that lie open
	wordFlags     = 10
	wordEncrypted = 0x0100
	wordSecond    = 0x0200
	wordXOR       = 0x8000
	wordBlock     = 512
)

// word opens a document ([MS-DOC] 2.2.6): its two streams are encrypted alike, and the second begins with how.
func word(root *compound.Storage, limit int64, passwords []string) (map[string][]byte, int, error) {
	main, err := streamOf(root, limit, "WordDocument")
	if err != nil {
		return nil, -1, err
	}
	if len(main) < wordOpen {
		return nil, -1, errDamaged
	}
	flags := binary.LittleEndian.Uint16(main[wordFlags:])
	if flags&wordXOR != 0 {
		return nil, -1, ErrUnknown
	}
	name := "0Table"
	if flags&wordSecond != 0 {
		name = "1Table"
	}
	table, err := streamOf(root, limit, name)
	if err != nil {
		return nil, -1, err
	}
	l, err := rc4LockOf(table, wordBlock)
	if err != nil {
		return nil, -1, err
	}
	c, fits := fitting(l, passwords)
	if fits < 0 {
		return nil, -1, nil
	}
	c.decrypt(main[wordOpen:], wordOpen)
	c.decrypt(table, 0)
	binary.LittleEndian.PutUint16(main[wordFlags:], flags&^wordEncrypted)
	return map[string][]byte{"WordDocument": main, name: table}, fits, nil
}
