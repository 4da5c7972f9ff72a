package keyedset

import "golang.org/x/sys/unix"

// largePages asks for them; where there are none, small ones do.
func largePages(b []byte) { _ = unix.Madvise(b, unix.MADV_HUGEPAGE) }
