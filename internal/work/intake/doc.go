// Package intake takes files of people into the register.
//
// A file is CSV, one person a line, in UTF-8, UTF-16 or CP932, with headers in English or Japanese (see
// [Columns]); dates in either calendar, full or half width. What every pension office has is kanji, kana and
// a date of birth; the rest may be empty.
//
// # What happens
//
//  1. The file is read once for its hash, by which it is known: the same file is taken in once.
//  2. Lines are read in order; each is checked, cleaned and sealed, many at a time in parallel.
//  3. A batch is written in one transaction: people, what they are found by, the journal's entry, the lines
//     rejected, and how far the file has come.
//  4. At the end every line is accounted for: accepted, known already, or rejected.
//
// # What always holds
//
//   - Lines in = accepted + known + rejected, at every commit.
//   - A file that was stopped, by Ctrl-C, a full disk or a power cut, goes on behind its last committed batch.
//   - A line is taken in whole or not at all, and a rejected line is told by number, column and rule, never by
//     what stands in it. A column that nobody knows stops the file before its first line.
//   - A person whose number is in the register already is known, and nothing of him is changed.
//
// # What this package does not do
//
// It does not match people: that two numbers belong to one person is found later, by people.
package intake
