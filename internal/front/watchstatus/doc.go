// Package watchstatus tells at the terminal how a watch stands: what it does, what it found, what still waits for the core.
//
// # What always holds
//
//   - Figures only: no path, no person.
//   - Figures that are not the whole are called "at least".
//
// # What this package does not do
//
// It watches nothing and asks nobody (package watch keeps the status).
package watchstatus
