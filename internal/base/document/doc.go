// Package document reads the texts and tables out of the files that offices write, whatever their names say.
//
// # Nouns
//
// A [Type] is what a file is, by its content. A [Sink] takes rows and text, in UTF-8. A [Source] is a file, or a member
// of an archive that lies in memory.
//
// # What always holds
//
//   - The name of a file plays no part.
//   - Reading a document never writes, never follows a link and never resolves an entity of XML.
//   - Memory does not grow with a document, but for the shared texts of a workbook and the streams of a compound file, which have
//     limits; the parts of a document may unpack to so many times its size. What lies beyond a limit is an error that says so:
//     nothing is left out quietly.
//   - A damaged document is an error, never a crash.
//   - Numbers that a word processor cut into several runs of text are whole again: a paragraph is one text.
//
// # How it reads
//
// All formats of angle brackets (docx, pptx, odt, ods, html) go through one scanner of marks and one table of which mark
// is a paragraph, a row or a cell. Workbooks have a reader of their own, because their cells refer to texts and styles
// elsewhere. What Office wrote before 2007 is read from the streams of compound files (package compound), SQLite and dBASE from their
// pages and rows, each table below the names of its columns.
//
// # What this package does not do
//
// It opens no archives (package archive), and does not look for people.
package document
