package detect

import (
	"bytes"
	"fmt"
	"genbo/internal/base/charset"
	"os"
	"testing"
)

func TestDbg(t *testing.T) {
	p := os.Getenv("F")
	if p == "" {
		return
	}
	b, _ := os.ReadFile(p)
	s, _ := charset.All(b)
	fmt.Println("delim", delimiterOf([]byte(s)), "fixed", fixedOf([]byte(s)))
	line, _, _ := bytes.Cut([]byte(s), []byte("\n"))
	var cells [][]byte
	for _, c := range bytes.Split(line, []byte("\t")) {
		cells = append(cells, cell(c))
		fmt.Print(string(c), " ", headingOf(trim(cell(c))), " ")
	}
	fmt.Println("heading", isHeading(cells))
	f := New(func(c *Case) { fmt.Println(c.Line, c.Fields, c.Number, string(c.Name), c.Birth, c.Certainty) })
	r, _ := charset.NewReader(bytes.NewReader(b))
	f.Plain(r)
	f.End()
}
