// Package dbtest gives each test a register of its own, on every engine that the run has.
//
// [Each] runs a test on SQLite always; and, where GENBO_TEST_PG names PostgreSQL servers (addresses separated by commas, as
// ./check sets it), on one PostgreSQL database and on one register spread over all of them, under a role
// with exactly the rights of [db.Grants]. With GENBO_TEST_ALL=1 a missing PostgreSQL is a failure.
//
// It is for tests only.
package dbtest
