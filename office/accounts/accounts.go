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
	// Refuse gives the refusal of each of some people who gets no code of the
	// visitor's: an account opens all that its person holds.
	Refuse func(r *web.Request, people ...school.ID) (map[school.ID]error, error)
	// Colleague reads the structure and the person of the path, whom the visitor
	// may appoint there.
	Colleague func(r *web.Request) (directory.Structure, directory.Someone, error)
	// Stops are the services that may be stopped in an emergency: see [StoppableOf].
	Stops []Stoppable
}

// mayGive refuses somebody who gets no code of the visitor's.
func (s *Service) mayGive(r *web.Request, person school.ID) error {
	refused, err := s.Refuse(r, person)
	if err != nil {
		return err
	}
	return refused[person]
}

// warrant is by what the visitor hands codes out in a school: a loan, or a post of
// theirs. Either may have an end, which what they hand out does not outlive, be it
// before its day.
func warrant(r *web.Request, right rights.Right, over rights.Object) (w account.Warrant, err error) {
	w = account.Warrant{By: r.By(), Loan: r.Loan(right, over)}
	if w.Loan != 0 {
		w.Until, err = directory.HoldLoan(r.Tx, w.Loan)
		return w, err
	}
	return account.ByPostIn(r.Tx, w.By, r.Actor.Profile, over.School, over.Class)
}

var (
	_ web.Service = (*Service)(nil)
	_ web.Lender  = (*Service)(nil)
)

// Card implements web.Service.
func (s *Service) Card() web.Card {
	return web.Card{
		Name: "accounts", Title: "accounts.title", Icon: ui.IconKey,
		For: []school.Profile{school.Head, school.Teacher, school.Admin, school.Staff, school.Operator}, Right: open,
	}
}

// The rights of the office.
const (
	open          rights.Right = "accounts.open"           // its first page, which leads on
	issue         rights.Right = "accounts.issue"          // codes, and see whose account is activated
	issueFamilies rights.Right = "accounts.issue-families" // codes, to guardians
	issueStaff    rights.Right = "accounts.issue-staff"    // codes, to the staff of a school
	shutSchool    rights.Right = "accounts.shut-school"    // read-only for a while; sign everybody out
	shutProject   rights.Right = "accounts.shut-project"   // the same, everywhere
	readJournal   rights.Right = "accounts.journal"        // who came in, and who changed which account; and take it out
	issueTeam     rights.Right = "accounts.issue-team"     // codes, to whom one may appoint
	seeFrozen     rights.Right = "accounts.see-frozen"     // accounts that were frozen, and open them again
	openDoor      rights.Right = "accounts.open-door"      // the poster, the tablets, the pictures and the badges of a class
	keepNetwork   rights.Right = "accounts.network"        // which network is the school's, and whether its doors open elsewhere
)

// Rights implements web.Service. A teacher issues codes to the pupils of their
// classes only.
func (s *Service) Rights() rights.Table {
	return rights.Table{
		open:          {school.Teacher: rights.Classes, school.Head: rights.Schools, school.Operator: rights.Project},
		issue:         {school.Teacher: rights.Classes, school.Head: rights.Schools},
		issueFamilies: {school.Head: rights.Schools},
		issueStaff:    {school.Head: rights.Schools},
		readJournal:   {school.Head: rights.Schools, school.Operator: rights.Project},
		shutSchool:    {school.Head: rights.Schools},
		shutProject:   {school.Operator: rights.Project},
		seeFrozen:     {school.Head: rights.Schools, school.Operator: rights.Project},
		openDoor:      {school.Teacher: rights.Classes, school.Head: rights.Schools},
		keepNetwork:   {school.Head: rights.Schools},
		issueTeam: {
			school.Head: rights.Schools, school.Municipal: rights.Area, school.Pilot: rights.Area, school.Operator: rights.Project,
		},
	}
}

// Lends implements web.Lender: a head lends the accounts of a class, or of all,
// to whoever works in the school. Those of the staff are not lent: an account opens
// all that its person holds. Nor is the network, which shortens sessions. A
// commune lends the codes of its own agents, who hold a list each.
func (s *Service) Lends() map[rights.Function][]rights.Right {
	return map[rights.Function][]rights.Right{
		directory.LentAccounts:  {open, issue, issueFamilies},
		directory.LentTeamCodes: {issueTeam},
	}
}
