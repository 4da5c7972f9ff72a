package mark

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"genbo"
)

// Mailbox is where letters and calls to decoys arrive: the agency's own, known to few of it.
type Mailbox struct {
	Postal  string `json:"postal"`
	Address string `json:"address"` // a number comes behind it
	Phone   string `json:"phone"`
	Bank    string `json:"bank"`
}

// LoadMailboxes reads the list of mailboxes from a file of JSON. Where path is "" there are none.
func LoadMailboxes(path string) (list []Mailbox, err error) {
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read mailboxes: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&list); err != nil {
		return nil, fmt.Errorf("mailboxes %s: %w: %w", path, genbo.ErrInvalid, err)
	}
	for n, box := range list {
		if box.Postal == "" || box.Address == "" {
			return nil, fmt.Errorf("mailboxes %s: number %d: postal and address must be there: %w", path, n+1, genbo.ErrInvalid)
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("mailboxes %s: the list is empty: %w", path, genbo.ErrInvalid)
	}
	return list, nil
}
