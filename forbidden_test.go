package genbo_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// A rule forbids a function, variable or method of another package, but for the packages that may.
type rule struct {
	object  string // as types.Func.FullName writes it; a package with a final "." stands for all of it
	allowed []string
	instead string
}

var rules = []rule{
	{
		object:  "(*genbo/internal/base/vault.PersonKey).Open",
		allowed: []string{"internal/base/vault", "internal/record/person"},
		instead: "open personal fields with person.Register.Open or Glimpse, which ask for the journal's receipt",
	},
	{
		object: "time.Now",
		// What only measures how long something takes needs no clock that a test can set.
		allowed: []string{"internal/base", "cmd", "internal/work/intake", "internal/front/server"},
		instead: "take the time from db.Tx.Now or db.DB.Now: it never goes back, and tests can set it",
	},
	{
		object: "math/rand.", allowed: []string{"internal/base", "internal/work/synth"},
		instead: "secrets need crypto/rand; what is to be repeatable takes its numbers from the caller",
	},
	{
		object: "math/rand/v2.", allowed: []string{"internal/base", "internal/work/synth", "cmd"},
		instead: "secrets need crypto/rand; what is to be repeatable takes its numbers from the caller",
	},
	{
		object:  "net/http.DefaultClient",
		instead: "make an http.Client with a time limit and say whom it calls; the core calls nobody",
	},
	{object: "net/http.Get", instead: "make an http.Client with a time limit"},
	{object: "net/http.Post", instead: "make an http.Client with a time limit"},
	{object: "net/http.DefaultServeMux", instead: "make an http.ServeMux of your own: any package can add to this one"},
	{object: "os.Exit", allowed: []string{"cmd", "internal/base/lexicon/gen"}, instead: "return an error: only main ends the program"},
	{object: "log.", instead: "log with log/slog, which masks personal types"},
}

func TestForbiddenCalls(t *testing.T) {
	cfg := &packages.Config{Mode: packages.NeedName | packages.NeedFiles | packages.NeedSyntax |
		packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports | packages.NeedExportFile}
	loaded, err := packages.Load(cfg, "./...")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, p := range loaded {
		for _, e := range p.Errors {
			t.Errorf("%s: %v", p.PkgPath, e)
		}
		for id, object := range p.TypesInfo.Uses {
			name := fullName(object)
			seen[name] = true
			for _, r := range rules {
				if r.forbids(name, local(p.PkgPath)) {
					t.Errorf("%s uses %s: %s", position(p, id), name, r.instead)
				}
			}
		}
	}
	// A rule about a name that is gone would hold for ever and guard nothing.
	if guarded := rules[0].object; !seen[guarded] {
		t.Errorf("nothing uses %s any more: was it renamed? Put the new name into the rules of this test", guarded)
	}
}

func (r rule) forbids(name, in string) bool {
	if name != r.object && !(strings.HasSuffix(r.object, ".") && strings.HasPrefix(name, r.object)) {
		return false
	}
	for _, a := range r.allowed {
		if in == a || strings.HasPrefix(in, a+"/") {
			return false
		}
	}
	return true
}

func fullName(object types.Object) string {
	if f, ok := object.(*types.Func); ok {
		return f.FullName()
	}
	if object.Pkg() == nil {
		return object.Name()
	}
	return object.Pkg().Path() + "." + object.Name()
}

func position(p *packages.Package, id *ast.Ident) token.Position {
	return p.Fset.Position(id.Pos())
}
