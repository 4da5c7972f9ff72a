package lock

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"io"
	"strings"
)

// headBytes is how much of a message tells how it is locked.
const headBytes = 4096

// OfAge tells whether a file of age is locked for keys or with a passphrase (age-encryption.org/v1).
func OfAge(src *io.SectionReader) Finding {
	head := make([]byte, min(headBytes, src.Size()))
	_, _ = src.ReadAt(head, 0) // what cannot be read names no passphrase
	if body, ok := armoured(head, "AGE ENCRYPTED FILE"); ok {
		head = body
	}
	if bytes.Contains(head, []byte("\n-> scrypt ")) {
		return Finding{Locked, "age with a passphrase"}
	}
	return Finding{Locked, "age"}
}

// OfOpenPGP tells whether a message of OpenPGP is locked for keys or with a passphrase, by its first packet (RFC 9580, 5.1 and 5.3).
func OfOpenPGP(src *io.SectionReader) Finding {
	head := make([]byte, min(headBytes, src.Size()))
	_, _ = src.ReadAt(head, 0)
	if body, ok := armoured(head, "PGP MESSAGE"); ok {
		head = body
	}
	if len(head) == 0 || head[0]&0x80 == 0 {
		return Finding{Locked, "OpenPGP"}
	}
	tag := head[0] >> 2 & 0x0f
	if head[0]&0x40 != 0 {
		tag = head[0] & 0x3f
	}
	if tag == 3 {
		return Finding{Locked, "OpenPGP with a passphrase"}
	}
	return Finding{Locked, "OpenPGP"}
}

// armoured decodes the beginning of a message in armour, after its headers.
func armoured(b []byte, name string) ([]byte, bool) {
	_, rest, found := strings.Cut(string(b), "-----BEGIN "+name+"-----")
	if !found {
		return nil, false
	}
	var text strings.Builder
	for lines := bufio.NewScanner(strings.NewReader(rest)); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if strings.HasPrefix(line, "-----") || strings.HasPrefix(line, "=") {
			break
		}
		if !strings.Contains(line, ":") {
			text.WriteString(line)
		}
	}
	s := text.String()
	body, err := base64.StdEncoding.DecodeString(s[:len(s)&^3])
	return body, err == nil
}
