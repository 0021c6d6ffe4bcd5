package liaison

import (
	"preau/core/search"
	"preau/core/web"
)

// excerpt is how many letters of a word a search shows.
const excerpt = 120

// Find implements web.Finder: among the words that the visitor received, or follows.
func (s *Service) Find(r *web.Request, q search.Query) (web.Findings, error) {
	where, args, err := s.mine(r, 0, nil)
	if err != nil {
		return web.Findings{}, err
	}
	ids, _, err := q.Among(r.Tx, "liaison", `SELECT w.id FROM liaison_word w WHERE `+where, web.MostFound, args...)
	if err != nil {
		return web.Findings{}, err
	}
	words, err := wordsByID(r.Tx, ids)
	if err != nil {
		return web.Findings{}, err
	}
	by := byID(words)
	from, err := authors(r.Tx, r.Printer, words)
	if err != nil {
		return web.Findings{}, err
	}
	var f web.Findings
	for _, id := range ids {
		w := by[id]
		f.Found = append(f.Found, web.Found{
			Title: w.Title, Text: q.Excerpt(w.Body.Plain(), excerpt), Who: from[id], When: r.Printer.Moment(w.Published, r.Tx.Now), Href: w.path(), Icon: w.Category.icon(),
		})
	}
	return f, nil
}
