package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/jtext"
	"genbo/internal/record/person"
)

// batchLines is how many lines are checked and sealed together: as many as people lie in a bucket in a row.
const batchLines = genbo.BucketRun

// batch is some lines on their way into the register.
type batch struct {
	layout layout
	lines  []line
	first  genbo.PersonID // integers for the people of the batch
	offset int64          // of the file behind the batch
	done   chan struct{}  // closed when the rest is set

	numbers []person.Newcomer
	people  []*person.Prepared
	at      []int64 // line of each person
	rejects []Reject
	err     error
}

// line is a line as cells, or what is wrong with it.
type line struct {
	number int64
	cells  []string
	err    error
}

// spent sums times over cores.
type spent struct{ check, seal atomic.Int64 }

// file reads the file, has its lines sealed in parallel and stores them in order.
func (r *run) file(ctx context.Context, file *os.File) error {
	in, err := jtext.NewRows(file)
	if err != nil {
		return err
	}
	r.report.Encoding = in.Encoding()
	header, err := in.Next()
	if errors.Is(err, io.EOF) {
		return genbo.NewFault("", "header.none")
	}
	if err != nil {
		return fmt.Errorf("line %d: %w", in.Line(), err)
	}
	l, err := readLayout(header)
	if err != nil {
		return fmt.Errorf("line %d: %w", in.Line(), err)
	}
	for range r.report.Resumed {
		if _, err := in.Next(); err != nil && !errors.Is(err, genbo.ErrInvalid) {
			return fmt.Errorf("find where the file stopped: %w", err)
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	var busy sync.WaitGroup
	defer busy.Wait()
	defer cancel()
	batches := make(chan *batch, groupBatches)
	var readErr error
	busy.Go(func() { defer close(batches); readErr = r.read(ctx, in, l, batches, &busy) })
	if err := r.store(ctx, batches); err != nil {
		return err
	}
	return readErr
}

// read cuts the file into batches and starts work on each.
func (r *run) read(ctx context.Context, in *jtext.Rows, l layout, batches chan<- *batch, busy *sync.WaitGroup) error {
	room := make(chan struct{}, runtime.GOMAXPROCS(0))
	for {
		b := &batch{layout: l, done: make(chan struct{}), lines: make([]line, 0, batchLines)}
		for len(b.lines) < batchLines {
			cells, err := in.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil && !errors.Is(err, genbo.ErrInvalid) {
				return err
			}
			b.lines = append(b.lines, line{in.Line(), cells, err})
		}
		if len(b.lines) == 0 {
			return nil
		}
		b.offset = in.Offset()
		var err error
		if !r.DryRun {
			if b.first, err = r.ids.take(ctx, r, len(b.lines), r.report.Expected-in.Line()); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case room <- struct{}{}:
		}
		busy.Go(func() { r.prepare(b); <-room })
		select {
		case <-ctx.Done():
			return ctx.Err()
		case batches <- b:
		}
	}
}

// ids are integers taken for people to come, so that they are dense and in the order of the file.
type ids struct {
	next genbo.PersonID
	left int
}

const idsAtOnce = 64 * genbo.BucketRun

// take returns the first of n integers for a batch, behind which the file has more lines.
func (i *ids) take(ctx context.Context, r *run, n int, more int64) (genbo.PersonID, error) {
	if i.left < n {
		want := int(min(idsAtOnce, int64(n)+max(0, more)))
		err := r.DB.Update(ctx, func(tx *db.Tx) (err error) {
			i.next, err = r.Register.Allocate(tx, want)
			return err
		})
		if err != nil {
			return 0, err
		}
		i.left = want
	}
	first := i.next
	i.next += genbo.PersonID(n)
	i.left -= n
	return first, nil
}

// prepare checks and seals the lines of a batch.
func (r *run) prepare(b *batch) {
	defer close(b.done)
	start := time.Now()
	for _, line := range b.lines {
		n, err := person.Newcomer{}, line.err
		if err == nil {
			n, err = b.layout.read(line.cells, r.today)
		}
		if err != nil {
			if b.err = b.reject(line.number, err); b.err != nil {
				return
			}
			continue
		}
		b.numbers, b.at = append(b.numbers, n), append(b.at, line.number)
	}
	checked := time.Now()
	r.spent.check.Add(int64(checked.Sub(start)))
	if r.DryRun {
		return
	}
	for i, n := range b.numbers {
		p, err := r.Register.Prepare(b.first+genbo.PersonID(i), n)
		if err != nil {
			b.err = err
			return
		}
		b.people = append(b.people, p)
	}
	r.spent.seal.Add(int64(time.Since(checked)))
}

// ruleSeparator parts a rule's code and what fills its message.
const ruleSeparator = "|"

// reject notes why a line is not taken in: the first rule that it breaks. An error that is no fault is returned.
func (b *batch) reject(number int64, err error) error {
	var fault *genbo.Fault
	if !errors.As(err, &fault) {
		return err
	}
	rule := []string{fault.Code}
	for _, arg := range fault.Args {
		rule = append(rule, fmt.Sprint(arg))
	}
	b.rejects = append(b.rejects, Reject{number, columnOf(fault.Field), strings.Join(rule, ruleSeparator)})
	return nil
}
