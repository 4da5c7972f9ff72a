package scan

import (
	"syscall"

	"golang.org/x/sys/unix"
)

const noAtime = unix.O_NOATIME

func changed(d *syscall.Stat_t) int64 { return d.Ctim.Nano() }
