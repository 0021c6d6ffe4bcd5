package removal

import (
	"slices"
	"strconv"

	"preau/core/web"
)

// pageful is how many things a page lists.
const pageful = 100

// paged is what one page lists of what was found.
type paged struct {
	found
	Page, Last int // from 1
}

// page is one of the pages of what was found, from 1: what the account sent first, service by
// service, then what it changed, then what it took back. One that is not there is the nearest.
func (f found) page(number int) paged {
	standing := slices.DeleteFunc(slices.Clone(f.Changed), func(c changed) bool { return !c.stands() })
	left := slices.DeleteFunc(slices.Clone(f.Changed), changed.stands)
	last := max(1, (f.Count+len(f.Changed)+len(f.Recalled)+pageful-1)/pageful)
	p := paged{Page: min(max(number, 1), last), Last: last}
	p.More = f.More
	from := (p.Page - 1) * pageful
	to := from + pageful
	for _, g := range f.Groups {
		g.All = len(g.Sent)
		if g.Sent = some(g.Sent, &from, &to); len(g.Sent) > 0 {
			p.Groups, p.Count = append(p.Groups, g), p.Count+len(g.Sent)
		}
	}
	p.Changed = slices.Concat(some(standing, &from, &to), some(left, &from, &to))
	p.Recalled = some(f.Recalled, &from, &to)
	return p
}

// some are those of a list from one place on and before another, and counts the list off both.
func some[T any](list []T, from, to *int) []T {
	n := len(list)
	part := list[min(max(*from, 0), n):min(max(*to, 0), n)]
	*from, *to = *from-n, *to-n
	return part
}

// pageOf is the page that is asked for.
func pageOf(r *web.Request) int {
	n, err := strconv.Atoi(r.FormValue("page"))
	if err != nil { // the first
		return 1
	}
	return n
}
