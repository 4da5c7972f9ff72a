package handover

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/access"
	"genbo/internal/record/extract"
	"genbo/internal/record/person"
	"genbo/internal/record/staff"
)

// maxName is how long the name of a saved selection may be, and maxSaved how many an office has, so that a page
// shows them all.
const (
	maxName  = 60
	maxSaved = 100
)

// savedText is a selection as it is kept, with its numbers.
type savedText struct {
	person.Selection
	Numbers []uint64 `json:"numbers,omitempty"`
}

// Save keeps a selection for the visitor's office under a name: what is chosen, not whom, so that it chooses anew
// each time.
func (h *Handover) Save(ctx context.Context, i staff.Identity, name string, s person.Selection) (string, error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return "", genbo.NewFault("save_as", "text.empty")
	case utf8.RuneCountInString(name) > maxName:
		return "", genbo.NewFault("save_as", "text.long", maxName)
	}
	if err := h.Desk.Check(i, access.AskExtracts); err != nil {
		return "", err
	}
	kept := savedText{Selection: s}
	for _, n := range s.Numbers {
		kept.Numbers = append(kept.Numbers, n.Value())
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return "", err
	}
	one := extract.Saved{ID: extract.NewID(), Office: i.Member.Office, Staff: i.Member.ID, Name: name}
	return one.ID, h.DB.Update(ctx, func(tx *db.Tx) error {
		list, err := h.extracts.Selections(tx, one.Office)
		if err != nil {
			return err
		}
		if len(list) >= maxSaved {
			return genbo.NewFault("save_as", "extract.savedfull", maxSaved)
		}
		return h.extracts.KeepSelection(tx, one, string(text))
	})
}

// Saved returns the selections of the visitor's office.
func (h *Handover) Saved(ctx context.Context, i staff.Identity) (list []extract.Saved, err error) {
	if err := h.Desk.Check(i, access.AskExtracts); err != nil {
		return nil, err
	}
	err = h.DB.View(ctx, func(tx *db.Tx) (err error) {
		list, err = h.extracts.Selections(tx, i.Member.Office)
		return err
	})
	return list, err
}

// Again returns a selection that the visitor's office saved.
func (h *Handover) Again(ctx context.Context, i staff.Identity, id string) (person.Selection, error) {
	if err := h.Desk.Check(i, access.AskExtracts); err != nil {
		return person.Selection{}, err
	}
	var text string
	err := h.DB.View(ctx, func(tx *db.Tx) (err error) {
		text, err = h.extracts.Selection(tx, i.Member.Office, id)
		return err
	})
	if errors.Is(err, genbo.ErrNotFound) {
		return person.Selection{}, genbo.NewFault("saved", "extract.saved")
	}
	if err != nil {
		return person.Selection{}, err
	}
	var kept savedText
	if err := json.Unmarshal([]byte(text), &kept); err != nil {
		return person.Selection{}, fmt.Errorf("the saved selection does not read: %w", genbo.ErrTampered)
	}
	for _, value := range kept.Numbers {
		n, err := genbo.NumberOf(value)
		if err != nil {
			return person.Selection{}, fmt.Errorf("the saved selection does not read: %w", genbo.ErrTampered)
		}
		kept.Selection.Numbers = append(kept.Selection.Numbers, n)
	}
	return kept.Selection, nil
}

// Forget removes a selection of the visitor's office.
func (h *Handover) Forget(ctx context.Context, i staff.Identity, id string) error {
	if err := h.Desk.Check(i, access.AskExtracts); err != nil {
		return err
	}
	return h.DB.Update(ctx, func(tx *db.Tx) error { return h.extracts.DropSelection(tx, i.Member.Office, id) })
}
