//go:build unix && !linux

package keyedset

func largePages([]byte) {}
