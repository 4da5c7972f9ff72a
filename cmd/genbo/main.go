// Command genbo is the pension register: it keeps, serves, checks and moves it.
//
// Each sub-command is one file. `genbo help` lists them.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"genbo"
	"genbo/internal/front/page"
	"genbo/internal/record/access"
	"genbo/internal/work/house"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// app is what all sub-commands share.
type app struct {
	out, err         io.Writer
	dir              string
	database         string
	keys             string
	phrase           string
	purposes         string
	lists, mailboxes string
	limits           access.Limits
	json             bool
	lang             page.Lang
}

const about = `Genbo keeps who is insured, what each has paid in and what each has been paid, and
accounts for every look at a person before it is shown.

Begin with:

  genbo demo                      try it: a register of 100,000 invented people in ./genbo-demo
  genbo init --dir register       make a register of your own
  genbo import people --dir register FILE.csv
  genbo serve --dir register

Every command names its data directory with --dir.`

// run is the whole program: it returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	a := &app{out: stdout, err: stderr, lang: page.Locale(os.Getenv)}
	root := &cobra.Command{Use: "genbo", Short: "A register of pensions with a safe around it", Long: about, SilenceUsage: true, SilenceErrors: true}
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w (see `%s --help`)", err, c.CommandPath())
	})
	root.CompletionOptions.HiddenDefaultCmd = true
	for _, command := range []func(*app) *cobra.Command{(*app).demo, (*app).init, (*app).serve, (*app).core, (*app).certs, (*app).importCommand, (*app).synth,
		(*app).migrate, (*app).verify, (*app).scan, (*app).filterCommand, (*app).disclosure, (*app).move, (*app).keysCommand, (*app).bench, (*app).version} {
		own := *a // flags of the same name have defaults of their own
		root.AddCommand(command(&own))
	}
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		fmt.Fprintln(stderr, "genbo: stopped")
		return 130
	}
	if said := status(err); said != 1 {
		return said
	}
	a.complain(err)
	return 1
}

// complain tells what went wrong: refusals of input in the words of the reader's language.
func (a *app) complain(err error) {
	faults := page.FaultsOf(err)
	if len(faults) == 0 {
		fmt.Fprintln(a.err, "genbo:", err)
		return
	}
	before, _, _ := strings.Cut(err.Error(), faults[0].Error())
	for _, f := range faults {
		fmt.Fprintln(a.err, "genbo:", before+a.words(f))
	}
}

// words says a fault in the reader's language, behind its field.
func (a *app) words(f *genbo.Fault) string {
	text := f.Code
	if messages, err := page.LoadMessages(page.Own()); err == nil {
		text = messages.Say(a.lang, page.Say("fault."+f.Code, f.Args...))
	}
	if f.Field != "" {
		return f.Field + ": " + text
	}
	return text
}

// where adds the flags that say which register is meant.
func (a *app) where(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&a.dir, "dir", ".", "directory of the register")
	f.StringVar(&a.keys, "keys", "", "directory of the key ring (default: keys in the register's directory)")
	f.StringVar(&a.phrase, "passphrase-file", "", "file with the passphrase that the key ring is sealed with (default: the key file beside the ring)")
}

func (a *app) options() house.Options {
	return house.Options{Dir: a.dir, Database: a.database, Keys: a.keys, Passphrase: a.phrase, Purposes: a.purposes, Lists: a.lists, Mailboxes: a.mailboxes, Limits: a.limits}
}

// withHouse opens the register, runs fn and closes it.
func (a *app) withHouse(ctx context.Context, fn func(h *house.House) error) error {
	h, err := house.Open(ctx, a.options())
	if err != nil {
		return err
	}
	return errors.Join(fn(h), h.Close())
}
