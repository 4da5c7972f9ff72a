package scancmd

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"genbo/internal/work/scan"
)

// writeCSV writes one line a file.
func writeCSV(out io.Writer, r *scan.Report) error {
	c := csv.NewWriter(out)
	_ = c.Write([]string{"path", "type", "lock", "how", "cases", "fields", "possible", "bytes", "modified", "owner", "missed", "matched", "unmatched", "ambiguous", "unjoined", "decoys", "copyof"})
	for _, f := range r.List {
		var sets, missed []string
		for _, s := range slices.Sorted(maps.Keys(f.Cases)) {
			sets = append(sets, fmt.Sprintf("%s:%d", s, f.Cases[s]))
		}
		for _, m := range f.Missed {
			missed = append(missed, strings.TrimPrefix(m.Where+": "+m.Why, ": "))
		}
		whose := cmp.Or(f.Whose, &scan.Whose{})
		_ = c.Write([]string{inert(f.Path), f.Type, f.Lock.String(), f.How, strconv.Itoa(f.Cases.Total()), strings.Join(sets, " "), strconv.Itoa(f.Possible),
			strconv.FormatInt(f.Size, 10), f.Modified.Format(time.RFC3339), f.Owner, strings.Join(missed, "; "),
			strconv.Itoa(whose.Matched), strconv.Itoa(whose.Unmatched), strconv.Itoa(whose.Ambiguous), strconv.Itoa(whose.Unjoined), strconv.Itoa(whose.Decoys), copied(f)})
	}
	c.Flush()
	return c.Error()
}

// copied is the extract that a file is a copy of beyond doubt.
func copied(f *scan.File) string {
	if len(f.CopyOf) == 0 || f.CopyOf[0].Doubt >= scan.Named {
		return ""
	}
	return inert(f.CopyOf[0].Extract)
}

// inert keeps a spreadsheet from taking a path for a formula.
func inert(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
