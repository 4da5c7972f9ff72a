package lock

import (
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"genbo/internal/base/compound"
)

// Compound is what a compound file (the format of Office before 2007, and of encrypted documents since) holds.
type Compound struct {
	Finding
	Is string // xls, doc, ppt, msg, jtd, encrypted, or empty where it is none of them
}

// OfCompound looks into a compound file. Sources: [MS-OFFCRYPTO] 2.3 and 2.3.4.5, [MS-XLS] 2.4.117, [MS-DOC] 2.5.2,
// [MS-PPT] 2.3.2, [MS-OXMSG] 2.2.
func OfCompound(src *io.SectionReader) (c Compound, err error) {
	root, err := compound.Open(src)
	if err != nil {
		return Compound{Finding: Finding{Unreadable, ""}}, err
	}
	rights := false
	for _, s := range root.Streams {
		switch s.Name {
		case "EncryptionInfo":
			c.Is, c.Finding = "encrypted", encryptionInfo(s.Open())
		case "Workbook", "Book":
			c.Is, c.Finding = "xls", filePass(s.Open())
		case "WordDocument":
			c.Is, c.Finding = "doc", wordHead(s.Open(), root)
		case "Current User":
			c.Is, c.Finding = "ppt", currentUser(s.Open())
		case "DocumentText":
			c.Is = "jtd"
		case "EncryptedPackage", "DRMContent":
			rights = true
		}
		if strings.HasPrefix(s.Name, "__substg1.0_") || s.Name == "__properties_version1.0" {
			c.Is = "msg"
		}
	}
	if rights && c.How == "" {
		c.Is, c.Finding = "encrypted", Finding{Locked, "IRM"}
	}
	return c, nil
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

// wordHead reads the flags of a Word document: encrypted, and by obfuscation only. Which RC4 it is stands at the beginning of the table
// stream ([MS-DOC] 2.2.6.2, 2.2.6.3).
func wordHead(r io.Reader, in *compound.Storage) Finding {
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
	name := "0Table"
	if flags&0x0200 != 0 {
		name = "1Table"
	}
	var version [4]byte
	if table := in.Stream(name); table != nil {
		if _, err := io.ReadFull(table.Open(), version[:]); err == nil && version == [4]byte{1, 0, 1, 0} {
			return Finding{Weak, "RC4 40 bits"}
		}
	}
	return Finding{Weak, "RC4 CryptoAPI"}
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
