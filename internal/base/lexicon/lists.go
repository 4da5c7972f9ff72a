package lexicon

import (
	"bufio"
	"compress/gzip"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

//go:embed lists
var files embed.FS

// The lists, as lists/README.md describes them.
const (
	Surnames    = "surnames.txt.gz"
	GivenNames  = "given.txt.gz"
	Towns       = "towns.txt.gz"
	Common      = "common.txt"
	Prefectures = "prefectures.txt"
)

// Lines calls fn for each line of one of the lists above, with the line cut at blanks.
func Lines(list string, fn func(line string, f []string) error) error {
	return LinesOf(files, "lists/"+list, fn)
}

// LinesOf does the same for a list of another package. A name that ends in .gz is unpacked.
func LinesOf(from fs.FS, path string, fn func(line string, f []string) error) error {
	file, err := from.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	var r io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(file); err != nil {
			return err
		}
	}
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 0, 1<<16), 1<<16)
	for n := 1; s.Scan(); n++ {
		if err := fn(s.Text(), strings.Fields(s.Text())); err != nil {
			return fmt.Errorf("%s, line %d: %w", path, n, err)
		}
	}
	return s.Err()
}
