package portal_test

import (
	"html"
	"net/http"
	"slices"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
	"preau/test/village"
)

// schoolOf is the school where somebody works.
func (h *lobby) schoolOf(worker school.ID) school.ID {
	h.T.Helper()
	return h.One(`SELECT min(structure_id) FROM directory_function WHERE person_id = $1`, worker)
}

// call records whom to call for a school and for all that it is within, one
// a role, named after it; and gives the names.
func (h *lobby) call(at school.ID) (names []string) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
		project, err := directory.TheProject(tx)
		if err != nil {
			return err
		}
		for structure, roles := range map[school.ID][]directory.ReferentRole{
			at:                                   {directory.DigitalReferent},
			h.aboveIn(tx, at, directory.Commune): {directory.LocalAuthority},
			h.aboveIn(tx, at, directory.Circonscription): {directory.Inspector, directory.AreaAdviser},
			h.aboveIn(tx, at, directory.Department):      {directory.DepartmentOffice, directory.CanopeWorkshop, directory.DigitalInspector},
			h.aboveIn(tx, at, directory.Academy):         {directory.DigitalDelegation, directory.InformationServices},
			project:                                      {directory.ProjectSupport},
		} {
			for _, role := range roles {
				r := directory.Referent{
					Structure: structure, Role: role, Name: "Nom " + string(role), Phone: "01 99 00 12 34", Mail: string(role) + "@ac.test",
				}
				_, r.Families = role.ForFamilies()
				if _, _, err := directory.PutReferent(tx, r); err != nil {
					return err
				}
				names = append(names, r.Name)
			}
		}
		return nil
	})
	return names
}

func (h *lobby) aboveIn(tx *db.Tx, at school.ID, kind directory.Kind) school.ID {
	h.T.Helper()
	id, err := db.One(tx, db.Column[school.ID], `SELECT s.id FROM directory_within w JOIN directory_structure s ON s.id = w.ancestor_id
		WHERE w.structure_id = $1 AND s.kind = $2`, at, kind)
	if err != nil {
		h.T.Fatal(err)
	}
	return id
}

// shownToFamilies are the names that parents and pupils see.
var shownToFamilies = []string{"Nom referent-numerique", "Nom support"}

// Each sees whom they may call, and no other: neither the direct lines of the
// State for families, nor the school next door.
func TestWhoSeesWhomToCall(t *testing.T) {
	fed.Each(t, func(t *testing.T, in *house.House) {
		h := openOn(in)
		head := h.head()
		at := h.schoolOf(head)
		all := h.call(at)
		class := h.classIn(head)
		teacher := h.plainTeacher()
		h.Attach(class, teacher)
		guardian := h.One(`SELECT min(b.guardian_id) FROM directory_bond b JOIN directory_enrolment e ON e.person_id = b.pupil_id
			JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation WHERE e.school_id = $1`, at)
		elsewhere := h.One(`SELECT min(f.person_id) FROM directory_function f WHERE f.profile = 'National_ENS' AND f.structure_id <> $1
			AND NOT EXISTS (SELECT 1 FROM directory_function o WHERE o.person_id = f.person_id AND o.structure_id = $1)`, at)

		near := slices.DeleteFunc(slices.Clone(all), func(name string) bool { return name == "Nom referent-numerique" })
		for _, c := range []struct {
			who     string
			person  school.ID
			profile school.Profile
			see     []string
		}{
			{"a parent", guardian, school.Guardian, shownToFamilies},
			{"a partner", h.appoint(school.Partner, directory.Project, "Canope"), school.Partner, []string{"Nom support"}},
			{"an operator", h.appoint(school.Operator, directory.Project, "Garnier"), school.Operator, []string{"Nom support"}},
			{"a teacher", teacher, school.Teacher, all},
			{"a head", head, school.Head, all},
			{"an aide", h.appoint(school.Staff, directory.School, "Atsem"), school.Staff, nil}, // of some school: see below
			{"an agent", h.appoint(school.Municipal, directory.Commune, "Marchand"), school.Municipal, all},
			{"a pilot", h.appoint(school.Pilot, directory.Academy, "Delorme"), school.Pilot, all},
			{"a teacher next door", elsewhere, school.Teacher, near},
		} {
			if c.see == nil {
				if c.see = all; h.schoolOf(c.person) != at {
					c.see = near
				}
			}
			page := h.get("/help", h.as(c.person, c.profile))
			if page.StatusCode != http.StatusOK {
				t.Errorf("%s: %d", c.who, page.StatusCode)
			}
			body := said(page.Body)
			for _, name := range all {
				if got, want := strings.Contains(body, name+"<"), slices.Contains(c.see, name); got != want {
					t.Errorf("%s sees %s: %v, want %v", c.who, name, got, want)
				}
			}
		}
	})
}

// A parent whose child's place is hidden by a judge finds nothing that tells
// it, not even the town hall.
func TestWhomToCallHidesThePlace(t *testing.T) {
	h := open(t)
	guardian := h.One(`SELECT b.guardian_id FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
		GROUP BY b.guardian_id HAVING count(*) = 1 ORDER BY b.guardian_id LIMIT 1`)
	at := h.One(`SELECT e.school_id FROM directory_bond b JOIN directory_enrolment e ON e.person_id = b.pupil_id WHERE b.guardian_id = $1`, guardian)
	h.call(at)
	h.Write(func(tx *db.Tx) error { // the town hall may be shown too
		_, err := tx.Exec(`UPDATE directory_referent SET families = TRUE WHERE role = 'collectivite'`)
		return err
	})
	place := h.texts(`SELECT name FROM directory_structure WHERE id IN ($1, $2)`, at, h.Above(at, directory.Commune))
	as := h.as(guardian, school.Guardian)
	holds(t, h.get("/help", as).Body, append(place, "Nom referent-numerique", "Nom collectivite")...)
	h.restrict(guardian, directory.Restriction{HidePlace: true})
	page := h.get("/help", as)
	holds(t, page.Body, "Nom support")
	holdsNone(t, page.Body, append(place, "Nom referent-numerique", "Nom collectivite"))
}

// A row that says otherwise shows no agent of the State to families.
func TestNoAgentOfTheStateIsShownToFamilies(t *testing.T) {
	h := open(t)
	at := h.schoolOf(h.head())
	h.call(at)
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE directory_referent SET families = TRUE`)
		return err
	})
	guardian := h.One(`SELECT min(b.guardian_id) FROM directory_bond b JOIN directory_enrolment e ON e.person_id = b.pupil_id
		JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation WHERE e.school_id = $1`, at)
	page := h.get("/help", h.as(guardian, school.Guardian))
	holds(t, page.Body, "Nom collectivite")
	holdsNone(t, page.Body, []string{"Nom ien", "Nom conseiller-bassin", "Nom dsden", "Nom dane", "Nom dsi", "Nom canope", "Nom ien-tice"})
}

// A child who does not read has the adults at their side, and nothing to call.
func TestAChildAsksAnAdult(t *testing.T) {
	h := open(t)
	for _, level := range []school.Level{school.PS, school.CP} {
		pupil := h.pupil(level)
		h.call(h.One(`SELECT school_id FROM directory_enrolment WHERE person_id = $1`, pupil))
		page := h.get("/help", h.as(pupil, school.Pupil))
		holds(t, page.Body, "Demande à un adulte", "Ta famille")
		for _, link := range []string{"tel:", "mailto:", "Nom "} {
			if strings.Contains(page.Body, link) {
				t.Errorf("%s: a child is given %q", level.Code, link)
			}
		}
		if home := h.get("/", h.as(pupil, school.Pupil)).Body; !strings.Contains(home, `href="/help"`) || !strings.Contains(home, "Demande à un adulte") {
			t.Errorf("%s: the home page has no way to help", level.Code)
		}
	}
	reads := h.get("/help", h.as(h.pupil(school.CM2), school.Pupil))
	holds(t, reads.Body, "Demande d’abord", "Nom support")
}

// Nobody recorded: the page says what to do.
func TestNobodyToCallYet(t *testing.T) {
	h := open(t)
	head := h.head()
	page := h.get("/help", h.as(head, school.Head))
	holds(t, page.Body, "Personne d’autre n’est encore inscrit", "Inscrivez qui appeler")
	holds(t, page.Body, h.Who(head).Name(), "c’est vous")
	parent := h.get("/help", h.as(h.guardian(), school.Guardian))
	holds(t, parent.Body, "Personne d’autre n’est encore inscrit", "elle saura vers qui vous tourner")
}

// Who answers for many schools looks for one; nobody else may.
func TestWhomToCallForASchool(t *testing.T) {
	h := open(t)
	at := h.schoolOf(h.head())
	h.call(at)
	var uai string
	for _, text := range h.texts(`SELECT uai FROM directory_structure WHERE id = $1`, at) {
		uai = text
	}
	operator := h.as(h.appoint(school.Operator, directory.Project, "Garnier"), school.Operator)
	holds(t, h.get("/help?q="+strings.ToLower(uai), operator).Body, "/help/school/"+at.String())
	holds(t, h.get("/help?q=zzzz", operator).Body, "Aucune école de ce nom")
	page := h.get("/help/school/"+at.String(), operator)
	holds(t, page.Body, "Nom referent-numerique", "Nom ien", "Nom support")

	for who, as := range map[string]set{
		"a teacher":                 h.as(h.plainTeacher(), school.Teacher),
		"a parent":                  h.as(h.guardian(), school.Guardian),
		"an inspector of elsewhere": h.as(h.elsewhere(), school.Pilot),
	} {
		if got := h.get("/help/school/"+at.String(), as).StatusCode; got != http.StatusNotFound {
			t.Errorf("%s asks for a school: %d", who, got)
		}
	}
	for _, id := range []string{"1", "x", h.Above(at, directory.Commune).String()} {
		if got := h.get("/help/school/"+id, operator).StatusCode; got != http.StatusNotFound {
			t.Errorf("the school %s: %d", id, got)
		}
	}
}

// elsewhere appoints a pilot of a place without schools.
func (h *lobby) elsewhere() (person school.ID) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
		id := school.NewID(tx.Now)
		err := directory.Structures.Insert(tx, directory.Structure{ID: id, Ref: "academy:999", Kind: directory.Academy, Name: "Ailleurs", From: db.At(tx.Now)})
		if err != nil {
			return err
		}
		person, err = directory.Appoint(tx, directory.Appointment{Usual: "Ailleurs", Structure: id, Template: village.PostOf(school.Pilot), Reason: "test"})
		if err == nil {
			_, err = h.Accounts.Add(tx, person, "pilote.ailleurs")
		}
		return err
	})
	return person
}

// Help is at one place on every page of those who are signed in.
func TestHelpIsOnEveryPage(t *testing.T) {
	h := open(t)
	as := h.as(h.head(), school.Head)
	for _, path := range []string{"/", "/me", "/nothing-of-the-kind"} {
		body := html.UnescapeString(h.get(path, as).Body)
		if !strings.Contains(body, "Aide : qui appeler") || strings.Count(body, `class="stuck"`) != 1 {
			t.Errorf("%s has no way to help, or several", path)
		}
	}
	if body := h.get("/login").Body; strings.Contains(body, `href="/help"`) {
		t.Error("a stranger is led to help")
	}
	if got := h.get("/help").StatusCode; got != http.StatusSeeOther {
		t.Errorf("a stranger asks for help: %d", got)
	}
}
