package register_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
	"preau/directory"
	"preau/test/browser"
)

// A head lends the feeds of the school to its secretary: what waits of them, and
// nothing else of the head's; not those of another school, where they work too.
func TestAHeadLendsTheFeeds(t *testing.T) {
	onBoth(t, func(h *office) {
		delivery, at, people := held(h)
		elsewhere := pick(t, h.near, func(id school.ID) bool { return id != at })
		secretary := h.Appoint("secretaire", school.Admin, at)
		h.Name(secretary, school.Admin, elsewhere)
		head, v := h.enter(h.Head(at), school.Head), h.enter(secretary, school.Admin)
		desk, lent := "/register/school/"+at.String(), "/register/structure/"+at.String()+"/lent"
		accept := "/register/hold/" + delivery.String() + "/" + at.String() + "/accept"
		shut := func() {
			h.T.Helper()
			for _, path := range []string{"/register/", desk, desk + "/troubles", "/register/holds", accept} {
				v.Get(path).Wants(http.StatusNotFound)
			}
			v.Post(accept, url.Values{"people": {strconv.Itoa(people)}}).Wants(http.StatusNotFound)
		}
		shut()

		form := url.Values{"person": {secretary.String()}, "function": {"feeds"}, "reason": {"secrétariat"}}
		commune := h.Above(at, directory.Commune)
		for _, who := range []visitor{
			v, h.enter(h.Teachers(at)[0], school.Teacher), h.enter(h.Operator(), school.Operator),
			h.enter(h.Appoint("agente", school.Municipal, commune), school.Municipal),
			h.enter(h.Appoint("pilote", school.Pilot, h.StructureByRef("academy:"+h.academy()).ID), school.Pilot),
			h.enter(h.Head(h.far[0]), school.Head),
		} {
			who.Get(lent).Wants(http.StatusNotFound)
			who.Post(lent, form).Wants(http.StatusNotFound)
		}
		of := func(name, value string) url.Values {
			changed := url.Values{}
			for field, values := range form {
				changed[field] = values
			}
			changed.Set(name, value)
			return changed
		}
		head.Post(lent, of("over", h.Classes(at)[0].ID.String())).Wants(http.StatusUnprocessableEntity, "concernent toute l’école")
		head.Post(lent, of("function", "services")).Wants(http.StatusUnprocessableEntity)
		head.Post(lent, of("person", h.Teachers(h.far[0])[0].String())).Wants(http.StatusUnprocessableEntity)
		shut()

		head.Post(lent, form).Wants(http.StatusSeeOther)
		head.Get(lent).Wants(http.StatusOK, h.Who(secretary).Name(), "Suivre les mises à jour", "secrétariat")
		v.Get("/register/").Wants(http.StatusSeeOther)
		page := v.Get(desk)
		page.Wants(http.StatusOK, "vous a confié", "Départs à confirmer")
		for _, found := range regexp.MustCompile(`href="(/[^"#]*)`).FindAllStringSubmatch(page.Body, -1) {
			if to := html.UnescapeString(found[1]); strings.HasPrefix(to, "/register/") {
				if got := v.Get(to); got.StatusCode != http.StatusOK && got.StatusCode != http.StatusSeeOther {
					h.T.Errorf("the desk leads to %s, which answers %d", to, got.StatusCode)
				}
			}
		}
		v.Get(desk+"/troubles").Lacks(http.StatusOK, "/pupil/")
		pupil := h.Pupils(h.Classes(at)[0].ID)[0].ID.String()
		for _, path := range []string{
			"/teachers", "/duplicates", "/pass", "/groups", "/arrival", "/carried", "/pupil/" + pupil,
		} {
			v.Get(desk + path).Wants(http.StatusNotFound)
		}
		for _, path := range []string{lent, "/register/structure/" + at.String() + "/team", "/register/structure/" + elsewhere.String() + "/lent"} {
			v.Get(path).Wants(http.StatusNotFound)
		}
		for _, path := range []string{"", "/troubles"} {
			v.Get("/register/school/" + elsewhere.String() + path).Wants(http.StatusNotFound)
		}
		if waits := h.Some(`SELECT DISTINCT school_id FROM feed_held WHERE feed_id = $1 AND school_id = $2`, delivery, elsewhere); len(waits) > 0 {
			v.Get("/register/holds").Lacks(http.StatusOK, h.Structure(elsewhere).Name)
			v.Get("/register/hold/" + delivery.String() + "/" + elsewhere.String() + "/accept").Wants(http.StatusNotFound)
		}
		v.Post(accept, url.Values{"people": {strconv.Itoa(people)}}).Wants(http.StatusSeeOther)
		if h.One(`SELECT count(*) FROM audit_entry WHERE action = 'register.accept-departures' AND school_id = $1 AND actor_id = $2`, at, secretary) != 1 {
			h.T.Error("the journal does not say who decided")
		}
		recall := lent + "/" + h.One(`SELECT id FROM directory_grant WHERE function = 'feeds'`).String() + "/recall"
		head.Post(recall, nil).Wants(http.StatusSeeOther)
		shut()
		if acts := strings.Join(h.Acts(secretary), " "); !strings.Contains(acts, "register.lend register.recall") {
			h.T.Errorf("the journal says %s", acts)
		}
	})
}

// give records a grant.
func (h *office) give(g directory.Grant) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error { return directory.Give(tx, g, time.Time{}) })
}

// The page of what is lent, and the desk of whoever borrows.
func TestWhatIsLentIsForEverybody(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	_, at, _ := held(h)
	secretary := h.Appoint("secretaire", school.Admin, at)
	head, v := h.enter(h.Head(at), school.Head), h.enter(secretary, school.Admin)
	lent := "/register/structure/" + at.String() + "/lent"
	for _, function := range []rights.Function{"feeds", "accounts"} {
		h.give(directory.Grant{Person: secretary, School: at, Function: function, GrantedBy: head.Person, Reason: "Décharge de direction"})
	}
	loan := h.One(`SELECT id FROM directory_grant WHERE function = 'accounts'`)
	parent := h.One(`SELECT min(b.guardian_id) FROM directory_bond b JOIN directory_enrolment e ON e.person_id = b.pupil_id
		JOIN directory_person p ON p.id = b.guardian_id WHERE e.school_id = $1 AND NOT p.organisation AND b.until_at IS NULL`, at)
	h.Write(func(tx *db.Tx) error {
		_, err := h.Accounts.IssueSlip(tx, parent, account.Warrant{By: audit.By{Actor: secretary}, Loan: loan})
		return err
	})
	recall := lent + "/" + loan.String() + "/recall"
	commune := h.commune(at)
	town := h.enter(h.Appoint("mairie", school.Municipal, commune), school.Municipal)
	agent := h.Appoint("anime", school.CareAgent, at)
	asAgent := h.enter(agent, school.CareAgent)
	h.Appoint("cantine", school.CareAgent, at, func(a *directory.Appointment) { a.Template = "care-canteen" })
	for _, g := range []directory.Grant{{Function: "team-codes", School: at}, {Function: "care-lists", School: commune}} {
		g.Person, g.Lender, g.GrantedBy, g.Reason = agent, commune, town.Person, "Arrêté du maire du 3 septembre"
		h.give(g)
	}
	fromTown, team := "/register/structure/"+commune.String()+"/lent", "/register/structure/"+at.String()+"/team"
	for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}} {
		p := head.In(t).Page(view)
		p.Goto(h.URL + lent)
		p.Check()
		p.Shot("lent-functions")
		p.Submit(`form[action="` + recall + `"]`)
		p.Check()
		p.Shot("lent-recall")
		p = v.In(t).Page(view)
		p.Goto(h.URL + "/register/school/" + at.String())
		p.Check()
		p.Shot("lent-desk")
		for name, path := range map[string]string{"lent-town": fromTown, "lent-town-teams": "/register/teams"} {
			p = town.In(t).Page(view)
			p.Goto(h.URL + path)
			p.Check()
			p.Shot(name)
		}
		for name, path := range map[string]string{"lent-agent-team": team, "lent-agent-list": "/register/school/" + h.near[1].String() + "/care/canteen"} {
			p = asAgent.In(t).Page(view)
			p.Goto(h.URL + path)
			p.Check()
			p.Shot(name)
		}
	}
}

// A commune lends the lists of all its schools to an agent of one of them, for as
// long as they have a post: also after whoever lent it has left.
func TestACommuneLendsTheListsOfItsSchools(t *testing.T) {
	onBoth(t, func(h *office) {
		at, beside, outside := h.near[0], h.near[1], h.far[0]
		commune := h.commune(at)
		mayor := h.Appoint("mairie", school.Municipal, commune)
		town := h.enter(mayor, school.Municipal)
		agent := h.Appoint("anime", school.CareAgent, at, func(a *directory.Appointment) { a.Until = h.DB.Now().AddDate(0, 2, 0) })
		v := h.enter(agent, school.CareAgent)
		lent := "/register/structure/" + commune.String() + "/lent"
		list := func(at school.ID, care string) string { return "/register/school/" + at.String() + "/care/" + care }
		shut := func() {
			h.T.Helper()
			v.Get(list(at, "canteen")).Wants(http.StatusNotFound)
			v.Get(list(beside, "morning-care")).Wants(http.StatusNotFound)
		}
		shut()
		form := url.Values{"person": {agent.String()}, "function": {"care-lists"}, "over": {commune.String()}, "reason": {"remplacements"}}
		form.Set("until", h.DB.Now().AddDate(0, 3, 0).Format("2006-01-02"))
		town.Post(lent, form).Wants(http.StatusUnprocessableEntity, "finit le")
		shut()

		form.Del("until")
		town.Get("/register/teams").Wants(http.StatusOK, lent)
		town.Post(lent, form).Wants(http.StatusSeeOther)
		town.Get(lent).Wants(http.StatusOK, h.Who(agent).Name(), "Toutes les écoles", "remplacements")
		v.Get(list(at, "canteen")).Wants(http.StatusOK)
		v.Get(list(beside, "canteen")).Wants(http.StatusOK)
		v.Get(list(outside, "canteen")).Wants(http.StatusNotFound)
		v.Get("/register/structure/" + at.String() + "/team").Wants(http.StatusNotFound)
		h.enter(h.Head(at), school.Head).Get("/register/structure/"+at.String()+"/lent").Lacks(http.StatusOK, h.Who(agent).Name())

		// Of a school that is not the commune's any more, nothing is lent.
		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`DELETE FROM directory_within WHERE structure_id = $1 AND ancestor_id = $2`, beside, commune)
			return err
		})
		v.Get(list(beside, "canteen")).Wants(http.StatusNotFound)
		v.Get(list(at, "canteen")).Wants(http.StatusOK)

		h.Write(func(tx *db.Tx) error { return directory.Dismiss(tx, mayor, commune, "municipal") })
		v.Get(list(at, "canteen")).Wants(http.StatusOK)
		recall := lent + "/" + h.One(`SELECT id FROM directory_grant WHERE function = 'care-lists'`).String() + "/recall"
		next := h.enter(h.Appoint("suivante", school.Municipal, commune), school.Municipal)
		next.Get(lent).Wants(http.StatusOK, h.Who(mayor).Name())
		next.Post(recall, nil).Wants(http.StatusSeeOther)
		shut()

		next.Post(lent, form).Wants(http.StatusSeeOther)
		v.Get(list(at, "canteen")).Wants(http.StatusOK)
		h.Write(func(tx *db.Tx) error { return directory.Dismiss(tx, agent, at, "care-morning-care") })
		next.Get(lent).Lacks(http.StatusOK, h.Who(agent).Name())
	})
}
