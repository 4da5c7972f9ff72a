// Package page is what all pages of the console share: frame, look, two languages, components and headers.
//
// A clerk works in these pages eight hours a day, some with a screen reader, some with the keyboard alone,
// some in English. So each page has the same frame at the same place: service name, where one is, who is
// signed in, the other language, help. Pages are plain HTML and forms; they work without JavaScript.
//
// A [Renderer] holds the templates of a calling package and the messages of both. A handler fills a view,
// a struct of its own that embeds [Frame], and calls [Renderer.Render]. What went wrong goes to
// [Renderer.Error], which alone knows which status and which sentence a kind of error has.
//
// The components are templates with a struct each: {{template "field" .Birth}} takes a [Field], "table" a
// [Table], "facts" a [Facts], and so on; parts.go lists them.
//
// # Two kinds of text
//
// A caption (label, hint, heading, button) is the key of a message and is written as a string or, with
// values to fill in, as a [Text]. A value (what the register knows) is given as it is, a [genbo.Date], a
// [time.Time], a count, a [genbo.FieldSet], a plain string, and the template function "show" writes it in
// the reader's language. A masked value shows its dots.
//
// # What always holds
//
//   - A page is rendered as a whole before its first byte leaves: an error gives a clean error page.
//   - The same keys and placeholders stand in Japanese and in English.
//   - No page carries an inline script, an inline style or an address of another site, and the headers of
//     [Renderer.Secure] forbid the browser to follow one that slipped in.
//   - A page is never stored by a browser or a proxy; only files under /static/ are, and their names
//     change with their content.
//   - No internals and no personal data in an error page: a kind, what to do, and at most a reference.
//
// # How a page comes to be
//
//  1. Secure sets the headers, bounds body and time, and refuses requests that another site sent.
//  2. The handler of the console does its work and fills its view.
//  3. Render asks [Site.Around] who is signed in, chooses the language and fills the frame.
//  4. The template runs in that language into memory, and then goes out.
//
// # What this package does not do
//
// It decides no right, keeps no session and knows no pension. Pages and handlers are in package console.
package page
