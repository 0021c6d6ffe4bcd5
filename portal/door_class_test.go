package portal_test

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
	"preau/core/ui"
	"preau/directory"
	"preau/test/house"
)

// classroom is a class of small children, who all have the same pictures.
type classroom struct {
	*lobby
	class  school.ID
	head   school.ID
	pupils []directory.InClass
}

// their pictures, and others.
var (
	right = account.Pictures{"sun", "cake", "sun"}
	wrong = account.Pictures{"sun", "sun", "cake"}
)

// eachClass runs a test in a classroom on each database.
func eachClass(t *testing.T, f func(*classroom)) {
	t.Helper()
	fed.Each(t, func(_ *testing.T, in *house.House) { f(openClass(in, school.CP)) })
}

// openClass opens a class of pupils of a level.
func openClass(in *house.House, level school.Level) *classroom {
	in.T.Helper()
	c := &classroom{lobby: openOn(in)}
	c.class = c.One(`SELECT c.id FROM directory_membership m JOIN directory_class c ON c.id = m.class_id AND c.kind = 'class'
		WHERE m.person_id = $1`, c.pupil(level))
	c.head = c.Head(c.One(`SELECT school_id FROM directory_class WHERE id = $1`, c.class))
	c.pupils = c.Pupils(c.class)
	secrets := map[school.ID]account.Pictures{}
	for _, pupil := range c.pupils {
		secrets[pupil.ID] = right
	}
	c.give(c.class, secrets)
	return c
}

func (c *classroom) give(class school.ID, secrets map[school.ID]account.Pictures) {
	c.T.Helper()
	if err := c.Accounts.GivePictures(c.T.Context(), class, 0, audit.By{Actor: c.head, Request: "test"}, secrets); err != nil {
		c.T.Fatal(err)
	}
}

// keeping is a browser that keeps the way into a class.
func keeping(token string) set {
	return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "preau-class", Value: token}) }
}

func (c *classroom) tablet() (tablet account.Enrolled) {
	c.T.Helper()
	c.Write(func(tx *db.Tx) (err error) {
		tablet, err = c.Accounts.EnrolTablet(tx, c.class, 0, audit.By{Actor: c.head, Request: "test"}, "bleue")
		return err
	})
	return tablet
}

func (c *classroom) poster() (poster account.Printed) {
	c.T.Helper()
	c.Write(func(tx *db.Tx) (err error) {
		poster, err = c.Accounts.HangPoster(tx, c.class, 0, audit.By{Actor: c.head, Request: "test"})
		return err
	})
	return poster
}

// door is the way in that a reply leaves in the browser.
func (r reply) door() string {
	for _, c := range r.Cookies() {
		if c.Name == "preau-class" {
			return c.Value
		}
	}
	return ""
}

func (c *classroom) show(child school.ID, p account.Pictures, sets ...set) reply {
	c.T.Helper()
	form := url.Values{}
	for _, one := range p {
		form.Add("picture", string(one))
	}
	return c.post("/class/"+child.String(), form, sets...)
}

// refused fails the test unless nobody came in.
func refused(t *testing.T, what string, got reply, status int) {
	t.Helper()
	if got.StatusCode != status || got.session() != "" {
		t.Errorf("%s: status %d, want %d; a session was opened: %v", what, got.StatusCode, status, got.session() != "")
	}
}

// entered fails the test unless somebody came in, and gives their session.
func entered(t *testing.T, what string, got reply) set {
	t.Helper()
	if got.StatusCode != http.StatusSeeOther || got.Header.Get("Location") != "/" || got.session() == "" {
		t.Errorf("%s: status %d to %s\n%.2000s", what, got.StatusCode, got.Header.Get("Location"), got.Main())
	}
	return cookie(got.session())
}

// Nobody comes in by the door of a class but a pupil of the class, with their
// pictures, by a way that is open, in school hours. What is refused leaves no
// session, and who is refused learns nothing of why.
func TestTheDoorOfAClassRefuses(t *testing.T) {
	eachClass(t, func(c *classroom) {
		t, children := c.T, c.pupils
		tablet := c.tablet()
		in := keeping(tablet.Token)
		before := c.poster()
		scanned := c.post("/class", url.Values{"code": {before.Text}})
		oldPoster := keeping(scanned.door())
		entered(t, "by the poster", c.show(children[0].ID, right, oldPoster))
		poster := c.poster()

		elsewhere := c.One(`SELECT min(m.person_id) FROM directory_membership m JOIN directory_class k ON k.id = m.class_id AND k.kind = 'class'
			WHERE m.role = 'pupil' AND m.class_id <> $1`, c.class)
		c.give(c.One(`SELECT min(m.class_id) FROM directory_membership m JOIN directory_class k ON k.id = m.class_id AND k.kind = 'class'
			WHERE m.person_id = $1`, elsewhere), map[school.ID]account.Pictures{elsewhere: right})

		staff, gone, shut, renewed, without := children[1].ID, children[2].ID, children[3].ID, children[4].ID, children[5].ID
		at := c.One(`SELECT school_id FROM directory_class WHERE id = $1`, c.class)
		c.Name(staff, school.Staff, at)
		c.Write(func(tx *db.Tx) error {
			for _, table := range []string{"directory_membership", "directory_enrolment"} {
				if _, err := tx.Exec(`UPDATE `+table+` SET until_at = $2 WHERE person_id = $1`, gone, db.At(tx.Now.Add(-time.Hour))); err != nil {
					return err
				}
			}
			return c.Accounts.Disable(tx, shut, audit.By{Actor: c.head, Request: "test"})
		})
		c.give(c.class, map[school.ID]account.Pictures{renewed: wrong})
		c.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`DELETE FROM account_pictures WHERE person_id = $1`, without)
			return err
		})

		for what, one := range map[string]struct {
			child    school.ID
			pictures account.Pictures
			by       set
		}{
			"wrong pictures":              {children[0].ID, wrong, in},
			"a pupil of another class":    {elsewhere, right, in},
			"a pupil who works there too": {staff, right, in},
			"a pupil who left":            {gone, right, in},
			"an account that is shut":     {shut, right, in},
			"pictures of before":          {renewed, right, in},
			"a child without pictures":    {without, right, in},
			"a teacher":                   {c.plainTeacher(), right, in},
			"the head":                    {c.head, right, in},
			"nobody":                      {12345, right, in},
		} {
			got := c.show(one.child, one.pictures, one.by)
			refused(t, what, got, http.StatusUnprocessableEntity)
			if !strings.Contains(got.Text(), "Essaie encore") {
				t.Errorf("%s hears something else", what)
			}
		}
		for what, by := range map[string]set{
			"no way in":             func(*http.Request) {},
			"a poster of before":    oldPoster,
			"the code as the token": keeping(poster.Text),
			"a session's token":     keeping(c.activateToken(children[0].ID)),
			"what is no token":      keeping("x"),
		} {
			refused(t, what, c.show(children[0].ID, right, by), http.StatusSeeOther)
			page := c.get("/class", by)
			page.Wants(http.StatusOK, "Code de l’affiche")
			for _, child := range children {
				if strings.Contains(page.Body, child.ID.String()) {
					t.Errorf("%s shows the class", what)
				}
			}
		}
		if got := c.get("/class/"+elsewhere.String(), in); got.Header.Get("Location") != "/class" {
			t.Errorf("the pad of a pupil of another class is a %d", got.StatusCode)
		}

		entered(t, "by a tablet", c.show(children[0].ID, right, in))
		c.Write(func(tx *db.Tx) error {
			return c.Accounts.EndDoor(tx, c.class, tablet.ID, 0, audit.By{Actor: c.head, Request: "test"})
		})
		refused(t, "by a tablet that was revoked", c.show(children[0].ID, right, in), http.StatusSeeOther)

		in = keeping(c.post("/class", url.Values{"code": {poster.Text}}).door())
		began := c.DB.Now()
		for _, shut := range []struct { // in order: what is counted in one has gone in the next
			what  string
			after time.Duration
		}{{"in the evening", 7 * time.Hour}, {"on Saturday", 5 * 24 * time.Hour}, {"on Sunday", 6 * 24 * time.Hour}} {
			what := shut.what
			c.Later(began.Add(shut.after).Sub(c.DB.Now()))
			refused(t, what, c.show(children[0].ID, right, in), http.StatusSeeOther)
			refused(t, what+", the poster", c.post("/class", url.Values{"code": {poster.Text}}), http.StatusForbidden)
			refused(t, what+", a wrong code", c.post("/class", url.Values{"code": {"2222-3333-4444"}}), http.StatusForbidden)
			if got, none := c.get("/class", in), c.get("/class"); got.StatusCode != http.StatusForbidden || got.Body != none.Body {
				t.Errorf("%s: the door is a %d, and not the one of who has none", what, got.StatusCode)
			}
		}
		c.Later(began.Sub(c.DB.Now()))
		entered(t, "in hours again", c.show(children[0].ID, right, in))
		c.Later(300 * 24 * time.Hour) // a Sunday of August, then Monday
		c.Later(24 * time.Hour)
		refused(t, "the year after", c.show(children[0].ID, right, in), http.StatusSeeOther)
	})
}

// activateToken gives the token of the session of somebody who has a password.
func (c *classroom) activateToken(person school.ID) string {
	c.T.Helper()
	return c.Enter(person, school.Pupil).Token
}

// The session of a child is a pupil's, and short: it ends unseen for ten
// minutes, with school, with the way in, and when the pictures change.
func TestTheSessionOfTheDoor(t *testing.T) {
	eachClass(t, func(c *classroom) {
		t, zoe := c.T, c.pupils[0].ID
		tablet := c.tablet()
		in := keeping(tablet.Token)
		opens := func(what string, as set, want bool) {
			t.Helper()
			if got := c.get("/me/class", as).StatusCode == http.StatusOK; got != want {
				t.Errorf("%s: it opens %v", what, got)
			}
		}
		as := entered(t, "zoe", c.show(zoe, right, in))
		opens("at once", as, true)
		if got := c.post("/me/hat", url.Values{"hat": {"teacher"}}, as).StatusCode; got < http.StatusBadRequest {
			t.Errorf("another hat: %d", got)
		}
		for range 5 {
			c.Later(9 * time.Minute)
			opens("seen all the time", as, true)
			if err := c.Accounts.WriteSights(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		c.Later(10 * time.Minute)
		opens("unseen for ten minutes", as, false)

		as = entered(t, "again", c.show(zoe, right, in))
		c.give(c.class, map[school.ID]account.Pictures{zoe: right})
		opens("once the pictures changed", as, false)

		as = entered(t, "again", c.show(zoe, right, in))
		c.Name(zoe, school.Staff, c.One(`SELECT school_id FROM directory_class WHERE id = $1`, c.class))
		if err := c.switchTo(as, school.Staff); !fail.Is(err, fail.SignIn) {
			t.Errorf("a hat that came since: %v", err)
		}

		other := c.pupils[1].ID
		as = entered(t, "another", c.show(other, right, in))
		c.Write(func(tx *db.Tx) error {
			return c.Accounts.EndDoor(tx, c.class, tablet.ID, 0, audit.By{Actor: c.head, Request: "test"})
		})
		opens("once the tablet is revoked", as, false)

		in = keeping(c.tablet().Token)
		end := school.HoursEnd(c.DB.Now())
		c.Later(end.Sub(c.DB.Now()) - 5*time.Minute)
		as = entered(t, "in the evening", c.show(other, right, in))
		c.Later(4 * time.Minute)
		opens("before the end of school", as, true)
		c.Later(time.Minute)
		opens("at the end of school", as, false)
	})
}

func (c *classroom) switchTo(as set, hat school.Profile) (err error) {
	r, _ := http.NewRequest(http.MethodGet, c.URL, nil)
	as(r)
	session, _ := r.Cookie("preau")
	return c.DB.Write(c.T.Context(), func(tx *db.Tx) error {
		_, err := c.Accounts.Switch(tx, session.Value, hat, desk)
		return err
	})
}

// A tablet of the class says first names; behind a poster there are animals,
// and no word about anybody. A browser keeps neither.
func TestWhoSeesFirstNames(t *testing.T) {
	c := openClass(fed.SQLite(t), school.CP)
	own := c.get("/class", keeping(c.tablet().Token))
	scanned := c.post("/class", url.Values{"code": {strings.ToLower(c.poster().Text)}})
	if got := scanned.Header.Get("Location"); scanned.StatusCode != http.StatusSeeOther || got != "/class" {
		t.Fatalf("the poster leads to %s by a %d", got, scanned.StatusCode)
	}
	strange := c.get("/class", keeping(scanned.door()))
	for _, page := range []reply{own, strange} {
		if kept := page.Header.Get("Cache-Control"); page.StatusCode != http.StatusOK || kept != "no-store" {
			t.Errorf("a %d is kept: %s", page.StatusCode, kept)
		}
	}
	animals := map[string]bool{}
	for _, pupil := range c.pupils {
		if !strings.Contains(own.Main(), directory.CalledIn(pupil, c.pupils)) {
			t.Errorf("%s is not on the tablet", pupil.First)
		}
		if strings.Contains(strange.Main(), pupil.First) || strings.Contains(strange.Main(), pupil.Usual) || strings.Contains(own.Main(), pupil.Usual) {
			t.Errorf("%s is told to strangers", pupil.First)
		}
		animals[string(ui.AnimalOf(uint64(pupil.ID)))] = true
	}
	if len(animals) == 0 || strings.Count(strange.Main(), `class="peer"`) != len(c.pupils) {
		t.Error("the class is not behind the poster")
	}
	// The pad, and a wrong answer on it, say no more than the door.
	pad := c.show(c.pupils[0].ID, wrong, keeping(scanned.door()))
	if strings.Contains(pad.Main(), c.pupils[0].First) {
		t.Error("the pad says the first name")
	}
}

// A code that was typed wrong is told above the form too, to whoever hears the page.
func TestAWrongCodeOfAClassIsTold(t *testing.T) {
	h := open(t)
	if got := h.get("/class/code"); strings.Contains(got.Body, `role="alert"`) {
		t.Error("something is wrong before anything was typed")
	}
	got := h.post("/class", url.Values{"code": {"2222-3333-4444"}})
	refused(t, "a wrong code", got, http.StatusUnprocessableEntity)
	if !strings.Contains(got.Body, `role="alert"`) || !strings.Contains(got.Body, `href="#field-code"`) {
		t.Errorf("no summary leads to the code:\n%.2000s", got.Main())
	}
}

// A tablet stays with its class, whatever it is shown; a wrong code is a wrong
// code; and too many from one network wait.
func TestPosters(t *testing.T) {
	c := openClass(fed.SQLite(t), school.CP)
	poster, tablet := c.poster(), c.tablet()
	shown := c.post("/class", url.Values{"code": {poster.Text}}, keeping(tablet.Token))
	if shown.door() != "" || shown.Header.Get("Location") != "/class" {
		t.Error("a poster takes a tablet from its class")
	}
	for n := 1; n < 100; n++ {
		got := c.post("/class", url.Values{"code": {"2222-3333-4444"}})
		if got.StatusCode != http.StatusUnprocessableEntity || got.door() != "" {
			t.Fatalf("the wrong code number %d is a %d", n, got.StatusCode)
		}
	}
	if got := c.post("/class", url.Values{"code": {poster.Text}}); got.StatusCode != http.StatusSeeOther {
		t.Errorf("the right one after ninety-nine: %d", got.StatusCode)
	}
	c.post("/class", url.Values{"code": {"2222-3333-4444"}})
	if got := c.post("/class", url.Values{"code": {poster.Text}}); got.StatusCode != http.StatusTooManyRequests {
		t.Errorf("after a hundred: %d", got.StatusCode)
	}
}

// Who leaves, and whose session ended, find the class again; an adult finds the
// page of sign-in.
func TestTheNextChild(t *testing.T) {
	c := openClass(fed.SQLite(t), school.CP)
	in := keeping(c.tablet().Token)
	as := entered(t, "a child", c.show(c.pupils[0].ID, right, in))
	for what, got := range map[string]reply{
		"leaving":         c.post("/logout", nil, as, in),
		"a session ended": c.get("/login?next=%2Fme%2Fclass", in),
	} {
		if to := got.Header.Get("Location"); got.StatusCode != http.StatusSeeOther || to != "/class" {
			t.Errorf("%s leads to %s by a %d", what, to, got.StatusCode)
		}
	}
	c.get("/login?who=adult", in).Wants(http.StatusOK, "Mot de passe")
	c.get("/login").Wants(http.StatusOK, "Mot de passe")
	acts := c.Acts(c.pupils[0].ID)
	if want := "account.pictures account.class-in account.sign-out"; strings.Join(acts, " ") != want {
		t.Errorf("the journal says %v", acts)
	}
}

// Only who is a pupil of the class, and nothing else, is given pictures; one
// who is not spoils it for all.
func TestWhoIsGivenPictures(t *testing.T) {
	eachClass(t, func(c *classroom) {
		zoe, staff := c.pupils[0].ID, c.pupils[1].ID
		c.Name(staff, school.Staff, c.One(`SELECT school_id FROM directory_class WHERE id = $1`, c.class))
		for what, person := range map[string]school.ID{
			"a teacher": c.plainTeacher(), "a guardian": c.guardian(), "a pupil who works there": staff, "nobody": 12345,
		} {
			err := c.Accounts.GivePictures(c.T.Context(), c.class, 0, audit.By{Actor: c.head, Request: "test"}, map[school.ID]account.Pictures{zoe: wrong, person: wrong})
			if !fail.Is(err, fail.NotFound) {
				c.T.Errorf("%s: %v", what, err)
			}
		}
		same := map[school.ID]account.Pictures{zoe: {"sun", "sun", "sun"}}
		if err := c.Accounts.GivePictures(c.T.Context(), c.class, 0, audit.By{Actor: c.head, Request: "test"}, same); !fail.Is(err, fail.Invalid) {
			c.T.Errorf("three times one picture: %v", err)
		}
		entered(c.T, "zoe has those of before", c.show(zoe, right, keeping(c.tablet().Token)))
		for _, row := range c.texts(`SELECT detail FROM audit_entry WHERE action LIKE 'account.%'`) {
			for _, p := range ui.Secrets {
				if strings.Contains(row, string(p)) {
					c.T.Errorf("the journal says %s", row)
				}
			}
		}
	})
}
