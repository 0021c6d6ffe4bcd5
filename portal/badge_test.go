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
	"preau/directory"
)

func (c *classroom) badge(class, child school.ID) account.Printed {
	c.T.Helper()
	var made map[school.ID]account.Printed
	c.Write(func(tx *db.Tx) (err error) {
		made, err = c.Accounts.MakeBadges(tx, class, 0, audit.By{Actor: c.head, Request: "test"}, []school.ID{child})
		return err
	})
	return made[child]
}

func (c *classroom) scan(code string, sets ...set) reply {
	c.T.Helper()
	return c.post("/class", url.Values{"code": {code}}, sets...)
}

// at sets the clock: one of Paris, as many days after the start.
func (c *classroom) at(began time.Time, days, hour, minute int) {
	c.T.Helper()
	year, month, day := began.In(school.Paris).Date()
	c.Later(time.Date(year, month, day+days, hour, minute, 0, 0, school.Paris).Sub(c.DB.Now()))
}

// A badge opens nothing but its child's session, on a tablet of the class, in
// school hours. What is refused is one answer, and leaves nothing in the browser.
func TestABadgeIsRefused(t *testing.T) {
	eachClass(t, func(c *classroom) {
		t, children := c.T, c.pupils
		tablet := c.tablet()
		in := keeping(tablet.Token)
		at := c.One(`SELECT school_id FROM directory_class WHERE id = $1`, c.class)
		other := c.One(`SELECT min(m.class_id) FROM directory_membership m JOIN directory_class k ON k.id = m.class_id AND k.kind = 'class'
			WHERE m.role = 'pupil' AND m.class_id <> $1`, c.class)

		renewed, revoked, staff, gone, shut := children[1].ID, children[2].ID, children[3].ID, children[4].ID, children[5].ID
		codes := map[string]string{"what is no code": "bonjour", "nobody's": "2222-3333-4444"}
		for what, one := range map[string]school.ID{
			"one of before": renewed, "one that was taken back": revoked, "of a pupil who works there too": staff,
			"of a pupil who left": gone, "of an account that is shut": shut,
		} {
			codes[what] = c.badge(c.class, one).Text
		}
		codes["of another class"] = c.badge(other, c.Pupils(other)[0].ID).Text
		c.badge(c.class, renewed)
		c.Name(staff, school.Staff, at)
		c.Write(func(tx *db.Tx) error {
			badges, err := account.Badges(tx, c.class)
			if err == nil {
				err = c.Accounts.EndDoor(tx, c.class, badges[revoked].ID, 0, audit.By{Actor: c.head, Request: "test"})
			}
			for _, table := range []string{"directory_membership", "directory_enrolment"} {
				if err == nil {
					_, err = tx.Exec(`UPDATE `+table+` SET until_at = $2 WHERE person_id = $1`, gone, db.At(tx.Now.Add(-time.Hour)))
				}
			}
			if err == nil {
				err = c.Accounts.Disable(tx, shut, audit.By{Actor: c.head, Request: "test"})
			}
			return err
		})
		for what, code := range codes {
			got := c.scan(code, in)
			refused(t, what, got, http.StatusUnprocessableEntity)
			if got.door() != "" || !strings.Contains(got.Text(), "Ce code n’ouvre rien ici") {
				t.Errorf("%s: the tablet changes its class, or hears something else", what)
			}
			got = c.post("/class", url.Values{"code": {code}, "camera": {"1"}}, in)
			refused(t, what+", by the camera", got, http.StatusUnprocessableEntity)
			if !strings.Contains(got.Text(), "Ce badge n’ouvre pas ici") {
				t.Errorf("%s: a child hears something else", what)
			}
		}

		zoe := children[0].ID
		badge := c.badge(c.class, zoe)
		for what, one := range map[string]school.ID{"a teacher": c.plainTeacher(), "a guardian": c.guardian(), "nobody": 12345} {
			err := c.DB.Write(t.Context(), func(tx *db.Tx) error {
				_, err := c.Accounts.MakeBadges(tx, c.class, 0, audit.By{Actor: c.head, Request: "test"}, []school.ID{zoe, one})
				return err
			})
			if !fail.Is(err, fail.NotFound) {
				t.Errorf("a badge for %s: %v", what, err)
			}
		}
		as := entered(t, "by the badge that nobody spoiled", c.scan(badge.Text, in))
		if got := c.post("/me/hat", url.Values{"hat": {"teacher"}}, as).StatusCode; got < http.StatusBadRequest {
			t.Errorf("another hat: %d", got)
		}

		// Away from the tablets it shows the pad of its child, and no first name.
		scanned := c.scan(strings.ToLower(badge.Text))
		refused(t, "a badge alone", scanned, http.StatusSeeOther)
		if to := scanned.Header.Get("Location"); to != "/class/"+zoe.String() || scanned.door() == "" {
			t.Errorf("a badge leads to %s", to)
		}
		own := keeping(scanned.door())
		page := c.get("/class", own).Main()
		if strings.Count(page, `class="peer"`) != 1 || strings.Contains(page, children[0].First) || !strings.Contains(page, zoe.String()) {
			t.Error("behind a badge there is not its child alone, without a name")
		}
		refused(t, "a badge and wrong pictures", c.show(zoe, wrong, own), http.StatusUnprocessableEntity)
		refused(t, "a badge and the pictures of somebody else", c.show(children[6].ID, right, own), http.StatusUnprocessableEntity)
		refused(t, "the code as the token", c.show(zoe, right, keeping(badge.Text)), http.StatusSeeOther)
		away := entered(t, "a badge and pictures", c.show(zoe, right, own))

		// A new badge ends the old one, and who came in by it, here and there.
		c.badge(c.class, zoe)
		for what, one := range map[string]set{"on the tablet": as, "elsewhere": away} {
			if c.get("/me/class", one).StatusCode == http.StatusOK {
				t.Errorf("%s, one stays in", what)
			}
		}
		refused(t, "the pad of before", c.show(zoe, right, own), http.StatusSeeOther)
		refused(t, "the old badge", c.scan(badge.Text, in), http.StatusUnprocessableEntity)

		badge = c.badge(c.class, zoe)
		began := c.DB.Now()
		c.at(began, 0, 19, 30)
		closed := c.scan("2222-3333-4444")
		for what, got := range map[string]reply{
			"on the tablet": c.scan(badge.Text, in), "elsewhere": c.scan(badge.Text), "of before": c.scan(codes["one of before"]),
		} {
			refused(t, "in the evening, "+what, got, http.StatusForbidden)
			if got.Body != closed.Body || got.door() != "" {
				t.Errorf("in the evening, %s: it is told apart from no badge", what)
			}
		}
	})
}

// The next child shows their badge, and the one of before is out.
func TestBadgesOneAfterTheOther(t *testing.T) {
	c := openClass(fed.SQLite(t), school.CP)
	in := keeping(c.tablet().Token)
	first, second := c.badge(c.class, c.pupils[0].ID), c.badge(c.class, c.pupils[1].ID)
	as := entered(t, "the first", c.scan(first.Text, in))
	next := entered(t, "the second", c.scan(second.Text, in, as))
	if c.get("/me/class", as).StatusCode == http.StatusOK || c.get("/me/class", next).StatusCode != http.StatusOK {
		t.Error("the first is in, or the second is not")
	}
	c.Later(10 * time.Minute)
	if c.get("/me/class", next).StatusCode == http.StatusOK {
		t.Error("the session stays, unseen for ten minutes")
	}
	for _, row := range c.texts(`SELECT detail FROM audit_entry WHERE action LIKE 'account.%'`) {
		for _, code := range []string{first.Text, strings.ReplaceAll(first.Text, "-", "")} {
			if strings.Contains(row, code) {
				t.Errorf("the journal says %s", row)
			}
		}
	}
}

// Codes are not guessed: a hundred from one network, and it waits, badge in hand
// or not.
func TestGuessingBadges(t *testing.T) {
	c := openClass(fed.SQLite(t), school.CP)
	in := keeping(c.tablet().Token)
	badge := c.badge(c.class, c.pupils[0].ID)
	for range 100 {
		refused(t, "a guess", c.scan("2222-3333-4444", in), http.StatusUnprocessableEntity)
	}
	refused(t, "after a hundred", c.scan(badge.Text, in), http.StatusTooManyRequests)
	refused(t, "on any device there", c.scan(badge.Text), http.StatusTooManyRequests)
	c.Later(2 * time.Minute)
	own := keeping(c.scan(badge.Text).door())
	for n := 1; n < 10; n++ {
		refused(t, "who found a badge guesses", c.show(c.pupils[0].ID, wrong, own), http.StatusUnprocessableEntity)
	}
	refused(t, "and waits", c.show(c.pupils[0].ID, wrong, own), http.StatusTooManyRequests)
	refused(t, "whatever they show", c.show(c.pupils[0].ID, right, own), http.StatusTooManyRequests)
	entered(t, "the child comes in with the badge on the tablet", c.scan(badge.Text, in))
}

// From home a badge opens what a guardian allows, with the pictures, in home
// hours, and no longer than they do.
func TestABadgeFromHome(t *testing.T) {
	eachClass(t, func(c *classroom) {
		t := c.T
		zoe := c.One(`SELECT b.pupil_id FROM directory_bond b JOIN directory_membership m ON m.person_id = b.pupil_id AND m.class_id = $1
			JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
			WHERE m.role = 'pupil' AND b.until_at IS NULL GROUP BY b.pupil_id HAVING count(*) > 1 ORDER BY 1 LIMIT 1`, c.class)
		parents := c.Some(`SELECT b.guardian_id FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
			WHERE b.pupil_id = $1 AND b.until_at IS NULL ORDER BY 1`, zoe)
		stranger := c.One(`SELECT b.guardian_id FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
			WHERE NOT EXISTS (SELECT 1 FROM directory_bond o WHERE o.guardian_id = b.guardian_id AND o.pupil_id = $1) ORDER BY 1 LIMIT 1`, zoe)
		one, two, nobodys := c.as(parents[0], school.Guardian), c.as(parents[1], school.Guardian), c.as(stranger, school.Guardian)
		badge := c.badge(c.class, zoe)
		tablet := c.tablet()
		path, allow := "/me/badges/"+zoe.String(), url.Values{"home": {"on"}}
		decide := func(what string, as set, form url.Values, status int) {
			t.Helper()
			if got := c.post(path, form, as); got.StatusCode != status {
				t.Errorf("%s: %d, want %d", what, got.StatusCode, status)
			}
		}
		restrict := func(guardian school.ID, r directory.Restriction) {
			t.Helper()
			c.Write(func(tx *db.Tx) error {
				r.Pupil, r.Guardian, r.Reference, r.From, r.RecordedBy = zoe, guardian, "JAF 12", db.At(tx.Now), 1
				_, err := directory.Restrict(tx, r)
				return err
			})
		}
		free := func(guardian school.ID) {
			t.Helper()
			c.Write(func(tx *db.Tx) error {
				_, err := tx.Exec(`DELETE FROM directory_restriction WHERE guardian_id = $1`, guardian)
				return err
			})
		}

		began := c.DB.Now()
		evening := func() { t.Helper(); c.at(began, 0, 19, 15) }
		evening()
		refused(t, "nobody allowed it", c.scan(badge.Text), http.StatusForbidden)
		decide("a parent of somebody else", nobodys, allow, http.StatusNotFound)
		decide("a teacher", c.as(c.plainTeacher(), school.Teacher), allow, http.StatusNotFound)
		decide("a pupil", c.as(c.pupils[len(c.pupils)-1].ID, school.Pupil), allow, http.StatusNotFound)
		if strings.Contains(c.get("/me/badges", nobodys).Body, zoe.String()) {
			t.Error("a parent of somebody else sees the child")
		}
		for what, r := range map[string]directory.Restriction{
			"no access": {NoAccess: true}, "may not sign": {MayNotSign: true}, "informed only": {InformedOnly: true}, "hidden place": {HidePlace: true},
		} {
			restrict(parents[0], r)
			got := c.post(path, allow, one).StatusCode // 403 for whom nothing is left of being a guardian
			if got < http.StatusBadRequest || c.One(`SELECT count(*) FROM account_home`) != 0 {
				t.Errorf("a judge says %s: %d", what, got)
			}
			if strings.Contains(c.get("/me/badges", one).Body, zoe.String()) {
				t.Errorf("a judge says %s, and the child is asked for", what)
			}
			free(parents[0])
		}
		refused(t, "nobody who may has allowed it", c.scan(badge.Text), http.StatusForbidden)

		decide("a parent", one, allow, http.StatusSeeOther)
		refused(t, "on a tablet of the class", c.scan(badge.Text, keeping(tablet.Token)), http.StatusForbidden)
		scanned := c.scan(badge.Text)
		refused(t, "the badge alone", scanned, http.StatusSeeOther)
		own := keeping(scanned.door())
		refused(t, "wrong pictures", c.show(zoe, wrong, own), http.StatusUnprocessableEntity)
		as := entered(t, "from home", c.show(zoe, right, own))
		other := c.pupils[0].ID
		if other == zoe {
			other = c.pupils[1].ID
		}
		refused(t, "the badge of another child", c.scan(c.badge(c.class, other).Text), http.StatusForbidden)
		refused(t, "another child behind this badge", c.show(other, right, own), http.StatusUnprocessableEntity)

		decide("the other parent takes it back", two, nil, http.StatusSeeOther)
		if c.get("/me/class", as).StatusCode == http.StatusOK {
			t.Error("the child stays in")
		}
		refused(t, "once it is taken back", c.scan(badge.Text), http.StatusForbidden)
		refused(t, "by what the browser kept", c.show(zoe, right, own), http.StatusSeeOther)

		decide("the other parent", two, allow, http.StatusSeeOther)
		as = entered(t, "from home again", c.show(zoe, right, own))
		restrict(parents[1], directory.Restriction{MayNotSign: true})
		refused(t, "a judge speaks after", c.scan(badge.Text), http.StatusForbidden)
		free(parents[1])
		c.at(began, 0, 19, 24)
		if c.get("/me/class", as).StatusCode != http.StatusOK {
			t.Error("the session ended too soon")
		}
		c.at(began, 0, 19, 55)
		as = entered(t, "at five to eight", c.show(zoe, right, own))
		c.at(began, 0, 20, 0)
		if c.get("/me/class", as).StatusCode == http.StatusOK {
			t.Error("the session outlives the evening")
		}
		refused(t, "at night", c.scan(badge.Text), http.StatusForbidden)
		c.at(began, 5, 6, 59)
		refused(t, "before seven", c.scan(badge.Text), http.StatusForbidden)
		c.at(began, 5, 10, 0)
		entered(t, "on a Saturday", c.show(zoe, right, own))
		acts := strings.Join(c.Acts(zoe), " ")
		for _, act := range []string{"account.badge", "account.home-allow", "account.home-forbid", "account.class-in"} {
			if !strings.Contains(acts, act) {
				t.Errorf("%s is not in the journal: %s", act, acts)
			}
		}
	})
}
