// Package sealed is the form of the files in which lists leave the core for one member of staff: sealed files.
//
// # Nouns
//
// A sealed file is an age file whose file key only the core can unwrap. Its one [Stanza] names the extract and
// the seal, and carries the file key under a key made from the extract's share, which the core keeps and
// destroys at the extract's end. A [Binding] says for whom, on which device and until when it opens. What is
// inside is a [Manifest], then rows as CSV, then a trailer; manifest and trailer are signed by the core.
//
// # What always holds
//
//   - Whoever has the file and nothing else reads nothing of it, for ever; so does whoever has the file and
//     the share, but another member of staff, device or time than the binding's.
//   - A file that was cut, altered or put together from two is found out before a row of it is shown.
//   - Writing and reading take constant memory, whatever the number of rows.
//   - The header is age's: its tools inspect it, and say that no identity matches.
//
// # Step by step
//
// The core: [NewShare] once an extract; [NewWriter], [Writer.WriteRow] and [Writer.Close] for each file. The
// agent: [ReadStanza], which it sends to the core; the core: [Unwrap]; the agent: [NewView] with the file key.
// The format byte by byte: docs/design/0011-sealed-files.md.
//
// # What this package does not do
//
// It does not decide who may open what, and keeps no key.
package sealed
