package accounts_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
)

// What somebody left in a post that ends while their account is shut ends with it: no
// word of whoever opens the account, and no post that they are given later, brings it back.
func TestAPostThatEndsWhileItsAccountIsShut(t *testing.T) {
	for name, first := range map[string]bool{"given back, then open": true, "open, then given back": false} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(h *office) {
				at := h.near[0]
				class := h.Classes(at)[0].ID
				who := h.holding("replacement", at, 21)
				h.handing(who, school.Teacher, class)
				h.stolen(who, school.Teacher)
				h.tick()
				head := h.Enter(h.Head(at), school.Head)
				post := func(how string) {
					head.Post("/register/structure/"+at.String()+"/team/"+who.String()+"/"+how, url.Values{"post": {"replacement"}}).Wants(http.StatusSeeOther)
					h.tick()
				}
				post("dismiss")
				if first {
					post("give-back")
				}
				h.Write(func(tx *db.Tx) error {
					return h.Accounts.Verify(tx, who, audit.By{Actor: head.Person, Profile: school.Head})
				})
				if !first {
					post("give-back")
				}
				if n := h.handed(class); n != (handed{}) {
					h.T.Errorf("%+v come back with a later post", n)
				}
			})
		})
	}
}

// Who replaces for a day takes down no poster but of such a post: neither the class's nor
// that of the acting head, who takes down none of theirs.
func TestWhoReplacesLeavesThePosterOfAnActingHead(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		class := h.Classes(at)[0].ID
		acting := h.holding(directory.ActingHead, at, 0)
		sub := h.Appoint("remplace", school.Teacher, at, func(a *directory.Appointment) { a.Template, a.Until = "replacement", h.DB.Now().AddDate(0, 0, 1) })
		next := h.Appoint("suite", school.Teacher, at, func(a *directory.Appointment) { a.Template, a.Until = "replacement", h.DB.Now().AddDate(0, 0, 1) })
		h.Attach(class, sub)
		h.Attach(class, next)
		hang := func(by school.ID, as school.Profile) (p account.Printed) {
			h.Write(func(tx *db.Tx) (err error) {
				p, err = h.Accounts.HangPoster(tx, class, at, audit.By{Actor: by, Profile: as})
				return err
			})
			return p
		}
		opens := func(what string, p account.Printed, want bool) {
			h.T.Helper()
			if _, err := h.Accounts.Scan(h.T.Context(), p.Text, "", house.From); (err == nil) != want {
				h.T.Errorf("%s: %v", what, err)
			}
		}
		own := hang(h.Teachers(at)[0], school.Teacher)
		wall := hang(acting, school.Head)
		door := h.Enter(sub, school.Teacher).Get("/accounts/class/" + class.String() + "/door")
		door.Lacks(http.StatusOK, "l’ancienne n’ouvre plus rien")
		theirs := hang(sub, school.Teacher)
		for what, p := range map[string]account.Printed{"of the class": own, "of the acting head": wall, "of who replaces": theirs} {
			opens("the poster "+what, p, true)
		}
		opens("the poster of who replaces next", hang(next, school.Teacher), true)
		opens("the poster of who replaced before", theirs, false)
		again := hang(acting, school.Head)
		opens("the poster of the acting head, of before", wall, false)
		opens("the poster of the acting head", again, true)
		hang(h.Teachers(at)[0], school.Teacher)
		opens("once the class has another", again, false)
	})
}

// A tablet that a teacher enrolled shows the names of a class for as long as they teach
// it: not once it is taken from them, nor once they left; the class given back does not
// bring the tablet back. One that a head enrolled, and the poster of the teacher, stay.
func TestATabletEndsWithThePlaceOfWhoEnrolledIt(t *testing.T) {
	for name, leave := range map[string]func(h *office, at, class, who school.ID){
		"the class is taken from them": func(h *office, at, class, who school.ID) {
			h.Enter(h.Head(at), school.Head).Post("/register/school/"+at.String()+"/class/"+class.String()+"/detach", url.Values{"teacher": {who.String()}}).
				Wants(http.StatusSeeOther)
		},
		"a delivery takes it": func(h *office, _, class, who school.ID) {
			h.Write(func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE directory_membership SET until_at = $3 WHERE person_id = $1 AND class_id = $2`, who, class, db.At(tx.Now))
				return err
			})
		},
		"they left the school": func(h *office, at, _, who school.ID) {
			h.Write(func(tx *db.Tx) error {
				if _, err := tx.Exec(`UPDATE directory_function SET until_at = $2 WHERE person_id = $1`, who, db.At(tx.Now)); err != nil {
					return err
				}
				return h.Accounts.EndPost(tx, at, who, audit.By{})
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(h *office) {
				at := h.near[0]
				class, who, head := h.Classes(at)[0].ID, h.Teachers(at)[0], h.Head(at)
				h.Attach(class, who)
				h.Enter(who, school.Teacher).Get("/accounts/class/"+class.String()+"/door").Wants(http.StatusOK, "tant que vous avez cette classe")
				var own, theirs account.Enrolled
				var poster account.Printed
				h.Write(func(tx *db.Tx) (err error) {
					if own, err = h.Accounts.EnrolTablet(tx, class, at, audit.By{Actor: who, Profile: school.Teacher}, "sac"); err != nil {
						return err
					}
					if theirs, err = h.Accounts.EnrolTablet(tx, class, at, audit.By{Actor: head, Profile: school.Head}, "fond"); err != nil {
						return err
					}
					poster, err = h.Accounts.HangPoster(tx, class, at, audit.By{Actor: who, Profile: school.Teacher})
					return err
				})
				if !h.opens(own.Token) || !h.opens(theirs.Token) {
					h.T.Fatal("the tablets open nothing")
				}
				h.tick()
				leave(h, at, class, who)
				h.tick()
				if h.opens(own.Token) || !h.opens(theirs.Token) {
					h.T.Errorf("the tablet of who left opens: %t; that of the head: %t", h.opens(own.Token), h.opens(theirs.Token))
				}
				if _, err := h.Accounts.Scan(h.T.Context(), poster.Text, "", house.From); err != nil {
					h.T.Errorf("the poster of the class: %v", err)
				}
				if name == "the class is taken from them" {
					h.Attach(class, who)
					if h.opens(own.Token) {
						h.T.Error("the class given back brings the tablet back")
					}
				}
			})
		})
	}
}

// A post that is made longer while the account is shut ends nothing: what was handed out
// serves again once it was its person.
func TestAPostThatIsExtendedWhileItsAccountIsShut(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		class := h.Classes(at)[0].ID
		who := h.holding("replacement", at, 21)
		h.handing(who, school.Teacher, class)
		before := h.handed(class)
		h.stolen(who, school.Teacher)
		h.tick()
		head := h.Enter(h.Head(at), school.Head)
		head.Post("/register/structure/"+at.String()+"/team/"+who.String()+"/extend",
			url.Values{"post": {"replacement"}, "until": {h.DB.Now().AddDate(0, 0, 25).Format(time.DateOnly)}}).Wants(http.StatusSeeOther)
		h.tick()
		if n := h.handed(class); n != (handed{}) {
			h.T.Errorf("%+v while it is shut", n)
		}
		h.Write(func(tx *db.Tx) error {
			return h.Accounts.Verify(tx, who, audit.By{Actor: head.Person, Profile: school.Head})
		})
		if n := h.handed(class); n != before {
			h.T.Errorf("%+v once it was them, %+v before", n, before)
		}
	})
}
