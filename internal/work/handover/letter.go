package handover

import (
	"context"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/extract"
	"genbo/internal/work/desk"
)

// Letter is what goes on the letter to one row of a worklist.
type Letter struct {
	Extract extract.Extract
	Cells   map[string]genbo.Masked[string] // by column
	Key     string                          // ties addressee and content: printed on every sheet
}

// Letter shows one row for its letter.
func (h *Handover) Letter(ctx context.Context, v desk.Visit, id string, row int) (Letter, error) {
	lines, err := h.Rows(ctx, v, id, View{Row: row + 1})
	if err != nil {
		return Letter{}, err
	}
	if len(lines.Lines) != 1 {
		return Letter{}, genbo.ErrNotFound
	}
	letter := Letter{Extract: lines.Extract, Cells: map[string]genbo.Masked[string]{}}
	var plain []string
	for n, name := range lines.Columns {
		letter.Cells[name] = lines.Lines[0].Cells[n]
		plain = append(plain, letter.Cells[name].Plain())
	}
	var secret []byte
	err = h.DB.View(ctx, func(tx *db.Tx) (err error) {
		secret, err = h.extracts.Secret(tx, id)
		return err
	})
	if err != nil {
		return Letter{}, err
	}
	letter.Key = sheetKey(secret, row, plain)
	return letter, nil
}
