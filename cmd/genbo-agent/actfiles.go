package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"genbo"
	"genbo/internal/front/acttell"
	"genbo/internal/front/scancmd"
	"genbo/internal/work/remedy"
)

func quarantineCommand(a *acting) *cobra.Command {
	var to string
	cmd := &cobra.Command{
		Use:   "quarantine --report FILE --to FOLDER",
		Short: "Move files into a folder of your own / 自分だけの隔離フォルダーへ移す",
		Long: `Moves files into a folder that nobody else may read, under other names, with a manifest by which "act restore" brings them back.
On another file system they are copied, compared, and only then removed.

ほかの人が読めないフォルダーへ別の名前で移します。"act restore" で元の場所へ戻せます。`,
		Example: "  genbo-agent act quarantine --report report.json --to /srv/quarantine --only /srv/share/2014 --yes",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if to == "" {
				return fmt.Errorf("give the quarantine's folder with --to: %w", genbo.ErrInvalid)
			}
			return a.do(cmd.Context(), remedy.Quarantine, func(actor *remedy.Actor, items []remedy.Item) ([]remedy.Result, error) {
				return actor.Quarantine(cmd.Context(), items, to)
			})
		},
	}
	a.onFiles(cmd)
	cmd.Flags().StringVar(&to, "to", "", "the quarantine; it is made if it is not there / 隔離フォルダー")
	return cmd
}

func restoreCommand(a *acting) *cobra.Command {
	var from string
	cmd := &cobra.Command{
		Use:     "restore --from FOLDER",
		Short:   "Bring files back from quarantine / 隔離したファイルを元の場所へ戻す",
		Long:    "Brings files back to where they were, never over one that is there.\n\n元の場所へ戻します。同じ名前のファイルがある場合は上書きしません。",
		Example: "  genbo-agent act restore --from /srv/quarantine --only '*.xlsx' --yes",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if from == "" {
				return fmt.Errorf("give the quarantine's folder with --from: %w", genbo.ErrInvalid)
			}
			return a.restore(cmd.Context(), from)
		},
	}
	a.onAny(cmd)
	cmd.Flags().StringVar(&from, "from", "", "the quarantine / 隔離フォルダー")
	return cmd
}

func (a *acting) restore(ctx context.Context, from string) (err error) {
	account := acttell.Account{Action: remedy.Restore, Preview: !a.yes}
	actor := &remedy.Actor{}
	if a.yes {
		if actor, account.Recovered, err = a.begin(); err != nil {
			return err
		}
		defer actor.Journal.Close()
	}
	account.Results, err = actor.Restore(ctx, from, a.only, a.yes)
	return a.tell(account, err)
}

func sealCommand(a *acting) *cobra.Command {
	var files []string
	cmd := &cobra.Command{
		Use:   "seal --report FILE --recipient KEYS",
		Short: "Encrypt files in place / その場で暗号化する",
		Long: `Encrypts each file to the holders of the public keys (age1… or ssh-…), as NAME.age beside it, and removes the original when
the sealed file is whole on the disk. The keys are not tried: make sure that somebody has the secret ones.

公開鍵（age1… または ssh-…）の持ち主だけが開けるように暗号化します（「名前.age」）。暗号化したファイルがディスクに
完全に書かれてから元のファイルを消します。秘密鍵を持つ人がいることを先に確かめてください。`,
		Example: "  genbo-agent act seal --report report.json --recipient office.pub --yes\n  age --decrypt -i office.key list.csv.age",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			to, err := readRecipients(files)
			if err != nil {
				return err
			}
			return a.do(cmd.Context(), remedy.Seal, func(actor *remedy.Actor, items []remedy.Item) ([]remedy.Result, error) {
				return actor.Seal(cmd.Context(), items, to)
			})
		},
	}
	a.onFiles(cmd)
	cmd.Flags().StringArrayVar(&files, "recipient", nil, "file of public keys; may be given several times / 公開鍵のファイル（複数可）")
	return cmd
}

func readRecipients(files []string) (list []age.Recipient, err error) {
	if len(files) == 0 {
		return nil, fmt.Errorf("give files of public keys with --recipient: %w", genbo.ErrInvalid)
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		some, err := remedy.ParseRecipients(f)
		if err = errors.Join(err, f.Close()); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		list = append(list, some...)
	}
	return list, nil
}

// deleting are the flags of act delete.
type deleting struct {
	*acting
	core            core
	reason, request string
}

func deleteCommand(a *acting) *cobra.Command {
	d := &deleting{acting: a}
	cmd := &cobra.Command{
		Use:   "delete --report FILE --reason TEXT | delete --request ID",
		Short: "Delete files once the core approved it / 承認を得てファイルを削除する",
		Long: `First asks the core (--report, --reason): two approvers decide in the console on the number of files and cases, and a digest
of their content; no name leaves this computer. Later, with --request, deletes exactly those files, if they are still the same.
Copies may be left on SSDs, in snapshots and in backups: this command cannot reach them.

まず --report と --reason で原簿に承認を求めます（送るのは件数と内容のダイジェストだけです）。二人が承認した後、--request で
同じ内容のファイルだけを削除します。SSD、スナップショット、バックアップに残る写しまでは消せません。`,
		Example: `  genbo-agent act delete --report report.json --reason "no longer needed" --core https://genbo.example --cert pc.pem --key pc.key --ca ca.pem --yes
  genbo-agent act delete --request REQUEST --core https://genbo.example --cert pc.pem --key pc.key --ca ca.pem --yes`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case d.request != "" && (d.report != "" || d.only != ""):
				return fmt.Errorf("a request is for the files that it was made for: no --report, no --only: %w", genbo.ErrInvalid)
			case d.request != "":
				return d.delete(cmd.Context())
			case d.yes && d.reason == "":
				return fmt.Errorf("say why with --reason: %w", genbo.ErrInvalid)
			default:
				return d.ask(cmd.Context())
			}
		},
	}
	a.onFiles(cmd)
	d.core.flags(cmd.Flags())
	cmd.Flags().StringVar(&d.reason, "reason", "", "why, for the approvers; no personal data / 承認者に示す理由（個人情報は書かない）")
	cmd.Flags().StringVar(&d.request, "request", "", "the request that was approved / 承認された申請")
	return cmd
}

func (d *deleting) reach() (*remedy.Core, error) {
	client, err := d.core.client()
	if err != nil {
		return nil, err
	}
	return &remedy.Core{Address: d.core.address, Client: client}, nil
}

// ask asks for approval.
func (d *deleting) ask(ctx context.Context) error {
	items, err := d.items()
	if err != nil {
		return err
	}
	account := acttell.Account{Action: remedy.Delete, Preview: !d.yes}
	if !d.yes {
		account.Results, err = (&remedy.Actor{}).Look(ctx, items)
		return d.tell(account, err)
	}
	core, err := d.reach()
	if err != nil {
		return err
	}
	actor, recovered, err := d.begin()
	if err != nil {
		return err
	}
	defer actor.Journal.Close()
	account.Recovered = recovered
	account.Request, account.Results, err = actor.Ask(ctx, core, items, d.reason)
	if account.Request != "" {
		account.State = "asked"
	}
	return d.tell(account, err)
}

// delete deletes what a request is for, if it is approved; without --yes it says how far it is.
func (d *deleting) delete(ctx context.Context) error {
	core, err := d.reach()
	if err != nil {
		return err
	}
	actor, err := d.open()
	if err != nil {
		return err
	}
	defer actor.Journal.Close()
	account := acttell.Account{Action: remedy.Delete, Preview: !d.yes, Request: d.request}
	var decision remedy.Decision
	if d.yes {
		if account.Recovered, err = actor.Recover(); err != nil {
			return err
		}
		decision, account.Results, err = actor.Delete(ctx, core, d.request)
	} else if decision, err = actor.Decide(ctx, core, d.request); err == nil {
		account.Results, err = actor.Look(ctx, actor.Requested(d.request))
	}
	account.State = decision.State
	if account.State == "" {
		account.Request = ""
	}
	if err := d.tell(account, err); err != nil {
		return err
	}
	if d.yes && !decision.Permits() {
		return scancmd.Incomplete
	}
	return nil
}
