// Package api is Genbo for programs: the same desk as the console, in JSON under /api/v1.
//
// # Nouns
//
// A call is one request. A session is what signs it in: its token comes as a bearer, never as a cookie, so no
// page of another site can use it. A [problem] is why a call was not done (RFC 9457); its type ends in the name
// of its kind, and its faults name each field in the caller's language. A key (Idempotency-Key) makes a write
// safe to send again. The description is the OpenAPI 3.1 document, made from the types of this package.
//
// # What always holds
//
//   - Every look and every change goes through package desk: rights, budgets and journal are the console's.
//   - No address holds personal data: a search is a POST, and a person is named by his reference.
//   - Many calls with one key do the work once. What is kept for the repeats is identifiers; the fingerprint of
//     a request is a keyed one, so that a thief of the database cannot try values.
//   - A key whose call may or may not have been done stays taken for a day, rather than doing it twice.
//   - A problem holds nothing that was sent but names of fields, and nothing of an internal error but a
//     reference that the log has too. Nothing is cached.
//   - Unknown fields and unknown query parameters are refused, and bodies over a mebibyte.
//   - The description, the pages and the answers' faults take their words from messages in both languages; the
//     program does not start while a field has none.
//
// # Step by step
//
// A call passes ServeHTTP (headers, language, time), signedIn (who), the framework (form), then its method of
// api, which reads the input and asks the desk. [read] and [write] turn its result into an answer; write puts
// [api.once] around it.
//
// # What this package does not do
//
// It manages no staff, imports no files and hands out no lists. It has no rules of its own.
package api
