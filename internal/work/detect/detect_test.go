package detect

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"genbo/internal/base/charset"
)

// found runs the finder over a text and writes its cases as "line fields certainty".
func found(t *testing.T, text string) (list []string) {
	t.Helper()
	f := New(func(c *Case) { list = append(list, fmt.Sprintf("%d %s", c.Line, c.Fields)) })
	r, err := charset.NewReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Plain(r); err != nil {
		t.Fatal(err)
	}
	f.End()
	return list
}

func TestFind(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want string
	}{
		"table": {"基礎年金番号,氏名,生年月日,住所\n1234-567890,年金 太郎,昭和25年3月1日,東京都千代田区霞が関1-2-2\n5678901234,国民 花子,S30.4.5,\n",
			"2 NABD; 3 NAB"},
		"full width":        {"番号\t氏名\n１２３４－５６７８９０\t佐藤一郎\n２２３４－５６７８９０\t鈴木花子\n", "2 NA; 3 NA"},
		"no heading":        {"1234-567890,佐藤 一郎,1950-03-01\n2234-567890,鈴木 花子,1960-04-05\n3234-567890,高橋 次郎,1971-12-31\n", "1 NAB; 2 NAB; 3 NAB"},
		"split number":      {"記号,番号,氏名\n1234,567890,佐藤 一郎\n2234,567890,鈴木 花子\n", "2 NA; 3 NA"},
		"two in a row":      {"氏名,生年月日,配偶者氏名,配偶者生年月日\n佐藤 一郎,1950-03-01,佐藤 花子,1952-01-02\n", "2 AB; 2 AB"},
		"quoted":            {"\"氏名\",\"住所\"\n\"佐藤 一郎\",\"東京都千代田区\n霞が関1-2-2\"\n\"鈴木 花子\",\"大阪府大阪市北区梅田1-1\"\n", "2 AD; 3 AD"},
		"title before":      {"届書受付管理簿,,\n平成27年5月,,\n受付番号,基礎年金番号,氏名\n1,1234-567890,佐藤 一郎\n", "4 NA"},
		"parts":             {"品番,品名,単価\n1234-567890,ボルト,100\n2234-567890,ナット,200\n", ""},
		"companies":         {"会社名,電話番号,所在地\n株式会社山田商店,03-1234-5678,東京都千代田区霞が関1-2-2\n", ""},
		"log":               {"2026-11-24 12:00:00 INFO 1700000000 done in 1234567890 ns\n2026-11-24 12:00:01 INFO x\n", ""},
		"letter":            {"〒100-0013\n東京都千代田区霞が関1-2-2\n佐藤 一郎 様\n\n基礎年金番号 1234-567890\n生年月日 昭和25年3月1日生\n\n\n\n\n千代田年金事務所\n東京都千代田区大手町9-9-9\n電話 03-1234-5678\n", "2 NABD"},
		"form":              {"氏名,佐藤 一郎\n生年月日,昭和25年3月1日\n住所,東京都千代田区霞が関1-2-2\n", "1 ABD"},
		"minutes":           {"会議の議事録\n出席者 山田課長、鈴木係長\n平成27年5月8日に開催した。\n", ""},
		"lines":             {"1234-567890 佐藤 一郎 昭和25年3月1日\n2234-567890 鈴木 花子 昭和30年4月5日\n", "1 NAB; 2 NAB"},
		"isbn":              {"書名,ISBN\n年金の歴史,4101234567\n年金入門,4101234568\n", ""},
		"names alone":       {"氏名\n佐藤 一郎\n鈴木 花子\n高橋 次郎\n", "2 A; 3 A; 4 A"},
		"date in columns":   {"氏名,生年月日,,\n佐藤 一郎,1950,3,1\n鈴木 花子,1960,12,31\n高橋 次郎,1971,1,30\n", "2 AB; 3 AB; 4 AB"},
		"era in a column":   {"番号,氏名,元号,年,月,日\n1234-567890,佐藤 一郎,昭和,25,3,1\n2234-567890,鈴木 花子,平成,2,4,5\n3234-567890,高橋 次郎,大正,10,12,31\n", "2 NA; 3 NA; 4 NA"},
		"era said":          {"番号,氏名,生年月日（元号）,年,月,日\n1234-567890,佐藤 一郎,昭和,25,3,1\n2234-567890,鈴木 花子,平成,2,4,5\n3234-567890,高橋 次郎,大正,10,12,31\n", "2 NAB; 3 NAB; 4 NAB"},
		"boxes":             {"基礎年金番号,,,,,,,,,,氏名\n1,2,3,4,5,6,7,8,9,0,佐藤 一郎\n2,2,3,4,5,6,7,8,9,0,鈴木 花子\n", "2 NA; 3 NA"},
		"parts of names":    {"1234-567890,佐藤,一郎,1950-03-01\n2234-567890,鈴木,花子,1960-04-05\n3234-567890,高橋,次郎,1971-12-31\n", "1 NAB; 2 NAB; 3 NAB"},
		"next line":         {"氏名\n佐藤 一郎\n基礎年金番号\n1234-567890\n住所\n東京都千代田区霞が関1-2-2\n生年月日\n昭和25年3月1日\n", "2 NABD"},
		"Latin":             {"Name: Taro Yamada\nDate of birth: 1950-03-01\nPension number: 1234-567890\n", "1 NAB"},
		"things' names":     {"name,size\nindex.html,10\nREADME,20\nmain,30\n", ""},
		"towns":             {"prefecture,town\n東京都,大手町\n東京都,霞が関\n東京都,山田町\n", ""},
		"two numbers":       {"1234567890,1950-01-01\n2234567890,1960-01-01\n3234567890,1970-01-01\n", ""},
		"my number":         {"個人番号 1234 5678 9018 氏名 佐藤 一郎\n", "1 AM"},
		"goods like people": {"商品コード,商品名,規格\n4101234567,山田錦,720ml\n4101234568,佐藤 切り餅,1kg\n4101234569,桜 便箋,A4\n", ""},
		"two widths":        {"年金番号,氏名,生年月日\n1234-567890,佐藤 一郎,1950-03-01\n2234-567890,鈴木 花子,1960-04-05\n3234-567890,高橋 次郎,1971-12-31\n合計,3,\n,,\n,職員名簿\n職名,氏名\n係長,中島 三郎\n主任,大城 春子\n", "2 NAB; 3 NAB; 4 NAB; 9 A; 10 A"},
		"names far apart":   {"氏名：寺沢  勝彦\n生年月日：昭和49年11月15日\n", "1 AB"},
		"honorific apart":   {"〒090-0064\n北海道北見市美芳町3-19-7\n熊谷  一心 様\n\n基礎年金番号：４０３４－０８９７９７\n", "2 NAD"},
		"two letters": {"〒090-0064\n北海道北見市美芳町3-19-7\n熊谷 一心 様\n\n記\n\n基礎年金番号 4034-089797\n\n以上\n\n\n" +
			"〒078-2225\n雨竜郡沼田町幌新四丁目一番四号\n長嶋 豊　殿\n\n記\n\n生年月日 2008年5月6日\n", "2 NAD; 14 ABD"},
		"in brackets":    {"小中价子殿（5619 216918）の届書は、返戻した。\n", "1 NA"},
		"kanji numerals": {"氏名：佐藤一郎\n生年月日：昭和二十五年三月一日\n", "1 AB"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(found(t, c.text), "; "); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// Rows of things are passed over, but never those where people begin: under a heading, after a blank row, or in the middle.
func TestStrangers(t *testing.T) {
	things := func(n int) string {
		var s strings.Builder
		for i := range n {
			fmt.Fprintf(&s, "%d,A%05d,六角ボルト,%d\n", 1_000_000_000+i, i, i%900)
		}
		return s.String()
	}
	const people = "1234-567890,佐藤 一郎,1950-03-01,東京都千代田区霞が関1-2-2\n2234-567890,鈴木 花子,1960-04-05,大阪府大阪市北区梅田1-1\n3234-567890,高橋 次郎,1971-12-31,京都府京都市左京区吉田1-1\n"
	const many = 400
	head := "品番,型番,品名,数量\n"
	for name, c := range map[string]struct {
		text string
		want int
	}{
		"nobody":      {head + things(5000), 0},
		"heading":     {head + things(5000) + "番号,氏名,生年月日,住所\n" + people, 3},
		"blank row":   {head + things(5000) + "\n" + people, 3},
		"in a column": {head + things(3000) + strings.Repeat(people, many), 3 * many},
		"label":       {head + things(3000) + "1,氏名：佐藤 一郎 生年月日：昭和25年3月1日,x,1\n" + things(3000), 1},
		"many pieces": {head + things(30_000) + "番号,氏名,生年月日,住所\n" + people + "品番,型番,品名,数量\n" + things(30_000), 3},
	} {
		t.Run(name, func(t *testing.T) {
			spare := 0
			if name == "in a column" {
				spare = 3 // where nothing parts them, rows at the border may go with the people's
			}
			if got := found(t, c.text); len(got) < c.want || len(got) > c.want+spare {
				t.Errorf("%d cases for %d: %v", len(got), c.want, got[:min(5, len(got))])
			}
		})
	}
}

// Whatever stands in a file, the finder comes to its end, and hands out nobody without a field.
func FuzzPlain(f *testing.F) {
	for _, seed := range []string{
		"基礎年金番号,氏名\n1234-567890,佐藤 一郎\n", "氏名：佐藤 一郎\n", strings.Repeat("1234567890佐藤　一郎　S250301男\n", 8), strings.Repeat("9905 0229 55863127－557513玉城 亜希子    1968/12/01", 8),
		"品番,品名\n4101234567,ボルト\n", "\"氏名\",\"", "様様様\n殿", "S.\n昭和\n年月日",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := charset.NewReader(bytes.NewReader(text))
		if err != nil {
			return
		}
		finder := New(func(c *Case) {
			if !isPerson(c.Fields) {
				t.Errorf("a case of %s", c.Fields)
			}
		})
		if err := finder.Plain(r); err != nil {
			t.Error(err)
		}
		finder.End()
	})
}
