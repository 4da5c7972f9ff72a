package finding

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"genbo"
)

// Rule is what is asked of every office.
type Rule struct {
	Allowed    int64  `json:"allowed"`     // unprotected cases that an office may have
	SilentDays int    `json:"silent_days"` // days without a report after which nothing is known of a device
	Reason     string `json:"reason"`      // why it is so, for whoever reads the rule
}

//go:embed rule.json
var builtIn []byte

// LoadRule reads the rule from a file; "" is the one that is built in.
func LoadRule(path string) (r Rule, err error) {
	text := builtIn
	if path != "" {
		if text, err = os.ReadFile(path); err != nil {
			return r, fmt.Errorf("read the rule of scans: %w", err)
		}
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return r, fmt.Errorf("read the rule of scans: %w: %w", genbo.ErrInvalid, err)
	}
	if r.Allowed < 0 || r.SilentDays < 1 || r.SilentDays > 366 || r.Reason == "" {
		return r, fmt.Errorf("the rule of scans needs allowed from 0, silent_days from 1 to 366, and a reason: %w", genbo.ErrInvalid)
	}
	return r, nil
}

func (r Rule) silent() time.Duration { return time.Duration(r.SilentDays) * 24 * time.Hour }
