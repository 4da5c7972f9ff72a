// Package acttell tells at the terminal what an action on files with people would do, or did: file by file, and in sum.
//
// # What always holds
//
//   - Each file that was refused is named, with the reason and what the system said.
//   - Whatever bytes a name is made of, it stays on its line and moves no cursor.
//   - Nothing of a file's content.
//
// # What this package does not do
//
// It touches no file (package remedy does).
package acttell
