//go:build unix

package keyedset

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// reserve returns n zero words outside the collector's heap: a map of gigabytes there would let the heap grow to twice as
// much before anything is freed. In large pages, where the system has them, a look into it saves one at the page
// table; in small ones, what is never written takes no memory.
func reserve(n int64, large bool) ([]uint64, error) {
	if n == 0 {
		return nil, nil
	}
	b, err := unix.Mmap(-1, 0, int(n*8), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		return nil, fmt.Errorf("%d bytes of memory: %w", n*8, err)
	}
	if large {
		largePages(b)
	}
	return unsafe.Slice((*uint64)(unsafe.Pointer(&b[0])), n), nil
}

func release(words []uint64) error {
	if len(words) == 0 {
		return nil
	}
	return unix.Munmap(unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), 8*len(words)))
}
