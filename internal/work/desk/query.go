package desk

import (
	"genbo"
	"genbo/internal/base/jtext"
	"genbo/internal/record/person"
)

// ParseQuery reads what was typed into the one box.
func ParseQuery(typed string) (person.Query, error) {
	var q person.Query
	if len(typed) > 1000 {
		return q, genbo.NewFault("q", "text.long", 1000)
	}
	terms, err := jtext.Query(typed)
	if err != nil {
		return q, err
	}
	if len(terms) == 0 {
		return q, genbo.NewFault("q", "text.empty")
	}
	for _, t := range terms {
		switch t.Kind {
		case jtext.TermNumber:
			q.Number = t.Number
		case jtext.TermDate:
			q.Birth = t.Date
		case jtext.TermKana:
			q.Kana = t.Text
		case jtext.TermKanji:
			q.Kanji = t.Text
		case jtext.TermLatin:
			q.Latin = t.Text
		case jtext.TermPostal:
			q.Postal = t.Text
		case jtext.TermPhone:
			q.Phone = t.Text
		}
	}
	return q, nil
}
