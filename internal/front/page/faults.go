package page

import (
	"errors"

	"genbo"
)

// Faults are the refusals of one form, in the order of its fields.
type Faults []*genbo.Fault

// FaultsOf collects every [genbo.Fault] in err, also of joined errors. It is empty when err holds none:
// then err belongs to [Renderer.Error].
func FaultsOf(err error) Faults {
	switch e := err.(type) { //nolint:errorlint // walks the tree itself, so that no branch of a join is lost
	case nil:
		return nil
	case *genbo.Fault:
		return Faults{e}
	case interface{ Unwrap() []error }:
		var all Faults
		for _, one := range e.Unwrap() {
			all = append(all, FaultsOf(one)...)
		}
		return all
	}
	return FaultsOf(errors.Unwrap(err))
}

// Of returns the first fault in the field of that name, nil if there is none.
func (fs Faults) Of(name string) *genbo.Fault {
	for _, f := range fs {
		if f.Field == name {
			return f
		}
	}
	return nil
}
