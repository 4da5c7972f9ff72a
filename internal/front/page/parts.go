package page

import "genbo"

// Link leads to another page of the console. Text is a Text or a value that needs no translation.
type Link struct {
	Href string
	Text any
}

// Status is a small label: what state something is in, in words and in colour.
type Status struct {
	Kind  Kind
	Label Text
}

// Lines is several values under each other in one place.
type Lines []any

// Fact is one line of a list of what is known.
type Fact struct {
	Term   string // key of a message
	Value  any
	Action *Link // what can be done about it
}

// Facts is a list of what is known of one thing. Template "facts".
type Facts struct {
	Rows []Fact
}

// Column heads a column of a table.
type Column struct {
	Label   string // key of a message
	Numeric bool   // figures stand at the right, under each other
}

// Table is a table of values. Template "table". The first cell of a row names the row.
type Table struct {
	ID       string // unique on the page
	Caption  Text
	Columns  []Column
	Rows     [][]any
	Empty    string // key of what is said when there are no rows
	Filtered bool   // offers a filter over the rows shown, where JavaScript runs
}

// Numeric reports whether column i holds figures.
func (t Table) Numeric(i int) bool { return i < len(t.Columns) && t.Columns[i].Numeric }

// Event is something that happened. When is a genbo.Date or a time.Time.
type Event struct {
	When   any
	Title  any
	Who    any // who did it, may be nil
	Facts  []Fact
	Status *Status
}

// Timeline is a list of events, newest first. Template "timeline".
type Timeline struct {
	Label  string // key of a message: what the list is
	Events []Event
	Empty  string // key of what is said when there are none
}

// Pages leads through a long list. Template "pagination". An empty address means there is none.
type Pages struct {
	Prev, Next  string
	First, Last int // the rows shown, from 1
	Total       int // 0 where it was not counted
}

// Step is one step of a task. Steps is the way through it; Current counts from 0. Template "steps".
type Steps struct {
	Labels  []string // keys of messages
	Current int
}

// Number is the current step as people count.
func (s Steps) Number() int { return s.Current + 1 }

// Tile is a figure or a waiting task on the home page. Template "tiles" takes a list.
type Tile struct {
	Label  string // key of a message
	Figure any
	Unit   string // key of a message, "" for none
	Note   any    // a Text or nil
	Href   string // where it leads, "" for nowhere
}

// PersonBar tells on every page about one person whose it is. Template "person".
type PersonBar struct {
	Name, Kana string
	Number     string
	Birth      genbo.Date
	States     []Status
}

// Confirm asks before something is done: what will be done, to what, and why. Template "confirm" shows it as
// a form that is sent to Action with the hidden values.
type Confirm struct {
	Warning *Notice
	Facts   Facts
	Fields  []Field // what is still to be answered, such as the reason
	Action  string  // where the form goes
	Hidden  []Field // values of the steps before, of type Hidden
	Submit  string  // key of a message: the button says what it does
	Danger  bool    // cannot be undone by the same person
	Back    string  // address to change the answers
}
