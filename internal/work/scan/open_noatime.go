//go:build unix && !linux

package scan

const noAtime = 0
