package api

import (
	"time"

	"genbo"
	"genbo/internal/record/person"
)

// values are what facts say, by the names that forms and faults use too. What is not given or not known is
// left out.
type values struct {
	Kanji   string `json:"kanji,omitempty" maxLength:"400"`
	Kana    string `json:"kana,omitempty" maxLength:"400"`
	Latin   string `json:"latin,omitempty" maxLength:"400"`
	Alias   string `json:"alias,omitempty" maxLength:"400"`
	Birth   string `json:"birth,omitempty" maxLength:"100"`
	Sex     string `json:"sex,omitempty" enum:"male,female"`
	Postal  string `json:"postal,omitempty" maxLength:"100"`
	Address string `json:"address,omitempty" maxLength:"1000"`
	Phone   string `json:"phone,omitempty" maxLength:"100"`
	Bank    string `json:"bank,omitempty" maxLength:"100"`
	Death   string `json:"death,omitempty" maxLength:"100"`
}

// field returns a value by its name, as [desk.ReadValue] asks for it.
func (v values) field(name string) string {
	return map[string]string{
		"kanji": v.Kanji, "kana": v.Kana, "latin": v.Latin, "alias": v.Alias, "birth": v.Birth, "sex": v.Sex,
		"postal": v.Postal, "address": v.Address, "phone": v.Phone, "bank": v.Bank, "death": v.Death,
	}[name]
}

// add puts a value of the register among the others.
func (v *values) add(value person.Value) {
	switch x := value.(type) {
	case person.Name:
		v.Kanji, v.Kana, v.Latin, v.Alias = x.Kanji, x.Kana, x.Latin, x.Alias
	case person.Birth:
		v.Birth = genbo.Date(x).String()
	case person.Sex:
		v.Sex = string(x)
	case person.Address:
		v.Postal, v.Address = x.Postal, x.Text
	case person.Phone:
		v.Phone = string(x)
	case person.Bank:
		v.Bank = string(x)
	case person.Death:
		v.Death = genbo.Date(x).String()
	}
}

// heldBy is what a record says of a day, as known at a time.
func heldBy(r *person.Record, day genbo.Date, known time.Time) values {
	var v values
	for _, kind := range person.Kinds {
		if value, found := r.At(kind, day, known); found {
			v.add(value)
		}
	}
	return v
}
