package portal

import "preau/core/web"

// offlinePath is what a browser shows where there is no network, and no copy of the page.
const offlinePath = "/offline"

// offline says so, to anybody. The service worker adds what there is to read on the device.
func (p *Portal) offline(r *web.Request) (web.Answer, error) {
	return web.Page{Title: r.Say("portal.offline"), Body: offlinePage(), Doorway: true}, nil
}
