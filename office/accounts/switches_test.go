package accounts_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/school"
	"preau/test/house"
)

// A head makes their school read-only, with a banner, and nobody else's; the
// way back stays open, for them and for one's own account.
func TestASchoolIsReadOnly(t *testing.T) {
	onBoth(t, func(h *office) {
		ours, theirs := h.near[0], pick(h.T, h.near[1:], func(id school.ID) bool { return h.Head(id) != h.Head(h.near[0]) })
		class := h.Classes(ours)[0].ID
		teacher := h.Teachers(ours)[0]
		h.Attach(class, teacher)
		head, v, other := h.Enter(h.Head(ours), school.Head), h.Enter(teacher, school.Teacher), h.Enter(h.Head(theirs), school.Head)
		page := "/accounts/school/" + ours.String()
		labels, elsewhere := "/accounts/class/"+class.String()+"/labels", "/accounts/class/"+h.Classes(theirs)[0].ID.String()+"/letters"
		v.Get(page + "/switches").Wants(http.StatusNotFound)
		other.Post(page+"/switches/on", url.Values{"reason": {"x"}}).Wants(http.StatusNotFound)
		head.Post("/accounts/switches/on", url.Values{"reason": {"x"}}).Wants(http.StatusNotFound)
		head.Post(page+"/switches/on", url.Values{"profile": {"National_DIR"}, "reason": {"x"}}).Wants(http.StatusUnprocessableEntity)
		head.Post(page+"/switches/on", url.Values{"profile": {"all"}}).Wants(http.StatusUnprocessableEntity, "Écrivez pourquoi")
		v.Post(labels, nil).Wants(http.StatusOK)

		head.Post(page+"/switches/on", url.Values{"profile": {"all"}, "reason": {"compte volé"}}).Wants(http.StatusSeeOther)
		v.Get("/register/class/"+class.String()).Wants(http.StatusOK, "lecture seule")
		refused := v.Post(labels, url.Values{"again": {"1"}})
		refused.Wants(http.StatusServiceUnavailable, "Rien ne s’enregistre pour le moment", "lecture seule")
		refused.Lacks(http.StatusServiceUnavailable, "très occupé")
		other.Post(elsewhere, nil).Wants(http.StatusOK)
		head.Get(page+"/switches").Wants(http.StatusOK, "compte volé", "par "+h.Who(head.Person).Name(), "sauf vous et les exploitants", "Rouvrir")
		head.Post(page+"/switches/off", url.Values{"profile": {"all"}}).Wants(http.StatusSeeOther)
		v.Post(labels, url.Values{"again": {"1"}}).Wants(http.StatusOK)
		head.Post(page+"/switches/off", url.Values{"profile": {"all"}}).Wants(http.StatusNotFound)
	})
}

// Within ten seconds a switch that another node put on acts here, and a profile
// is the only one that it names.
func TestASwitchOfAnotherNode(t *testing.T) {
	h := onSQLite(t)
	class := h.Classes(h.near[0])[0].ID
	teacher := h.Teachers(h.near[0])[0]
	h.Attach(class, teacher)
	head, v := h.Enter(h.Head(h.near[0]), school.Head), h.Enter(teacher, school.Teacher)
	labels := "/accounts/class/" + class.String() + "/labels"
	v.Post(labels, nil).Wants(http.StatusOK)
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO account_switch (school_id, profile, service, chosen, set_by, set_at, reason) VALUES (0, $1, '', FALSE, 1, 1, 'x')`, string(school.Teacher))
		return err
	})
	h.Later(time.Minute)
	v.Post(labels, url.Values{"again": {"1"}}).Wants(http.StatusServiceUnavailable)
	head.Post(labels, url.Values{"again": {"1"}}).Wants(http.StatusOK)
}

// Who put a switch on finds it on their home page until it is off; nobody else
// does.
func TestAReadOnlySchoolIsSaidAtHome(t *testing.T) {
	h := onSQLite(t)
	h.withHome()
	ours, theirs := h.near[0], pick(t, h.near[1:], func(id school.ID) bool { return h.Head(id) != h.Head(h.near[0]) })
	head, other, operator := h.Enter(h.Head(ours), school.Head), h.Enter(h.Head(theirs), school.Head), h.Enter(h.Operator(), school.Operator)
	page := "/accounts/school/" + ours.String() + "/switches"
	on := url.Values{"profile": {string(school.Guardian)}, "reason": {"débordement"}}
	head.Get("/").Lacks(http.StatusOK, "Lecture seule")
	head.Post(page+"/on", on).Wants(http.StatusSeeOther)
	for _, v := range []house.Visitor{other, operator} {
		v.Get("/").Lacks(http.StatusOK, "Lecture seule")
	}
	head.Get("/").Wants(http.StatusOK, "Lecture seule depuis ", "Les familles · débordement", page)
	head.Post(page+"/off", on).Wants(http.StatusSeeOther)
	head.Get("/").Lacks(http.StatusOK, "Lecture seule")

	operator.Post("/accounts/switches/on", on).Wants(http.StatusSeeOther)
	head.Get("/").Lacks(http.StatusOK, "Lecture seule depuis ")
	operator.Get("/").Wants(http.StatusOK, "Lecture seule depuis ", "/accounts/switches")
	land := operator.Get("/accounts/")
	land.Wants(http.StatusOK, "Comptes et codes", "/accounts/switches", "/accounts/frozen", "/accounts/journal")
	land.Lacks(http.StatusOK, "Aucune classe")
	operator.Get("/accounts/switches").Wants(http.StatusOK, "sauf les exploitants", "débordement")
}

// What was done to everybody at once is read in the journal, with whom and by whom:
// by the head of their school, and by operators.
func TestTheJournalOfUrgentActs(t *testing.T) {
	onBoth(t, func(h *office) {
		ours, theirs := h.near[0], pick(h.T, h.near[1:], func(id school.ID) bool { return h.Head(id) != h.Head(h.near[0]) })
		head, other, operator := h.Enter(h.Head(ours), school.Head), h.Enter(h.Head(theirs), school.Head), h.Enter(h.Operator(), school.Operator)
		pupil := h.Pupils(h.Classes(ours)[0].ID)[0]
		h.Enter(pupil.ID, school.Pupil)
		page, urgent := "/accounts/school/"+ours.String(), "/journal?kind=urgent"
		head.Post(page+"/switches/on", url.Values{"profile": {"all"}, "reason": {"compte volé"}}).Wants(http.StatusSeeOther)
		head.Post(page+"/switches/off", url.Values{"profile": {"all"}}).Wants(http.StatusSeeOther)
		head.Post(page+"/sign-out", url.Values{"profile": {string(school.Pupil)}, "confirm": {"1"}}).Wants(http.StatusSeeOther)
		operator.Post("/accounts/switches/on", url.Values{"profile": {string(school.Teacher)}, "reason": {"x"}}).Wants(http.StatusSeeOther)

		other.Get("/accounts/school/"+theirs.String()+urgent).Lacks(http.StatusOK, "Passage en lecture seule", "Déconnexion de tous")
		head.Get(page+urgent).Lacks(http.StatusOK, "Les enseignants", pupil.Name())
		head.Get(page+urgent+"&who="+url.QueryEscape(pupil.Name())).Lacks(http.StatusOK, "Passage en lecture seule")
		head.Get(page+urgent).Wants(http.StatusOK, "Passage en lecture seule", "Fin de la lecture seule", "Déconnexion de tous à la fois",
			"Tout le monde", "Les élèves", h.Who(head.Person).Name())
		head.Get(page+"/journal.csv?kind=urgent").Wants(http.StatusOK, "Tout le monde;Passage en lecture seule;")
		operator.Get("/accounts"+urgent).Wants(http.StatusOK, "Tout le monde · "+h.Structure(ours).Name, "Les enseignants", h.Who(operator.Person).Name())
	})
}

// Signing everybody out says first how many people that is, then closes what it
// names, and not the session that asks.
func TestEverybodyIsSignedOut(t *testing.T) {
	onBoth(t, func(h *office) {
		ours, theirs := h.near[0], pick(h.T, h.near[1:], func(id school.ID) bool { return h.Head(id) != h.Head(h.near[0]) })
		class := h.Classes(ours)[0].ID
		teacher := h.Enter(h.Teachers(ours)[0], school.Teacher)
		guardian, pupil := h.Enter(h.guardian(class), school.Guardian), h.Enter(h.Pupils(class)[0].ID, school.Pupil)
		head, other := h.Enter(h.Head(ours), school.Head), h.Enter(h.Head(theirs), school.Head)
		path := "/accounts/school/" + ours.String() + "/sign-out"
		teacher.Post(path, nil).Wants(http.StatusNotFound)
		open := func() int { return len(h.Some(`SELECT id FROM account_session`)) }
		out := func(v house.Visitor, path string, profile string, people string) {
			h.T.Helper()
			before := open()
			asked := v.Post(path, url.Values{"profile": {profile}})
			asked.Wants(http.StatusOK, "Déconnecter "+people)
			if n := open(); n != before {
				h.T.Errorf("%d sessions of %d are left before it is confirmed", n, before)
			}
			v.Post(path, asked.Hidden("confirm")).Wants(http.StatusSeeOther)
		}
		before := open()
		h.Enter(h.Pupils(class)[0].ID, school.Pupil) // on another device
		out(head, path, string(school.Pupil), "une personne")
		if n := open(); n != before-1 {
			h.T.Errorf("%d sessions of %d are left", n, before)
		}
		nobody := head.Post(path, url.Values{"profile": {string(school.Pupil)}})
		nobody.Wants(http.StatusSeeOther)
		if got := nobody.Header.Get("Set-Cookie"); !strings.Contains(got, "accounts.nobody-in") {
			h.T.Errorf("nobody is in: %q", got)
		}
		out(head, path, "all", "2 personnes")
		for name, v := range map[string]string{"teacher": teacher.Token, "guardian": guardian.Token, "pupil": pupil.Token} {
			if _, err := h.resolve(v); err == nil {
				h.T.Errorf("the %s is still in", name)
			}
		}
		for name, v := range map[string]string{"the head who asks": head.Token, "the head of another school": other.Token} {
			if _, err := h.resolve(v); err != nil {
				h.T.Errorf("%s: %v", name, err)
			}
		}
		// Whom a judge keeps from their children is of no school, and is not counted.
		barred := h.Enter(h.guardian(class), school.Guardian)
		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO directory_restriction (id, pupil_id, guardian_id, may_not_sign, informed_only, hide_place,
					no_access, reference, from_at, recorded_by, recorded_at)
				SELECT b.pupil_id, b.pupil_id, b.guardian_id, FALSE, FALSE, FALSE, TRUE, '', 0, 0, 0 FROM directory_bond b WHERE b.guardian_id = $1`, barred.Person)
			return err
		})
		if got := head.Post(path, url.Values{"profile": {"all"}}).Header.Get("Set-Cookie"); !strings.Contains(got, "accounts.nobody-in") {
			h.T.Errorf("who has no access is counted: %q", got)
		}
		out(h.Enter(h.Operator(), school.Operator), "/accounts/sign-out", "all", "3 personnes")
		if n := open(); n != 1 {
			h.T.Errorf("%d sessions are left of everybody’s", n)
		}
	})
}
