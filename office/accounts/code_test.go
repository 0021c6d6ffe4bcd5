package accounts_test

import (
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
	"preau/test/village"
)

var codePattern = regexp.MustCompile(`[2-9B-Z]{4}-[2-9B-Z]{4}-[2-9B-Z]{4}`)

// A code is shown once, works once, and replaces the one before.
func TestACodeIsHandedOut(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		class, teacher := h.Classes(at)[0].ID, h.Teachers(at)[0]
		h.Attach(class, teacher)
		pupil := h.Pupils(class)[0]
		v := h.Enter(teacher, school.Teacher)
		list, path := "/accounts/class/"+class.String(), "/accounts/class/"+class.String()+"/person/"+pupil.ID.String()+"/code"

		v.Get(list).Wants(http.StatusOK, pupil.Usual, "Donner un code")
		v.Get(path).Wants(http.StatusOK, "Un code pour "+pupil.Name(), "Remettre un code")
		first := v.Post(path, nil)
		first.Wants(http.StatusOK, "affiché qu’une fois", h.URL+"/activate", `class="square" role="img" aria-label="Carré`)
		if cache := first.Header.Get("Cache-Control"); cache != "no-store" {
			h.T.Errorf("a page with a code is kept: %s", cache)
		}
		h.tick()
		// The page sent again, or the form of a list that was left open: what
		// was printed still works.
		asked := func(form url.Values) house.Reply {
			h.T.Helper()
			led := v.Post(path, form)
			led.Wants(http.StatusSeeOther)
			if to := led.Header.Get("Location"); to != path {
				h.T.Errorf("led to %s, not to the question", to)
			}
			return v.Get(path)
		}
		again := asked(nil)
		again.Wants(http.StatusOK, "Un code a déjà été fait aujourd’hui à ", "Remettre un nouveau code")
		if codePattern.MatchString(again.Body) {
			h.T.Error("a page sent again made a code")
		}
		v.Get(list).Wants(http.StatusOK, "Code remis aujourd’hui à ")
		h.tick()
		second := v.Post(path, again.Hidden("ask"))
		second.Wants(http.StatusOK, "affiché qu’une fois")
		asked(again.Hidden("ask")).Wants(http.StatusOK, "Un code a déjà été fait")
		login := h.Login(pupil.ID)
		if !strings.Contains(second.Body, login) {
			h.T.Errorf("the login %s is not on the slip", login)
		}
		from := account.Origin{IP: netip.MustParseAddr("192.0.2.9")}
		if _, err := h.Accounts.Activate(h.T.Context(), login, codePattern.FindString(first.Body), house.Password, from); err == nil {
			h.T.Error("a code that was replaced still works")
		}
		if _, err := h.Accounts.Activate(h.T.Context(), login, codePattern.FindString(second.Body), house.Password, from); err != nil {
			h.T.Errorf("the code does not work: %v", err)
		}
		if codePattern.MatchString(v.Get(list).Body) {
			h.T.Error("a code is shown again")
		}
		v.Get(list).Wants(http.StatusOK, "Activé", "Nouveau code")

		// The account is activated: one is asked, then may.
		question := asked(nil)
		question.Wants(http.StatusOK, "déjà activé", `name="confirm" value="reset"`)
		if codePattern.MatchString(question.Body) {
			h.T.Error("a code was made without asking")
		}
		asked(url.Values{"confirm": {"reset"}}).Wants(http.StatusOK, "déjà activé")
		v.Post(path, question.Hidden("ask")).Wants(http.StatusOK, "affiché qu’une fois")
		acts := h.Acts(pupil.ID)
		if want := []string{"account.look", "account.code", "account.code", "account.activate", "account.code"}; !slices.Equal(acts, want) {
			h.T.Errorf("the journal says %v, want %v", acts, want)
		}
	})
}

// A code opens all that its person holds: a head makes none for an office
// above their own, nor for themselves, nor for whoever has no account.
func TestWhoGetsNoCode(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	v := h.Enter(h.Head(at), school.Head)
	staff := func(person school.ID) string {
		return "/accounts/school/" + at.String() + "/staff/" + person.String() + "/code"
	}
	teachers := h.Teachers(at)
	elsewhere := pick(t, h.far, func(id school.ID) bool { return id != at })
	academy := h.academy()
	inspector, replacement, closed := teachers[0], teachers[1], teachers[2]
	h.Name(inspector, school.Pilot, academy)
	h.Name(replacement, school.Teacher, elsewhere)
	h.Write(func(tx *db.Tx) error { return h.Accounts.Disable(tx, closed, audit.By{Actor: 1, Request: "test"}) })
	second := h.Appoint("adjointe", school.Head, at)
	both := h.Appoint("directrice", school.Head, at)
	h.Name(both, school.Head, elsewhere)

	for _, c := range []struct {
		who    string
		person school.ID
		status int
		text   string
	}{
		{"themselves", v.Person, http.StatusForbidden, "On ne se donne pas de code"},
		{"an inspector", inspector, http.StatusForbidden, "Ce code ne peut pas être donné ici"},
		{"the head of another school", both, http.StatusForbidden, "Ce code ne peut pas être donné ici"},
		{"who was disabled", closed, http.StatusConflict, "Ce compte a été fermé"},
		{"a replacement teacher", replacement, http.StatusOK, "affiché qu’une fois"},
		{"the other head of the school", second, http.StatusOK, "affiché qu’une fois"},
	} {
		t.Run(c.who, func(t *testing.T) {
			v := v.In(t)
			got := v.Post(staff(c.person), url.Values{"confirm": {"reset"}})
			got.Wants(c.status, c.text)
			if made := codePattern.MatchString(got.Body); made != (c.status == http.StatusOK) {
				t.Errorf("a code was made: %v", made)
			}
			if c.status != http.StatusOK {
				v.Get(staff(c.person)).Wants(c.status, c.text)
			}
		})
	}
}

// A parent of the school who works elsewhere gets no code from it: it would
// open what they hold there. One who works here too may.
func TestAParentWhoWorksElsewhereGetsNoCode(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	class := h.Classes(at)[0].ID
	guardian := h.One(`SELECT b.guardian_id FROM directory_bond b JOIN directory_membership m ON m.person_id = b.pupil_id
		JOIN directory_person p ON p.id = b.guardian_id
		WHERE m.class_id = $1 AND NOT p.organisation AND b.until_at IS NULL ORDER BY 1 LIMIT 1`, class)
	elsewhere := pick(t, h.far, func(id school.ID) bool { return id != at })
	v := h.Enter(h.Head(at), school.Head)
	path := "/accounts/class/" + class.String() + "/person/" + guardian.String() + "/code"

	h.Name(guardian, school.Teacher, elsewhere)
	for _, got := range []house.Reply{v.Get(path), v.Post(path, nil)} {
		got.Wants(http.StatusForbidden, "Ce code ne peut pas être donné ici")
		if codePattern.MatchString(got.Body) {
			t.Error("a code was made")
		}
	}
	if h.One(`SELECT count(*) FROM account_code WHERE person_id = $1`, guardian) != 0 {
		t.Error("a code was made")
	}
	h.Name(guardian, school.Staff, at)
	v.Post(path, nil).Wants(http.StatusOK, "affiché qu’une fois")
}

// A guardian whom a judge keeps from a pupil gets nothing through that pupil.
func TestABarredGuardianIsNowhere(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	class := h.Classes(at)[0].ID
	guardian := h.One(`SELECT b.guardian_id FROM directory_bond b JOIN directory_membership m ON m.person_id = b.pupil_id
		JOIN directory_person p ON p.id = b.guardian_id
		WHERE m.class_id = $1 AND NOT p.organisation AND b.until_at IS NULL
			AND (SELECT count(*) FROM directory_bond o WHERE o.guardian_id = b.guardian_id) = 1 ORDER BY 1 LIMIT 1`, class)
	pupil := h.One(`SELECT pupil_id FROM directory_bond WHERE guardian_id = $1`, guardian)
	v := h.Enter(h.Head(at), school.Head)
	path := "/accounts/class/" + class.String() + "/person/" + guardian.String() + "/code"
	list := "/accounts/class/" + class.String()
	v.Get(path).Wants(http.StatusOK)
	if !strings.Contains(v.Get(list).Body, guardian.String()) {
		t.Fatal("the guardian is not on the page")
	}
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO directory_restriction (id, pupil_id, guardian_id, may_not_sign, informed_only, hide_place,
			no_access, reference, from_at, recorded_by, recorded_at) VALUES (1, $1, $2, TRUE, TRUE, TRUE, TRUE, '', 0, 0, 0)`, pupil, guardian)
		return err
	})
	v.Get(path).Wants(http.StatusNotFound)
	v.Post(path, nil).Wants(http.StatusNotFound)
	if strings.Contains(v.Get(list).Body, guardian.String()) {
		t.Error("the guardian is still on the page")
	}
}

// A teacher sees pupils, a head their guardians too, and neither how to
// reach anybody.
func TestNobodysContactsAreShown(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	class, teacher := h.Classes(at)[0].ID, h.Teachers(at)[0]
	h.Attach(class, teacher)
	contacts, guardians := map[string]bool{}, map[string]bool{}
	h.Read(func(tx *db.Tx) error {
		return tx.Each(func(row db.Row) error {
			var id school.ID
			var fields [5]string
			err := row.Scan(&id, &fields[0], &fields[1], &fields[2], &fields[3], &fields[4])
			guardians[id.String()] = true
			for _, field := range fields {
				if field != "" {
					contacts[field] = true
				}
			}
			return err
		}, `SELECT DISTINCT p.id, p.mail, p.home_phone, p.mobile_phone, p.address, p.birth_date FROM directory_person p
			JOIN directory_bond b ON b.guardian_id = p.id JOIN directory_membership m ON m.person_id = b.pupil_id
			WHERE m.class_id = $1`, class)
	})
	if len(contacts) < 10 || len(guardians) < 10 {
		t.Fatalf("the class has %d contacts of %d guardians", len(contacts), len(guardians))
	}
	asTeacher, asHead := h.Enter(teacher, school.Teacher), h.Enter(h.Head(at), school.Head)
	shown := 0
	for _, path := range []string{"/register/class/" + class.String(), "/accounts/class/" + class.String()} {
		for name, v := range map[string]house.Visitor{"teacher": asTeacher, "head": asHead} {
			body := v.Get(path).Body
			for contact := range contacts {
				if strings.Contains(body, contact) {
					t.Errorf("%s shows %q to a %s", path, contact, name)
				}
			}
			for guardian := range guardians {
				if strings.Contains(body, guardian) {
					shown++
					if name == "teacher" {
						t.Errorf("%s shows a guardian to a teacher", path)
					}
				}
			}
		}
	}
	if shown == 0 {
		t.Error("a head does not see guardians")
	}
}

// A code that the head of one school made opens no other one: not after a
// merge with somebody of another school, nor when its holder is appointed
// there before using it.
func TestACodeOpensNoOtherSchool(t *testing.T) {
	onBoth(t, func(h *office) {
		ours, theirs := h.near[0], h.far[0]
		head := h.Enter(h.Head(ours), school.Head)
		slip := func(person school.ID) string {
			page := head.Post("/accounts/structure/"+ours.String()+"/person/"+person.String()+"/code", nil)
			page.Wants(http.StatusOK, "affiché qu’une fois")
			return codePattern.FindString(page.Body)
		}
		activate := func(person school.ID, code string) error {
			_, err := h.Accounts.Activate(h.T.Context(), h.Login(person), code, house.Password, house.From)
			return err
		}
		one := h.Appoint("claude", school.Admin, ours)
		other := h.Appoint("camille", school.Admin, theirs)
		before := slip(one)
		operator := h.Enter(h.Operator(), school.Operator)
		pair := "/register/duplicate/" + one.String() + "/" + other.String()
		question := operator.Get(pair)
		question.Wants(http.StatusOK)
		operator.Post(pair+"/merge", question.Hidden("merge")).Wants(http.StatusSeeOther)
		kept := h.One(`SELECT id FROM directory_person WHERE id IN ($1, $2)`, one, other)
		if err := activate(kept, before); !fail.Is(err, fail.Invalid) {
			h.T.Errorf("a code of before the merge: %v", err)
		}

		named := h.Appoint("dominique", school.Admin, ours)
		before = slip(named)
		h.Name(named, school.Admin, theirs)
		if err := activate(named, before); !fail.Is(err, fail.Invalid) {
			h.T.Errorf("a code of before another school: %v", err)
		}
		h.Write(func(tx *db.Tx) error { return directory.Dismiss(tx, named, theirs, village.PostOf(school.Admin)) })
		h.tick()
		if err := activate(named, before); err != nil {
			h.T.Errorf("a code of somebody who is what they were: %v", err)
		}
	})
}

// A slip says what its place is, and leads back where it was asked for.
func TestASlipSaysWhatItsPlaceIs(t *testing.T) {
	h := onSQLite(t)
	operator := h.Enter(h.Operator(), school.Operator)
	academy := h.academy()
	pilot := h.Appoint("dsi", school.Pilot, academy)
	page := operator.Post("/accounts/structure/"+academy.String()+"/person/"+pilot.String()+"/code", nil)
	page.Wants(http.StatusOK, "Académie", "Revenir à sa page")
	if strings.Contains(page.Body, "<dt>École</dt>") || strings.Contains(page.Body, "Revenir à la liste") {
		t.Error("the slip of an académie is one of a school")
	}
}
