package accounts_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// Who looks at accounts is in the journal, once an hour: the head reads who, of which
// class; a pupil and their parent read that somebody of the school did, and nobody reads
// what was before they were there, or what is of another class.
func TestWhoLookedAtAccounts(t *testing.T) {
	onBoth(t, func(h *office) {
		t := h.T
		at := h.near[0]
		rooms := h.Classes(at)
		class, other := rooms[0], rooms[1]
		pupil, elsewhere := h.Pupils(class.ID)[0], h.Pupils(other.ID)[0]
		parent, teacher := h.guardian(class.ID), h.Teachers(at)[0]
		h.Attach(class.ID, teacher)
		head, v := h.Enter(h.Head(at), school.Head), h.Enter(teacher, school.Teacher)
		page := "/accounts/class/" + class.ID.String()
		code := page + "/person/" + pupil.ID.String() + "/code"
		for range 3 {
			v.Get(page).Wants(http.StatusOK)
			v.Get(code).Wants(http.StatusOK)
		}
		h.Enter(elsewhere.ID, school.Pupil).Get(page).Wants(http.StatusNotFound) // who may not see leaves nothing
		head.Get("/accounts/school/" + at.String() + "/staff").Wants(http.StatusOK)
		looks := func() int {
			return len(h.Some(`SELECT id FROM audit_entry WHERE action = 'account.look'`))
		}
		if n := looks(); n != 3 {
			t.Errorf("%d looks are journalled, of a class, a pupil and the staff", n)
		}
		head.Get("/accounts/school/" + at.String() + "/opened").Wants(http.StatusOK) // another side, in the same hour
		if n := len(h.Some(`SELECT id FROM audit_entry WHERE action = 'account.look' AND subject_id = $1 AND actor_id = $2`, at, head.Person)); n < 2 {
			t.Errorf("%d looks of the head are journalled, at two sides of the school", n)
		}
		before := looks()
		h.Later(61 * time.Minute)
		v.Get(page).Wants(http.StatusOK)
		if n := looks(); n != before+1 {
			t.Errorf("%d looks after an hour, %d before", n, before)
		}

		journal := head.Get("/accounts/school/" + at.String() + "/journal?kind=looking")
		journal.Wants(http.StatusOK, "La classe "+class.Label, "Comptes de la classe consultés", h.Who(teacher).Name(), pupil.Name(), "Compte consulté")
		journal.Lacks(http.StatusOK, "La classe "+other.Label)
		own := func(person school.ID, as school.Profile) string {
			return h.Enter(person, as).Get("/me/journal").Body
		}
		h.withHome()
		h.Later(time.Minute)
		if text := own(pupil.ID, school.Pupil); strings.Count(text, "Comptes de la classe consultés") != 2 || !strings.Contains(text, "Compte consulté") {
			t.Error("a pupil does not read who looked")
		}
		if text := own(parent, school.Guardian); !strings.Contains(text, "Comptes de la classe consultés") || strings.Contains(text, "Compte consulté") {
			t.Error("a parent does not read who looked at the class, or reads what is another's")
		}
		if text := own(elsewhere.ID, school.Pupil); strings.Contains(text, "Comptes de la classe consultés") {
			t.Error("a pupil of another class reads who looked at this one")
		}
		if text := own(teacher, school.Teacher); !strings.Contains(text, "Comptes de l’équipe consultés") {
			t.Error("a teacher does not read who looked at the staff")
		}
		later := h.One(`SELECT min(b.guardian_id) FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id WHERE NOT p.organisation
			AND b.guardian_id NOT IN (SELECT o.guardian_id FROM directory_bond o JOIN directory_membership m ON m.person_id = o.pupil_id WHERE m.class_id = $1)`, class.ID)
		h.Write(func(tx *db.Tx) error {
			return directory.Bonds.Insert(tx, directory.Bond{Pupil: pupil.ID, Guardian: later, From: db.At(tx.Now), Authority: true})
		})
		h.tick()
		if text := own(later, school.Guardian); strings.Contains(text, "Comptes de la classe consultés") {
			t.Error("a guardian reads what was before they were one")
		}
		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE directory_membership SET class_id = $1, from_at = $2 WHERE person_id = $3 AND class_id = $4`,
				class.ID, db.At(tx.Now), elsewhere.ID, other.ID)
			return err
		})
		if text := own(elsewhere.ID, school.Pupil); strings.Contains(text, "Comptes de la classe consultés") {
			t.Error("a pupil reads what was before they were there")
		}
	})
}

// Who looks at the list of the accounts that were opened lately looks at those that are
// on it, and at nobody else's.
func TestAListIsLookedAtForWhoIsOnIt(t *testing.T) {
	onBoth(t, func(h *office) {
		t := h.T
		h.withHome()
		at := h.near[0]
		parents := h.guardians(h.Classes(at)[0].ID)
		listed, before, after := parents[0], parents[1], parents[2]
		h.Enter(before, school.Guardian)
		h.Later(31 * 24 * time.Hour)
		h.Enter(listed, school.Guardian)
		head := h.Enter(h.Head(at), school.Head)
		h.Later(time.Minute)
		head.Get("/accounts/school/"+at.String()+"/opened").Wants(http.StatusOK, h.Who(listed).Name())
		h.Later(time.Minute)
		for who, told := range map[school.ID]bool{listed: true, before: false, after: false, h.Teachers(at)[0]: false} {
			hat := school.Guardian
			if who == h.Teachers(at)[0] {
				hat = school.Teacher
			}
			if text := h.Enter(who, hat).Get("/me/journal").Body; strings.Contains(text, "Liste des comptes ouverts depuis peu consultée") != told {
				t.Errorf("%s reads of the list: %t, wanted %t", h.Who(who).Name(), !told, told)
			}
		}
	})
}

// Each page that shows whether somebody's account is open says who looked.
func TestEveryPageOfAccountsSaysWhoLooked(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		class := h.Classes(at)[0].ID
		pupil, colleague, parent := h.Pupils(class)[0].ID, h.Teachers(at)[0], h.guardian(class)
		h.stolen(colleague, school.Teacher)
		h.stolen(parent, school.Guardian)
		h.Enter(pupil, school.Pupil)
		path, frozen := "/accounts/class/"+class.String(), "/accounts/frozen/"
		staff, opened := "/accounts/school/"+at.String()+"/staff/", "/accounts/school/"+at.String()+"/opened"
		refused := h.Enter(h.Teachers(at)[1], school.Teacher)
		head := h.Enter(h.Head(at), school.Head)
		looks := func() []school.ID {
			return h.Some(`SELECT object_id FROM audit_entry WHERE action = 'account.look' ORDER BY object_id`)
		}
		for _, c := range []struct {
			page string
			of   []school.ID
		}{
			{path + "/renew", []school.ID{class}},
			{path + "/door", []school.ID{class}},
			{path + "/person/" + pupil.String() + "/pictures", []school.ID{pupil}},
			{path + "/person/" + parent.String() + "/reopen", []school.ID{parent}},
			{staff + colleague.String() + "/reopen", []school.ID{colleague}},
			{frozen + colleague.String() + "/reopen", []school.ID{colleague}},
			{"/accounts/frozen", []school.ID{colleague, parent}},
			{opened + "/" + pupil.String() + "/contest", []school.ID{pupil}},
			{opened, []school.ID{at}},
		} {
			h.Later(61 * time.Minute) // who looks again an hour later looks again
			head, refused = h.Enter(head.Person, school.Head), h.Enter(refused.Person, school.Teacher)
			before := looks()
			refused.Get(c.page).Wants(http.StatusNotFound)
			if len(looks()) != len(before) {
				h.T.Errorf("%s: who may not see it leaves a look", c.page)
			}
			head.Get(c.page).Wants(http.StatusOK)
			after := looks()
			for _, object := range c.of {
				n := func(of []school.ID) (n int) {
					for _, id := range of {
						if id == object {
							n++
						}
					}
					return n
				}
				if n(after) == n(before) {
					h.T.Errorf("%s: nothing says that %s was looked at", c.page, object)
				}
			}
		}
	})
}
