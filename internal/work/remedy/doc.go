// Package remedy acts on the files with people that a scan found: moves them to quarantine and back, seals them in place, and
// deletes them once the core has approved.
//
// # Nouns
//
// An [Item] is a file of a scan's report that is to be acted on. A [Result] is what became of it; one that is refused has its
// reason. The [Journal] is a local file of chained entries: one before each action and one after it. A quarantine is a folder
// with the files under other names and a manifest that says whence they came.
//
// # What always holds
//
//   - Only the file that the report means is touched: a regular file with one name, of the same size and time of change, reached
//     through folders none of which is a link. A file or folder swapped meanwhile is found out: what is removed is first
//     taken aside and compared with what was read.
//   - Nothing is ever written over.
//   - At any moment the original or what was made of it is there whole, on the disk. A deletion alone leaves nothing.
//   - No action without its entry in the journal, which is on the disk before the action begins. What a crash broke off is undone,
//     or told as done, by the next run: where the original is still there, what was made of it is removed.
//   - The core gets counts and one digest, never a name.
//
// # What happens
//
//  1. [Select] takes the files out of a report; [Actor.Look] says which of them could be acted on, and changes nothing.
//  2. [OpenJournal] checks the chain, keeps other runs away, and [Actor.Recover] ends what was broken off.
//  3. [Actor.Quarantine], [Actor.Restore], [Actor.Seal] go from file to file: hold it, read its digest, write the entry, act, write
//     the outcome. What is refused is told, and the rest goes on.
//  4. [Actor.Ask] reads the digests and asks the core; [Actor.Delete] fetches the decision and deletes what is of a digest that was asked for.
//
// # What this package does not do
//
// It finds nothing (package scan), overwrites no blocks (no use on SSDs), and knows no backups. The chain shows what was changed
// within the journal, not that its end was cut off: for that, keep the hash that [Verify] gives.
package remedy
