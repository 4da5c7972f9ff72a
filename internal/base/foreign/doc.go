// Package foreign writes lists for others' tools: encrypted workbooks, encrypted archives, and files for a
// contractor's public key.
//
// # What always holds
//
//   - There is no way to write a file that is not encrypted: every function asks for a pass phrase of
//     [Passphrase]'s form, or for a public key, and refuses anything weaker.
//   - Nothing of a list lies in a temporary file. Archives and files for a key are streams; a workbook is put
//     together in memory.
//   - A cell is text. No cell becomes a formula in a spreadsheet, and numbers keep their leading zeros.
//
// # The forms
//
// [XLSX] is ECMA-376 agile encryption with AES-256 and SHA-512 ([MS-OFFCRYPTO] 2.3.4.10), as Excel and
// LibreOffice write it. [ZIP] is WinZip's AE-2 with AES-256, as 7-Zip writes it, of a CSV file. [Age] is an age
// file of a CSV file.
//
// # What this package does not do
//
// It does not decide who gets what, keeps no pass phrase, and reads nothing.
package foreign
