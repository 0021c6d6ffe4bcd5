package news

import (
	"net/url"

	"preau/core/audience"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/whom"
)

// reach is which schools of a commune, or of an RPI, its news reaches: not those where nothing new is
// written for now.
type reach struct{ Open, Shut []directory.Place }

// reachOf finds the reach of a commune; where every school is shut it is fail.Forbidden.
func reachOf(r *web.Request, commune school.ID) (found reach, err error) {
	within, err := directory.SchoolsWithin(r.Tx, commune)
	if err != nil {
		return reach{}, err
	}
	var shut error
	for _, at := range within {
		switch err := r.Shuts(room, at.ID, r.Actor.Profile); {
		case err == nil:
			found.Open = append(found.Open, at)
		case fail.Is(err, fail.Conflict):
			found.Shut, shut = append(found.Shut, at), err
		default:
			return reach{}, err
		}
	}
	if len(found.Open) == 0 && shut != nil {
		err = fail.New(fail.Forbidden, "no school of %s is open: %w", commune, shut).Say("news.none-open")
	}
	return found, err
}

// addressed is the address of an item as the visitor publishes it: what is said to the schools of
// a commune, or of an RPI, is for those alone where news is open.
func addressed(r *web.Request, i item) (audience.Address, error) {
	a := i.address()
	if i.area() == 0 {
		return a, nil
	}
	found, err := reachOf(r, i.area())
	if err != nil || len(found.Shut) == 0 {
		return a, err
	}
	open := make([]school.ID, len(found.Open))
	for n, at := range found.Open {
		open[n] = at.ID
	}
	a.Audiences = aroundAll(open, i.Circles)
	return a, nil
}

// reading finds for whom an item is by what its form says, as [addressed] has it.
func reading(r *web.Request, i item) whom.Reading {
	return func(sent url.Values) (to []audience.Audience, err error) {
		if i.Circles, err = whom.ReadCircles(sent); err != nil {
			return nil, err
		}
		a, err := addressed(r, i)
		return a.Audiences, err
	}
}

// leftOut says which schools of an area what is written to it does not reach; 0: one school.
func leftOut(r *web.Request, area school.ID) ([]ui.Notice, error) {
	if area == 0 {
		return nil, nil
	}
	found, err := reachOf(r, area)
	if err != nil || len(found.Shut) == 0 {
		return nil, err
	}
	names := make([]string, len(found.Shut))
	for n, at := range found.Shut {
		names[n] = at.Name
	}
	return []ui.Notice{{Kind: ui.Warning, Text: r.Say("news.left-out", ui.And(r.Printer, names...))}}, nil
}

// around gives the audiences of a circle of a place.
func around(place audience.Place, of school.ID) func(whom.Circle) []audience.Audience {
	return func(c whom.Circle) []audience.Audience { return whom.Around(place, of, c) }
}
