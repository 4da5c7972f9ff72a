//go:build unix

package scan

import (
	"errors"
	"io/fs"
	"os"
	"os/user"
	"strconv"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// openQuietly opens a regular file for reading: it follows no link, waits for no pipe, and leaves the time of access as
// it was where the system lets us.
func openQuietly(name string) (*os.File, fs.FileInfo, error) {
	const flags = unix.O_RDONLY | unix.O_NOFOLLOW | unix.O_NONBLOCK | unix.O_CLOEXEC
	fd, err := unix.Open(name, flags|noAtime, 0)
	if errors.Is(err, unix.EPERM) && noAtime != 0 { // only a file's owner may ask for that
		fd, err = unix.Open(name, flags, 0)
	}
	if err != nil {
		return nil, nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	file := os.NewFile(uintptr(fd), name)
	return regular(file)
}

var owners sync.Map // uid → name

// ownerOf is the name of a file's owner.
func ownerOf(info fs.FileInfo) string {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	id := strconv.FormatUint(uint64(stat.Uid), 10)
	if name, ok := owners.Load(id); ok {
		return name.(string)
	}
	name := id
	if u, err := user.LookupId(id); err == nil {
		name = u.Username
	}
	owners.Store(id, name)
	return name
}

func stampOf(info fs.FileInfo) stamp {
	s := stamp{size: info.Size(), modified: info.ModTime().UnixNano()}
	if d, ok := info.Sys().(*syscall.Stat_t); ok {
		s.changed, s.inode = changed(d), d.Ino
	}
	return s
}

// syncFolder brings the names in a folder to the disk.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
