package news

import (
	"slices"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/whom"
)

// Later implements web.Withholder.
func (s *Service) Later() audience.Later {
	return audience.Later{Table: "news_item", Live: "removed_at IS NULL"}
}

// Leaves implements web.Withholder: an item is its author's to write as long as they write where
// they did, with any hat.
func (s *Service) Leaves(tx *db.Tx, id school.ID) (l web.Leaving, err error) {
	i, err := itemByID(tx, id)
	if err != nil {
		return l, err
	}
	stays, err := directory.Stays(tx, i.Author)
	if err != nil {
		return l, err
	}
	hats, err := directory.Hats(tx, stays[i.Author])
	if err != nil {
		return l, err
	}
	for _, hat := range hats {
		actor, err := directory.Actor(tx, stays[i.Author], hat)
		if err != nil {
			return l, err
		}
		if i.writtenBy(actor) {
			l.May, l.Author = true, actor
			break
		}
	}
	if !l.May || i.area() == 0 {
		l.Schools = []school.ID{i.School}
		return l, nil
	}
	to, err := audience.To(tx, id)
	if err != nil {
		return l, err
	}
	l.Narrow = func(tx *db.Tx, open []school.ID) error {
		a := i.address()
		a.Audiences = aroundAll(open, i.Circles)
		return audience.Publish(tx, a)
	}
	for _, a := range to[id] {
		if a.Place == audience.School && !slices.Contains(l.Schools, a.Of) {
			l.Schools = append(l.Schools, a.Of)
		}
	}
	if len(l.Schools) > 0 { // some were shut when it was written
		return l, nil
	}
	within, err := directory.SchoolsWithin(tx, i.area())
	for _, at := range within {
		l.Schools = append(l.Schools, at.ID)
	}
	return l, err
}

// keptBack is the condition that an item i was kept back, and is to be published by whoever reads that, or
// thrown away.
const keptBack = `i.kept_at IS NOT NULL AND i.removed_at IS NULL`

// mostKeptBack is how many of those a list shows: the last ones.
const mostKeptBack = 50

// keptBackOf lists the items that the visitor keeps and that were kept back, the last first.
func keptBackOf(r *web.Request) ([]item, error) {
	where, args := keeping(r, []any{mostKeptBack})
	return items(r.Tx, keptBack+` AND `+where, "i.kept_at DESC, i.id DESC", args...)
}

// Awaits implements web.Awaiter: what was kept back.
func (s *Service) Awaits(r *web.Request) (int, error) {
	if !r.Holds(keep) && !r.Holds(keepCommune) {
		return 0, nil
	}
	where, args := keeping(r, nil)
	return db.One(r.Tx, db.Column[int], `SELECT count(*) FROM news_item i WHERE `+keptBack+` AND `+where, args...)
}

// writtenBy tells whether somebody may write an item, with a hat, as the rights of the service have it.
func (i item) writtenBy(by rights.Actor) bool {
	heads := by.Profile == school.Head && slices.Contains(by.Schools, i.School)
	switch {
	case i.Commune != 0:
		return by.Profile == school.Municipal && slices.Contains(by.Areas, i.Commune)
	case heads || i.RPI != 0:
		return heads
	case i.Class != 0:
		return by.Profile == school.Teacher && slices.Contains(by.Classes, i.Class)
	}
	return by.Profile == school.Teacher && slices.Contains(by.Schools, i.School)
}

// aroundAll are the circles of some schools.
func aroundAll(schools []school.ID, circles []whom.Circle) (to []audience.Audience) {
	for _, at := range schools {
		to = append(to, whom.Around(audience.School, at, circles...)...)
	}
	return to
}
