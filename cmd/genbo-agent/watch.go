package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"genbo"
	"genbo/internal/base/keyedset"
	"genbo/internal/front/page"
	"genbo/internal/front/watchstatus"
	"genbo/internal/work/watch"
)

// watching are the flags of the command.
type watching struct {
	core                 core
	options              watch.Options
	mostMB               float64
	filter, filterKey    string
	once, status, asJSON bool
}

func watchCommand(lang page.Lang, stdout, stderr io.Writer) *cobra.Command {
	var f watching
	cmd := &cobra.Command{
		Use:   "watch PATH…",
		Short: "Keep watch over folders: find people in files, and tell the core how many are unprotected / フォルダーを見張り、無保護の件数を原簿に知らせる",
		Long: `Reads every file below the paths once, and then those that change, with the lowest priority. Sends the core figures alone: cases
and persons by their fields, never a path or a person. Without --core it only logs them (JSON lines on standard error). Ends on
SIGTERM; what was read is not read again after a restart.

指定した場所のファイルをすべて一度読み、その後は変更されたものだけを、最も低い優先度で読みます。原簿には件数だけを送り、
ファイル名や個人情報は送りません。再起動しても、読み終えたファイルは読み直しません。

Exit status: 0 it ended as asked, 1 it could not; with --once also 1 if the core did not get the figures.`,
		Example: `  genbo-agent watch /srv/share --state /var/lib/genbo-watch --core https://genbo.example --cert pc.pem --key pc.key --ca ca.pem
  genbo-agent watch --status --state /var/lib/genbo-watch`,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.options.Roots = args
			return f.run(cmd.Context(), lang, stdout, stderr)
		},
	}
	set, o := cmd.Flags(), &f.options
	set.StringVar(&o.State, "state", stateFolder(os.Getenv), "folder of this watch's own files (default: $STATE_DIRECTORY) / 見張り自身のファイルを置くフォルダー")
	f.core.flags(set)
	set.StringVar(&f.filter, "filter", "", "filter of a register, from genbo filter export: tells the core of which lists files are copies / 原簿の照合用フィルター")
	set.StringVar(&f.filterKey, "filter-key", "", "file with the key of the filter / フィルターの鍵のファイル")
	set.DurationVar(&o.Full, "full-every", 24*time.Hour, "time between two walks through all folders / 全体を確認する間隔")
	set.DurationVar(&o.Walk, "walk-every", time.Hour, "the same where the system does not tell of changes / 変更の通知がない場合の間隔")
	set.DurationVar(&o.Reread, "reread-after", 10*time.Minute, "time between two readings of a file that keeps changing / 変わり続けるファイルを読み直す間隔")
	set.DurationVar(&o.Report, "report-every", time.Minute, "time between two reports of changes / 変更を報告する間隔")
	set.Float64Var(&f.mostMB, "most-mb-s", 0, "megabytes read in a second at most; 0: no limit / 1秒に読む上限（MB）")
	set.Float64Var(&o.Above, "pause-above", 70, "rest while others wait more than this share of the time, in percent; 0: never / 混雑時に休止する目安（%）")
	set.BoolVar(&f.once, "once", false, "walk through all folders once, send, and end / 一度だけ確認して終了する")
	set.BoolVar(&f.status, "status", false, "say how the watch with this --state stands / 見張りの状態を表示する")
	set.BoolVar(&f.asJSON, "json", false, "with --status: print JSON / JSON で出力する")
	return cmd
}

// stateFolder is the default of --state: what systemd gives a service, or a folder of the user's own.
func stateFolder(getenv func(string) string) string {
	if dir := getenv("STATE_DIRECTORY"); dir != "" {
		return dir
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "genbo-watch")
}

func (f *watching) run(ctx context.Context, lang page.Lang, stdout, stderr io.Writer) error {
	switch {
	case f.options.State == "":
		return fmt.Errorf("give a folder with --state: %w", genbo.ErrInvalid)
	case f.status:
		s, err := watch.ReadStatus(f.options.State)
		if err != nil {
			return err
		}
		if f.asJSON {
			return json.NewEncoder(stdout).Encode(s)
		}
		return watchstatus.Tell(stdout, lang, s)
	case len(f.options.Roots) == 0:
		return fmt.Errorf("give the folders to watch: %w", genbo.ErrInvalid)
	case f.mostMB < 0 || f.options.Above < 0 || min(f.options.Full, f.options.Walk, f.options.Report) <= 0 || f.options.Reread < 0:
		return fmt.Errorf("a time or a limit is below zero: %w", genbo.ErrInvalid)
	}
	if f.core.address != "" {
		client, err := f.core.client()
		if err != nil {
			return err
		}
		f.options.Core = &watch.Core{Address: f.core.address, Client: client, Jitter: rand.Float64}
	}
	if f.filter != "" || f.filterKey != "" {
		key, err := keyedset.ReadKey(f.filterKey)
		if err != nil {
			return err
		}
		people, err := keyedset.Open(f.filter, key, time.Now())
		if err != nil {
			return err
		}
		defer people.Close()
		f.options.Whose = people
	}
	if f.options.Reread == 0 {
		f.options.Reread = -1
	}
	f.options.Most = int64(f.mostMB * 1e6)
	f.options.Agent, f.options.Now = readVersion().build(), time.Now
	f.options.Log = slog.New(slog.NewJSONHandler(stderr, nil))
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer stop()
	w, err := watch.Open(f.options)
	if err != nil {
		return err
	}
	if f.once {
		_, err = w.Once(ctx)
		return err
	}
	return w.Run(ctx)
}
