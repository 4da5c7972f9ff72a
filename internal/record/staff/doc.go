// Package staff knows who works with Genbo, how they sign in, and their sessions.
//
// # Nouns
//
// An office has a code and a name. A [Member] of staff belongs to one office and has roles. A passkey is how
// he signs in (WebAuthn): a key pair whose private half never leaves his authenticator. A sign-in link signs
// one member in once, for a first visit or a lost authenticator. A session is what a sign-in opens: short,
// bound to the device on which it began, and ended at once when it is revoked.
//
// # What always holds
//
//   - Secrets (session cookies, links, ceremonies) are random, 256 bits, and kept only as hashes: a stolen
//     database signs nobody in.
//   - A session ends after [IdleLimit] without a request, after [SessionLimit] at the latest, when its
//     member is deactivated or loses a role, and when it is used from another device.
//   - A sign-in link works once; a WebAuthn ceremony can be finished once.
//   - Every change of staff and every sign-in is in the journal, in the same transaction.
//
// # What this package does not do
//
// It does not say what a role may do (package access). Single sign-on by OIDC would be a third way into
// [Directory.begin], beside the passkey and the link.
package staff
