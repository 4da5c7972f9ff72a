package server

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"genbo"
	"genbo/internal/record/access"
	"genbo/internal/record/staff"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
)

func identity(t *testing.T, o *office, id genbo.StaffID) staff.Identity {
	t.Helper()
	return housetest.SignIn(t, o.House, id)
}

// TestBrowserClerk is a clerk's work from the sign-in to the change, with JavaScript and without.
func TestBrowserClerk(t *testing.T) {
	for name, scripts := range map[string]bool{"with JavaScript": true, "without JavaScript": false} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			b := openBrowser(t, o)
			b.open("/signin")
			if !scripts {
				b.withoutJavaScript()
			}
			b.signIn(o, "clerk1")
			b.findPerson()
			b.changeAddress()
			b.looksBack()
			if strings.Contains(o.log(), "シケン") || strings.Contains(o.log(), "1100-000003") || strings.Contains(o.log(), "/people/p") {
				t.Error("the log has personal data or addresses that lead to people")
			}
			b.press(".who__out button")
			b.open("/people")
			if !strings.Contains(b.text("h1"), "サインイン") {
				t.Errorf("signed out, but the page is %q", b.text("h1"))
			}
		})
	}
}

func (b *browser) findPerson() {
	b.t.Helper()
	b.press(`.nav a[href="/people"]`)
	b.fill("q", "1234-56789")
	b.press("main button")
	b.has("10桁")
	b.fill("q", "ｼｹﾝ ｱｱｱｴ 昭和25年3月4日")
	b.press("main button")
	b.has("見つかった人：1人", "1950年")
	if text := b.text("main"); strings.Contains(text, "試験　アアアエ") || strings.Contains(text, "1100-000003") {
		b.t.Fatalf("the result shows more than a hint:\n%s", text)
	}
	b.press("#results a")
	b.has("開く目的")
	b.press("main form button")
	b.has("目的を選んでください")
	b.choose("purpose", "change")
	b.press("main form button")
	b.has("試験　アアアエ", "1100-000003", "1950-03-04（昭和25年3月4日）", "東京都千代田区")
}

func (b *browser) changeAddress() {
	b.t.Helper()
	b.press(`a[href*="kind=address"]`)
	b.has("現在の内容")
	b.fill("postal", "60")
	b.fill("address", "京都府京都市中京区")
	b.press("main form button")
	b.has("郵便番号は7桁です", "日付を入力してください", "根拠とした書類を選んでください")
	b.fill("postal", "６０４－０９２５")
	b.fill("valid_from", "令和8年4月1日")
	b.choose("evidence", "resident-register")
	b.fill("reason", "転居届を受け付けた")
	b.press("main form button")
	b.has("604-0925", "京都府京都市中京区", "2026-04-01（令和8年4月1日）", "転居届を受け付けた")
	b.press("main form button")
	b.has("変更しました。", "京都府京都市中京区")
}

// looksBack asks for the time before the change, and for who looked.
func (b *browser) looksBack() {
	b.t.Helper()
	b.fill("day", "2026-03-31")
	b.press("main form button")
	b.has("過去の時点の内容を表示しています")
	if facts := b.text("main .facts"); !strings.Contains(facts, "東京都千代田区") || strings.Contains(facts, "京都府") {
		b.t.Errorf("as of the day before the change:\n%s", facts)
	}
	if looks := b.text("#looks"); strings.Count(looks, "開いた") < 3 || !strings.Contains(looks, "clerk1") {
		b.t.Errorf("who looked:\n%s", looks)
	}
}

// TestBrowserPasskey registers a passkey and signs in with it.
func TestBrowserPasskey(t *testing.T) {
	o := openOffice(t)
	b := openBrowser(t, o)
	b.open("/signin")
	get(b, "plug an authenticator in", func(ctx context.Context, target *chromedp.Target) (cdp.Empty, error) {
		if _, err := cdp.Call(ctx, target, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return cdp.Empty{}, err
		}
		_, err := cdp.Call(ctx, target, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		}})
		return cdp.Empty{}, err
	})
	b.signIn(o, "clerk1")
	b.open("/account")
	b.has("パスキーはまだありません")
	b.press("[data-passkey]")
	if text := b.text("#passkeys"); !strings.Contains(text, "loopback") {
		t.Fatalf("no passkey is listed: %s", text)
	}
	b.press(".who__out button")
	b.open("/signin")
	b.press("[data-passkey]")
	b.has("ホーム")
	if who := b.text(".who"); !strings.Contains(who, "Clerk One") {
		t.Errorf("signed in as %q", who)
	}
}

// axe runs the accessibility checker in the page and returns what breaks WCAG 2.2 AA.
func (b *browser) axe() []string {
	b.t.Helper()
	source, err := os.ReadFile(filepath.Join("testdata", "axe", "node_modules", "axe-core", "axe.min.js"))
	if os.IsNotExist(err) && os.Getenv("GENBO_TEST_ALL") == "" {
		return nil // ./check installs it
	}
	if err != nil {
		b.t.Fatal(err)
	}
	const run = `;axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then((result) =>
		result.violations.map((v) => v.id + ": " + v.help + " (" + v.nodes.map((n) => n.target.join(" ")).join("; ") + ")"))`
	return get(b, "run axe", chromedp.Evaluate[[]string](string(source)+run, chromedp.EvalAwaitPromise))
}

// TestBrowserKeyboard finds and opens a person with the keyboard alone.
func TestBrowserKeyboard(t *testing.T) {
	o := openOffice(t)
	b := openBrowser(t, o)
	b.signIn(o, "clerk1")
	b.open("/people")
	b.keys(kb.Tab)
	if at := b.focus(); at != "#main" {
		t.Fatalf("the first stop is %q, want the link past the menu", at)
	}
	b.keys(kb.Enter, kb.Tab)
	if at := b.focus(); at != "q" {
		t.Fatalf("behind the menu the first stop is %q, want the box", at)
	}
	b.enter("1100-000003")
	b.has("見つかった人：1人")
	for range 30 {
		if b.keys(kb.Tab); strings.HasPrefix(b.focus(), "/people/") && b.focus() != "/people/new" {
			break
		}
	}
	b.enter("")
	b.has("開く目的")
	for b.focus() != "purpose" {
		b.keys(kb.Tab)
	}
	b.keys(" ")
	b.enter("")
	b.has("試験　アアアエ")
}

// keys presses keys.
func (b *browser) keys(keys ...string) {
	b.t.Helper()
	for _, k := range keys {
		get(b, "press a key", chromedp.KeyEvent(k))
	}
}

// enter types into what has the focus and presses Enter, which leads to another page.
func (b *browser) enter(text string) {
	b.t.Helper()
	if text != "" {
		b.keys(text)
	}
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.KeyEvent(kb.Enter)); err != nil {
		b.t.Fatalf("press Enter: %v\n%s", err, b.page())
	}
}

// focus is the name or the address of what has the focus.
func (b *browser) focus() string {
	b.t.Helper()
	return get(b, "read the focus", chromedp.Evaluate[string](`document.activeElement.name || document.activeElement.getAttribute("href") || ""`))
}

// TestBrowserRegister enters a new person, who gets a number of the form that Genbo issues.
func TestBrowserRegister(t *testing.T) {
	o := openOffice(t)
	b := openBrowser(t, o)
	b.signIn(o, "clerk1")
	b.open("/people/new")
	b.press("main form button")
	b.has("理由を入力してください", "生年月日")
	for name, text := range map[string]string{"kanji": "新規　一郎", "kana": "ｼﾝｷ ｲﾁﾛｳ", "birth": "平成18年4月1日", "postal": "1000013",
		"address": "東京都千代田区霞が関１－２－２", "valid_from": "2026-04-01", "reason": "資格取得届"} {
		b.fill(name, text)
	}
	b.choose("sex", "male")
	b.press("main form button")
	b.has("シンキ　イチロウ", "2006-04-01（平成18年4月1日）", "100-0013", "資格取得届")
	if n, err := o.Desk.CountPeople(t.Context()); err != nil || n != int64(len(o.people)) {
		t.Errorf("%d people before it is confirmed: %v", n, err)
	}
	b.press("main form button")
	b.has("登録しました。", "新規　一郎")
	if number := b.text(".person .figure"); !strings.HasPrefix(number, "8") {
		t.Errorf("the new number is %q", number)
	}
}

// TestBrowserApprover has two approvers decide on a merge, and finds both records on one page.
func TestBrowserApprover(t *testing.T) {
	o := openOffice(t)
	id := o.request(t)
	for _, who := range []genbo.StaffID{"approver1", "approver2"} {
		b := openBrowser(t, o)
		b.signIn(o, who)
		b.press(`#tasks a[href="/approvals/` + id + `"]`)
		b.has("審査待ち", "窓口で同一人と確認")
		b.choose("verdict", "approve")
		b.press(`form[action="/approvals/` + id + `"] button`)
		b.has("承認する", string(who))
	}
	b := openBrowser(t, o)
	b.signIn(o, "clerk1")
	b.open("/people/" + string(o.people[2]) + "?purpose=change")
	b.has("この人に統合された記録", "試験　アアアイ", "試験　アアアウ")
	b.open("/approvals/" + id)
	b.has("実施済み")
}

// TestBrowserBudget opens people until the page says that it is enough.
func TestBrowserBudget(t *testing.T) {
	o := openOfficeWith(t, house.Options{Limits: access.Limits{OpenFiveMinutes: 2, OpenDay: 2, GlimpseFiveMinutes: 10, GlimpseDay: 10}})
	b := openBrowser(t, o)
	b.signIn(o, "operator1")
	for _, ref := range o.people[:2] {
		b.open("/people/" + string(ref) + "?purpose=inquiry")
		b.has("シケン")
	}
	b.open("/people/" + string(o.people[2]) + "?purpose=inquiry")
	if text := b.text("main"); !strings.Contains(text, "閲覧できる人数の上限に達しました") || strings.Contains(text, "シケン") {
		t.Errorf("over the budget the page says:\n%s", text)
	}
	security := openBrowser(t, o)
	security.signIn(o, "security1")
	security.open("/alarms")
	security.has("閲覧の上限を超えた職員がいます", "operator1")
	security.press(".card form button")
	security.has("確認済みにしました")
}
