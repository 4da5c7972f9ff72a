//go:build unix

package vault

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"genbo"
)

// ownerOnly refuses a secret that another account owns or that anyone but its owner may read or write.
func ownerOnly(path string, info fs.FileInfo) error {
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return fmt.Errorf("%s has mode %04o, so others on this machine can reach it: run chmod 600 %s: %w", path, mode, path, genbo.ErrForbidden)
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && int(stat.Uid) != os.Geteuid() {
		return fmt.Errorf("%s belongs to another account: %w", path, genbo.ErrForbidden)
	}
	return nil
}
