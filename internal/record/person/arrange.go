package person

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/jtext"
)

// Arrange orders people by their name in kana (by KindName), date of birth (KindBirth) or address by postal
// code (KindAddress), and keeps those whose name or address contains a text. Else the order stays. It gives
// out no value: whoever is to see the people needs a receipt for them.
func (r *Register) Arrange(ctx context.Context, people []genbo.PersonID, by Kind, contains string) ([]genbo.PersonID, error) {
	if by == "" && contains == "" {
		return people, nil
	}
	type item struct {
		id  genbo.PersonID
		key string
	}
	items := make([]item, 0, len(people))
	err := r.db.View(ctx, func(tx *db.Tx) error {
		today := genbo.DateOf(tx.Now.In(genbo.Japan))
		for _, id := range people {
			record, err := r.load(tx, id, genbo.FieldName|genbo.FieldBirth|genbo.FieldAddress)
			if err != nil {
				return err
			}
			keys := map[Kind]string{}
			if v, found := record.At(KindName, today, tx.Now); found {
				keys[KindName] = jtext.FoldKana(v.(Name).Kana) + " " + v.(Name).Kanji
			}
			if v, found := record.At(KindAddress, today, tx.Now); found {
				keys[KindAddress] = v.(Address).Postal + " " + v.(Address).Text
			}
			if v, found := record.At(KindBirth, today, tx.Now); found {
				keys[KindBirth] = v.encode()
			}
			text := strings.ReplaceAll(keys[KindName]+" "+keys[KindAddress], "　", "")
			if contains == "" || strings.Contains(text, strings.ReplaceAll(contains, "　", "")) || strings.Contains(text, jtext.FoldKana(contains)) && jtext.FoldKana(contains) != "" {
				items = append(items, item{id, keys[by]})
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("arrange people: %w", err)
	}
	if by != "" {
		slices.SortStableFunc(items, func(a, b item) int { return cmp.Compare(a.key, b.key) })
	}
	arranged := make([]genbo.PersonID, len(items))
	for n, it := range items {
		arranged[n] = it.id
	}
	return arranged, nil
}

// Group is a kind of people that a statistic counts.
type Group struct {
	Office genbo.OfficeID
	Sex    Sex // "" unknown
	Decade int // of birth: 1950 for 1950 to 1959; 0 unknown
}

// Tally counts people by office, sex and decade of birth. It names nobody.
func (r *Register) Tally(ctx context.Context, people []genbo.PersonID) (map[Group]int, error) {
	counts := map[Group]int{}
	err := r.db.View(ctx, func(tx *db.Tx) error {
		today := genbo.DateOf(tx.Now.In(genbo.Japan))
		for _, id := range people {
			record, err := r.load(tx, id, genbo.FieldBirth|genbo.FieldSex)
			if err != nil {
				return err
			}
			g := Group{Office: record.Office}
			if v, found := record.At(KindSex, today, tx.Now); found {
				g.Sex = v.(Sex)
			}
			if v, found := record.At(KindBirth, today, tx.Now); found {
				g.Decade = genbo.Date(v.(Birth)).Year() / 10 * 10
			}
			counts[g]++
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count people: %w", err)
	}
	return counts, nil
}
