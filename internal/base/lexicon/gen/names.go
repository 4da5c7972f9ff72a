package main

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// tail is how many names of each list are kept, the most frequent first.
const tail = 9000

var (
	kanji   = regexp.MustCompile(`^[\p{Han}々ヶ]{1,4}$`)
	reading = regexp.MustCompile(`^[ァ-ヴ]+$`) // no long-vowel mark: it marks foreign names
	female  = regexp.MustCompile(`[子美恵代江枝奈香花菜里織乃音穂佳咲絵葉桜月莉衣帆沙紗妃姫]$`)
	male    = regexp.MustCompile(`[郎夫雄男治太也哉介助一二三司志史之彦平吉蔵造人斗翔輝樹大佑祐作信義則徳昭博弘宏浩正政勝茂隆孝豊稔健剛武康次兵衛]$`)
	kanaShe = regexp.MustCompile(`(コ|ミ|エ|カ|ナ|ヨ|オリ|サ|ネ|ノ|ズ|ホ)$`)
	kanaHe  = regexp.MustCompile(`(オ|ロウ|シ|ジ|タ|ト|ヤ|キ|ケ|ヒコ|チ|ゾウ|ヒロ|ノリ|タカ|ツ|ブ|ル|ム)$`)
)

// name is an entry of the dictionary. A lower cost is a more frequent name.
type name struct {
	text, kana string
	cost       int
}

// nameLists returns the surnames as "佐藤 サトウ" and the given names as "F美咲 ミサキ", most frequent first.
// The letter is F or M, or B for a name that may be either: the dictionary does not tell, so it is guessed
// from the last kanji, and failing that from the end of the reading.
func nameLists(lines []string) (surnames, given []string) {
	family, first := parseNames(lines, "姓"), parseNames(lines, "名")
	cost := map[string]int{}
	for _, n := range family {
		if _, known := cost[n.text]; !known {
			cost[n.text] = n.cost
		}
	}
	for _, n := range family[:min(tail, len(family))] {
		surnames = append(surnames, n.text+" "+n.kana)
	}
	for _, n := range first {
		// The newspapers that the dictionary was made from name some people by surname alone.
		if c, also := cost[n.text]; also && c < n.cost && len([]rune(n.text)) > 1 {
			continue
		}
		if given = append(given, guessSex(n)+n.text+" "+n.kana); len(given) == tail {
			break
		}
	}
	return surnames, given
}

// parseNames returns the Japanese names of a kind, each pair of writing and reading once.
func parseNames(lines []string, kind string) []name {
	var names []name
	for _, line := range lines {
		f := strings.Split(line, ",")
		if len(f) < 12 || f[7] != kind || !kanji.MatchString(f[0]) || !reading.MatchString(f[11]) || !writable(f[0]) {
			continue
		}
		cost, err := strconv.Atoi(f[3])
		if err != nil {
			continue
		}
		names = append(names, name{f[0], f[11], cost})
	}
	slices.SortFunc(names, func(a, b name) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.text, b.text), cmp.Compare(a.kana, b.kana))
	})
	seen := map[string]bool{}
	return slices.DeleteFunc(names, func(n name) bool {
		key := n.text + n.kana
		defer func() { seen[key] = true }()
		return seen[key]
	})
}

func guessSex(n name) string {
	switch {
	case female.MatchString(n.text):
		return "F"
	case male.MatchString(n.text):
		return "M"
	case kanaShe.MatchString(n.kana):
		return "F"
	case kanaHe.MatchString(n.kana):
		return "M"
	}
	return "B"
}
