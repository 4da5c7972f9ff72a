// Genbo-agent is what Genbo installs on an office computer.
//
//	genbo-agent scan PATH…      finds the files with people in them, and says whether they are locked
//	genbo-agent watch PATH…     does so all the time, and tells the core the figures
//	genbo-agent act …            seals such files, moves them to quarantine, deletes them once approved
//	genbo-agent open FILE        shows a sealed file, if the core lets it
//	genbo-agent inspect FILE     says which list a sealed file is of, without opening it
//	genbo-agent version [--json] says what an office's computers run
//
// # What always holds
//
//   - It links neither the database nor the keys nor any of the records, on any system it is built for. So
//     whoever takes an office computer apart finds no code that could open the register. A test looks
//     (link_test.go at the top of the tree).
//   - It is one static binary for Windows, macOS and Linux, and needs no rights of an administrator.
package main
