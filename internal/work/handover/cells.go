package handover

import (
	"time"

	"genbo"
	"genbo/internal/record/person"
	"genbo/internal/work/mark"
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
	decoy func(d mark.Decoy) string
}

var columns = []column{
	{"number", genbo.FieldNumber, func(r *person.Record, _ func(person.Kind) person.Value) string {
		for _, n := range r.Numbers {
			if n.State == person.Current {
				return n.Number.Plain()
			}
		}
		return ""
	}, func(d mark.Decoy) string { return d.Number }},
	{"kana", genbo.FieldName, func(_ *person.Record, at func(person.Kind) person.Value) string {
		v, _ := at(person.KindName).(person.Name)
		return v.Kana
	}, func(d mark.Decoy) string { return d.Kana }},
	{"name", genbo.FieldName, func(_ *person.Record, at func(person.Kind) person.Value) string {
		v, _ := at(person.KindName).(person.Name)
		if v.Kanji == "" {
			return v.Latin
		}
		return v.Kanji
	}, func(d mark.Decoy) string { return d.Name }},
	{"birth", genbo.FieldBirth, func(_ *person.Record, at func(person.Kind) person.Value) string {
		v, _ := at(person.KindBirth).(person.Birth)
		return genbo.Date(v).String()
	}, func(d mark.Decoy) string { return d.Birth }},
	{"sex", genbo.FieldSex, func(_ *person.Record, at func(person.Kind) person.Value) string {
		v, _ := at(person.KindSex).(person.Sex)
		return string(v)
	}, func(d mark.Decoy) string { return d.Sex }},
	{"postal", genbo.FieldAddress, func(_ *person.Record, at func(person.Kind) person.Value) string {
		v, _ := at(person.KindAddress).(person.Address)
		return v.Postal
	}, func(d mark.Decoy) string { return d.Postal }},
	{"address", genbo.FieldAddress, func(_ *person.Record, at func(person.Kind) person.Value) string {
		v, _ := at(person.KindAddress).(person.Address)
		return v.Text
	}, func(d mark.Decoy) string { return d.Address }},
	{"phone", genbo.FieldPhone, func(_ *person.Record, at func(person.Kind) person.Value) string {
		v, _ := at(person.KindPhone).(person.Phone)
		return string(v)
	}, func(d mark.Decoy) string { return d.Phone }},
	{"bank", genbo.FieldBank, func(_ *person.Record, at func(person.Kind) person.Value) string {
		v, _ := at(person.KindBank).(person.Bank)
		return string(v)
	}, func(d mark.Decoy) string { return d.Bank }},
	{"death", genbo.FieldDeath, func(_ *person.Record, at func(person.Kind) person.Value) string {
		v, _ := at(person.KindDeath).(person.Death)
		return genbo.Date(v).String()
	}, func(_ mark.Decoy) string { return "" }},
	{"office", genbo.FieldOffice, func(r *person.Record, _ func(person.Kind) person.Value) string { return string(r.Office) }, func(d mark.Decoy) string { return d.Office }},
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

// decoyCells are the values of a decoy that the fields of a list carry.
func decoyCells(d mark.Decoy, fields genbo.FieldSet) []string {
	var row []string
	for _, c := range columns {
		if fields.Has(c.field) {
			row = append(row, c.decoy(d))
		}
	}
	return row
}
