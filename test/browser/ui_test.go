package browser_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/a-h/templ"
	"github.com/chromedp/chromedp/kb"

	"preau/core/i18n"
	"preau/core/ui"
	"preau/test/browser"
)

func TestMain(m *testing.M) { browser.Main(m) }

// policy is the strictest one under which the portal is served.
const policy = "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

// in puts children into a component that holds them.
func in(c templ.Component, children ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return c.Render(templ.WithChildren(ctx, templ.Join(children...)), w)
	})
}

var director = &ui.Person{
	Name: "Camille Durand", Hat: "Directrice, école Jean-Jaurès",
	Hats:  []ui.Hat{{ID: "1", Label: "Directrice, école Jean-Jaurès", Current: true}, {ID: "2", Label: "Enseignante, CE1-CE2"}, {ID: "3", Label: "Maman de Louise et Malo"}},
	Links: []ui.Link{{Href: "/me", Label: "Mon compte", Icon: ui.IconSettings}},
}

var footer = []ui.Link{{Href: "/about/accessibility", Label: "Accessibilité : partiellement conforme"}, {Href: "/about/privacy", Label: "Vos données"}}

func nav(labels ...string) []ui.Link {
	icons := []ui.Icon{ui.IconHome, ui.IconClass, ui.IconMessage, ui.IconTiles}
	links := make([]ui.Link, len(labels))
	for i, label := range labels {
		links[i] = ui.Link{Href: "/" + label, Label: label, Icon: icons[i], Current: i == 0}
	}
	return links
}

// screens are whole pages made of components: those of each profile, roughly
// as the portal makes them.
var screens = map[string]templ.Component{
	"gallery": in(ui.Layout(ui.Page{
		Title: "Components", School: "École élémentaire Jean-Jaurès", Person: director, Demo: true, Footer: footer,
		Nav:     nav("Accueil", "Ma classe", "Messages", "Services"),
		Notices: []ui.Notice{{Kind: ui.Success, Text: "Votre message est parti."}},
		Help:    templ.Raw("<p>Appelez votre référent.</p>"),
	}), ui.Gallery()),
	"login": in(ui.Doorway(ui.Page{Title: "Se connecter", Demo: true, Footer: footer}),
		ui.Heading{Title: "Bonjour !", Lead: "Entrez avec l’identifiant que l’école vous a donné."},
		in(ui.Form(ui.FormView{Action: "/login"}),
			ui.Field{Name: "login", Label: "Identifiant", Autocomplete: "username", Plain: true, Required: true, Hint: "Il ressemble à prenom.nom"},
			ui.PasswordField{Name: "password", Label: "Mot de passe"},
			ui.Button{Label: "Entrer", Big: true}),
		in(ui.Disclosure("Je n’arrive pas à entrer", false), templ.Raw("<p>Demandez un nouveau code au directeur de l’école.</p>"))),
	"parent": in(ui.Layout(ui.Page{Title: "Accueil", Accent: 2, Person: &ui.Person{Name: "Sofia Martin", Hat: "Parent"}, Search: "/search", Nav: nav("Accueil", "Mots", "Messages", "Plus"), Footer: footer}),
		ui.Greeting{Title: "Bonjour Sofia", Lead: "Rien de nouveau depuis hier soir."},
		ui.Filters{Label: "Enfant", Items: []ui.Filter{{Href: "/", Label: "Tous", Current: true}, {Href: "/?child=1", Label: "Louise", Picture: "rabbit", Accent: 4, Count: 2}, {Href: "/?child=2", Label: "Malo", Picture: "fox", Accent: 6}, {Href: "/?child=3", Label: "Inès", Picture: "owl", Accent: 3}}},
		in(ui.Section("Mes enfants", ui.Link{}), in(ui.Grid(),
			ui.ChildCard{First: "Louise", Picture: "rabbit", Accent: 4, Level: "GS", Class: "Grande section", Teachers: []string{"Mme Anne Petit"}, School: "École maternelle des Tilleuls", Actions: []ui.Link{{Href: "/absence", Label: "Absence", Icon: ui.IconClock}, {Href: "/write", Label: "Écrire", Icon: ui.IconMessage}}},
			ui.ChildCard{First: "Malo", Picture: "fox", Accent: 6, Level: "CE2", Class: "CE1-CE2", Teachers: []string{"Mme Nora Haddad", "M. Yanis Bel"}, School: "École élémentaire Jean-Jaurès", Actions: []ui.Link{{Href: "/absence", Label: "Absence", Icon: ui.IconClock}, {Href: "/write", Label: "Écrire", Icon: ui.IconMessage}}},
			ui.ChildCard{First: "Inès", Picture: "owl", Accent: 3, Level: "CM2", Class: "CM2 A", Teachers: []string{"M. Paul Roy"}, School: "École élémentaire Jean-Jaurès"})),
		in(ui.Section("Mots de l’école", ui.Link{Href: "/liaison", Label: "Tout voir"}), ui.Empty{Icon: ui.IconBook, Title: "Aucun mot pour l’instant", Text: "Les mots des enseignants de vos enfants arriveront ici."})),
	"director": in(ui.Layout(ui.Page{Title: "Accueil", Accent: 1, School: "École élémentaire Jean-Jaurès", Person: director, Search: "/search", Nav: nav("Accueil", "Ma classe", "Messages", "Services"), Footer: footer}),
		ui.Greeting{Title: "Bonjour Camille", Lead: "L’annuaire est à jour depuis cette nuit, 2 h 10."},
		in(ui.Columns(templ.Join(in(ui.Card("Mon école"), ui.Facts{{Term: "UAI", Value: ui.Text("0331234A")}, {Term: "Élèves", Value: ui.Number(241)}, {Term: "Classes", Value: ui.Number(10)}}, ui.Progress{Label: "Comptes des familles", Value: 180, Max: 250, Text: "180 sur 250"}))),
			in(ui.Section("Ce qui a besoin de vous", ui.Link{}), in(ui.Tasks(),
				ui.Task{Href: "/a", Title: "Rattacher les enseignants à leur classe", Text: "4 classes n’en ont pas encore", Icon: ui.IconPersonAdd, Count: 4},
				ui.Task{Href: "/b", Title: "Regarder les écarts de la dernière livraison", Text: "2 élèves sont arrivés sans classe", Icon: ui.IconAlert, Count: 2},
				ui.Task{Href: "/c", Title: "Remettre les identifiants", Icon: ui.IconKey, Done: true})),
			in(ui.Section("Mes services", ui.Link{Href: "/services", Label: "Tous les services"}), in(ui.Tiles(),
				ui.Tile{Href: "/1", Title: "Annuaire de l’école", Subtitle: "241 élèves, 14 adultes", Icon: ui.IconClass},
				ui.Tile{Href: "/2", Title: "Carnet de liaison", Subtitle: "3 réponses nouvelles", Icon: ui.IconBook, News: 3},
				ui.Tile{Href: "/3", Title: "Rapport de conformité", Icon: ui.IconForm})))),
	"pupil": in(ui.Layout(ui.Page{Title: "Accueil", Accent: 5, Reader: ui.EarlyReader, School: "École Jean-Jaurès", Person: &ui.Person{Name: "Malo", Picture: "fox"}, Search: "/search", Nav: nav("Accueil", "Ma classe", "Mon blog"), Footer: footer}),
		ui.Greeting{Title: "Bonjour Malo", Lead: "Tu es dans la classe de Nora Haddad.", Picture: "fox"},
		in(ui.Section("Ma classe", ui.Link{}), in(ui.Tiles(),
			ui.Tile{Href: "/1", Title: "Mon cahier", Picture: ui.PictureNotebook, News: 1},
			ui.Tile{Href: "/2", Title: "Mes livres", Picture: ui.PictureBooks},
			ui.Tile{Href: "/3", Title: "Mes photos", Picture: ui.PictureCamera},
			ui.Tile{Href: "/4", Title: "L’école", Picture: ui.PictureSchool}))),
	"small": in(ui.Layout(ui.Page{Title: "Accueil", Accent: 4, Reader: ui.PreReader, Path: "/", Person: &ui.Person{Name: "Louise", Picture: "rabbit"}}),
		templ.Raw(`<h1 class="visually-hidden">Bonjour Louise</h1>`),
		in(ui.Tiles(),
			ui.Tile{Href: "/1", Title: "Ma classe", Picture: ui.PictureBackpack},
			ui.Tile{Href: "/2", Title: "Ma maîtresse", Picture: ui.PictureTeacher},
			ui.Tile{Href: "/3", Title: "Mes dessins", Picture: ui.PicturePalette, News: 2},
			ui.Tile{Href: "/4", Title: "Mes livres", Picture: ui.PictureBooks})),
	"trouble": in(ui.Layout(ui.Page{Title: "Page introuvable", School: "École Jean-Jaurès", Person: director, Nav: nav("Accueil", "Ma classe"), Footer: footer}),
		ui.ErrorPage{Code: 404, Title: "Cette page n’existe pas", Text: "Elle a peut-être été retirée, ou elle n’est pas pour vous.", Next: []ui.Link{{Href: "/", Label: "Revenir à l’accueil", Icon: ui.IconHome}, {Href: "/support", Label: "Demander de l’aide"}}, RequestID: "01JD-8X2K"}),
}

// serve gives the address of a server with every screen, under the policy.
func serve(t *testing.T) string {
	t.Helper()
	words, err := i18n.Load(ui.Words)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle(ui.AssetPrefix, ui.Assets())
	for name, screen := range screens {
		mux.HandleFunc("GET /screen/"+name, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Security-Policy", policy)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			ctx := i18n.With(r.Context(), i18n.Printer{Catalogue: words, Lang: i18n.French})
			if err := screen.Render(ctx, w); err != nil {
				t.Error(err)
			}
		})
	}
	mux.HandleFunc("POST /login", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/screen/parent", http.StatusSeeOther)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

var views = []browser.View{
	{Width: browser.Phone},
	{Width: browser.Phone, Dark: true},
	{Width: browser.Desk},
	{Width: browser.Desk, Dark: true},
}

func TestScreens(t *testing.T) {
	b, url := browser.Open(t), serve(t)
	for name := range screens {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, view := range views {
				p := b.Page(t, view)
				p.Goto(url + "/screen/" + name)
				p.Check()
				p.Shot(name)
			}
		})
	}
}

// Every stop of the keyboard shows, and the walk begins with the skip link.
func TestWalk(t *testing.T) {
	b, url := browser.Open(t), serve(t)
	for _, name := range []string{"gallery", "login", "small"} {
		for _, width := range []int{browser.Phone, browser.Desk} {
			p := b.Page(t, browser.View{Width: width})
			p.Goto(url + "/screen/" + name)
			stops := p.Walk()
			if len(stops) < 3 || stops[0].Element != "a.skip" {
				t.Errorf("%s at %d px: the walk is %v", name, width, stops)
			}
		}
	}
}

// What is measured is a first visit, with nothing in the cache.
func TestWeight(t *testing.T) {
	b, url := browser.Open(t), serve(t)
	for name, limit := range map[string]int{"login": 60_000, "director": 60_000, "parent": 60_000, "small": 75_000} {
		p := b.Page(t, browser.View{Width: browser.Phone})
		p.Goto(url + "/screen/" + name)
		w := p.Weight()
		t.Logf("%s: %d bytes in %d requests", name, w.Bytes, w.Requests)
		if w.Bytes == 0 || w.Bytes > limit {
			t.Errorf("%s: %d bytes in %d requests, more than %d", name, w.Bytes, w.Requests, limit)
		}
	}
}

func TestLoginWithAndWithoutScript(t *testing.T) {
	b, url := browser.Open(t), serve(t)
	for _, noScript := range []bool{false, true} {
		p := b.Page(t, browser.View{Width: browser.Phone, NoScript: noScript})
		p.Goto(url + "/screen/login")
		p.Fill("login", "sofia.martin")
		p.Fill("password", "quatre mots de passe")
		p.Submit("form")
		if got := p.URL(); got != url+"/screen/parent" {
			t.Errorf("no script %v: the form leads to %s", noScript, got)
		}
	}
}

func TestPasswordShows(t *testing.T) {
	p := browser.Open(t).Page(t, browser.View{})
	p.Goto(serve(t) + "/screen/login")
	for _, want := range []string{"text", "password"} {
		p.Click(".field-reveal")
		if got := browser.Value[string](p, `document.querySelector("[name=password]").type`); got != want {
			t.Errorf("the field is of type %q, want %q", got, want)
		}
	}
}

func TestMenuCloses(t *testing.T) {
	p := browser.Open(t).Page(t, browser.View{Width: browser.Phone})
	p.Goto(serve(t) + "/screen/director")
	open := func() bool { return browser.Value[bool](p, `document.querySelector("[data-menu]").open`) }
	p.Click("[data-menu] summary")
	if !open() {
		t.Fatal("the menu does not open")
	}
	p.Check()
	p.Shot("menu")
	p.Press(kb.Escape)
	if open() {
		t.Error("Escape does not close the menu")
	}
	if on := browser.Value[string](p, `document.activeElement.tagName`); on != "SUMMARY" {
		t.Errorf("the focus goes to %s", on)
	}
}

// A page reflows at 320 px, which is a desk of 1280 px enlarged four times
// (WCAG 1.4.10).
func TestReflow(t *testing.T) {
	b, url := browser.Open(t), serve(t)
	for name := range screens {
		p := b.Page(t, browser.View{Width: 320})
		p.Goto(url + "/screen/" + name)
		p.Fits()
	}
}

// Other ways to look: with more contrast, and on paper.
func TestOtherViews(t *testing.T) {
	b, url := browser.Open(t), serve(t)
	for _, view := range []browser.View{{Contrast: true}, {Contrast: true, Dark: true}, {Print: true}} {
		p := b.Page(t, view)
		p.Goto(url + "/screen/gallery")
		p.Check()
		p.Shot("gallery")
	}
}

func TestPageReadsItselfAloud(t *testing.T) {
	p := browser.Open(t).Page(t, browser.View{Width: browser.Phone})
	p.Voice()
	p.Goto(serve(t) + "/screen/small")
	p.Check()
	p.Shot("small-ear")
	p.Click("[data-speak]")
	got := p.Said()
	want := []string{"Ma classe", "Ma maîtresse", "Mes dessins", "Mes livres"}
	if !slices.Equal(got, want) {
		t.Errorf("the page says %q, want %q", got, want)
	}
}
