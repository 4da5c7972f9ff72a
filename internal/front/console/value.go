package console

import (
	"net/http"

	"genbo"
	"genbo/internal/front/page"
	"genbo/internal/record/person"
	"genbo/internal/work/desk"
)

// valueFields are the questions for a value of a kind; nil for no kind.
func valueFields(kind person.Kind, r *http.Request) []page.Field {
	line := func(name, label, hint string) page.Field {
		return page.Field{Name: name, Label: label, Hint: hint, Value: r.PostFormValue(name), MaxLength: 200}
	}
	required := func(f page.Field) page.Field { f.Required = true; return f }
	switch kind {
	case person.KindName:
		return []page.Field{line("kanji", "name.kanji", "name.kanjihint"), required(line("kana", "name.kana", "name.kanahint")),
			line("latin", "name.latin", "name.latinhint"), line("alias", "name.alias", "name.aliashint")}
	case person.KindBirth:
		f := required(line("birth", "fields.B", ""))
		f.Type, f.Width = page.DateText, page.Medium
		return []page.Field{f}
	case person.KindSex:
		return []page.Field{{Name: "sex", Label: "fields.S", Type: page.Radios, Required: true, Value: r.PostFormValue("sex"), Options: []page.Option{
			{Value: string(person.Male), Label: page.Say("sex.male")}, {Value: string(person.Female), Label: page.Say("sex.female")}}}}
	case person.KindAddress:
		postal := required(line("postal", "address.postal", "address.postalhint"))
		postal.Width, postal.InputMode = page.Short, "numeric"
		return []page.Field{postal, required(line("address", "fields.D", "address.hint"))}
	case person.KindPhone:
		f := line("phone", "fields.P", "phone.hint")
		f.Type, f.Width = page.Tel, page.Medium
		return []page.Field{f}
	case person.KindBank:
		f := required(line("bank", "fields.K", "bank.hint"))
		f.Width = page.Medium
		return []page.Field{f}
	case person.KindDeath:
		f := required(line("death", "fields.X", ""))
		f.Type, f.Width = page.DateText, page.Medium
		return []page.Field{f}
	}
	return nil
}

// readValue reads the answers for a value of a kind and cleans them.
func readValue(kind person.Kind, form func(string) string) (person.Value, page.Faults) {
	value, err := desk.ReadValue(kind, form)
	if err != nil {
		return nil, page.FaultsOf(err)
	}
	if value == nil {
		return nil, page.Faults{genbo.NewFault("kind", "text.empty")}
	}
	return value, nil
}
