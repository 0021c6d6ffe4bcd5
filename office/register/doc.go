// Package register is the office of feeds and people: what a head does to the
// register, and what those who answer for the deliveries read of them.
//
// A head attaches teachers to classes, reads the troubles of the last delivery
// that concern the school and decides on departures that were held; where no
// académie delivers the school, they drop what ONDE extracts. A head also
// records what judges decided about a pupil's family, lends the handing out of
// accounts to a colleague, and prints the pass of a replacement for a few days.
// A teacher has the lists of their classes. Agents of a commune read who is
// enrolled in the périscolaire of its schools. Operators, and pilots for their
// area, read the conformity report of each delivery, as a page, CSV or JSON,
// and follow in figures what deliveries have wrong, from one to the next.
// Likely duplicates are shown to heads, within their schools, and to operators:
// a human merges them, says that they are two, and undoes a merge. Heads,
// agents, pilots and operators say whom to call, each for what is theirs, and
// appoint those whom no delivery brings. Two of the commune, of the académie or of
// the operators name the acting head of a school without a head.
//
// It owns no table: directory and directory/feed hold the register and the
// journal of deliveries, account the code of a pass, core/audit what was done
// here. It shows no contact details of anybody but those of référents, which
// are professional and recorded to be shown.
package register
