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

// twin types a guardian in again, as a guardian of the same children.
func (h *office) twin(of school.ID) (again school.ID) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
		row, err := directory.Persons.One(tx, "id = $1", of)
		if err != nil {
			return err
		}
		again = school.NewID(tx.Now)
		row.ID, row.Said = again, directory.Said{}
		if err := directory.Persons.Insert(tx, row); err != nil {
			return err
		}
		bonds, err := directory.Bonds.All(tx, "guardian_id = $1 AND until_at IS NULL", of)
		if err != nil {
			return err
		}
		for _, b := range bonds {
			b.Guardian, b.Said = again, directory.Said{}
			if err := directory.Bonds.Insert(tx, b); err != nil {
				return err
			}
		}
		_, err = h.Accounts.Welcome(tx, directory.Newcomer{Person: again, First: "Jumelle", Usual: "Essai"})
		return err
	})
	return again
}

// pairs are the likely duplicates of a school.
func (h *office) pairs(at school.ID) (pairs []directory.Pair) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) (err error) {
		pairs, err = directory.DuplicatesIn(tx, at)
		return err
	})
	return pairs
}

func has(pairs []directory.Pair, one, other school.ID) bool {
	return slices.ContainsFunc(pairs, func(p directory.Pair) bool { return p.Person == min(one, other) && p.Other == max(one, other) })
}

func (h *office) bonds(guardian school.ID) school.ID {
	return h.One(`SELECT count(*) FROM directory_bond WHERE guardian_id = $1 AND until_at IS NULL`, guardian)
}

// A head finds two records of one parent, merges them, reads what moved, and
// undoes it.
func TestAHeadMergesTwoRecordsAndUndoesIt(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		_, guardian := h.onlyChild(at)
		again := h.twin(guardian)
		head := h.enter(h.Head(at), school.Head)
		list, pair := "/register/school/"+at.String()+"/duplicates", "/register/school/"+at.String()+"/duplicate/"+guardian.String()+"/"+again.String()
		head.Get("/register/school/"+at.String()).Wants(http.StatusOK, "Doublons probables")
		head.Get(list).Wants(http.StatusOK, "Deux responsables du même enfant portent le même nom", pair, "Première fiche", "C’est la même personne", "Ajout à la main")
		head.Get(pair).Wants(http.StatusOK, "Ce que la seconde fiche apporte", "un lien avec un enfant", "n’ouvre plus rien")

		// What the form does not say as it is now is another decision.
		login := h.Login(guardian)
		for _, form := range []url.Values{{}, {"kept": {again.String()}, "login": {login}}, {"kept": {guardian.String()}, "login": {"x"}}} {
			head.Post(pair+"/merge", form).Wants(http.StatusConflict, "Ce que la seconde fiche apporte")
		}
		form := url.Values{"kept": {guardian.String()}, "login": {login}}
		got := head.Post(pair+"/merge", form)
		got.Wants(http.StatusSeeOther)
		if h.One(`SELECT count(*) FROM directory_person WHERE id = $1`, again) != 0 || h.bonds(guardian) != 1 {
			h.T.Error("they are not one")
		}
		merge := got.Header.Get("Location")
		head.Get(merge).Wants(http.StatusOK, "Ce que la fusion a déplacé", "un lien avec un enfant", login, "Annuler la fusion")
		head.Get(list).Wants(http.StatusOK, "Fusions récentes", merge)
		if has(h.pairs(at), guardian, again) {
			h.T.Error("they are proposed again")
		}
		if acts := h.Acts(again); !slices.Contains(acts, "register.merge") || !slices.Contains(acts, "account.merge") {
			h.T.Errorf("journalled: %v", acts)
		}
		detail := h.detail("register.merge")
		for _, word := range []string{`"bonds":"1"`, `"keys":"0"`, `"login":"kept"`} {
			if !strings.Contains(detail, word) {
				h.T.Errorf("the journal says %s, not %s", detail, word)
			}
		}
		head.Post(pair+"/merge", form).Wants(http.StatusNotFound)

		head.Post(merge+"/undo", url.Values{}).Wants(http.StatusSeeOther)
		if h.One(`SELECT count(*) FROM directory_person WHERE id IN ($1, $2)`, guardian, again) != 2 || h.bonds(guardian) != 1 || h.bonds(again) != 1 {
			h.T.Error("they are not two again")
		}
		if h.Login(guardian) != login || h.Login(again) == "" {
			h.T.Error("they have not their logins again")
		}
		head.Post(merge+"/undo", url.Values{}).Wants(http.StatusConflict, "déjà annulée")
		head.Get(merge).Wants(http.StatusOK, "Annulée")
		if has(h.pairs(at), guardian, again) {
			h.T.Error("undone, they are proposed again")
		}
		// Unless somebody asks.
		head.Get(list).Wants(http.StatusOK, "mise de côté", "/duplicate/"+min(guardian, again).String())
		head.Get(pair).Wants(http.StatusOK, "Réunir les deux fiches")
	})
}

// Two people become one, or two again, by who proved lately who they are: a head at a
// school's address, an operator at the project's.
func TestAMergeAsksForAProof(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		_, guardian := h.onlyChild(at)
		again := h.twin(guardian)
		ours := "/register/school/" + at.String()
		form := url.Values{"kept": {guardian.String()}, "login": {h.Login(guardian)}}
		pair := "/duplicate/" + guardian.String() + "/" + again.String() + "/merge"
		for where, who := range map[string]func() house.Visitor{
			ours:        func() house.Visitor { return h.Enter(h.Head(at), school.Head) },
			"/register": func() house.Visitor { return h.Enter(h.Operator(), school.Operator) },
		} {
			v, secret := who().Protect()
			v = v.Tired()
			v.Post(where+pair, form).Wants(http.StatusForbidden)
			if h.bonds(guardian) != 1 || h.One(`SELECT count(*) FROM directory_person WHERE id = $1`, again) != 1 {
				h.T.Error("they are one")
			}
			v = v.Prove(secret)
			got := v.Post(where+pair, form)
			got.Wants(http.StatusSeeOther)
			merge := got.Header.Get("Location")
			v = v.Tired()
			if got := v.Post(merge+"/undo", url.Values{}); strings.Contains(got.Header.Get("Location"), "/merge/") {
				h.T.Errorf("undone by who proved too long ago: %d", got.StatusCode)
			}
			if h.One(`SELECT count(*) FROM directory_person WHERE id = $1`, again) != 0 {
				h.T.Error("they are two again")
			}
			v.Prove(secret).Post(merge+"/undo", url.Values{}).Wants(http.StatusSeeOther)
		}
	})
}

// detail is that of the last act of a kind.
func (h *office) detail(action string) (detail string) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) (err error) {
		detail, err = db.One(tx, db.Column[string], `SELECT detail FROM audit_entry WHERE action = $1 ORDER BY id DESC LIMIT 1`, action)
		return err
	})
	return detail
}

// Two who are two are not proposed again, whatever a delivery brings.
func TestAHeadSaysThatTwoAreTwo(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	_, guardian := h.onlyChild(at)
	again := h.twin(guardian)
	head := h.enter(h.Head(at), school.Head)
	pair := "/register/school/" + at.String() + "/duplicate/" + guardian.String() + "/" + again.String()
	head.Post(pair+"/apart", url.Values{}).Wants(http.StatusSeeOther)
	h.later(1)
	if has(h.pairs(at), guardian, again) {
		t.Error("they are proposed again")
	}
	if acts := h.Acts(again); !slices.Contains(acts, "register.apart") {
		t.Errorf("journalled: %v", acts)
	}
}

// The imagined commune has what the page is for.
func TestTheVillageHasDuplicates(t *testing.T) {
	h := onSQLite(t)
	found := map[directory.Likeness]bool{}
	for _, at := range h.near {
		for _, p := range h.pairs(at) {
			found[p.Likeness] = true
		}
	}
	for _, why := range []directory.Likeness{directory.GuardianTwice, directory.StaffAndGuardian} {
		if !found[why] {
			t.Errorf("nobody is %s", why)
		}
	}
}

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

// mergeAs posts the form of a merge, whichever record stays.
func (h *office) mergeAs(v visitor, ground string, one, other school.ID) (got reply) {
	h.T.Helper()
	for _, kept := range []school.ID{one, other} {
		for _, login := range []school.ID{one, other} {
			got = v.Post(ground+"/duplicate/"+one.String()+"/"+other.String()+"/merge", url.Values{"kept": {kept.String()}, "login": {h.Login(login)}})
			if got.StatusCode != http.StatusConflict {
				return got
			}
		}
	}
	return got
}

// mergeSome merges two of the likely duplicates of a school, but somebody, and
// gives the merge.
func (h *office) mergeSome(at, but school.ID) (merge school.ID) {
	h.T.Helper()
	pairs := h.pairs(at)
	i := slices.IndexFunc(pairs, func(p directory.Pair) bool {
		return p.Likeness == directory.GuardianTwice && p.Person != but && p.Other != but
	})
	if i < 0 {
		h.T.Fatal("the village has no guardian in two records")
	}
	h.Write(func(tx *db.Tx) error {
		act, err := h.Feeder.Merge(tx, pairs[i].Person, pairs[i].Other, 0)
		merge = act.ID
		return err
	})
	return merge
}

// guardianElsewhere is the guardian of a pupil of another school only.
func (h *office) guardianElsewhere(at school.ID) school.ID {
	h.T.Helper()
	return h.One(`SELECT min(b.guardian_id) FROM directory_bond b JOIN directory_enrolment e ON e.person_id = b.pupil_id
		JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
		WHERE e.school_id <> $1 AND NOT EXISTS (SELECT 1 FROM directory_bond o JOIN directory_enrolment f ON f.person_id = o.pupil_id
			WHERE o.guardian_id = b.guardian_id AND f.school_id = $1)`, at)
}

// mateOf makes the head a guardian of the child of somebody who has to do with
// the school only.
func (h *office) mateOf(head, at school.ID) school.ID {
	h.T.Helper()
	mate := h.One(`SELECT max(b.guardian_id) FROM directory_bond b JOIN directory_enrolment e ON e.person_id = b.pupil_id AND e.school_id = $1
		JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
		WHERE NOT EXISTS (SELECT 1 FROM directory_bond o JOIN directory_enrolment f ON f.person_id = o.pupil_id
			WHERE o.guardian_id = b.guardian_id AND f.school_id <> $1)`, at)
	h.Write(func(tx *db.Tx) error {
		return directory.Bonds.Insert(tx, directory.Bond{
			Pupil: h.One(`SELECT min(pupil_id) FROM directory_bond WHERE guardian_id = $1`, mate), Guardian: head, From: db.At(tx.Now), Link: "20",
		})
	})
	return mate
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

// A desk and a home list the pairs that were found when the school was last
// looked at, but for those of which somebody has decided.
func TestWhatIsLikelyIsKept(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		_, guardian := h.onlyChild(at)
		again := h.twin(guardian)
		likely := func() (pairs []directory.Pair) {
			h.Read(func(tx *db.Tx) (err error) {
				pairs, err = directory.LikelyIn(tx, at)
				return err
			})
			return pairs
		}
		look := func() {
			h.tick()
			h.Write(func(tx *db.Tx) error { return directory.KeepLikely(tx, at, h.pairs(at), tx.Now) })
			h.tick()
		}
		if !has(likely(), guardian, again) {
			h.T.Error("a school that was never looked at is not looked at")
		}
		look()
		if got, want := len(likely()), len(h.pairs(at)); got != want || !has(likely(), guardian, again) {
			h.T.Errorf("%d pairs are kept of %d", got, want)
		}
		third := h.twin(guardian)
		if has(likely(), guardian, third) {
			h.T.Error("looked for at each look")
		}
		look()
		if !has(likely(), guardian, third) || !has(likely(), again, third) {
			h.T.Error("not found again")
		}
		head := h.enter(h.Head(at), school.Head)
		list := "/register/school/" + at.String()
		head.Post(list+"/duplicate/"+guardian.String()+"/"+again.String()+"/apart", url.Values{}).Wants(http.StatusSeeOther)
		if has(likely(), guardian, again) {
			h.T.Error("listed though somebody has decided")
		}
		got := h.mergeAs(head, list, guardian, third)
		got.Wants(http.StatusSeeOther)
		if has(likely(), guardian, third) || has(likely(), again, third) {
			h.T.Error("listed though one is gone")
		}
		head.Post(got.Header.Get("Location")+"/undo", url.Values{}).Wants(http.StatusSeeOther)
		if !has(likely(), again, third) {
			h.T.Error("not listed though they are back")
		}

		// Whoever looked before somebody touched the school, or before another
		// looked, keeps nothing.
		fourth := h.twin(guardian)
		touch := func() {
			h.Write(func(tx *db.Tx) error {
				_, err := directory.Appoint(tx, directory.Appointment{First: "Ada", Usual: "Neuve", Structure: at, Template: "atsem", Reason: "test"})
				return err
			})
		}
		old := h.DB.Now()
		h.tick()
		touch()
		h.tick()
		h.Write(func(tx *db.Tx) error { return directory.KeepLikely(tx, at, nil, old) })
		if !has(likely(), third, fourth) {
			h.T.Error("what was seen before it was touched is kept")
		}
		look()
		h.Write(func(tx *db.Tx) error { return directory.KeepLikely(tx, at, nil, old) })
		if !has(likely(), third, fourth) {
			h.T.Error("what was seen before another looked is kept")
		}
	})
}
