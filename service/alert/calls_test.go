package alert_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// Whom nothing reached is listed with their telephones, live, and ticked once they are
// called.
func TestWhomToTelephone(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		head, parent := h.Enter(c.head, school.Head), h.Enter(c.parent, school.Guardian)
		class := h.One(`SELECT m.class_id FROM directory_membership m JOIN directory_class k ON k.id = m.class_id AND k.kind = 'class' WHERE m.person_id = $1 AND m.until_at IS NULL`, c.pupil)
		h.Address(c.father, "pere@famille.test")
		h.exec(`UPDATE directory_person SET home_phone = '02 61 91 00 02', mobile_phone = '0612345678' WHERE id IN ($1, $2)`, c.parent, c.father)
		mother, father, child := h.Who(c.parent).Name(), h.Who(c.father).Name(), h.Who(c.pupil).Name()
		notice := tell(head, newIn(c.school), url.Values{"kind": {"transport"}, "to": {"families"}, "text": {"Pas de car ce soir."}, "class": {class.String()}})
		calls := notice + "/calls"
		leaving := head.Get(calls)
		leaving.Wants(http.StatusOK, mother, father, "Ni e-mail ni notification")
		head.Get(calls)
		if n, acted := h.One(`SELECT count(*) FROM audit_entry WHERE action = 'alert.look-calls' AND actor_id = $1`, c.head), h.Acted(c.head); n != 1 || acted <= 2 {
			h.T.Errorf("who reads the list twice within an hour is journalled %d times, and acts on %d people", n, acted)
		}
		if n := strings.Count(leaving.Text(), "Envoi en cours"); n != 1 {
			h.T.Errorf("%d people are being written to, want the father alone", n)
		}
		h.left()
		list := head.Get(calls)
		list.Wants(http.StatusOK, child, mother, "06 12 34 56 78", "02 61 91 00 02", "Un autre responsable est prévenu")
		list.Lacks(http.StatusOK, father)
		// The mail comes back: he is to be called after all.
		h.Write(func(tx *db.Tx) error { return h.notify.Returned(tx, c.father, "pere@famille.test") })
		head.Get(calls).Wants(http.StatusOK, father, "Le message n’est pas arrivé")
		if r := head.Post(calls, url.Values{"person": {c.father.String()}}); r.StatusCode != http.StatusSeeOther {
			h.T.Fatalf("ticking answers %d", r.StatusCode)
		}
		head.Get(calls).Wants(http.StatusOK, "Joint par téléphone par "+h.Who(c.head).Formal())
		csv := head.Get(calls + ".csv")
		csv.Wants(http.StatusOK, mother, "06 12 34 56 78", father, h.Who(c.head).Formal())
		head.Post(calls, url.Values{"person": {c.father.String()}, "undo": {"1"}})
		head.Get(calls).Lacks(http.StatusOK, "Joint par téléphone par")
		parent.Get(notice).Wants(http.StatusOK, "Pas de car")
		head.Get(calls).Lacks(http.StatusOK, mother)
		head.Post(calls, url.Values{"person": {c.parent.String()}}).Wants(http.StatusConflict, "prévenue entre-temps")
		head.Post(calls, url.Values{"person": {c.otherParent.String()}}).Wants(http.StatusConflict)
		if acts := strings.Join(h.Acts(c.father), " "); !strings.Contains(acts, "alert.call") || !strings.Contains(acts, "alert.uncall") {
			h.T.Errorf("the journal of who was called has %s", acts)
		}
		// A judge strikes the mother: her telephone is on no list any more.
		h.exec(`DELETE FROM audience_receipt`)
		head.Get(calls).Wants(http.StatusOK, mother)
		h.Write(func(tx *db.Tx) error {
			_, err := directory.Restrict(tx, directory.Restriction{Pupil: c.pupil, Guardian: c.parent, NoAccess: true, Reference: "JAF 12", From: db.At(tx.Now)})
			return err
		})
		head.Get(calls).Lacks(http.StatusOK, mother)
		parent.Get(notice).Wants(http.StatusSeeOther) // she has no child any more
		h.Later(8 * 24 * time.Hour)
		h.Enter(c.head, school.Head).Get(calls).Wants(http.StatusNotFound)
	})
}

// Who was told by telephone what was corrected since is to be telephoned again.
func TestACorrectionIsTelephonedAgain(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		head := h.Enter(c.head, school.Head)
		notice := tell(head, newIn(c.school), closed("to", "families"))
		h.left()
		tick := url.Values{"person": {c.parent.String()}}
		head.Post(notice+"/calls", tick).Wants(http.StatusSeeOther)
		called := "Joint par téléphone par " + h.Who(c.head).Formal()
		head.Get(notice+"/calls").Wants(http.StatusOK, called)
		h.Later(time.Minute)
		head.Post(notice+"/amend", url.Values{"text": {"L’école rouvre à 13 h 30."}}).Wants(http.StatusSeeOther)
		h.left()
		list := head.Get(notice + "/calls")
		list.Wants(http.StatusOK, h.Who(c.parent).Name())
		list.Lacks(http.StatusOK, called)
		h.Later(time.Minute)
		head.Post(notice+"/calls", tick).Wants(http.StatusSeeOther)
		head.Get(notice+"/calls").Wants(http.StatusOK, called)
	})
}

// Who borrows the calls, and has a child there, reads no telephone of the other parent of their
// child.
func TestNobodyReadsTheTelephonesOfTheirFamily(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		h.exec(`UPDATE directory_person SET mobile_phone = '06 12 34 56 78' WHERE id = $1`, c.father)
		h.exec(`UPDATE directory_bond SET guardian_id = $1 WHERE guardian_id = $2`, c.teacher, c.parent) // the teacher is the mother
		h.Write(func(tx *db.Tx) error {
			_, err := directory.Lend(tx, directory.Grant{Person: c.teacher, School: c.school, Function: directory.LentAlerts, GrantedBy: c.head, Reason: "en formation"}, school.Head, h.DB.Now().AddDate(0, 0, 5))
			return err
		})
		head, teacher := h.Enter(c.head, school.Head), h.Enter(c.teacher, school.Teacher)
		calls := tell(head, newIn(c.school), closed("to", "families")) + "/calls"
		h.left()
		for _, path := range []string{calls, calls + ".csv"} {
			head.Get(path).Wants(http.StatusOK, "06 12 34 56 78")
			hers := teacher.Get(path)
			hers.Wants(http.StatusOK, h.Who(c.father).Name(), "Votre famille")
			hers.Lacks(http.StatusOK, "06 12 34 56 78")
		}
	})
}

// A parent of two children of a class is called once, and counted once.
func TestWhoIsCalledForTwoChildren(t *testing.T) {
	h := onSQLite(t)
	c := h.cast()
	class := h.One(`SELECT m.class_id FROM directory_membership m JOIN directory_class k ON k.id = m.class_id AND k.kind = 'class' WHERE m.person_id = $1 AND m.until_at IS NULL`, c.pupil)
	mate := h.One(`SELECT min(person_id) FROM directory_membership WHERE class_id = $1 AND role = 'pupil' AND person_id <> $2`, class, c.pupil)
	h.exec(`UPDATE directory_bond SET guardian_id = $1 WHERE pupil_id = $2 AND guardian_id = (SELECT min(guardian_id) FROM directory_bond WHERE pupil_id = $2)`, c.parent, mate)
	head := h.Enter(c.head, school.Head)
	notice := tell(head, newIn(c.school), url.Values{"kind": {"transport"}, "to": {"families"}, "text": {"Pas de car ce soir."}, "class": {class.String()}})
	calls := head.Get(notice + "/calls")
	people, _, _ := strings.Cut(calls.Main(), " que rien n’a touchées")
	people = people[strings.LastIndex(people, ">")+1:]
	calls.Wants(http.StatusOK, people+" que rien", "Sans téléphone · "+people)
	calls.Lacks(http.StatusOK, "Personne n’est prévenu")

	// Who has one is in the class of the first of the children, with both.
	h.exec(`UPDATE directory_person SET mobile_phone = '06 12 34 56 78' WHERE id = $1`, c.parent)
	calls = head.Get(notice + "/calls")
	label := h.label(c.school, class)
	calls.Wants(http.StatusOK, "Personne n’est prévenu pour l’enfant · 1 personne", label+" · 1 personne", "Sans téléphone")
	first, second := h.Who(c.pupil), h.Who(mate)
	if second.SortKey < first.SortKey {
		first, second = second, first
	}
	calls.Wants(http.StatusOK, "pour "+first.Name()+" et "+second.Name()+" · 06 12 34 56 78")
	head.Get(notice+"/calls.csv").Wants(http.StatusOK, label, first.Name()+", "+second.Name())
}
