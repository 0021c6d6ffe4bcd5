package portal

import (
	"context"
	"log/slog"
	"slices"

	"preau/account"
	"preau/account/federation"
	"preau/core/db"
	"preau/core/notify"
	"preau/core/personal"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/feed"
)

// Portal is the hall.
type Portal struct {
	Accounts *account.Accounts
	Feeder   *feed.Feeder // makes one person of two, and two again
	Cards    []web.Card   // of the services, in the order of their tiles
	// Tellers say what a feed shows of the things of each service, by its name.
	Tellers map[string]web.Teller
	// Finders are the services in which one finds things, by the name of their card.
	Finders map[string]web.Finder
	// Awaiters count what waits in each for the visitor, and Openers are open to some pupils
	// alone.
	Awaiters map[string]web.Awaiter
	Openers  map[string]web.Opener
	// Awaits tells what waits for an operator in another room; nil: nothing.
	Awaits func(*web.Request) ([]ui.Task, error)
	// WrongFiles counts the files that people attached and that are damaged or missing, as far as
	// is known, for an operator; nil: nobody looks.
	WrongFiles func(*db.Tx) (int, error)
	// AwaitsHead tells what waits for a head at the desks of their schools, the
	// most pressing first; nil: nothing.
	AwaitsHead func(*web.Request, map[school.ID]account.Counts) ([]ui.Task, error)
	// Running tells what the visitor told at once and that still holds.
	Running func(*web.Request) ([]ui.Notice, error)
	// Absent lists, among some pupils whom the visitor minds in a school, or a class of it, without teaching them,
	// those whose families told that they are absent today; nil: nobody is told.
	Absent func(r *web.Request, at rights.Object, minded ...school.ID) ([]school.ID, error)
	// AwaitsInterim tells who may, in a commune or an académie, which acting heads wait to
	// be confirmed, and which schools for one to be proposed; nil: none.
	AwaitsInterim func(*web.Request) ([]ui.Task, error)
	// Notify tells people outside of the portal what waits for them in it; nil: nobody is
	// told.
	Notify *notify.Service
	// Stewards hold what people take with them when they leave.
	Stewards []personal.Steward
	// Carries lists the files that are somebody's alone, which they take with them too; nil: none are.
	Carries func(tx *db.Tx, person school.ID) ([]personal.Carried, error)
	// Ways lists the identity providers by which one may come in; nil: none.
	Ways func(context.Context) ([]federation.Way, error)
	// Leaving tells where to sign out of the provider that opened a session;
	// nil: none ever did.
	Leaving func(*db.Tx, school.ID) (federation.WayBack, error)
	Log     *slog.Logger // hears what a page goes without
	Demo    bool         // people are fictional, and their passwords are on the terminal
}

var _ web.Room = (*Portal)(nil)

// Shows has the hall show some services, in the order of their tiles, with all that each does
// there.
func (p *Portal) Shows(services ...web.Service) {
	for _, service := range services {
		card := service.Card()
		p.Cards = append(p.Cards, card)
		keep(&p.Tellers, card.Name, service)
		keep(&p.Finders, card.Name, service)
		keep(&p.Awaiters, card.Name, service)
		keep(&p.Openers, card.Name, service)
	}
}

// keep adds a service to those, by their names, that do something more.
func keep[More any](to *map[string]More, name string, service web.Service) {
	more, does := service.(More)
	if !does {
		return
	}
	if *to == nil {
		*to = map[string]More{}
	}
	(*to)[name] = more
}

// The rights of the hall.
const (
	openHome       rights.Right = "portal.home"
	keepOneself    rights.Right = "portal.me"      // one's password, one's devices, one's second step
	readJournal    rights.Right = "portal.journal" // what happened to one's account
	changeHat      rights.Right = "portal.hat"
	askHelp        rights.Right = "portal.help"        // whom to call
	helpAnySchool  rights.Right = "portal.help-school" // whom to call for any school of those one answers for
	lookFor        rights.Right = "portal.search"      // what rooms hold; in each, what one may read
	takeAway       rights.Right = "portal.take"        // what one leaves with
	seeClass       rights.Right = "portal.class"
	seeSchool      rights.Right = "portal.school"
	decideHome     rights.Right = "portal.badges"   // let one's children come in from home
	chooseServices rights.Right = "portal.services" // with which a school works
	keepCustody    rights.Right = "portal.custody"  // in which weeks one's children are with one
	connectDrives  rights.Right = "portal.drives"   // open one's files as a drive of one's computer
	joinAccounts   rights.Right = "portal.join"     // say that another account is one's own

	chooseNotifications rights.Right = "portal.notify" // how one is told things outside of the portal
)

// Rights is who may do what in the hall.
var Rights = rights.Table{
	openHome:       everyone(school.Departed),
	keepOneself:    everyone(),
	readJournal:    everyone(school.Departed),
	changeHat:      everyone(),
	askHelp:        everyone(),
	helpAnySchool:  {school.Municipal: rights.Area, school.Pilot: rights.Area, school.Operator: rights.Project},
	lookFor:        everyone(),
	takeAway:       {school.Departed: rights.Self},
	seeClass:       {school.Pupil: rights.Classes},
	seeSchool:      {school.Pupil: rights.Schools},
	decideHome:     {school.Guardian: rights.Children},
	joinAccounts:   grownUps(),
	connectDrives:  those(account.Drivers()),
	keepCustody:    {school.Guardian: rights.Children},
	chooseServices: {school.Head: rights.Schools},

	chooseNotifications: grownUps(),
}

// Lends implements web.Lender.
func (p *Portal) Lends() map[rights.Function][]rights.Right {
	return map[rights.Function][]rights.Right{directory.LentServices: {chooseServices}}
}

// everyone who is something in the portal holds a right over themselves, and so
// do others: those who have departed, where they are named.
func everyone(others ...school.Profile) rights.Holders {
	holders := rights.Holders{}
	for _, profile := range school.Profiles {
		if profile != school.Departed || slices.Contains(others, profile) {
			holders[profile] = rights.Self
		}
	}
	return holders
}

// those who wear one of some profiles hold a right over themselves.
func those(profiles []school.Profile) rights.Holders {
	holders := rights.Holders{}
	for _, profile := range profiles {
		holders[profile] = rights.Self
	}
	return holders
}

// grownUps are everyone but pupils, who have one account.
func grownUps() rights.Holders {
	holders := everyone()
	delete(holders, school.Pupil)
	return holders
}
