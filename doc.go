// Package genbo is the words that all of Genbo uses: identifiers, numbers, dates, fields and kinds of error.
//
// Genbo (原簿, "the register of record") keeps who is insured in a public pension, what each has paid in and
// what each has been paid, and a safe around it. It stands on three promises, each held by tests that try
// to break it:
//
//   - Accounted before released. No personal field leaves the core before an entry in the journal that says
//     to whom, on which device, for which purpose, whose and which fields, has been committed.
//   - Nothing lost. Facts are added, never overwritten; any date can be asked "as of then, as known then".
//   - Bounded. Whoever steals a session, a PC or a disk gets at most a stated number of people.
//
// # How a look at a person goes
//
// A clerk signs in (internal/record/staff) and types a number or a name. The register finds people by keyed
// tokens, not by plain text (internal/record/person over internal/base/vault). To open one, the clerk states
// a purpose; rights and budget are asked (internal/record/access); an entry is written to the journal
// (internal/record/journal); only the receipt of that committed entry unseals the fields. The pages
// (internal/front/console) and the API (internal/front/api) are two faces of that one path.
//
// # The floors
//
// base: tools that know nothing of pensions. record: what is true. work: what is done. front: what is
// shown. A package uses only packages that stand above it in the table of ARCHITECTURE.md.
package genbo
