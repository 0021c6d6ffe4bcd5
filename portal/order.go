package portal

import (
	"embed"
	"slices"
	"strings"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/personal"
	"preau/core/ui"
	"preau/core/web"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of the order in which people have their tiles, and of the forms that were
// taken.
func Schema() db.Schema { return db.Schema{Name: "portal", Files: files} }

// Holdings declares the tables.
var Holdings = personal.Tables{{
	Name:       "portal_order",
	Subjects:   []string{"person_id"},
	Personal:   map[string]personal.Category{"services": personal.Account},
	Plain:      []string{"person_id", "profile"},
	Purpose:    personal.Portal,
	Recipients: []personal.Recipient{personal.Oneself},
	Retention:  personal.AfterDeparture,
}, {
	Name:       "portal_mark",
	Subjects:   []string{"person_id"},
	Personal:   map[string]personal.Category{"taken_at": personal.Trace},
	Keys:       []string{"mark"},
	Plain:      []string{"person_id", "mark"},
	Purpose:    personal.Portal,
	Recipients: []personal.Recipient{personal.Nobody},
	Retention:  personal.Retention{From: "taken_at", Days: markDays},
}}

var (
	_ personal.Steward = Holdings
	_ personal.Keeper  = Holdings
)

// orderPath is where one puts one's tiles in order.
const orderPath = "/me/tiles"

// orderView is the services of the visitor, in their order.
type orderView struct {
	Cards []web.Card
	Own   bool // they chose it
	Whole bool // and may choose those of a school
}

// ordered gives the services that the visitor's hat opens, in their own order: those that
// came since they chose it are last.
func (p *Portal) ordered(r *web.Request) (cards []web.Card, own bool, err error) {
	cards = p.cardsFor(r)
	chosen, err := db.All(r.Tx, db.Column[string], `SELECT services FROM portal_order WHERE person_id = $1 AND profile = $2`, r.Actor.Person, string(r.Actor.Profile))
	if err != nil || len(chosen) == 0 {
		return cards, false, err
	}
	first := strings.Fields(chosen[0])
	slices.SortStableFunc(cards, func(a, b web.Card) int { return rankIn(first, a.Name) - rankIn(first, b.Name) })
	return cards, true, nil
}

// rankIn is where a name is in a list; after it, when it is not there.
func rankIn(list []string, name string) int {
	if i := slices.Index(list, name); i >= 0 {
		return i
	}
	return len(list)
}

// order shows the services in their order.
func (p *Portal) order(r *web.Request) (web.Answer, error) {
	cards, own, err := p.ordered(r)
	return web.Page{Title: r.Say("portal.order"), Body: orderPage(orderView{cards, own, r.Holds(chooseServices)})}, err
}

// reorder moves one service before, or after, its neighbour; without a service, it gives
// the portal's order back.
func (p *Portal) reorder(r *web.Request) (web.Answer, error) {
	cards, _, err := p.ordered(r)
	if err != nil {
		return nil, err
	}
	moved := r.PostFormValue("service")
	if moved == "" {
		_, err := r.Tx.Exec(`DELETE FROM portal_order WHERE person_id = $1 AND profile = $2`, r.Actor.Person, string(r.Actor.Profile))
		return web.Redirect{To: orderPath}, err
	}
	names := make([]string, len(cards))
	for i, card := range cards {
		names[i] = card.Name
	}
	at := slices.Index(names, moved)
	to := at + 1
	if r.PostFormValue("to") == "before" {
		to = at - 1
	}
	if at < 0 || to < 0 || to >= len(names) {
		return nil, fail.New(fail.NotFound, "%q is not moved to %d of %d", moved, to, len(names))
	}
	names[at], names[to] = names[to], names[at]
	_, err = r.Tx.Exec(`INSERT INTO portal_order (person_id, profile, services) VALUES ($1, $2, $3)
		ON CONFLICT (person_id, profile) DO UPDATE SET services = excluded.services`, r.Actor.Person, string(r.Actor.Profile), strings.Join(names, " "))
	return web.Redirect{To: orderPath}, err
}

// tilesOf are services as a home page shows them, with how much waits in each; without a
// picture, none for those who do not read yet. Those that are open to some pupils only come
// last.
func (p *Portal) tilesOf(r *web.Request, cards []web.Card) (tiles []ui.Tile, err error) {
	add := func(card web.Card, news int) {
		if tile := tileOf(r, card); r.Reader != ui.PreReader || tile.Picture != "" {
			tile.News = news
			tiles = append(tiles, tile)
		}
	}
	for _, card := range cards {
		waits := 0
		if room, awaits := p.Awaiters[card.Name]; awaits {
			if waits, err = room.Awaits(r); err != nil {
				return nil, err
			}
		}
		add(card, waits)
	}
	for _, card := range p.Cards {
		open, news, err := p.opens(r, card)
		if err != nil {
			return nil, err
		}
		if open {
			add(card, news)
		}
	}
	return tiles, nil
}

// tileOf is the tile of a service, as the visitor reads.
func tileOf(r *web.Request, card web.Card) ui.Tile {
	tile := ui.Tile{Href: address(card), Title: r.Say(card.TitleFor(r.Actor.Profile)), Icon: card.Icon}
	if r.Reader != ui.Adult {
		tile.Picture = card.Pictogram
	}
	return tile
}
