package scan

import (
	"io/fs"
	"os"
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
