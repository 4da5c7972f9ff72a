// Package filter makes the filter of a register: the file by which a scan elsewhere says whose the people are that it finds.
//
// # Nouns
//
// The filter is a map of package keyedset. Its tokens are of every number that anybody has or had, current, retired, merged,
// old or provisional; of every name, in kanji, kana and letters, with every date of birth; and of the decoys of every extract
// of which a file was made. The value of a person's tokens is his ordinal: one for him and for all who are merged into him.
//
// # What always holds
//
//   - The journal says who makes a filter, of how many people and until when it is good, before the first number is opened.
//   - A name with a date of birth that several share leads to none of them: it is ambiguous.
//   - What was entered by mistake and withdrawn leads to nobody.
//   - Nothing but tokens is written, in the temporary files neither; memory does not grow with the register, but for some
//     20 bytes for each who is merged.
//
// # Step by step
//
//  1. Everybody is listed, and whom each is merged into.
//  2. The journal writes that the filter is made.
//  3. Run by run, in parallel, numbers, names and dates of birth are opened, made tokens, and forgotten.
//  4. The decoys follow, and the file is written: whole, or not at all.
//
// # What this package does not do
//
// It does not say who may make a filter: the operator of the machine may, who has the register's keys.
package filter
