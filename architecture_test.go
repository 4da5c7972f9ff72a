package genbo_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// maxLines is the length of a file from which on it is two subjects.
const maxLines = 600

// maxDocLines is one page: what a newcomer reads before the package.
const maxDocLines = 60

// floors from the ground up: a package uses its own floor and those below.
var floors = []string{".", "internal/base", "internal/record", "internal/work", "internal/front", "cmd"}

// vague names say nothing about what a package is for, so that everything ends up in it.
var vague = []string{"util", "utils", "common", "helper", "helpers", "model", "models", "types", "misc", "shared", "lib"}

// listed is what `go list` tells about a package.
type listed struct {
	Dir, ImportPath, Name, Doc string
	Standard                   bool
	Imports, GoFiles           []string
	Module                     *struct{ Path, Version, Dir string }
}

// path of the package in the tree: "." or "internal/base/db".
func (p listed) path() string { return local(p.ImportPath) }

// local turns an import path of this module into a path in the tree; of others it gives "".
func local(importPath string) string {
	if importPath == "genbo" {
		return "."
	}
	rest, ok := strings.CutPrefix(importPath, "genbo/")
	if !ok {
		return ""
	}
	return rest
}

// goList runs `go list -json` with the arguments, for the system named by env ("GOOS=windows").
func goList(t *testing.T, env []string, args ...string) []listed {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=Dir,ImportPath,Name,Doc,Standard,Imports,GoFiles,Module"}, args...)...)
	cmd.Env = append(os.Environ(), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	var list []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
}

// row is a line of the table in ARCHITECTURE.md.
type row struct {
	name, purpose string
	uses          []string
}

// String writes the row as it stands in the table.
func (r row) String() string {
	line := "| `" + r.name + "` | " + r.purpose + " |"
	for _, u := range r.uses {
		line += " " + strings.TrimPrefix(u, "internal/")
	}
	return line + " |"
}

func readTable(t *testing.T) []row {
	t.Helper()
	text, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 5 || !strings.HasPrefix(strings.TrimSpace(cells[1]), "`") {
			continue
		}
		r := row{name: strings.Trim(cells[1], " `"), purpose: strings.TrimSpace(cells[2])}
		for _, u := range strings.Fields(cells[3]) {
			if u != "." {
				u = "internal/" + u
			}
			r.uses = append(r.uses, u)
		}
		slices.Sort(r.uses)
		rows = append(rows, r)
	}
	return rows
}

// TestTable holds the table in ARCHITECTURE.md against the packages that there are.
func TestTable(t *testing.T) {
	rows := map[string]row{}
	above := map[string]int{}
	for i, r := range readTable(t) {
		if _, twice := rows[r.name]; twice {
			t.Errorf("ARCHITECTURE.md has two rows for %s: keep one", r.name)
		}
		rows[r.name], above[r.name] = r, i
	}
	for _, p := range goList(t, nil, "-e", "./...") {
		if len(p.GoFiles) == 0 { // tests only
			continue
		}
		is := row{name: p.path(), purpose: purpose(p)}
		for _, imported := range p.Imports {
			if u := local(imported); u != "" {
				is.uses = append(is.uses, u)
			}
		}
		slices.Sort(is.uses)
		says, ok := rows[is.name]
		delete(rows, is.name)
		if !ok {
			t.Errorf("ARCHITECTURE.md has no row for %q. Below the packages it uses, add:\n\t%s", is.name, is)
			continue
		}
		if !slices.Equal(says.uses, is.uses) {
			is.purpose = says.purpose
			t.Errorf("%s does not use what ARCHITECTURE.md says. Change the code, or the row to:\n\t%s", is.name, is)
		}
		for _, u := range is.uses {
			if at, known := above[u]; known && at > above[is.name] {
				t.Errorf("%s uses %s, which stands below it in ARCHITECTURE.md: a row uses only rows above it", is.name, u)
			}
			if floor(u) > floor(is.name) {
				t.Errorf("%s uses %s of a higher floor: move what is shared down, or the caller up", is.name, u)
			}
		}
	}
	for name := range rows {
		t.Errorf("ARCHITECTURE.md has a row for %s, which is not there: remove the row", name)
	}
}

// purpose is the first sentence of the package comment, without the package's name.
func purpose(p listed) string {
	s := strings.TrimPrefix(p.Doc, "Package "+p.Name+" ")
	return strings.TrimSuffix(s, ".")
}

func floor(name string) int {
	for i := len(floors) - 1; i > 0; i-- {
		if strings.HasPrefix(name, floors[i]+"/") {
			return i
		}
	}
	return 0
}

func TestPackages(t *testing.T) {
	for _, p := range goList(t, nil, "-e", "./...") {
		name := p.path()
		if name != "." && floor(name) == 0 && len(p.GoFiles) > 0 {
			t.Errorf("%s stands on no floor: move it into one of %s", name, strings.Join(floors[1:], ", "))
		}
		if slices.Contains(vague, path.Base(name)) {
			t.Errorf("%s is named for what it is made of: name it for its subject", name)
		}
		if len(p.GoFiles) == 0 {
			continue
		}
		if p.Doc == "" {
			t.Errorf("%s has no package comment: write one page, doc.go, on what it is for and what always holds", name)
		}
		if !slices.Contains(p.GoFiles, "doc.go") {
			if len(p.GoFiles) > 1 && p.Name != "main" { // one file, or a program, may say it at its head
				t.Errorf("%s has no doc.go: put its package comment there", name)
			}
			continue
		}
		if n := lines(t, filepath.Join(p.Dir, "doc.go")); n > maxDocLines {
			t.Errorf("%s/doc.go has %d lines, more than a page of %d: say less, or cut the package in two", name, n, maxDocLines)
		}
	}
}

func TestFilesAreShort(t *testing.T) {
	for _, file := range tree(t, ".go") {
		if n := lines(t, file); n > maxLines {
			t.Errorf("%s has %d lines, more than %d: cut it in two by subject", file, n, maxLines)
		}
	}
}

func lines(t *testing.T, file string) int {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Count(text, []byte("\n"))
}

// tree lists the project's own files with the ending, by path from the top.
func tree(t *testing.T, ending string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(".", func(file string, d os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git" || d.Name() == "testdata"):
			return filepath.SkipDir
		case !d.IsDir() && strings.HasSuffix(file, ending):
			files = append(files, file)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
