package portal

import (
	"slices"
	"strings"

	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
)

// Frame completes a page with what surrounds it. It is made for
// web.Config.Frame: it reads nothing, but what is open to a pupil.
func (p *Portal) Frame(r *web.Request, page *ui.Page) {
	page.Nav, page.Footer = p.Nav(r), p.Footer(r)
	if page.Person != nil {
		page.Leave = (r.Shared || r.ClassDoor() != "") && r.Reader != ui.PreReader // who has the door at hand already
		if r.Actor.Profile == school.Departed {
			return // one page, which says all there is
		}
		if p.looks(r) {
			page.Search = searchPath
		}
		helped := r.URL.Path == "/help"
		whom := r.Say("portal.help-whom")
		if r.Reader != ui.Adult {
			whom = r.Say("portal.help-child")
		}
		page.Assistance = ui.Link{Href: "/help", Icon: ui.IconSupport, Label: whom, Current: helped}
		page.Person.Links = []ui.Link{
			{Href: "/me", Icon: ui.IconSettings, Label: r.Say("portal.me"), Current: r.URL.Path == "/me"},
			{Href: "/help", Icon: ui.IconSupport, Label: r.Say("portal.help"), Current: helped},
			{Href: "/me#language", Icon: ui.IconWeb, Label: r.Say("portal.language")},
		}
	}
}

// maxNav is how many places fit under a thumb.
const maxNav = 4

// Nav is the home page and what the profile does most. Where there is only
// the home page there is no bar: the name of the portal leads to it.
func (p *Portal) Nav(r *web.Request) []ui.Link {
	links := []ui.Link{{Href: "/", Icon: ui.IconHome, Label: r.Say("portal.home"), Current: r.URL.Path == "/"}}
	for _, card := range p.held(r, p.cardsFor(r)) {
		links = append(links, ui.Link{
			Href: address(card), Icon: card.Icon, Label: r.Say(card.TitleFor(r.Actor.Profile)),
			Current: strings.HasPrefix(r.URL.Path, address(card)),
		})
	}
	if len(links) < 2 {
		return nil
	}
	return links[:min(len(links), maxNav)]
}

// Footer is on every page, for those who are signed out too.
func (p *Portal) Footer(r *web.Request) []ui.Link {
	return []ui.Link{
		{Href: "/about/legal", Label: r.Say("portal.legal"), Current: r.URL.Path == "/about/legal"},
		{Href: "/about/accessibility", Label: r.Say("portal.accessibility-state"), Current: r.URL.Path == "/about/accessibility"},
	}
}

// cardsFor lists the services of which the visitor's hat has the tile.
func (p *Portal) cardsFor(r *web.Request) []web.Card {
	return slices.DeleteFunc(p.openTo(r), func(card web.Card) bool { return card.Right != "" && !r.Holds(card.Right) })
}

// held are some services of the visitor's hat, with those that are open to some pupils only and
// to the one who visits, in the order of their tiles. One that does not answer is left out.
func (p *Portal) held(r *web.Request, cards []web.Card) (held []web.Card) {
	for _, card := range p.Cards {
		has := slices.ContainsFunc(cards, func(c web.Card) bool { return c.Name == card.Name })
		if !has {
			open, _, err := p.opens(r, card)
			if err != nil {
				p.Log.Warn("what is open to a pupil is not known", "room", card.Name, "id", r.ID, "err", err)
			}
			has = open && err == nil
		}
		if has {
			held = append(held, card)
		}
	}
	return held
}

// opens tells whether a service that is open to some pupils only is to the one who visits, and how
// much is new there.
func (p *Portal) opens(r *web.Request, card web.Card) (open bool, news int, err error) {
	room, opens := p.Openers[card.Name]
	if !opens || r.Actor.Profile != school.Pupil || r.Without(card.Name) {
		return false, 0, nil
	}
	return r.Opens(card.Name, room)
}

// openTo lists the services that the visitor's hat opens, of some of which it has no tile.
func (p *Portal) openTo(r *web.Request) []web.Card {
	if !r.SignedIn() {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(p.Cards), func(card web.Card) bool {
		return !slices.Contains(card.For, r.Actor.Profile) || r.Without(card.Name)
	})
}

func address(card web.Card) string { return "/" + card.Name + "/" }
