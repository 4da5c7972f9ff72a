package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"genbo/internal/front/page"
	"genbo/internal/front/scancmd"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout)
	if status, ok := errors.AsType[scancmd.Status](err); ok {
		os.Exit(status.ExitCode())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "genbo-agent:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout io.Writer) error {
	root := &cobra.Command{
		Use:               "genbo-agent",
		Short:             "Genbo on an office computer / 事務所のパソコンで動く Genbo",
		Args:              cobra.NoArgs,
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.SetArgs(args)
	root.SetOut(stdout)
	root.AddCommand(openCommand(stdout), inspectCommand(stdout), scancmd.New(page.Locale(os.Getenv), time.Now, stdout, os.Stderr),
		watchCommand(page.Locale(os.Getenv), stdout, os.Stderr), actCommand(page.Locale(os.Getenv), stdout),
		versionCommand(stdout))
	return root.ExecuteContext(ctx)
}

// version is what `version --json` prints.
type version struct {
	Version  string `json:"version"`  // of the module, or (devel)
	Revision string `json:"revision"` // the commit it was built from; empty if it was not built in a checkout
	Modified bool   `json:"modified"` // the checkout had changes that were not committed
	Go       string `json:"go"`
	OS       string `json:"os"`
	Arch     string `json:"arch"`
}

func versionCommand(stdout io.Writer) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Say which version this is / バージョンを表示する",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			v := readVersion()
			if asJSON {
				return json.NewEncoder(stdout).Encode(v)
			}
			_, err := fmt.Fprintf(stdout, "genbo-agent %s (%s, %s/%s)\n", v.build(), v.Go, v.OS, v.Arch)
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON / JSON で出力する")
	return cmd
}

func (v version) build() string {
	switch {
	case v.Revision == "":
		return v.Version
	case v.Modified:
		return v.Version + " " + v.Revision + " with changes"
	default:
		return v.Version + " " + v.Revision
	}
}

func readVersion() version {
	v := version{Version: "(devel)", Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if info.Main.Version != "" {
		v.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Revision = s.Value
		case "vcs.modified":
			v.Modified = s.Value == "true"
		}
	}
	return v
}
