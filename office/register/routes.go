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

	m.Get("/class/{class}", viewClass, s.class)

	m.Get("/school/{school}/pupil/{person}", viewPupil, s.pupil)
	m.Get("/school/{school}/carried", restrictBond, s.carried)
	m.Post("/school/{school}/pupil/{person}/restrict", restrictBond, s.restrict)
	m.Post("/school/{school}/pupil/{person}/lift", restrictBond, s.lift)
	m.Post("/school/{school}/pupil/{person}/resume", restrictBond, s.resume)
	m.Post("/school/{school}/pupil/{person}/confirm", restrictBond, s.confirm)

	m.Get("/school/{school}/arrival", keepPupils, s.arrival)
	m.Post("/school/{school}/arrival", keepPupils, s.arrive)
	m.Post("/school/{school}/pupil/{person}/correct", keepPupils, s.correctPupil)
	m.Post("/school/{school}/pupil/{person}/close", keepPupils, s.closePupil)
	m.Post("/school/{school}/pupil/{person}/reopen", keepPupils, s.reopenPupil)
	m.Post("/school/{school}/pupil/{person}/guardian", keepPupils, s.addGuardian)
	m.Post("/school/{school}/pupil/{person}/untie", keepPupils, s.untie)
	m.Post("/school/{school}/pupil/{person}/tie-again", keepPupils, s.tieAgain)

	m.Get("/school/{school}/groups", keepGroups, s.groups)
	m.Post("/school/{school}/groups", keepGroups, s.makeGroup)
	m.Get("/school/{school}/group/{class}", keepGroups, s.group)
	m.Post("/school/{school}/group/{class}", keepGroups, s.fillGroup)
	m.Post("/school/{school}/group/{class}/close", keepGroups, s.closeGroup)
	m.Post("/school/{school}/group/{class}/reopen", keepGroups, s.reopenGroup)

	m.Get("/school/{school}/pass", appointSchool, s.askPass)
	m.Post("/school/{school}/pass", appointSchool, s.pass, web.StepUp)
	m.Get("/school/{school}/lent", lend, s.lent)
	m.Post("/school/{school}/lent", lend, s.lendFunction, web.StepUp)
	m.Post("/school/{school}/lent/{grant}/recall", lend, s.recall)

	m.Get("/school/{school}/care/{care}", viewCare, s.care)

	m.Get("/teams", viewTeam, s.teams)
	m.Get("/structure/{structure}/team", viewTeam, s.team)
	m.Post("/structure/{structure}/appoint", viewTeam, s.appoint, web.StepUp)
	m.Get("/structure/{structure}/team/{person}", viewTeam, s.colleague)
	m.Post("/structure/{structure}/team/{person}/extend", viewTeam, s.extend)
	m.Post("/structure/{structure}/team/{person}/dismiss", viewTeam, s.dismiss)
	m.Post("/structure/{structure}/team/{person}/give-back", viewTeam, s.giveBack)
	m.Post("/structure/{structure}/team/{person}/correct", viewTeam, s.correct)
	m.Post("/structure/{structure}/team/{person}/grant", grant, s.grant, web.StepUp)
	m.Post("/structure/{structure}/team/{person}/take-back", grant, s.takeBack)
	m.Get("/roll", enterRoll, s.roll)
	m.Post("/roll", enterRoll, s.enterRoll)
	m.Get("/followed/{person}", viewFollowed, s.followed)
	m.Get("/referents", keepReferents, s.referents)
	m.Get("/structure/{structure}/referents", keepReferents, s.referentsOf)
	m.Get("/structure/{structure}/referents/{role}", keepReferents, s.askReferent)
	m.Post("/structure/{structure}/referents/{role}", keepReferents, s.recordReferent)
	m.Get("/structure/{structure}/referent/{referent}", keepReferents, s.referent)
	m.Post("/structure/{structure}/referent/{referent}", keepReferents, s.correctReferent)
	m.Post("/structure/{structure}/referent/{referent}/end", keepReferents, s.endReferent)
	m.Post("/structure/{structure}/referent/{referent}/resume", keepReferents, s.resumeReferent)

	m.Get("/holds", decideDepartures, s.holds)
	m.Get("/hold/{delivery}/{school}/accept", decideDepartures, s.askAccept)
	m.Post("/hold/{delivery}/{school}/accept", decideDepartures, s.accept)

	m.Get("/duplicates", viewDuplicates, s.duplicates)
	m.Get("/duplicate/{one}/{other}", mergePeople, s.askMerge)
	m.Post("/duplicate/{one}/{other}/merge", mergePeople, s.merge)
	m.Post("/duplicate/{one}/{other}/apart", mergePeople, s.apartPeople)
	m.Get("/merge/{merge}", viewDuplicates, s.merged)
	m.Post("/merge/{merge}/undo", mergePeople, s.unmerge)
	m.Get("/school/{school}/duplicates", viewDuplicates, s.duplicates)
	m.Get("/school/{school}/duplicate/{one}/{other}", mergePeople, s.askMerge)
	m.Post("/school/{school}/duplicate/{one}/{other}/merge", mergePeople, s.merge)
	m.Post("/school/{school}/duplicate/{one}/{other}/apart", mergePeople, s.apartPeople)
	m.Get("/school/{school}/merge/{merge}", viewDuplicates, s.merged)
	m.Post("/school/{school}/merge/{merge}/undo", mergePeople, s.unmerge)

	m.Get("/deliveries", viewReport, s.deliveries)
	m.Get("/conformity", viewReport, s.conformity)
	m.Get("/conformity.csv", viewReport, s.conformityCSV)
	m.Get("/conformity.json", viewReport, s.conformityJSON)
	m.Get("/delivery/{delivery}", viewReport, s.report)
	m.Get("/delivery/{delivery}/report.csv", viewReport, s.reportCSV, web.Journalled)
	m.Get("/delivery/{delivery}/report.json", viewReport, s.reportJSON, web.Journalled)
}
