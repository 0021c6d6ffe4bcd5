package directory

import (
	"slices"

	"preau/core/school"
)

// Template is a kind of post to which people are appointed by hand: the
// profile that it gives, and where it may be held. What a profile may do is in
// the tables of rights of the rooms.
type Template struct {
	Code    string // of the function: "atsem"
	Profile school.Profile
	At      []Kind
	Care    Care // of a care agent: the one activity that they see
	Twice   bool // two people give it, one after the other: no form or sheet has it
}

// Templates are the posts, in the order in which forms offer them.
var Templates = []Template{
	{Code: replacement, Profile: school.Teacher, At: []Kind{School}},
	{Code: "atsem", Profile: school.Staff, At: []Kind{School}},
	{Code: "aesh", Profile: school.Staff, At: []Kind{School}},
	{Code: "secretary", Profile: school.Admin, At: []Kind{School}},
	{Code: "head", Profile: school.Head, At: []Kind{School}},
	{Code: ActingHead, Profile: school.Head, At: []Kind{School}, Twice: true},
	{Code: "care-morning-care", Profile: school.CareAgent, At: []Kind{School}, Care: MorningCare},
	{Code: "care-canteen", Profile: school.CareAgent, At: []Kind{School}, Care: Canteen},
	{Code: "care-evening-care", Profile: school.CareAgent, At: []Kind{School}, Care: EveningCare},
	{Code: "care-study", Profile: school.CareAgent, At: []Kind{School}, Care: Study},
	{Code: "municipal", Profile: school.Municipal, At: []Kind{Commune}},
	{Code: "pilot", Profile: school.Pilot, At: []Kind{Commune, Circonscription, Department, Academy, Office}},
	{Code: "partner", Profile: school.Partner, At: []Kind{Project}},
	{Code: "technician", Profile: school.Tech, At: []Kind{Project}},
	{Code: "operator", Profile: school.Operator, At: []Kind{Project}},
}

// TemplateOf finds a post by its code.
func TemplateOf(code string) (Template, bool) {
	i := slices.IndexFunc(Templates, func(t Template) bool { return t.Code == code })
	if i < 0 {
		return Template{}, false
	}
	return Templates[i], true
}

// Fits tells whether the post may be held in a structure of a kind.
func (t Template) Fits(kind Kind) bool { return slices.Contains(t.At, kind) }
