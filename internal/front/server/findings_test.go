package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/access"
	"genbo/internal/record/finding"
	"genbo/internal/record/journal"
	"genbo/internal/work/house/housetest"
)

// scan has a device report what it found.
func (o *office) scan(t *testing.T, device genbo.DeviceID, n int, cases int64, copies ...finding.Copy) {
	t.Helper()
	now := o.DB.Now()
	r := finding.Report{Scan: fmt.Sprintf("%032x", n), Begun: now.Add(-time.Hour), Ended: now, Full: true, Complete: true, Files: 949, Persons: cases, Agent: "test",
		Copies: copies, Sets: []finding.Set{{Fields: genbo.FieldNumber | genbo.FieldName | genbo.FieldMyNumber, Open: cases, Locked: 12, Persons: cases}}}
	if _, err := o.Findings.Take(t.Context(), device, r); err != nil {
		t.Fatal(err)
	}
}

// scanned makes findings to see: in one office unprotected cases and an ask that waits, in another nothing.
func (o *office) scanned(t *testing.T) {
	t.Helper()
	security := journal.Actor{Staff: "security1", Device: housetest.Device}
	for device, office := range map[genbo.DeviceID]genbo.OfficeID{"fs-1": "0101", "fs-2": "0202"} {
		if err := o.Findings.Place(t.Context(), security, device, office, "設置"); err != nil {
			t.Fatal(err)
		}
	}
	o.scan(t, "fs-1", 1, 1234, finding.Copy{Extract: "abcdefgh", Cases: 3})
	o.scan(t, "fs-2", 1, 0)
	o.scan(t, "fs-3", 1, 5)
	if err := o.Findings.Ask(t.Context(), security, "0101", genbo.DateOf(o.DB.Now().In(genbo.Japan)).AddDays(7), "封印してください。"); err != nil {
		t.Fatal(err)
	}
}

// TestBrowserFindings asks an office to act. What it says changes nothing; what the next scan says does.
func TestBrowserFindings(t *testing.T) {
	for name, scripts := range map[string]bool{"with JavaScript": true, "without JavaScript": false} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			o.scan(t, "fs-1", 1, 4711)
			officer := openBrowser(t, o)
			officer.signIn(o, "security1")
			if !scripts {
				officer.withoutJavaScript()
			}
			officer.press(`.nav a[href="/findings"]`)
			officer.has("4,711", "拠点の決まっていない端末", "未スキャン")
			officer.press(`form[action="/findings/devices"] button`)
			officer.has("入力してください")
			officer.fill("device", "fs-1")
			officer.fill("office", "0101")
			officer.fill("reason", "第一執務室")
			officer.press(`form[action="/findings/devices"] button`)
			officer.has("端末の拠点を決めました")
			officer.press(`main a[href="/findings/0101"]`)
			officer.has("無保護あり", "4,711", "番号", "fs-1")
			officer.fill("due", "令和元年5月1日")
			officer.press(`form[action$="/ask"] button`)
			officer.has("今日から", "内容")
			officer.fill("due", genbo.DateOf(o.DB.Now().In(genbo.Japan)).AddDays(3).String())
			officer.fill("words", "封印してください。")
			officer.press(`form[action$="/ask"] button`)
			officer.has("拠点に対応を求めました", "求めている")

			clerk := openBrowser(t, o)
			clerk.signIn(o, "clerk1")
			clerk.has("封印してください。", "4,711")
			clerk.press(`main form[action="/findings/0101/answer"] button`)
			clerk.has("回答を記録しました", "対応中と回答", "無保護あり", "4,711")
			clerk.open("/findings")
			if text := clerk.text("main"); strings.Contains(text, "0202") {
				t.Errorf("a clerk sees other offices:\n%s", text)
			}
			clerk.open("/findings/0202")
			clerk.has("権限")

			o.scan(t, "fs-1", 2, 0)
			clerk.open("/findings/0101")
			clerk.has("問題なし", "スキャンで確認")
			clerk.open("/")
			if text := clerk.text("main"); strings.Contains(text, "封印してください。") {
				t.Errorf("what was proven is still asked:\n%s", text)
			}
		})
	}
}

// TestThiefWithADeviceCertificate steals the certificate of an office computer: he can lie about that device, loudly, and is
// told nothing about anybody.
func TestThiefWithADeviceCertificate(t *testing.T) {
	c := openCore(t)
	refs := housetest.Enter(t, c.House, 3)
	security := journal.Actor{Staff: "security1", Device: housetest.Device}
	for device, office := range map[genbo.DeviceID]genbo.OfficeID{"pc-1": "0101", "pc-2": "0202"} {
		if err := c.Findings.Place(t.Context(), security, device, office, "set up"); err != nil {
			t.Fatal(err)
		}
	}
	report := func(device string, n int, files, cases int64) (int, string) {
		now := c.DB.Now().Format(time.RFC3339)
		return call(t, c.client(t, c.dir, device), c.server.Origin, "", "POST", "/api/v1/findings", map[string]any{"scan": fmt.Sprintf("%032x", n), "begun": now, "ended": now,
			"kind": "full", "complete": true, "files": files, "bytes": 1, "unread": 0, "persons": cases, "agent": "thief", "copies": []any{},
			"fields": []any{map[string]any{"set": "NAB", "open": cases, "weak": 0, "locked": 0, "persons": cases}}})
	}
	for device, cases := range map[string]int64{"pc-1": 100, "pc-2": 200} {
		if status, text := report(device, 1, 1000, cases); status != http.StatusOK {
			t.Fatalf("%s: %d %s", device, status, text)
		}
	}
	status, text := report("pc-1", 2, 0, 0)
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, text)
	}
	for _, secret := range append([]string{string(refs[0]), "0202", "200", "pc-2"}, personal...) {
		if strings.Contains(text, secret) {
			t.Errorf("the thief is told %q: %s", secret, text)
		}
	}
	for office, want := range map[genbo.OfficeID]int64{"0101": 0, "0202": 200} {
		if n, _, err := c.Findings.Figure(t.Context(), office); err != nil || n != want {
			t.Errorf("figure of %s: %d, %v; want %d", office, n, err, want)
		}
	}
	loud := false
	err := c.DB.View(t.Context(), func(tx *db.Tx) error {
		list, err := access.Alarms(tx, true, 100)
		for _, a := range list {
			loud = loud || a.Kind == access.ShrunkAlarm && strings.Contains(a.Detail, "pc-1")
		}
		return err
	})
	if err != nil || !loud {
		t.Errorf("the security officer is not told: %v", err)
	}
	for _, path := range []string{"/people/" + string(refs[0]) + "?purpose=change", "/findings", "/findings/0101", "/alarms", "/lists"} {
		if status, text := call(t, c.client(t, c.dir, "pc-1"), c.server.Origin, "", "GET", "/api/v1"+path, nil); status < 400 {
			t.Errorf("%s answers %d %s", path, status, text)
		}
	}
	if err := c.Directory.CutOff(t.Context(), security, "pc-1", "stolen"); err != nil {
		t.Fatal(err)
	}
	if status, text := report("pc-1", 3, 1000, 0); status != http.StatusForbidden {
		t.Errorf("cut off, it still reports: %d %s", status, text)
	}
}

// TestDeletionPage: whoever decides on a deletion sees which device asks, where it stands, and exactly what it asks for.
func TestDeletionPage(t *testing.T) {
	o := openOffice(t)
	if err := o.Findings.Place(t.Context(), journal.Actor{Staff: "security1"}, "pc-4711", "0101", "set up"); err != nil {
		t.Fatal(err)
	}
	digest := strings.Repeat("ab", 32)
	id, err := o.Findings.AskDeletion(t.Context(), finding.Deletion{Device: "pc-4711", Files: 12, Cases: 3456, Digest: digest}, "no longer needed")
	if err != nil {
		t.Fatal(err)
	}
	token := session(t, o, "approver1")
	if status, list := visit(t, o.server.Origin+"/approvals", token); status != 200 || !strings.Contains(list, "/approvals/"+id) {
		t.Errorf("the list: %d %s", status, list)
	}
	status, text := visit(t, o.server.Origin+"/approvals/"+id, token)
	for _, want := range []string{"pc-4711", `href="/findings/0101"`, ">12", "3,456", digest, "no longer needed", `name="verdict"`} {
		if status != 200 || !strings.Contains(text, want) {
			t.Errorf("%d: %q is missing: %s", status, want, text)
		}
	}
}
