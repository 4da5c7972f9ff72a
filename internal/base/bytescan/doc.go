// Package bytescan says of 64 bytes at once which of them are digits, or separators, or whatever a table asks for.
//
// Looking for people in terabytes of files means looking at every byte, and at most of them only to see that they
// are of no interest. A [Table] turns each block of 64 bytes into one word of 64 bits for each group of bytes it
// was made for; runs of ten digits are then found by a few shifts and ands, and the next comma by counting zeros.
//
// # What always holds
//
//   - Bit i of a word stands for byte i of its block, the lowest bit for the first byte.
//   - What lies beyond the end of the text belongs to no group.
//   - With vector instructions (AVX2 on amd64) and without, the words are the same; a test compares them on random
//     bytes.
//
// # How it works
//
// Each byte's two halves look up a small table each; a byte is in a group if both tables have a bit of that group
// for it. That is two shuffles for 32 bytes, whatever the groups are, so a group is any set of bytes that eight
// such bits can tell apart.
package bytescan
