// Package viewer shows a sealed file in pages on one computer, to the one who opened it.
//
// # What always holds
//
//   - It listens on 127.0.0.1 only, answers to that name only, and shows rows only to the browser that came
//     back from the console with the state and the code of this opening. The way back works once.
//   - Nothing of the file is written anywhere: rows are opened from the sealed file as they are shown, and
//     pages are not stored (no-store).
//   - Every page and print says who opened it, where and when.
//   - It ends at the file's expiry, after twenty minutes without use, and when it is closed.
//
// # Step by step
//
// [New] waits. The console leads the browser to /opened; the viewer exchanges the code for a view of the file
// by the function it was given, and shows it page by page. [Viewer.Done] is closed at the end.
//
// # What this package does not do
//
// It neither asks the core nor opens the file: its caller does, with the code.
package viewer
