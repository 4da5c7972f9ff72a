// Package desk is the one way by which staff find people, look at them, change them and decide on changes.
// The console and the API are two faces of it.
//
// # Nouns
//
// A [Visit] is who acts, on which device, for which purpose and case, and why. A [File] is a person as
// opened for a visit: the record, the people merged into it, who looked, and what is pending.
//
// # What always holds
//
//   - Every call asks, in this order: the rights, the purpose, the budget; then it accounts; then it shows. A
//     call that is refused shows nothing, and a budget that is broken raises an alarm.
//   - A change needs a reason and a kind of evidence that fits what is changed.
//   - A change that could be an impostor's is not made but proposed: on the strength of number, name and date
//     of birth alone, or of address and bank account within [CloseTogether]. In May 2015 these three fields had
//     leaked, and 109 such changes had gone through.
//   - A merge takes two approvals by others and is undone by a split, never by a removal.
//
// # Step by step
//
// [Desk.Find] gives masked lines. [Desk.Open] opens one person. [Desk.Change] records or proposes.
// [Desk.AskMerge] and [Desk.AskSplit] ask; [Desk.Vote] decides, and the last approval does what was asked, in
// the same transaction.
//
// # What this package does not do
//
// It hands out no lists (disclosure), imports no files (package intake) and knows no pages.
package desk
