package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"genbo"
	"genbo/internal/front/page"
	"genbo/internal/work/watch"
)

// callWatch runs the command and returns what it printed and logged.
func callWatch(t *testing.T, args ...string) (out, log string, err error) {
	t.Helper()
	var o, l bytes.Buffer
	cmd := watchCommand(page.Japanese, &o, &l)
	cmd.SetArgs(args)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	err = cmd.ExecuteContext(t.Context())
	return o.String(), l.String(), err
}

func TestWatchOnce(t *testing.T) {
	root, state := t.TempDir(), filepath.Join(t.TempDir(), "state")
	if err := os.WriteFile(filepath.Join(root, "佐藤.csv"), []byte("基礎年金番号,氏名\n1234-567890,佐藤 一郎\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, log, err := callWatch(t, root, "--state", state, "--once")
	if err != nil || out != "" || !strings.Contains(log, `"unprotected":1`) || strings.Contains(log, "佐藤") || strings.Contains(log, root) {
		t.Errorf("%v: %s%s", err, out, log)
	}
	out, _, err = callWatch(t, "--status", "--state", state)
	if err != nil || !strings.Contains(out, "無保護 1 件") || !strings.Contains(out, "停止しています") {
		t.Errorf("%v: %s", err, out)
	}
	out, _, err = callWatch(t, "--status", "--json", "--state", state)
	var s watch.Status
	if json.Unmarshal([]byte(out), &s) != nil || err != nil || s.Phase != watch.Ended || s.Figures.Unprotected() != 1 || s.Agent == "" {
		t.Errorf("%v: %s", err, out)
	}
	if _, _, err := callWatch(t, root, "--state", state, "--once", "--core", "http://127.0.0.1:1"); !errors.Is(err, genbo.ErrUnavailable) {
		t.Errorf("with a core that is down: %v", err)
	}
	if out, _, _ := callWatch(t, "--status", "--state", state); !strings.Contains(out, "送信待ちの結果が 1 件") {
		t.Errorf("what waits: %s", out)
	}
}

func TestWatchEnds(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	cmd := watchCommand(page.English, &bytes.Buffer{}, &bytes.Buffer{})
	cmd.SetArgs([]string{t.TempDir(), "--state", t.TempDir()})
	if err := cmd.ExecuteContext(ctx); err != nil {
		t.Error(err)
	}
}

func TestWatchArguments(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"no folder":        {"--once"},
		"no such folder":   {"--once", filepath.Join(dir, "none")},
		"a file":           {"--once", file},
		"no limit":         {"--once", dir, "--most-mb-s", "-1"},
		"no time":          {"--once", dir, "--full-every", "0s"},
		"core without TLS": {"--once", dir, "--core", "http://genbo.example"},
		"no certificate":   {"--once", dir, "--core", "https://genbo.example"},
		"no status":        {"--status"},
	} {
		if _, _, err := callWatch(t, append(args, "--state", filepath.Join(t.TempDir(), "state"))...); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if got := stateFolder(func(string) string { return "/var/lib/x" }); got != "/var/lib/x" {
		t.Errorf("the state of a service: %s", got)
	}
}
