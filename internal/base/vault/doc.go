// Package vault holds the keys and seals personal fields with them.
//
// A stolen database file, log or backup yields no personal field without the key ring, and the key ring
// yields nothing without the key service that it is wrapped under.
//
// # Nouns
//
// A [KeyService] is where the root key lives: a key file, a passphrase; an HSM or a transit service would be
// a third. The ring is the set of Tink keysets of one register, kept in ring.json, wrapped by the key
// service. A [Vault] is an opened ring. A [PersonKey] is the data key of one person: his fields are sealed
// under it, and it is stored beside him, wrapped under the ring. A [Token] is a keyed, one-way fingerprint
// of a value to search for (a blind index). A [Place] is where a sealed value lies.
//
// # What always holds
//
//   - A sealed value opens only in its place: table, column, person, kind and row are bound to it. Moved to
//     another person or row, it is [genbo.ErrTampered].
//   - Key files are for their owner only; a file that others may read is refused.
//   - Keys are random (crypto/rand), never derived from data, and never logged.
//   - Tokens of different kinds of value never collide: each kind is its own domain.
//
// # Step by step
//
// [Create] makes a ring; [Open] opens it. [Vault.NewPersonKey] makes a data key and its wrapped form;
// [PersonKey.Seal] and [PersonKey.Open] use it. [Vault.RotatePersonKeys] adds a wrapping key and makes it the
// one in use, [Vault.Rewrap] moves a data key under it, [Vault.RetireKeys] drops the old ones. A vault in
// another process finds the new key by itself when it first meets it.
//
// # What this package does not do
//
// It does not decide who may open what. Its callers do: [PersonKey.Open] is called by package person only,
// against a receipt of the journal; architecture_test.go holds that.
package vault
