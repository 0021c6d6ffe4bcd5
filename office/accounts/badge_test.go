package accounts_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
)

// A teacher prints the badges of a class in one click and one child's in two,
// takes one back, and reads which guardian allows one from home.
func TestBadgesArePrinted(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		class, teacher := h.Classes(at)[0].ID, h.Teachers(at)[0]
		h.Attach(class, teacher)
		pupils := h.Pupils(class)
		zoe, staff := pupils[0], pupils[1]
		other := h.Classes(at)[1].ID
		v := h.Enter(teacher, school.Teacher)
		door := "/accounts/class/" + class.String() + "/door"
		badgePath := func(class, person school.ID) string {
			return "/accounts/class/" + class.String() + "/person/" + person.String() + "/badge"
		}
		made := func() (badges map[school.ID]account.ClassDoor) {
			h.Read(func(tx *db.Tx) (err error) {
				badges, err = account.Badges(tx, class)
				return err
			})
			return badges
		}
		elsewhere := h.Pupils(other)[0].ID
		v.Post(badgePath(class, elsewhere), nil).Wants(http.StatusNotFound)
		v.Post(badgePath(other, elsewhere), nil).Wants(http.StatusNotFound)
		v.Post(badgePath(class, teacher), nil).Wants(http.StatusNotFound)
		v.Post("/accounts/class/"+other.String()+"/door/badges", nil).Wants(http.StatusNotFound)
		h.Enter(zoe.ID, school.Pupil).Post(badgePath(class, zoe.ID), nil).Wants(http.StatusNotFound)
		if h.One(`SELECT count(*) FROM account_class_door`) != 0 {
			h.T.Error("a badge was made")
		}

		v.Get(door).Wants(http.StatusOK, "Imprimer les badges", "n’ont pas encore de badge")
		v.Post(door+"/badges", nil).Wants(http.StatusOK, "%PDF-")
		first := made()
		if len(first) != len(pupils) {
			h.T.Errorf("%d badges for %d pupils", len(first), len(pupils))
		}
		v.Get(door).Wants(http.StatusOK, "Chaque enfant a son badge", "Badge donné")
		v.Post(door+"/badges", nil).Wants(http.StatusSeeOther)
		v.Post(badgePath(class, zoe.ID), nil).Wants(http.StatusOK, "%PDF-")
		if now := made(); now[zoe.ID].ID == first[zoe.ID].ID || now[staff.ID].ID != first[staff.ID].ID || len(now) != len(first) {
			h.T.Error("one child's badge is not the only new one")
		}
		taken := door + "/" + made()[zoe.ID].ID.String() + "/end"
		v.Post(taken, nil).Wants(http.StatusOK, "Retirer ce badge", zoe.Name())
		if _, has := made()[zoe.ID]; !has {
			h.T.Error("a badge ends before one has read what that does")
		}
		v.Post(taken, url.Values{"confirm": {"1"}}).Wants(http.StatusSeeOther)
		if _, has := made()[zoe.ID]; has {
			h.T.Error("the badge that was taken back is there")
		}
		v.Post(door+"/badges", url.Values{"again": {"1"}}).Wants(http.StatusOK, "%PDF-")
		if now := made(); len(now) != len(pupils) || now[staff.ID].ID == first[staff.ID].ID {
			h.T.Error("the class has no new badges")
		}

		guardian := h.One(`SELECT min(guardian_id) FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
			WHERE b.pupil_id = $1`, zoe.ID)
		h.Write(func(tx *db.Tx) error {
			return h.Accounts.AllowHome(tx, zoe.ID, audit.By{Actor: guardian, Request: "test"})
		})
		v.Get(door).Wants(http.StatusOK, "Badge permis à la maison\u00a0: "+h.Who(guardian).Formal())

		// Who works there too spoils no one's page, and gets none.
		h.Name(staff.ID, school.Staff, at)
		v.Post(badgePath(class, staff.ID), nil).Wants(http.StatusNotFound)
		if !slices.Contains(h.Acts(zoe.ID), "account.badge") {
			h.T.Errorf("the journal says %v", h.Acts(zoe.ID))
		}
	})
}

// The badges of a class are a click from its pass, for whoever gives it and for whoever holds
// it: of that class, while the pass runs.
func TestTheBadgesOfAPass(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		class, other := h.Classes(at)[0].ID, h.Classes(at)[1].ID
		head := h.Enter(h.Head(at), school.Head)
		path := "/register/school/" + at.String() + "/pass"
		head.Get(path).Lacks(http.StatusOK, "Badges et porte")
		head.Post(path, url.Values{"first": {"Solène"}, "name": {"TEMPS"}, "reason": {"Remplacement"}, "class": {class.String()}}).Wants(http.StatusOK)
		who := h.One(`SELECT id FROM directory_person WHERE usual_name = 'TEMPS'`)
		door := func(class school.ID) string { return "/accounts/class/" + class.String() + "/door" }
		page := head.Get(path)
		page.Wants(http.StatusOK, `href="`+door(class)+`"`)
		page.Lacks(http.StatusOK, `href="`+door(other)+`"`)
		v := h.Enter(who, school.Teacher)
		v.Get(door(other)).Wants(http.StatusNotFound)
		v.Post(door(other)+"/badges", nil).Wants(http.StatusNotFound)
		v.Get(door(class)).Wants(http.StatusOK, "/badges")
		if got := v.Post(door(class)+"/badges", nil); !strings.HasPrefix(got.Body, "%PDF") {
			h.T.Errorf("the badges of a pass are %d %s", got.StatusCode, got.Header.Get("Content-Type"))
		}
		head.Post(path+"/"+who.String()+"/end", url.Values{"confirm": {"1"}}).Wants(http.StatusSeeOther)
		h.tick()
		v.Post(door(class)+"/badges", nil).Wants(http.StatusSeeOther) // to sign in: they are nothing any more
	})
}
