// Package lock says whether a file is locked: whether its content can be read without a secret.
//
// # Nouns
//
// A [State] is one of four. Open: anybody reads it. Weak: a secret was asked for, but who wants to reads it all the
// same (ZipCrypto, RC4, XOR). Locked: nobody reads it without the secret. Unreadable: this program could not tell, because
// the file is damaged, unknown or beyond a limit; it counts as a failure, never as locked.
//
// # What always holds
//
//   - What only looks locked is open: protection of sheets and of editing, "read-only recommended".
//   - A file is as well locked as its least locked part: one open member makes an archive open.
//
// # What this package does not do
//
// It opens nothing (package unlock), does not know which passwords lie beside a file (package scan), and leaves the locks of archives and PDF
// to those who read them.
package lock
