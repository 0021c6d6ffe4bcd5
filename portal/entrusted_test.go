package portal_test

import (
	"net/http"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
	"preau/directory"
	"preau/test/browser"
)

// borrow lends functions to somebody over the place where they have their post,
// or over what is of a kind around it.
func (h *lobby) borrow(person school.ID, kind directory.Kind, functions ...rights.Function) {
	h.T.Helper()
	at := h.One(`SELECT min(structure_id) FROM directory_function WHERE person_id = $1`, person)
	if kind != directory.School {
		at = h.Above(at, kind)
	}
	h.Write(func(tx *db.Tx) error {
		g := directory.Grant{Person: person, School: at, GrantedBy: h.head(), Reason: "Décharge de direction."}
		for _, g.Function = range functions {
			if err := directory.Give(tx, g, time.Time{}); err != nil {
				return err
			}
		}
		return nil
	})
}

// What was lent is on the home page of whoever borrows it, whoever lent it, and in
// what they are told of themselves; it goes when it is taken back.
func TestWhatIsLentIsOnTheHomePage(t *testing.T) {
	h := open(t)
	agent, secretary := h.appoint(school.CareAgent, directory.School, "Castel"), h.appoint(school.Admin, directory.School, "Prunier")
	teacher := h.plainTeacher()
	const title, codes, lists = "Ce qu’on m’a confié", "Remettre leurs codes aux agents", "Voir toutes les listes"
	asAgent := h.as(agent, school.CareAgent)
	h.get("/", asAgent).Lacks(http.StatusOK, title, lists, "Inscriptions au périscolaire")

	h.borrow(agent, directory.Commune, "team-codes", "care-lists")
	h.get("/", asAgent).Wants(http.StatusOK, title, codes, lists, "Toutes les écoles", "jusqu’au", "/register/teams", "/care/canteen")
	h.get("/me", asAgent).Wants(http.StatusOK, title, lists, "Décharge de direction.")
	h.borrow(secretary, directory.School, "accounts", "feeds")
	h.get("/", h.as(secretary, school.Admin)).Wants(http.StatusOK, title, "Remettre les comptes", "Suivre les mises à jour", "/accounts/", "/register/")
	h.borrow(teacher, directory.School, "accounts")
	h.get("/", h.as(teacher, school.Teacher)).Wants(http.StatusOK, title, "Remettre les comptes")

	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE directory_grant SET until_at = $1 WHERE person_id = $2`, db.At(tx.Now), agent)
		return err
	})
	h.get("/", asAgent).Lacks(http.StatusOK, title, lists, "Inscriptions au périscolaire")
	h.get("/me", asAgent).Lacks(http.StatusOK, lists)
}

// The home page of an agent who borrows reads at any width.
func TestTheHomeOfWhoBorrows(t *testing.T) {
	browser.Open(t)
	h := open(t)
	agent, secretary := h.appoint(school.CareAgent, directory.School, "Castel"), h.appoint(school.Admin, directory.School, "Prunier")
	h.borrow(agent, directory.Commune, "team-codes", "care-lists")
	h.borrow(secretary, directory.School, "accounts", "feeds")
	for name, v := range map[string]struct {
		person school.ID
		hat    school.Profile
	}{"home-borrower": {agent, school.CareAgent}, "home-secretary": {secretary, school.Admin}} {
		for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}} {
			p := h.Enter(v.person, v.hat).In(t).Page(view)
			p.Goto(h.URL + "/")
			p.Check()
			p.Shot(name)
		}
	}
}
