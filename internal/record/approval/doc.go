// Package approval keeps what one member of staff asks for and others decide.
//
// # Nouns
//
// A [Request] is something that takes effect only when enough others approve it: a merge, a change that was
// marked for a second look. Its subject says exactly what is asked, without personal data; its hash is what
// the approvers approve. A vote approves or rejects it. Its outcome is done, rejected or withdrawn.
//
// # What always holds
//
//   - Nobody votes on his own request, or on one whose outcome is for him, and nobody twice. A human being with
//     two accounts counts as one. All are constraints of the database as well as checks here; no setting,
//     role or policy lowers them.
//   - At least one approval is needed, always; how many is fixed when the request is made.
//   - A vote names the hash of what was seen. If the request is not that, the vote is refused.
//   - Nothing vanishes: an expired request stays, and says that it expired.
//
// # Step by step
//
// [Store.Ask] enters a request. [Store.Vote] adds a vote and tells the state after it; when that is
// [Approved], the caller does what was asked and calls [Store.Close] in the same transaction.
//
// # What this package does not do
//
// It does not know what is asked, does not do it, and does not write the journal: package desk does.
package approval
