// Package person is the register of people: who they are, their numbers, and every fact as it was.
//
// # Nouns
//
// A fact says one thing about a person from a day on: a name, a date of birth, an address. A [Value] is what
// it says. Facts are only ever added: a correction is a later fact for the same days, and a fact entered by
// mistake is withdrawn by another. So two questions have an answer for ever: what held on a day
// (valid-from), and what was known of it at a time (recorded-at).
//
// A number ([Number]) names a person outside: pension, handbook or provisional. A person may have several,
// current, retired or merged; any of them leads to him. Two people found to be one are merged: their facts
// stay where they are, and the one points to the other until they are split again.
//
// # What always holds
//
//   - Every personal value is sealed under the person's own key, bound to its row.
//   - Plain values leave this package only through [Register.Open], [Register.Each], [Register.Glimpse] and
//     [Register.Identities], against a receipt of the journal that names the person and the fields.
//   - People are found by keyed tokens of normalised values, never by plain text. A token may lead to a
//     person who no longer has the value (a former name); it never leads to nobody's data.
//   - A number belongs to one person. Numbers are never given twice, and never come back.
//
// # Step by step
//
// [Register.Allocate] takes the next integers, [Register.Prepare] seals a newcomer (the expensive part, for
// many in parallel), [Register.Store] writes a batch. [Register.Find] turns a query into people.
// [Register.Add] adds a fact, [Register.Withdraw] withdraws one. [Register.Merge] and [Register.Split] join
// and part people.
//
// # What this package does not do
//
// It does not decide who may look or change, and it does not ask for approval: package desk does.
package person
