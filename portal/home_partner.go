package portal

import (
	"github.com/a-h/templ"

	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// partnerView says what the convention opens.
type partnerView struct {
	Hello string
	Tiles []ui.Tile
}

func (p *Portal) partnerHome(r *web.Request) (templ.Component, error) {
	who, err := directory.Get(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	return partnerHome(partnerView{Hello: greeted(r, who), Tiles: p.tiles(r)}), nil
}
