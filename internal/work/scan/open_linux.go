package scan

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

const noAtime = unix.O_NOATIME

func changed(d *syscall.Stat_t) int64 { return d.Ctim.Nano() }

// mostExtents bounds how many pieces of a sparse file are asked for.
const mostExtents = 4096

// dataEnd is where the last of a file's data ends: behind it is a hole, which reads as zeros and takes no room on the disk.
func dataEnd(file *os.File, size int64) int64 {
	fd, end := int(file.Fd()), int64(0)
	for range mostExtents {
		data, err := unix.Seek(fd, end, unix.SEEK_DATA)
		if err == unix.ENXIO {
			return end
		}
		hole, failed := unix.Seek(fd, data, unix.SEEK_HOLE)
		if err != nil || failed != nil || hole <= end || hole >= size {
			break
		}
		end = hole
	}
	return size
}
