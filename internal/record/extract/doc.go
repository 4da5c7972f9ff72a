// Package extract keeps what is known of every list that is to leave the core, or left it: the extracts.
//
// # Nouns
//
// An [Extract] is a set of people and fields asked for by one member of staff, for one purpose, in one
// [Form]. It is fixed when it is asked for. Its [State] says how far it has come; an [Event] says what
// happened to it. Its keys are the core's half of what opens its files: the share of sealed files, the pass
// phrase of the others. A code is what the console gives to the agent for one opening.
//
// # What always holds
//
//   - What was asked for never changes: the rows only grow. The approval names the hash of exactly this, the
//     set of people included ([Extract.Subject]).
//   - States go one way: asked, live, and then an end. What is not live gives out no key.
//   - At its end the keys are removed in the same transaction. What was sealed with them opens no more.
//   - Codes are kept as hashes, serve once, and only for what they were given for.
//
// # Step by step
//
// [Store.Add] enters an extract with its approval; [Store.GoLive] follows the last approval; [Store.Note]
// adds an event; [Store.End] ends it; [Store.Attest] closes one whose holder says that he destroyed it.
//
// # What this package does not do
//
// It decides nothing, opens no person and writes no file: package handover does.
package extract
