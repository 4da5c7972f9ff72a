// Package rotate changes the wrapping key that people's data keys are kept under, while the register is in use.
//
// # What happens
//
//  1. A new wrapping key is added to the key ring and becomes the one in use. If a rotation was stopped before,
//     it goes on with the key that it had added.
//  2. The database is told, so that every process stores new people under it, and the journal notes the beginning.
//  3. Bucket by bucket, each data key is wrapped anew. Nothing that data keys seal is touched.
//  4. When nobody is left under an old key, the old keys are destroyed, and the journal notes the end.
//
// # What always holds
//
//   - At any moment every person opens: old keys go only after the last data key under them.
//   - It may be stopped anywhere and run again.
//
// # What this package does not do
//
// It does not change the keys of the blind indexes: tokens would have to be computed anew from every value.
package rotate
