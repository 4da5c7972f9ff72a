package handover

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"

	"genbo/internal/work/mark"
)

// sheetKey is ten letters that tie a printed sheet to its row and content: whoever reads them off a sheet can tell
// that another's content was printed on it, whatever way it is spelled.
func sheetKey(secret []byte, row int, cells []string) string {
	h := hmac.New(sha256.New, secret)
	b := binary.AppendUvarint([]byte("genbo sheet 1"), uint64(row))
	for _, cell := range cells {
		cell = mark.Plain(cell)
		b = binary.AppendUvarint(b, uint64(len(cell)))
		b = append(b, cell...)
	}
	h.Write(b)
	return crockford.EncodeToString(h.Sum(nil)[:10])[:10]
}

// crockford has no letters that are read for others.
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)
