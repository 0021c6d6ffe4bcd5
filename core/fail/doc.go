// Package fail is the one error type that crosses the house. It speaks with
// two voices: Error, precise, for the log; Key, a text of the catalogue, for
// people, who are told what happened and what to do next and never see the
// first.
//
// Drivers' errors become these at the driver (core/db); one place, core/web,
// turns them into a status and a page.
package fail
