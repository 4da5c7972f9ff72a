package scan

import (
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/windows"
)

// openQuietly opens a regular file for reading.
func openQuietly(name string) (*os.File, fs.FileInfo, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	return regular(file)
}

func ownerOf(fs.FileInfo) string { return "" }

// stampOf has the time of creation for that of the entry's change, which Windows gives to opened files only.
func stampOf(info fs.FileInfo) stamp {
	s := stamp{size: info.Size(), modified: info.ModTime().UnixNano()}
	if d, ok := info.Sys().(*syscall.Win32FileAttributeData); ok {
		s.changed = d.CreationTime.Nanoseconds()
	}
	return s
}

// diskEncryption names what encrypts a file on the disk and for its readers nowhere else.
func diskEncryption(_ *os.File, info fs.FileInfo) string {
	if d, ok := info.Sys().(*syscall.Win32FileAttributeData); ok && d.FileAttributes&windows.FILE_ATTRIBUTE_ENCRYPTED != 0 {
		return "EFS"
	}
	return ""
}

// syncFolder has nothing to do: NTFS keeps names in its own journal.
func syncFolder(string) error { return nil }

// dataEnd is the file's end: holes are not asked for here.
func dataEnd(_ *os.File, size int64) int64 { return size }
