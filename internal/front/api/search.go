package api

import (
	"context"
	"errors"

	"genbo"
	"genbo/internal/base/jtext"
	"genbo/internal/record/person"
	"genbo/internal/record/staff"
	"genbo/internal/work/desk"
)

// search is what is known of a person: as typed into the one box of the console, or field by field.
type search struct {
	Q      string `json:"q,omitempty" maxLength:"1000"`
	Number string `json:"number,omitempty" maxLength:"100"`
	Kanji  string `json:"kanji,omitempty" maxLength:"200"`
	Kana   string `json:"kana,omitempty" maxLength:"200"`
	Latin  string `json:"latin,omitempty" maxLength:"200"`
	Birth  string `json:"birth,omitempty" maxLength:"100"`
	Postal string `json:"postal,omitempty" maxLength:"100"`
	Phone  string `json:"phone,omitempty" maxLength:"100"`
}

type results struct {
	People []line `json:"people" nullable:"false"`
	More   bool   `json:"more"`
}

// line is a person found: enough to choose, too little to use.
type line struct {
	Person    genbo.PersonRef `json:"person"`
	Name      string          `json:"name"`
	BirthYear int             `json:"birth_year,omitempty"`
	Place     string          `json:"place"`
	Hints     []string        `json:"number_hints" nullable:"false"`
	Office    genbo.OfficeID  `json:"office"`
	Dead      bool            `json:"dead"`
	Retired   bool            `json:"retired_number"`
}

// search is a POST: what is looked for is personal and belongs in no address.
func (a *Handler) search(ctx context.Context, i staff.Identity, in *struct{ Body search }) (results, error) {
	query, err := in.Body.query()
	if err != nil {
		return results{}, err
	}
	found, err := a.Desk.Find(ctx, desk.Visit{Identity: i}, query)
	if err != nil {
		return results{}, err
	}
	out := results{People: []line{}, More: found.More}
	for _, l := range found.Lines {
		out.People = append(out.People, line{l.Ref, l.Name.Plain(), l.BirthYear, l.Place.Plain(), append([]string{}, l.Numbers...), l.Office, l.Dead, l.Retired})
	}
	return out, nil
}

func (s search) query() (q person.Query, err error) {
	if s.Q != "" {
		if s != (search{Q: s.Q}) {
			return q, genbo.NewFault("q", faultEither)
		}
		return desk.ParseQuery(s.Q)
	}
	var errs []error
	clean := func(into *string, name, text string, clean func(string) (string, error)) {
		if text == "" {
			return
		}
		var err error
		*into, err = clean(text)
		errs = append(errs, genbo.InField(err, name))
	}
	clean(&q.Kanji, "kanji", s.Kanji, jtext.CleanName)
	clean(&q.Kana, "kana", s.Kana, jtext.CleanKana)
	clean(&q.Latin, "latin", s.Latin, jtext.CleanName)
	clean(&q.Postal, "postal", s.Postal, jtext.CleanPostal)
	clean(&q.Phone, "phone", s.Phone, jtext.CleanPhone)
	if s.Number != "" {
		q.Number, err = genbo.ParseNumber(s.Number)
		errs = append(errs, genbo.InField(err, "number"))
	}
	if s.Birth != "" {
		q.Birth, err = jtext.ParseDate(s.Birth)
		errs = append(errs, genbo.InField(err, "birth"))
	}
	return q, errors.Join(errs...)
}
