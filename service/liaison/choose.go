package liaison

import (
	"preau/core/db"
	"preau/core/school"
	"preau/core/web"
	"preau/directory/whom"
)

// choose asks to whom the visitor writes; who may in one place alone is there already.
func (s *Service) choose(r *web.Request) (web.Answer, error) {
	places, err := whom.Places(r, write)
	if err != nil {
		return nil, err
	}
	if len(places) == 1 {
		return web.Redirect{To: newPath(places[0])}, nil
	}
	at, families, err := whom.Targets(r, places, newPath)
	if err != nil {
		return nil, err
	}
	written, err := writtenBy(r)
	if err != nil {
		return nil, err
	}
	door, err := whom.Open(r, "/liaison/new", at, families, written)
	return web.Page{Title: r.Say("liaison.new"), Body: choosePage(door), Finds: true}, err
}

// newPath is where a word for a place is written.
func newPath(p whom.Place) string {
	if p.Class.ID != 0 {
		return "/liaison/new/class/" + p.Class.ID.String()
	}
	return "/liaison/new/school/" + p.School.ID.String()
}

// writtenBy lists the last words of the visitor, the latest first.
func writtenBy(r *web.Request) ([]school.ID, error) {
	return db.All(r.Tx, db.Column[school.ID], `SELECT id FROM liaison_word WHERE author_id = $1 ORDER BY id DESC LIMIT 20`, r.Actor.Person)
}
