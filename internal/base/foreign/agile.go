package foreign

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"unicode/utf16"
)

// What [MS-OFFCRYPTO] 2.3.4.10 to 2.3.4.15 fix or let choose: AES-256 in CBC mode, SHA-512, 100,000 turns.
const (
	spinCount    = 100_000
	segmentBytes = 4096
	saltBytes    = 16
	keyBytes     = 32
)

// The block keys tell what a key derived from the pass phrase, or an initialisation vector, is for.
var (
	blockVerifier      = []byte{0xfe, 0xa7, 0xd2, 0x76, 0x3b, 0x4b, 0x9e, 0x79}
	blockVerifierHash  = []byte{0xd7, 0xaa, 0x0f, 0x6d, 0x30, 0x61, 0x34, 0x4e}
	blockKey           = []byte{0x14, 0x6e, 0x0b, 0xe7, 0xab, 0xac, 0xd0, 0xd6}
	blockIntegrityKey  = []byte{0x5f, 0xb2, 0xad, 0x01, 0x0c, 0xb9, 0xe1, 0xf6}
	blockIntegrityHash = []byte{0xa0, 0x67, 0x7f, 0x02, 0xb2, 0x2c, 0x84, 0x33}
)

const agileInfo = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\r\n" +
	`<encryption xmlns="http://schemas.microsoft.com/office/2006/encryption" xmlns:p="http://schemas.microsoft.com/office/2006/keyEncryptor/password">` +
	`<keyData saltSize="16" blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512" saltValue="%s"/>` +
	`<dataIntegrity encryptedHmacKey="%s" encryptedHmacValue="%s"/>` +
	`<keyEncryptors><keyEncryptor uri="http://schemas.microsoft.com/office/2006/keyEncryptor/password">` +
	`<p:encryptedKey spinCount="100000" saltSize="16" blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" ` +
	`hashAlgorithm="SHA512" saltValue="%s" encryptedVerifierHashInput="%s" encryptedVerifierHashValue="%s" encryptedKeyValue="%s"/>` +
	`</keyEncryptor></keyEncryptors></encryption>`

// encryptAgile writes a package (a workbook) encrypted, in its compound file.
func encryptAgile(w io.Writer, pass string, plain []byte) error {
	key, dataSalt, passSalt := random(keyBytes), random(saltBytes), random(saltBytes)
	sealed := encryptPackage(key, dataSalt, plain)
	macKey := random(sha512.Size)
	mac := hmac.New(sha512.New, macKey)
	mac.Write(sealed)
	turned := turn(pass, passSalt)
	verifier := random(saltBytes)
	verifierHash := sha512.Sum512(verifier)
	text := fmt.Sprintf(agileInfo, b64(dataSalt),
		b64(cbc(key, vector(dataSalt, blockIntegrityKey), macKey)), b64(cbc(key, vector(dataSalt, blockIntegrityHash), mac.Sum(nil))), b64(passSalt),
		b64(cbc(derive(turned, blockVerifier), passSalt, verifier)), b64(cbc(derive(turned, blockVerifierHash), passSalt, verifierHash[:])),
		b64(cbc(derive(turned, blockKey), passSalt, key)))
	info := append([]byte{4, 0, 4, 0, 0x40, 0, 0, 0}, text...)
	return writeCompound(w, []stream{{"EncryptionInfo", info}, {"EncryptedPackage", sealed}})
}

// encryptPackage encrypts by segments, each with its own initialisation vector; the size stands before them.
func encryptPackage(key, salt, plain []byte) []byte {
	sealed := binary.LittleEndian.AppendUint64(make([]byte, 0, len(plain)+segmentBytes), uint64(len(plain)))
	for n := 0; n*segmentBytes < len(plain); n++ {
		segment := plain[n*segmentBytes : min(len(plain), (n+1)*segmentBytes)]
		sealed = append(sealed, cbc(key, vector(salt, binary.LittleEndian.AppendUint32(nil, uint32(n))), segment)...)
	}
	// A stream shorter than that would lie elsewhere in the compound file. Readers go by the size and want whole blocks.
	if short := smallStream + 8 - len(sealed); short > 0 {
		sealed = append(sealed, random(short)...)
	}
	return sealed
}

// turn hashes the pass phrase many times.
func turn(pass string, salt []byte) []byte {
	text := append([]byte{}, salt...)
	for _, unit := range utf16.Encode([]rune(pass)) {
		text = binary.LittleEndian.AppendUint16(text, unit)
	}
	h := sha512.Sum512(text)
	var b [4 + sha512.Size]byte
	for n := range uint32(spinCount) {
		binary.LittleEndian.PutUint32(b[:], n)
		copy(b[4:], h[:])
		h = sha512.Sum512(b[:])
	}
	return h[:]
}

func derive(turned, block []byte) []byte {
	h := sha512.Sum512(append(append([]byte{}, turned...), block...))
	return h[:keyBytes]
}

func vector(salt, block []byte) []byte {
	h := sha512.Sum512(append(append([]byte{}, salt...), block...))
	return h[:aes.BlockSize]
}

// cbc encrypts with zeros up to whole blocks, as the format has it: integrity is the package's HMAC.
func cbc(key, iv, plain []byte) []byte {
	padded := make([]byte, (len(plain)+aes.BlockSize-1)/aes.BlockSize*aes.BlockSize)
	copy(padded, plain)
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // the key has 32 bytes
	}
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(padded, padded)
	return padded
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

func b64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
