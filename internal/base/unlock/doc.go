// Package unlock opens locked files with passwords that are given, in memory.
//
// # Nouns
//
// A lock is what package lock tells of. A password fits or it does not; which of several fits is an index, -1 for none.
//
// # What always holds
//
//   - A password fits only where the format's own check says so, and for archives the content's checksum too.
//   - Nothing is written, and no password is in an error.
//   - Damaged files are errors, never a crash; work factors that would take minutes are refused.
//
// # What it opens
//
// Office documents, agile and standard ([MS-OFFCRYPTO] 2.3.4), workbooks and documents of before 2007 (RC4, 2.3.5 and 2.3.6; XOR,
// 2.3.7); members of zips, ZipCrypto (APPNOTE 6.1) and AES (WinZip's AE-1, AE-2);
// OpenDocument (ODF 1.3, part 2, 3.4); age files with a passphrase. 7z and rar are opened by their libraries (package archive), PDF by its own
// (package pdf).
//
// # What this package does not do
//
// It does not know which passwords to try (package scan).
package unlock
