// Package server is the door of the core: it listens, knows the devices, measures and writes the log.
//
// There are two forms of the one door. [Core] asks every caller for the certificate of an enrolled device,
// as the core zone demands. [Loopback] is for one machine: it listens on a loopback address only, and the
// device is that machine.
//
// # What it serves
//
// The console at /, the JSON API under /api/v1/, and for the engineers /healthz (the process lives), /readyz
// (the database answers, the journal's tree is up to date) and /metrics (Prometheus).
//
// # What always holds
//
//   - Without a valid device certificate Core answers nothing: the TLS handshake ends.
//   - Loopback refuses to listen anywhere else, and answers only requests that were sent to it by name, so
//     that a web page elsewhere cannot reach it through a name of its own (DNS rebinding).
//   - The log and the metrics hold routes, statuses, devices and times, never an address with a person in
//     it, a header or a form.
//   - At shutdown requests under way are finished, for a while.
package server
