package portal

import (
	"slices"

	"preau/account"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// cataloguePath is where a school chooses the services with which it works.
const cataloguePath = "/services"

func catalogueOf(at school.ID) string { return cataloguePath + "/" + at.String() }

// catalogueView is the services of one school.
type catalogueView struct {
	At       directory.Structure
	Services []offered
}

// offered is a service that a school may open or shut.
type offered struct {
	Name, Title, For string
	Icon             ui.Icon
	Shut             bool // the school does not work with it
	Everywhere       bool // nor does any: only those who run the project open it again
	Stopped          bool // in an emergency, for a time, whatever the school has chosen
}

// catalogues lists the schools whose services the visitor chooses; of one alone, it is
// its page.
func (p *Portal) catalogues(r *web.Request) (web.Answer, error) {
	var mine []school.ID
	for _, at := range r.Actor.Schools {
		reached, err := place.Reaches(r, chooseServices, at)
		if err != nil {
			return nil, err
		}
		if reached {
			mine = append(mine, at)
		}
	}
	if len(mine) == 1 {
		return web.Redirect{To: catalogueOf(mine[0])}, nil
	}
	schools, err := directory.StructuresByID(r.Tx, mine...)
	return web.Page{Title: r.Say("portal.catalogue"), Body: cataloguesPage(schools)}, err
}

// catalogue shows the services of a school.
func (p *Portal) catalogue(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, chooseServices)
	if err != nil {
		return nil, err
	}
	on, err := account.Switches(r.Tx, at.ID)
	if err != nil {
		return nil, err
	}
	v := catalogueView{At: at}
	for _, card := range p.Cards {
		if len(card.Publishes) == 0 {
			continue
		}
		one := offered{Name: card.Name, Title: r.Say(card.Title), For: p.whose(r, card), Icon: card.Icon}
		for _, s := range on {
			switch {
			case s.Service != card.Name || s.Profile != "":
			case s.Chosen:
				one.Shut, one.Everywhere = true, one.Everywhere || s.School == 0
			default:
				one.Stopped = true
			}
		}
		v.Services = append(v.Services, one)
	}
	return place.Page(at, web.Page{Title: r.Say("portal.catalogue"), Body: cataloguePage(v)}), nil
}

// whose says for whom a service is.
func (p *Portal) whose(r *web.Request, card web.Card) string {
	var sides []string
	for _, profile := range card.For {
		if key := account.WhomKey(profile); !slices.Contains(sides, r.Say(key)) {
			sides = append(sides, r.Say(key))
		}
	}
	return i18n.Dots(sides...)
}

// shut has a school work without a service: nothing new is written there, what was stays.
func (p *Portal) shut(r *web.Request) (web.Answer, error) {
	s, err := p.serviceOf(r)
	if err != nil {
		return nil, err
	}
	return web.Redirect{To: catalogueOf(s.School), Notice: "portal.service-is-shut"}, p.Accounts.SwitchOn(r.Tx, s, r.By())
}

// reopen has a school work with a service again.
func (p *Portal) reopen(r *web.Request) (web.Answer, error) {
	s, err := p.serviceOf(r)
	if err != nil {
		return nil, err
	}
	return web.Redirect{To: catalogueOf(s.School), Notice: "portal.service-is-open"}, p.Accounts.SwitchOff(r.Tx, s, r.By())
}

// serviceOf reads the school and the service of the path.
func (p *Portal) serviceOf(r *web.Request) (account.Switch, error) {
	at, err := place.School(r, chooseServices)
	if err != nil {
		return account.Switch{}, err
	}
	name := r.PathValue("service")
	if !slices.ContainsFunc(p.Cards, func(card web.Card) bool { return card.Name == name && len(card.Publishes) > 0 }) {
		return account.Switch{}, fail.New(fail.NotFound, "no service %q is chosen by schools", name)
	}
	return account.Switch{School: at.ID, Service: name, Chosen: true}, nil
}
