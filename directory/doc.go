// Package directory is the register: structures (schools and what stands
// above them), classes and groups, people, and what ties them: enrolments,
// memberships, bonds, functions; référents, whom to call for each place; and what is
// proposed, the acting head of a school. Everybody reads it; feeds (directory/feed)
// and the office (office/register) write it. Who has departed is something still for
// a while (leave.go): with one page, and nothing else.
//
// It owns the tables directory_*. Whatever may end carries from and until,
// and is read at the transaction's clock. A row that a feed made carries the
// source that may change it and the delivery that made it; a row made by
// hand carries neither, and no feed touches it. Rows refer to each other by
// identifier without foreign keys: what is made by hand outlives what the
// undoing of a feed removes, and finds it again when it comes back.
//
// Logins and sessions are not here: see account.
package directory
