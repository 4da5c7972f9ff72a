// Package synth invents people: any number of them, the same ones for the same seed.
//
// Demonstrations, tests and measurements need a register that looks like a real one, and no real person may
// be in it. A [Population] is such a register as a CSV file in the form that package intake reads.
//
// # What is true to life
//
//   - Surnames and given names come as often as in Japan, given names by year of birth, some surnames in
//     several writings (渡辺, 渡邊, 渡邉). About one in forty is a foreigner with a name in Latin letters, some
//     with a name used in daily life (通称名).
//   - Ages follow Japan's population of 2023 from 15 years on; three in a hundred have died.
//   - Municipalities, towns and postal codes exist, and prefectures have their share of people. House numbers
//     and buildings are invented.
//   - People of one office lie together, as in a register that offices filled.
//
// # What always holds
//
//   - Person i depends on the seed, the size and i alone, so that files are the same on any machine and any
//     part of one can be made by itself.
//   - Numbers are unique in a population and are never of the form that Genbo issues (8…).
//   - No telephone number is assigned to anyone (exchanges beginning with 0), nor any bank account (bank 9999).
//     Numbers of the old form may by chance be somebody's; the names with them are invented.
//
// # The lists
//
// Names and places are those of package lexicon; cohorts, foreign names and the pyramid of ages in lists/ were
// written for Genbo.
package synth
