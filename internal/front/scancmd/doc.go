// Package scancmd is the command "scan" as both programs have it: its flags, its progress and its report at the terminal.
//
// # What always holds
//
//   - The report holds counts and paths, never what stands in the files.
//   - The exit status is for scripts: 0 nothing unprotected was found, 1 the scan could not begin, 3 unprotected cases were
//     found, 4 not everything could be read (with --fail-on-incomplete), 130 it was interrupted.
//
// # What this package does not do
//
// It finds nothing (package scan).
package scancmd
