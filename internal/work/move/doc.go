// Package move carries a register from its SQLite file to PostgreSQL, one server or several.
//
// # What happens
//
//  1. The schema is made on the servers, if it is not there yet. Servers that hold another register, or this one
//     in use, are refused.
//  2. The file is locked against writers, so that nothing changes while it is read.
//  3. Table by table, in the order of keys, rows are copied in batches; each batch commits together with how far
//     the table has come.
//  4. For each table, rows and a sum over their contents are computed on both sides and must be the same.
//  5. The register's directory gets the servers' addresses, and the file is renamed. From then on every command
//     uses the servers.
//
// # What always holds
//
//   - A move that was stopped goes on where it was; a row that was copied already is not copied twice.
//   - Until step 5 the register is the file, as it was.
//   - Values stay sealed: keys stay where they are, and nothing is opened.
//
// # What this package does not do
//
// It does not move back, and it does not move a register in use: servers are stopped for the time.
package move
