// Package keyedset keeps, in a file that says nothing without its key, whom numbers and names belong to.
//
// # Nouns
//
// A [Token] is made from a number, or from a name with a date, by the [Tokens] of a map; nobody makes it without the [Key].
// A [Map] leads from tokens to a [Value]: the ordinal of a person, or the list that a decoy stands in. An ordinal is a
// person's place in a keyed random order, 0, 1, 2 … A [Builder] takes tokens with their values and writes the map's file.
//
// # What always holds
//
//   - Without the key the file is random but for its sizes and its head: an entry is a word of the token's pseudorandom
//     function, with the value laid over it; free places are filled from the system's source of randomness. One bit of each
//     bucket says in the clear whether it was full.
//   - Each file has tokens of its own: two files under one key say no more than one.
//   - An ordinal says nothing of the order in the register, and is not seen without the token that it belongs to.
//   - A file that was cut, changed or made with another key is refused when it is opened: its head is authenticated with
//     the key, and names the BLAKE3 sum of the rest. An expired one is refused too.
//   - A token that was put in is found. One that was not is found with a probability of at most [Map.Chance], below 1e-7.
//   - Memory while building is bounded, whatever the number of tokens; so is what is read of a head.
//
// # How it lies
//
// A level is a row of buckets of 64 bytes, a line of the processor's cache, with eight entries each. A token's first word
// says which bucket, its second what the entry there is laid over. The first level has six entries to a bucket on average;
// what finds its bucket full, about one in twenty, goes to the next, which has three, and so on until nothing is left. A bucket
// that nobody went on from ends a question. So most cost one line of memory; [Map.Find] asks for many at once, so that their lines come together.
//
// Measured: docs/design/0015-whose.md.
//
// # What this package does not do
//
// It knows no register. Whoever has file and key can try numbers and names: what that
// means stands in SECURITY.md.
package keyedset
