// Package db opens the register's database, and runs transactions and migrations on it.
//
// One SQL text serves both engines: SQLite (an embedded file, for a start and a small fund) and PostgreSQL
// (one server, or several with the buckets spread over them). Statements stand beside their subject, in the
// package that owns the table, with placeholders written "?", each once and in order.
//
// # Nouns
//
// A [DB] is one register on one or more servers. A [Tx] is a transaction with one fixed time. A [Part] is
// the share of a transaction on the server that holds one bucket; statements run on parts only, so a
// statement can never reach over two servers.
//
// # What always holds
//
//   - A committed transaction survives power loss (SQLite: WAL, synchronous=FULL; PostgreSQL:
//     synchronous_commit=on).
//   - Time never goes back: [Tx.Now] is at least the time of every transaction committed before in this
//     process. If the clock stands more than a minute behind, nothing is written.
//   - Where a transaction touches several servers, the part touched first commits last. So whoever touches
//     the person's bucket first, and look-up tokens after it, leaves at worst a token that leads to nothing.
//   - A database whose schema is newer than the program, or whose applied migrations differ from the
//     program's, is refused.
//   - Append-only tables refuse UPDATE and DELETE by trigger; in PostgreSQL the role that Genbo runs under
//     has no right to them either ([Grants]).
//
// # What this package does not do
//
// It knows no tables but its own two (counter, schema_checksum), and it has no interface to be
// implemented a third time: a third engine would be a third case here.
package db
