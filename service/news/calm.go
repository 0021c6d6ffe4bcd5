package news

import (
	"time"

	"github.com/a-h/templ"

	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/web/calm"
	"preau/directory"
)

var _ calm.Sampler = (*Service)(nil)

// Sample implements calm.Sampler. Photos are files, and not kept in memory.
func (s *Service) Sample(tx *db.Tx, things []school.ID) ([]calm.Word, error) {
	all, err := itemsByID(tx, things)
	if err != nil {
		return nil, err
	}
	places, err := placesOf(tx, all)
	if err != nil {
		return nil, err
	}
	posters, err := postersOf(tx, all)
	if err != nil {
		return nil, err
	}
	carried, err := bag.Of(tx, things...)
	if err != nil {
		return nil, err
	}
	list := make([]calm.Word, len(all))
	for n, i := range all {
		from := places[i.teller()]
		list[n] = calm.Word{
			Thing: i.ID, Title: calm.Titled(i.Title), Size: i.size(), Poster: posters[i.ID],
			From: func(say i18n.Printer) string { return tellerName(say, from) },
			Body: func(now time.Time) templ.Component { return calmBody(i, carried[i.ID], now) },
		}
	}
	return list, nil
}

// size is how many bytes an item keeps in memory, about.
func (i item) size() int {
	const itself = 1 << 10
	return itself + len(i.Title) + len(i.Body.HTML()) + len(i.Event.Place)
}

// postersOf gives the public pages where some items are, by item.
func postersOf(tx *db.Tx, all []item) (map[school.ID]string, error) {
	posters := map[school.ID]string{}
	var schools []school.ID
	for _, i := range all {
		if i.onPoster() {
			schools = append(schools, i.School)
		}
	}
	open, err := db.All(tx, db.Column[school.ID], `SELECT school_id FROM news_page WHERE school_id `+tx.Among(1), db.List(tx, schools))
	if err != nil {
		return nil, err
	}
	at := map[school.ID]string{}
	known, err := directory.StructuresByID(tx, open...)
	for _, s := range known {
		if s.Until.IsZero() {
			at[s.ID] = posterPath(s.UAI)
		}
	}
	for _, i := range all {
		if i.onPoster() {
			posters[i.ID] = at[i.School]
		}
	}
	return posters, err
}

// onPoster tells whether an item may be on the public page of its school.
func (i item) onPoster() bool {
	return i.Commune == 0 && i.School != 0 && !i.Public.IsZero() && i.Removed.IsZero()
}
