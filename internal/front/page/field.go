package page

import (
	"slices"

	"genbo"
)

// Input is the kind of control that a field has.
type Input string

// The controls. The zero Input is a line of text.
const (
	Line     Input = ""
	Search   Input = "search"
	Tel      Input = "tel"
	DateText Input = "date" // a line that takes either calendar; the hint says so
	Area     Input = "area"
	Select   Input = "select"
	Radios   Input = "radio"
	Checks   Input = "checkbox"
	Hidden   Input = "hidden"
)

// Width is how long a line is: about as long as what belongs in it.
type Width string

// The widths. The zero Width fills the column.
const (
	Short  Width = "short"
	Medium Width = "medium"
)

// Field is one question of a form with its control. Template "field" shows it.
type Field struct {
	Name         string // name of the control; the fault of this field carries the same
	Label        string // key of a message
	Hint         string // key of a message, "" for none
	Value        string
	Values       []string // what is chosen among checkboxes
	Required     bool
	Type         Input
	Width        Width
	Autocomplete string // as HTML names it; "" means off
	InputMode    string // as HTML names it
	MaxLength    int    // characters; 0 for no limit
	Options      []Option
	Fault        *genbo.Fault
}

// Option is one choice of a select, radio or checkbox field.
type Option struct {
	Value string
	Label any    // a Text, or a plain string that needs no translation
	Hint  string // key of a message, "" for none
}

// With returns the field with its fault of fs, if it has one.
func (f Field) With(fs Faults) Field {
	f.Fault = fs.Of(f.Name)
	return f
}

// ID is the control's id. The links of the error summary point to it.
func (f Field) ID() string { return FieldID(f.Name) }

// FieldID is the id of the control with that name.
func FieldID(name string) string { return "f-" + name }

// Grouped reports whether the field is a group of controls under a legend.
func (f Field) Grouped() bool { return f.Type == Radios || f.Type == Checks }

// Control is the type attribute of the input element.
func (f Field) Control() string {
	switch f.Type {
	case Line, DateText:
		return "text"
	}
	return string(f.Type)
}

// Chosen reports whether the option is.
func (f Field) Chosen(o Option) bool {
	return f.Value == o.Value && (f.Value != "" || f.Type != Checks) || slices.Contains(f.Values, o.Value)
}

// OptionID is the id of the i-th control of a group. The first has the id of the field, so that the error
// summary leads to it.
func (f Field) OptionID(i int) string {
	if i == 0 {
		return f.ID()
	}
	return f.ID() + "-" + string(rune('0'+i/10)) + string(rune('0'+i%10))
}

// DescribedBy lists the ids of what explains the control to a screen reader.
func (f Field) DescribedBy() string {
	ids := ""
	if f.Hint != "" || f.Type == DateText {
		ids = f.ID() + "-hint"
	}
	if f.Fault != nil {
		ids += " " + f.ID() + "-error"
	}
	return ids
}
