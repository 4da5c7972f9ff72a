package share

import (
	"fmt"
	"strconv"
	"strings"
)

// nobody are files without people that look as if they had some.
var nobodyTables = []func(a *author){
	func(a *author) { // numbers of the form 4-6 that are parts
		a.grid("部品一覧", []string{"品番", "品名", "数量", "単価"}, func() []string {
			return []string{a.digits(4) + "-" + a.digits(6), one(a.dice, "六角ボルト", "平ワッシャ", "ナット M8", "軸受", "パッキン"), strconv.Itoa(a.from(1, 900)), strconv.Itoa(a.from(10, 9000))}
		})
	},
	func(a *author) {
		a.grid("請求書一覧", []string{"請求書番号", "請求日", "取引先", "金額", "摘要"}, func() []string {
			return []string{a.digits(10), fmt.Sprintf("2015/%d/%d", a.from(1, 12), a.from(1, 28)), pick(a.dice, firms), strconv.Itoa(a.from(1000, 9_000_000)), one(a.dice, "用紙代", "清掃委託", "電気料", "保守料")}
		})
	},
	func(a *author) { // telephones and addresses of firms
		a.grid("取引先電話帳", []string{"会社名", "電話番号", "ＦＡＸ", "所在地"}, func() []string {
			p := a.person()
			return []string{pick(a.dice, firms), "03-0" + a.digits(3) + "-" + a.digits(4), "03-0" + a.digits(3) + "-" + a.digits(4), p.prefecture + p.city + p.town}
		})
	},
	func(a *author) {
		a.grid("時刻表", []string{"便名", "発", "着", "行先", "運賃"}, func() []string {
			return []string{strconv.Itoa(a.from(100, 999)), clock(a), clock(a), one(a.dice, "那覇", "和歌山", "東京", "高井戸"), strconv.Itoa(a.from(150, 2000))}
		})
	},
	func(a *author) {
		a.grid("図書目録", []string{"書名", "出版社", "ISBN", "JAN", "価格"}, func() []string {
			return []string{one(a.dice, "年金の歴史", "制度の手引", "社会保険入門", "統計年鑑"), one(a.dice, "架空書房", "例示社"), a.digits(10), "978" + a.digits(10), strconv.Itoa(a.from(800, 5000))}
		})
	},
	func(a *author) {
		a.grid("商品カタログ", []string{"商品コード", "商品名", "規格", "価格"}, func() []string {
			return []string{a.digits(10), one(a.dice, "山田錦 720ml", "佐藤 切り餅", "コシヒカリ", "桜 便箋", "青葉 ファイル"), one(a.dice, "A4", "B5", "1kg", "12本入"), strconv.Itoa(a.from(100, 9000))}
		})
	},
	func(a *author) { // offices: names and addresses of no persons
		a.grid("年金事務所一覧", []string{"事務所名", "郵便番号", "所在地", "電話番号"}, func() []string {
			p := a.person()
			return []string{p.city + "年金事務所", p.Postal, p.prefecture + p.city + p.town, "0" + a.digits(2) + "-0" + a.digits(2) + "-" + a.digits(4)}
		})
	},
	func(a *author) {
		a.grid("市区町村別納付率", []string{"都道府県", "市区町村", "被保険者数", "納付率"}, func() []string {
			p := a.person()
			return []string{p.prefecture, p.city, strconv.Itoa(a.from(100, 99999)), fmt.Sprintf("%d.%d%%", a.from(40, 90), a.below(10))}
		})
	},
	func(a *author) {
		a.grid("処理結果", []string{"id", "hash", "created", "status"}, func() []string {
			return []string{a.digits(10), a.letters(32, "0123456789abcdef"), strconv.Itoa(1_400_000_000 + a.below(90_000_000)), one(a.dice, "OK", "NG")}
		})
	},
	func(a *author) {
		a.grid("位置情報", []string{"lat", "lon", "alt"}, func() []string {
			return []string{"26." + a.digits(10), "127." + a.digits(10), strconv.Itoa(a.below(300))}
		})
	},
	func(a *author) { // bare ids and days, without a word of what they are
		a.table("data")
		for range a.rows {
			a.words(a.digits(10), fmt.Sprintf("2015%02d%02d", a.from(1, 12), a.from(1, 28)), strconv.Itoa(a.below(1000)))
		}
	},
}

var firms = []string{"株式会社青空商会", "山田商店", "有限会社みどり", "（株）佐藤工業", "架空銀行", "医療法人なぎさ会", "例示運輸株式会社", "鈴木建設㈱"}

func clock(a *author) string { return fmt.Sprintf("%d:%02d", a.from(5, 23), a.below(60)) }

func (a *author) grid(title string, heads []string, row func() []string) {
	a.table(title)
	if a.chance(40) {
		a.words(title)
	}
	a.words(heads...)
	for range a.rows {
		a.words(row()...)
	}
}

var nobodyPapers = []func(a *author){
	func(a *author) {
		for n := range a.rows * 3 {
			a.line(fmt.Sprintf("2015-05-%02d %02d:%02d:%02d,%03d %s [worker-%d] request %s done in %d us, bytes=%s", 1+n%28, a.below(24), a.below(60), a.below(60),
				a.below(1000), one(a.dice, "INFO", "INFO", "WARN", "DEBUG"), a.below(8), a.letters(16, "0123456789abcdef"), a.below(90000), a.digits(10)))
		}
	},
	func(a *author) {
		a.say("#include <stdio.h>", "", "/* 表の大きさ */", "#define SIZE 1234567890", "")
		for n := range a.rows {
			a.line(fmt.Sprintf("static int %s_%d(int a, int b) { return a * 0x%s + b - %s; }", a.letters(6, "abcdefghijk"), n, a.letters(8, "0123456789abcdef"), a.digits(9)))
		}
	},
	func(a *author) { a.minutes(0) },
	func(a *author) {
		a.say("海辺の町", "")
		for range a.rows {
			a.line(one(a.dice, "　朝の海は静かだった。岬の灯台まで歩くと、風が少し冷たい。", "　「もう一度やってみよう」と彼は言った。だれも答えなかった。",
				"　山の向こうに雲が湧き、田には水が光っていた。", "　千代田の古本屋で見つけた地図には、今はない川が描かれている。", "　昭和25年の夏は暑かったと、祖母はよく話した。"))
		}
	},
	func(a *author) {
		a.say("文書管理規程", "")
		for n := range a.rows {
			a.line(fmt.Sprintf("第%d条　%s", n+1, one(a.dice, "この規程は、文書の取扱いについて必要な事項を定める。", "文書の保存期間は、別表第１のとおりとする。",
				"氏名、生年月日及び住所は、必要な範囲で記載するものとする。", "基礎年金番号を記載した書類は、施錠できる書庫に保管する。", "この規程は、平成27年4月1日から施行する。")))
		}
	},
	func(a *author) {
		a.say("窓口案内", "", "開庁時間　8:30～17:15", "電話　0570-00-"+a.digits(4), "所在地　"+strings.Repeat("　", 1)+"沖縄県那覇市壺川2-3-9", "相談の予約には基礎年金番号のわかるものをご用意ください。")
	},
	func(a *author) { // an empty form: words without values
		a.say("住所変更届", "", "基礎年金番号：", "氏名：", "生年月日：昭和・平成　　年　　月　　日", "住所：", "電話番号：", "", "記入例を参照のうえ、黒のボールペンで記入してください。")
	},
}
