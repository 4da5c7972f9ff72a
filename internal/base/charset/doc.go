// Package charset tells which encoding a text of an office is in, by its bytes, and brings it to UTF-8 fast.
//
// # Nouns
//
// An [Encoding] is one of the nine that Japanese offices write: UTF-8, UTF-16 and UTF-32 in both byte orders, CP932
// (Windows-31J, with the characters that an agency made for itself), EUC-JP and ISO-2022-JP. Binary is what is no text.
// A [Reader] hands out a text in UTF-8, in pieces that end where a line ends.
//
// # What always holds
//
//   - The name of a file plays no part, and neither does what the file says of itself. A byte order mark does.
//   - A faulty byte becomes U+FFFD and is counted: whoever looks for people goes on after it. (Whoever takes people
//     into the register stops there: package jtext.)
//   - The memory of a Reader does not grow with the file, nor with the length of its lines: a line longer than a piece
//     is cut.
//
// # How it decides
//
// A mark decides. Without one: zero bytes at odd or even places tell UTF-16 and UTF-32; escape sequences tell
// ISO-2022-JP; what is valid UTF-8 is UTF-8. Between CP932 and EUC-JP the text is read as both, and the one with fewer
// faults and the more usual characters wins (kana and the kanji of everyday against half-width kana side by side with
// rare kanji).
package charset
