package liaison

import "preau/core/web"

// Mount implements web.Service.
func (s *Service) Mount(m *web.Mux) {
	m.Get("/", open, s.list)
	m.Get("/new", write, s.choose)
	m.Get("/new/class/{class}", write, s.blank)
	m.Get("/new/school/{school}", write, s.blank)
	m.Post("/new/class/{class}", write, s.publish, web.LongText)
	m.Post("/new/school/{school}", write, s.publish, web.LongText)
	m.Get("/word/{word}", open, s.show)
	m.Post("/word/{word}/answer", answer, s.answer)
	m.Get("/word/{word}/follow", follow, s.follow)
	m.Get("/word/{word}/follow.csv", follow, s.followCSV, web.Journalled, web.StepUp)
	m.Get("/word/{word}/amend", write, s.amending)
	m.Post("/word/{word}/amend", write, s.amend, web.LongText)
	m.Get("/word/{word}/cancel", write, s.cancelling)
	m.Post("/word/{word}/cancel", write, s.cancel)
}
