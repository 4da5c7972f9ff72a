package detect

import (
	"fmt"
	"strings"
	"testing"

	"genbo/internal/work/synth"
)

// fill fills a text up to a number of places.
func fill(s, with string, places int) string {
	for n := placesOf([]byte(s)); n < places; n = placesOf([]byte(s)) {
		if n+placesOf([]byte(with)) > places {
			with = " "
		}
		s += with
	}
	return s
}

func TestFixedLength(t *testing.T) {
	people, err := synth.New(3, 60)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		end, want string
		field     func(p *synth.Person) string
	}{
		"number, kana, name, date": {"\r\n", "NAB", func(p *synth.Person) string {
			return p.Number.Plain()[:4] + p.Number.Plain()[5:] + fill(p.Kana, " ", 40) + fill(p.Name, "　", 30) + strings.ReplaceAll(p.Birth.String(), "-", "") + "1"
		}},
		"digits side by side": {"\n", "NABD", func(p *synth.Person) string {
			return "0101" + p.Number.Plain()[:4] + p.Number.Plain()[5:] + strings.ReplaceAll(p.Birth.String(), "-", "") + "2" + fill(p.Name, "　", 30) + fill(p.Address, "　", 120)
		}},
		"no line ends": {"", "NAB", func(p *synth.Person) string {
			return p.Number.Plain()[:4] + p.Number.Plain()[5:] + fill(p.Name, "　", 30) + strings.ReplaceAll(p.Birth.String(), "-", "") + fill(p.Kana, "　", 50) + "99"
		}},
	} {
		t.Run(name, func(t *testing.T) {
			var text strings.Builder
			for i := range 60 {
				p := people.Person(i)
				text.WriteString(c.field(&p) + c.end)
			}
			got := found(t, text.String())
			good := 0
			for _, g := range got {
				if strings.HasSuffix(g, " "+c.want) {
					good++
				}
			}
			if good != 60 || len(got) != 60 {
				t.Errorf("%d of 60 records as %s, %d cases: %v", good, c.want, len(got), got[:min(5, len(got))])
			}
		})
	}
}

func TestFixedLengthIsNoProse(t *testing.T) {
	text := strings.Repeat("日頃より公的年金制度にご理解とご協力をいただき、ありがとうございます。\n", 50)
	if f := fixedOf([]byte(text)); f != nil && len(found(t, text)) > 0 {
		t.Errorf("prose taken for records: %s", fmt.Sprint(f))
	}
}
