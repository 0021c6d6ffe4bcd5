package portal

import (
	"context"

	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/search"
	"preau/core/ui"
	"preau/core/web"
)

const searchPath = "/search"

// searchView is what was looked for, and what the rooms have of it.
type searchView struct {
	Lead, Typed string
	Asked       bool // for words
	Rooms       []foundIn
}

// foundIn is what was found in one room.
type foundIn struct {
	Title string
	web.Findings
}

// looks tells whether the visitor has anywhere to look for things: not a child who
// does not read, nor who opens no room in which one finds any.
func (p *Portal) looks(r *web.Request) bool {
	return r.Reader != ui.PreReader && r.Holds(lookFor) && len(p.findersFor(r)) > 0
}

// findersFor are the services that are open to the visitor in which one finds things, in the
// order of their tiles.
func (p *Portal) findersFor(r *web.Request) (cards []web.Card) {
	for _, card := range p.held(r, p.openTo(r)) {
		if p.Finders[card.Name] != nil {
			cards = append(cards, card)
		}
	}
	return cards
}

// search asks each room for what it has of some words.
func (p *Portal) search(r *web.Request) (web.Answer, error) {
	if !p.looks(r) {
		return nil, fail.New(fail.NotFound, "there is nowhere to look")
	}
	q := search.Read(r.URL.Query().Get("q"))
	if r.Actor.Profile == school.Pupil { // who reads first names of children, and family names of adults
		q = q.Nameless()
	}
	v := searchView{Typed: q.Typed(), Asked: !q.Empty()}
	var names []string
	for _, card := range p.findersFor(r) {
		names = append(names, r.Say(card.TitleFor(r.Actor.Profile)))
		if q.Empty() {
			continue
		}
		found, err := p.Finders[card.Name].Find(r, q)
		if err != nil {
			return nil, err
		}
		if len(found.Found) > 0 {
			found.Found = found.Found[:min(len(found.Found), web.MostFound)]
			v.Rooms = append(v.Rooms, foundIn{r.Say(card.TitleFor(r.Actor.Profile)), found})
		}
	}
	v.Lead = r.Say("portal.search-lead", ui.And(r.Printer, names...))
	return web.Page{Title: r.Say("portal.search"), Body: searchPage(v), Finds: true}, nil
}

// finding is a thing that was found, as the page shows it.
func finding(f web.Found) ui.Finding {
	return ui.Finding{Href: f.Href, Title: f.Title, About: i18n.Dots(f.Who, f.When), Text: f.Text, Icon: f.Icon, Children: f.Children, Lang: f.Lang}
}

// allOf leads to all that a room has, when that is more than what is shown.
func allOf(ctx context.Context, room foundIn) ui.Link {
	if room.All == "" {
		return ui.Link{}
	}
	return ui.Link{Href: room.All, Label: i18n.Say(ctx, "portal.search-all"), Icon: ui.IconForward}
}
