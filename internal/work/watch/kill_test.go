//go:build linux

package watch

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestMain lets the test's program be the child that is killed.
func TestMain(m *testing.M) {
	if root := os.Getenv("GENBO_TEST_WATCH_ROOT"); root != "" {
		most, _ := strconv.ParseInt(os.Getenv("GENBO_TEST_WATCH_MOST"), 10, 64) // none is no limit
		if err := child(root, os.Getenv("GENBO_TEST_WATCH_STATE"), most); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func child(root, state string, most int64) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	late := func() time.Time { return time.Now().Add(time.Hour) } // by then all files have settled
	w, err := Open(Options{Roots: []string{root}, State: state, Now: late, Report: time.Millisecond, Most: most, Log: slog.New(slog.NewJSONHandler(os.Stderr, nil))})
	if err != nil {
		return err
	}
	return w.Run(ctx)
}

// spawn starts a watch as a process of its own.
func spawn(t *testing.T, root, state string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	log := &bytes.Buffer{}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "GENBO_TEST_WATCH_ROOT="+root, "GENBO_TEST_WATCH_STATE="+state, "GORACE=atexit_sleep_ms=0")
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _, _ = cmd.Process.Wait() })
	return cmd, log
}

// TestKilled: a process that is killed at any moment, again and again, goes on where it was, and comes to the same figures as one
// that is not.
func TestKilled(t *testing.T) {
	root, state := t.TempDir(), t.TempDir()
	const files = 2000
	for i := range files {
		write(t, table(i%900, 40), root, fmt.Sprint(i%40), fmt.Sprintf("%d.csv", i))
	}
	undisturbed := once(t, Options{Roots: []string{root}, State: t.TempDir(), Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	known := 0
	for i := 0; i < 12 || known == 0 && i < 100; i++ { // on a slow machine it is long before anything is kept
		cmd, log := spawn(t, root, state)
		time.Sleep(time.Duration(20+15*i) * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		if strings.Contains(log.String(), "damaged") {
			t.Errorf("after %d kills: %s", i, log)
		}
		s, anew, err := openState(state, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		if n := s.about.Sums.Files; n < known || anew == "damaged" {
			t.Errorf("after %d kills %d files are known, %d before", i+1, n, known)
		} else {
			known = n
		}
		if err := s.close(); err != nil {
			t.Fatal(err)
		}
	}
	if known == 0 {
		t.Error("nothing was kept of all that was read")
	}
	r := &running{t: t, dir: state}
	spawned := time.Now().Add(time.Hour) // by the child's clock
	cmd, log := spawn(t, root, state)
	eventually(t, "it comes to the end", func() bool {
		s, err := readStatus(state)
		return err == nil && s.Since.After(spawned) && s.Full != nil && s.Full.After(spawned)
	})
	f := r.until("it tells all", func(f *Findings) bool { return f.Files == files })
	if d := cmp.Diff(undisturbed.Fields, f.Fields); d != "" || f.Persons != undisturbed.Persons || !f.Complete {
		t.Errorf("%+v\n%s", f, d)
	}
	begun := time.Now()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil || time.Since(begun) > time.Second {
		t.Errorf("SIGTERM: %v after %v: %s", err, time.Since(begun), log)
	}
	last := &logged{}
	last.b.Write(log.Bytes())
	if n := reads(t, last); n > files-known {
		t.Errorf("%d were known, and %d of %d read in the end", known, n, files)
	}
	if s, err := ReadStatus(state); err != nil || s.Phase != Ended {
		t.Errorf("%+v, %v", s, err)
	}
}

// TestTermInLargeFile: a file that takes minutes does not keep it from ending.
func TestTermInLargeFile(t *testing.T) {
	root, state := t.TempDir(), t.TempDir()
	file, err := os.Create(filepath.Join(root, "large.csv"))
	if err != nil {
		t.Fatal(err)
	}
	line := []byte(strings.Repeat("abc def ghi 12345 6789,", 40) + "\n")
	if _, err := file.Write(bytes.Repeat(line, 20_000)); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GENBO_TEST_WATCH_MOST", "100000") // bytes a second
	cmd, log := spawn(t, root, state)
	time.Sleep(500 * time.Millisecond)
	if s, err := ReadStatus(state); err != nil || s.Phase != Scanning && s.Phase != Resting {
		t.Errorf("%+v, %v", s, err)
	}
	begun := time.Now()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil || time.Since(begun) > time.Second {
		t.Errorf("%v after %v: %s", err, time.Since(begun), log)
	}
}
