package accounts

import "preau/core/web"

// Mount implements web.Service.
func (s *Service) Mount(m *web.Mux) {
	m.Get("/", open, s.land)
	m.Get("/class/{class}", issue, s.class)
	m.Post("/class/{class}/letters", issueFamilies, s.letters, web.StepUp)
	m.Post("/class/{class}/mail", issueFamilies, s.mail)
	m.Post("/class/{class}/badges", issue, s.badges)
	m.Get("/class/{class}/person/{person}/code", issue, s.askClassCode)
	m.Post("/class/{class}/person/{person}/code", issue, s.giveClassCode)
	m.Post("/class/{class}/person/{person}/factors/reset", issue, s.resetClassFactors, web.StepUp)
	m.Post("/class/{class}/person/{person}/reopen", issue, s.reopenInClass)
	m.Get("/school/{school}/staff", issueStaff, s.staff)
	m.Get("/school/{school}/staff/{person}/code", issueStaff, s.askStaffCode)
	m.Post("/school/{school}/staff/{person}/code", issueStaff, s.giveStaffCode)
	m.Post("/school/{school}/staff/{person}/factors/reset", issueStaff, s.resetStaffFactors, web.StepUp)
	m.Post("/school/{school}/staff/{person}/reopen", issueStaff, s.reopenInStaff)
	m.Get("/school/{school}/switches", shutSchool, s.switches)
	m.Post("/school/{school}/switches/on", shutSchool, s.switchOn, web.EvenReadOnly)
	m.Post("/school/{school}/switches/off", shutSchool, s.switchOff, web.EvenReadOnly)
	m.Post("/school/{school}/sign-out", shutSchool, s.signOut, web.EvenReadOnly)
	m.Get("/switches", shutProject, s.switches)
	m.Post("/switches/on", shutProject, s.switchOn)
	m.Post("/switches/off", shutProject, s.switchOff)
	m.Post("/sign-out", shutProject, s.signOut)
	m.Get("/structure/{structure}/person/{person}/code", issueTeam, s.askTeamCode)
	m.Post("/structure/{structure}/person/{person}/code", issueTeam, s.giveTeamCode)
	m.Post("/structure/{structure}/person/{person}/factors/reset", issueTeam, s.resetTeamFactors, web.StepUp)
}
