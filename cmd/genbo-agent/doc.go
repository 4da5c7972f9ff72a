// Genbo-agent is what Genbo installs on an office computer.
//
// Today it does one thing: it says which version it is, so that an office can see what its computers run.
//
//	genbo-agent version [--json]
//
// # What always holds
//
//   - It links neither the database nor the keys nor any of the records, on any system it is built for. So
//     whoever takes an office computer apart finds no code that could open the register. A test looks
//     (link_test.go at the top of the tree).
//   - It is one static binary for Windows, macOS and Linux, and needs no rights of an administrator.
package main
