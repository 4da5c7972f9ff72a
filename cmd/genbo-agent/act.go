package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"genbo"
	"genbo/internal/front/acttell"
	"genbo/internal/front/page"
	"genbo/internal/front/scancmd"
	"genbo/internal/work/remedy"
	"genbo/internal/work/scan"
)

// acting is what the actions share: their flags, and whom they tell.
type acting struct {
	lang                  page.Lang
	stdout                io.Writer
	report, only, journal string
	yes, asJSON           bool
}

func actCommand(lang page.Lang, stdout io.Writer) *cobra.Command {
	a := &acting{lang: lang, stdout: stdout}
	cmd := &cobra.Command{
		Use:   "act",
		Short: "Act on files with people: seal, move to quarantine, delete once approved / 個人情報ファイルを暗号化・隔離・承認後に削除する",
		Long: `Acts on the files with people that a scan found and that anybody can read. Without --yes it says what would happen and changes
nothing. Each action is entered in a journal before and after. Files that changed since the scan, links, and whatever is no
regular file stay as they are and are named with the reason.

調査で見つかった、保護されていない個人情報ファイルを処理します。--yes を付けるまでは予定を表示するだけで、何も変更しません。
処理の前後に必ず記録を残します。調査の後に変更されたファイルやリンクは、理由を示してそのままにします。

Exit status: 0 all done, 1 it could not, 4 some files were left as they were (or the request is not approved), 130 interrupted.`,
		Example: `  genbo-agent scan --json /srv/share > report.json
  genbo-agent act quarantine --report report.json --to /srv/quarantine
  genbo-agent act seal --report report.json --recipient office.pub --only '*.xlsx' --yes
  genbo-agent act journal --verify`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	flags := cmd.PersistentFlags()
	flags.StringVar(&a.journal, "journal", journalPath(os.Getenv), "journal of all actions / 処理の記録")
	flags.BoolVar(&a.asJSON, "json", false, "print JSON / JSON で出力する")
	cmd.AddCommand(quarantineCommand(a), restoreCommand(a), sealCommand(a), deleteCommand(a), journalCommand(a))
	return cmd
}

// journalPath is the default of --journal, in the folder for what programs keep of a user's doings.
func journalPath(getenv func(string) string) string {
	dir := getenv("XDG_STATE_HOME")
	if dir == "" {
		var err error
		if dir, err = os.UserConfigDir(); err != nil {
			return ""
		}
		if home, err := os.UserHomeDir(); err == nil && runtime.GOOS == "linux" {
			dir = filepath.Join(home, ".local", "state")
		}
	}
	return filepath.Join(dir, "genbo-act", "journal.jsonl")
}

// onFiles adds the flags of an action on a report's files.
func (a *acting) onFiles(cmd *cobra.Command) {
	cmd.Flags().StringVar(&a.report, "report", "", "report of genbo-agent scan --json, or - for standard input / scan --json の報告（- は標準入力）")
	a.onAny(cmd)
}

func (a *acting) onAny(cmd *cobra.Command) {
	cmd.Flags().StringVar(&a.only, "only", "", "act on those alone whose path, name or folder is of this pattern / この形のパスや名前に限る")
	cmd.Flags().BoolVar(&a.yes, "yes", false, "do it; without, only say what would happen / 実行する（なければ予定の表示だけ）")
}

// items are the files of the report.
func (a *acting) items() ([]remedy.Item, error) {
	in := io.Reader(os.Stdin)
	switch a.report {
	case "":
		return nil, fmt.Errorf("give the scan's report with --report: %w", genbo.ErrInvalid)
	case "-":
	default:
		f, err := os.Open(a.report)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	var r scan.Report
	if err := json.NewDecoder(in).Decode(&r); err != nil {
		return nil, fmt.Errorf("the report does not read (is it of scan --json?): %w: %w", genbo.ErrInvalid, err)
	}
	return remedy.Select(&r, a.only)
}

// begin opens the journal, and ends what a former run left half done.
func (a *acting) begin() (*remedy.Actor, []remedy.Result, error) {
	actor, err := a.open()
	if err != nil {
		return nil, nil, err
	}
	recovered, err := actor.Recover()
	if err != nil {
		return nil, nil, errors.Join(err, actor.Journal.Close())
	}
	return actor, recovered, nil
}

func (a *acting) open() (*remedy.Actor, error) {
	if a.journal == "" {
		return nil, fmt.Errorf("give a file with --journal: %w", genbo.ErrInvalid)
	}
	who := "?"
	if u, err := user.Current(); err == nil {
		who = u.Username
	}
	if host, err := os.Hostname(); err == nil {
		who += "@" + host
	}
	j, err := remedy.OpenJournal(a.journal, time.Now, who)
	if err != nil {
		return nil, err
	}
	return &remedy.Actor{Journal: j}, nil
}

// do shows what an action would do with the report's files, or does it.
func (a *acting) do(ctx context.Context, action remedy.Action, act func(*remedy.Actor, []remedy.Item) ([]remedy.Result, error)) error {
	items, err := a.items()
	if err != nil {
		return err
	}
	account := acttell.Account{Action: action, Preview: !a.yes}
	if !a.yes {
		account.Results, err = (&remedy.Actor{}).Look(ctx, items)
		return a.tell(account, err)
	}
	actor, recovered, err := a.begin()
	if err != nil {
		return err
	}
	defer actor.Journal.Close()
	account.Recovered = recovered
	account.Results, err = act(actor, items)
	return a.tell(account, err)
}

// tell prints what was done, also where an error ended it.
func (a *acting) tell(account acttell.Account, failed error) error {
	var err error
	if a.asJSON {
		err = acttell.JSON(a.stdout, account)
	} else if failed == nil || len(account.Results)+len(account.Recovered) > 0 {
		err = acttell.Tell(a.stdout, a.lang, account)
	}
	switch {
	case errors.Is(failed, context.Canceled):
		return scancmd.Interrupted
	case failed != nil || err != nil:
		return errors.Join(failed, err)
	case account.Left():
		return scancmd.Incomplete
	default:
		return nil
	}
}

func journalCommand(a *acting) *cobra.Command {
	var verify bool
	cmd := &cobra.Command{
		Use:     "journal",
		Short:   "Check the journal of actions / 処理の記録を検査する",
		Long:    "Checks that no entry was changed, added or taken out. Exit status: 0 whole, 1 not.\n\n記録が後から書き換えられていないことを確かめます。",
		Example: "  genbo-agent act journal --verify --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !verify {
				return cmd.Help()
			}
			s, err := remedy.Verify(a.journal)
			if err != nil {
				return err
			}
			if a.asJSON {
				return json.NewEncoder(a.stdout).Encode(s)
			}
			return acttell.Chain(a.stdout, a.lang, s)
		},
	}
	cmd.Flags().BoolVar(&verify, "verify", false, "check the chain / つながりを検査する")
	return cmd
}
