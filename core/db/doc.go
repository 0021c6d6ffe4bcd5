// Package db opens the database, SQLite or PostgreSQL, and runs one SQL text
// on both.
//
// The common subset: numbered placeholders ($1), ON CONFLICT … excluded,
// RETURNING, BIGINT, TEXT, BOOLEAN and BYTEA columns. Identifiers are made in
// Go (core/school), instants are [Time] (UTC milliseconds), days are TEXT
// ("2019-03-04"), and names that are sorted or searched are stored folded, so
// that both databases list a class in the same order.
//
// What really differs has its only home here: opening, bulk loading, locks,
// and the translation of drivers' errors into core/fail. Slices own their
// tables and hand their migrations over as a [Schema].
package db
