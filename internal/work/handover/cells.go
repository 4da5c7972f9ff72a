package handover

import (
	"time"

	"genbo"
	"genbo/internal/record/person"
)

// Columns are the columns of a list that carries some fields, by their names in files.
func Columns(fields genbo.FieldSet) (names []string) {
	for _, c := range columns {
		if fields.Has(c.field) {
			names = append(names, c.name)
		}
	}
	return names
}

type column struct {
	name  string
	field genbo.FieldSet
	cell  func(r *person.Record, at func(person.Kind) person.Value) string
}

var columns = []column{
	{"number", genbo.FieldNumber, func(r *person.Record, _ func(person.Kind) person.Value) string {
		for _, n := range r.Numbers {
			if n.State == person.Current {
				return n.Number.Plain()
			}
		}
		return ""
	}},
	{"kana", genbo.FieldName, func(_ *person.Record, at func(person.Kind) person.Value) string {
		v, _ := at(person.KindName).(person.Name)
		return v.Kana
	}},
	{"name", genbo.FieldName, func(_ *person.Record, at func(person.Kind) person.Value) string {
		v, _ := at(person.KindName).(person.Name)
		if v.Kanji == "" {
			return v.Latin
		}
		return v.Kanji
	}},
	{"birth", genbo.FieldBirth, func(_ *person.Record, at func(person.Kind) person.Value) string {
		v, _ := at(person.KindBirth).(person.Birth)
		return genbo.Date(v).String()
	}},
	{"sex", genbo.FieldSex, func(_ *person.Record, at func(person.Kind) person.Value) string {
		v, _ := at(person.KindSex).(person.Sex)
		return string(v)
	}},
	{"postal", genbo.FieldAddress, func(_ *person.Record, at func(person.Kind) person.Value) string {
		v, _ := at(person.KindAddress).(person.Address)
		return v.Postal
	}},
	{"address", genbo.FieldAddress, func(_ *person.Record, at func(person.Kind) person.Value) string {
		v, _ := at(person.KindAddress).(person.Address)
		return v.Text
	}},
	{"phone", genbo.FieldPhone, func(_ *person.Record, at func(person.Kind) person.Value) string {
		v, _ := at(person.KindPhone).(person.Phone)
		return string(v)
	}},
	{"bank", genbo.FieldBank, func(_ *person.Record, at func(person.Kind) person.Value) string {
		v, _ := at(person.KindBank).(person.Bank)
		return string(v)
	}},
	{"death", genbo.FieldDeath, func(_ *person.Record, at func(person.Kind) person.Value) string {
		v, _ := at(person.KindDeath).(person.Death)
		return genbo.Date(v).String()
	}},
	{"office", genbo.FieldOffice, func(r *person.Record, _ func(person.Kind) person.Value) string { return string(r.Office) }},
}

// cells are the values of a person that the fields of a list carry, as they hold today.
func cells(r *person.Record, fields genbo.FieldSet, now time.Time) []string {
	today := genbo.DateOf(now.In(genbo.Japan))
	at := func(k person.Kind) person.Value {
		v, _ := r.At(k, today, now)
		return v
	}
	var row []string
	for _, c := range columns {
		if fields.Has(c.field) {
			row = append(row, c.cell(r, at))
		}
	}
	return row
}
