package remedy

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"os"
)

// errCross is that two folders are of different file systems.
var errCross = errors.New("other file system")

// Result is what became of a file.
type Result struct {
	Path    string
	Size    int64
	Cases   int
	Outcome Outcome
	Why     string // of a refusal, one of the reasons; see there
	Detail  error  // the system's own error, if there was one
	To      string // where it is now, if it is anywhere
}

// Actor acts on files, and writes each action to its journal.
type Actor struct {
	Journal *Journal
	reached func(point string) // tests break off here
}

func (a *Actor) at(point string) {
	if a.reached != nil {
		a.reached(point)
	}
}

// Look says of each item whether it could be acted on now, and changes nothing.
func (a *Actor) Look(ctx context.Context, items []Item) ([]Result, error) {
	return each(ctx, items, func(i Item, r *Result) error {
		h, err := hold(i)
		if err != nil {
			return err
		}
		h.close()
		r.Outcome = Would
		return nil
	})
}

// fatal is an error that ends the run: the journal could not be written.
type fatal struct{ error }

func (f fatal) Unwrap() error { return f.error }

// each goes from file to file. What is refused does not keep it from the rest.
func each(ctx context.Context, items []Item, do func(Item, *Result) error) ([]Result, error) {
	results := make([]Result, 0, len(items))
	for _, i := range items {
		if err := ctx.Err(); err != nil {
			return results, err
		}
		r := Result{Path: i.Path, Size: i.Size, Cases: i.Cases, Outcome: Done}
		err := do(i, &r)
		if f, ok := errors.AsType[fatal](err); ok {
			return results, f.error
		}
		if err != nil {
			no := refusal(err)
			r.Outcome, r.Why, r.Detail, r.To = Refused, no.Why, no.err, ""
		}
		results = append(results, r)
	}
	return results, nil
}

// act holds an item's file, writes the entry that begins the action, does it, and writes how it ended.
func (a *Actor) act(i Item, e Entry, do func(*held, *Entry) error) error {
	h, err := hold(i)
	if err != nil {
		return err
	}
	defer h.close()
	if e.SHA256, err = h.copyTo(io.Discard); err != nil {
		return err
	}
	if i.SHA256 != "" && i.SHA256 != e.SHA256 {
		return refuse(Changed)
	}
	e.Root, e.Size, e.Modified, e.Cases = Name(i.Root), i.Size, i.Modified, i.Cases
	e.Path = Name(pathOf(i, h.name))
	return a.journaled(e, func(e *Entry) error { return do(h, e) })
}

// journaled does something between an entry before and one after.
func (a *Actor) journaled(e Entry, do func(*Entry) error) error {
	e.Step = Begun
	if err := a.Journal.write(e); err != nil {
		return fatal{err}
	}
	a.at("begun")
	failed := do(&e)
	if f, ok := errors.AsType[fatal](failed); ok {
		return f
	}
	a.at("acted")
	e.Step, e.Outcome = Ended, Done
	if failed != nil {
		no := refusal(failed)
		e.Outcome, e.Why = Refused, no.Why
	}
	if err := a.Journal.write(e); err != nil {
		return fatal{err}
	}
	return failed
}

// newID names an action. Files that it makes beside the original carry it.
func newID() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // it never fails
	return hex.EncodeToString(b)
}

// aside is the name that a file has for the moment before it is removed, and part that of one which is being made.
func aside(id string) string { return ".genbo-" + id + ".aside" }
func part(id string) string  { return ".genbo-" + id + ".part" }

// makePart makes a new file in a folder, with what fill writes, and brings it to the disk.
func makePart(dir *os.Root, name string, fill func(io.Writer) error) error {
	f, err := dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	err = fill(f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, dir.Remove(name))
	}
	return nil
}
