//go:build unix

package remedy

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// names is how many names a file has.
func names(_ *os.File, info fs.FileInfo) (uint64, error) {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(s.Nlink), nil
	}
	return 1, nil
}

// move gives a file another name, in the same folder or another of the same file system, never over one that is there. Where
// the folders are not of one file system it is errCross.
func move(from *os.Root, name string, to *os.Root, target string) error {
	a, err := from.Open(".")
	if err != nil {
		return err
	}
	defer a.Close()
	b, err := to.Open(".")
	if err != nil {
		return err
	}
	defer b.Close()
	err = renameNew(int(a.Fd()), name, int(b.Fd()), target)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.ENOTSUP) { // an old file system: by a second name
		if err = unix.Linkat(int(a.Fd()), name, int(b.Fd()), target, 0); err == nil {
			err = unix.Unlinkat(int(a.Fd()), name, 0)
		}
	}
	if errors.Is(err, unix.EXDEV) {
		return errCross
	}
	if err != nil {
		return &fs.PathError{Op: "rename", Path: name, Err: err}
	}
	return nil
}

// syncFolder brings the names in a folder to the disk.
func syncFolder(dir *os.Root) error {
	f, err := dir.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// keepOwner gives a file the owner that another has, where the system lets us: only its administrator may.
func keepOwner(dir *os.Root, name string, of fs.FileInfo) error {
	s, ok := of.Sys().(*syscall.Stat_t)
	if !ok || os.Geteuid() != 0 {
		return nil
	}
	return dir.Lchown(name, int(s.Uid), int(s.Gid))
}

// private says whether a folder is ours alone.
func private(info fs.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && int64(s.Uid) == int64(os.Geteuid()) && info.Mode().Perm()&0o077 == 0
}

// lockAlone keeps other runs away until the file is closed.
func lockAlone(f *os.File) error { return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) }
