package scan

import (
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

const noAtime = unix.O_NOATIME

func changed(d *syscall.Stat_t) int64 { return d.Ctim.Nano() }

// diskEncryption names what encrypts a file on the disk and for its readers nowhere else.
func diskEncryption(file *os.File, _ fs.FileInfo) string {
	var s unix.Statx_t
	if err := unix.Statx(int(file.Fd()), "", unix.AT_EMPTY_PATH, 0, &s); err == nil && s.Attributes&unix.STATX_ATTR_ENCRYPTED != 0 {
		return "fscrypt"
	}
	return ""
}

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
