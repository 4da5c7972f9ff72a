// Package compound opens compound files: the folders and files within one file in which Office before 2007, Outlook and encrypted
// documents lie ([MS-CFB]).
//
// # Nouns
//
// A [Storage] is a folder, a [Stream] a file in it.
//
// # What always holds
//
//   - Nothing is read of a stream before it is asked for, and never more than the caller's limit.
//   - A directory that is larger than any office program makes is an error: neither memory nor stack grow with what a file claims.
//   - Streams whose names begin with a control character, as those of Office do, are named without it.
//
// # What this package does not do
//
// It does not know what a stream means: package lock, document, unlock and archive do.
package compound
