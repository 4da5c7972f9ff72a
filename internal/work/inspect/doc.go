// Package inspect verifies a whole register: that nothing in it was changed, removed or lost.
//
// # What is checked
//
//   - The journal: every entry against its commitment, the tree, the signed heads in the database and the one
//     kept beside it (package journal).
//   - References: whatever is about a person is about one who is there; every person has a number, an office, a
//     name and a date of birth; every number and every search leads to somebody, and every number is led to.
//   - Accounts: every fact, number and office of a person, and all that scans led to, was recorded under an entry that the journal has.
//   - Findings: every report of a scan is what the journal has of it, and none is missing.
//   - Merges: both sides of each say the same, and nobody is merged in a circle.
//
// # What always holds
//
//   - It reads only. It opens no personal field, so it needs no purpose and costs no budget.
//   - Each problem names the table and the person by the core's integer, which says nothing outside.
//
// # What this package does not do
//
// It repairs nothing. It does not see a value that was replaced by another of the same person and place: only
// the one who opens it does, where its seal fails.
package inspect
