package remedy

import (
	"encoding/json"
	"unicode/utf8"
)

// Name is a path as the system has it, also where that is no UTF-8: JSON would put U+FFFD for such bytes, and nobody found
// the file again. Then it is written as {"base64": …}.
type Name string

type nameBytes struct {
	Base64 []byte `json:"base64"`
}

// MarshalJSON writes the name.
func (n Name) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(n)) {
		return json.Marshal(string(n))
	}
	return json.Marshal(nameBytes{[]byte(n)})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (n *Name) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '{' {
		var b nameBytes
		err := json.Unmarshal(text, &b)
		*n = Name(b.Base64)
		return err
	}
	return json.Unmarshal(text, (*string)(n))
}

// asJSON is a name as a report has it, which is JSON: each byte that is no UTF-8 became U+FFFD.
func asJSON(name string) string { return string([]rune(name)) }
