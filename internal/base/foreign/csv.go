package foreign

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strings"

	"filippo.io/age"

	"genbo"
)

// Rows are the rows of a list, each with as many cells as there are columns.
type Rows = iter.Seq2[[]string, error]

// byteOrderMark has spreadsheets read a CSV file as UTF-8.
const byteOrderMark = "\ufeff"

// writeCSV writes a list as CSV with a heading.
func writeCSV(w io.Writer, columns []string, rows Rows) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	if err := c.Write(columns); err != nil {
		return err
	}
	line := make([]string, len(columns))
	for row, err := range rows {
		if err != nil {
			return err
		}
		if len(row) != len(columns) {
			return fmt.Errorf("a row has %d cells instead of %d: %w", len(row), len(columns), genbo.ErrInvalid)
		}
		for n, cell := range row {
			line[n] = harmless(cell)
		}
		if err := c.Write(line); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// harmless keeps a spreadsheet from taking a cell for a formula.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// Age writes a list as CSV that only the holder of a public key's other half can read.
func Age(w io.Writer, publicKey string, columns []string, rows Rows) error {
	recipients, err := age.ParseRecipients(strings.NewReader(publicKey))
	if err != nil || len(recipients) != 1 {
		return fmt.Errorf("this is not the public key of one contractor: %w", genbo.ErrInvalid)
	}
	out, err := age.Encrypt(w, recipients[0])
	if err != nil {
		return fmt.Errorf("encrypt for a contractor: %w", err)
	}
	if err := writeCSV(out, columns, rows); err != nil {
		return fmt.Errorf("encrypt for a contractor: %w", err)
	}
	return out.Close()
}
