// Package scan finds every file with people in it below some folders, and says whether it is locked.
//
// # Nouns
//
// A [File] is what was found out about one file: what it is, how it is locked, how many cases it holds of which fields, and
// what could not be read of it and why. A [Report] is all files and their sums. A case is one person in one place; persons are
// counted apart, each once over all files. With a register's numbers and names (package keyedset) a case is joined: it is
// matched, unmatched, ambiguous, unjoined, or a decoy, which tells of which extract the file is a copy.
//
// # What always holds
//
//   - Nothing is written but [Known], nothing is unpacked to disk, no link is followed, no device or pipe is opened. Access times stay as
//     they were where the system allows.
//   - Nothing is left out quietly: what was not read, wholly or in part, is in the report with the reason.
//   - A report holds counts and paths; of persons nothing, or samples that are masked, or with Show a few in the clear.
//   - A parser that breaks costs one file, never the scan.
//   - Memory is bounded: by a piece of text for each worker, what a document of an office program needs within its limits, and
//     12 bytes for each person found; beside the register's map, 2 bytes for each of its persons.
//
// # What happens
//
//  1. One goroutine walks the folders and lists what is no regular file.
//  2. Workers take the files. One that is what it was in a former scan is taken from [Known]. Of the others, each is known by its content; archives and mails are opened in memory, layer by layer.
//  3. Texts and tables go to package detect; its cases are counted, joined many at once, and the persons' keys noted.
//  4. The sums are made when all files are done, or when it is interrupted: then the report says so.
package scan
