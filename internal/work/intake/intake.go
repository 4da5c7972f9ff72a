package intake

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/jtext"
	"genbo/internal/work/house"
)

// Options are how a file is taken in.
type Options struct {
	DryRun   bool         // check everything and write nothing
	Progress func(Report) // called after each batch; may be nil
	Reject   func(Reject) // called for each line that is left out, in order of batches; may be nil
}

// Report is what became of a file so far. Lines are data lines: the header and empty lines do not count.
type Report struct {
	ID       string // SHA-256 of the file
	Encoding jtext.Encoding
	Already  bool  // the file was taken in before, and nothing was done
	Resumed  int64 // lines that an earlier run dealt with
	Expected int64 // lines of text in the file, the header and empty ones included
	Lines    int64
	Accepted int64
	Known    int64
	Rejected int64
	Took     Times
}

// Balanced reports whether every line is accounted for.
func (r Report) Balanced() bool { return r.Lines == r.Accepted+r.Known+r.Rejected }

// Times is where the time went. Checking and sealing are summed over cores.
type Times struct {
	Check  time.Duration // reading cells: dates, names, numbers
	Seal   time.Duration // keys, encryption and tokens
	Rows   time.Duration // people, facts, numbers
	Index  time.Duration // tokens
	Commit time.Duration // journal and the disk
	Whole  time.Duration
}

// Reject is a line that was not taken in.
type Reject struct {
	Line  int64 // of the file, from 1
	Field string
	Rule  string // code of a fault, with what fills its message behind it, see [Reject.Fault]
}

// Fault is the rule as a fault, to be put into words.
func (r Reject) Fault() *genbo.Fault {
	parts := strings.Split(r.Rule, ruleSeparator)
	args := make([]any, len(parts)-1)
	for i, p := range parts[1:] {
		args[i] = p
	}
	return genbo.NewFault(r.Field, parts[0], args...)
}

// knownRule is the rule of lines whose number is in the register already.
const knownRule = "number.known"

// run is one run over a file.
type run struct {
	Options
	*house.House
	report  Report
	today   genbo.Date
	began   time.Time
	ids     ids
	seen    map[uint64]bool // numbers of a dry run
	careful int             // groups to come in which known numbers are looked for beforehand
	spent   spent
}

// Run takes a file in, from where it stopped before. With the error it returns how far it came.
func Run(ctx context.Context, h *house.House, path string, o Options) (Report, error) {
	r := &run{Options: o, House: h, today: genbo.DateOf(h.DB.Now().In(genbo.Japan)), began: time.Now(), seen: map[uint64]bool{}}
	file, err := os.Open(path)
	if err != nil {
		return r.report, fmt.Errorf("open file: %w", err)
	}
	defer file.Close()
	if r.report.ID, r.report.Expected, err = identify(ctx, file); err != nil {
		return r.report, err
	}
	if err := r.begin(ctx); err != nil || r.report.Already {
		return r.report, err
	}
	err = r.file(ctx, file)
	if err == nil && !r.DryRun {
		err = r.finish(ctx)
	}
	return r.report, err
}

// identify reads a file for its hash and how many lines it has, and stands at its beginning again.
func identify(ctx context.Context, file *os.File) (id string, lines int64, err error) {
	h := sha256.New()
	buffer := make([]byte, 1<<20)
	last := byte('\n')
	for {
		n, err := file.Read(buffer)
		if n > 0 {
			h.Write(buffer[:n])
			lines += int64(bytes.Count(buffer[:n], []byte("\n")))
			last = buffer[n-1]
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return "", 0, fmt.Errorf("read file: %w", err)
		}
	}
	if last != '\n' {
		lines++
	}
	_, err = file.Seek(0, io.SeekStart)
	return hex.EncodeToString(h.Sum(nil)), lines, err
}

// begin finds how far the file has come already.
func (r *run) begin(ctx context.Context) error {
	p := &r.report
	err := r.DB.View(ctx, func(tx *db.Tx) error {
		var finished *int64
		err := tx.Home().Row("SELECT lines, accepted, known, rejected, finished_at FROM intake WHERE id = ?", []any{p.ID},
			&p.Lines, &p.Accepted, &p.Known, &p.Rejected, &finished)
		p.Already = finished != nil
		return err
	})
	if errors.Is(err, genbo.ErrNotFound) {
		if r.DryRun {
			return nil
		}
		return r.DB.Update(ctx, func(tx *db.Tx) error {
			_, err := tx.Home().Exec(`INSERT INTO intake (id, kind, started_at, lines, accepted, known, rejected, byte_offset)
				VALUES (?, ?, ?, 0, 0, 0, 0, 0)`, p.ID, "people", db.Millis(tx.Now))
			return err
		})
	}
	p.Resumed = p.Lines
	return err
}

func (r *run) finish(ctx context.Context) error {
	r.report.Took.Whole = time.Since(r.began)
	if !r.report.Balanced() {
		return fmt.Errorf("the totals of the file do not agree: %d lines in, %d accepted, %d known, %d rejected: %w",
			r.report.Lines, r.report.Accepted, r.report.Known, r.report.Rejected, genbo.ErrTampered)
	}
	return r.DB.Update(ctx, func(tx *db.Tx) error {
		_, err := tx.Home().Exec("UPDATE intake SET finished_at = ? WHERE id = ?", db.Millis(tx.Now), r.report.ID)
		return err
	})
}

// Rejects calls fn for each line of a file that was not taken in, in order.
func Rejects(ctx context.Context, h *house.House, id string, fn func(Reject) error) error {
	return h.DB.View(ctx, func(tx *db.Tx) error {
		return tx.Home().Each("SELECT line, field, rule FROM intake_reject WHERE intake = ? ORDER BY line", []any{id}, func(scan func(...any) error) error {
			var one Reject
			if err := scan(&one.Line, &one.Field, &one.Rule); err != nil {
				return err
			}
			return fn(one)
		})
	})
}
