package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
)

// mountMachines mounts what is no person's: assets and the answers to probes
// and robots. They are the same under any host name, for a load balancer
// calls each node by its address.
func (s *Site) mountMachines() {
	for _, route := range []*Route{
		{Pattern: ui.AssetPrefix, Why: "assets are the same for everybody", handler: assets()},
		{Pattern: ui.WorkerPath, Why: "a browser that keeps pages or gets notifications asks for it by itself", handler: worker()},
		{Pattern: ui.ManifestPath, Why: "a telephone that installs the portal asks for it by itself", handler: s.manifest()},
		{Pattern: "/healthz", Why: "tells whether the process lives", handler: alive},
		{Pattern: "/readyz", Why: "tells whether to send visitors here", handler: s.readiness},
		{Pattern: "/robots.txt", Why: "keeps search engines away", handler: s.robots},
	} {
		route.Method, route.Kind, route.noTx = http.MethodGet, Machine, true
		route.body, route.limit = defaultBody, defaultLimit
		s.add(route)
	}
	if s.Demo {
		(&Mux{site: s}).PublicGet("/_ui", "the components, for developers, in the demonstration only", gallery)
	}
}

func gallery(*Request) (Answer, error) {
	return Page{Title: "Design", Body: ui.Gallery()}, nil
}

func alive(*Request) (Answer, error) { return Text{Body: "ok\n"}, nil }

// robots keeps search engines away from all but what is [Listable].
func (s *Site) robots(*Request) (Answer, error) {
	text := "User-agent: *\nDisallow: /\n"
	for _, route := range s.routes {
		if at, _, _ := strings.Cut(route.Pattern, "{"); route.listable {
			text += "Allow: " + at + "\n"
		}
	}
	return Text{Body: text}, nil
}

// readiness answers 200 once [Site.SetReady] was called and while the
// database answers. It reads, so that it does not queue behind a long write.
func (s *Site) readiness(r *Request) (Answer, error) {
	if !s.ready.Load() {
		return readyState{"starting or stopping"}.answer(http.StatusServiceUnavailable), nil
	}
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		_, err := db.One(tx, db.Column[int], "SELECT 1")
		return err
	})
	if err != nil {
		s.Log.Error("the database does not answer", "id", r.ID, "err", err)
		return readyState{"the database does not answer"}.answer(http.StatusServiceUnavailable), nil
	}
	return readyState{"ready"}.answer(http.StatusOK), nil
}

type readyState struct {
	Status string `json:"status"`
}

func (s readyState) answer(status int) Answer { return JSON{Value: s, Status: status} }

// asset is the answer of ui's own handler.
type asset struct{ http.Handler }

func (a asset) ready(*Request) (http.Handler, error) { return a.Handler, nil }

// manifest has shortcuts to the services of families, who install the portal.
func (s *Site) manifest() Handler {
	one := sync.OnceValue(func() asset {
		say := i18n.Printer{Catalogue: s.Words, Lang: i18n.French}
		var shortcuts []ui.Shortcut
		for _, service := range s.Services {
			if card := service.Card(); slices.Contains(card.For, school.Guardian) {
				shortcuts = append(shortcuts, ui.Shortcut{Name: say.Say(card.Title), Path: "/" + card.Name + "/"})
			}
		}
		return asset{ui.Manifest(say.Say("ui.promise"), shortcuts)}
	})
	return func(*Request) (Answer, error) { return one(), nil }
}

func worker() Handler {
	one := asset{ui.Worker()}
	return func(*Request) (Answer, error) { return one, nil }
}

func assets() Handler {
	shelf := asset{ui.Assets()}
	return func(*Request) (Answer, error) { return shelf, nil }
}
