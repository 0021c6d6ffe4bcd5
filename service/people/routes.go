package people

import "preau/core/web"

// Mount implements web.Service.
func (s *Service) Mount(m *web.Mux) {
	m.Get("/", open, s.find)
	m.Get("/person/{person}", open, s.person)
	m.Get("/class/{class}", listClass, s.class)
	m.Get("/class/{class}/list.csv", exportClass, s.classCSV, web.Journalled, web.StepUp)
	m.Get("/school/{school}", seeSchool, s.school)
}
