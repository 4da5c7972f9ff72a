package acttell

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"genbo/internal/front/page"
	"genbo/internal/front/page/htmlcheck"
	"genbo/internal/work/remedy"
)

var whys = []string{remedy.Gone, remedy.Link, remedy.NotRegular, remedy.Changed, remedy.OtherNames, remedy.Outside, remedy.Denied, remedy.Exists,
	remedy.Ambiguous, remedy.Failed, remedy.Damaged}

// TestTell: everything that can become of a file or a request has its words in both languages, on a line each.
func TestTell(t *testing.T) {
	for _, lang := range page.Langs {
		for _, action := range []remedy.Action{remedy.Quarantine, remedy.Restore, remedy.Seal, remedy.Delete} {
			a := Account{Action: action, Preview: true}
			for _, o := range []remedy.Outcome{remedy.Would, remedy.Done} {
				a.Results = append(a.Results, remedy.Result{Path: "/s/two\nlines", Cases: 1234, Outcome: o, To: "/q/\x1b[2J"})
			}
			for _, why := range whys {
				a.Results = append(a.Results, remedy.Result{Path: "/s/bad\xff", Outcome: remedy.Refused, Why: why, Detail: errors.New("input/output error")})
			}
			for _, o := range []remedy.Outcome{remedy.Done, remedy.Undone, remedy.Unclear} {
				a.Recovered = append(a.Recovered, remedy.Result{Path: "/s/before", Outcome: o, Why: remedy.Gone})
			}
			for _, state := range []string{"asked", "waiting", "done", "rejected", "withdrawn", "expired"} {
				a.Request, a.State = "r-4711", state
				var b strings.Builder
				if err := Tell(&b, lang, a); err != nil {
					t.Fatal(err)
				}
				for _, want := range []string{"1,234", `two\nlines`, `bad\xff`, "input/output error", "r-4711", "--yes"} {
					if !strings.Contains(b.String(), want) {
						t.Errorf("%s %s: %q is missing: %s", lang, action, want, b.String())
					}
				}
				if strings.Contains(b.String(), "act.") || strings.Contains(b.String(), "\x1b") {
					t.Errorf("%s %s: a message is missing, or a control character not: %q", lang, action, b.String())
				}
			}
		}
		var b strings.Builder
		if err := errors.Join(Tell(&b, lang, Account{Action: remedy.Seal}), Chain(&b, lang, remedy.State{Entries: 12, Hash: "abc", Torn: true})); err != nil ||
			strings.Count(b.String(), "\n") != 3 || strings.Contains(b.String(), "act.") {
			t.Errorf("%s: %v: %s", lang, err, b.String())
		}
	}
}

func TestJSON(t *testing.T) {
	var b bytes.Buffer
	a := Account{Action: remedy.Seal, Results: []remedy.Result{{Path: "/a", Cases: 3, Outcome: remedy.Done, To: "/a.age"},
		{Path: "/bad\xff", Cases: 4, Outcome: remedy.Refused, Why: remedy.Failed, Detail: errors.New("x")}}}
	if err := JSON(&b, a); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Sums  map[string]Count
		Files []struct {
			Path    remedy.Name
			Outcome string
			Detail  string
		}
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil || len(got.Files) != 2 || got.Files[1].Path != "/bad\xff" || got.Files[1].Detail != "x" || got.Sums["refused"].Cases != 4 {
		t.Errorf("%s: %+v, %v", b.String(), got, err)
	}
	if !a.Left() || (&Account{Results: a.Results[:1]}).Left() || !(&Account{Recovered: []remedy.Result{{Outcome: remedy.Unclear}}}).Left() {
		t.Error("what is left is not told")
	}
}

// TestMessages: every sentence is there in both languages.
func TestMessages(t *testing.T) {
	m, err := page.LoadMessages(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range htmlcheck.Languages(m) {
		t.Error(p)
	}
}
