package scancmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

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
	json, csv, failIncomplete, quiet bool
	passwords                        string
	filter, filterKey                string
	options                          scan.Options
}

// New returns the command, which writes its report to stdout and its progress to stderr, in a language. now is the
// clock; a program that has a register at hand gives it.
func New(lang page.Lang, now func() time.Time, stdout, stderr io.Writer, registers ...Register) *cobra.Command {
	var f flags
	cmd := &cobra.Command{
		Use:   "scan PATH…",
		Short: "Find the files with people in them, and say whether they are locked / 個人情報ファイルと保護の状態を調べる",
		Long: `Reads every file below the paths, knows it by its content, opens archives and mails in memory, and counts the cases (one
person in one place) by their fields: N number, A name, B date of birth, D address, S sex, P telephone, K bank account,
M My Number, E mail address. Says of each file whether it is locked. A file whose password stands in its name, in a text beside it, or is
one that everybody tries, counts as not locked. Writes nothing, follows no link, sends nothing anywhere, and
shows no personal data.

指定した場所のファイルをすべて読み、内容で種類を判別し、圧縮ファイルやメールの中も調べて、個人情報の件数と保護の
有無を示します。パスワードがファイル名や隣のファイルに書かれているもの、誰でも試すものは、保護なしと数えます。ファイルには書き込まず、外部に何も送らず、個人情報そのものは表示しません。

Exit status: 0 nothing unprotected, 1 the scan could not begin, 3 unprotected cases found, 4 not everything could be
read (with --fail-on-incomplete), 130 interrupted.`,
		Example: "  genbo-agent scan /srv/share\n  genbo-agent scan --json --fail-on-incomplete /srv/share > report.json",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.options.Roots, f.options.Now = args, now
			if dir, err := os.UserCacheDir(); err == nil {
				f.options.Cache = filepath.Join(dir, "genbo")
			}
			return f.run(cmd, lang, stdout, stderr, registers)
		},
	}
	set := cmd.Flags()
	set.BoolVar(&f.json, "json", false, "print the whole report as JSON / JSON で出力する")
	set.BoolVar(&f.csv, "csv", false, "print one line a file as CSV / 1ファイル1行の CSV で出力する")
	set.BoolVar(&f.failIncomplete, "fail-on-incomplete", false, "end with status 4 if a file could not be read / 読めないファイルがあれば終了コード 4")
	set.BoolVar(&f.quiet, "quiet", false, "show no progress / 進み具合を表示しない")
	set.StringVar(&f.passwords, "password-file", "", "file of passwords, one a line, that may open locked files / パスワードを1行に1つ書いたファイル")
	set.IntVar(&f.options.Workers, "workers", 0, "files read at once (default: one a processor) / 同時に読むファイル数")
	set.IntVar(&f.options.Depth, "depth", 0, "archives within archives that are opened (default 8) / 圧縮ファイルの入れ子の深さ")
	set.StringVar(&f.filter, "filter", "", "filter of a register, from genbo filter export: says whose the cases are / 原簿の照合用フィルター")
	set.StringVar(&f.filterKey, "filter-key", "", "file with the key of the filter / フィルターの鍵のファイル")
	for _, r := range registers {
		r.Flags(cmd)
	}
	return cmd
}

func (f *flags) run(cmd *cobra.Command, lang page.Lang, stdout, stderr io.Writer, registers []Register) (err error) {
	messages, err := page.LoadMessages(files)
	if err != nil {
		return err
	}
	if f.options.Passwords, err = passwordsIn(f.passwords); err != nil {
		return err
	}
	whose, err := f.whose(cmd.Context(), registers)
	if err != nil {
		return err
	}
	defer func() {
		if failed := whose.close(); failed != nil {
			err = errors.Join(err, failed)
		}
	}()
	f.options.Whose = whose.people
	w := words{lang, messages}
	done := func() {}
	if !f.quiet && terminal(stderr) {
		f.options.Progress, done = w.progress(stderr, f.options.Now)
	}
	report, err := scan.Run(cmd.Context(), f.options)
	done()
	if err == nil {
		err = whose.trace(cmd.Context(), report)
	}
	if err != nil {
		return err
	}
	switch {
	case f.json:
		e := json.NewEncoder(stdout)
		e.SetIndent("", "  ")
		err = e.Encode(report)
	case f.csv:
		err = writeCSV(stdout, report)
	default:
		err = w.summary(stdout, report)
	}
	if err != nil {
		return err
	}
	switch {
	case report.Interrupted:
		return Interrupted
	case report.Unprotected() > 0:
		return Unprotected
	case f.failIncomplete && !report.Complete():
		return Incomplete
	}
	return nil
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
