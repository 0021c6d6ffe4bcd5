package portal

import (
	"github.com/a-h/templ"

	"preau/core/web"
)

// partnerHome says what the convention opens.
func (p *Portal) partnerHome(r *web.Request) (templ.Component, error) {
	f, err := p.front(r)
	return partnerHome(f), err
}
