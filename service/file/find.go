package file

import (
	"fmt"
	"net/url"

	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/search"
	"preau/core/web"
)

// excerpt is how many letters of what a file says a search shows.
const excerpt = 120

// index has an entry be found by its name, and by what it says.
func (s *Service) index(r *web.Request, e entry) error {
	words := ""
	if e.Holds.ID != 0 {
		v, err := versionByID(r.Tx, e.Holds.ID)
		if err != nil {
			return err
		}
		words = v.Words
	}
	return search.Put(r.Tx, room, e.ID, e.Name, words)
}

// readable is the query of what the visitor may read: in their spaces, theirs alone, and what was opened to them
// with all that is in it.
func (s *Service) readable(r *web.Request, args ...any) (string, []any, error) {
	spaces, err := mySpaces(r)
	if err != nil {
		return "", nil, err
	}
	held, err := r.Held()
	if err != nil {
		return "", nil, err
	}
	var ids []school.ID
	for _, sp := range spaces {
		if sp.ID != 0 {
			ids = append(ids, sp.ID)
		}
	}
	n := len(args)
	things, args := held.Things(r.Tx, append(args, db.List(r.Tx, ids), r.Actor.Person, db.At(r.Tx.Now))...)
	return fmt.Sprintf(`SELECT e.id FROM file_entry e WHERE e.space_id %s AND e.bin_id = 0
		UNION SELECT e.id FROM file_entry e WHERE e.owner_id = $%d AND e.bin_id = 0
		UNION SELECT o.id FROM (WITH RECURSIVE opened(id, owner_id) AS (
			SELECT f.id, f.owner_id FROM file_share g JOIN file_entry f ON f.id = g.entry_id WHERE g.id IN (%s) AND %s$%d) AND f.bin_id = 0
			UNION SELECT f.id, f.owner_id FROM file_entry f JOIN opened ON f.parent_id = opened.id WHERE f.bin_id = 0 AND f.owner_id = opened.owner_id)
			SELECT id FROM opened) o`, r.Tx.Among(n+1), n+2, things, living, n+3), args, nil
}

// Find implements web.Finder.
func (s *Service) Find(r *web.Request, q search.Query) (web.Findings, error) {
	query, args, err := s.readable(r)
	if err != nil {
		return web.Findings{}, err
	}
	ids, more, err := q.Among(r.Tx, room, query, web.MostFound, args...)
	if err != nil {
		return web.Findings{}, err
	}
	f, err := s.findings(r, q, ids)
	if more {
		f.All = "/file/search?q=" + url.QueryEscape(q.Typed())
	}
	return f, err
}

// findings are some entries, as a search shows them.
func (s *Service) findings(r *web.Request, q search.Query, ids []school.ID) (f web.Findings, err error) {
	found, err := entriesByID(r.Tx, ids...)
	if err != nil {
		return f, err
	}
	words, err := wordsOf(r.Tx, ids...)
	if err != nil {
		return f, err
	}
	by := map[school.ID]entry{}
	for _, e := range found {
		by[e.ID] = e
	}
	for _, id := range ids {
		e := by[id]
		f.Found = append(f.Found, web.Found{
			Title: e.Name, Lang: i18n.French, Text: q.Excerpt(words[id], excerpt), When: r.Printer.Moment(e.Changed, r.Tx.Now), Href: e.path(), Icon: e.icon(),
		})
	}
	return f, nil
}

// search lists all that the visitor finds by some words.
func (s *Service) search(r *web.Request) (web.Answer, error) {
	q := search.Read(r.URL.Query().Get("q"))
	v := searchView{Typed: q.Typed()}
	if q.Empty() {
		return web.Page{Title: r.Say("file.search"), Body: searchPage(v), Finds: true}, nil
	}
	query, args, err := s.readable(r)
	if err != nil {
		return nil, err
	}
	ids, more, err := q.Among(r.Tx, room, query, mostFound, args...)
	if err != nil {
		return nil, err
	}
	f, err := s.findings(r, q, ids)
	v.Found, v.More = f.Found, more
	return web.Page{Title: r.Say("file.search"), Body: searchPage(v), Finds: true}, err
}

// searchView is what was found.
type searchView struct {
	Typed string
	Found []web.Found
	More  bool
}

// mostFound is how many entries a search lists.
const mostFound = 100
