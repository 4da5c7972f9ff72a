package sealed

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"

	"filippo.io/age"
	"golang.org/x/crypto/chacha20poly1305"

	"genbo"
)

// Sizes in bytes.
const (
	ShareBytes   = 32
	fileKeyBytes = 16
	bodyBytes    = fileKeyBytes + chacha20poly1305.Overhead
)

// stanzaType and version are the first words of the stanza's line.
const (
	stanzaType = "genbo-extract"
	version    = "1"
)

// Binding says what one sealed file is bound to.
type Binding struct {
	Extract string
	Seal    string // this file's own name
	Staff   genbo.StaffID
	Device  genbo.DeviceID
	Expires time.Time // to the second
}

// Stanza is what the header of a sealed file says without a key.
type Stanza struct {
	Extract string `json:"extract"`
	Seal    string `json:"seal"`
	Body    []byte `json:"body"` // the wrapped file key
}

// NewShare returns the core's half of the key of an extract's files.
func NewShare() []byte {
	share := make([]byte, ShareBytes)
	rand.Read(share)
	return share
}

// wrappingKey is the key that one file's key is wrapped with. Each seal has its own, so that the nonce is fixed.
func wrappingKey(share []byte, b Binding) ([]byte, error) {
	if len(share) != ShareBytes {
		return nil, fmt.Errorf("the share of a sealed file has %d bytes: %w", len(share), genbo.ErrTampered)
	}
	return hkdf.Key(sha256.New, share, []byte(b.Seal), "genbo-extract 1 "+b.Extract, chacha20poly1305.KeySize)
}

// context is what a file key is bound to beside the share.
func (b Binding) context() []byte {
	var text []byte
	for _, s := range []string{"genbo-extract 1", b.Extract, b.Seal, string(b.Staff), string(b.Device)} {
		text = binary.AppendUvarint(text, uint64(len(s)))
		text = append(text, s...)
	}
	return binary.BigEndian.AppendUint64(text, uint64(b.Expires.Unix()))
}

// recipient wraps the file key of one file.
type recipient struct {
	share []byte
	Binding
}

// Wrap is called by age.
func (r recipient) Wrap(fileKey []byte) ([]*age.Stanza, error) {
	key, err := wrappingKey(r.share, r.Binding)
	if err != nil {
		return nil, err
	}
	aead, err := chacha20poly1305.New(key)
	if err != nil {
		return nil, err
	}
	body := aead.Seal(nil, make([]byte, chacha20poly1305.NonceSize), fileKey, r.context())
	return []*age.Stanza{{Type: stanzaType, Args: []string{version, r.Extract, r.Seal}, Body: body}}, nil
}

// Unwrap returns the file key of a sealed file, for whom and for what it is bound to. Anything else than what
// [NewWriter] made for just this binding is [genbo.ErrTampered].
func Unwrap(share []byte, b Binding, s Stanza) ([]byte, error) {
	if s.Extract != b.Extract || s.Seal != b.Seal || len(s.Body) != bodyBytes {
		return nil, fmt.Errorf("the header is another file's: %w", genbo.ErrTampered)
	}
	key, err := wrappingKey(share, b)
	if err != nil {
		return nil, err
	}
	aead, err := chacha20poly1305.New(key)
	if err != nil {
		return nil, err
	}
	fileKey, err := aead.Open(nil, make([]byte, chacha20poly1305.NonceSize), s.Body, b.context())
	if err != nil {
		return nil, fmt.Errorf("the header was altered, or the file is for another member of staff, device or time: %w", genbo.ErrTampered)
	}
	return fileKey, nil
}

// capture is an identity that opens nothing and keeps the stanza.
type capture struct {
	stanza Stanza
	found  int
}

var errCaptured = errors.New("the stanza was read")

func (c *capture) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	for _, s := range stanzas {
		if s.Type == stanzaType && len(s.Args) == 3 && s.Args[0] == version {
			c.stanza = Stanza{s.Args[1], s.Args[2], s.Body}
			c.found++
		}
	}
	if len(stanzas) != 1 {
		c.found = 0
	}
	return nil, errCaptured
}

var nameForm = regexp.MustCompile(`^[a-z0-9]{4,40}$`)

// maxHeader bounds how much of a file is read for its header.
const maxHeader = 64 << 10

// ReadStanza reads the header of a file. A file that is not sealed by Genbo is [genbo.ErrInvalid].
func ReadStanza(src io.Reader) (Stanza, error) {
	header, err := age.ExtractHeader(io.LimitReader(src, maxHeader))
	if err != nil {
		return Stanza{}, fmt.Errorf("this is no sealed file, or its header is damaged: %w", genbo.ErrInvalid)
	}
	var c capture
	if _, err := age.DecryptHeader(header, &c); !errors.Is(err, errCaptured) && c.found != 1 || c.found != 1 ||
		!nameForm.MatchString(c.stanza.Extract) || !nameForm.MatchString(c.stanza.Seal) || len(c.stanza.Body) != bodyBytes {
		return Stanza{}, fmt.Errorf("this is an age file, but not one sealed by Genbo: %w", genbo.ErrInvalid)
	}
	return c.stanza, nil
}
