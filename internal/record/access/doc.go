// Package access decides who may look at whom, for what, and how many people.
//
// # Nouns
//
// A right is what a role may do: the policies in policies.cedar, which an auditor can read, evaluated by
// cedar-go. A [Purpose] is why somebody looks: a closed list, each with the fields it may show and its
// budget. A budget is how many people a member of staff may be shown on one device for one purpose, in five
// minutes and in a day; and over all devices and purposes together.
//
// # What always holds
//
//   - Nothing is allowed that no policy permits; a policy that forbids wins.
//   - A budget counts people, not looks: the same person again within a day costs nothing.
//   - Budgets are counted in the transaction that accounts for the look, under a lock on the member of
//     staff. Many calls at once get no more people than one after another.
//   - Windows slide: at no moment do the last five minutes, or the last day, hold more than the budget.
//
// # What this package does not do
//
// It keeps no account of looks (package journal) and does not sign anybody in (package staff).
package access
