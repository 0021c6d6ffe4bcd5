package accounts

import (
	"embed"

	"preau/account"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// Words are the texts of the office.
//
//go:embed words/*.json
var Words embed.FS

// Service is the office of accounts.
type Service struct {
	Accounts *account.Accounts
	// MayGive refuses whoever gets no code of the visitor's: an account opens
	// all that its person holds.
	MayGive func(r *web.Request, person school.ID) error
	// Colleague reads the structure and the person of the path, whom the visitor
	// may appoint there.
	Colleague func(r *web.Request) (directory.Structure, directory.Someone, error)
}

var _ web.Service = (*Service)(nil)

// Card implements web.Service.
func (s *Service) Card() web.Card {
	return web.Card{
		Name: "accounts", Title: "accounts.title", Icon: ui.IconKey,
		For: []school.Profile{school.Head, school.Teacher},
	}
}

// The rights of the office.
const (
	issue         rights.Right = "accounts.issue"          // codes, and see whose account is activated
	issueFamilies rights.Right = "accounts.issue-families" // codes, to guardians
	issueTeam     rights.Right = "accounts.issue-team"     // codes, to whom one may appoint
	openDoor      rights.Right = "accounts.open-door"      // the poster, the tablets and the pictures of a class
)

// Rights implements web.Service. A teacher issues codes to the pupils of their
// classes only.
func (s *Service) Rights() rights.Table {
	return rights.Table{
		issue:         {school.Teacher: rights.Classes, school.Head: rights.Schools},
		issueFamilies: {school.Head: rights.Schools},
		openDoor:      {school.Teacher: rights.Classes, school.Head: rights.Schools},
		issueTeam: {
			school.Head: rights.Schools, school.Municipal: rights.Area, school.Pilot: rights.Area, school.Operator: rights.Project,
		},
	}
}
