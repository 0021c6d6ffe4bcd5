package portal

import (
	"github.com/a-h/templ"

	"preau/core/web"
	"preau/directory"
)

// techHome is that of a support technician, who sees nobody's data: a ticket
// opens what it needs, to the technician who has it.
func (p *Portal) techHome(r *web.Request) (templ.Component, error) {
	who, err := directory.Get(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	return techHome(partnerView{Hello: greeted(r, who), Tiles: p.tiles(r)}), nil
}
