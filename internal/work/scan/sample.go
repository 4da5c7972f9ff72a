package scan

import (
	"fmt"
	"strings"

	"genbo/internal/work/detect"
)

// Sample is one of a file's first cases, so that a reader can look it up and judge it. Its values are masked, unless
// [Options.Show] was given.
type Sample struct {
	Where  string `json:"where,omitempty"` // within the file: the members' names
	Part   int    `json:"part,omitempty"`  // the sheet of a workbook, the table or page of a document, from 1; 0 where there is but one
	Line   int    `json:"line"`            // the row of the table, or the line of the text, from 1
	Fields string `json:"fields"`
	Number string `json:"number,omitempty"`
	Name   string `json:"name,omitempty"`
	Birth  string `json:"birth,omitempty"`
}

// place is where the worker reads now.
type place struct {
	where string
	part  int
}

func (w *worker) sample(c *detect.Case) {
	if len(w.current.Samples) >= w.Samples {
		return
	}
	s := Sample{Where: w.at.where, Part: w.at.part, Line: c.Line, Fields: c.Fields.String(), Name: string(c.Name), Birth: c.Birth.String()}
	if c.Number != 0 {
		s.Number = fmt.Sprintf("%04d-%06d", c.Number/1e6, c.Number%1e6)
	}
	if !w.Show {
		s = s.masked()
	}
	w.current.Samples = append(w.current.Samples, s)
}

// masked keeps what tells a true finding from a false one, and no person from another: two digits, the first character
// of each name whatever its length, the century.
func (s Sample) masked() Sample {
	if s.Number != "" {
		s.Number = s.Number[:2] + "**-******"
	}
	if s.Birth != "" {
		s.Birth = s.Birth[:2] + "**-**-**"
	}
	names := strings.Fields(s.Name)
	for i, n := range names {
		for _, first := range n {
			names[i] = string(first) + "*"
			break
		}
	}
	s.Name = strings.Join(names[:min(len(names), 2)], " ")
	return s
}
