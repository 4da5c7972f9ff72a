package jtext

import (
	"testing"
	"unicode/utf8"
)

func TestAppendFoldedName(t *testing.T) {
	for name, same := range map[string][]string{
		"kanji":         {"渡辺　一郎", "渡邉 一郎", "渡邊一郎", "渡辺\U000E0100一郎", " 渡辺　一郎 "},
		"kanji, kana":   {"齋藤　さくら", "斎藤サクラ", "斎藤ｻｸﾗ"},
		"kana":          {"ワタナベ　イチロウ", "ﾜﾀﾅﾍﾞ ｲﾁﾛｳ", "わたなべ いちろう", "ワタナヘ\u3099イチロウ", "ワタナベ・イチロウ"},
		"kana, alike":   {"シヅオ", "ｼﾂﾞｵ", "シズオ", "シズヲ"},
		"kana, long":    {"ユーコ", "ﾕｰｺ", "ゆーこ", "ﾕ-ｺ", "ユ－コ"},
		"kana, half":    {"パウロ", "ﾊﾟｳﾛ", "ぱうろ", "は゜うろ"},
		"Latin":         {"SMITH John", "Smith, John", "ＳＭＩＴＨ　ＪＯＨＮ", "SMITH-JOHN", "Smíth Jöhn"},
		"beyond plane":  {"𠮷田", "吉田", "𠮷 田"},
		"compatibility": {"神田", "\ufa19田"},
	} {
		want := string(AppendFoldedName(nil, []byte(same[0])))
		for _, one := range same {
			if got := string(AppendFoldedName([]byte("x"), []byte(one))); got != "x"+want {
				t.Errorf("%s: %q folds to %q, want %q", name, one, got[1:], want)
			}
		}
	}
	seen := map[string]string{}
	for _, one := range []string{"佐藤一郎", "佐藤二郎", "ユコ", "ユーコ", "ハハ", "パパ", "ババ", "SMITH", "年金太郎1", "年金太郎2", "", "李ー"} {
		folded := string(AppendFoldedName(nil, []byte(one)))
		if other, found := seen[folded]; found {
			t.Errorf("%q and %q fold to the same", one, other)
		}
		seen[folded] = one
	}
}

// FuzzAppendFoldedName: folding twice is the same as once, for whatever bytes.
func FuzzAppendFoldedName(f *testing.F) {
	f.Add([]byte("渡邉 ﾜﾀﾅﾍﾞ Smíth-１"))
	f.Add([]byte("\xff゛ーｶﾞ"))
	f.Fuzz(func(t *testing.T, name []byte) {
		once := AppendFoldedName(nil, name)
		if twice := AppendFoldedName(nil, once); string(twice) != string(once) || !utf8.Valid(once) {
			t.Errorf("%q folds to %q and then to %q", name, once, twice)
		}
	})
}

func BenchmarkAppendFoldedName(b *testing.B) {
	var dst []byte
	name := []byte("渡邉　一郎")
	for range b.N {
		dst = AppendFoldedName(dst[:0], name)
	}
}
