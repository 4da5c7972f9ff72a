package detect

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A heading word and the kind of the column under it. Of several words that a heading holds the one of the lowest rank
// decides, so the more particular ones stand first.
type headingWord struct {
	word string
	kind Kind
	rank int
}

// headingWords are the words by their first character.
var headingWords = func() map[rune][]headingWord {
	list, rank := map[rune][]headingWord{}, 0
	for _, g := range []struct {
		kind  Kind
		words string
	}{
		{other, "会社名 事業所名 法人名 店舗名 店名 企業名 団体名 機関名 取引先名 取引先 仕入先 商品 品名 製品 件名 書類名 ファイル名 駅名 路線名 科目名 学校名 地名 担当課 部署 所属 職名 役職 職位 内線 届書名 書名 著者 出版 駅 companyname hostname filename productname username"},
		{MyNumber, "個人番号 マイナンバー mynumber individualnumber"},
		{NumberHead, "記号番号1 番号(上 番号上 番号(前 番号前 課所符号 上4桁"},
		{NumberTail, "記号番号2 番号(下 番号下 番号(後 番号後 一連番号 下6桁"},
		{Number, "基礎年金 基礎番号 年金番号 手帳記号 記号番号 手帳番号 基年番 pensionnumber pensionno 年金手帳"},
		{other, "証券番号 受付番号 整理番号 伝票 注文 請求番号 請求書 品番 型番 部品 製造番号 管理番号 社員番号 職員番号 登録番号 isbn jan 追跡 問合せ番号 問い合わせ番号 免許 法人番号 連番 通番 行番号 partno orderno invoice serial"},
		{Kana, "カナ ふりがな フリガナ かな 読み ヨミ よみ kana furigana reading 名義"},
		{Birth, "生年月日 誕生日 生年 birth dob"},
		{Mail, "メール mail"},
		{Postal, "郵便番号 郵便 〒 zip postal postcode"},
		{other, "ipaddress macaddress"},
		{Address, "住所 居所 所在地 送付先 あて先 宛先 address"},
		{AddressPart, "都道府県 市区町村 市町村 町名 番地 建物 方書 prefecture city street suburb county postaladdress"},
		{other, "fax ファックス 電話担当"},
		{Phone, "電話 tel 携帯 連絡先 phone mobile"},
		{other, "口座種別 口座種類 預金種"},
		{Account, "口座番号 口座 accountno accountnumber bankaccount"},
		{other, "銀行 支店 金融機関"},
		{Sex, "性別 男女 sex gender"},
		{Name, "氏名 姓名 お名前 名前 受給者名 被保険者名 加入者名 宛名 対象者 受給者 被保険者 届出人 届出者 申請者 請求者 世帯主 配偶者 本人 fullname personname membername"},
		{Surname, "苗字 名字 surname lastname familyname"},
		{Given, "givenname firstname"},
		{other, "日付 年月日 取得日 喪失日 受付日 発送日 送付日 処理日 登録日 更新日 期限 金額 合計 数量 単価 備考 摘要 状態 区分 種別 理由 結果 内容 時刻 順位 月数 加入期間 事務所 date amount price quantity total status remarks note"},
	} {
		for _, w := range strings.Fields(g.words) {
			first, _ := utf8.DecodeRuneInString(w)
			list[first] = append(list[first], headingWord{w, g.kind, rank})
			rank++
		}
	}
	return list
}()

// exact are headings that mean something only by themselves.
var exact = map[string]Kind{
	"姓": Surname, "名": Given, "セイ": Kana, "メイ": Kana, "せい": Kana, "めい": Kana, "記号": NumberHead, "番号": weakNumber, "no": other, "no.": other,
	"name": Name, "氏": Surname, "id": other, "コード": other, "code": other, "年齢": other, "age": other, "title": other, "名称": other, "日": other, "担当": other, "担当者": other, "項番": other, "年": other, "月": other, "url": other,
}

// weakNumber is the heading 番号, which stands over numbers of all sorts.
const weakNumber = kinds

// headingFirst has the characters that heading words begin with, in capitals and full width too.
var headingFirst = func() *runes {
	var set runes
	for r := range headingWords {
		set.add(r)
		set.add(unicode.ToUpper(r))
	}
	for s := range exact {
		r, _ := utf8.DecodeRuneInString(s)
		set.add(r)
		set.add(unicode.ToUpper(r))
	}
	for r := rune(0xff01); r <= 0xff9f; r++ {
		set.add(r)
	}
	return &set
}()

// mayHead reports whether a word of a heading may begin somewhere in a cell.
func mayHead(cell []byte) bool {
	for i := 0; i < len(cell); {
		r, size := runeAt(cell[i:])
		if headingFirst.has(r) {
			return true
		}
		i += size
	}
	return false
}

// headingOf tells what kind of column a cell is the heading of; None if it is no heading that is known.
func headingOf(cell []byte) Kind {
	if len(cell) == 0 || len(cell) > 60 || !mayHead(cell) {
		return None
	}
	s := strings.ToLower(norm.NFKC.String(string(cell)))
	s = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\u3000', '\n', '\r', '\t', '_', '"', '\'', '※', '*':
			return -1
		}
		return r
	}, s)
	if k, ok := exact[s]; ok {
		return k
	}
	best := headingWord{rank: math.MaxInt}
	for i, r := range s {
		for _, w := range headingWords[r] {
			if w.rank < best.rank && strings.HasPrefix(s[i:], w.word) {
				best = w
			}
		}
	}
	return best.kind
}

// otherPerson are words in headings that begin the columns of a further person.
var otherPerson = []string{"配偶者", "子", "家族", "被扶養", "世帯員", "父", "母", "2", "3", "4", "5", "２", "３", "４", "５"}

func ofOther(heading string) string {
	for _, w := range otherPerson {
		if strings.Contains(heading, w) {
			return w
		}
	}
	return ""
}
