package portal

import (
	"cmp"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"preau/account"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/feed"
)

// homes is the home page of each profile.
var homes = map[school.Profile]func(*Portal, *web.Request) (templ.Component, error){
	school.Pupil:     (*Portal).pupilHome,
	school.Guardian:  (*Portal).guardianHome,
	school.Teacher:   (*Portal).teacherHome,
	school.Head:      (*Portal).headHome,
	school.Staff:     (*Portal).staffHome,
	school.Admin:     (*Portal).staffHome,
	school.Municipal: (*Portal).municipalHome,
	school.CareAgent: (*Portal).careAgentHome,
	school.Pilot:     (*Portal).pilotHome,
	school.Partner:   (*Portal).partnerHome,
	school.Tech:      (*Portal).techHome,
	school.Operator:  (*Portal).operatorHome,
	school.Departed:  (*Portal).departedHome,
}

func (p *Portal) home(r *web.Request) (web.Answer, error) {
	body, err := homes[r.Actor.Profile](p, r)
	if err != nil {
		return nil, err
	}
	help, err := homeHelp(r)
	if err != nil {
		return nil, err
	}
	invited, err := p.invitation(r)
	if err != nil {
		return nil, err
	}
	lost, err := p.lostMail(r)
	if err != nil {
		return nil, err
	}
	var running []ui.Notice
	if p.Running != nil {
		if running, err = p.Running(r); err != nil {
			return nil, err
		}
	}
	until, err := untilWhen(r)
	notices := slices.Concat(running, lost, until, invited)
	above := min(len(notices), max(len(running), 1))
	return web.Page{Title: r.Say("portal.home"), Body: homePage(body, notices[above:]), Help: help, Notices: notices[:above]}, err
}

// untilWhen tells who replaces a teacher, or heads a school for a time, until when they do.
func untilWhen(r *web.Request) (told []ui.Notice, err error) {
	if r.Actor.Profile != school.Teacher && r.Actor.Profile != school.Head {
		return nil, nil
	}
	duties, err := directory.DutiesOf(r.Tx, r.Actor.Person)
	for _, d := range duties {
		switch {
		case r.Actor.Profile == school.Head && d.Code == directory.ActingHead && !d.Until.IsZero():
			told = append(told, ui.Notice{Text: r.Say(directory.Gendered("portal.acts", d.Civility), d.Place.Name, r.Printer.Date(school.LastDay(d.Until.Time)))})
		case r.Actor.Profile == school.Teacher && d.Replaces():
			told = append(told, ui.Notice{Text: r.Say("portal.replaces", d.Place.Name, r.Printer.Date(school.LastDay(d.Until.Time)))})
		}
	}
	return told, err
}

// invitation is for whose account should be protected and is not.
func (p *Portal) invitation(r *web.Request) ([]ui.Notice, error) {
	if !p.Accounts.Invites(r.Actor.Profile) {
		return nil, nil
	}
	has, err := account.HasFactor(r.Tx, r.Actor.Person)
	if err != nil || has {
		return nil, err
	}
	return []ui.Notice{{Text: r.Say("portal.protect-text"), Link: ui.Link{Href: newPath, Label: r.Say("portal.new-factor")}}}, nil
}

// homeHelp says whom to ask when the page is wrong. A child asks the adult
// at their side. A head whose schools no académie delivers mends what is wrong
// by extracting them again.
func homeHelp(r *web.Request) (templ.Component, error) {
	profile := r.Actor.Profile
	if profile == school.Pupil || profile == school.Operator || profile == school.Departed {
		return nil, nil
	}
	key := "portal.help-" + string(profile)
	if profile != school.Head || len(r.Actor.Schools) == 0 {
		return helpOf(key), nil
	}
	for _, at := range r.Actor.Schools {
		by, err := feed.FeedsSchool(r.Tx, at)
		if err != nil {
			return nil, err
		}
		if by == feed.FromAcademy {
			return helpOf(key), nil
		}
	}
	return helpOf(key + "-onde"), nil
}

// awaitsInterim is the acting heads that the visitor may confirm, and the schools
// for which they may propose one.
func (p *Portal) awaitsInterim(r *web.Request) ([]ui.Task, error) {
	if p.AwaitsInterim == nil {
		return nil, nil
	}
	return p.AwaitsInterim(r)
}

// front is what every home page begins with.
type front struct {
	Hello string
	Quick []ui.ButtonLink // what the visitor does most
	Feed  feedView
	Tiles []ui.Tile
}

// mostQuick is how many acts a home page begins with.
const mostQuick = 4

// front is the visitor's; their feed names their children, if they have some.
func (p *Portal) front(r *web.Request, children ...kid) (f front, err error) {
	cards, _, err := p.ordered(r)
	if err != nil {
		return f, err
	}
	f.Hello = greeted(r)
	if f.Tiles, err = p.tilesOf(r, cards); err != nil {
		return f, err
	}
	for _, card := range cards {
		for _, q := range card.Quick {
			if r.Holds(q.Right) && len(f.Quick) < mostQuick {
				f.Quick = append(f.Quick, ui.ButtonLink{Href: q.Path, Label: r.Say(q.Title), Icon: q.Icon, Look: ui.Quiet})
			}
		}
	}
	f.Feed, err = p.feed(r, children)
	return f, err
}

// greeted is how a page says hello: by the first name, which an appointed
// agent may not have given.
func greeted(r *web.Request) string { return r.Say("portal.hello", cmp.Or(r.First, r.Name)) }

// tidy writes a label as people read it: the source has stray spaces.
func tidy(label string) string { return strings.Join(strings.Fields(label), " ") }
