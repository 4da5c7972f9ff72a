package api

import (
	"context"
	"errors"
	"time"

	"genbo"
	"genbo/internal/base/jtext"
	"genbo/internal/record/approval"
	"genbo/internal/record/person"
	"genbo/internal/record/staff"
	"genbo/internal/work/desk"
)

type openInput struct {
	Ref     genbo.PersonRef `path:"ref" maxLength:"100"`
	Purpose string          `query:"purpose" required:"true" maxLength:"100"`
	Case    genbo.CaseID    `query:"case" maxLength:"64"`
	Day     string          `query:"day" maxLength:"100"`
	Known   string          `query:"known" maxLength:"100"`
}

// opened is a person, as of a day and as known at a time, with the history of both.
type opened struct {
	Person   genbo.PersonRef `json:"person"`
	Office   genbo.OfficeID  `json:"office"`
	Fields   string          `json:"fields"`
	Day      genbo.Date      `json:"day"`
	Known    time.Time       `json:"known"`
	Holds    values          `json:"holds"`
	Numbers  []number        `json:"numbers" nullable:"false"`
	Facts    []fact          `json:"facts" nullable:"false"`
	Pending  []pending       `json:"pending" nullable:"false"`
	Absorbed []absorbed      `json:"absorbed" nullable:"false"`
	Looks    []entry         `json:"looks" nullable:"false"`
	Entry    genbo.EntryID   `json:"entry"`
}

type number struct {
	Seq        int                `json:"seq"`
	Kind       person.NumberKind  `json:"kind"`
	Number     string             `json:"number"`
	State      person.NumberState `json:"state"`
	RecordedAt time.Time          `json:"recorded_at"`
	ChangedAt  *time.Time         `json:"changed_at,omitempty"`
}

type fact struct {
	Kind       person.Kind   `json:"kind"`
	Seq        int           `json:"seq"`
	Value      *values       `json:"value,omitempty"`
	ValidFrom  genbo.Date    `json:"valid_from,omitempty"`
	RecordedAt time.Time     `json:"recorded_at"`
	Entry      genbo.EntryID `json:"entry"`
	Evidence   string        `json:"evidence,omitempty"`
	Withdraws  int           `json:"withdraws,omitempty"`
}

type pending struct {
	Approval  string        `json:"approval"`
	Kind      approval.Kind `json:"request"`
	Asker     genbo.StaffID `json:"asker"`
	CreatedAt time.Time     `json:"created_at"`
	Value     *values       `json:"value,omitempty"`
	ValidFrom genbo.Date    `json:"valid_from,omitempty"`
}

type absorbed struct {
	Person  genbo.PersonRef `json:"person"`
	Holds   values          `json:"holds"`
	Numbers []number        `json:"numbers" nullable:"false"`
}

// open shows a person for a stated purpose. Dates are read first: a mistyped one costs no look.
func (a *Handler) open(ctx context.Context, i staff.Identity, in *openInput) (opened, error) {
	day, known, err := a.when(in.Day, in.Known)
	if err != nil {
		return opened{}, err
	}
	f, err := a.Desk.Open(ctx, desk.Visit{Identity: i, Purpose: in.Purpose, Case: in.Case}, in.Ref)
	if err != nil {
		return opened{}, err
	}
	return openedOf(f, day, known), nil
}

// held is a number that somebody has before him, and why he opens its person.
type held struct {
	Number  string       `json:"number" maxLength:"100"`
	Purpose string       `json:"purpose" maxLength:"100"`
	Case    genbo.CaseID `json:"case,omitempty" maxLength:"64"`
}

// openNumber is a POST: a number is personal and belongs in no address.
func (a *Handler) openNumber(ctx context.Context, i staff.Identity, in *struct{ Body held }) (opened, error) {
	n, err := genbo.ParseNumber(in.Body.Number)
	if err != nil {
		return opened{}, genbo.InField(err, "number")
	}
	f, err := a.Desk.OpenNumber(ctx, desk.Visit{Identity: i, Purpose: in.Body.Purpose, Case: in.Body.Case}, n)
	if err != nil {
		return opened{}, err
	}
	now := a.DB.Now()
	return openedOf(f, genbo.DateOf(now.In(genbo.Japan)), now), nil
}

func openedOf(f *desk.File, day genbo.Date, known time.Time) opened {
	out := opened{Person: f.Ref, Office: f.Record.OfficeAt(day, known), Fields: f.Record.Fields.String(), Day: day, Known: known.UTC().Truncate(time.Millisecond),
		Holds: heldBy(f.Record, day, known), Numbers: numbersOf(f.Record), Facts: factsOf(f.Record), Pending: pendingOf(f),
		Absorbed: []absorbed{}, Looks: []entry{}, Entry: f.Entry}
	for _, other := range f.Absorbed {
		out.Absorbed = append(out.Absorbed, absorbed{other.Ref, heldBy(other.Record, day, known), numbersOf(other.Record)})
	}
	for _, e := range f.Looks {
		out.Looks = append(out.Looks, entryOf(e))
	}
	return out
}

// when reads the day that is asked about and the day as known on, to its end in Japan. Without them it is now.
func (a *Handler) when(dayText, knownText string) (day genbo.Date, known time.Time, err error) {
	known = a.DB.Now()
	day = genbo.DateOf(known.In(genbo.Japan))
	var errs [2]error
	if dayText != "" {
		day, errs[0] = jtext.ParseDate(dayText)
	}
	if knownText != "" {
		var d genbo.Date
		if d, errs[1] = jtext.ParseDate(knownText); errs[1] == nil {
			known = startOf(d.AddDays(1)).Add(-time.Millisecond)
		}
	}
	return day, known, errors.Join(genbo.InField(errs[0], "day"), genbo.InField(errs[1], "known"))
}

// startOf is when a day begins in Japan.
func startOf(d genbo.Date) time.Time {
	return time.Date(d.Year(), time.Month(d.Month()), d.Day(), 0, 0, 0, 0, genbo.Japan)
}

func numbersOf(r *person.Record) []number {
	list := []number{}
	for _, n := range r.Numbers {
		one := number{Seq: n.Seq, Kind: n.Kind, Number: n.Number.Plain(), State: n.State, RecordedAt: n.RecordedAt}
		if !n.ChangedAt.IsZero() {
			one.ChangedAt = &n.ChangedAt
		}
		list = append(list, one)
	}
	return list
}

func factsOf(r *person.Record) []fact {
	list := []fact{}
	for _, f := range r.Facts {
		one := fact{Kind: f.Kind, Seq: f.Seq, RecordedAt: f.RecordedAt, Entry: f.Entry, Evidence: f.Evidence, Withdraws: f.Withdraws}
		if f.Withdraws == 0 {
			one.Value, one.ValidFrom = plain(f.Value), since(f.ValidFrom)
		}
		list = append(list, one)
	}
	return list
}

func plain(v genbo.Masked[person.Value]) *values {
	var shown values
	shown.add(v.Plain())
	return &shown
}

// since is from when a fact holds, or no date if it always does.
func since(d genbo.Date) genbo.Date {
	if d == person.Always {
		return 0
	}
	return d
}

func pendingOf(f *desk.File) []pending {
	proposed := map[string]person.Proposal{}
	for _, p := range f.Proposals {
		proposed[p.ID] = p
	}
	list := []pending{}
	for _, r := range f.Pending {
		one := pending{Approval: r.ID, Kind: r.Kind, Asker: r.Asker, CreatedAt: r.CreatedAt}
		if p, ok := proposed[r.ID]; ok && r.Kind == approval.SecondLook {
			one.Value, one.ValidFrom = plain(p.Value), since(p.ValidFrom)
		}
		list = append(list, one)
	}
	return list
}
