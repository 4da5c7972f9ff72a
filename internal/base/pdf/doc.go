// Package pdf reads the text of PDF files, as rows where a page is a table, and says how they are locked.
//
// # Nouns
//
// A [Reader] is the machine that reads: PDFium, compiled to WebAssembly, which cannot reach anything outside its own memory. It
// starts with the first file, and several files are read at once. A [Result] says how a file is locked, and what of it could
// not be read.
//
// # What always holds
//
//   - A file that breaks the machine, fills its memory or takes longer than its time costs that machine, never the program:
//     the next file gets a new one.
//   - A file whose text opens without a secret is open, whatever it forbids its readers (printing, copying).
//   - What has no text (a picture of a page) is told: nothing is left out quietly.
//   - Nothing is written but the compiled machine itself, in the user's cache folder if one is given.
//
// # What happens
//
//  1. The file is opened with the empty password, then with those that are given.
//  2. Of each page the pieces of text come with their places. Pieces at one height are a line; a wide gap parts cells. A page
//     most of whose lines have three cells or more is a table, and its columns are where no line has text.
//  3. What stands in notes and forms follows as text; attached files are handed out as they are.
//
// # What this package does not do
//
// It recognises no characters in pictures, and does not look for people.
package pdf
