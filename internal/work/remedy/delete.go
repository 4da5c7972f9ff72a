package remedy

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"

	"genbo"
)

// digestAll is the SHA-256 in hexadecimal of the sorted list of files' digests, each in hexadecimal and ended by a line feed.
func digestAll(sums []string) string {
	slices.Sort(sums)
	h := sha256.New()
	for _, s := range sums {
		_, _ = io.WriteString(h, s+"\n")
	}
	return digestOf(h)
}

// wishOf is what stands for a set of files.
func wishOf(asked []Entry) Wish {
	var w Wish
	var sums []string
	for _, e := range asked {
		w.Files, w.Cases, sums = w.Files+1, w.Cases+e.Cases, append(sums, e.SHA256)
	}
	w.Digest = digestAll(sums)
	return w
}

// Ask reads files and asks the core to approve that they are deleted. The journal keeps which they are, under the request's
// identifier. Files that are refused are not asked for; without any other the identifier is empty.
func (a *Actor) Ask(ctx context.Context, core *Core, items []Item, reason string) (id string, results []Result, err error) {
	var asked []Entry
	results, err = each(ctx, items, func(i Item, r *Result) error {
		r.Outcome = Would
		h, err := hold(i)
		if err != nil {
			return err
		}
		defer h.close()
		sum, err := h.copyTo(io.Discard)
		if err == nil {
			asked = append(asked, Entry{Step: Asked, Action: Delete, Root: Name(i.Root), Path: Name(pathOf(i, h.name)), Size: i.Size, Modified: i.Modified, SHA256: sum, Cases: i.Cases})
		}
		return err
	})
	if err != nil || len(asked) == 0 {
		return "", results, err
	}
	if id, err = core.ask(ctx, wishOf(asked), reason); err != nil {
		return "", results, err
	}
	if a.Journal.has(id, asked) {
		return id, results, nil
	}
	batch := newID()
	for i := range asked {
		asked[i].Request, asked[i].ID = id, batch
	}
	return id, results, a.Journal.write(asked...)
}

// has says whether the journal holds a request already, for exactly these files.
func (j *Journal) has(id string, asked []Entry) bool {
	return slices.EqualFunc(j.asked[id], asked, func(a, b Entry) bool { return a.Path == b.Path && a.SHA256 == b.SHA256 })
}

// Requested are the files that a request was for, but for those that were deleted already.
func (a *Actor) Requested(id string) (items []Item) {
	for _, e := range a.Journal.asked[id] {
		if !a.Journal.deleted[id][e.Path] {
			items = append(items, Item{Root: string(e.Root), Path: string(e.Path), Size: e.Size, Modified: e.Modified, Cases: e.Cases, SHA256: e.SHA256})
		}
	}
	return items
}

// Decide fetches the core's decision on a request, which must be on exactly the files that the journal has of it.
func (a *Actor) Decide(ctx context.Context, core *Core, id string) (Decision, error) {
	asked := a.Journal.asked[id]
	if len(asked) == 0 {
		return Decision{}, fmt.Errorf("the journal has no request %q: %w", id, genbo.ErrNotFound)
	}
	d, err := core.decision(ctx, id)
	if err == nil && d.Wish != wishOf(asked) {
		err = fmt.Errorf("the core's decision is on other files than the journal has of request %q: %w", id, genbo.ErrTampered)
	}
	return d, err
}

// Delete deletes the files of a request, if the core approved it. One that is not what it was when the core was asked stays. A
// state that does not permit it yet, or never will, deletes nothing and has no results.
func (a *Actor) Delete(ctx context.Context, core *Core, id string) (Decision, []Result, error) {
	d, err := a.Decide(ctx, core, id)
	if err != nil || !d.Permits() {
		return d, nil, err
	}
	results, err := each(ctx, a.Requested(id), func(i Item, _ *Result) error {
		e := Entry{Action: Delete, ID: newID(), Request: id}
		return a.act(i, e, func(h *held, e *Entry) error { return h.remove(aside(e.ID), a.at) })
	})
	return d, results, err
}
