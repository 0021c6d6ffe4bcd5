package news

import (
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/search"
	"preau/core/ui"
	"preau/core/web"
)

// excerpt is how many letters of an item a search, or a list, shows.
const excerpt = 120

// Find implements web.Finder: among the items that the visitor may read.
func (s *Service) Find(r *web.Request, q search.Query) (web.Findings, error) {
	where, args, err := s.mine(r, nil)
	if err != nil {
		return web.Findings{}, err
	}
	q = q.Named(`SELECT i.id, p.sort_key FROM readable r JOIN news_item i ON i.id = r.id JOIN directory_person p ON p.id = i.author_id`)
	ids, _, err := q.Among(r.Tx, room, `SELECT i.id FROM news_item i WHERE `+where, web.MostFound, args...)
	if err != nil {
		return web.Findings{}, err
	}
	found, err := itemsByID(r.Tx, ids)
	if err != nil {
		return web.Findings{}, err
	}
	by := byID(found)
	from, err := tellers(r.Tx, r.Printer, found)
	var f web.Findings
	for _, id := range ids {
		i := by[id]
		f.Found = append(f.Found, web.Found{
			Title: i.Title, Lang: i18n.French, Text: q.Excerpt(i.Body.Plain(), excerpt), Who: from[id], When: r.Printer.Moment(i.Published, r.Tx.Now), Href: i.path(), Icon: ui.IconNews,
		})
	}
	return f, err
}

// index has an item be found by what it says, and by the names of its files.
func index(tx *db.Tx, i item) error {
	files, err := bag.FileNames(tx, i.ID)
	if err != nil {
		return err
	}
	return search.Put(tx, room, i.ID, i.Title, i.Body.Plain(), i.Event.Place, files)
}

// FoundBy implements search.Refinder.
func (records) FoundBy() string { return "files" }

// Reindex implements search.Refinder, of what was not removed.
func (records) Reindex(tx *db.Tx, _ i18n.Printer, after school.ID, most int) (last school.ID, err error) {
	again, err := items(tx, `i.id > $2 AND i.removed_at IS NULL`, "i.id", most, after)
	for _, i := range again {
		if err == nil {
			err, last = index(tx, i), i.ID
		}
	}
	return last, err
}

// byID finds items by their identifiers.
func byID(all []item) map[school.ID]item {
	by := make(map[school.ID]item, len(all))
	for _, i := range all {
		by[i.ID] = i
	}
	return by
}
