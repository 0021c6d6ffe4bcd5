package portal

import (
	"github.com/a-h/templ"

	"preau/core/ui"
	"preau/core/web"
)

// partnerView says what the convention opens.
type partnerView struct {
	Hello string
	Tiles []ui.Tile
}

func (p *Portal) partnerHome(r *web.Request) (templ.Component, error) {
	return partnerHome(partnerView{Hello: greeted(r), Tiles: p.tiles(r)}), nil
}
