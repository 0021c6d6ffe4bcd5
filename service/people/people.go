package people

import (
	"embed"
	"slices"

	"preau/core/audit"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
)

// Words are the texts of the directory.
//
//go:embed words/*.json
var Words embed.FS

// Service is the directory for everyone.
type Service struct {
	Audit *audit.Log // whose list left, and who took it
}

var (
	_ web.Service = (*Service)(nil)
	_ web.Finder  = (*Service)(nil)
)

// readers are the profiles that have something to look up: everybody but the
// technicians, to whom a request for help opens what it needs, and those who left.
var readers = slices.DeleteFunc(slices.Clone(school.Profiles), func(p school.Profile) bool {
	return p == school.Tech || p == school.Departed
})

// Card implements web.Service. Without a pictogram, it is not for those who do
// not read yet.
func (s *Service) Card() web.Card {
	return web.Card{Name: "people", Title: "people.title", Icon: ui.IconBook, For: readers}
}

// The rights of the directory. To see is to find in a search, and to open the
// page of.
const (
	open        rights.Right = "people.open"         // the search, and the pages of those whom one sees
	seeMate     rights.Right = "people.see-mate"     // a pupil of one's class, by first name
	seeChild    rights.Right = "people.see-child"    // one's own
	seePupil    rights.Right = "people.see-pupil"    // with class and level
	seeGuardian rights.Right = "people.see-guardian" // the name, and whose
	seeTeacher  rights.Right = "people.see-teacher"  // of one's class
	seeStaff    rights.Right = "people.see-staff"    // of a school
	seeHead     rights.Right = "people.see-head"     // of a school
	seeClass    rights.Right = "people.see-class"    // its label and its teachers
	seeSchool   rights.Right = "people.see-school"   // its address
	seeBarred   rights.Right = "people.see-barred"   // a guardian to whom a judge takes access, too
	seeBirth    rights.Right = "people.see-birth"    // the day of birth of a pupil
	seeMail     rights.Right = "people.see-mail"     // of staff, at work
	listClass   rights.Right = "people.list-class"   // its pupils, to print
	exportClass rights.Right = "people.export-class" // its pupils, for a spreadsheet
)

// Rights implements web.Service: it is the table of whoever finds whom.
func (s *Service) Rights() rights.Table {
	everyone := rights.Holders{}
	for _, profile := range readers {
		everyone[profile] = rights.Self
	}
	team := rights.Holders{school.Teacher: rights.Schools, school.Head: rights.Schools, school.Staff: rights.Schools, school.Admin: rights.Schools}
	return rights.Table{
		open:        everyone,
		seeMate:     {school.Pupil: rights.Classes},
		seeChild:    {school.Guardian: rights.Children},
		seePupil:    {school.Teacher: rights.Classes, school.Head: rights.Schools, school.Staff: rights.Classes},
		seeGuardian: {school.Teacher: rights.Classes, school.Head: rights.Schools},
		seeTeacher:  {school.Pupil: rights.Classes},
		seeStaff:    with(team, rights.Holders{school.Guardian: rights.Schools, school.Operator: rights.Project}),
		seeHead:     {school.Municipal: rights.Area, school.CareAgent: rights.Schools, school.Pilot: rights.Area},
		seeClass:    with(team, rights.Holders{school.Guardian: rights.Classes}),
		seeSchool: with(team, rights.Holders{
			school.Guardian: rights.Schools, school.Municipal: rights.Area, school.Pilot: rights.Area,
			school.CareAgent: rights.Schools, school.Partner: rights.Project, school.Operator: rights.Project,
		}),
		seeBarred:   {school.Head: rights.Schools},
		seeBirth:    {school.Teacher: rights.Classes, school.Head: rights.Schools},
		seeMail:     team,
		listClass:   {school.Teacher: rights.Classes, school.Head: rights.Schools, school.Staff: rights.Classes},
		exportClass: {school.Teacher: rights.Classes, school.Head: rights.Schools},
	}
}

// with adds holders to some.
func with(some, more rights.Holders) rights.Holders {
	all := rights.Holders{}
	for _, holders := range []rights.Holders{some, more} {
		for profile, reach := range holders {
			all[profile] = reach
		}
	}
	return all
}
