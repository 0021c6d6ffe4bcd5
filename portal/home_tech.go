package portal

import (
	"github.com/a-h/templ"

	"preau/core/web"
)

// techHome is that of a support technician, who sees nobody's data: a ticket
// opens what it needs, to the technician who has it.
func (p *Portal) techHome(r *web.Request) (templ.Component, error) {
	f, err := p.front(r)
	return techHome(f), err
}
