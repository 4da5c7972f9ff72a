package api

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"genbo/internal/front/page"
)

// describe completes the description (OpenAPI) and serves it. What a field means is a message under its name,
// so the description and the pages in both languages say the same.
func (a *Handler) describe() error {
	o := a.huma.OpenAPI()
	schemas := o.Components.Schemas.Map()
	for _, unused := range []string{"ErrorModel", "ErrorDetail"} { // the framework's, which never leave
		delete(schemas, unused)
	}
	for name, schema := range schemas {
		for field, s := range schema.Properties {
			if err := a.mean(&s.Description, name, field); err != nil {
				return err
			}
		}
	}
	for path, item := range o.Paths {
		for _, op := range operationsOf(item) {
			for _, p := range op.Parameters {
				if err := a.mean(&p.Description, path, p.Name); err != nil {
					return err
				}
			}
			for _, answer := range op.Responses {
				for header, p := range answer.Headers {
					if err := a.mean(&p.Description, path, header); err != nil {
						return err
					}
				}
			}
		}
	}
	text, err := json.MarshalIndent(o, "", "  ")
	if err != nil {
		return fmt.Errorf("description: %w", err)
	}
	a.mux.HandleFunc("GET "+Prefix+"/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(append(text, '\n'))
	})
	return nil
}

const fieldKey = "api.field."

// mean writes what a field means. A field without a meaning stops the program's start, so a test finds it.
func (a *Handler) mean(description *string, of, field string) error {
	if !a.Messages.Has(fieldKey + field) {
		return fmt.Errorf("%s: no message says what %q is", of, field)
	}
	*description = a.Messages.Say(page.English, page.Say(fieldKey+field))
	return nil
}

// operationsOf returns the operations of a path by method, in the order in which people read them.
func operationsOf(item *huma.PathItem) []*huma.Operation {
	var list []*huma.Operation
	for _, op := range []*huma.Operation{item.Get, item.Post, item.Delete} {
		if op != nil {
			list = append(list, op)
		}
	}
	return list
}
