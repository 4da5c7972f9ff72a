package foreign_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"genbo"
	"genbo/internal/base/foreign"
)

var columns = []string{"number", "name", "note"}

func rows(n int) foreign.Rows {
	return func(yield func([]string, error) bool) {
		for i := range n {
			if !yield([]string{fmt.Sprintf("0100-%06d", i), "試験　アアアア", "=1+1"}, nil) {
				return
			}
		}
	}
}

func TestPassphrases(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		pass := foreign.Passphrase()
		if len(pass) != 29 || seen[pass] {
			t.Fatalf("the pass phrase %q is too short, or came twice", pass)
		}
		seen[pass] = true
	}
}

// There is no way to write a file that is not encrypted, or weakly.
func TestNothingWithoutEncryption(t *testing.T) {
	for _, pass := range []string{"", "password", "12345678", strings.Repeat("a", 29), "bcdf-ghjk"} {
		var b bytes.Buffer
		if err := foreign.XLSX(&b, pass, columns, 1, rows(1)); !errors.Is(err, genbo.ErrInvalid) || b.Len() > 0 {
			t.Errorf("a workbook with the pass phrase %q: %d bytes, %v", pass, b.Len(), err)
		}
		if err := foreign.ZIP(&b, pass, "list.csv", columns, rows(1)); !errors.Is(err, genbo.ErrInvalid) || b.Len() > 0 {
			t.Errorf("an archive with the pass phrase %q: %d bytes, %v", pass, b.Len(), err)
		}
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	key := identity.Recipient().String()
	for _, recipient := range []string{"", "age1nokey", identity.String(), key + "\n" + key, "# " + key, "ssh-ed25519 AAAA"} {
		var b bytes.Buffer
		if err := foreign.Age(&b, recipient, columns, rows(1)); !errors.Is(err, genbo.ErrInvalid) || b.Len() > 0 {
			t.Errorf("a file for %q: %d bytes, %v", recipient, b.Len(), err)
		}
	}
	if err := foreign.XLSX(io.Discard, foreign.Passphrase(), columns, foreign.MaxSheetRows+1, rows(1)); !errors.Is(err, genbo.ErrInvalid) {
		t.Errorf("more rows than a sheet has: %v", err)
	}
}

func TestAge(t *testing.T) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := foreign.Age(&b, identity.Recipient().String(), columns, rows(2)); err != nil {
		t.Fatal(err)
	}
	r, err := age.Decrypt(&b, identity)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if want := "\ufeffnumber,name,note\r\n0100-000000,試験　アアアア,'=1+1\r\n0100-000001,試験　アアアア,'=1+1\r\n"; err != nil || string(text) != want {
		t.Errorf("the contractor reads %q, %v; want %q", text, err, want)
	}
}

// need finds a program, or leaves the test out where that is allowed.
func need(t *testing.T, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("GENBO_TEST_ALL") != "" {
		t.Fatalf("there is no %s: ./check install", names[0])
	}
	t.Skipf("left out: there is no %s (./check install)", names[0])
	return ""
}

func TestSevenZip(t *testing.T) {
	program := need(t, "7zz", "7z")
	pass := foreign.Passphrase()
	for _, count := range []int{1, 50_000} {
		path := filepath.Join(t.TempDir(), "list.zip")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(foreign.ZIP(f, pass, "list.csv", columns, rows(count)), f.Close()); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(program, "x", "-so", "-p"+pass, path).Output()
		if err != nil || strings.Count(string(out), "\n") != count+1 || !strings.Contains(string(out), "0100-000000,試験　アアアア,'=1+1\r\n") {
			t.Fatalf("7-Zip reads %d bytes of %d rows, %v", len(out), count, err)
		}
		for _, wrong := range []string{"-p" + foreign.Passphrase(), "-pnone"} {
			out, err := exec.Command(program, "x", "-so", wrong, path).Output()
			if err == nil || len(out) > 0 {
				t.Errorf("7-Zip opens the archive without its pass phrase: %d bytes, %v", len(out), err)
			}
		}
		list, err := exec.Command(program, "l", "-slt", path).Output()
		if err != nil || !strings.Contains(string(list), "AES-256") {
			t.Errorf("7-Zip does not say AES-256: %v\n%s", err, list)
		}
	}
}

func TestLibreOffice(t *testing.T) {
	program, python := need(t, "soffice"), need(t, "/usr/bin/python3")
	if err := exec.Command(python, "-c", "import uno").Run(); err != nil {
		need(t, "python3-uno")
	}
	port := freePort(t)
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(stop)
	office := exec.CommandContext(ctx, program, "--headless", "--norestore", "--nologo", "-env:UserInstallation=file://"+t.TempDir(),
		"--accept=socket,host=127.0.0.1,port="+port+";urp;")
	if err := office.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		_ = office.Wait()
		_ = exec.Command("pkill", "-f", "port="+port).Run()
	})
	pass := foreign.Passphrase()
	for _, count := range []int{1, 20_000} {
		path := filepath.Join(t.TempDir(), "list.xlsx")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(foreign.XLSX(f, pass, columns, count, rows(count)), f.Close()); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(ctx, python, "testdata/open.py", port, path, pass).CombinedOutput()
		if err != nil || strings.Count(string(out), "\n") != count+1 || !strings.Contains(string(out), "\n0100-000000|試験　アアアア|=1+1\n") {
			t.Fatalf("LibreOffice reads %.300q, %v", out, err)
		}
		for _, wrong := range []string{"", foreign.Passphrase()} {
			out, err := exec.CommandContext(ctx, python, "testdata/open.py", port, path, wrong).CombinedOutput()
			if err == nil || !strings.Contains(string(out), "refused") {
				t.Errorf("LibreOffice opens the workbook with %q: %v %.300q", wrong, err, out)
			}
		}
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

func BenchmarkZIP(b *testing.B) {
	pass := foreign.Passphrase()
	b.SetBytes(int64(100_000 * len("0100-000000,試験　アアアア,'=1+1\r\n")))
	for b.Loop() {
		if err := foreign.ZIP(io.Discard, pass, "list.csv", columns, rows(100_000)); err != nil {
			b.Fatal(err)
		}
	}
}
