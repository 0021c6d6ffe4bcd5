package register

import (
	"embed"

	"preau/account"
	"preau/core/audit"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory/feed"
)

// Words are the texts of the office.
//
//go:embed words/*.json
var Words embed.FS

// Service is the office of feeds and people.
type Service struct {
	Accounts *account.Accounts
	Audit    *audit.Log
	Feeder   *feed.Feeder
}

var _ web.Service = (*Service)(nil)

// Card implements web.Service.
func (s *Service) Card() web.Card {
	return web.Card{
		Name: "register", Title: "register.title", Icon: ui.IconOffice,
		For: []school.Profile{school.Head, school.Teacher, school.Pilot, school.Operator},
	}
}

// The rights of the office.
const (
	open             rights.Right = "register.open"              // its first page, which leads on
	viewSchool       rights.Right = "register.view-school"       // a school's desk
	attachTeacher    rights.Right = "register.attach-teacher"    // to a class, and detach
	viewTroubles     rights.Right = "register.view-troubles"     // of the last delivery, in a school
	viewClass        rights.Right = "register.view-class"        // the list of a class
	issueCode        rights.Right = "register.issue-code"        // and see whose account is activated
	viewPupil        rights.Right = "register.view-pupil"        // with the family, and what judges decided
	restrictBond     rights.Right = "register.restrict-bond"     // record and end what a judge decided
	viewCare         rights.Right = "register.view-care"         // who is enrolled in the périscolaire
	viewReport       rights.Right = "register.view-report"       // of any delivery
	decideDepartures rights.Right = "register.decide-departures" // that were held
	importOnde       rights.Right = "register.import-onde"       // into a school that the AAF does not deliver
)

// Rights implements web.Service. A teacher issues codes to the pupils of
// their classes only; see code.go for whom a head may not issue one.
func (s *Service) Rights() rights.Table {
	return rights.Table{
		open: {
			school.Teacher: rights.Classes, school.Head: rights.Schools,
			school.Pilot: rights.Area, school.Operator: rights.Project,
		},
		viewSchool:       {school.Head: rights.Schools},
		attachTeacher:    {school.Head: rights.Schools},
		viewTroubles:     {school.Head: rights.Schools},
		viewClass:        {school.Teacher: rights.Classes, school.Head: rights.Schools},
		issueCode:        {school.Teacher: rights.Classes, school.Head: rights.Schools},
		viewPupil:        {school.Head: rights.Schools},
		restrictBond:     {school.Head: rights.Schools},
		viewCare:         {school.Municipal: rights.Area},
		viewReport:       {school.Pilot: rights.Area, school.Operator: rights.Project},
		decideDepartures: {school.Head: rights.Schools, school.Operator: rights.Project},
		importOnde:       {school.Head: rights.Schools},
	}
}
