// Package house opens one register and puts its records together.
//
// A register lives in a directory: genbo.db (or a file that names PostgreSQL servers), keys/ with the key ring
// and, unless they are kept elsewhere, the root key, and checkpoint, the journal's last signed head. Commands
// and servers open it here, so that all of them check the same things in the same order.
//
// # What always holds
//
//   - A register opens only with its own keys, its own schema and a clock that does not stand behind it.
//   - [Create] never touches a register that is there.
//   - The signed head is written to a file beside the database at shutdown and every minute, so that a
//     database that was cut back is noticed.
//
// # What this package does not do
//
// It has no rules of its own, and it does not listen.
package house
