// Package feed takes a delivery into the register.
//
// A delivery goes through five stages. Validate: the files are whole, not
// older than what was applied, and every record is read once. Compare: each
// record is known, changed, new or absent. Preview and apply are one: the
// register is written in a single transaction, departures are held or refused
// when too many, and a preview rolls back what an application would commit, so
// that the two cannot differ. Journal: counts, troubles and what was held are
// kept for the conformity report, and the rows that were overwritten are kept
// so that the feed can be undone.
//
// A delivery is an académie's (directory/aaf), or what the head of a school
// that no académie delivers extracts from ONDE (directory/onde): the rows
// become records, and the stages are the same. When an académie comes to
// deliver such a school, it takes its people over.
//
// It owns the tables feed_*, and writes the tables of directory. It makes no
// account by itself: whoever wires it says what to do with newcomers.
package feed
