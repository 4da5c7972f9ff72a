package access

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"

	"genbo"
)

// Purpose is why somebody looks at people.
type Purpose struct {
	Code        string
	Ja, En      string
	Fields      genbo.FieldSet // what it may show
	FiveMinutes int            // how many new people in five minutes, on one device
	Day         int            // how many new people in a day, on one device
}

// Limits are the budgets that hold over all purposes and devices of a member of staff together, in people.
type Limits struct {
	OpenFiveMinutes, OpenDay       int // people opened
	GlimpseFiveMinutes, GlimpseDay int // people shown as masked lines of a result
	ListFiveMinutes, ListDay       int // people shown as rows of worklists
}

// DefaultLimits let a busy clerk work and stop a thief within minutes.
var DefaultLimits = Limits{OpenFiveMinutes: 30, OpenDay: 300, GlimpseFiveMinutes: 300, GlimpseDay: 3000,
	ListFiveMinutes: 500, ListDay: 5000}

//go:embed purposes.json
var defaultPurposes []byte

// purposeJSON is a purpose as the file has it.
type purposeJSON struct {
	Code        string `json:"code"`
	Ja          string `json:"ja"`
	En          string `json:"en"`
	Fields      string `json:"fields"`
	FiveMinutes int    `json:"five_minutes"`
	Day         int    `json:"day"`
}

// LoadPurposes reads the list of purposes from a file, or the default list where path is "".
func LoadPurposes(path string) ([]Purpose, error) {
	text := defaultPurposes
	if path != "" {
		var err error
		if text, err = os.ReadFile(path); err != nil {
			return nil, fmt.Errorf("read purposes: %w", err)
		}
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var list []purposeJSON
	if err := decoder.Decode(&list); err != nil {
		return nil, fmt.Errorf("purposes %s: %w: %w", path, genbo.ErrInvalid, err)
	}
	seen := map[string]bool{}
	purposes := make([]Purpose, 0, len(list))
	for i, p := range list {
		fields, err := genbo.ParseFieldSet(p.Fields)
		switch {
		case err != nil || fields == 0:
			return nil, fmt.Errorf("purposes %s: number %d: fields %q: %w", path, i+1, p.Fields, genbo.ErrInvalid)
		case p.Code == "" || seen[p.Code]:
			return nil, fmt.Errorf("purposes %s: number %d: code %q is empty or there twice: %w", path, i+1, p.Code, genbo.ErrInvalid)
		case p.Ja == "" || p.En == "":
			return nil, fmt.Errorf("purposes %s: %s: its name is missing in ja or en: %w", path, p.Code, genbo.ErrInvalid)
		case p.FiveMinutes < 1 || p.Day < p.FiveMinutes:
			return nil, fmt.Errorf("purposes %s: %s: five_minutes must be at least 1 and day at least as much: %w", path, p.Code, genbo.ErrInvalid)
		}
		seen[p.Code] = true
		purposes = append(purposes, Purpose{p.Code, p.Ja, p.En, fields, p.FiveMinutes, p.Day})
	}
	return purposes, nil
}
