package remedy

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// names is how many names a file has.
func names(f *os.File, _ fs.FileInfo) (uint64, error) {
	var info windows.ByHandleFileInformation
	if err := windows.GetFileInformationByHandle(windows.Handle(f.Fd()), &info); err != nil {
		return 0, err
	}
	return uint64(info.NumberOfLinks), nil
}

// move gives a file another name, in the same folder or another of the same volume, never over one that is there. It goes by paths:
// what is moved is compared with what is held afterwards.
func move(from *os.Root, name string, to *os.Root, target string) error {
	a, err := windows.UTF16PtrFromString(filepath.Join(from.Name(), name))
	if err != nil {
		return err
	}
	b, err := windows.UTF16PtrFromString(filepath.Join(to.Name(), target))
	if err != nil {
		return err
	}
	err = windows.MoveFileEx(a, b, windows.MOVEFILE_WRITE_THROUGH)
	if errors.Is(err, windows.ERROR_NOT_SAME_DEVICE) {
		return errCross
	}
	if err != nil {
		return &fs.PathError{Op: "rename", Path: name, Err: err}
	}
	return nil
}

// syncFolder has nothing to do: NTFS keeps names in its own journal.
func syncFolder(*os.Root) error { return nil }

// keepOwner has nothing to do: a file takes the rights of its folder.
func keepOwner(*os.Root, string, fs.FileInfo) error { return nil }

// private cannot tell: access lists are not in a file's mode.
func private(fs.FileInfo) bool { return true }

// lockAlone keeps other runs away until the file is closed. The lock lies far behind the entries: on Windows it also keeps
// readers from what it covers.
func lockAlone(f *os.File) error {
	return windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0,
		&windows.Overlapped{OffsetHigh: 1 << 30})
}
