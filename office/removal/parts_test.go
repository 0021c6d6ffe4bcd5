package removal_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/test/house"
)

// breaks has the database take no more than two parts of a case.
func (h *town) breaks() {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`CREATE TRIGGER breaks BEFORE INSERT ON removal_part WHEN NEW.part >= 2 BEGIN SELECT RAISE(ABORT, 'it breaks'); END`)
		return err
	})
}

// What is removed goes some at a time: what breaks in between leaves a case that says how far it
// is, on the home page of whoever may have it go on, whatever is taken at once by then; nothing is
// lost, and nothing is undone before.
func TestARemovalThatBreaksGoesOn(t *testing.T) {
	h := onSQLite(t)
	h.office.Portion = 1
	s := h.steal()
	before := h.stored()
	kase := s.asked(s.head)
	h.breaks()
	s.operator.Post(kase+"/agree", nil).Wants(http.StatusConflict) // as the database says it
	if is := s.outcome(); is != "removing" {
		t.Errorf("the case is %q", is)
	}
	if len(h.stored()) >= len(before) {
		t.Error("nothing is gone")
	}
	for name, v := range map[string]house.Visitor{"who asked": s.head, "who agreed": s.operator} {
		v.Get("/").Wants(http.StatusOK, kase, "Il faut le continuer")
		v.Get(kase).Wants(http.StatusOK, "étape 2 sur 5", "Continuer le retrait")
		v.Get("/removal/").Wants(http.StatusOK, "Retrait en cours")
		if got := v.Post(kase+"/undo", nil); got.StatusCode != http.StatusConflict {
			t.Errorf("%s undoes: %d", name, got.StatusCode)
		}
	}
	s.farHead.Post(kase+"/agree", nil).Wants(http.StatusNotFound)
	h.Write(func(tx *db.Tx) error { _, err := tx.Exec(`DROP TRIGGER breaks`); return err })
	h.office.Portion = 3 // a version that takes more at once is there meanwhile
	s.operator.Get(kase).Wants(http.StatusOK, "étape 2 sur 5")
	s.head.Post(kase+"/agree", nil).Wants(http.StatusSeeOther) // two agreed already
	if is := s.outcome(); is != "removed" {
		t.Errorf("the case is %q", is)
	}
	s.head.Get("/removal/").Wants(http.StatusOK, "5 envois retirés")
	s.asMother.Get(s.word).Wants(http.StatusNotFound)
	s.backs(s.operator, s.head, kase)
	if diff := cmp.Diff(before, h.stored()); diff != "" {
		t.Errorf("it did not come back as it was:\n%s", diff)
	}
}

// What two people took away, nobody puts back alone: a second one agrees, or leaves it away; what
// is kept of it stays, for justice, whatever they do.
func TestNobodyPutsBackAlone(t *testing.T) {
	onBoth(t, func(h *town) {
		s := h.steal()
		kase := s.asked(s.head)
		s.operator.Post(kase+"/restore", nil).Wants(http.StatusConflict)
		s.operator.Post(kase+"/agree", nil).Wants(http.StatusSeeOther)
		before, kept := h.stored(), h.evidence()
		s.head.Post(kase+"/restore", nil).Wants(http.StatusConflict)
		s.head.Post(kase+"/undo", nil).Wants(http.StatusSeeOther)
		s.head.Get(kase).Wants(http.StatusOK, "En attente d’une deuxième personne")
		s.head.Get("/").Lacks(http.StatusOK, kase)
		s.operator.Get("/").Wants(http.StatusOK, kase, "à remettre en place")
		s.operator.Get(kase).Wants(http.StatusOK, "Laisser retiré", "Tout revient")
		s.head.Post(kase+"/restore", nil).Wants(http.StatusForbidden)
		s.farHead.Post(kase+"/restore", nil).Wants(http.StatusNotFound)
		s.asTeacher.Post(kase+"/leave", nil).Wants(http.StatusNotFound)
		h.Name(s.thief, school.Head, s.at) // whose account it is comes to hold the right
		thief := h.Enter(s.thief, school.Head)
		thief.Get("/").Lacks(http.StatusOK, kase)
		for _, act := range []string{"/restore", "/leave", "/undo"} {
			thief.Post(kase+act, nil).Wants(http.StatusForbidden)
		}
		tired := s.operator.Tired()
		tired.Post(kase+"/restore", nil)
		if diff := cmp.Diff(before, h.stored()); diff != "" {
			t.Errorf("something is back:\n%s", diff)
		}
		operator := h.Enter(s.operator.Person, school.Operator)
		operator.Post(kase+"/leave", nil).Wants(http.StatusSeeOther)
		if is := s.outcome(); is != "removed" {
			t.Errorf("what is left away is %q", is)
		}
		operator.Post(kase+"/undo", nil).Wants(http.StatusSeeOther)
		h.Enter(h.Head(s.at), school.Head).Post(kase+"/restore", nil).Wants(http.StatusSeeOther)
		if is := s.outcome(); is != "restored" {
			t.Errorf("what is put back is %q", is)
		}
		if now := h.evidence(); now != kept {
			t.Errorf("%d bytes are kept of %d", now, kept)
		}
		acts := h.Acts(s.thief)
		for _, act := range []string{"removal.ask-restore", "removal.leave-removed", "removal.restore-sent"} {
			if !slices.Contains(acts, act) {
				t.Errorf("the journal does not say %s: %v", act, acts)
			}
		}
	})
}

// What a stolen account took back before anybody read it is found too, whether anything is left of
// its conversation: what it said, to whom, with what it carried.
func TestWhatWasTakenBackIsFound(t *testing.T) {
	onBoth(t, func(h *town) {
		s := h.settled()
		desk := "/message/new/class/" + s.class.String()
		mother := s.mother.String() + "-" + s.pupil.String()
		whole := s.sends(desk, url.Values{"subject": {"Votre banque"}, "body": {"Donnez votre code."}, "person": {mother}}, shot(h.T, 50))
		talk := s.sends(desk, url.Values{"subject": {"Bonjour"}, "body": {"Un mot."}, "person": {mother}})
		h.Later(time.Minute)
		s.asMother.Get(talk).Wants(http.StatusOK, "Un mot.")
		s.sends(talk, url.Values{"body": {"Virez vite cent euros."}})
		h.Later(time.Minute)
		for _, path := range []string{whole, talk} {
			draft := s.asTeacher.Post(path+"/recall", nil).Header.Get("Location")
			s.asTeacher.Post(draft+"/drop", nil).Wants(http.StatusSeeOther)
		}
		s.asMother.Get(whole).Wants(http.StatusNotFound)
		s.asMother.Get(talk).Lacks(http.StatusOK, "cent euros")
		page := s.head.Get(s.path())
		page.Wants(http.StatusOK, "Ce que ce compte a repris avant qu’on le lise (2)", "Votre banque", "Donnez votre code.", "Virez vite cent euros.", h.Who(s.mother).Name(), "1 photo", "repris")
		page.Lacks(http.StatusOK, h.Who(s.mother).Formal()+", "+h.Who(s.thief).Formal(), h.Who(s.thief).Formal()+", "+h.Who(s.mother).Formal())
		if got := found(page); len(got) != 1 {
			t.Errorf("%d things may be removed", len(got))
		}
		s.head.Get(s.path()+"?words=banque").Wants(http.StatusOK, "Votre banque")
		s.head.Get(s.path()+"?words=banque").Lacks(http.StatusOK, "cent euros")
		if n := sweep(h); n != 0 {
			t.Errorf("%d files of what was taken back were swept", n)
		}
		if n := h.One(`SELECT count(*) FROM audit_entry WHERE action = 'message.recall' AND subject_id = $1`, s.thief); n != 2 {
			t.Errorf("%d are in the journal", n)
		}
	})
}

// What is put back of an account that is shut, and was to leave later, does not leave.
func TestWhatIsPutBackDoesNotLeave(t *testing.T) {
	onBoth(t, func(h *town) {
		s := h.settled()
		talk := s.sends("/message/new/class/"+s.class.String(), url.Values{
			"subject": {"Votre banque"}, "body": {"Donnez votre code."}, "person": {s.mother.String() + "-" + s.pupil.String()}, "day": {"2026-10-09"},
		})
		kase := s.asked(s.head)
		s.operator.Post(kase+"/agree", nil).Wants(http.StatusSeeOther)
		h.Write(func(tx *db.Tx) error { return h.Accounts.Disable(tx, s.thief, audit.By{}) })
		s.backs(s.head, s.operator, kase)
		h.Later(10 * 24 * time.Hour)
		h.Enter(s.mother, school.Guardian).Get(talk).Wants(http.StatusNotFound)
		if n := h.One(`SELECT count(*) FROM message_thread WHERE kept_at IS NOT NULL`); n != 1 {
			t.Errorf("%d are kept back", n)
		}
	})
}
