package register

import (
	"preau/core/web"
	"preau/directory/onde"
)

// Mount implements web.Service.
func (s *Service) Mount(m *web.Mux) {
	m.Get("/", open, s.land)

	m.Get("/school/{school}", viewSchool, s.desk)
	m.Get("/school/{school}/teachers", attachTeacher, s.teachers)
	m.Post("/school/{school}/suggestions", attachTeacher, s.attachSuggested)
	m.Post("/school/{school}/class/{class}/attach", attachTeacher, s.attach)
	m.Post("/school/{school}/class/{class}/detach", attachTeacher, s.detach)
	m.Get("/school/{school}/troubles", viewTroubles, s.troubles)
	m.Get("/school/{school}/onde", importOnde, s.onde)
	m.Post("/school/{school}/onde", importOnde, s.previewOnde, web.Upload(onde.MaxBytes), web.Limit(importTime))
	m.Post("/school/{school}/onde/accept", importOnde, s.acceptOnde, web.NoTx, web.Limit(importTime))
	m.Post("/school/{school}/onde/apply", importOnde, s.applyOnde, web.NoTx, web.Limit(importTime))
	m.Get("/school/{school}/staff", issueCode, s.staffAccounts)
	m.Get("/school/{school}/staff/{person}/code", issueCode, s.askStaffCode)
	m.Post("/school/{school}/staff/{person}/code", issueCode, s.giveStaffCode)

	m.Get("/class/{class}", viewClass, s.class)
	m.Get("/class/{class}/accounts", issueCode, s.classAccounts)
	m.Get("/class/{class}/person/{person}/code", issueCode, s.askClassCode)
	m.Post("/class/{class}/person/{person}/code", issueCode, s.giveClassCode)

	m.Get("/school/{school}/find", viewPupil, s.find)
	m.Get("/school/{school}/pupil/{person}", viewPupil, s.pupil)
	m.Post("/school/{school}/pupil/{person}/restrict", restrictBond, s.restrict)
	m.Post("/school/{school}/pupil/{person}/lift", restrictBond, s.lift)

	m.Get("/school/{school}/care/{care}", viewCare, s.care)

	m.Get("/holds", decideDepartures, s.holds)
	m.Post("/hold/{delivery}/{school}/accept", decideDepartures, s.accept)

	m.Get("/deliveries", viewReport, s.deliveries)
	m.Get("/delivery/{delivery}", viewReport, s.report)
	m.Get("/delivery/{delivery}/report.csv", viewReport, s.reportCSV)
	m.Get("/delivery/{delivery}/report.json", viewReport, s.reportJSON)
}
