package handover

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"slices"

	"genbo"
	"genbo/internal/record/extract"
	"genbo/internal/record/staff"
)

// Purpose is what lists are made for, and what that allows.
type Purpose struct {
	Code, Ja, En string
	Fields       genbo.FieldSet // at most
	Most         int            // people in one list
	TwoFrom      int            // from how many people on two others approve instead of one
	Days         int            // how long a list lives at most
	Day          int            // people in a day, in files that one member of staff opens or hands over
	Emergency    int            // people that may be taken without approval in an emergency; 0: none
	Ask          []staff.Role   // who may ask
	Forms        []extract.Form
}

// purposeJSON is a purpose as the file has it.
type purposeJSON struct {
	Code      string         `json:"code"`
	Ja        string         `json:"ja"`
	En        string         `json:"en"`
	Fields    string         `json:"fields"`
	Most      int            `json:"most"`
	TwoFrom   int            `json:"two_from"`
	Days      int            `json:"days"`
	Day       int            `json:"day"`
	Emergency int            `json:"emergency"`
	Ask       []staff.Role   `json:"ask"`
	Forms     []extract.Form `json:"forms"`
}

//go:embed purposes.json
var defaultPurposes []byte

// LoadPurposes reads the list of purposes from a file, or the default list where path is "". Anything that
// is not understood, or would allow a list without approval, is refused.
func LoadPurposes(path string) ([]Purpose, error) {
	text := defaultPurposes
	if path != "" {
		var err error
		if text, err = os.ReadFile(path); err != nil {
			return nil, fmt.Errorf("read purposes of lists: %w", err)
		}
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var list []purposeJSON
	if err := decoder.Decode(&list); err != nil {
		return nil, fmt.Errorf("purposes of lists %s: %w: %w", path, genbo.ErrInvalid, err)
	}
	seen := map[string]bool{}
	purposes := make([]Purpose, 0, len(list))
	for i, p := range list {
		purpose, err := p.purpose()
		if err == nil && seen[p.Code] {
			err = fmt.Errorf("the code is there twice: %w", genbo.ErrInvalid)
		}
		if err != nil {
			return nil, fmt.Errorf("purposes of lists %s: number %d (%s): %w", path, i+1, p.Code, err)
		}
		seen[p.Code] = true
		purposes = append(purposes, purpose)
	}
	return purposes, nil
}

func (p purposeJSON) purpose() (Purpose, error) {
	fields, err := genbo.ParseFieldSet(p.Fields)
	if err != nil {
		return Purpose{}, fmt.Errorf("fields: %w", err)
	}
	bad := ""
	switch {
	case p.Code == "" || p.Ja == "" || p.En == "":
		bad = "code, ja and en must be there"
	case p.Most < 1 || p.Days < 1 || p.TwoFrom < 1:
		bad = "most, days and two_from must be at least 1"
	case p.Emergency < 0 || p.Emergency > 1000:
		bad = "emergency must be between 0 and 1000"
	case len(p.Ask) == 0 || slices.ContainsFunc(p.Ask, func(r staff.Role) bool { return !slices.Contains(staff.Roles, r) }):
		bad = "ask must name roles"
	case len(p.Forms) == 0 || slices.ContainsFunc(p.Forms, func(f extract.Form) bool { return !slices.Contains(extract.Forms, f) }):
		bad = "forms must be some of worklist, sealed, xlsx, zip, age, statistics"
	case slices.Contains(p.Forms, extract.Statistics) != (fields == 0) || fields == 0 && len(p.Forms) > 1:
		bad = "statistics carry no fields (\"-\"), and nothing else does"
	}
	if bad != "" {
		return Purpose{}, fmt.Errorf("%s: %w", bad, genbo.ErrInvalid)
	}
	return Purpose{p.Code, p.Ja, p.En, fields, p.Most, p.TwoFrom, p.Days, p.Day, p.Emergency, p.Ask, p.Forms}, nil
}

// definition is the hash of a purpose as configured: an approval holds for this and no other.
func (p Purpose) definition() string {
	text, err := json.Marshal(purposeJSON{p.Code, p.Ja, p.En, p.Fields.String(), p.Most, p.TwoFrom, p.Days, p.Day, p.Emergency, p.Ask, p.Forms})
	if err != nil {
		panic(err) // strings and integers always marshal
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// permits returns which bound of a purpose a wish goes over, whoever it is about, as a fault of its field, or nil.
func (p Purpose) permits(fields genbo.FieldSet, form extract.Form, days int) error {
	switch {
	case !p.Fields.Has(fields) || form != extract.Statistics && fields == 0:
		return genbo.NewFault("fields", "extract.fields", p.Fields.String())
	case !slices.Contains(p.Forms, form):
		return genbo.NewFault("form", "extract.form")
	case days < 1 || days > p.Days:
		return genbo.NewFault("days", "extract.days", p.Days)
	}
	return nil
}

// sheetPeople is how many people go on a sheet of a workbook, with room for the heading and decoys.
const sheetPeople = 1_000_000

// allows returns which of a purpose's bounds an extract goes over, as a fault of its field, or nil.
func (p Purpose) allows(e extract.Extract) error {
	switch persons := e.People.Count(); {
	case persons == 0:
		return genbo.NewFault("selection", "extract.nobody")
	case persons > p.Most:
		return genbo.NewFault("selection", "extract.most", p.Most)
	case e.Form == extract.XLSX && persons > sheetPeople:
		return genbo.NewFault("selection", "extract.most", sheetPeople)
	case e.Emergency && persons > p.Emergency:
		return genbo.NewFault("emergency", "extract.emergency", p.Emergency)
	}
	return p.permits(e.Fields, e.Form, e.Days)
}

// needs is how many others approve a list of so many people.
func (p Purpose) needs(persons int) int {
	if persons >= p.TwoFrom {
		return 2
	}
	return 1
}
