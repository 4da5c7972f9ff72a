// Package share invents the file shares of offices, and keeps the truth about every person in them.
//
// # Nouns
//
// A [Plan] is a share to be written: how many files, from which seed. A [File] is what is true of one file: its format and encoding,
// how it is locked, and its [Case] list: who stands in it, where, and with which fields. A layout is what a paper looks like (a ledger,
// a mailing list, a letter, the minutes of a meeting), a format is how it lies on disk.
//
// # What always holds
//
//   - The truth is made with the file, by the same words that write it, and apart from every detector: this package uses none.
//   - The same seed gives the same files, byte for byte, but for encryption, which needs fresh randomness.
//   - A file depends on the seed and its place alone, so that files can be written in any order, by several at once.
//   - People are synth's, and exist nowhere.
//
// # What is in a share
//
// The lists of 2015 (form-receipt ledgers, mailing lists, correction lists, review ledgers), letters, minutes, memos, forms, families side by
// side, cards below each other, as offices lay them out: titles above, sums below, headings missing, numbers cut in two or ten, dates in
// every spelling of both calendars. And papers without people that look as if they had some: parts, invoices, firms, time tables, books,
// logs, source code. Which of them lie in archives, mails or locks is drawn too.
//
// # What this package does not do
//
// It finds nothing and judges nobody: package scan is measured against it (genbo bench scan).
package share
