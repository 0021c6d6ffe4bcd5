package accounts_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
)

// handed counts what was handed out in a class and opens something.
type handed struct{ codes, doors int }

func (h *office) handed(class school.ID) (n handed) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) error {
		doors, err := account.ClassDoors(tx, class)
		n.doors = len(doors)
		return err
	})
	n.codes = h.waiting(class)
	return n
}

// replacing gives somebody who replaces for three weeks some classes, each for so many
// days, and has them hang a poster and print the labels of the first.
func (h *office) replacing(at school.ID, days map[school.ID]int, first school.ID) (who school.ID) {
	h.T.Helper()
	who = h.Appoint("passe", school.Teacher, at, func(a *directory.Appointment) {
		a.Template, a.Until = "replacement", h.DB.Now().AddDate(0, 0, 21)
	})
	h.Write(func(tx *db.Tx) error {
		for class, n := range days {
			if err := directory.Attach(tx, directory.Attachment{Class: class, Teacher: who, Until: tx.Now.AddDate(0, 0, n)}); err != nil {
				return err
			}
		}
		return nil
	})
	h.tick()
	v := h.Enter(who, school.Teacher)
	for _, what := range []string{"/door/poster", "/labels"} {
		v.Post("/accounts/class/"+first.String()+what, nil).Wants(http.StatusOK)
	}
	return who
}

// A class that was given until a day has nothing left of whoever replaced after it, though
// their post goes on in another.
func TestAClassThatEndsOnItsDay(t *testing.T) {
	onBoth(t, func(h *office) {
		rooms := h.Classes(h.near[0])[:2]
		h.replacing(h.near[0], map[school.ID]int{rooms[0].ID: 1, rooms[1].ID: 21}, rooms[0].ID)
		if n := h.handed(rooms[0].ID); n.doors != 1 || n.codes == 0 {
			h.T.Fatalf("%+v before the day", n)
		}
		h.Later(2 * 24 * time.Hour)
		if n := h.handed(rooms[0].ID); n != (handed{}) {
			h.T.Errorf("%+v after the day", n)
		}
	})
}

// What a merge carries from one record to the other goes back when it is undone, with
// nothing left behind that a later post would open again.
func TestWhatAMergeCarriedGoesBack(t *testing.T) {
	onBoth(t, func(h *office) {
		t := h.T
		at := h.near[0]
		class, head := h.Classes(at)[0].ID, h.Head(at)
		gone := h.replacing(at, map[school.ID]int{class: 21}, class)
		kept := h.guardian(h.Classes(at)[1].ID)
		child := h.One(`SELECT min(b.pupil_id) FROM directory_bond b WHERE b.guardian_id = $1`, kept)
		before := h.handed(class)
		var act directory.MergeAct
		h.Write(func(tx *db.Tx) (err error) {
			if _, err = h.Accounts.Merge(tx, kept, gone, audit.By{Actor: head}); err != nil {
				return err
			}
			act, err = h.Feeder.Merge(tx, kept, gone, head)
			return err
		})
		h.tick()
		if n := h.handed(class); n != before {
			t.Errorf("%+v after the merge, %+v before", n, before)
		}
		h.Write(func(tx *db.Tx) error {
			if _, err := h.Feeder.Unmerge(tx, act.ID, head); err != nil {
				return err
			}
			return h.Accounts.Unmerge(tx, kept, gone, audit.By{Actor: head})
		})
		h.tick()
		if n := h.handed(class); n != before {
			t.Errorf("%+v after it was undone, %+v before", n, before)
		}
		h.Enter(head, school.Head).Post("/register/structure/"+at.String()+"/team/"+gone.String()+"/dismiss", url.Values{"post": {"replacement"}}).
			Wants(http.StatusSeeOther)
		h.tick()
		h.Write(func(tx *db.Tx) error {
			_, err := directory.Appoint(tx, directory.Appointment{
				Person: kept, Structure: at, Template: "replacement", Until: tx.Now.AddDate(0, 0, 21), By: head, Reason: "essai",
			})
			return err
		})
		h.tick()
		if n := h.handed(class); n != (handed{}) {
			t.Errorf("%+v for a later post of the other", n)
		}

		// What a parent allowed at home is theirs under the record that stays.
		h.Write(func(tx *db.Tx) error {
			return h.Accounts.AllowHome(tx, child, audit.By{Actor: kept, Profile: school.Guardian})
		})
		other := h.Appoint("meme", school.Staff, at)
		h.tick()
		h.Write(func(tx *db.Tx) error {
			if _, err := h.Accounts.Merge(tx, other, kept, audit.By{Actor: head}); err != nil {
				return err
			}
			return directory.Merge(tx, other, kept)
		})
		h.Read(func(tx *db.Tx) error {
			allowed, err := account.HomeAllowed(tx, child)
			if allowed[child] != other {
				t.Errorf("after a merge %v allow the badge at home", allowed)
			}
			return err
		})
	})
}

// What was handed out with an account shortly before it was frozen opens nothing until
// somebody says that it was its person; it ends when it was not.
func TestWhatAThiefHandedOut(t *testing.T) {
	for name, was := range map[string]struct {
		says func(h *office, tx *db.Tx, head school.ID, by audit.By) error
		left bool
	}{
		"it was them": {func(h *office, tx *db.Tx, head school.ID, by audit.By) error { return h.Accounts.Verify(tx, head, by) }, true},
		"it was not":  {func(h *office, tx *db.Tx, head school.ID, by audit.By) error { return h.Accounts.Reopen(tx, head, by) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(h *office) {
				at := h.near[0]
				class, head := h.Classes(at)[0].ID, h.Head(at)
				thief := h.Enter(head, school.Head)
				old := h.Classes(at)[1].ID
				thief.Post("/accounts/class/"+old.String()+"/labels", nil).Wants(http.StatusOK)
				h.Later(8 * 24 * time.Hour)
				thief = h.Enter(head, school.Head)
				for _, what := range []string{"/door/poster", "/labels"} {
					thief.Post("/accounts/class/"+class.String()+what, nil).Wants(http.StatusOK)
				}
				before := h.handed(class)
				h.tick()
				h.stolen(head, school.Head)
				if n := h.handed(class); n != (handed{}) {
					h.T.Errorf("%+v of a frozen account", n)
				}
				deputy := h.Enter(h.Appoint("adjointe", school.Head, at), school.Head)
				if page := deputy.Get("/accounts/school/" + at.String() + "/staff/" + head.String() + "/reopen"); !strings.Contains(page.Body, "dans la semaine qui précède") {
					h.T.Errorf("who reopens does not read what is suspended: %d", page.StatusCode)
				}
				if n := h.handed(old); n.codes == 0 {
					h.T.Error("what was handed out a week before ends too")
				}
				h.tick()
				by := audit.By{Actor: h.Operator(), Profile: school.Operator}
				h.Write(func(tx *db.Tx) error { return was.says(h, tx, head, by) })
				if n := h.handed(class); was.left && n != before || !was.left && n != (handed{}) {
					h.T.Errorf("%+v once it is open again, %+v before", n, before)
				}
			})
		})
	}
}

// A replacement until the summer reads what their poster does, as what it does.
func TestThePosterOfWhoReplacesUntilTheSummer(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	class, teacher := h.Classes(at)[0].ID, h.Teachers(at)[0]
	h.Attach(class, teacher)
	who := h.holding("replacement", at, 0)
	var own account.Printed
	h.Write(func(tx *db.Tx) (err error) {
		own, err = h.Accounts.HangPoster(tx, class, at, audit.By{Actor: teacher, Profile: school.Teacher})
		return err
	})
	door := "/accounts/class/" + class.String() + "/door"
	v := h.Enter(who, school.Teacher)
	const ends = "l’ancienne n’ouvre plus rien"
	v.Get(door).Lacks(http.StatusOK, ends)
	v.Post(door+"/poster", nil).Wants(http.StatusOK)
	if _, err := h.Accounts.Scan(t.Context(), own.Text, "", house.From); err != nil {
		t.Errorf("the poster of the class: %v", err)
	}
	v.Get(door).Wants(http.StatusOK, ends) // their own, now
}

// A code that waits for a pupil of maternelle opens nothing, unless who runs the
// installation made it; and one such pupil stops no labels of a class.
func TestACodeOfAYoungPupil(t *testing.T) {
	onBoth(t, func(h *office) {
		t := h.T
		at := h.near[0]
		class := h.Classes(at)[0].ID
		pupils := h.Pupils(class)
		head := h.Enter(h.Head(at), school.Head)
		var codes [2]account.Code
		h.Write(func(tx *db.Tx) (err error) {
			for i, by := range []school.ID{head.Person, 0} {
				if codes[i], err = h.Accounts.IssueCode(tx, pupils[i].ID, audit.By{Actor: by}, account.SlipLife); err != nil {
					return err
				}
				if _, err := tx.Exec(`UPDATE directory_enrolment SET level_code = '1113', level_label = 'GS-bilingue' WHERE person_id = $1`, pupils[i].ID); err != nil {
					return err
				}
			}
			return nil
		})
		for i, code := range codes {
			_, err := h.Accounts.Activate(t.Context(), code.Login.String(), code.Text, house.Password, house.From)
			if opens := err == nil; opens != (i == 1) || !opens && !fail.Is(err, fail.Invalid) {
				t.Errorf("the code %d: %v", i, err)
			}
		}
		head.Post("/accounts/class/"+class.String()+"/labels", url.Values{"again": {"1"}}).Wants(http.StatusOK)
		if acts := strings.Join(h.Acts(pupils[0].ID), " "); strings.Count(acts, "account.code") != 1 {
			t.Errorf("the labels of the class are those of the young too: %s", acts)
		}
	})
}
