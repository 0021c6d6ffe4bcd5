// Package removal is the office where what was sent with a stolen account is taken back: one
// person who holds the right looks for what the account sent in a window of time, ticks it
// and says why; a second one, who is neither the first nor whose account it was, reads the
// list and agrees. All that there is of it then goes at once from every room and from every
// home page, and is kept sealed: it may be put back for ninety days, and be opened for
// justice, by a command, for a year (docs/adr/0052).
//
// It owns the tables removal_case, removal_part, what one transaction took, and removal_file. What was sent is the services' to list
// ([preau/core/web.Sender]); which rows are part of a thing, theirs to declare
// ([preau/core/personal.Table.Things]).
package removal
