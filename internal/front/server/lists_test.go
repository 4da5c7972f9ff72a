package server

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/chromedp/chromedp"

	"genbo"
	"genbo/internal/record/approval"
	"genbo/internal/record/extract"
	"genbo/internal/record/person"
	"genbo/internal/work/desk"
	"genbo/internal/work/handover"
)

// list asks for a list of the office's people and has it approved.
func (o *office) list(t *testing.T, w handover.Wish) string {
	t.Helper()
	v := desk.Visit{Identity: identity(t, o, "clerk1"), Reason: "六月の督励", Case: "C-2026-1"}
	id, err := o.Handover.Ask(t.Context(), v, w, func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	for _, approver := range []genbo.StaffID{"approver1", "approver2"} {
		e, _, err := o.Handover.Get(t.Context(), v.Identity, id)
		if err != nil {
			t.Fatal(err)
		}
		if e.State != extract.Asked {
			break
		}
		r, err := o.Desk.Request(t.Context(), v.Identity, e.Approval)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.Desk.Vote(t.Context(), desk.Visit{Identity: identity(t, o, approver)}, r.ID, r.Hash, approval.Approve); err != nil {
			t.Fatal(err)
		}
	}
	return id
}

func notices(form extract.Form) handover.Wish {
	return handover.Wish{Purpose: "overdue-notice", Selection: person.Selection{Office: "0101"}, Fields: genbo.FieldNumber | genbo.FieldName | genbo.FieldAddress,
		Form: form, Days: 7}
}

// TestBrowserList is a list from the wish to the letter.
func TestBrowserList(t *testing.T) {
	for name, scripts := range map[string]bool{"with JavaScript": true, "without JavaScript": false} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			b := openBrowser(t, o)
			b.open("/signin")
			if !scripts {
				b.withoutJavaScript()
			}
			b.signIn(o, "clerk1")
			b.press(`.nav a[href="/extracts"]`)
			b.press(`main a[href="/extracts/new"]`)
			b.press("main form button")
			b.has("理由を入力してください")
			b.choose("purpose", "overdue-notice")
			b.choose("fields", "K")
			b.fill("reason", "六月の督励")
			b.press("main form button")
			b.has("この目的で使える項目は NAD だけです")
			b.choose("fields", "K")
			for _, field := range []string{"N", "A", "D"} {
				b.choose("fields", field)
			}
			b.fill("save_as", "存命の人")
			b.press("main form button")
			b.has("10 人未満", "保険料の納付督励")
			b.press("main form button")
			b.has("承認待ち")
			b.press(`.nav a[href="/extracts"]`)
			b.has("保存した条件", "存命の人 (clerk1)")
			if scripts {
				b.check("lists-saved-ja")
			}
			b.press(`form[action^="/selections/"] button`)
			b.has("保存した条件を削除しました")
			o.decide(t)
			b.press(`.nav a[href="/extracts"]`)
			b.press("#live a")
			b.has("使用中")
			b.press(`main a[href$="/rows"]`)
			b.has("6 人のうち 0 人が済み", "試験　アアアア", "1100-000000", "東京都千代田区")
			b.choose("done", "yes")
			b.press(".rowform button")
			b.has("6 人のうち 1 人が済み", "clerk1")
			b.press(`.rowform a`)
			b.has("試験　アアアア 様", "照合番号", "国民年金保険料")
			if strings.Contains(o.log(), "アアアア") || strings.Contains(o.log(), "1100-000000") {
				t.Error("the log has personal data")
			}
		})
	}
}

// decide approves every list that waits.
func (o *office) decide(t *testing.T) {
	t.Helper()
	i := identity(t, o, "approver1")
	list, err := o.Desk.Requests(t.Context(), i, true, 20)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		if r.Kind == approval.Extract {
			if _, err := o.Desk.Vote(t.Context(), desk.Visit{Identity: i}, r.ID, r.Hash, approval.Approve); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func statistics() handover.Wish {
	return handover.Wish{Purpose: "statistics", Selection: person.Selection{Office: "0101"}, Form: extract.Statistics, Days: 7}
}

// wait leaves a list waiting and returns its request.
func (o *office) wait(t *testing.T) string {
	t.Helper()
	v := desk.Visit{Identity: identity(t, o, "clerk1"), Reason: "六月の督励"}
	id, err := o.Handover.Ask(t.Context(), v, notices(extract.Worklist), func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	e, _, err := o.Handover.Get(t.Context(), v.Identity, id)
	if err != nil {
		t.Fatal(err)
	}
	return e.Approval
}

// cut cuts a device off.
func (o *office) cut(t *testing.T) {
	t.Helper()
	if err := o.Handover.CutOff(t.Context(), desk.Visit{Identity: identity(t, o, "security1"), Reason: "marked by the virus scanner"}, "pc-9"); err != nil {
		t.Fatal(err)
	}
}

// printed is a list for a contractor.
func printed() handover.Wish {
	w := notices(extract.ZIP)
	w.Purpose = "print-contractor"
	return w
}

// overdue is a list that was revoked after a file of it was made.
func (o *office) overdue(t *testing.T) {
	t.Helper()
	id := o.list(t, printed())
	v := desk.Visit{Identity: identity(t, o, "clerk1"), Reason: "sent to the wrong firm"}
	file, err := o.Handover.Release(t.Context(), v, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Write(io.Discard); err != nil {
		t.Fatal(err)
	}
	if err := o.Handover.Revoke(t.Context(), v, id); err != nil {
		t.Fatal(err)
	}
}

// handedOver is a list for a contractor and its rows as he has them.
func (o *office) handedOver(t *testing.T) (id string, lines []string) {
	t.Helper()
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	w := printed()
	w.Form, w.Contractor = extract.Age, key.Recipient().String()
	id = o.list(t, w)
	file, err := o.Handover.Release(t.Context(), desk.Visit{Identity: identity(t, o, "clerk1")}, id)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := file.Write(&b); err != nil {
		t.Fatal(err)
	}
	r, err := age.Decrypt(&b, key)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return id, strings.SplitAfter(string(text), "\n")
}

// TestBrowserReturn is a contractor's file that comes back with a row too few and two numbers exchanged.
func TestBrowserReturn(t *testing.T) {
	o := openOffice(t)
	id, lines := o.handedOver(t)
	numbers := [2]string{strings.Split(lines[1], ",")[0], strings.Split(lines[2], ",")[0]}
	lines[1], lines[2] = strings.Replace(lines[1], numbers[0], numbers[1], 1), strings.Replace(lines[2], numbers[1], numbers[0], 1)
	path := filepath.Join(t.TempDir(), "returned.csv")
	if err := os.WriteFile(path, []byte(strings.Join(append(lines[:3], lines[4:]...), "")), 0o600); err != nil {
		t.Fatal(err)
	}
	b := openBrowser(t, o)
	b.signIn(o, "clerk1")
	b.open("/extracts/" + id)
	b.check("list-age-ja")
	get(b, "choose the file", chromedp.SetUploadFiles(chromedp.CSS("#return-file"), []string{path}))
	b.press(`form[action$="/return"] button`)
	b.has("渡した内容と違う行があります", "ほかの人の内容が入った行：2 行", "戻っていない行：1 行")
	b.check("returned-ja")
	if strings.Contains(b.page(), numbers[0]) {
		t.Error("the comparison shows people")
	}
	b.open("/extracts/" + id)
	b.has("業者の返却ファイル")
	b = openBrowser(t, o)
	b.signIn(o, "security1")
	b.open("/alarms")
	b.has("2", id)
	b.check("alarms-mixed-ja")
}

// TestBrowserPassPhrase shows the pass phrase of a file once, and says why not again.
func TestBrowserPassPhrase(t *testing.T) {
	o := openOffice(t)
	id := o.list(t, printed())
	v := desk.Visit{Identity: identity(t, o, "clerk1")}
	b := openBrowser(t, o)
	b.signIn(o, "clerk1")
	b.open("/extracts/" + id)
	if strings.Contains(b.page(), "パスフレーズを表示") {
		t.Error("a pass phrase is offered before there is a file")
	}
	file, err := o.Handover.Release(t.Context(), v, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Write(io.Discard); err != nil {
		t.Fatal(err)
	}
	b.open("/extracts/" + id)
	if _, err := o.Handover.ShowPass(t.Context(), v, id); err != nil {
		t.Fatal(err)
	}
	b.press(`form[action$="/pass"] button`) // on a page from before
	b.has("この操作は今はできません", "パスフレーズは表示済みです")
	for _, lang := range []string{"ja", "en"} {
		b.open("/lang?to=" + lang + "&back=/extracts/" + id)
		b.check("list-passed-" + lang)
	}
	b.has("The pass phrase was shown, so no further file can be made.")
}
