package register_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"preau/account"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
)

// What a head may not do, tried as somebody who wants to.
func TestWhomAHeadDoesNotMerge(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	headOf := h.Head(at)
	head := h.enter(headOf, school.Head)
	operator := h.enter(h.Operator(), school.Operator)
	class := h.Classes(at)[0].ID
	pupils := h.Pupils(class)
	// pupil types a pupil in again, with another INE or birth date.
	pupil := func(of school.ID, change func(*directory.Person)) (again school.ID) {
		h.Write(func(tx *db.Tx) error {
			row, err := directory.Persons.One(tx, "id = $1", of)
			if err != nil {
				return err
			}
			row.ID, row.Said = school.NewID(tx.Now), directory.Said{}
			change(&row)
			again = row.ID
			if err := directory.Persons.Insert(tx, row); err != nil {
				return err
			}
			return directory.Enrolments.Insert(tx, directory.Enrolment{Person: again, School: at, Year: school.YearOf(tx.Now), From: db.At(tx.Now)})
		})
		return again
	}
	propose := func(one, other school.ID) {
		h.Write(func(tx *db.Tx) error {
			return directory.Proposals.Insert(tx, directory.Proposal{Person: min(one, other), Other: max(one, other), Reason: "same-ine", Made: db.At(tx.Now)})
		})
	}
	anne, _ := h.onlyChild(at)
	teacher := h.Teachers(at)[0]
	_, guardian := h.onlyChild(at)
	elsewhere := h.guardianElsewhere(at)
	co := h.Appoint("codir", school.Head, at)
	mate := h.mateOf(headOf, at)
	mine := h.twin(mate)

	for name, c := range map[string]struct {
		one, other school.ID
		propose    bool
		get, post  int // of the head
		operator   int // his posting
		words      string
	}{
		"two INE": {pupils[0].ID, pupil(pupils[0].ID, func(p *directory.Person) { p.INE = "999999999ZZ" }), false,
			http.StatusOK, http.StatusConflict, http.StatusSeeOther, "chacun leur INE"},
		"two birth dates": {pupils[1].ID, pupil(pupils[1].ID, func(p *directory.Person) { p.INE = ""; p.BirthDate = "2015-01-01" }), true,
			http.StatusOK, http.StatusConflict, http.StatusSeeOther, "la même date de naissance"},
		"another head of the school": {teacher, co, true, http.StatusOK, http.StatusConflict, http.StatusSeeOther, "directrice"},
		"themself":                   {headOf, teacher, true, http.StatusOK, http.StatusConflict, http.StatusSeeOther, "votre famille"},
		"their own family":           {mine, mate, true, http.StatusOK, http.StatusConflict, http.StatusSeeOther, "votre famille"},
		"a pupil and a guardian":     {anne, guardian, true, http.StatusOK, http.StatusConflict, http.StatusConflict, "pas la même personne"},
		"two who are nothing alike":  {guardian, mate, false, http.StatusNotFound, http.StatusNotFound, http.StatusConflict, ""},
		"somebody of another school": {guardian, elsewhere, true, http.StatusNotFound, http.StatusNotFound, http.StatusConflict, ""},
		"an operator":                {teacher, operator.Person, true, http.StatusNotFound, http.StatusNotFound, http.StatusConflict, ""},
		"one and the same":           {guardian, guardian, false, http.StatusNotFound, http.StatusNotFound, http.StatusNotFound, ""},
		"nobody":                     {guardian, 7, false, http.StatusNotFound, http.StatusNotFound, http.StatusNotFound, ""},
	} {
		if c.propose {
			propose(c.one, c.other)
		}
		pair := "/duplicate/" + c.one.String() + "/" + c.other.String()
		ours := "/register/school/" + at.String() + pair
		got := head.Get(ours)
		got.Wants(c.get)
		if c.words != "" && !strings.Contains(got.Body, c.words) {
			t.Errorf("%s: the page does not say %q", name, c.words)
		}
		for _, kept := range []school.ID{c.one, c.other} {
			form := url.Values{"kept": {kept.String()}, "login": {h.Login(kept)}}
			head.Post(ours+"/merge", form).Wants(c.post)
			head.Post("/register"+pair+"/merge", form).Wants(http.StatusNotFound)
		}
		head.Get("/register" + pair).Wants(http.StatusNotFound)
		if n := h.One(`SELECT count(*) FROM directory_merge_act`); n != 0 {
			t.Fatalf("%s: merged", name)
		}
	}
	for _, path := range []string{"/register/duplicates", "/register/merge/7", "/register/school/" + at.String() + "/merge/7"} {
		head.Get(path).Wants(http.StatusNotFound)
	}
	// Who runs the installation decides of what no head does.
	operator.Get("/register/duplicates").Wants(http.StatusOK, "Doublons probables", "C’est la même personne")
	h.mergeAs(operator, "/register", pupils[0].ID, h.One(`SELECT id FROM directory_person WHERE ine = '999999999ZZ'`)).Wants(http.StatusSeeOther)
}

// A merge of another school is nobody's here, and its undoing neither.
func TestAMergeNextDoorIsShut(t *testing.T) {
	h := onSQLite(t)
	ours, theirs := h.near[0], pick(t, h.near[1:], func(id school.ID) bool { return h.Head(id) != h.Head(h.near[0]) })
	_, guardian := h.onlyChild(theirs)
	again := h.twin(guardian)
	them, us := h.enter(h.Head(theirs), school.Head), h.enter(h.Head(ours), school.Head)
	path := "/register/school/" + theirs.String()
	us.Get(path + "/duplicates").Wants(http.StatusNotFound)
	got := h.mergeAs(them, path, guardian, again)
	got.Wants(http.StatusSeeOther)
	merge := got.Header.Get("Location")
	ourway := strings.Replace(merge, theirs.String(), ours.String(), 1)
	for _, path := range []string{merge, ourway, strings.Replace(merge, path, "/register", 1)} {
		us.Get(path).Wants(http.StatusNotFound)
		us.Post(path+"/undo", url.Values{}).Wants(http.StatusNotFound)
	}
	if h.One(`SELECT count(*) FROM directory_person WHERE id = $1`, again) != 0 {
		t.Error("somebody next door undid it")
	}
	operator := h.enter(h.Operator(), school.Operator)
	operator.Post(strings.Replace(merge, path, "/register", 1)+"/undo", url.Values{}).Wants(http.StatusSeeOther)
}

// A guardian whom a judge keeps away does not come back in by a merge, nor
// with a session that was open.
func TestARestrictedGuardianGainsNothing(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	pupil, guardian := h.onlyChild(at)
	again := h.twin(guardian)
	h.Write(func(tx *db.Tx) error {
		_, err := directory.Restrict(tx, directory.Restriction{Pupil: pupil, Guardian: again, NoAccess: true, Reference: "JAF 12", From: db.At(tx.Now)})
		return err
	})
	head := h.enter(h.Head(at), school.Head)
	path := "/register/school/" + at.String()
	head.Get(path+"/duplicate/"+guardian.String()+"/"+again.String()).Wants(http.StatusOK, "Une décision de justice concerne cette personne")
	h.mergeAs(head, path, guardian, again).Wants(http.StatusSeeOther)
	h.Read(func(tx *db.Tx) error {
		hats, err := directory.Hats(tx, guardian)
		if slices.Contains(hats, school.Guardian) {
			t.Errorf("they wear %v", hats)
		}
		return err
	})
	head.Get(path+"/pupil/"+pupil.String()).Wants(http.StatusOK, "N’a plus accès à cet enfant")
}

// The account in use is the one that stays, and its session goes on.
func TestTheAccountInUseStays(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	_, guardian := h.onlyChild(at)
	again := h.twin(guardian)
	v := h.enter(again, school.Guardian)
	head := h.enter(h.Head(at), school.Head)
	h.mergeAs(head, "/register/school/"+at.String(), guardian, again).Wants(http.StatusSeeOther)
	h.Read(func(tx *db.Tx) error {
		session, err := h.Accounts.Resolve(tx, v.Token)
		if err != nil || session.Person != again {
			t.Errorf("the session opens %+v, %v", session.Person, err)
		}
		return nil
	})
	if _, err := h.Accounts.SignIn(t.Context(), h.Login(again), house.Password, account.Origin{}); err != nil {
		t.Errorf("the password that was chosen: %v", err)
	}
	if h.One(`SELECT count(*) FROM directory_person WHERE id = $1`, guardian) != 0 {
		t.Error("the record whose account is in use went")
	}
}

// Who undoes a merge says whose the children are who came since.
func TestChildrenWhoCameSinceAMerge(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	_, guardian := h.onlyChild(at)
	again := h.twin(guardian)
	head := h.enter(h.Head(at), school.Head)
	got := h.mergeAs(head, "/register/school/"+at.String(), guardian, again)
	got.Wants(http.StatusSeeOther)
	merge := got.Header.Get("Location")
	child := h.Pupils(h.Classes(at)[0].ID)[3]
	h.tick()
	h.Write(func(tx *db.Tx) error {
		return directory.Bonds.Insert(tx, directory.Bond{Pupil: child.ID, Guardian: guardian, From: db.At(tx.Now), Link: "20"})
	})
	head.Get(merge).Wants(http.StatusOK, "Lesquels reviennent à la seconde fiche", child.Usual, `value="`+child.ID.String()+`"`)
	stranger := h.Pupils(h.Classes(at)[0].ID)[4].ID // not one of those asked about
	head.Post(merge+"/undo", url.Values{"child": {child.ID.String(), stranger.String()}}).Wants(http.StatusSeeOther)
	if n := h.One(`SELECT count(*) FROM directory_bond WHERE guardian_id = $1 AND pupil_id = $2`, again, child.ID); n != 1 {
		t.Errorf("the child has %d bonds with the second record", n)
	}
	if n := h.One(`SELECT count(*) FROM directory_bond WHERE guardian_id = $1 AND pupil_id = $2`, guardian, child.ID); n != 0 {
		t.Errorf("the child has %d bonds with the first record", n)
	}
}
