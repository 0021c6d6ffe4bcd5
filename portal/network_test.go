package portal_test

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/test/browser"
	"preau/test/house"
)

// here is where the requests of the tests come from, and away another network.
var (
	here = account.Origin{IP: netip.MustParseAddr("127.0.0.1"), Request: "test"}
	away = account.Origin{IP: netip.MustParseAddr("198.51.100.7"), Request: "test"}
)

// keep says that a network is that of the class's school.
func (c *classroom) keep(from account.Origin) (id school.ID) {
	c.T.Helper()
	at := c.One(`SELECT school_id FROM directory_class WHERE id = $1`, c.class)
	c.Write(func(tx *db.Tx) error { return c.Accounts.KeepNetwork(tx, at, audit.By{Actor: c.head}, from) })
	return c.One(`SELECT id FROM account_network WHERE school_id = $1 AND network = $2`, at, from.Network())
}

// only has the doors of the class's school open there only.
func (c *classroom) only() {
	c.T.Helper()
	at := c.One(`SELECT school_id FROM directory_class WHERE id = $1`, c.class)
	c.Write(func(tx *db.Tx) error {
		return c.Accounts.OpenAtSchool(tx, at, audit.By{Actor: c.head, Request: "test"})
	})
}

// Where the head says so, no way into a class opens from elsewhere than the
// school: neither to whoever has the right pictures, nor to whoever says that they come
// from there. The badge that a guardian allows from home does.
func TestADoorOpensAtItsSchool(t *testing.T) {
	eachClass(t, func(c *classroom) {
		t, child, allowed := c.T, c.pupils[0].ID, c.pupils[1].ID
		poster, tablet, badge, home := c.poster(), keeping(c.tablet().Token), c.badge(c.class, child), c.badge(c.class, allowed)
		guardian := c.One(`SELECT min(b.guardian_id) FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
			WHERE b.pupil_id = $1`, allowed)
		c.Write(func(tx *db.Tx) error {
			return c.Accounts.AllowHome(tx, allowed, audit.By{Actor: guardian, Request: "test"})
		})
		other := c.One(`SELECT min(k.id) FROM directory_class k WHERE k.kind = 'class' AND k.school_id <> (SELECT school_id FROM directory_class WHERE id = $1)`, c.class)
		var theirs account.Printed
		c.Write(func(tx *db.Tx) (err error) {
			theirs, err = c.Accounts.HangPoster(tx, other, 0, audit.By{Actor: c.head, Request: "test"})
			return err
		})

		hung := keeping(c.scan(poster.Text).door())
		entered(t, "by the poster, before", c.show(child, right, hung))
		c.keep(away)
		entered(t, "by the poster, when a network is kept", c.show(child, right, hung))
		c.only()

		lie := header("X-Forwarded-For", away.IP.String())
		shut := func(what string, got reply) {
			t.Helper()
			refused(t, what, got, http.StatusForbidden)
			if got.door() != "" || !strings.Contains(got.Main(), "Cette porte s’ouvre à l’école.") {
				t.Errorf("%s: a way in is left, or it is told as\n%.1000s", what, got.Main())
			}
		}
		shut("the poster", c.scan(poster.Text))
		shut("the poster, with the address of the school", c.scan(poster.Text, lie))
		shut("a badge", c.scan(badge.Text))
		shut("a badge, by a camera", c.post("/class", url.Values{"code": {badge.Text}, "camera": {"1"}}))
		shut("a badge, on the tablet", c.scan(badge.Text, tablet))
		shut("the badge for home, on the tablet", c.scan(home.Text, tablet))
		for what, by := range map[string]set{"the poster of before": hung, "the tablet": tablet} {
			shut(what+", its page", c.get("/class", by))
			shut(what+", its page, with the address of the school", c.get("/class", by, lie))
			yes, no := c.show(child, right, by), c.show(child, wrong, by)
			refused(t, what, yes, http.StatusSeeOther)
			refused(t, what+", wrong pictures", no, http.StatusSeeOther)
			if yes.Body != no.Body || yes.Header.Get("Location") != no.Header.Get("Location") {
				t.Errorf("%s tells right pictures from wrong ones", what)
			}
		}
		c.scan("2222-3333-4444").Wants(http.StatusUnprocessableEntity)
		if got := c.scan(theirs.Text); got.door() == "" {
			t.Errorf("another school's poster is a %d", got.StatusCode)
		}
		entered(t, "from home", c.show(allowed, right, keeping(c.scan(home.Text).door())))

		c.noticed(true)
		c.keep(here)
		entered(t, "by the tablet, at the school", c.show(child, right, tablet))
		entered(t, "by the poster, at the school", c.show(child, right, keeping(c.scan(poster.Text).door())))
		c.noticed(false)
	})
}

// noticed fails the test unless the school knows that a door of its was refused.
func (c *classroom) noticed(want bool) {
	c.T.Helper()
	if err := c.Accounts.WriteSights(c.T.Context()); err != nil {
		c.T.Fatal(err)
	}
	if got := len(c.Some(`SELECT school_id FROM account_network_only WHERE refused_at IS NOT NULL`)) == 1; got != want {
		c.T.Errorf("the school knows that a door was refused: %v, want %v", got, want)
	}
}

const checkbox = `name="shared" type="checkbox"`

// signingIn is what a person sends who says whether the device is shared.
func signingIn(login string, shared bool) url.Values {
	values := form("login", login, "password", good, "asked", "shared")
	if shared {
		values.Set("shared", "on")
	}
	return values
}

// A shared session leaves nothing in the browser and dies after ten minutes; one
// is asked, and the tablet of a class is shared whatever one says.
func TestASharedDevice(t *testing.T) {
	eachClass(t, func(c *classroom) {
		t := c.T
		guardian := c.One(`SELECT min(b.guardian_id) FROM directory_bond b
			JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
			JOIN directory_membership m ON m.person_id = b.pupil_id AND m.class_id = $1 AND m.until_at IS NULL
			WHERE b.until_at IS NULL AND NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = b.guardian_id)`, c.class)
		login := c.activate(guardian)
		ticked := func(page reply) bool {
			_, box, there := strings.Cut(page.Body, checkbox)
			box, _, _ = strings.Cut(box, ">")
			if !there {
				t.Errorf("no box in\n%.2000s", page.Main())
			}
			return strings.Contains(box, "checked")
		}
		left := func(what string, shared bool, got reply) set {
			t.Helper()
			in := entered(t, what, got)
			for _, cookie := range got.Cookies() {
				if cookie.Name == "preau" && shared != cookie.Expires.IsZero() {
					t.Errorf("%s: the session is kept until %s", what, cookie.Expires)
				}
			}
			if (got.device() == nil) != shared {
				t.Errorf("%s: the device keeps %v", what, got.device())
			}
			if leave := strings.Contains(c.get("/", in).Body, `class="leave"`); leave != shared {
				t.Errorf("%s: one leaves in one touch: %v", what, leave)
			}
			return in
		}
		if ticked(c.get("/login")) {
			t.Error("the box is ticked elsewhere than at a school")
		}
		left("one's own", false, c.post("/login", signingIn(login, false)))
		in := left("a shared one", true, c.post("/login", signingIn(login, true)))
		if wrong := c.post("/login", form("login", login, "password", "x", "asked", "shared", "shared", "on")); !ticked(wrong) {
			t.Error("the box is not ticked any more after a mistake")
		}
		c.get("/me/devices", in).Wants(http.StatusOK, "(partagé)")

		began := c.DB.Now()
		c.Later(10 * time.Minute)
		c.get("/", in).Wants(http.StatusSeeOther)
		c.Later(began.Sub(c.DB.Now()))
		kept, at := c.keep(here), c.One(`SELECT school_id FROM directory_class WHERE id = $1`, c.class)
		if !ticked(c.get("/login")) {
			t.Error("the box is not ticked at the school")
		}
		left("at the school, where one says nothing", true, c.post("/login", form("login", login, "password", good)))
		left("at the school, on one's own", false, c.post("/login", signingIn(login, false)))
		if wrong := c.post("/login", form("login", login, "password", "x", "asked", "shared")); ticked(wrong) {
			t.Error("the box is ticked again after a mistake")
		}
		code := c.code(guardian)
		activating := func(more ...string) url.Values {
			return form(append([]string{"login", code.Login.String(), "code", code.Text}, more...)...)
		}
		if !ticked(c.post("/activate", activating())) {
			t.Error("the box is not ticked at the school, by a slip")
		}
		if wrong := c.post("/activate", activating("password", "court", "asked", "shared")); ticked(wrong) {
			t.Error("the box is ticked again after a mistake, by a slip")
		}
		left("by a slip", true, c.post("/activate", activating("password", good)))
		code = c.code(guardian)
		left("by a slip, on one's own", false, c.post("/activate", activating("password", good, "asked", "shared")))

		c.Write(func(tx *db.Tx) error {
			return c.Accounts.ForgetNetwork(tx, kept, at, audit.By{Actor: c.head, Request: "test"})
		})
		code = c.code(guardian)
		if ticked(c.post("/activate", activating())) {
			t.Error("the box is ticked elsewhere than at a school, by a slip")
		}
		if wrong := c.post("/activate", activating("password", "court", "asked", "shared", "shared", "on")); !ticked(wrong) {
			t.Error("the box is not ticked any more after a mistake, by a slip")
		}
		left("by a slip, on a shared one", true, c.post("/activate", activating("password", good, "asked", "shared", "shared", "on")))
		code = c.code(guardian)
		tablet := keeping(c.tablet().Token)
		slip := c.post("/activate", activating(), tablet)
		if slip.Wants(http.StatusOK, "celui d’une classe"); strings.Contains(slip.Body, checkbox) {
			t.Error("one may say that the tablet of a class is not shared, by a slip")
		}
		left("by a slip, on the tablet of a class", true, c.post("/activate", activating("password", good, "asked", "shared"), tablet))
		page := c.get("/login?who=adult", tablet)
		if page.Wants(http.StatusOK, "celui d’une classe"); strings.Contains(page.Body, checkbox) {
			t.Error("one may say that the tablet of a class is not shared")
		}
		left("on the tablet of a class", true, c.post("/login", signingIn(login, false), tablet))
		if ticked(c.get("/login?who=adult", keeping(c.scan(c.poster().Text).door()))) {
			t.Error("a telephone that was shown the poster is shared")
		}
		if got := c.show(c.pupils[0].ID, right, tablet); c.One(`SELECT count(*) FROM account_session WHERE door_id IS NOT NULL AND shared`) != 0 {
			t.Errorf("a child's session is one of a shared device: %d", got.StatusCode)
		}
		// Another device ends it.
		far := cookie(c.post("/login", signingIn(login, true)).session())
		near := c.post("/login", signingIn(login, false))
		c.post("/me/devices/close-others", nil, cookie(near.session())).Wants(http.StatusSeeOther)
		c.get("/", far).Wants(http.StatusSeeOther)
	})
}

// Whoever has no script is asked too, and leaves in one touch on a telephone.
func TestSharedOnAScreen(t *testing.T) {
	b := browser.Open(t)
	c := openClass(fed.SQLite(t), school.CP)
	c.keep(here)
	login := c.activate(c.guardian())
	for _, view := range []browser.View{{Width: browser.Phone, NoScript: true}, {Width: browser.Phone}, {Width: browser.Desk}} {
		p := b.Page(t, view)
		p.Goto(c.URL + "/login")
		if !view.NoScript {
			p.Check()
			p.Shot("login-shared")
		}
		p.Login(c.URL, login, good)
		if !view.NoScript {
			p.Check()
			p.Shot("home-shared")
			p.Goto(c.URL + "/me/devices")
			p.Check()
			p.Shot("devices-shared")
		}
		p.Follow(".leave button")
		if at := p.URL(); !strings.HasPrefix(at, c.URL+"/login") {
			t.Errorf("leaving leads to %s", at)
		}
	}
	enrolled := c.tablet()
	c.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE account_network SET network = 'elsewhere'`)
		return err
	})
	c.only()
	head := c.activate(c.head)
	for _, width := range []int{browser.Phone, browser.Desk} {
		p := house.Visitor{House: c.House}.Page(browser.View{Width: width})
		p.Cookie(c.URL, "preau-class", enrolled.Token)
		p.Goto(c.URL + "/login?who=adult")
		p.Check()
		p.Shot("login-tablet")
		p.Goto(c.URL + "/class")
		p.Axe()
		p.Fits()
		p.Shot("class-elsewhere")
		p = house.Visitor{House: c.House}.Page(browser.View{Width: width})
		p.Cookie(c.URL, "preau-class", enrolled.Token)
		p.Cookie(c.URL, "preau", c.post("/login", signingIn(head, false), keeping(enrolled.Token)).session())
		p.Goto(c.URL)
		p.Check()
		p.Shot("head-shared")
	}
}
