package liaison

import (
	"preau/core/web"
	"preau/directory/whom"
)

// chooseView is where the visitor may write.
type chooseView struct{ Places []whom.Place }

// choose lists where the visitor may write; who may in one place alone is there already.
func (s *Service) choose(r *web.Request) (web.Answer, error) {
	places, err := whom.Places(r, write)
	if err != nil {
		return nil, err
	}
	if len(places) == 1 {
		return web.Redirect{To: newPath(places[0])}, nil
	}
	return web.Page{Title: r.Say("liaison.new"), Body: choosePage(chooseView{places})}, nil
}

// newPath is where a word for a place is written.
func newPath(p whom.Place) string {
	if p.Class.ID != 0 {
		return "/liaison/new/class/" + p.Class.ID.String()
	}
	return "/liaison/new/school/" + p.School.ID.String()
}
