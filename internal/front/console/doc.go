// Package console is the pages that staff work in.
//
// A page is one file: its handlers, its view, and templates/<page>.html. Handlers do the same few steps in
// the same order: who asks, what is wanted, ask the desk, fill the view, render; and a form that has done
// its work leads on to another page (post-redirect-get).
//
// # What always holds
//
//   - Handlers hold no rules and open no fields: they ask package desk, which asks rights and budget and
//     accounts. What the console shows, the API shows, under the same entry of the journal.
//   - Addresses hold references, purposes and case numbers, never personal data: searches are sent by POST.
//   - What changes something is confirmed on a page of its own that says what will happen.
//   - Everything works without JavaScript, but for making and using a passkey, which only a script can do.
//
// # What this package does not do
//
// It does not listen (package server), and the look of its pages is package page's.
package console
