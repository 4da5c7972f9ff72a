// Package jtext reads and compares Japanese text as pension papers carry it.
//
// Names come in kanji old and new, kana half and full width, dates in two calendars and a dozen spellings,
// files in three encodings. The register keeps one clean form of each, and finds people by a folded form.
//
// # Nouns
//
// To clean is to bring a text into the form that is kept: the same text, without what nobody can see or
// type. To fold is to bring it into the form that is compared: texts that people take for the same fold to
// the same. A [Term] is one thing typed into a search box. A [Reader] decodes a file.
//
// # What always holds
//
//   - Cleaning keeps every visible character: kanji variants with their variation selectors, old forms,
//     letters of foreign names. What it cannot keep it refuses, with a [genbo.Fault] that names the rule.
//   - Cleaning and folding twice is the same as once.
//   - Folding is part of the register's indexes: a change of it is a new [FoldVersion] and a new index.
//   - A faulty byte is never replaced silently: the reader stops at it and names line and byte.
//
// # What this package does not do
//
// It does not score how alike two names are (package linkage) and knows no tables of addresses.
package jtext
