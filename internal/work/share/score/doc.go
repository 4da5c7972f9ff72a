// Package score compares what a scanner found in an invented share with what is true of it.
//
// # Nouns
//
// A [Found] is a case as the scanner tells it. A [Tally] counts, of one field or field set, what was found and true, found and
// not true, and true and not found; from it come precision, recall and F1.
//
// # What always holds
//
//   - A case is matched by its number, else by its name and date of birth, within one file, with one true case at most.
//   - A field counts as found only if its value is the true one, where the scanner tells values: number, name and date of birth. Other fields
//     count where they stand.
//   - A true case that nothing matches is missed with all its fields; a found one that matches nothing is wrong with all of them.
//
// # What this package does not do
//
// It writes no share (package share) and scans none (package scan).
package score
