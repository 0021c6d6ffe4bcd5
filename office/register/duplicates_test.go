package register_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

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

// Two people become one, or two again, by whoever proved lately who they are: a head at a
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
