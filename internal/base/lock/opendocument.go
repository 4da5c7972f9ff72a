package lock

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// OpenDocument is how a document of LibreOffice or its like is encrypted: member by member, as its list of members says
// (ODF 1.3, part 2, 3.4 and 4).
type OpenDocument struct {
	Finding
	Entries []OpenDocumentEntry
}

// OpenDocumentEntry is a member of a document. Its values are as they stand in the list.
type OpenDocumentEntry struct {
	Name       string                  `xml:"full-path,attr"`
	Encryption *OpenDocumentEncryption `xml:"encryption-data"`
}

// OpenDocumentEncryption is how a member is encrypted.
type OpenDocumentEncryption struct {
	ChecksumType string `xml:"checksum-type,attr"`
	Checksum     string `xml:"checksum,attr"`
	Algorithm    struct {
		Name string `xml:"algorithm-name,attr"`
		IV   string `xml:"initialisation-vector,attr"`
	} `xml:"algorithm"`
	StartKey struct {
		Name string `xml:"start-key-generation-name,attr"`
	} `xml:"start-key-generation"`
	Key struct {
		Name       string `xml:"key-derivation-name,attr"`
		Size       int    `xml:"key-size,attr"`
		Iterations int    `xml:"iteration-count,attr"`
		Salt       string `xml:"salt,attr"`
		// Of Argon2id, which LibreOffice writes since 24.8.
		Passes int `xml:"argon2-iterations,attr"`
		Memory int `xml:"argon2-memory,attr"` // KiB
		Lanes  int `xml:"argon2-lanes,attr"`
	} `xml:"key-derivation"`
}

const (
	manifestName  = "META-INF/manifest.xml"
	manifestLimit = 4 << 20 // bytes
	contentName   = "content.xml"
	wholeName     = "encrypted-package" // a document that is encrypted as a whole
)

// OfOpenDocument looks into an OpenDocument file. A document is locked if its content is.
func OfOpenDocument(src *io.SectionReader) (d OpenDocument, err error) {
	z, err := zip.NewReader(src, src.Size())
	if err != nil {
		return OpenDocument{Finding: Finding{Unreadable, ""}}, fmt.Errorf("zip: %w", err)
	}
	for _, f := range z.File {
		if f.Name != manifestName {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return OpenDocument{Finding: Finding{Unreadable, ""}}, fmt.Errorf("%s: %w", manifestName, err)
		}
		defer r.Close()
		var list struct {
			Entries []OpenDocumentEntry `xml:"file-entry"`
		}
		if err := xml.NewDecoder(io.LimitReader(r, manifestLimit)).Decode(&list); err != nil {
			return OpenDocument{Finding: Finding{Unreadable, ""}}, fmt.Errorf("%s: %w", manifestName, err)
		}
		d.Entries = list.Entries
	}
	for _, e := range d.Entries {
		if (e.Name == contentName || e.Name == wholeName) && e.Encryption != nil {
			d.Finding = Finding{Locked, "OpenDocument " + cipherOf(e.Encryption.Algorithm.Name)}
		}
	}
	return d, nil
}

// cipherOf is the short name of an algorithm that the format names by an address.
func cipherOf(name string) string {
	switch lower := strings.ToLower(name); {
	case strings.Contains(lower, "aes256"):
		return "AES-256"
	case strings.Contains(lower, "aes192"):
		return "AES-192"
	case strings.Contains(lower, "aes128"):
		return "AES-128"
	case strings.Contains(lower, "blowfish"):
		return "Blowfish"
	case strings.Contains(lower, "pgp"):
		return "OpenPGP"
	}
	return "encryption"
}
