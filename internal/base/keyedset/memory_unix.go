//go:build unix

package keyedset

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// reserve returns n zero words outside the collector's heap: a map of gigabytes there would let the heap grow to twice as
// much before anything is freed. Where the system can, it lies in large pages, which saves a look at the page table
// for each question.
func reserve(n int64) ([]uint64, error) {
	if n == 0 {
		return nil, nil
	}
	b, err := unix.Mmap(-1, 0, int(n*8), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		return nil, fmt.Errorf("%d bytes of memory: %w", n*8, err)
	}
	largePages(b)
	return unsafe.Slice((*uint64)(unsafe.Pointer(&b[0])), n), nil
}

func release(words []uint64) error {
	if len(words) == 0 {
		return nil
	}
	return unix.Munmap(unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), 8*len(words)))
}
