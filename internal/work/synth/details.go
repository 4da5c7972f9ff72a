package synth

import (
	"fmt"
	"strconv"
	"strings"

	"genbo"
)

func (m *maker) japaneseName(p *Person, sex int) {
	family, text := m.surname()
	given := m.givenName(p.Birth, sex)
	p.Name, p.Kana = text+"　"+given.text, family.kana+"　"+given.kana
}

// surname draws a surname and the writing that this family uses.
func (m *maker) surname() (*name, string) {
	n := m.lists.surnames.draw(m.rand)
	x := m.rand.IntN(100)
	for _, v := range n.variants {
		if x < v.share {
			return n, v.text
		}
		x -= v.share
	}
	return n, n.text
}

func (m *maker) givenName(birth genbo.Date, sex int) *name {
	var c *cohort
	for i := range m.lists.cohorts[sex] {
		if next := &m.lists.cohorts[sex][i]; c == nil || next.year <= birth.Year() {
			c = next
		}
	}
	if m.chance(float64(c.share)) {
		return c.names.draw(m.rand)
	}
	return m.lists.given[sex].draw(m.rand)
}

func (m *maker) foreignName(p *Person, sex int) {
	o := m.lists.origins.draw(m.rand)
	family, given := o.surnames[m.rand.IntN(len(o.surnames))], o.given[sex][m.rand.IntN(len(o.given[sex]))]
	if family.text != "" && given.text != "" {
		p.Name = family.text + "　" + given.text
	}
	p.Latin, p.Kana = family.latin+" "+given.latin, family.kana+"　"+given.kana
	if m.chance(float64(o.alias)) {
		_, text := m.surname()
		p.Alias = text + "　" + m.givenName(p.Birth, sex).text
	}
}

var buildings = []string{"コーポ青葉", "メゾン桜", "ハイツ緑", "サンハイム", "グリーンコート", "第二富士荘", "パークサイド", "レジデンス"}

func (m *maker) place(p *Person, pref *prefecture) {
	t := pref.towns[m.rand.IntN(len(pref.towns))]
	p.Postal = t.postal[:3] + "-" + t.postal[3:]
	p.Address = t.name
	chome, ban, house := 1+m.rand.IntN(5), 1+m.rand.IntN(28), 1+m.rand.IntN(20)
	switch kind := m.rand.IntN(10); {
	case kind < 4 && !strings.HasSuffix(t.name, "丁目"):
		p.Address += fmt.Sprintf("%d丁目%d番%d号", chome, ban, house)
	case kind < 7:
		p.Address += strconv.Itoa(chome) + "-" + strconv.Itoa(ban) + "-" + strconv.Itoa(house)
	default:
		p.Address += strconv.Itoa(1+m.rand.IntN(3000)) + "番地" + strconv.Itoa(house)
	}
	if m.chance(25) {
		p.Address += "　" + buildings[m.rand.IntN(len(buildings))] + strconv.Itoa(100*(1+m.rand.IntN(9))+1+m.rand.IntN(8)) + "号"
	}
	since := 1 + m.rand.IntN(20*365)
	p.ValidFrom = max(today.AddDays(-since), p.Birth)
	if p.Death != 0 {
		p.ValidFrom = min(p.ValidFrom, p.Death)
	}
}

// contacts gives telephones that nobody has, and bank accounts at a bank that does not exist.
func (m *maker) contacts(p *Person, pref *prefecture) {
	end := m.rand.IntN(10000)
	switch x := m.rand.IntN(100); {
	case x < 65:
		p.Phone = [...]string{"090-0", "080-0", "070-0"}[m.rand.IntN(3)] + digits(m.rand.IntN(1000), 3) + "-" + digits(end, 4)
	case x < 88:
		p.Phone = pref.area + "-" + strings.Repeat("0", 6-len(pref.area)) + "-" + digits(end, 4)
	}
	if m.chance(30) {
		p.Bank = "9999-" + digits(m.rand.IntN(1000), 3) + "-1-" + digits(m.rand.IntN(10_000_000), 7)
	}
}

func digits(n, width int) string {
	s := strconv.Itoa(n)
	return strings.Repeat("0", width-len(s)) + s
}
