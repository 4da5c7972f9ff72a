package htmlcheck

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

const good = `<!doctype html><html lang="en"><title>T</title><body><main><h1>H</h1>%s</main></body></html>`

func TestPage(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want []string
	}{
		"all well":        {`<p>x</p><label for="a">A</label><input id="a" name="a"><a href="/x">go</a>`, nil},
		"two h1":          {`<h1>again</h1>`, []string{"2 elements h1, want one"}},
		"skipped level":   {`<h3>deep</h3>`, []string{"h3 follows a heading of level 1"}},
		"no label":        {`<input name="a">`, []string{`input "a" has no label`}},
		"hidden":          {`<input type="hidden" name="a">`, nil},
		"style":           {`<p style="x">y</p>`, []string{"p has style="}},
		"handler":         {`<p onclick="x">y</p>`, []string{"p has onclick="}},
		"inline script":   {`<script>1</script>`, []string{"inline script"}},
		"foreign":         {`<script src="https://x.example/a.js"></script>`, []string{`script: src="https://x.example/a.js" leads to another site`}},
		"unnamed button":  {`<button type="submit"> </button>`, []string{"button has no name"}},
		"table":           {`<table><tr><th>a</th></tr></table>`, []string{`th "a" has no scope`, "table has 0 captions"}},
		"id twice":        {`<p id="a">x</p><p id="a">y</p>`, []string{`id "a" is there twice`}},
		"link to nowhere": {`<a href="#x">y</a>`, []string{`a: href="#x" leads nowhere on the page`}},
		"bad reference":   {`<p aria-describedby="x">y</p>`, []string{`p: aria-describedby leads to no id "x"`}},
		"unnamed nav":     {`<nav><a href="/">x</a></nav>`, []string{"nav has no name"}},
		"summary": {`<div class="errors"><a href="#p">x</a></div><p id="p">z</p>`, []string{
			"the title does not say that there is an error", `the error summary's link "#p" leads to no field`}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Page(strings.NewReader(strings.Replace(good, "%s", c.body, 1)))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestKeys(t *testing.T) {
	src := fstest.MapFS{
		"templates/a.html": {Data: []byte(`{{define "main"}}{{if .X}}{{t "a.one" 1}}{{else}}{{t "a.lost"}}{{end}}{{template "x" "a.two"}}{{end}}`)},
		"a.go":             {Data: []byte("package a\nvar x = page.Say(\"a.gone\")\nvar y = \"a.three\"\nvar z = Say(\"built.\" + y)")},
		"a_test.go":        {Data: []byte("package a\nvar w = \"a.four\"")},
	}
	own := []string{"a.one", "a.two", "a.three", "a.four", "built.x"}
	got, err := Keys{Own: own, Known: own, Built: []string{"built."}}.Unmatched(src)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{`a.go: no message "a.gone"`, `templates/a.html: no message "a.lost"`, `message "a.four" is not used`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
