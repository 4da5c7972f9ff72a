// Package archive hands out the members of archives, compressed files and mails, and the files embedded in documents, one after the
// other.
//
// # Nouns
//
// A [Member] is a file in an archive: its name, how it is locked, and its content as a stream. [Limits] bound what an archive may
// make us read.
//
// # What always holds
//
//   - Nothing is unpacked to disk.
//   - An archive that would unpack to more bytes, members or layers than the limits is left with an error of the family
//     [ErrLimit] that says which; what was handed out before stays so.
//   - A damaged or locked member is handed out as such: it is never left out.
//   - Names are text: those of zips made by Windows are in CP932 and become UTF-8.
//
// # What this package does not do
//
// It does not look into members that are archives themselves: the caller does, and counts the layers.
package archive
