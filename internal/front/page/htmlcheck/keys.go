package htmlcheck

import (
	"fmt"
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/template/parse"
)

// Keys says which messages there are.
type Keys struct {
	Own   []string // the messages of the package under test: each must be used
	Known []string // all messages that its templates may use
	Built []string // beginnings of keys that are put together at run time, such as "fault."
}

// Unmatched returns each key that is used but unknown, and each own one that nothing uses. It reads the
// templates (*.html) and the Go files, tests left out, of each file system. A key is used where it stands as
// a string; a template's {{t "key"}} and a Go file's Say("key") must be known.
func (k Keys) Unmatched(sources ...fs.FS) ([]string, error) {
	u := usage{seen: map[string]bool{}}
	for _, fsys := range sources {
		if err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			return u.file(fsys, name)
		}); err != nil {
			return nil, fmt.Errorf("reading sources: %w", err)
		}
	}
	var problems []string
	for _, use := range u.said {
		if !slices.Contains(k.Known, use.key) {
			problems = append(problems, fmt.Sprintf("%s: no message %q", use.file, use.key))
		}
	}
	for _, key := range k.Own {
		built := slices.ContainsFunc(k.Built, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
		if !u.seen[key] && !built {
			problems = append(problems, fmt.Sprintf("message %q is not used", key))
		}
	}
	return problems, nil
}

// usage is what the sources use.
type usage struct {
	seen map[string]bool // every string that may be a key
	said []said          // strings that must be keys
}

type said struct{ file, key string }

func (u *usage) file(fsys fs.FS, name string) error {
	isGo := strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go")
	if !isGo && !strings.HasSuffix(name, ".html") {
		return nil
	}
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	if isGo {
		u.goFile(name, b)
		return nil
	}
	return u.template(name, string(b))
}

// goFile takes every string of a Go file.
func (u *usage) goFile(name string, src []byte) {
	var s scanner.Scanner
	s.Init(token.NewFileSet().AddFile(name, -1, len(src)), src, nil, 0)
	var before [2]string
	for {
		_, tok, lit := s.Scan()
		if tok == token.EOF {
			return
		}
		if key, err := strconv.Unquote(lit); tok == token.STRING && err == nil {
			u.seen[key] = true
			_, next, _ := s.Scan()
			if before == [2]string{"Say", "("} && (next == token.COMMA || next == token.RPAREN) {
				u.said = append(u.said, said{name, key})
			}
			before = [2]string{}
			continue
		}
		if lit == "" {
			lit = tok.String()
		}
		before = [2]string{before[1], lit}
	}
}

// template takes every string of a template.
func (u *usage) template(name, src string) error {
	tree := parse.New(name)
	tree.Mode = parse.SkipFuncCheck
	trees := map[string]*parse.Tree{}
	if _, err := tree.Parse(src, "", "", trees); err != nil {
		return err
	}
	for _, t := range trees {
		u.node(name, t.Root)
	}
	return nil
}

func (u *usage) node(file string, n parse.Node) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, one := range n.Nodes {
				u.node(file, one)
			}
		}
	case *parse.ActionNode:
		u.node(file, n.Pipe)
	case *parse.IfNode:
		u.branch(file, n.BranchNode)
	case *parse.RangeNode:
		u.branch(file, n.BranchNode)
	case *parse.WithNode:
		u.branch(file, n.BranchNode)
	case *parse.TemplateNode:
		u.node(file, n.Pipe)
	case *parse.PipeNode:
		if n != nil {
			for _, one := range n.Cmds {
				u.command(file, one)
			}
		}
	case *parse.CommandNode:
		u.command(file, n)
	case *parse.StringNode:
		u.seen[n.Text] = true
	}
}

func (u *usage) branch(file string, n parse.BranchNode) {
	u.node(file, n.Pipe)
	u.node(file, n.List)
	u.node(file, n.ElseList)
}

func (u *usage) command(file string, n *parse.CommandNode) {
	for i, arg := range n.Args {
		u.node(file, arg)
		fn, isFn := n.Args[0].(*parse.IdentifierNode)
		if key, ok := arg.(*parse.StringNode); ok && i == 1 && isFn && fn.Ident == "t" {
			u.said = append(u.said, said{file, key.Text})
		}
	}
}

// GoFiles calls fn for each Go file under dir, tests left out.
func GoFiles(dir string, fn func(name string, src []byte)) error {
	return fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		src, err := os.ReadFile(filepath.Join(dir, name))
		if err == nil {
			fn(name, src)
		}
		return err
	})
}
