package vault

import (
	"encoding/binary"
	"fmt"

	"genbo"
)

// TokenBytes is the length of a token: long enough that two values never share one by chance (2^-128 a
// pair), short enough to be a key.
const TokenBytes = 16

// Token is the keyed one-way fingerprint of a value.
type Token [TokenBytes]byte

// Bucket is where the token's row lies. Tokens are uniform, so it is read off their beginning.
func (t Token) Bucket() genbo.Bucket {
	return genbo.Bucket(binary.BigEndian.Uint16(t[:]) % genbo.Buckets)
}

// Token returns the token of a value made of parts, in a domain such as "number" or "kana". Parts are
// normalised by the caller; their borders count.
func (v *Vault) Token(domain string, parts ...string) (Token, error) {
	input := make([]byte, 0, 128)
	input = append(input, domain...)
	input = append(input, 0)
	for _, part := range parts {
		input = binary.AppendUvarint(input, uint64(len(part)))
		input = append(input, part...)
	}
	out, err := v.current().blind.ComputePrimaryPRF(input, TokenBytes)
	if err != nil {
		return Token{}, fmt.Errorf("make token: %w", err)
	}
	return Token(out), nil
}
