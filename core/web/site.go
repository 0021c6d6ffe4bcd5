package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"

	"golang.org/x/text/language"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/ui"
	"preau/core/web/calm"
)

// Config is what a site is made of.
type Config struct {
	// URL is the public address, without a path: https, or http on a
	// loopback address. It is the only source of absolute links and the only
	// host name that is answered.
	URL string
	// Proxies are the machines in front, beside this one's loopback address,
	// that carry TLS and append the browser's address to X-Forwarded-For.
	Proxies []netip.Prefix

	DB      *db.DB
	Words   *i18n.Catalogue
	Rights  *rights.Matrix
	Doors   Doorkeeper
	Devices Devices // nil: no route is for devices
	Breaker Breaker // nil: nobody is stopped
	Marks   Marks   // nil: a form that is sent twice is taken twice
	// Audiences tells what is addressed to whom.
	Audiences audience.Register
	Hall      []Room    // mounted at the root
	Services  []Service // each mounted under its name, in the order of the portal
	Log       *slog.Logger

	// Frame completes the page around what a handler makes: navigation,
	// links of the person, footer. It is called for error pages too, when
	// there may be neither a person nor a transaction, and reads nothing.
	Frame func(*Request, *ui.Page)

	// Calm serves what it can when the node cannot do its work; nil: errors are explained.
	Calm *calm.Calm

	// Demo marks pages as fictional and mounts the gallery of components.
	Demo bool
}

// Site is the portal, ready to answer.
type Site struct {
	Config

	url        *url.URL
	secure     bool // https
	mux        http.ServeMux
	routes     []*Route
	compressed http.Handler // serve, compressed
	origins    http.CrossOriginProtection
	langs      language.Matcher
	ready      atomic.Bool
	publishes  map[rights.Right]string // the service of each right by which something new is written
	withholds  map[string]bool         // the services in which something leaves later
	alerters   []Alerter
}

// New builds a site. It returns an error for what is wrong around the rooms
// (addresses, cards, rights), and panics for what is wrong in one (a route
// without a right, two routes for one address).
func New(c Config) (*Site, error) {
	s := &Site{Config: c, langs: matcher(c.Words), publishes: map[rights.Right]string{}, withholds: map[string]bool{}}
	var err error
	if s.url, err = publicURL(c.URL); err != nil {
		return nil, err
	}
	if c.Doors == nil {
		return nil, errors.New("web: nobody keeps the doors")
	}
	s.secure = s.url.Scheme == "https"
	if s.compressed, err = compress(http.HandlerFunc(s.serve)); err != nil {
		return nil, err
	}
	s.mountMachines()
	for _, room := range c.Hall {
		room.Mount(&Mux{site: s})
	}
	taken := s.firstSegments()
	for _, service := range c.Services {
		card := service.Card()
		if err := card.check(c.Words); err != nil {
			return nil, err
		}
		if taken[card.Name] {
			return nil, fmt.Errorf("web: the address /%s/ is taken twice", card.Name)
		}
		taken[card.Name] = true
		if err := checkRights(card.Name, service.Rights(), c.Rights); err != nil {
			return nil, err
		}
		for _, right := range card.Publishes {
			if _, known := service.Rights()[right]; !known {
				return nil, fmt.Errorf("web: %s publishes by %s, which is no right of its own", card.Name, right)
			}
			s.publishes[right] = card.Name
		}
		_, s.withholds[card.Name] = service.(Withholder)
		if alerter, alerts := service.(Alerter); alerts {
			s.alerters = append(s.alerters, alerter)
		}
		service.Mount(&Mux{site: s, prefix: "/" + card.Name})
	}
	return s, nil
}

// firstSegments lists what the hall has taken: "login" for /login.
func (s *Site) firstSegments() map[string]bool {
	taken := map[string]bool{}
	for _, route := range s.routes {
		segment, _, _ := strings.Cut(route.Pattern[1:], "/")
		taken[segment] = true
	}
	return taken
}

func (s *Site) add(r *Route) {
	s.routes = append(s.routes, r)
	s.mux.Handle(r.String(), r) // panics on a bad pattern and on a second route for the same address
}

// Routes lists every route, in the order in which they were mounted.
func (s *Site) Routes() []Route {
	list := make([]Route, len(s.routes))
	for i, route := range s.routes {
		list[i] = *route
	}
	return list
}

// SetReady tells /readyz whether this node should be sent visitors.
func (s *Site) SetReady(ready bool) { s.ready.Store(ready) }

// Absolute makes a whole address of a local path.
func (s *Site) Absolute(path string) string { return s.url.String() + path }
