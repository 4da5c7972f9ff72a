// Package htmlcheck tells tests what is wrong with a page, before a reader with a screen reader finds it.
//
// It is for tests only; no program links it. [Page] parses the HTML of one whole page and lists each breach
// of the rules that a machine can judge. [Keys] compares the messages of a package with the templates and
// the Go files that use them, [Languages] the messages of one language with those of another.
//
// # What always holds of a page without problems
//
//   - It says its language and has one title, one h1, one main; headings skip no level.
//   - Each control has a label, each link, button and section a name, each picture a text.
//   - Each table has a caption, and its headers say what they head.
//   - Each id is there once, and each reference within the page leads to one that is there.
//   - It has no inline script or style, no style= and no on*=, nothing from another site.
//   - Where something must be mended, the title says so, and the summary leads to each field.
//
// # What this package does not do
//
// It judges no wording, no colours (a test of package page computes contrast) and no order of focus. It is
// no substitute for a look with a keyboard and a screen reader.
package htmlcheck
