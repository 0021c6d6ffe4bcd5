package accounts_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/school"
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
		labels, elsewhere := "/accounts/class/"+class.String()+"/labels", "/accounts/class/"+h.Classes(theirs)[0].ID.String()+"/labels"
		v.Get(page + "/switches").Wants(http.StatusNotFound)
		other.Post(page+"/switches/on", url.Values{"reason": {"x"}}).Wants(http.StatusNotFound)
		head.Post("/accounts/switches/on", url.Values{"reason": {"x"}}).Wants(http.StatusNotFound)
		head.Post(page+"/switches/on", url.Values{"profile": {"National_DIR"}, "reason": {"x"}}).Wants(http.StatusUnprocessableEntity)
		head.Post(page+"/switches/on", url.Values{"profile": {"all"}}).Wants(http.StatusUnprocessableEntity, "Écrivez pourquoi")
		v.Post(labels, nil).Wants(http.StatusOK)

		head.Post(page+"/switches/on", url.Values{"profile": {"all"}, "reason": {"compte volé"}}).Wants(http.StatusSeeOther)
		v.Get("/register/class/"+class.String()).Wants(http.StatusOK, "lecture seule")
		v.Post(labels, url.Values{"again": {"1"}}).Wants(http.StatusServiceUnavailable, "lecture seule")
		other.Post(elsewhere, nil).Wants(http.StatusOK)
		head.Get(page+"/switches").Wants(http.StatusOK, "compte volé", "Rouvrir")
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
		_, err := tx.Exec(`INSERT INTO account_switch (school_id, profile, set_by, set_at, reason) VALUES (0, $1, 1, 1, 'x')`, string(school.Teacher))
		return err
	})
	h.Later(time.Minute)
	v.Post(labels, url.Values{"again": {"1"}}).Wants(http.StatusServiceUnavailable)
	head.Post(labels, url.Values{"again": {"1"}}).Wants(http.StatusOK)
}

// Signing everybody out closes what it names, and not the session that asks.
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
		before := open()
		head.Post(path, url.Values{"profile": {string(school.Pupil)}}).Wants(http.StatusSeeOther)
		if n := open(); n != before-1 {
			h.T.Errorf("%d sessions of %d are left", n, before)
		}
		head.Post(path, url.Values{"profile": {"all"}}).Wants(http.StatusSeeOther)
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
		h.Enter(h.Operator(), school.Operator).Post("/accounts/sign-out", url.Values{"profile": {"all"}}).Wants(http.StatusSeeOther)
		if n := open(); n != 1 {
			h.T.Errorf("%d sessions are left of everybody’s", n)
		}
	})
}
