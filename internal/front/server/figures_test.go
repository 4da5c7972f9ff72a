package server

import (
	"strings"
	"testing"

	"genbo/internal/record/journal"
	"genbo/internal/work/house/housetest"
)

// TestBrowserFigures reads the figures as a security officer: what is not known makes them "at least", devices that nobody has
// placed are no office, and the rule stands beside the figure it judges.
func TestBrowserFigures(t *testing.T) {
	o := openOffice(t)
	security := journal.Actor{Staff: "security1", Device: housetest.Device}
	if err := o.Findings.Place(t.Context(), security, "fs-1", "0101", "設置"); err != nil {
		t.Fatal(err)
	}
	o.scan(t, "fs-1", 1, 1234)
	o.scan(t, "fs-3", 1, 5)
	b := openBrowser(t, o)
	b.signIn(o, "security1")
	b.open("/findings")
	b.has("1,239 以上", "2 のうち 0")
	if text := b.text("main"); strings.Index(text, "端末の拠点を決める") > strings.Index(text, "未スキャンの拠点") {
		t.Error("the form lies below all offices that were never scanned")
	}
	b.open("/findings/0101")
	b.has("許される無保護の件数は 0 件", "1,234")
	if err := o.Findings.Place(t.Context(), security, "fs-2", "0202", "設置"); err != nil {
		t.Fatal(err)
	}
	o.scan(t, "fs-2", 1, 0)
	b.open("/findings")
	b.has("1,239", "2 のうち 1")
	if text := b.text(".tiles"); strings.Contains(text, "以上") {
		t.Errorf("all is known, and the figure is not exact: %s", text)
	}
}
