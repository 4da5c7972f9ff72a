// Package mark gives every file of an extract marks of its own, and names the extract that a leaked copy came from.
//
// # Nouns
//
// A [Key] is made from an extract's secret and makes its marks. A [Decoy] is a person who does not exist, in a file
// among those who do. A spelling is one of two ways to write the same thing: a blank of half or full width in a
// name, digits of half or full width in an address. The order is that of the rows. A [Copy] is what was found
// outside: cells of text, whatever file they stood in. A [Suspect] is an extract with the evidence against it.
//
// # What always holds
//
//   - Marks change no content: whoever normalises a cell by Unicode's NFKC gets what the register says.
//   - Without the secret, a spelling or a rank is a coin toss: whoever holds two extracts cannot make a third's
//     marks, and a copy of one agrees with any other in half of its bits.
//   - The doubt of a suspect bounds how probable evidence this strong is for an extract that the copy did not come
//     from, already multiplied by the number of extracts that were tried. Below [Accused] it is an accusation.
//   - Each mark is evidence by itself: sorting ends the order, retyping ends the spelling, and decoys stay.
//
// # Step by step
//
//  1. [Decoys] invents people; [Key.Arrange] puts the rows in order; [Key.Spell] writes each cell.
//  2. [Read] reads a copy: text of any kind in UTF-8, UTF-16 or CP932, workbooks, documents.
//  3. [Copy.Try] makes it ready, [Trial.Against] weighs one extract after another, [Rank] puts them in order.
//
// The mathematics, and what was measured: docs/design/0012-marks.md.
//
// # What this package does not do
//
// It keeps nothing and knows no register: package handover does.
package mark
