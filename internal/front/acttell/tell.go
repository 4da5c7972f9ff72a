package acttell

import (
	"embed"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"genbo/internal/front/page"
	"genbo/internal/work/remedy"
)

//go:embed messages
var files embed.FS

// Account is what there is to tell of a run.
type Account struct {
	Action    remedy.Action    `json:"action"`
	Preview   bool             `json:"preview"`             // nothing was done
	Request   string           `json:"request,omitempty"`   // the core's approval
	State     string           `json:"state,omitempty"`     // of the request
	Recovered []remedy.Result  `json:"-"`                   // what a former run left half done
	Results   []remedy.Result  `json:"-"`                   // file by file
	Sums      map[string]Count `json:"sums"`                // by outcome
	Files     []file           `json:"files"`               // as JSON has them
	Before    []file           `json:"recovered,omitempty"` // the same of Recovered
}

// Count is files and their cases.
type Count struct {
	Files int `json:"files"`
	Cases int `json:"cases"`
}

type file struct {
	Path    remedy.Name    `json:"path"`
	Size    int64          `json:"size"`
	Cases   int            `json:"cases"`
	Outcome remedy.Outcome `json:"outcome"`
	Why     string         `json:"why,omitempty"`
	Detail  string         `json:"detail,omitempty"`
	To      remedy.Name    `json:"to,omitempty"`
}

func filesOf(results []remedy.Result) []file {
	list := make([]file, 0, len(results))
	for _, r := range results {
		f := file{Path: remedy.Name(r.Path), Size: r.Size, Cases: r.Cases, Outcome: r.Outcome, Why: r.Why, To: remedy.Name(r.To)}
		if r.Detail != nil {
			f.Detail = r.Detail.Error()
		}
		list = append(list, f)
	}
	return list
}

func (a *Account) sum() {
	a.Sums = map[string]Count{}
	for _, r := range a.Results {
		c := a.Sums[string(r.Outcome)]
		a.Sums[string(r.Outcome)] = Count{c.Files + 1, c.Cases + r.Cases}
	}
}

// Left reports whether a file was refused, or a person must look at one.
func (a *Account) Left() bool {
	for _, list := range [][]remedy.Result{a.Results, a.Recovered} {
		for _, r := range list {
			if r.Outcome == remedy.Refused || r.Outcome == remedy.Unclear {
				return true
			}
		}
	}
	return false
}

// JSON writes an account for programs. Names that are no UTF-8 are {"base64": …}.
func JSON(out io.Writer, a Account) error {
	a.sum()
	a.Files, a.Before = filesOf(a.Results), filesOf(a.Recovered)
	return json.NewEncoder(out).Encode(a)
}

// Tell writes an account in a language.
func Tell(out io.Writer, lang page.Lang, a Account) error {
	messages, err := page.LoadMessages(files)
	if err != nil {
		return err
	}
	a.sum()
	t := teller{lang: lang, messages: messages}
	for _, r := range a.Recovered {
		t.file("recovered."+string(r.Outcome), r)
	}
	for _, r := range a.Results {
		key := string(r.Outcome)
		if r.Outcome == remedy.Would || r.Outcome == remedy.Done {
			key += "." + string(a.Action)
		}
		t.file(key, r)
	}
	for _, o := range []remedy.Outcome{remedy.Would, remedy.Done, remedy.Refused} {
		if c := a.Sums[string(o)]; c.Files > 0 {
			t.line("sum."+string(o), number(c.Files), number(c.Cases))
		}
	}
	if len(a.Results) == 0 && a.State == "" {
		t.line("none")
	}
	if a.Request != "" {
		t.line("request."+a.State, a.Request)
	}
	if a.Action == remedy.Delete && a.Sums[string(remedy.Done)].Files > 0 {
		t.line("copies")
	}
	if a.Preview {
		t.line("preview")
	}
	_, err = io.WriteString(out, t.text.String())
	return err
}

// Chain tells how far a journal goes.
func Chain(out io.Writer, lang page.Lang, s remedy.State) error {
	messages, err := page.LoadMessages(files)
	if err != nil {
		return err
	}
	t := teller{lang: lang, messages: messages}
	t.line("chain", number(int(s.Entries)), s.Hash)
	if s.Torn {
		t.line("torn")
	}
	_, err = io.WriteString(out, t.text.String())
	return err
}

type teller struct {
	lang     page.Lang
	messages page.Messages
	text     strings.Builder
}

func (t *teller) say(key string, args ...any) string {
	return t.messages.Say(t.lang, page.Say("act."+key, args...))
}

func (t *teller) line(key string, args ...any) { t.text.WriteString(t.say(key, args...) + "\n") }

func (t *teller) file(key string, r remedy.Result) {
	why := ""
	if r.Why != "" {
		why = t.say("why." + r.Why)
		if r.Detail != nil {
			why += " (" + oneLine(r.Detail.Error()) + ")"
		}
	}
	t.line("file."+key, oneLine(r.Path), number(r.Cases), oneLine(r.To), why)
}

// oneLine makes a name fit for one line of a terminal, whatever bytes it is made of.
func oneLine(name string) string {
	if !utf8.ValidString(name) {
		return strconv.Quote(name)
	}
	for _, r := range name {
		if !unicode.IsPrint(r) && r != ' ' && r != '　' {
			return strconv.Quote(name)
		}
	}
	return name
}

func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
