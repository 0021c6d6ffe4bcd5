package register

import (
	"embed"

	"preau/account"
	"preau/core/audit"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
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

	// Absent lists, among some pupils whom the visitor minds in a school, those who are absent
	// there today; nobody is told of absences when it is nil.
	Absent func(r *web.Request, at rights.Object, minded ...school.ID) ([]school.ID, error)
}

var (
	_ web.Service = (*Service)(nil)
	_ web.Lender  = (*Service)(nil)
)

// Card implements web.Service.
func (s *Service) Card() web.Card {
	return web.Card{
		Name: "register", Title: "register.title", Icon: ui.IconOffice,
		Titles: map[school.Profile]string{school.Pilot: "register.deliveries", school.Operator: "register.deliveries"}, // where it lands them
		For: []school.Profile{
			school.Head, school.Teacher, school.Staff, school.Admin, school.Municipal, school.Pilot, school.Operator,
		},
		Right: open,
	}
}

// The rights of the office.
const (
	open             rights.Right = "register.open"              // its first page, which leads on
	viewDesk         rights.Right = "register.view-desk"         // what waits in a school
	viewSchool       rights.Right = "register.view-school"       // the whole of its desk
	attachTeacher    rights.Right = "register.attach-teacher"    // to a class, and detach
	viewTroubles     rights.Right = "register.view-troubles"     // of the last delivery, in a school
	viewClass        rights.Right = "register.view-class"        // the list of a class
	viewPupil        rights.Right = "register.view-pupil"        // with the family, and what judges decided
	keepPupils       rights.Right = "register.keep-pupils"       // add, correct and close who came by hand; tie a guardian
	keepGroups       rights.Right = "register.keep-groups"       // of pupils across the classes
	keepRPI          rights.Right = "register.keep-rpi"          // which schools share their classes with one's own
	restrictBond     rights.Right = "register.restrict-bond"     // record and end what a judge decided
	viewCare         rights.Right = "register.view-care"         // who is enrolled in the périscolaire
	viewReport       rights.Right = "register.view-report"       // of any delivery
	decideDepartures rights.Right = "register.decide-departures" // that were held
	viewTeam         rights.Right = "register.view-team"         // who works in a structure, and by whose will
	appointSchool    rights.Right = "register.appoint-school"    // replacement, ATSEM, AESH, secretary
	appointHead      rights.Right = "register.appoint-head"      // of a school that no delivery tells of
	nameInterim      rights.Right = "register.name-interim"      // propose and confirm the acting head of a school without a head
	appointAgent     rights.Right = "register.appoint-agent"     // of the commune, or of one activity in a school
	appointPilot     rights.Right = "register.appoint-pilot"     // of the académie, or of what is within it
	appointProject   rights.Right = "register.appoint-project"   // partner, technician, operator
	enterRoll        rights.Right = "register.enter-roll"        // many people from a sheet
	grant            rights.Right = "register.grant"             // a class to help in, a pupil to follow
	lend             rights.Right = "register.lend"              // a function of the head's, or of the commune's
	viewFollowed     rights.Right = "register.view-followed"     // a pupil whom one follows
	viewDuplicates   rights.Right = "register.view-duplicates"   // likely ones, and merges
	mergePeople      rights.Right = "register.merge"             // and undo; say that two are two

	keepReferents       rights.Right = "register.keep-referents"        // some: the pages where one says whom to call
	keepAnyReferent     rights.Right = "register.keep-any-referent"     // of what lies within one's areas
	keepSchoolReferent  rights.Right = "register.keep-school-referent"  // the school's own
	keepCommuneReferent rights.Right = "register.keep-commune-referent" // the commune's own
	importOnde          rights.Right = "register.import-onde"           // into a school that the AAF does not deliver
)

// Rights implements web.Service. See [MayGiveCode] for whom a head may not give a
// code, and pair.go for whom a head may not merge.
func (s *Service) Rights() rights.Table {
	return rights.Table{
		open: {
			school.Teacher: rights.Classes, school.Head: rights.Schools, school.Municipal: rights.Area,
			school.Pilot: rights.Area, school.Operator: rights.Project,
		},
		viewDesk:         {school.Head: rights.Schools},
		viewSchool:       {school.Head: rights.Schools},
		attachTeacher:    {school.Head: rights.Schools},
		viewTroubles:     {school.Head: rights.Schools},
		viewClass:        {school.Teacher: rights.Classes, school.Head: rights.Schools, school.Staff: rights.Classes, school.Admin: rights.Schools},
		viewPupil:        {school.Head: rights.Schools},
		keepPupils:       {school.Head: rights.Schools},
		keepGroups:       {school.Head: rights.Schools},
		keepRPI:          {school.Head: rights.Schools},
		restrictBond:     {school.Head: rights.Schools},
		viewCare:         {school.Municipal: rights.Area, school.CareAgent: rights.Schools},
		viewReport:       {school.Pilot: rights.Area, school.Operator: rights.Project},
		decideDepartures: {school.Head: rights.Schools, school.Operator: rights.Project},
		viewTeam: {
			school.Head: rights.Schools, school.Municipal: rights.Area, school.Pilot: rights.Area, school.Operator: rights.Project,
		},
		appointSchool: {school.Head: rights.Schools, school.Operator: rights.Project},
		appointHead:   {school.Operator: rights.Project},
		nameInterim: {
			school.Municipal: rights.Area, school.Pilot: rights.Area, school.Operator: rights.Project,
		},
		appointAgent:   {school.Municipal: rights.Area, school.Operator: rights.Project},
		appointPilot:   {school.Pilot: rights.Area, school.Operator: rights.Project},
		appointProject: {school.Operator: rights.Project},
		enterRoll:      {school.Municipal: rights.Area, school.Pilot: rights.Area, school.Operator: rights.Project},
		grant:          {school.Head: rights.Schools},
		lend:           {school.Head: rights.Schools, school.Municipal: rights.Area},
		viewFollowed:   {school.Staff: rights.Followed},
		viewDuplicates: {school.Head: rights.Schools, school.Operator: rights.Project},
		mergePeople:    {school.Head: rights.Schools, school.Operator: rights.Project},

		keepReferents: {
			school.Head: rights.Schools, school.Municipal: rights.Area, school.Pilot: rights.Area, school.Operator: rights.Project,
		},
		keepAnyReferent:     {school.Pilot: rights.Area, school.Operator: rights.Project},
		keepSchoolReferent:  {school.Head: rights.Schools},
		keepCommuneReferent: {school.Municipal: rights.Area},
		importOnde:          {school.Head: rights.Schools},
	}
}

// Lends implements web.Lender: a head lends what keeps the register of the school
// in step: what to mend, the departures that were held. Duplicates are not lent: a
// merge shows what judges decided, and an account opens all that its person holds.
// Nor are the extractions of ONDE: they say where families are written to, and
// whoever has somebody's address may have their account. A commune lends the lists
// of the périscolaire, and seeing the agents of a school, to whom [Service.Colleague]
// has the office of accounts hand codes.
func (s *Service) Lends() map[rights.Function][]rights.Right {
	return map[rights.Function][]rights.Right{
		directory.LentFeeds:     {open, viewDesk, viewTroubles, decideDepartures},
		directory.LentCareLists: {viewCare},
		directory.LentTeamCodes: {viewTeam},
	}
}
