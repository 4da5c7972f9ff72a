package sealed

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
	"golang.org/x/mod/sumdb/note"

	"genbo"
)

// View shows the rows of a sealed file in any order, straight from the file: nothing of it is kept in plain.
// It is safe for concurrent use.
type View struct {
	Manifest Manifest
	content  io.ReaderAt
	size     int64
	marks    []int64 // where each every-th row begins
}

// every is how many rows lie between two places that are remembered.
const every = 256

// NewView opens a sealed file of a size and reads it once: nothing is shown of a file that is not whole.
func NewView(src io.ReaderAt, size int64, s Stanza, fileKey []byte, verifier note.Verifier) (*View, error) {
	content, plain, err := age.DecryptReaderAt(src, size, age.NewInjectedFileKeyIdentity(fileKey))
	if err != nil {
		return nil, fmt.Errorf("the file was cut or altered, or its key is another file's: %w", genbo.ErrTampered)
	}
	v := &View{content: content, size: plain}
	if err := v.verify(s, verifier); err != nil {
		return nil, err
	}
	return v, nil
}

// Each calls fn with the rows from the given one on, counted from 0, until it returns false.
func (v *View) Each(from int, fn func(row int, cells []string) bool) error {
	if from < 0 || from >= v.Manifest.Rows {
		return nil
	}
	start := v.marks[from/every]
	lines := bufio.NewScanner(io.NewSectionReader(v.content, start, v.size-start))
	lines.Buffer(make([]byte, 64<<10), maxLine+1)
	for row := from / every * every; row < v.Manifest.Rows; row++ {
		if !lines.Scan() {
			return fmt.Errorf("the sealed file was altered since it was opened: %w", genbo.ErrTampered)
		}
		if row < from {
			continue
		}
		cells, err := parseRow(lines.Text(), len(v.Manifest.Columns))
		if err != nil {
			return err
		}
		if !fn(row, cells) {
			return nil
		}
	}
	return nil
}

// Hit is a row that a search found.
type Hit struct {
	Row   int
	Cells []string
}

// Search returns the rows in which a cell contains the text, after the first skip of them, at most limit, and
// how many there are in all.
func (v *View) Search(text string, skip, limit int) (hits []Hit, total int, err error) {
	text = strings.ToLower(text)
	err = v.Each(0, func(row int, cells []string) bool {
		for _, cell := range cells {
			if strings.Contains(strings.ToLower(cell), text) {
				if total >= skip && len(hits) < limit {
					hits = append(hits, Hit{row, cells})
				}
				total++
				break
			}
		}
		return true
	})
	return hits, total, err
}
