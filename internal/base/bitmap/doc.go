// Package bitmap keeps sets of small integers (people) compressed, and counts many of them together.
//
// # Nouns
//
// A [Set] is parsed from bytes, in one of two forms, whichever is shorter: runs as variable-length integers, or
// the portable form of Roaring bitmaps. Its members lie in chunks of 65,536. A [Member] of a count is a set
// with a mask: which fields of its people it stands for. A [Tally] says for every combination of masks how
// many people have just this one.
//
// # What always holds
//
//   - The same set has the same bytes, whatever it was made from.
//   - Bytes from outside are checked: [Parse] gives a set or an error.
//   - [Count] goes through memory chunk by chunk, so that what it touches stays in the processor's cache.
//
// # What this package does not do
//
// It knows nothing of people, and stores nothing.
package bitmap
