package accounts_test

import (
	"net/http"
	"net/url"
	"slices"
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

// A code is not handed out for longer than its maker has their post.
func TestACodeEndsWithThePostOfItsMaker(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	class, until := h.Classes(at)[0].ID, h.DB.Now().Add(20*time.Hour)
	sub := h.Appoint("remplace", school.Teacher, at, func(a *directory.Appointment) { a.Template, a.Until = "replacement", until })
	h.Attach(class, sub)
	h.Enter(sub, school.Teacher).Post("/accounts/class/"+class.String()+"/labels", nil).Wants(http.StatusOK)
	if h.waiting(class) == 0 {
		t.Fatal("no code waits")
	}
	h.Later(20 * time.Hour)
	if n := h.waiting(class); n != 0 {
		t.Errorf("%d codes outlive the replacement", n)
	}
}

// posts are posts that have an end, for so many days, or else until that of the school
// year, and how each ends before.
var posts = map[string]struct {
	code string
	hat  school.Profile
	days int
	ends func(h *office, at, who school.ID)
}{
	"who replaces is dismissed": {"replacement", school.Teacher, 21, func(h *office, at, who school.ID) {
		h.Enter(h.Head(at), school.Head).Post("/register/structure/"+at.String()+"/team/"+who.String()+"/dismiss", url.Values{"post": {"replacement"}}).
			Wants(http.StatusSeeOther)
	}},
	"the interim is ended": {directory.ActingHead, school.Head, 21, func(h *office, at, _ school.ID) {
		town := h.Enter(h.Appoint("mairie", school.Municipal, h.Above(at, directory.Commune)), school.Municipal)
		town.Post("/register/school/"+at.String()+"/interim/end", url.Values{"confirm": {"1"}}).Wants(http.StatusSeeOther)
	}},
	"who replaces until the summer is dismissed": {"replacement", school.Teacher, 0, func(h *office, at, who school.ID) {
		h.Enter(h.Head(at), school.Head).Post("/register/structure/"+at.String()+"/team/"+who.String()+"/dismiss", url.Values{"post": {"replacement"}}).
			Wants(http.StatusSeeOther)
	}},
	"the interim until the summer is ended": {directory.ActingHead, school.Head, 0, func(h *office, at, _ school.ID) {
		town := h.Enter(h.Appoint("mairie", school.Municipal, h.Above(at, directory.Commune)), school.Municipal)
		town.Post("/register/school/"+at.String()+"/interim/end", url.Values{"confirm": {"1"}}).Wants(http.StatusSeeOther)
	}},
	"a head is named": {directory.ActingHead, school.Head, 21, func(h *office, at, _ school.ID) {
		h.Enter(h.Operator(), school.Operator).Post("/register/structure/"+at.String()+"/appoint",
			url.Values{"post": {"head"}, "civility": {"Mme"}, "first": {"Odile"}, "name": {"NOUVELLE"}, "reason": {"nommée"}}).Wants(http.StatusSeeOther)
	}},
	"nobody tells": {directory.ActingHead, school.Head, 21, func(h *office, at, who school.ID) {
		h.Write(func(tx *db.Tx) error {
			_, err := directory.EndInterim(tx, at)
			return err
		})
	}},
}

// holding gives somebody a post of a school, for so many days or until the end of the
// school year, with its first class.
func (h *office) holding(code string, at school.ID, days int) (who school.ID) {
	h.T.Helper()
	if code == directory.ActingHead {
		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE directory_function SET until_at = $3 WHERE structure_id = $1 AND profile = $2`, at, school.Head, db.At(tx.Now))
			return err
		})
		h.tick()
	}
	who = h.Appoint("passe", school.Teacher, at, func(a *directory.Appointment) {
		a.Template = code
		if days > 0 {
			a.Until = h.DB.Now().AddDate(0, 0, days)
		}
		if code == directory.ActingHead {
			a.By, a.ConfirmedBy = h.Teachers(h.far[0])[0], h.Teachers(h.far[0])[1]
		}
	})
	if code != directory.ActingHead {
		h.Attach(h.Classes(at)[0].ID, who)
	}
	return who
}

// What somebody handed out in a post that has a last day opens nothing once it is
// over before that day, however it ends: neither the codes, nor the ways into a class
// that they hung and left in a tablet. Their own session has nothing of the class.
func TestNothingOutlivesAPostThatEndsBeforeItsDay(t *testing.T) {
	for name, post := range posts {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(h *office) {
				at := h.near[0]
				class := h.Classes(at)[0].ID
				who := h.holding(post.code, at, post.days)
				v := h.Enter(who, post.hat)
				v.Post("/accounts/class/"+class.String()+"/labels", nil).Wants(http.StatusOK)
				var code, own account.Code
				var poster account.Printed
				var tablet account.Enrolled
				pupil := h.Pupils(class)[0].ID
				h.Write(func(tx *db.Tx) (err error) {
					poster, err = h.Accounts.HangPoster(tx, class, at, audit.By{Actor: who, Profile: post.hat})
					if err == nil {
						tablet, err = h.Accounts.EnrolTablet(tx, class, at, audit.By{Actor: who, Profile: post.hat}, "au fond")
					}
					if err == nil {
						_, err = h.Accounts.MakeBadges(tx, class, at, audit.By{Actor: who, Profile: post.hat}, []school.ID{pupil})
					}
					if err == nil {
						own, err = h.Accounts.IssueCode(tx, who, audit.By{}, account.SlipLife)
					}
					if err == nil { // one whose text is known
						until, err := directory.EndOf(tx, who, post.hat, at)
						if err != nil {
							return err
						}
						code, err = h.Accounts.IssueSlip(tx, pupil, account.Warrant{By: audit.By{Actor: who}, As: post.hat, At: at, Until: until})
						return err
					}
					return err
				})
				doors := func() (n int) {
					h.Read(func(tx *db.Tx) error {
						doors, err := account.ClassDoors(tx, class)
						n = len(doors)
						return err
					})
					return n
				}
				if h.waiting(class) < 2 || doors() != 2 {
					t.Fatalf("%d codes and %d doors before the end", h.waiting(class), doors())
				}
				h.tick()
				post.ends(h, at, who)
				h.tick()
				if n := h.waiting(class); n != 0 {
					t.Errorf("%d codes outlive the post", n)
				}
				if acts := h.Acts(pupil); name != "nobody tells" && !slices.Contains(acts, "account.code-annul") {
					t.Errorf("the journal of a pupil says %s", acts)
				}
				if _, err := h.Accounts.Activate(t.Context(), code.Login.String(), code.Text, house.Password, house.From); !fail.Is(err, fail.Invalid) {
					t.Errorf("a code of a post that is over: %v", err)
				}
				if _, err := h.Accounts.Activate(t.Context(), own.Login.String(), own.Text, house.Password, house.From); name != "nobody tells" && !fail.Is(err, fail.Invalid) {
					t.Errorf("the code of who is nothing any more: %v", err)
				}
				if n := doors(); n != 0 {
					t.Errorf("%d doors outlive the post", n)
				}
				if _, err := h.Accounts.Scan(t.Context(), poster.Text, "", house.From); !fail.Is(err, fail.Invalid) {
					t.Errorf("the poster of a post that is over: %v", err)
				}
				h.Read(func(tx *db.Tx) error {
					if _, err := h.Accounts.ClassDoor(tx, tablet.Token, house.From); !fail.Is(err, fail.NotFound) {
						t.Errorf("the tablet of a post that is over: %v", err)
					}
					badges, err := account.HaveBadges(tx, pupil)
					if badges[pupil] != (post.hat == school.Head) {
						t.Errorf("the badge of a child that was printed in a post that is over: %t", badges[pupil])
					}
					return err
				})
				for _, got := range []house.Reply{ // to sign in again: who is nothing any more has no session
					v.Get("/register/class/" + class.String()), v.Get("/accounts/class/" + class.String()), v.Post("/accounts/class/"+class.String()+"/labels", nil),
				} {
					if to := got.Header.Get("Location"); got.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, "/login") {
						t.Errorf("a session of a post that is over: %d %s", got.StatusCode, to)
					}
				}
			})
		})
	}
}

// A post that goes on keeps what was handed out in it: one that has no last day,
// and one that is given for longer.
func TestAPostThatGoesOnKeepsItsCodes(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	class, other := h.Classes(at)[0].ID, h.Classes(at)[1].ID
	who := h.holding("replacement", at, 21)
	h.Enter(who, school.Teacher).Post("/accounts/class/"+class.String()+"/labels", nil).Wants(http.StatusOK)
	head := h.Enter(h.Head(at), school.Head)
	head.Post("/accounts/class/"+other.String()+"/labels", nil).Wants(http.StatusOK)
	kept := [2]int{h.waiting(class), h.waiting(other)}
	if kept[0] == 0 || kept[1] == 0 {
		t.Fatal("no code waits")
	}
	h.Later(24 * time.Hour)
	h.Enter(h.Head(at), school.Head).Post("/register/structure/"+at.String()+"/team/"+who.String()+"/extend",
		url.Values{"post": {"replacement"}, "until": {h.DB.Now().AddDate(0, 0, 25).Format(time.DateOnly)}}).Wants(http.StatusSeeOther)
	h.Later(24 * time.Hour)
	if now := [2]int{h.waiting(class), h.waiting(other)}; now != kept {
		t.Errorf("%v codes wait, %v did", now, kept)
	}
}

// Who replaces hangs a poster of their own beside the class's, which is on the wall when
// they leave; who has the class for good takes down both with theirs.
func TestAReplacementLeavesTheClassItsPoster(t *testing.T) {
	onBoth(t, func(h *office) {
		t := h.T
		at := h.near[0]
		class, teacher := h.Classes(at)[0].ID, h.Teachers(at)[0]
		h.Attach(class, teacher)
		who := h.holding("replacement", at, 21)
		door := "/accounts/class/" + class.String() + "/door"
		hang := func(by school.ID) (poster account.Printed) {
			h.Write(func(tx *db.Tx) (err error) {
				poster, err = h.Accounts.HangPoster(tx, class, at, audit.By{Actor: by, Profile: school.Teacher})
				return err
			})
			return poster
		}
		opens := func(poster account.Printed) bool {
			_, err := h.Accounts.Scan(t.Context(), poster.Text, "", house.From)
			if err != nil && !fail.Is(err, fail.Invalid) {
				t.Fatal(err)
			}
			return err == nil
		}
		own, first := hang(teacher), hang(who)
		second := hang(who)
		if !opens(own) || opens(first) || !opens(second) {
			t.Errorf("the class's own opens: %t; the replacement's first: %t, and second: %t", opens(own), opens(first), opens(second))
		}
		h.Enter(who, school.Teacher).Get(door).Wants(http.StatusOK, "le dernier jour de votre poste ici", "Imprimer une nouvelle affiche")
		permanent := h.Enter(teacher, school.Teacher).Get(door)
		permanent.Wants(http.StatusOK, "tant que vous avez cette classe", "Imprimer une nouvelle affiche")
		permanent.Lacks(http.StatusOK, "le dernier jour de votre poste ici")
		if third := hang(teacher); opens(own) || opens(second) || !opens(third) {
			t.Error("a new poster of the class leaves another up")
		}
	})
}

// Two records of whoever replaces are found to be one person: what either handed out goes on,
// until the post ends.
func TestWhatWasHandedOutOutlivesAMerge(t *testing.T) {
	onBoth(t, func(h *office) {
		t := h.T
		at := h.near[0]
		class := h.Classes(at)[0].ID
		gone := h.holding("replacement", at, 21)
		kept := h.Appoint("meme", school.Staff, at)
		var poster account.Printed
		h.Write(func(tx *db.Tx) (err error) {
			poster, err = h.Accounts.HangPoster(tx, class, at, audit.By{Actor: gone, Profile: school.Teacher})
			return err
		})
		h.Enter(gone, school.Teacher).Post("/accounts/class/"+class.String()+"/labels", nil).Wants(http.StatusOK)
		codes := h.waiting(class)
		h.tick()
		h.Write(func(tx *db.Tx) error {
			if _, err := h.Accounts.Merge(tx, kept, gone, audit.By{Actor: h.Head(at)}); err != nil {
				return err
			}
			return directory.Merge(tx, kept, gone)
		})
		if _, err := h.Accounts.Scan(t.Context(), poster.Text, "", house.From); err != nil || h.waiting(class) != codes || codes == 0 {
			t.Errorf("after the merge %d codes of %d wait, and the poster: %v", h.waiting(class), codes, err)
		}
		h.Later(22 * 24 * time.Hour)
		if _, err := h.Accounts.Scan(t.Context(), poster.Text, "", house.From); !fail.Is(err, fail.Invalid) || h.waiting(class) != 0 {
			t.Errorf("after the post %d codes wait, and the poster: %v", h.waiting(class), err)
		}
	})
}

// A class that is taken from whoever replaces has nothing left of them, and their other class
// has; what its own teacher handed out is the class's, though they hold it no more.
func TestAClassThatIsTakenBack(t *testing.T) {
	onBoth(t, func(h *office) {
		t := h.T
		at := h.near[0]
		rooms, teacher := h.Classes(at)[:2], h.Teachers(at)[0]
		who := h.holding("replacement", at, 21)
		head := h.Enter(h.Head(at), school.Head)
		count := func(class school.ID) (doors int) {
			h.Read(func(tx *db.Tx) error {
				all, err := account.ClassDoors(tx, class)
				doors = len(all)
				return err
			})
			return doors
		}
		for i, maker := range []school.ID{who, who, teacher} {
			class := rooms[min(i, 1)].ID
			h.Attach(class, maker)
			h.tick()
			h.Write(func(tx *db.Tx) error {
				_, err := h.Accounts.HangPoster(tx, class, at, audit.By{Actor: maker, Profile: school.Teacher})
				return err
			})
			if maker == who {
				h.Enter(who, school.Teacher).Post("/accounts/class/"+class.String()+"/labels", nil).Wants(http.StatusOK)
				continue
			}
			pupil := h.Pupils(class)[0].ID
			h.Write(func(tx *db.Tx) error { // one code is the teacher's
				_, err := h.Accounts.IssueSlip(tx, pupil, account.Warrant{By: audit.By{Actor: teacher}})
				return err
			})
		}
		for _, taken := range []struct{ class, from school.ID }{{rooms[1].ID, who}, {rooms[1].ID, teacher}} {
			h.tick()
			head.Post("/register/school/"+at.String()+"/class/"+taken.class.String()+"/detach", url.Values{"teacher": {taken.from.String()}}).Wants(http.StatusSeeOther)
		}
		if h.waiting(rooms[0].ID) == 0 || count(rooms[0].ID) != 1 {
			t.Errorf("the class that they hold still has %d codes and %d doors", h.waiting(rooms[0].ID), count(rooms[0].ID))
		}
		if h.waiting(rooms[1].ID) != 1 || count(rooms[1].ID) != 1 {
			t.Errorf("the class that was taken back has %d codes and %d doors, want its teacher's one and one", h.waiting(rooms[1].ID), count(rooms[1].ID))
		}
	})
}
