package share

import "io"

// format is how a layout lies on disk.
type format struct {
	name, ending string
	text         bool // written in an encoding that is drawn
	legacy       bool // always in CP932
	weight       int
	layouts      []string
	write        func(out io.Writer, f *file) error
}

var (
	tables  = []string{"table", "table", "table", "table", "several", "families", "cards", "nobody"}
	papers  = []string{"letter", "merged", "minutes", "memo", "form", "nothing", "table"}
	sheets  = []string{"table", "table", "table", "several", "families", "cards", "sheet", "nobody"}
	records = []string{"records"}
)

var formats = []format{
	{"csv", "csv", true, false, 10, tables, writeSeparated(",")},
	{"tsv", "tsv", true, false, 3, tables, writeSeparated("\t")},
	{"txt", "txt", true, false, 6, papers[:6], writeSeparated("\t")},
	{"html", "html", true, false, 2, append([]string{"letter", "memo"}, tables...), writeHTML},
	{"xml", "xml", true, false, 2, records, writeXML},
	{"json", "json", true, false, 2, records, writeJSON},
	{"fixed", "dat", true, true, 2, records, writeFixed},
	{"xlsx", "xlsx", false, false, 10, sheets, writeXLSX},
	{"xlsm", "xlsm", false, false, 1, sheets, writeXLSX},
	{"docx", "docx", false, false, 5, papers, writeDOCX},
	{"pptx", "pptx", false, false, 2, []string{"table", "memo", "minutes", "nothing"}, writePPTX},
	{"odt", "odt", false, false, 1, papers, writeOpenDocument("text")},
	{"ods", "ods", false, false, 1, tables, writeOpenDocument("spreadsheet")},
	{"rtf", "rtf", false, true, 1, papers[:6], writeRTF},
	{"pdf", "pdf", false, true, 3, []string{"letter", "merged", "minutes", "memo", "form", "nothing"}, writePDF},
}

// Formats are the names of the formats.
func Formats() (names []string) {
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// weighted has each format as often as it lies on shares.
var weighted = func() (list []format) {
	for _, f := range formats {
		for range f.weight {
			list = append(list, f)
		}
	}
	return list
}()
