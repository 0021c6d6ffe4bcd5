package portal_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/personal"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/search"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/portal"
	"preau/service/people"
	"preau/test/browser"
	"preau/test/house"
)

// board is a room with the words of a class: things under a hundred are for whoever
// leads a school alone.
type board struct{}

var (
	_ web.Service = board{}
	_ web.Finder  = board{}
)

const readBoard rights.Right = "board.read"

func (board) Card() web.Card {
	return web.Card{Name: "board", Title: "portal.journal", Icon: ui.IconMail, For: []school.Profile{school.Guardian, school.Teacher, school.Head}}
}

func (board) Rights() rights.Table {
	return rights.Table{readBoard: {school.Guardian: rights.Self, school.Teacher: rights.Self, school.Head: rights.Self}}
}

func (board) Mount(m *web.Mux) {
	m.Get("/", readBoard, func(r *web.Request) (web.Answer, error) { return web.Text{Body: "board"}, nil })
}

func (board) Find(r *web.Request, q search.Query) (web.Findings, error) {
	from := 100
	if r.Actor.Profile == school.Head {
		from = 0
	}
	ids, more, err := q.Among(r.Tx, "board", `SELECT thing FROM search_thing WHERE room = 'board' AND thing >= $1`, web.MostFound, from)
	var f web.Findings
	for _, id := range ids {
		f.Found = append(f.Found, web.Found{
			Title: "Mot " + id.String(), Who: "Mme Roy", When: "hier à 17 h 10", Text: "Prévoir un maillot, une serviette, un goûter et de quoi écrire.", Href: "/board/", Icon: ui.IconMail,
		})
	}
	if more {
		f.All = "/board/?q=" + url.QueryEscape(q.Typed())
	}
	return f, err
}

// openRooms opens a hall whose rooms are the directory and a board, and gives what is
// logged.
func openRooms(t *testing.T) (*lobby, *bytes.Buffer) {
	t.Helper()
	h, log := &lobby{House: fed.SQLite(t)}, new(bytes.Buffer)
	services := []web.Service{board{}, &people.Service{Audit: h.Audit}}
	hall := &portal.Portal{
		Accounts: h.Accounts, Feeder: h.Feeder, Demo: true,
		Stewards: []personal.Steward{h.Accounts, h.Audit, directory.Holdings},
	}
	hall.Shows(services...)
	tables := []rights.Table{portal.Rights}
	for _, s := range services {
		tables = append(tables, s.Rights())
	}
	matrix, err := rights.New(tables...)
	if err != nil {
		t.Fatal(err)
	}
	h.Serve(web.Config{
		Rights: matrix, Hall: []web.Room{hall}, Services: services, Frame: hall.Frame, Demo: true,
		Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	h.Write(func(tx *db.Tx) error {
		if err := search.Put(tx, "board", 7, "Piscine", "Conseil des maîtres"); err != nil {
			return err
		}
		for id := school.ID(100); id < 106; id++ {
			if err := search.Put(tx, "board", id, "Sortie à la piscine", "Élèves de l’école"); err != nil {
				return err
			}
		}
		return search.Put(tx, "board", 106, "Œuvres", "Piscine fermée")
	})
	return h, log
}

// Nobody looks for anything who is signed out, who has left, or who does not read
// yet; nor has a field for it who opens no room where something is found.
func TestWhoDoesNotSearch(t *testing.T) {
	h, _ := openRooms(t)
	if got := h.get("/search?q=piscine"); got.StatusCode != http.StatusSeeOther {
		t.Errorf("a visitor gets %d", got.StatusCode)
	}
	gone := h.appoint(school.Partner, directory.Project, "Partie")
	login := h.activate(gone)
	h.Write(func(tx *db.Tx) error {
		project, err := directory.TheProject(tx)
		if err == nil {
			err = directory.Dismiss(tx, gone, project, "partner")
		}
		return err
	})
	opened, err := h.Accounts.SignIn(t.Context(), login, good, desk)
	if err != nil || opened.Profile != school.Departed {
		t.Fatalf("who left comes in as %q: %v", opened.Profile, err)
	}
	for name, who := range map[string]set{
		"small":      h.as(h.pupil(school.PS), school.Pupil),
		"technician": h.as(h.appoint(school.Tech, directory.Project, "Tellier"), school.Tech),
		"who left":   cookie(opened.Token),
	} {
		h.get("/search?q=piscine", who).Wants(http.StatusNotFound)
		h.get("/", who).Wants(http.StatusOK)
		if body := h.get("/", who).Body; strings.Contains(body, `role="search"`) {
			t.Errorf("%s has a field", name)
		}
	}
	h.get("/login").Lacks(http.StatusOK, `role="search"`)
}

// Each room that a hat opens says what it has, among what its visitor may read; the
// same page for what is there and not for them and for what is not.
func TestSearch(t *testing.T) {
	h, _ := openRooms(t)
	guardian, head := h.as(h.guardian(), school.Guardian), h.as(h.head(), school.Head)
	pupil := h.as(h.pupil(school.CM2), school.Pupil)
	for _, typed := range []string{"piscine", "PISCINES", "picsine", "pisc"} {
		got := h.get("/search?q="+url.QueryEscape(typed), guardian)
		got.Wants(http.StatusOK, "Mot 105", "Mot 101", "Mme Roy", "hier à 17", "/board/?q="+typed)
		got.Lacks(http.StatusOK, "Mot 100<", "Mot 106", "Mot 7", "Rien ne porte ce nom")
	}
	h.get("/search?q=fermee+piscine", guardian).Wants(http.StatusOK, "Mot 106")
	h.get("/search?q=oeuvre", guardian).Wants(http.StatusOK, "Mot 106")
	h.get("/search?q=l%27ecole", guardian).Lacks(http.StatusOK, "Mot 106", "Tout voir ")
	h.get("/search?q=conseil", head).Wants(http.StatusOK, "Mot 7")
	for _, typed := range []string{"conseil", "zzzzzz", "conseik"} {
		h.get("/search?q="+typed, guardian).Wants(http.StatusOK, "Rien ne porte ce nom", "le droit de voir")
	}
	got := h.get("/search?q=piscine", pupil) // to whom the board is closed
	got.Wants(http.StatusOK, "Rien ne porte ce nom")
	got.Lacks(http.StatusOK, "Mot 1", "le droit de voir")
	for _, typed := range []string{"", "%20", "%00", "%ff", "%27"} {
		h.get("/search?q="+typed, guardian).Lacks(http.StatusOK, "Rien ne porte ce nom", "Mot 1")
	}
	h.get("/search", guardian).Wants(http.StatusOK, "Annuaire")

	child := h.Who(h.One(`SELECT min(pupil_id) FROM directory_bond WHERE guardian_id = $1`, h.guardian()))
	h.get("/search?q="+url.QueryEscape(child.First), guardian).Wants(http.StatusOK, child.First, "/people/person/"+child.ID.String())
	class := h.classIn(h.head())
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE directory_class SET label = 'Les Écureuils', label_key = 'les ecureuils' WHERE id = $1`, class)
		return err
	})
	h.get("/search?q=ecureuil", head).Wants(http.StatusOK, "Les Écureuils", "/people/class/"+class.String())
	all := h.get("/search?q=m", head)
	all.Wants(http.StatusOK, "/people/?q=m", "Tout voir")
	if n := strings.Count(all.Main(), "/people/person/"); n != web.MostFound {
		t.Errorf("%d people", n)
	}
}

// A page has one field at most where one looks for something; what was looked for
// is in no log.
func TestOneFieldAPage(t *testing.T) {
	h, log := openRooms(t)
	pilot := h.as(h.appoint(school.Pilot, directory.Academy, "Delorme"), school.Pilot)
	guardian := h.as(h.guardian(), school.Guardian)
	for path, who := range map[string]set{
		"/": guardian, "/me": guardian, "/search?q=secretword": guardian,
		"/people/?q=secretword": h.as(h.head(), school.Head), "/help": pilot, "/help?q=secretword": pilot, "/nothing": pilot,
	} {
		got := h.get(path, who)
		if n := strings.Count(got.Body, `role="search"`); n != 1 {
			t.Errorf("%s has %d fields", path, n)
		}
	}
	if !strings.Contains(log.String(), "GET /search") || strings.Contains(log.String(), "secretword") {
		t.Errorf("the log is\n%s", log)
	}
}

// The page is right at the width of a telephone and of a desk, and everything is
// reached without a script: from the field of a page, or from its button.
func TestSearchIsForEverybody(t *testing.T) {
	browser.Open(t)
	h, _ := openRooms(t)
	taught := h.plainTeacher()
	h.Attach(h.classIn(h.head()), taught)
	guardian := h.Enter(h.guardian(), school.Guardian).In(t)
	for name, who := range map[string]house.Visitor{
		"guardian": guardian, "teacher": h.Enter(taught, school.Teacher).In(t), "head": h.Enter(h.head(), school.Head).In(t),
		"early": h.Enter(h.pupil(school.CP), school.Pupil).In(t),
	} {
		for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk, Dark: name == "head"}} {
			p := who.Page(view)
			p.Goto(h.URL + "/")
			p.Check()
			p.Shot("search-home-" + name)
			for shot, typed := range map[string]string{"found": "ma", "meant": "picsine", "nothing": "zzzz"} {
				p.Goto(h.URL + "/search?q=" + typed)
				p.Check()
				p.Shot("search-" + shot + "-" + name)
			}
		}
	}
	for _, width := range []int{browser.Phone, browser.Desk} {
		p := guardian.Page(browser.View{Width: width, NoScript: true})
		p.Goto(h.URL + "/")
		if width == browser.Desk {
			p.Fill("q", "picsine")
		}
		p.Follow("form.look button")
		if width == browser.Phone {
			p.Fill("q", "picsine")
			p.Submit("form.search")
		}
		if text := p.Text("main"); !strings.Contains(text, "Mot 105") {
			t.Errorf("at %d px: %s", width, text)
		}
	}
	p := guardian.Page(browser.View{Width: 680, Print: true})
	p.Goto(h.URL + "/")
	if browser.Value[bool](p, `document.querySelector("form.look").checkVisibility()`) {
		t.Error("the field is printed")
	}
}
