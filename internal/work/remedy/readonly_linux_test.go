package remedy

import (
	"errors"
	"os"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// TestReadOnlyFolder: a folder that takes no new names is told, and nothing is changed.
func TestReadOnlyFolder(t *testing.T) {
	const nobody = 65534
	for action, act := range actions(t) {
		t.Run(action, func(t *testing.T) {
			s := newShare(t, "b/b.csv")
			if err := os.Chmod(s.path("b"), 0o555); err != nil {
				t.Fatal(err)
			}
			defer os.Chmod(s.path("b"), 0o755)
			a := s.actor()
			a.reached = func(point string) {
				if point != "begun" || os.Geteuid() != 0 {
					return
				}
				// Root may write everywhere: from here on this thread has the rights of somebody else, to whom the quarantine is open.
				if err := os.Lchown(s.folder, nobody, -1); err != nil && !errors.Is(err, os.ErrNotExist) {
					t.Error(err)
				}
				if err := unix.Setfsuid(nobody); err != nil {
					t.Error(err)
				}
			}
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			results, err := act(s, a)
			if err := unix.Setfsuid(os.Geteuid()); err != nil {
				t.Fatal(err)
			}
			want(t, results, err, "refused "+Denied)
			if s.text(s.path("b/b.csv")) != people || s.leftovers(s.root) != nil {
				t.Error("something was changed")
			}
			s.verified()
		})
	}
}
