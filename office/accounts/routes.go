package accounts

import "preau/core/web"

// Mount implements web.Service.
func (s *Service) Mount(m *web.Mux) {
	m.Get("/", issue, s.land)
	m.Get("/class/{class}", issue, s.class)
	m.Post("/class/{class}/letters", issueFamilies, s.letters)
	m.Post("/class/{class}/badges", issue, s.badges)
	m.Get("/class/{class}/person/{person}/code", issue, s.askClassCode)
	m.Post("/class/{class}/person/{person}/code", issue, s.giveClassCode)
	m.Get("/class/{class}/door", openDoor, s.door)
	m.Post("/class/{class}/door/poster", openDoor, s.hang)
	m.Post("/class/{class}/door/tablet", openDoor, s.enrol)
	m.Post("/class/{class}/door/pictures", openDoor, s.printPictures, web.NoTx)
	m.Post("/class/{class}/door/{door}/end", openDoor, s.endDoor)
	m.Get("/class/{class}/person/{person}/pictures", openDoor, s.askPictures)
	m.Post("/class/{class}/person/{person}/pictures", openDoor, s.givePictures, web.NoTx)
	m.Post("/class/{class}/person/{person}/pictures/unblock", openDoor, s.unblock)
	m.Get("/school/{school}/staff", issue, s.staff)
	m.Get("/school/{school}/staff/{person}/code", issue, s.askStaffCode)
	m.Post("/school/{school}/staff/{person}/code", issue, s.giveStaffCode)
	m.Get("/structure/{structure}/person/{person}/code", issueTeam, s.askTeamCode)
	m.Post("/structure/{structure}/person/{person}/code", issueTeam, s.giveTeamCode)
}
