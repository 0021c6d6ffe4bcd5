package accounts_test

import (
	"net/http"
	"net/url"
	"testing"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/test/house"
)

// A child of maternelle comes in by the door of the class: nobody prints them a
// password, their teacher and head either, and nobody is told that one is missing. In a
// class of two ages the older ones have labels.
func TestNobodyHasAPasswordInMaternelle(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[1]
		class := h.Classes(at)[0].ID
		teacher := h.Teachers(at)[0]
		h.Attach(class, teacher)
		child := h.Pupils(class)[0].ID
		path := "/accounts/class/" + class.String()
		code := path + "/person/" + child.String() + "/code"
		for _, v := range []house.Visitor{h.Enter(teacher, school.Teacher), h.Enter(h.Head(at), school.Head)} {
			v.Get(code).Wants(http.StatusConflict, "entre par la porte de sa classe")
			v.Post(code, url.Values{"seen": {""}}).Wants(http.StatusConflict, "entre par la porte de sa classe")
			v.Post(path+"/labels", url.Values{"again": {"1"}}).Wants(http.StatusSeeOther)
			v.Get(path).Lacks(http.StatusOK, code, path+"/labels")
		}
		h.Write(func(tx *db.Tx) error {
			if _, err := h.Accounts.IssueSlip(tx, child, account.Warrant{By: audit.By{Actor: h.Head(at)}}); !fail.Is(err, fail.Conflict) {
				h.T.Errorf("a code for a child of maternelle: %v", err)
			}
			figures, err := account.Activations(tx, at)
			if pupils := figures[at][account.Pupils]; pupils.Logins != 0 || pupils.ByDoor < len(h.Pupils(class)) {
				h.T.Errorf("a maternelle waits for %+v", pupils)
			}
			return err
		})

		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE directory_enrolment SET level_code = $1, level_label = $2 WHERE person_id = $3`, school.CP.Code, school.CP.Label, child)
			return err
		})
		h.Enter(teacher, school.Teacher).Post(path+"/labels", nil).Wants(http.StatusOK)
	})
}

// A child of maternelle whose account was frozen needs no code: who opens it again is
// led to their pictures, and who does not have the door of the class back to it.
func TestTheAccountOfAYoungChildIsReopened(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		class := h.Classes(at)[0].ID
		teacher := h.Teachers(at)[0]
		h.Attach(class, teacher)
		path := "/accounts/class/" + class.String()
		head, v := h.Enter(h.Head(at), school.Head), h.Enter(teacher, school.Teacher)
		helper := h.Appoint("agent", school.Staff, at)
		h.lend(head, at, helper, class, "")
		lent := h.Enter(helper, school.Staff)
		for i, c := range []struct {
			by       house.Visitor
			from     string
			pictures bool
		}{{v, path + "/person/", true}, {head, "/accounts/frozen/", true}, {lent, path + "/person/", false}} {
			child := h.Pupils(class)[i].ID.String()
			h.stolen(h.Pupils(class)[i].ID, school.Pupil)
			h.Write(func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE directory_enrolment SET level_code = $1, level_label = $2 WHERE person_id = $3`, school.GS.Code, school.GS.Label, h.Pupils(class)[i].ID)
				return err
			})
			asked := c.by.Get(c.from + child + "/reopen")
			asked.Wants(http.StatusOK, "Rouvrir, puis donner des images")
			asked.Lacks(http.StatusOK, "remettre un code", "mot de passe")
			reply, next := c.by.Post(c.from+child+"/reopen", nil), path
			if c.pictures {
				next = path + "/person/" + child + "/pictures"
			}
			reply.Wants(http.StatusSeeOther)
			if to := reply.Header.Get("Location"); to != next {
				h.T.Errorf("%s leads to %s", c.from, to)
			}
			c.by.Get(next).Wants(http.StatusOK)
		}
	})
}

// Who waits in a class of maternelle is who has no pictures, and a page that sees no
// families says nothing of them.
func TestWhoWaitsIsWhoWasCounted(t *testing.T) {
	onBoth(t, func(h *office) {
		at, class := h.small()
		teacher := h.Teachers(at)[0]
		h.Attach(class, teacher)
		pupils, page := h.Pupils(class), "/accounts/class/"+class.String()
		v, head := h.Enter(teacher, school.Teacher), h.Enter(h.Head(at), school.Head)
		helper := h.Appoint("agent", school.Staff, at)
		h.lend(head, at, helper, class, "")
		v.Get(page+"?show=waiting").Wants(http.StatusOK, pupils[0].Name(), pupils[1].Name())
		v.Post(page+"/person/"+pupils[0].ID.String()+"/pictures", url.Values{"seen": {""}}).Wants(http.StatusOK)
		v.Get(page+"?show=waiting").Lacks(http.StatusOK, pupils[0].Name())
		v.Post(page+"/door/pictures", nil).Wants(http.StatusOK)
		v.Get(page+"?show=waiting").Wants(http.StatusOK, "Chaque enfant a ses images.", "Les familles ne sont pas comptées ici.")
		v.Get(page+"?show=waiting").Lacks(http.StatusOK, "est entré", "Chaque responsable", "show=idle")
		v.Get(page+"?show=idle").Wants(http.StatusOK, pupils[0].Name(), pupils[1].Name()) // nobody has a password
		head.Get(page+"?show=idle").Wants(http.StatusOK, "Aucun compte activé", "ne sont pas comptés ici")
		head.Get(page+"?show=waiting").Lacks(http.StatusOK, "Plus personne à activer") // the families wait
		h.Enter(helper, school.Staff).Get(page+"?show=waiting").Lacks(http.StatusOK, "Chaque enfant a ses images")
	})
}
