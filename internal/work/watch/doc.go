// Package watch keeps watch over folders: it finds the people in all files below them, then in those that change, and has the core told
// how many are unprotected.
//
// # Nouns
//
// A watch has roots, the folders it watches, and a state, which says of each file what it was and what it held. A full scan is a walk
// through all roots in which only what changed is read. [Findings] are the figures, always of the whole state. A [Status] says how
// a watch stands.
//
// # What always holds
//
//   - Nothing is written into the watched folders, no link is followed, and the folder of the state is not watched.
//   - The state has neither paths nor persons: both stand there under keyed hashes, the people of a register's filter under their places in its random
//     order. The log has figures alone; the core is told figures, and with a filter the numbers of the lists that files are copies of.
//   - A state that does not fit its checksums and sums is thrown away and told. A kill at any moment costs the file
//     that is being read, a power cut what was read in the last quarter of a second besides.
//   - What cannot be seen is not gone: of a root that vanished, and of a folder that denies itself, the figures stay as they were, and
//     are not complete.
//   - Events of the system only say sooner what a walk would find. Where they are missing, lost or bounded, it is said, and walks
//     take their place.
//   - Findings reach the core once each and in order, or wait on the disk for it; what it refuses is not sent again.
//
// # What happens
//
//  1. The state is opened and read through.
//  2. A full scan asks for the events of each folder, lists it, forgets what is gone, and reads what is new or another by its size,
//     times and inode. Between two files it looks at changes, rests while others are busy, and writes what it found.
//  3. From then on a path that changed is looked at when it has been quiet for a while; one that never is, now and then.
//  4. Once a day, or as the system's events demand, there is another full scan.
//  5. After each, and after changes, the figures are added up and put into the queue of findings, which one goroutine sends.
//
// # What this package does not do
//
// It reads no file (package scan) and makes no certificate; who may send findings, and what follows of them, is up to the core.
package watch
