package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"
)

// figure is one measured or counted value.
type figure struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
}

// jsonFlag adds --json to a command that prints figures.
func (a *app) jsonFlag(c *cobra.Command) {
	c.Flags().BoolVar(&a.json, "json", false, `print figures for machines, one object a line: {"name":"…","value":…,"unit":"…"}`)
}

// figures prints values for people or, with --json, for machines.
func (a *app) figures(list ...figure) {
	for _, f := range list {
		if a.json {
			line, _ := json.Marshal(f) // strings and numbers
			fmt.Fprintln(a.out, string(line))
			continue
		}
		fmt.Fprintf(a.out, "  %-28s %14s %s\n", f.Name, grouped(f.Value), f.Unit)
	}
}

// grouped writes a number as people read it: thousands apart, decimals only where they matter.
func grouped(v float64) string {
	decimals := 0
	switch {
	case v == float64(int64(v)) || v >= 1000:
	case v >= 10:
		decimals = 1
	default:
		decimals = 3
	}
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	whole, rest := s, ""
	for i := range s {
		if s[i] == '.' {
			whole, rest = s[:i], s[i:]
		}
	}
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return whole + rest
}

// say prints a line for people; machines get figures only.
func (a *app) say(format string, args ...any) {
	if !a.json {
		fmt.Fprintf(a.out, format+"\n", args...)
	}
}

// progress shows how far long work has come, on a terminal in one line that changes, else now and then.
type progress struct {
	a        *app
	what     string
	total    int64
	began    time.Time
	last     time.Time
	terminal bool
}

func (a *app) progress(what string, total int64) *progress {
	p := &progress{a: a, what: what, total: total, began: time.Now()}
	if f, ok := a.err.(*os.File); ok {
		info, err := f.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

// Pauses between two lines.
const (
	terminalPause = 200 * time.Millisecond
	logPause      = 5 * time.Second
)

func (p *progress) at(done int64) {
	pause := logPause
	if p.terminal {
		pause = terminalPause
	}
	if p.a.json || time.Since(p.last) < pause {
		return
	}
	p.last = time.Now()
	line := fmt.Sprintf("%s: %s", p.what, grouped(float64(done)))
	if p.total > 0 {
		line += fmt.Sprintf(" of %s", grouped(float64(p.total)))
		if took := time.Since(p.began); done > 0 && done < p.total && took > time.Second {
			line += fmt.Sprintf(", about %s left", (time.Duration(float64(took) * float64(p.total-done) / float64(done))).Round(time.Second))
		}
	}
	if p.terminal {
		fmt.Fprintf(p.a.err, "\r\x1b[K%s", line)
	} else {
		fmt.Fprintln(p.a.err, line)
	}
}

// end clears the line.
func (p *progress) end() {
	if p.terminal && !p.last.IsZero() {
		fmt.Fprint(p.a.err, "\r\x1b[K")
	}
}
