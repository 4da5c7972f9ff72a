package lock

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/richardlehane/mscfb"
)

// Compound is what a compound file (the format of Office before 2007, and of encrypted documents since) holds.
type Compound struct {
	Finding
	Is string // xls, doc, ppt, msg, jtd, encrypted, or empty where it is none of them
}

// OfCompound looks into a compound file. Sources: [MS-OFFCRYPTO] 2.3 and 2.3.4.5, [MS-XLS] 2.4.117, [MS-DOC] 2.5.2,
// [MS-PPT] 2.3.2.
func OfCompound(src io.ReaderAt) (c Compound, err error) {
	r, err := mscfb.New(src)
	if err != nil {
		return Compound{Finding: Finding{Unreadable, ""}}, fmt.Errorf("compound file: %w", err)
	}
	rights := false
	for {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			if rights && c.How == "" {
				c.Is, c.Finding = "encrypted", Finding{Locked, "IRM"}
			}
			return c, nil
		} else if err != nil {
			c.State = Unreadable
			return c, fmt.Errorf("compound file: %w", err)
		}
		if len(e.Path) > 0 {
			continue
		}
		switch e.Name {
		case "EncryptionInfo":
			c.Is, c.Finding = "encrypted", encryptionInfo(e)
		case "Workbook", "Book":
			c.Is, c.Finding = "xls", filePass(e)
		case "WordDocument":
			c.Is, c.Finding = "doc", wordHead(e)
		case "Current User":
			c.Is, c.Finding = "ppt", currentUser(e)
		case "DocumentText":
			c.Is = "jtd"
		case "EncryptedPackage", "\tDRMContent":
			rights = true
		case "EncryptedSummary":
			c.Finding = Finding{Locked, "CryptoAPI"}
		}
		if strings.HasPrefix(e.Name, "__substg1.0_") || e.Name == "__properties_version1.0" {
			c.Is = "msg"
		}
	}
}

// encryptionInfo reads which encryption a document of Office 2007 or later has.
func encryptionInfo(r io.Reader) Finding {
	var head [8]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return Finding{Unreadable, "EncryptionInfo"}
	}
	major, minor := binary.LittleEndian.Uint16(head[:]), binary.LittleEndian.Uint16(head[2:])
	flags := binary.LittleEndian.Uint32(head[4:])
	switch {
	case major == 4 && minor == 4:
		return Finding{Locked, "agile"}
	case minor == 2 && flags&0x20 != 0:
		return Finding{Locked, "standard AES"}
	case minor == 2:
		return Finding{Weak, "RC4 CryptoAPI"}
	case minor == 3:
		return Finding{Locked, "extensible"}
	}
	return Finding{Unreadable, fmt.Sprintf("encryption %d.%d", major, minor)}
}

const (
	recordBOF      = 0x0809
	recordFilePass = 0x002f
)

// filePass looks for the record FilePass, which stands near the beginning of an encrypted workbook.
func filePass(r io.Reader) Finding {
	var head [4]byte
	for n := 0; n < 100; n++ {
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return Finding{}
		}
		id, size := binary.LittleEndian.Uint16(head[:]), int64(binary.LittleEndian.Uint16(head[2:]))
		if n == 0 && id&0xff != recordBOF&0xff {
			return Finding{Unreadable, "no BIFF"}
		}
		if id != recordFilePass {
			if _, err := io.CopyN(io.Discard, r, size); err != nil {
				return Finding{}
			}
			continue
		}
		body := make([]byte, min(size, 64))
		if _, err := io.ReadFull(r, body); err != nil || len(body) < 4 {
			return Finding{Weak, "XOR"}
		}
		switch kind, major := binary.LittleEndian.Uint16(body), uint16(0); {
		case kind == 0:
			return Finding{Weak, "XOR"}
		default:
			if major = binary.LittleEndian.Uint16(body[2:]); major == 1 {
				return Finding{Weak, "RC4 40 bits"}
			}
			return Finding{Weak, "RC4 CryptoAPI"}
		}
	}
	return Finding{}
}

// wordHead reads the flags of a Word document: encrypted, and by obfuscation only.
func wordHead(r io.Reader) Finding {
	var fib [32]byte
	if _, err := io.ReadFull(r, fib[:]); err != nil {
		return Finding{Unreadable, "no FIB"}
	}
	flags := binary.LittleEndian.Uint16(fib[10:])
	switch {
	case flags&0x0100 == 0:
		return Finding{}
	case flags&0x8000 != 0:
		return Finding{Weak, "XOR"}
	}
	return Finding{Weak, "RC4"}
}

const encryptedPresentation = 0xf3d1c4df

// currentUser reads the token of a presentation.
func currentUser(r io.Reader) Finding {
	var b [16]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return Finding{Unreadable, "no Current User"}
	}
	if binary.LittleEndian.Uint32(b[12:]) == encryptedPresentation {
		return Finding{Weak, "RC4 CryptoAPI"}
	}
	return Finding{}
}
