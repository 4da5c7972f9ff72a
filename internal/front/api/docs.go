package api

import (
	"bytes"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"genbo/internal/front/page"
)

// docsView is the description as a page.
type docsView struct {
	Lang    page.Lang
	Version string
	Prefix  string
	Calls   []callView
	Objects []objectView
}

type callView struct {
	ID, Method, Path string
	Session          bool
	Parameters       []fieldView
	Body             formView
	Answers          []answerView
}

type objectView struct {
	Name   string
	Fields []fieldView
}

type fieldView struct {
	Name, Where string
	Form        formView
	Required    bool
}

// formView is what a value looks like: a JSON type, or an object described on the same page.
type formView struct {
	Type, Object string
	List         bool
	Enum         []any
}

type answerView struct {
	Status string
	Form   formView
}

// serveDocs renders the description once in each language and serves it with its one style sheet. Nothing on
// the page is a program or comes from elsewhere.
func (a *Handler) serveDocs() error {
	style, err := files.ReadFile("static/docs.css")
	if err != nil {
		return err
	}
	pages := map[page.Lang][]byte{}
	for _, lang := range page.Langs {
		t, err := template.New("docs.html").Funcs(template.FuncMap{
			"t": func(key string, args ...any) string { return a.Messages.Say(lang, page.Say(key, args...)) },
		}).ParseFS(files, "templates/docs.html")
		if err != nil {
			return err
		}
		var b bytes.Buffer
		if err := t.Execute(&b, a.docsView(lang)); err != nil {
			return fmt.Errorf("docs: %w", err)
		}
		pages[lang] = b.Bytes()
	}
	a.mux.HandleFunc("GET "+Prefix+"/docs", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(pages[page.LangOf(r)])
	})
	a.mux.HandleFunc("GET "+Prefix+"/docs.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write(style)
	})
	return nil
}

func (a *Handler) docsView(lang page.Lang) docsView {
	o := a.huma.OpenAPI()
	v := docsView{Lang: lang, Version: Version, Prefix: Prefix}
	for _, path := range slices.Sorted(maps.Keys(o.Paths)) {
		for _, op := range operationsOf(o.Paths[path]) {
			v.Calls = append(v.Calls, callOn(op))
		}
	}
	schemas := o.Components.Schemas.Map()
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		object := objectView{Name: name}
		for _, field := range slices.Sorted(maps.Keys(schemas[name].Properties)) {
			object.Fields = append(object.Fields, fieldView{Name: field, Form: formOf(schemas[name].Properties[field]),
				Required: slices.Contains(schemas[name].Required, field)})
		}
		v.Objects = append(v.Objects, object)
	}
	return v
}

func callOn(op *huma.Operation) callView {
	c := callView{ID: op.OperationID, Method: op.Method, Path: op.Path, Session: len(op.Middlewares) > 0 && len(op.Security[0]) > 0}
	for _, p := range op.Parameters {
		c.Parameters = append(c.Parameters, fieldView{p.Name, p.In, formOf(p.Schema), p.Required})
	}
	if op.RequestBody != nil {
		for _, content := range op.RequestBody.Content {
			c.Body = formOf(content.Schema)
		}
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		one := answerView{Status: status}
		for _, content := range op.Responses[status].Content {
			one.Form = formOf(content.Schema)
		}
		c.Answers = append(c.Answers, one)
	}
	return c
}

func formOf(s *huma.Schema) formView {
	if s.Type == huma.TypeArray {
		f := formOf(s.Items)
		f.List = true
		return f
	}
	f := formView{Type: s.Type, Enum: s.Enum, Object: s.Ref[strings.LastIndex(s.Ref, "/")+1:]}
	if s.Format != "" {
		f.Type += " (" + s.Format + ")"
	}
	return f
}
