package scancmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"genbo"
	"genbo/internal/front/page"
	"genbo/internal/work/scan"
)

// Status ends the program with a status of its own, and nothing more to say.
type Status int

// The statuses.
const (
	Unprotected Status = 3
	Incomplete  Status = 4
	Interrupted Status = 130
)

func (s Status) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// ExitCode is the exit status.
func (s Status) ExitCode() int { return int(s) }

// flags of the command.
type flags struct {
	json, csv, failIncomplete, quiet         bool
	html, baseline, writeBaseline, knownPath string
	lang, passwords, filter, filterKey       string
	options                                  scan.Options
}

// New returns the command, which writes its report to stdout and its progress to stderr, in a language. now is the
// clock.
func New(lang page.Lang, now func() time.Time, stdout, stderr io.Writer) *cobra.Command {
	return NewWith(lang, now, stdout, stderr, nil)
}

// NewWith is [New] in a program that has a register at hand.
func NewWith(lang page.Lang, now func() time.Time, stdout, stderr io.Writer, register Register) *cobra.Command {
	var f flags
	cmd := &cobra.Command{
		Use:   "scan PATH…",
		Short: "Find the files with people in them, and say whether they are locked / 個人情報ファイルと保護の状態を調べる",
		Long: `Reads every file below the paths, knows it by its content, opens archives and mails in memory, and counts the cases (one
person in one place) by their fields: N number, A name, B date of birth, D address, S sex, P telephone, K bank account,
M My Number, E mail address. Says of each file whether it is locked; a file whose password stands in its name, in a text
beside it, or is one that everybody tries, counts as not locked. Writes to none of them, follows no link, sends nothing
anywhere, and masks the few cases it shows of each file, unless --show is given. With the filter of a register it says whose
the cases are, and which files are copies of its lists: see genbo filter --help.

指定した場所のファイルをすべて読み、内容で種類を判別し、圧縮ファイルやメールの中も調べて、個人情報の件数と保護の
有無を示します。パスワードがファイル名や隣のファイルに書かれているものや、誰でも試すものは、保護なしと数えます。
ファイルには書き込まず、外部に何も送らず、例として示す個人情報は伏せ字にします（--show を除く）。
原簿の照合用フィルターがあれば、だれの情報か、どのリストの写しかも示します。

Exit status: 0 nothing unprotected, 1 the scan could not begin or its report not be written, 3 unprotected cases found (with
--baseline: more than before), 4 not everything could be read (with --fail-on-incomplete), 130 interrupted.`,
		Example: "  genbo-agent scan --html report.html /srv/share\n  genbo-agent scan --json --fail-on-incomplete /srv/share > report.json\n" +
			"  genbo-agent scan --known /var/lib/genbo/known --baseline report.json /srv/share",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.options.Roots, f.options.Now = args, now
			if dir, err := os.UserCacheDir(); err == nil {
				f.options.Cache = filepath.Join(dir, "genbo")
			}
			return f.run(cmd, lang, stdout, stderr, register)
		},
	}
	set := cmd.Flags()
	set.BoolVar(&f.json, "json", false, "print the whole report as JSON / JSON で出力する")
	set.BoolVar(&f.csv, "csv", false, "print one line a file as CSV / 1ファイル1行の CSV で出力する")
	set.StringVar(&f.html, "html", "", "write a report with pictures into this file / 図入りの報告書をこのファイルに書く")
	set.StringVar(&f.lang, "lang", "", "language of the summary and of --html, ja or en (default: the terminal's) / 要約と報告書の言語")
	set.BoolVar(&f.options.Show, "show", false, "show the sample cases in the clear: the reports then hold personal data / 例を伏せ字にせず表示する（報告書に個人情報が入る）")
	set.IntVar(&f.options.Samples, "samples", 3, "sample cases of each file in the reports / 1ファイルあたりの例の件数")
	set.StringVar(&f.baseline, "baseline", "", "a former --json report: status 3 only for what is new or more / 以前の JSON 報告書と比べ、増えたときだけ終了コード 3")
	set.StringVar(&f.writeBaseline, "write-baseline", "", "write the report, without samples, for a later --baseline / 後で比べるための報告書を書く")
	set.StringVar(&f.knownPath, "known", "", "keep what is found in this file, and read only changed files the next time / 結果を残し、次回は変わったファイルだけを読む")
	set.BoolVar(&f.failIncomplete, "fail-on-incomplete", false, "end with status 4 if a file could not be read / 読めないファイルがあれば終了コード 4")
	set.BoolVar(&f.quiet, "quiet", false, "show no progress / 進み具合を表示しない")
	set.StringVar(&f.passwords, "password-file", "", "file of passwords, one a line, that may open locked files / パスワードを1行に1つ書いたファイル")
	set.IntVar(&f.options.Workers, "workers", 0, "files read at once (default: one a processor) / 同時に読むファイル数")
	set.IntVar(&f.options.Depth, "depth", 0, "archives within archives that are opened (default 8) / 圧縮ファイルの入れ子の深さ")
	set.StringVar(&f.filter, "filter", "", "filter of a register, from genbo filter export: says whose the cases are / 原簿の照合用フィルター")
	set.StringVar(&f.filterKey, "filter-key", "", "file with the key of the filter / フィルターの鍵のファイル")
	if register != nil {
		register.Flags(cmd)
	}
	return cmd
}

func (f *flags) run(cmd *cobra.Command, lang page.Lang, stdout, stderr io.Writer, register Register) error {
	messages, err := page.LoadMessages(files)
	if err != nil {
		return err
	}
	if f.lang != "" {
		lang = page.Lang(f.lang)
	}
	if !slices.Contains(page.Langs, lang) {
		return fmt.Errorf("--lang %s: it is ja or en: %w", lang, genbo.ErrInvalid)
	}
	if f.options.Passwords, err = passwordsIn(f.passwords); err != nil {
		return err
	}
	w := words{lang, messages}
	before, err := f.before()
	if err != nil {
		return err
	}
	if f.options.Whose, err = f.people(cmd.Context(), register); err != nil {
		return err
	}
	if f.options.Whose != nil {
		defer f.options.Whose.Close()
	}
	if f.knownPath != "" {
		if f.options.Known, err = scan.OpenKnown(f.knownPath); err != nil {
			return err
		}
		defer f.options.Known.Close()
	}
	done := func() {}
	if !f.quiet && terminal(stderr) {
		f.options.Progress, done = w.progress(stderr, f.options.Now)
	}
	report, err := scan.Run(cmd.Context(), f.options)
	done()
	if err == nil && f.options.Whose != nil && register != nil && f.filter == "" && !report.Interrupted {
		err = register.Trace(cmd.Context(), report)
	}
	if err != nil {
		return err
	}
	if before != nil {
		report.Changes = report.Compare(before)
	}
	if err := errors.Join(f.print(w, stdout, report), f.keep(w, report)); err != nil {
		return err
	}
	return f.status(report)
}

// before reads the report to compare with, and sees that there is room for those to be written, before hours of work.
func (f *flags) before() (*scan.Report, error) {
	for _, path := range []string{f.html, f.writeBaseline} {
		if path == "" {
			continue
		}
		if _, err := os.Stat(filepath.Dir(path)); err != nil {
			return nil, err
		}
	}
	if f.baseline == "" {
		return nil, nil
	}
	file, err := os.Open(f.baseline)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	r, err := scan.ReadReport(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.baseline, err)
	}
	return r, nil
}

func (f *flags) print(w words, stdout io.Writer, report *scan.Report) error {
	switch {
	case f.json:
		return writeJSON(stdout, report)
	case f.csv:
		return writeCSV(stdout, report)
	}
	return w.summary(stdout, report)
}

// keep writes the files that were asked for.
func (f *flags) keep(w words, report *scan.Report) error {
	var errs []error
	if f.html != "" {
		errs = append(errs, scan.WriteWhole(f.html, func(out *os.File) error { return w.writeHTML(out, report) }))
	}
	if f.writeBaseline != "" {
		errs = append(errs, scan.WriteWhole(f.writeBaseline, func(out *os.File) error { return writeJSON(out, report.Baseline()) }))
	}
	if f.options.Known != nil {
		errs = append(errs, f.options.Known.Save())
	}
	return errors.Join(errs...)
}

func (f *flags) status(report *scan.Report) error {
	switch {
	case report.Interrupted:
		return Interrupted
	case report.Changes != nil && report.Changes.Worse(), report.Changes == nil && report.Unprotected() > 0:
		return Unprotected
	case f.failIncomplete && !report.Complete():
		return Incomplete
	}
	return nil
}

func writeJSON(out io.Writer, report *scan.Report) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(report)
}

// passwordsIn reads the password file: one a line, empty lines and those that begin with # left out.
func passwordsIn(path string) (list []string, err error) {
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the password file: %w", err)
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimRight(line, "\r\n"); line != "" && line[0] != '#' {
			list = append(list, line)
		}
	}
	return list, nil
}

func terminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
