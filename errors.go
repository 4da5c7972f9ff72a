package genbo

import (
	"errors"
	"fmt"
	"strings"
)

// Kinds of error. A caller tells them apart with [errors.Is]; the front maps each to one HTTP status
// and the commands map each to one exit code. An error of no kind is a defect of Genbo itself.
var (
	ErrInvalid     = errors.New("invalid input")          // the caller can mend it
	ErrNotFound    = errors.New("not found")              // nothing there, or nothing this caller may know of
	ErrConflict    = errors.New("conflict")               // true when asked, no longer true; or there already
	ErrForbidden   = errors.New("not allowed")            // no right for it
	ErrSignIn      = errors.New("not signed in")          // no session, or one that ended
	ErrBudget      = errors.New("budget used up")         // a right, but no more people for now
	ErrTampered    = errors.New("tampered with")          // a seal, hash or signature does not fit
	ErrUnavailable = errors.New("temporarily impossible") // database, key service or clock; try again
)

// Fault is an input refused by a rule. Code names the rule and is the key of the sentence that people
// read (messages/*.json, "fault.<code>"); Field is the field it was found in, if one. Args fill the
// sentence and never hold personal data.
type Fault struct {
	Code  string
	Field string
	Args  []any
}

// NewFault returns the fault of a rule in a field.
func NewFault(field, code string, args ...any) *Fault {
	return &Fault{Code: code, Field: field, Args: args}
}

func (f *Fault) Error() string {
	var b strings.Builder
	if f.Field != "" {
		b.WriteString(f.Field)
		b.WriteString(": ")
	}
	b.WriteString(f.Code)
	if len(f.Args) > 0 {
		fmt.Fprintf(&b, " %v", f.Args)
	}
	return b.String()
}

// Is makes every fault an [ErrInvalid].
func (f *Fault) Is(target error) bool { return target == ErrInvalid }

// In returns the same fault found in another field.
func (f *Fault) In(field string) *Fault {
	g := *f
	g.Field = field
	return &g
}

// InField sets the field of a fault inside err, and leaves any other error alone.
func InField(err error, field string) error {
	var f *Fault
	if errors.As(err, &f) {
		return f.In(field)
	}
	return err
}
