// Package handover hands lists of people to those who need them: asked for, approved, handed over, and ended.
//
// # Nouns
//
// A [Purpose] of lists is configured: the fields it may carry, the most people, days to live, who may ask,
// from how many people on two approve, which forms are allowed. A [Wish] is what a member of staff asks for; it
// becomes an extract (package extract). A worklist is an extract that stays in the core. A sealed file opens
// on one device for one member of staff, and each opening asks the core. The other forms are encrypted files
// for others' tools.
//
// # What always holds
//
//   - Nothing leaves without the approval of another human being, and the approval is of exactly this set of
//     people, fields, purpose, form, recipient and device. A purpose that was edited meanwhile voids it.
//   - There is no way to make a file that is not encrypted.
//   - Every page of a worklist, every opening, every file is in the journal before it is shown, and counts
//     against a budget.
//   - Whoever, and whatever device, is cut off opens nothing from that moment on. So does an extract that
//     expired or was revoked: its keys are gone from the core.
//   - Breaking the glass is loud: an alarm, an hour, few people, and no second time before another has
//     reviewed the first.
//
// # Step by step
//
//  1. [Handover.Preview] counts; [Handover.Ask] fixes the set and asks for approval.
//  2. The desk's last approval makes it live (or [Handover.Ask] itself, in an emergency).
//  3. [Handover.Rows] shows a worklist; [Handover.Release] writes a file; [Handover.Confirm] and
//     [Handover.Unseal] open a sealed one; [Handover.ShowPass] gives out a pass phrase, once.
//  4. [Handover.Sweep] ends what has expired, [Handover.Revoke] at once; [Handover.Attest] closes.
//
// # What this package does not do
//
// It answers no question about what was disclosed (package disclosure), and knows no pages.
package handover
