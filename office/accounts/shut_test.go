package accounts_test

import (
	"net/http"
	"net/url"
	"strconv"
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

// handing has somebody hang a poster and print the labels of a class.
func (h *office) handing(who school.ID, as school.Profile, class school.ID) {
	h.T.Helper()
	v := h.Enter(who, as)
	for _, what := range []string{"/door/poster", "/labels"} {
		v.Post("/accounts/class/"+class.String()+what, nil).Wants(http.StatusOK)
	}
	if n := h.handed(class); n.codes == 0 || n.doors != 1 {
		h.T.Fatalf("%+v is handed out", n)
	}
	h.tick()
}

// joined makes one person of two, each with an account or not.
func (h *office) joined(kept, gone school.ID) (c account.Choice, act directory.MergeAct) {
	h.T.Helper()
	head := h.Head(h.near[0])
	h.Write(func(tx *db.Tx) (err error) {
		if c, err = h.Accounts.Merge(tx, kept, gone, audit.By{Actor: head}); err != nil {
			return err
		}
		act, err = h.Feeder.Merge(tx, kept, gone, head)
		return err
	})
	h.tick()
	return c, act
}

// Whatever becomes of an account that is shut, nothing of what was handed out with it
// opens: it is disabled too, merged into another, parted from it, forgotten or erased.
func TestWhatAThiefHandedOutStaysShut(t *testing.T) {
	by := audit.By{Profile: school.Operator}
	for name, c := range map[string]struct {
		used   bool // the other record has a password, so that its login stays
		merged bool
		after  func(h *office, kept, gone school.ID)
	}{
		"disabled too": {after: func(h *office, _, gone school.ID) {
			h.Write(func(tx *db.Tx) error { return h.Accounts.Disable(tx, gone, by) })
			h.tick()
			h.Write(func(tx *db.Tx) error { return h.Accounts.Reopen(tx, gone, by) }) // it is frozen still
		}},
		"merged, and the login with it": {merged: true},
		"merged, and reopened": {merged: true, after: func(h *office, kept, _ school.ID) {
			h.Write(func(tx *db.Tx) error { return h.Accounts.Reopen(tx, kept, by) })
		}},
		"merged into one in use, reopened, and forgotten": {used: true, merged: true, after: func(h *office, kept, _ school.ID) {
			h.Write(func(tx *db.Tx) error { return h.Accounts.Reopen(tx, kept, by) })
			h.Later(31 * 24 * time.Hour)
			h.Write(func(tx *db.Tx) error { _, err := h.Accounts.Purge(tx); return err })
		}},
		"merged into one in use, and forgotten while it is frozen": {used: true, merged: true, after: func(h *office, kept, _ school.ID) {
			h.Later(31 * 24 * time.Hour)
			h.Write(func(tx *db.Tx) error { _, err := h.Accounts.Purge(tx); return err })
		}},
		"erased": {after: func(h *office, _, gone school.ID) {
			h.Write(func(tx *db.Tx) error { return h.Accounts.Erase(tx, gone) })
		}},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(h *office) {
				at := h.near[0]
				class, gone := h.Classes(at)[0].ID, h.Teachers(at)[0]
				h.Attach(class, gone)
				kept := h.Appoint("meme", school.Staff, at)
				if c.used {
					h.Enter(kept, school.Staff)
				}
				h.handing(gone, school.Teacher, class)
				h.stolen(gone, school.Teacher)
				h.tick()
				if n := h.handed(class); n != (handed{}) {
					h.T.Fatalf("%+v of a frozen account", n)
				}
				if c.merged {
					if how, _ := h.joined(kept, gone); how.Crossed == c.used {
						h.T.Fatalf("merged: %+v", how)
					}
				}
				if n := h.handed(class); n != (handed{}) {
					h.T.Errorf("%+v once it was merged", n)
				}
				if c.after != nil {
					c.after(h, kept, gone)
				}
				if n := h.handed(class); n != (handed{}) {
					h.T.Errorf("%+v opens", n)
				}
			})
		})
	}
}

// What was handed out under the record that stays goes, when the merge is undone, with
// whose account is shut: that one's opening ends it, or has it serve again.
func TestWhatIsSuspendedGoesWithTheAccountThatIsShut(t *testing.T) {
	for name, left := range map[string]bool{"it was them": true, "it was not": false} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(h *office) {
				at := h.near[0]
				class, gone := h.Classes(at)[0].ID, h.Teachers(at)[0]
				h.Attach(class, gone)
				kept := h.Appoint("meme", school.Staff, at)
				h.Enter(gone, school.Teacher)
				how, act := h.joined(kept, gone)
				if !how.Crossed {
					h.T.Fatalf("%+v", how)
				}
				h.handing(kept, school.Teacher, class)
				before := h.handed(class)
				h.stolen(kept, school.Teacher)
				h.tick()
				by := audit.By{Actor: h.Head(at), Profile: school.Head}
				h.Write(func(tx *db.Tx) error {
					if _, err := h.Feeder.Unmerge(tx, act.ID, by.Actor); err != nil {
						return err
					}
					return h.Accounts.Unmerge(tx, kept, gone, by)
				})
				if n := h.handed(class); n != (handed{}) {
					h.T.Errorf("%+v once they are two", n)
				}
				h.Write(func(tx *db.Tx) error {
					if n, err := account.Suspected(tx, gone); err != nil || n == 0 {
						h.T.Errorf("%d are suspended of the one who is shut: %v", n, err)
					}
					if left {
						return h.Accounts.Verify(tx, gone, by)
					}
					return h.Accounts.Reopen(tx, gone, by)
				})
				if n := h.handed(class); left && n != before || !left && n != (handed{}) {
					h.T.Errorf("%+v once it is open, %+v before", n, before)
				}
			})
		})
	}
}

// An account that an operator shuts suspends what it handed out lately as a frozen one
// does; opened again as it was, that serves. One that was frozen is opened by nobody who
// says that it was disabled.
func TestADisabledAccountSuspends(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		class, head := h.Classes(at)[0].ID, h.Head(at)
		h.handing(head, school.Head, class)
		before := h.handed(class)
		h.Write(func(tx *db.Tx) error { return h.Accounts.Disable(tx, head, audit.By{}) })
		if n := h.handed(class); n != (handed{}) {
			h.T.Errorf("%+v of an account that is shut", n)
		}
		err := h.DB.Write(h.T.Context(), func(tx *db.Tx) error { return h.Accounts.Reopen(tx, head, audit.By{}) })
		if !fail.Is(err, fail.NotFound) {
			h.T.Errorf("reopened as a frozen one: %v", err)
		}
		h.tick()
		h.Write(func(tx *db.Tx) error { return h.Accounts.Enable(tx, head, audit.By{}) })
		if n := h.handed(class); n != before {
			h.T.Errorf("%+v once it is open, %+v before", n, before)
		}
		h.tick() // a code that is made again is nobody's suspicion
		h.stolen(head, school.Head)
		other := h.Enter(h.Appoint("adjointe", school.Head, at), school.Head)
		other.Post("/accounts/class/"+class.String()+"/labels", url.Values{"again": {"1"}}).Wants(http.StatusOK)
		if n := h.handed(class); n.codes != before.codes {
			h.T.Errorf("%+v, made again by somebody else", n)
		}
	})
}

// Who opens an account again reads what has served already, each with where it is renewed
// or ended: who chose a password by a code of it, the children who have pictures that it
// gave, the passes and the posts. Somebody of another school is not named; what was done
// about one is off the list, and nothing of it ends by itself.
func TestWhatAThiefGaveIsToldToWhoReopens(t *testing.T) {
	onBoth(t, func(h *office) {
		t := h.T
		at := h.near[0]
		class, head := h.Classes(at)[0].ID, h.Head(at)
		colleague, other, parent := h.Teachers(at)[0], h.Teachers(at)[1], h.guardian(class)
		child := h.Pupils(class)[0]
		code := func(by, to school.ID) {
			var c account.Code
			h.Write(func(tx *db.Tx) (err error) {
				c, err = h.Accounts.IssueSlip(tx, to, account.Warrant{By: audit.By{Actor: by, Profile: school.Head}})
				return err
			})
			if _, err := h.Accounts.Activate(t.Context(), c.Login.String(), c.Text, thiefs, house.From); err != nil {
				t.Fatal(err)
			}
			h.tick()
		}
		code(head, other)
		h.Later(8 * 24 * time.Hour)
		thief := h.Enter(head, school.Head)
		code(head, colleague)
		code(head, parent)
		far := pick(t, h.far, func(id school.ID) bool { return h.Head(id) != head })
		code(head, h.Teachers(far)[0])
		if err := h.Accounts.GivePictures(t.Context(), class, at, audit.By{Actor: head, Profile: school.Head}, map[school.ID]account.Pictures{child.ID: account.DrawPictures()}); err != nil {
			t.Fatal(err)
		}
		thief.Post("/register/school/"+at.String()+"/pass", url.Values{"civility": {"M."}, "first": {"Arsène"}, "reason": {"absence"}, "name": {"LUPIN"},
			"class": {class.String()}, "until": {h.DB.Now().AddDate(0, 0, 20).Format(time.DateOnly)}}).Wants(http.StatusOK)
		lupin := h.One(`SELECT id FROM directory_person WHERE usual_name = 'LUPIN'`)
		h.tick()
		h.stolen(head, school.Head)
		h.tick()
		deputy := h.Appoint("adjointe", school.Head, at)
		reopen := "/accounts/school/" + at.String() + "/staff/" + head.String() + "/reopen"
		h.Enter(h.Teachers(far)[1], school.Teacher).Get(reopen).Wants(http.StatusNotFound)
		page := h.Enter(deputy, school.Head).Get(reopen)
		page.Wants(http.StatusOK, "Ce qui a déjà servi", h.Who(colleague).Name(), h.Who(parent).Name(), child.Name(), h.Who(lupin).Name(),
			"/accounts/school/"+at.String()+"/staff/"+colleague.String()+"/code", "/accounts/class/"+class.String()+"/person/"+parent.String()+"/code",
			"/accounts/class/"+class.String()+"/person/"+child.ID.String()+"/pictures", "/register/structure/"+at.String()+"/team/"+lupin.String(),
			"Une autre ligne n’est pas montrée", "Faites d’abord ce que dit la liste plus bas")
		page.Lacks(http.StatusOK, h.Who(other).Name(), h.Who(h.Teachers(far)[0]).Name())
		// What the page leads to is there, and does what it says.
		v := h.Enter(deputy, school.Head)
		v.Get("/register/structure/"+at.String()+"/team/"+lupin.String()).Wants(http.StatusOK, "LUPIN")
		v.Get("/accounts/class/" + class.String() + "/person/" + child.ID.String() + "/pictures").Wants(http.StatusOK)
		code(deputy, colleague)
		v.Post("/register/structure/"+at.String()+"/team/"+lupin.String()+"/dismiss", url.Values{"post": {"replacement"}}).Wants(http.StatusSeeOther)
		h.tick()
		page = v.Get(reopen)
		page.Wants(http.StatusOK, h.Who(parent).Name(), child.Name())
		page.Lacks(http.StatusOK, h.Who(colleague).Name(), h.Who(lupin).Name())
		v.Post(reopen, url.Values{"how": {"new"}}).Wants(http.StatusSeeOther)
		if _, err := h.Accounts.SignIn(t.Context(), h.Login(parent), thiefs, house.From); err != nil {
			t.Errorf("the parent, who may have chosen it: %v", err)
		}
	})
}

// thiefs is a password that a thief chose, perhaps.
const thiefs = "un corbeau vole la nuit tard"

// A child who came in at a tablet, or by a badge, that may be a thief's is out when the
// account is shut, and does not come in again; a badge that a parent's account allowed at
// home within the week holds no more, and ends when it was not the parent.
func TestAChildBehindAThiefsDoorIsOut(t *testing.T) {
	for name, left := range map[string]bool{"it was them": true, "it was not": false} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(h *office) {
				at := h.near[0]
				class, head := h.Classes(at)[0].ID, h.Head(at)
				h.Enter(head, school.Head)
				parent := h.guardian(class)
				child := h.One(`SELECT min(b.pupil_id) FROM directory_bond b JOIN directory_membership m ON m.person_id = b.pupil_id
					WHERE b.guardian_id = $1 AND m.class_id = $2`, parent, class)
				h.Enter(parent, school.Guardian)
				by, pictures := audit.By{Actor: head, Profile: school.Head}, account.DrawPictures()
				var tablet account.Enrolled
				h.Write(func(tx *db.Tx) (err error) {
					tablet, err = h.Accounts.EnrolTablet(tx, class, at, by, "fond")
					if err == nil {
						err = h.Accounts.AllowHome(tx, child, audit.By{Actor: parent, Profile: school.Guardian})
					}
					return err
				})
				if err := h.Accounts.GivePictures(h.T.Context(), class, at, by, map[school.ID]account.Pictures{child: pictures}); err != nil {
					h.T.Fatal(err)
				}
				in, err := h.Accounts.EnterClass(h.T.Context(), tablet.Token, child, pictures, house.From)
				if err != nil {
					h.T.Fatal(err)
				}
				allowed := func() bool {
					var by map[school.ID]school.ID
					h.Read(func(tx *db.Tx) (err error) {
						by, err = account.HomeAllowed(tx, child)
						return err
					})
					return by[child] == parent
				}
				if !allowed() {
					h.T.Fatal("the badge is not allowed at home")
				}
				h.tick()
				h.stolen(head, school.Head)
				h.stolen(parent, school.Guardian)
				if _, err := h.resolve(in.Token); err == nil {
					h.T.Error("who came in at the tablet stays in")
				}
				if _, err := h.Accounts.EnterClass(h.T.Context(), tablet.Token, child, pictures, house.From); err == nil {
					h.T.Error("the tablet opens")
				}
				if allowed() {
					h.T.Error("the badge holds at home")
				}
				h.tick()
				operator := audit.By{Actor: h.Operator(), Profile: school.Operator}
				h.Write(func(tx *db.Tx) error {
					for _, who := range []school.ID{head, parent} {
						act := h.Accounts.Reopen
						if left {
							act = h.Accounts.Verify
						}
						if err := act(tx, who, operator); err != nil {
							return err
						}
					}
					return nil
				})
				if allowed() != left || h.opens(tablet.Token) != left {
					h.T.Errorf("open again: the badge at home %t, the tablet %t", allowed(), h.opens(tablet.Token))
				}
			})
		})
	}
}

// Who erases the passwords of many reads how much these people handed out within the
// week, and ends it unless they untick that.
func TestWhatManyHandedOutEndsWithTheirPasswords(t *testing.T) {
	for name, ends := range map[string]bool{"as it is": true, "unticked": false} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(h *office) {
				at := h.near[0]
				class, who := h.Classes(at)[0].ID, h.Teachers(at)[0]
				h.Attach(class, who)
				h.handing(who, school.Teacher, class)
				before := h.handed(class)
				head := h.Enter(h.Head(at), school.Head)
				page := "/accounts/school/" + at.String() + "/renew"
				head.Post(page, url.Values{"side": {"pupils"}}).Lacks(http.StatusSeeOther, "depuis une semaine") // nobody there has a password
				asked := head.Post(page, url.Values{"side": {"staff"}})
				asked.Wants(http.StatusOK, "Arrêter aussi ce que ces comptes ont remis depuis une semaine", strconv.Itoa(before.codes+before.doors)+" choses", `name="handed"`, "checked")
				form := asked.Hidden("confirm")
				if ends {
					form.Set("handed", "end")
				}
				if n := h.handed(class); n != before {
					h.T.Errorf("%+v before it is confirmed", n)
				}
				head.Post(page, form).Wants(http.StatusSeeOther)
				if n := h.handed(class); ends && n != (handed{}) || !ends && n != before {
					h.T.Errorf("%+v, %+v before", n, before)
				}
			})
		})
	}
}

// What was given and taken back since is not told, and what is left is: a class of two,
// a function over one class of two.
func TestWhatWasTakenBackIsNotTold(t *testing.T) {
	onBoth(t, func(h *office) {
		head, who := h.Head(h.near[0]), h.Teachers(h.near[0])[0]
		told := func(want int, acts ...audit.Entry) {
			h.T.Helper()
			for _, e := range acts {
				e.Subject, e.Kind = who, "structure"
				h.Write(func(tx *db.Tx) error { return h.Audit.Write(tx, e) })
				h.tick()
			}
			h.Read(func(tx *db.Tx) error {
				given, err := h.Accounts.GivenWith(tx, head, tx.Now)
				if len(given.Posts) != want {
					h.T.Errorf("%d posts are told, want %d: %+v", len(given.Posts), want, given.Posts)
				}
				return err
			})
		}
		by := audit.By{Actor: head, Profile: school.Head}
		entrust := audit.Entry{By: by, Action: account.ActEntrust}
		lend := func(action audit.Action, class string) audit.Entry {
			return audit.Entry{By: by, Action: action, Detail: audit.Detail{"function": "codes", "class": class}}
		}
		post := func(action audit.Action, post string) audit.Entry {
			return audit.Entry{By: by, Action: action, Detail: audit.Detail{"post": post}}
		}
		told(0)
		told(2, entrust, entrust)
		told(1, audit.Entry{By: by, Action: account.ActTakeBack})
		told(3, lend(account.ActLend, "1"), lend(account.ActLend, "2"))
		told(2, lend(account.ActRecall, "1"))
		told(4, post(account.ActAppoint, "replacement"), post(account.ActAppoint, "replacement"))
		told(4, post(account.ActDismiss, "teacher"))
		told(2, post(account.ActDismiss, "replacement"))
		told(3, post(account.ActAppoint, "replacement"))
		h.Later(8 * 24 * time.Hour)
		told(0)
	})
}
