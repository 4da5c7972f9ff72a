// Package finding keeps what agents count on office computers: how many cases lie unprotected, office by office.
//
// # Nouns
//
// A [Report] is what one scan on one device counted: files, persons, and cases by field set and by lock. It is the
// whole state of what the agent watches, not a difference. A case is unprotected if its file is open, or locked so
// weakly that whoever wants to reads it. A device is placed in an office by a security officer. The [Rule] says how
// many unprotected cases an office may have, and how long a device may be silent. An [Ask] is what a security officer
// asks of an office; its answer is the office's word, its proof is a report. A [Deletion] is what an agent wants to delete.
//
// # What always holds
//
//   - Nothing but counts comes in, and with a [Deletion] the digest of what is to go; nothing about persons goes out.
//   - Figures come from reports alone. An answer changes none, and only a report proves an [Ask].
//   - What is not known is never clean: a device that is silent, was never scanned, or could not read something says so
//     in its [State], and an office is as clean as its worst device.
//   - A figure is "at least" while any device of the office is silent, was never scanned or did not read everything,
//     whatever else it found; so is that of all offices while one of them has no device.
//   - The same report again is answered the same; another one under its key is refused, with an alarm.
//   - Times are those of the core. A device whose clock is ahead is shown as such.
//   - Reports, places, asks, answers and proofs only grow, each with its entry in the journal.
//
// # Step by step
//
// [Store.Place] says where a device stands. [Store.Take] takes a report: it checks, remembers, raises alarms, and proves
// what was asked if the office is now clean. [Store.Offices] and [Store.Office] tell the figures, [Store.History] those of
// past days. [Store.Ask] asks an office to act by a day; [Store.Answer] notes that it will. [Store.AskDeletion] asks two
// approvers for an agent, and [Store.Decision] tells it how they decided.
//
// # What this package does not do
//
// It scans nothing (package scan), knows no rights (the desk asks them) and no pages. It believes what an admitted
// device counts: who holds a device's certificate can lie about that device, and about no other.
package finding
