package watch

import "io/fs"

// identity is not told by a folder's entry here: a drive that is taken away takes its letter with it.
func identity(fs.FileInfo) string { return "" }
