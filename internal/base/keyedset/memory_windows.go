package keyedset

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/windows"
)

// reserve returns n zero words outside the collector's heap: a map of gigabytes there would let the heap grow to twice as
// much before anything is freed.
func reserve(n int64, _ bool) ([]uint64, error) {
	if n == 0 {
		return nil, nil
	}
	at, err := windows.VirtualAlloc(0, uintptr(n*8), windows.MEM_RESERVE|windows.MEM_COMMIT, windows.PAGE_READWRITE)
	if err != nil {
		return nil, fmt.Errorf("%d bytes of memory: %w", n*8, err)
	}
	// The address is the system's, not the collector's: it is read through a pointer to it, as vet wants it.
	return unsafe.Slice(*(**uint64)(unsafe.Pointer(&at)), n), nil
}

func release(words []uint64) error {
	if len(words) == 0 {
		return nil
	}
	return windows.VirtualFree(uintptr(unsafe.Pointer(&words[0])), 0, windows.MEM_RELEASE)
}
