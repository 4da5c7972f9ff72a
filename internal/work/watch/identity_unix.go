//go:build unix

package watch

import (
	"fmt"
	"io/fs"
	"syscall"
)

// identity tells one folder from another that was mounted in its place.
func identity(info fs.FileInfo) string {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return fmt.Sprintf("%d:%d", s.Dev, s.Ino)
	}
	return ""
}
