package register_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"testing"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// claimed is a second record of somebody, the guardian of a child, whose slip
// they showed and whom no mail reaches.
func (h *office) claimed(mine, child school.ID) (other school.ID) {
	h.T.Helper()
	h.tick()
	h.Write(func(tx *db.Tx) error {
		row, err := directory.Persons.One(tx, "id = $1", mine)
		if err != nil {
			return err
		}
		other = school.NewID(tx.Now)
		row.ID, row.Said, row.Mail = other, directory.Said{}, ""
		if err := directory.Persons.Insert(tx, row); err != nil {
			return err
		}
		if err := directory.Bonds.Insert(tx, directory.Bond{Pupil: child, Guardian: other, Link: "10", Authority: true, From: db.At(tx.Now)}); err != nil {
			return err
		}
		if _, err := h.Accounts.Welcome(tx, directory.Newcomer{Person: other, First: "Autre", Usual: "Fiche"}); err != nil {
			return err
		}
		if _, err := h.Accounts.IssueCode(tx, other, audit.By{Actor: 1, Request: "test"}, account.SlipLife); err != nil {
			return err
		}
		if err := directory.MayJoin(tx, mine, other); err != nil {
			return err
		}
		return h.Accounts.AskJoin(tx, mine, other, account.Origin{})
	})
	h.tick()
	return other
}

// read is what the form of a request says that its reader saw.
func (h *office) read(page reply) url.Values {
	h.T.Helper()
	found := regexp.MustCompile(`name="claimed" value="([^"]+)"`).FindStringSubmatch(page.Body)
	if found == nil {
		h.T.Fatal("nobody asks for anything")
	}
	return url.Values{"claimed": found[1:]}
}

// Whom no mail reaches goes to the school of the second slip: its head, who sees
// them, makes one account of the two, wherever the first one is of. A teacher of
// another school is somebody like any other.
func TestAHeadConfirmsFaceToFace(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		elsewhere := pick(h.T, slices.Concat(h.near[1:], h.far), func(id school.ID) bool { return h.Head(id) != h.Head(at) })
		mine := h.Teachers(elsewhere)[0]
		child := h.Pupils(h.Classes(at)[0].ID)[0]
		session := h.enter(mine, school.Teacher)
		other := h.claimed(mine, child.ID)
		list := "/register/school/" + at.String() + "/duplicates"
		path := "/register/school/" + at.String() + "/joining/" + mine.String()
		head := h.enter(h.Head(at), school.Head)

		neighbour := h.enter(h.Head(elsewhere), school.Head)
		for _, v := range []visitor{session, neighbour} {
			v.Post(path+"/confirm", nil).Wants(http.StatusNotFound)
			v.Post(path+"/refuse", nil).Wants(http.StatusNotFound)
		}
		// Who runs the installation sees nobody face to face, and hands out no such slip.
		h.enter(h.Operator(), school.Operator).Post(path+"/confirm", nil).Wants(http.StatusForbidden)
		neighbour.Get("/register/school/"+elsewhere.String()+"/duplicates").Lacks(http.StatusOK, "À confirmer en personne")

		head.Get("/register/school/"+at.String()).Wants(http.StatusOK, "À confirmer en personne")
		page := head.Get(list)
		page.Wants(http.StatusOK, "À confirmer en personne", h.Who(other).Name(), child.Name(), path)
		page.Lacks(http.StatusOK, h.Structure(elsewhere).Name)
		read := h.read(page)
		head.Post(path+"/refuse", read).Wants(http.StatusSeeOther)
		head.Post(path+"/confirm", read).Wants(http.StatusNotFound)

		h.tick()
		h.Write(func(tx *db.Tx) error { return h.Accounts.AskJoin(tx, mine, other, account.Origin{}) })
		head.Post(path+"/confirm", read).Wants(http.StatusConflict, "La demande a changé")
		head.Post(path+"/confirm", h.read(head.Get(list))).Wants(http.StatusSeeOther)
		if by := h.One(`SELECT made_by FROM directory_merge_act WHERE kept_id = $1 AND asked_by = $1`, mine); by != h.Head(at) {
			h.T.Errorf("decided by %s", by)
		}
		if h.One(`SELECT count(*) FROM directory_person WHERE id IN ($1, $2)`, mine, other) != 1 || h.bonds(mine) != 1 {
			h.T.Error("they are not one")
		}
		if h.One(`SELECT count(*) FROM account_session WHERE person_id = $1`, mine) != 1 {
			h.T.Error("they are not in any more")
		}
		if acts := h.Acts(other); !slices.Contains(acts, "register.join") || !slices.Contains(acts, "register.join-refused") {
			h.T.Errorf("journalled: %v", acts)
		}
		head.Get(list).Lacks(http.StatusOK, "À confirmer en personne")
	})
}

// What a judge decides while a request waits shuts it, and a slip that is used
// ends it.
func TestARequestThatDoesNotStandAnyMore(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	_, mine := h.onlyChild(at)
	h.enter(mine, school.Guardian)
	child := h.One(`SELECT min(e.person_id) FROM directory_enrolment e WHERE e.school_id = $1 AND NOT EXISTS (
		SELECT 1 FROM directory_bond b JOIN directory_bond o ON o.guardian_id = b.guardian_id JOIN directory_bond m ON m.pupil_id = o.pupil_id
		WHERE b.pupil_id = e.person_id AND m.guardian_id = $2)`, at, mine)
	other := h.claimed(mine, child)
	head := h.enter(h.Head(at), school.Head)
	path := "/register/school/" + at.String() + "/joining/" + mine.String()
	var judged directory.Restriction
	h.Write(func(tx *db.Tx) error {
		judged = directory.Restriction{Pupil: child, Guardian: other, NoAccess: true, Reference: "JAF 12", From: db.At(tx.Now), RecordedBy: 1}
		_, err := directory.Restrict(tx, judged)
		return err
	})
	head.Post(path+"/confirm", nil).Wants(http.StatusNotFound)
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`DELETE FROM directory_restriction WHERE guardian_id = $1`, other)
		return err
	})
	h.enter(other, school.Guardian) // by whoever holds the slip
	head.Post(path+"/confirm", nil).Wants(http.StatusNotFound)
	if h.One(`SELECT count(*) FROM directory_person WHERE id IN ($1, $2)`, mine, other) != 2 {
		t.Error("they are one")
	}
}
