// Package dbtest gives tests real databases: a SQLite file in a temporary
// folder, and a PostgreSQL cluster that the test binary starts by itself from
// the machine's binaries, one schema a test; or copies of a [Model].
package dbtest
