package register_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/browser"
)

func interimPage(at school.ID) string { return "/register/school/" + at.String() + "/interim" }

// vacate takes the head of a school away, as a delivery does that names none
// any more, and gives who headed it.
func (h *office) vacate(at school.ID) (head school.ID) {
	h.T.Helper()
	head = h.Head(at)
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE directory_function SET until_at = $3 WHERE structure_id = $1 AND profile = $2`, at, school.Head, db.At(tx.Now))
		if err == nil { // the next delivery compares who works there again
			_, err = tx.Exec(`UPDATE directory_key SET hash = 0 WHERE subject_id IN (SELECT person_id FROM directory_function WHERE structure_id = $1)`, at)
		}
		return err
	})
	h.tick()
	return head
}

// halves are two who may give an interim to a school: an agent of its commune,
// and a pilot of its circonscription.
func (h *office) halves(at school.ID) (town, pilot visitor) {
	h.T.Helper()
	circonscription := h.Above(at, directory.Circonscription)
	return h.enter(h.Appoint("mairie", school.Municipal, h.commune(at)), school.Municipal),
		h.enter(h.Appoint("ien", school.Pilot, circonscription, func(a *directory.Appointment) { a.Usual = "Inspection" }), school.Pilot)
}

func proposed(who directory.Someone) url.Values {
	return url.Values{"civility": {who.Civility}, "first": {who.First}, "name": {who.Usual}, "reason": {"poste vacant"}}
}

var stranger = directory.Someone{Civility: "Mme", First: "Nadège", Usual: "LAMBERT"}

// confirming is the form of the proposal that waits.
func (h *office) confirming(at school.ID) url.Values {
	h.T.Helper()
	return url.Values{"proposed": {h.One(`SELECT coalesce(max(proposed_at), 0) FROM directory_interim WHERE school_id = $1`, at).String()}}
}

// acting is who heads a school for a time, 0 for nobody.
func (h *office) acting(at school.ID) school.ID {
	h.T.Helper()
	return h.One(`SELECT coalesce(max(person_id), 0) FROM directory_function WHERE structure_id = $1 AND code = 'acting-head' AND until_at > $2`,
		at, db.At(h.DB.Now()))
}

func TestNobodyGivesAnInterimAlone(t *testing.T) {
	onBoth(t, func(h *office) {
		at, elsewhere := h.near[0], h.far[0]
		page, teacher := interimPage(at), h.Teachers(at)[0]
		town, pilot := h.halves(at)
		operator := h.enter(h.Operator(), school.Operator)

		town.Get(page).Wants(http.StatusOK, "Cette école a une direction")
		town.Post(page, proposed(stranger)).Wants(http.StatusConflict)
		h.vacate(at)
		for name, v := range map[string]visitor{
			"an agent of another commune": h.enter(h.Appoint("ailleurs", school.Municipal, h.commune(elsewhere)), school.Municipal),
			"a head of another commune":   h.enter(h.Head(elsewhere), school.Head),
			"a teacher":                   h.enter(teacher, school.Teacher),
			"a parent": h.enter(h.One(`SELECT min(b.guardian_id) FROM directory_bond b JOIN directory_enrolment e ON e.person_id = b.pupil_id
				JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation WHERE e.school_id = $1 AND b.until_at IS NULL`, at), school.Guardian),
			"an agent of one activity": h.enter(h.Appoint("agent", school.CareAgent, at), school.CareAgent),
		} {
			for _, step := range []string{"", "/confirm", "/withdraw", "/end", "/mail", "/letter"} {
				if got := v.Post(page+step, proposed(stranger)); got.StatusCode != http.StatusNotFound {
					t.Errorf("%s: POST %s answers %d", name, step, got.StatusCode)
				}
			}
			if got := v.Get(page); got.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d", name, got.StatusCode)
			}
		}

		town.Get(page).Wants(http.StatusOK, "n’a pas de directrice ou de directeur dans l’annuaire", "Nommer une direction par intérim")
		for name, change := range map[string]func(url.Values){
			"no reason":             func(f url.Values) { f.Set("reason", " ") },
			"no first name":         func(f url.Values) { f.Set("first", "") },
			"themself":              func(f url.Values) { f.Set("first", "mairie"); f.Set("name", "Essai") },
			"over before it begins": func(f url.Values) { f.Set("from", "2026-10-20"); f.Set("until", "2026-10-19") },
			"beyond the year":       func(f url.Values) { f.Set("until", "2027-08-01") },
			"in a year":             func(f url.Values) { f.Set("from", "2027-09-01") },
		} {
			form := proposed(stranger)
			change(form)
			if got := town.Post(page, form); got.StatusCode != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d", name, got.StatusCode)
			}
		}
		if n := h.One(`SELECT count(*) FROM directory_interim`); n != 0 {
			t.Fatalf("%d proposals", n)
		}

		// The ways of one person do not give it.
		operator.Post("/register/structure/"+at.String()+"/appoint", post(directory.ActingHead, "SEULE")).Wants(http.StatusUnprocessableEntity)
		town.Post("/register/structure/"+at.String()+"/appoint", post(directory.ActingHead, "SEULE")).Wants(http.StatusNotFound)

		town.Post(page, proposed(stranger)).Wants(http.StatusSeeOther)
		pilot.Post(page, proposed(stranger)).Wants(http.StatusConflict)
		town.Get(page).Lacks(http.StatusOK, "Confirmer l’intérim")
		town.Post(page+"/confirm", h.confirming(at)).Wants(http.StatusForbidden)
		twin := h.enter(h.Appoint("nadege", school.Municipal, h.commune(at), func(a *directory.Appointment) { a.First, a.Usual = "Nadège", "Lambert" }), school.Municipal)
		twin.Post(page+"/confirm", h.confirming(at)).Wants(http.StatusForbidden)
		// Nor does who makes a second agent, or two.
		team := "/register/structure/" + h.commune(at).String()
		for _, name := range []string{"PREMIER", "SECOND"} {
			agent := post("municipal", name)
			agent.Set("first", "Dominique")
			town.Post(team+"/appoint", agent).Wants(http.StatusSeeOther)
		}
		first, second := h.enter(h.appointed("PREMIER"), school.Municipal), h.enter(h.appointed("SECOND"), school.Municipal)
		second.Get(page).Lacks(http.StatusOK, "Confirmer l’intérim")
		second.Post(page+"/confirm", h.confirming(at)).Wants(http.StatusForbidden)
		town.Post(page+"/withdraw", nil).Wants(http.StatusSeeOther)
		first.Post(page, proposed(stranger)).Wants(http.StatusSeeOther)
		second.Post(page+"/confirm", h.confirming(at)).Wants(http.StatusForbidden)
		town.Post(page+"/confirm", h.confirming(at)).Wants(http.StatusForbidden)
		pilot.Get(page).Wants(http.StatusOK, "Confirmer l’intérim")
		second.Post(page+"/withdraw", nil).Wants(http.StatusSeeOther)
		town.Post(page, proposed(stranger)).Wants(http.StatusSeeOther)
		pilot.Post(page+"/confirm", url.Values{"proposed": {"7"}}).Wants(http.StatusConflict)
		for _, step := range []string{"/mail", "/letter"} { // there is no acting head yet
			pilot.Post(page+step, nil).Wants(http.StatusNotFound)
		}

		// It lapses: with time, or with the post of whoever proposed it.
		form := h.confirming(at)
		h.Write(func(tx *db.Tx) error {
			return directory.Dismiss(tx, town.Person, h.commune(at), "municipal")
		})
		pilot.Post(page+"/confirm", form).Wants(http.StatusNotFound)
		pilot.Post(page, proposed(stranger)).Wants(http.StatusSeeOther)
		h.Later(directory.InterimWaits)
		operator = h.reopen(operator.Person)
		operator.Post(page+"/confirm", h.confirming(at)).Wants(http.StatusNotFound)
		if who := h.acting(at); who != 0 {
			t.Errorf("%s heads the school", who)
		}
		operator.Post(page, proposed(stranger)).Wants(http.StatusSeeOther)
		operator.Post(page+"/withdraw", nil).Wants(http.StatusSeeOther)
		operator.Post(page+"/withdraw", nil).Wants(http.StatusNotFound)
	})
}

// Two people give a school a head for a time: it opens the school to the one,
// and nothing to the two.
func TestTwoPeopleGiveAnInterim(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		page, class := interimPage(at), h.Classes(at)[0]
		teacher := h.Teachers(at)[0]
		pupil := h.Pupils(class.ID)[0]
		town, pilot := h.halves(at)
		h.vacate(at)

		form := proposed(h.Who(teacher))
		form.Set("until", "2026-12-18")
		town.Post(page, form).Wants(http.StatusSeeOther)
		pilot.Get("/register/interims").Wants(http.StatusOK, "À confirmer par vous", h.Who(teacher).Name())
		pilot.Get(page).Wants(http.StatusOK, "son compte reste le même", "Confirmer l’intérim")
		pilot.Post(page+"/confirm", h.confirming(at)).Wants(http.StatusSeeOther)
		other := h.near[1] // which nobody heads: it comes first, whatever its name
		h.vacate(other)
		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE directory_structure SET name_key = '' WHERE id = $1`, at)
			return err
		})
		list := pilot.Get("/register/interims").Body
		if first, second := strings.Index(list, interimPage(other)), strings.Index(list, interimPage(at)); first < 0 || second < first {
			t.Errorf("the school that nobody heads is at %d of the list, the other at %d", first, second)
		}
		if acts, want := h.Acts(teacher), []string{"register.confirm-interim"}; !slices.Equal(acts, want) {
			t.Errorf("the journal has %v", acts)
		}
		given := h.Some(`SELECT granted_by FROM directory_function WHERE person_id = $1 AND code = 'acting-head'
			UNION ALL SELECT confirmed_by FROM directory_function WHERE person_id = $1 AND code = 'acting-head'`, teacher)
		if !slices.Equal(given, []school.ID{town.Person, pilot.Person}) {
			t.Errorf("given by %v", given)
		}

		// The first key: to whoever never came in, and to nobody else.
		if letter := town.Post(page+"/letter", nil); letter.StatusCode != http.StatusOK || letter.Header.Get("Content-Type") != "application/pdf" {
			t.Fatalf("the letter: %d", letter.StatusCode)
		}
		asHead := h.enter(teacher, school.Head)
		for _, step := range []string{"/letter", "/mail"} { // an account that is open is not opened to another
			town.Post(page+step, nil).Wants(http.StatusConflict)
		}
		asHead.Get("/register/school/"+at.String()).Wants(http.StatusOK, h.Structure(at).Name)
		asHead.Get("/register/class/"+class.ID.String()).Wants(http.StatusOK, pupil.Usual)
		asHead.Get("/register/structure/"+at.String()+"/team").Wants(http.StatusOK, "Direction par intérim")

		for _, v := range []visitor{town, pilot} {
			for _, path := range []string{
				"/register/class/" + class.ID.String(), "/register/school/" + at.String(), "/register/school/" + at.String() + "/pupil/" + pupil.ID.String(),
				"/register/school/" + at.String() + "/teachers", "/register/structure/" + at.String() + "/team/" + teacher.String(),
			} {
				if got := v.Get(path); got.StatusCode != http.StatusNotFound {
					t.Errorf("who gave the interim: %s answers %d", path, got.StatusCode)
				}
			}
			if got := v.Get(page); strings.Contains(got.Text(), pupil.Usual) {
				t.Error("the page of the interim names a pupil")
			}
		}

		h.at(time.Date(2026, time.December, 19, 8, 0, 0, 0, school.Paris))
		if got := h.reopen(teacher).Get("/register/school/" + at.String()); got.StatusCode != http.StatusNotFound {
			t.Errorf("after its end: %d", got.StatusCode)
		}
		h.reopen(town.Person).Get(page).Wants(http.StatusOK, "n’a pas de directrice ou de directeur")
	})
}

// An acting head lends until the end of the interim, and no longer.
func TestAnActingHeadLendsUntilTheEnd(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		town, pilot := h.halves(at)
		h.vacate(at)
		acting, friend := h.Teachers(at)[0], h.Teachers(at)[1]
		form := proposed(h.Who(acting))
		form.Set("until", h.DB.Now().In(school.Paris).AddDate(0, 0, 8).Format(time.DateOnly))
		town.Post(interimPage(at), form).Wants(http.StatusSeeOther)
		pilot.Post(interimPage(at)+"/confirm", h.confirming(at)).Wants(http.StatusSeeOther)
		lent, v := "/register/structure/"+at.String()+"/lent", h.enter(acting, school.Head)
		loan := url.Values{"person": {friend.String()}, "function": {"feeds"}, "reason": {"décharge"}, "until": {"2028-06-30"}}
		v.Post(lent, loan).Wants(http.StatusUnprocessableEntity)
		loan.Set("until", h.DB.Now().In(school.Paris).AddDate(0, 0, 9).Format(time.DateOnly))
		v.Post(lent, loan).Wants(http.StatusUnprocessableEntity, "au-delà de la vôtre")
		late := loan["until"]
		loan.Del("until")
		v.Post(lent, loan).Wants(http.StatusSeeOther)
		// So does what they give to help in, or to follow.
		page := "/register/structure/" + at.String() + "/team/" + h.Appoint("atsem", school.Staff, at).String()
		give := url.Values{"to": {h.Classes(at)[0].ID.String()}, "reason": {"PS"}, "until": late}
		v.Post(page+"/grant", give).Wants(http.StatusUnprocessableEntity, "au-delà de la vôtre")
		give.Del("until")
		v.Post(page+"/grant", give).Wants(http.StatusSeeOther)
		if n := h.One(`SELECT count(*) FROM directory_grant g WHERE function = '' AND until_at > (
			SELECT until_at FROM directory_function f WHERE f.person_id = $1 AND f.code = 'acting-head')`, acting); n != 0 {
			h.T.Error("a class is given beyond the interim")
		}
		desk, borrower := "/register/school/"+at.String(), h.enter(friend, school.Teacher)
		borrower.Get(desk).Wants(http.StatusOK)
		h.Later(9 * 24 * time.Hour)
		h.reopen(friend).Get(desk).Wants(http.StatusNotFound)
	})
}

// Each of the two proves again who they are, and nothing is done before.
func TestAnInterimAsksForTheSecondFactor(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	town, pilot := h.halves(at)
	h.vacate(at)
	second, seconds := pilot.Protect()
	protected, secret := town.Protect()
	tired := visitor{protected.Tired()}
	tired.Post(interimPage(at), proposed(stranger))
	if n := h.One(`SELECT count(*) FROM directory_interim`); n != 0 {
		t.Fatal("it is proposed with an old proof")
	}
	visitor{tired.Prove(secret)}.Post(interimPage(at), proposed(stranger)).Wants(http.StatusSeeOther)
	tired = visitor{second.Tired()}
	tired.Post(interimPage(at)+"/confirm", h.confirming(at))
	if h.acting(at) != 0 {
		t.Fatal("it is confirmed with an old proof")
	}
	visitor{tired.Prove(seconds)}.Post(interimPage(at)+"/confirm", h.confirming(at)).Wants(http.StatusSeeOther)
	if h.acting(at) == 0 {
		t.Error("it is not confirmed")
	}
}

// What is proposed for several schools is read together, and judged each by itself.
func TestSeveralProposalsAreJudgedEach(t *testing.T) {
	onBoth(t, func(h *office) {
		at, other := h.near[0], h.near[1]
		town, pilot := h.halves(at)
		h.vacate(at)
		h.vacate(other)
		town.Post(interimPage(at), proposed(stranger)).Wants(http.StatusSeeOther)
		pilot.Post(interimPage(other), proposed(directory.Someone{Civility: "M.", First: "Hugo", Usual: "PETITJEAN"})).Wants(http.StatusSeeOther)
		for name, v := range map[string]visitor{"town": town, "pilot": pilot} {
			list := v.Get("/register/interims")
			list.Wants(http.StatusOK, "LAMBERT", "PETITJEAN")
			if n := strings.Count(list.Text(), "À confirmer par vous"); n != 1 {
				h.T.Errorf("%s: %d to confirm", name, n)
			}
		}
		town.Post(interimPage(at)+"/confirm", h.confirming(at)).Wants(http.StatusForbidden)
		town.Post(interimPage(other)+"/confirm", h.confirming(other)).Wants(http.StatusSeeOther)
		pilot.Post(interimPage(at)+"/confirm", h.confirming(at)).Wants(http.StatusSeeOther)
	})
}

// Who proposes somebody known does not write their address.
func TestAnInterimGivesNobodyAnAddress(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	town, pilot := h.halves(at)
	h.vacate(at)
	secretary := h.Appoint("secretaire", school.Admin, at)
	h.Address(secretary, "secretaire@exemple.fr")
	form := proposed(h.Who(secretary))
	form.Set("mail", "intrus@exemple.fr")
	town.Post(interimPage(at), form).Wants(http.StatusSeeOther)
	pilot.Post(interimPage(at)+"/confirm", h.confirming(at)).Wants(http.StatusSeeOther)
	if h.acting(at) != secretary || h.One(`SELECT count(*) FROM directory_person WHERE id = $1 AND mail = 'secretaire@exemple.fr'`, secretary) != 1 {
		t.Error("the secretary has another address, or is not the acting head")
	}
}

// An interim ends when the school has a head, and comes back with the delivery
// that is undone.
func TestAnInterimEndsWithAHead(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		page := interimPage(at)
		town, pilot := h.halves(at)
		head := h.vacate(at)
		give := func() school.ID {
			form := proposed(stranger)
			form.Set("until", h.DB.Now().AddDate(0, 1, 0).Format(time.DateOnly))
			town.Post(page, form).Wants(http.StatusSeeOther)
			pilot.Post(page+"/confirm", h.confirming(at)).Wants(http.StatusSeeOther)
			h.tick()
			town.Post(page+"/letter", nil).Wants(http.StatusOK)
			return h.acting(at)
		}
		acting := give()
		h.Write(func(tx *db.Tx) error {
			_, err := h.Accounts.HangPoster(tx, h.Classes(at)[0].ID, at, audit.By{Actor: acting, Profile: school.Head})
			return err
		})
		fed := h.later(1)
		if h.acting(at) != 0 || h.Head(at) == 0 {
			t.Fatal("the delivery names a head, and the interim goes on")
		}
		if acts := h.Acts(acting); !slices.Contains(acts, "feed.end-interim") {
			t.Errorf("the journal has %v", acts)
		}
		if n := h.One(`SELECT count(*) FROM account_class_door WHERE made_by = $1`, acting); n != 0 {
			t.Errorf("%d posters outlive the interim that a delivery ended", n)
		}
		if n := h.One(`SELECT count(*) FROM account_code WHERE person_id = $1`, acting); n != 0 {
			t.Errorf("%d first keys outlive it", n)
		}
		town.Get(page).Wants(http.StatusOK, "Cette école a une direction", h.Who(head).Name())
		h.tick()
		if err := h.Feeder.Undo(h.T.Context(), fed.ID); err != nil {
			t.Fatal(err)
		}
		if h.acting(at) != acting {
			t.Error("undoing the delivery does not give the interim back")
		}

		// By hand too.
		operator := h.enter(h.Operator(), school.Operator)
		operator.Post("/register/structure/"+at.String()+"/appoint", post("head", "DURAND")).Wants(http.StatusSeeOther)
		if h.acting(at) != 0 {
			t.Error("a head is named by hand, and the interim goes on")
		}
		if acts := h.Acts(acting); !slices.Contains(acts, "register.end-interim") {
			t.Errorf("the journal has %v", acts)
		}
	})
}

// The pages of an interim are right at each of its steps.
func TestInterimScreens(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	at, other := h.near[0], h.far[0]
	town, pilot := h.halves(at)
	show := func(name string, v visitor, path string) {
		for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}} {
			p := v.Page(view)
			p.Goto(h.URL + path)
			p.Check()
			p.Shot("register-" + name)
		}
	}
	show("interim-headed", town, interimPage(at))
	h.vacate(at)
	h.vacate(other)
	operator := h.enter(h.Operator(), school.Operator)
	show("interim-vacant", town, interimPage(at))
	town.Post(interimPage(at), proposed(stranger)).Wants(http.StatusSeeOther)
	show("interim-proposer", town, interimPage(at))
	show("interim-confirm", pilot, interimPage(at))
	show("interims", operator, "/register/interims")
	pilot.Post(interimPage(at)+"/confirm", h.confirming(at)).Wants(http.StatusSeeOther)
	h.Sends()
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE directory_structure SET mail = 'ce.0961234x@ac-orvalmont.test' WHERE id = $1`, at)
		return err
	})
	show("interim-acting", town, interimPage(at))
	show("interim-team", operator, "/register/structure/"+at.String()+"/team")
}
