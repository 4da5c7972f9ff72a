// Package certs makes the certificates of a test installation: an authority, servers, devices.
//
// In a real one the agency's own authority issues them, and Genbo only asks of a device's certificate what it
// asks of these: that the authority of devices signed it for clients, and that its common name is the device.
//
// # What always holds
//
//   - Keys are ECDSA on P-256, files of keys are readable by their owner only, and nothing is overwritten.
//   - A device's certificate cannot stand for a server, nor a server's for a device.
package certs
