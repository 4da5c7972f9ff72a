// Package detect finds people in tables and running text.
//
// # Nouns
//
// A [Case] is one person in one place: a row of a table, a letter, a line of a ledger. It has the fields that stand
// there of him (N number, A name, B date of birth, D address, S sex, P telephone, K bank account, M My Number, E mail) and a
// [Certainty]. A [Finder] is given rows and text, always in UTF-8, and hands out cases.
//
// # What always holds
//
//   - A case has a number, a My Number, or a name. An address, a date or a telephone number by itself is nobody.
//   - Not more than a sample of rows is kept, so memory does not grow with the file.
//   - Nothing is remembered of a person once his case has been handed out.
//
// # How a table is read
//
//  1. The first 200 rows wait. A row of words that stand over columns (氏名, 生年月日) is a heading and begins a table.
//  2. Each column gets a kind by its heading and its cells together. A heading of something else (品番, 電話) keeps a column from
//     being a pension number, whatever its cells look like; without a heading the cells must agree, and a number of
//     ten digits needs names or dates of birth beside it.
//  3. Where names repeat under headings of several people (氏名, 配偶者氏名), a row is several cases.
//  4. From then on a row costs a look at the columns that have a kind. Rows that fit no more begin step 1 again.
//  5. A table without any such column is read as text, row by row: forms with the words at the left are that. In a file of text, the rows behind
//     its sample are passed over, but for those with a word that says what a value is, until a heading or a blank row, or until people begin.
//
// # How records of fixed length are read
//
// They have no delimiters and no heading. Values that their form tells (a My Number, 4-6, a date) at one place of nearly all records are fields; others begin
// where the sort of character changes, or after blanks. From there on they are a table.
//
// # How text is read
//
// Only lines that may tell of a person are looked at: with a number, a date, an @ or a word like 氏名; of lines of ASCII alone those with a label, or with
// a number written 4-6 and a date. Numbers, dates of birth, addresses and names are taken by their labels (生年月日, 様, 〒) and by what they are
// made of; those that stand within three lines of each other make a case, until a second number or name begins the next. A letter is one case: what it
// says under a label, within thirty lines, is of whom it is addressed to. A sentence speaks for itself. The block of an office that sends a letter is not the person's.
//
// # What this package does not do
//
// It opens no files (package document), and does not know who the people are.
package detect
