//go:build !linux

package watch

// silent is not known: the system refuses to watch what it does not tell of.
func silent(string) bool { return false }
