package watch

import "golang.org/x/sys/unix"

// Of sys/resource.h.
const (
	prioDarwinProcess = 4
	prioDarwinBg      = 0x1000
)

// stepBack makes the program one of the background, for processors, disks and network.
func stepBack() error { return unix.Setpriority(prioDarwinProcess, 0, prioDarwinBg) }
