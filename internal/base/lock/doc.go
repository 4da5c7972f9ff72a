// Package lock says whether a file is locked: whether its content can be read without a secret.
//
// # Nouns
//
// A [State] is one of four. Open: anybody reads it. Weak: a secret was asked for, but who wants to reads it all the
// same (ZipCrypto, RC4 with 40 bits, XOR, a password that everybody knows or that lies beside the file). Locked: nobody reads it
// without the secret. Unreadable: this program could not tell, because the file is damaged, unknown or beyond a limit; it counts as
// a failure, never as locked.
//
// # What always holds
//
//   - What only looks locked is open: protection of sheets and of editing, "read-only recommended", a PDF with an owner's
//     password only.
//   - A file is as well locked as its least locked part: one open member makes an archive open.
//   - No password is tried but those that the caller gives and the ones that programs use without asking.
//
// # What this package does not do
//
// It breaks no password, and judges no key's strength.
package lock
