//go:build unix && !linux

package watch

// silent is true: kqueue needs a handle for each file of a folder (kqueue(2), EVFILT_VNODE), and those would soon be missing where files
// are to be read. FSEvents is there for cgo alone, which this program does without.
func silent(string) bool { return true }
