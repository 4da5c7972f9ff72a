//go:build unix

package keyedset

import (
	"fmt"
	"io/fs"

	"genbo"
)

// ownerOnly refuses a key that others on this computer may read or write.
func ownerOnly(path string, info fs.FileInfo) error {
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return fmt.Errorf("%s has mode %04o, so others on this computer can reach it: run chmod 600 on it: %w", path, mode, genbo.ErrForbidden)
	}
	return nil
}
