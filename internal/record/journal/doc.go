// Package journal keeps the account of who did what to whose data, in a form that cannot be altered unseen.
//
// An [Entry] says when, who, on which device, for which purpose and case, what was done, to whose data
// (which people, or how many) and to which fields, why, and how it ended. Entries are the leaves of a
// Merkle tree in the manner of certificate transparency; a checkpoint is the tree's signed head.
//
// # What always holds
//
//   - Accounted before released. A [Receipt] exists only after its entry has been committed to disk, and only
//     a receipt opens personal fields (package person). If it cannot be journaled, it is not shown.
//   - An entry about a change commits in the transaction of the change: both or neither.
//   - The tree holds salted commitments, not data. So the tree can be published, and an entry whose salt is
//     destroyed says nothing any more while the tree stays whole.
//   - Nothing is changed or removed; [Journal.Verify] names an entry that was changed, removed, reordered or
//     cut off, given the keys' public half alone.
//
// # Step by step
//
//  1. [Journal.Account] (for a look) or [Journal.Write] (inside a change) adds the entry in the bucket of the
//     person it is about.
//  2. Where one transaction writes at a time, the entry takes its place in the tree in the same transaction.
//     Else it waits in journal_pending, and one sequencer ([Journal.Run]) gives entries their places, within
//     a second; if it lags more than [MaxLag], nothing is released.
//  3. At least every minute, and at shutdown, the head of the tree is signed and written to the database and
//     to a file beside it, for witnesses outside.
//
// # What this package does not do
//
// It does not decide who may look (package access) and does not open fields (package person).
package journal
