package accounts

import "preau/core/web"

// Mount implements web.Service.
func (s *Service) Mount(m *web.Mux) {
	m.Get("/", issue, s.land)
	m.Get("/class/{class}", issue, s.class)
	m.Post("/class/{class}/letters", issueFamilies, s.letters, web.StepUp)
	m.Post("/class/{class}/badges", issue, s.badges)
	m.Get("/class/{class}/person/{person}/code", issue, s.askClassCode)
	m.Post("/class/{class}/person/{person}/code", issue, s.giveClassCode)
	m.Post("/class/{class}/person/{person}/factors/reset", issue, s.resetClassFactors, web.StepUp)
	m.Get("/school/{school}/staff", issue, s.staff)
	m.Get("/school/{school}/staff/{person}/code", issue, s.askStaffCode)
	m.Post("/school/{school}/staff/{person}/code", issue, s.giveStaffCode)
	m.Post("/school/{school}/staff/{person}/factors/reset", issue, s.resetStaffFactors, web.StepUp)
	m.Get("/structure/{structure}/person/{person}/code", issueTeam, s.askTeamCode)
	m.Post("/structure/{structure}/person/{person}/code", issueTeam, s.giveTeamCode)
	m.Post("/structure/{structure}/person/{person}/factors/reset", issueTeam, s.resetTeamFactors, web.StepUp)
}
