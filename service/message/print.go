package message

import "preau/core/web"

// print shows a conversation as it goes on paper.
func (s *Service) print(r *web.Request) (web.Answer, error) {
	t, err := s.shown(r)
	if err != nil {
		return nil, err
	}
	if err := s.seen(r, t); err != nil {
		return nil, err
	}
	v, err := s.view(r, t, postBefore(r), mostPrinted)
	return web.Page{Title: t.Subject, Body: printPage(v)}, err
}
