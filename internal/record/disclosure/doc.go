// Package disclosure answers who holds which fields of whom: the disclosure index.
//
// # Nouns
//
// A disclosure is an entry of the journal by which somebody saw fields of people, or got them into his hands
// ([journal.Action.Discloses]). A segment is all disclosures of one day by one member of staff on one device,
// for one purpose, from one extract, of one set of fields; it holds its people as a compressed set. A
// [Question] chooses segments and a window of time; its [Answer] counts persons and cases, by the widest set of
// fields of each person.
//
// # What always holds
//
//   - The index is a fold of the journal and of nothing else. Made anew it has the same bits ([Index.Verify]).
//   - An answer includes whatever was committed before the question was asked, and is exact to the
//     millisecond: a segment that a window cuts is counted from the journal's own entries.
//   - A person counts once, a case is one person in one disclosure; every figure says which it is.
//
// # Step by step
//
// [Index.CatchUp] takes in what the journal has gained, batch by batch, each in one transaction with the
// place it has come to. [Index.Ask] catches up, chooses segments in SQL, and counts their sets together.
// [Index.OfPerson] tells everything ever disclosed of one person.
//
// # What this package does not do
//
// It decides nothing about who may ask, and opens no person.
package disclosure
