package sealed

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"genbo"
)

// Manifest says what a sealed file holds. It stands at its head, signed by the core.
type Manifest struct {
	Extract   string         `json:"extract"`
	Seal      string         `json:"seal"`
	Purpose   string         `json:"purpose"`
	Ja        string         `json:"ja"` // the purpose's name
	En        string         `json:"en"`
	Fields    string         `json:"fields"`
	Columns   []string       `json:"columns"`
	Rows      int            `json:"rows"`
	Staff     genbo.StaffID  `json:"staff"`
	Device    genbo.DeviceID `json:"device"`
	SealedAt  time.Time      `json:"sealed_at"`
	ExpiresAt time.Time      `json:"expires_at"`
}

// binding is what the file of a manifest is bound to.
func (m Manifest) binding() Binding {
	return Binding{m.Extract, m.Seal, m.Staff, m.Device, m.ExpiresAt}
}

// trailer says what stood before it.
type trailer struct {
	Rows   int    `json:"rows"`
	BLAKE3 string `json:"blake3"` // of every byte before the trailer's line
}

// Lines of the content begin with one of these; rows of CSV with none of them, because "#" is quoted there.
const (
	manifestMark = "#genbo-manifest 1 "
	trailerMark  = "#genbo-trailer 1 "
)

// sign writes a value as a line that carries its signature.
func sign(mark string, value any, signer note.Signer) (string, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	signed, err := note.Sign(&note.Note{Text: mark + string(text) + "\n"}, signer)
	if err != nil {
		return "", fmt.Errorf("sign: %w", err)
	}
	return mark + base64.StdEncoding.EncodeToString(signed) + "\n", nil
}

// verified reads a line that sign wrote. Anything else is [genbo.ErrTampered].
func verified(line, mark string, verifier note.Verifier, value any) error {
	broken := fmt.Errorf("the signature of the sealed file does not hold: %w", genbo.ErrTampered)
	encoded, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), mark)
	if !ok {
		return broken
	}
	signed, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if err != nil {
		return broken
	}
	n, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return broken
	}
	text, ok := strings.CutPrefix(n.Text, mark)
	if !ok || json.Unmarshal([]byte(text), value) != nil {
		return broken
	}
	return nil
}
