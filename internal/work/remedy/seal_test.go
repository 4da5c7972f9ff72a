package remedy

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"filippo.io/age"
	"golang.org/x/crypto/ssh"
	"golang.org/x/sys/unix"

	"genbo"
)

var identity, _ = age.GenerateX25519Identity()

func (s *share) recipients() []age.Recipient { return []age.Recipient{identity.Recipient()} }

// opened is what a sealed file holds.
func opened(t *testing.T, path string) string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	r, err := age.Decrypt(f, identity)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestSeal(t *testing.T) {
	s := newShare(t, "a.csv", "b/two\nlines.csv", "bad\xff.csv", "taken.csv")
	s.write("taken.csv.age", "other")
	before, err := os.Stat(s.path("a.csv"))
	if err != nil {
		t.Fatal(err)
	}
	a := s.actor()
	results, err := a.Seal(t.Context(), s.items(), s.recipients())
	want(t, results, err, "done", "done", "done", "refused exists")
	for i, name := range []string{"a.csv", "b/two\nlines.csv", "bad\xff.csv"} {
		if got := opened(t, s.path(name)+".age"); got != people+strings.Repeat("行\n", i) {
			t.Errorf("%q opens as %q", name, got)
		}
		if _, err := os.Lstat(s.path(name)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%q is still there: %v", name, err)
		}
		if results[i].To != s.path(name)+".age" {
			t.Errorf("%q is told to be at %q", name, results[i].To)
		}
	}
	if s.text(s.path("taken.csv.age")) != "other" || s.text(s.path("taken.csv")) == "" {
		t.Error("a file was written over")
	}
	after, err := os.Stat(s.path("a.csv.age"))
	if err != nil || !after.ModTime().Equal(before.ModTime()) || after.Mode() != before.Mode() {
		t.Errorf("%v, %v: the time and rights are not the original's", after, err)
	}
	if left := s.leftovers(s.root); left != nil {
		t.Error(left)
	}
	s.verified()
}

// TestAgeOpens: age's own program opens what was sealed.
func TestAgeOpens(t *testing.T) {
	if _, err := exec.LookPath("age"); err != nil && os.Getenv("GENBO_TEST_ALL") == "" {
		t.Skip("age is not installed")
	}
	s := newShare(t, "a.csv")
	results, err := s.actor().Seal(t.Context(), s.items(), s.recipients())
	want(t, results, err, "done")
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte(identity.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("age", "-d", "-i", key, s.path("a.csv.age")).Output()
	if err != nil || string(out) != people {
		t.Errorf("%q, %v", out, err)
	}
}

// TestSealBrokenOff: at every moment of a crash the original or the whole sealed file is there.
func TestSealBrokenOff(t *testing.T) {
	for point, outcome := range map[string]string{"begun": "undone", "sealing": "undone", "sealed": "undone", "named": "undone", "aside": "undone", "acted": "done"} {
		t.Run(point, func(t *testing.T) {
			s := newShare(t, "b/bad\xff.csv")
			path := s.path("b/bad\xff.csv")
			if !s.crash(point, func(a *Actor) { _, _ = a.Seal(t.Context(), s.items(), s.recipients()) }) {
				t.Fatal("the point was not reached")
			}
			if point != "aside" && s.text(path) != people && opened(t, path+".age") != people {
				t.Fatal("neither is there")
			}
			a := s.actor()
			results, err := a.Recover()
			want(t, results, err, outcome)
			if outcome == "undone" {
				if s.text(path) != people || s.text(path+".age") != "" {
					t.Error("it is not as it was")
				}
				results, err = a.Seal(t.Context(), s.items(), s.recipients())
				want(t, results, err, "done")
			}
			if s.text(path) != "" || opened(t, path+".age") != people {
				t.Error("it is not sealed")
			}
			if left := s.leftovers(s.root); left != nil {
				t.Error(left)
			}
			s.verified()
		})
	}
}

// TestReadOnlyFolder: a folder that takes no new names is told, and nothing is changed.
func TestReadOnlyFolder(t *testing.T) {
	for action, act := range actions(t) {
		t.Run(action, func(t *testing.T) {
			s := newShare(t, "b/b.csv")
			a := s.actor()
			if action == "quarantine" {
				if err := os.Mkdir(s.folder, 0o700); err != nil {
					t.Fatal(err)
				}
			}
			for _, err := range []error{os.Chmod(s.path("b/b.csv"), 0o644), os.Chmod(s.path("b"), 0o555), os.Chmod(s.root, 0o755), os.Chmod(filepath.Dir(s.root), 0o755), os.Chmod(filepath.Dir(filepath.Dir(s.root)), 0o755)} {
				if err != nil {
					t.Fatal(err)
				}
			}
			defer os.Chmod(s.path("b"), 0o755)
			runtime.LockOSThread() // the rights of a thread: root may write everywhere. The thread ends with the test.
			if os.Geteuid() == 0 {
				if err := unix.Setfsuid(65534); err != nil {
					t.Fatal(err)
				}
				defer unix.Setfsuid(0)
			}
			a.Journal.order = nil
			results, err := act(s, a)
			if action == "quarantine" && os.Geteuid() == 0 { // the quarantine is root's, so that it is refused already
				if err == nil {
					t.Error("no error")
				}
			} else {
				want(t, results, err, "refused denied")
			}
			if s.text(s.path("b/b.csv")) != people || s.leftovers(s.root) != nil {
				t.Error("something was changed")
			}
		})
	}
}

func TestParseRecipients(t *testing.T) {
	public, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ssh.NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	text := "# keys of the office\n\n" + identity.Recipient().String() + "\n" + string(ssh.MarshalAuthorizedKey(key))
	if list, err := ParseRecipients(strings.NewReader(text)); err != nil || len(list) != 2 {
		t.Errorf("%v, %v", list, err)
	}
	for name, text := range map[string]string{"nothing": "# none\n", "a secret key": identity.String(), "rubbish": "ssh-rubbish"} {
		_, err := ParseRecipients(strings.NewReader(text))
		if !errors.Is(err, genbo.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "AGE-SECRET") {
			t.Errorf("%s: the error holds the key", name)
		}
	}
}
