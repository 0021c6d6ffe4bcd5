// Package rights answers one question: may this person do this, here, now?
//
// Each room declares its rights with whoever holds them by default, and how far
// (its [Table]); app gathers the tables into the [Matrix], which refuses a
// right declared twice. Three gates use it: the right on a route's line
// ([Matrix.Allows]), one object ([Matrix.Can]) and the rows of a list
// ([Matrix.Scope]). They follow from the same [Actor], whose holdings are
// read from the register at the transaction's clock at each request, and are
// never kept in a session.
//
// A refusal looks like an absence: fail.NotFound, for the three gates.
package rights
