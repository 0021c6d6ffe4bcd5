package portal_test

import (
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/core/audience"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/job"
	"preau/core/mail/mailtest"
	"preau/core/notify"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/test/browser"
	"preau/test/house"
)

// shelf is a room that tells everything that is addressed in it.
type shelf struct{}

func (shelf) Tell(_ *db.Tx, _ web.Addressee, news []audience.News) (told []web.Told, err error) {
	for _, n := range news {
		told = append(told, web.Told{News: n, Title: "x", Href: "/"})
	}
	return told, nil
}

// notifies is what tells the people of a hall what waits for them.
func notifies(in *house.House) *notify.Service {
	n := notify.New(in.DB, in.Key)
	n.Words, n.Log, n.Audiences, n.Hats, n.Boxes = in.Words, slog.New(slog.DiscardHandler), directory.Audiences{}, directory.Hats, account.Reachable
	n.People, n.InUse, n.Spoken = account.UsedBy, account.IsUsed, account.Spoken
	n.Rooms, n.Tellers = []notify.Room{{Name: "shelf", Title: "portal.help"}, {Name: "siren", Title: "portal.devices", Always: true}}, map[string]web.Teller{"shelf": shelf{}}
	n.Posted = func(*db.Tx, i18n.Printer, ...school.ID) ([]notify.Posted, error) { return nil, nil }
	n.Enqueue = func(*db.Tx, job.Kind, any, time.Time, string) error { return nil }
	in.Write(func(tx *db.Tx) (err error) {
		n.Push, err = notify.OpenPusher(tx, in.Key)
		return err
	})
	return n
}

// chosen is what somebody chose.
func (h *lobby) chosen(person school.ID) (c notify.Choice) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) (err error) {
		c, err = h.notify.ChoiceOf(tx, person)
		return err
	})
	return c
}

// One chooses when one is told, with every service, and at which hours never.
func TestNotificationsAreChosen(t *testing.T) {
	fed.Each(t, func(t *testing.T, of *house.House) {
		h := openOn(of)
		if page := h.get("/me/notifications", h.as(h.pupil(school.CM2), school.Pupil)); page.StatusCode != http.StatusNotFound {
			t.Errorf("a pupil: %d", page.StatusCode)
		}
		guardian := h.guardian()
		h.Address(guardian, "camille@exemple.fr")
		as := h.as(guardian, school.Guardian)
		page := h.get("/me/notifications", as)
		holds(t, page.Body, "camille@exemple.fr", "Écrire le prénom de mes enfants", `value="20:00"`, `value="07:00"`, "data-push")
		holds(t, h.get("/me", as).Body, "/me/notifications")
		const path = "/me/notifications"
		for name, c := range map[string][]string{
			"no hour":      {"mail", "evening", "quiet", "on", "from", "tard", "until", "07:00"},
			"always quiet": {"mail", "evening", "quiet", "on", "from", "07:00", "until", "07:00"},
		} {
			if page := h.post(path, form(c...), as); page.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page.Body, `aria-invalid="true"`) {
				t.Errorf("%s: %d", name, page.StatusCode)
			}
		}
		if page := h.post(path, form("mail", "often"), as); page.StatusCode < 400 {
			t.Errorf("no rhythm: %d", page.StatusCode)
		}
		if got := h.chosen(guardian); got.Mail != notify.Evening || !got.Usual {
			t.Errorf("what was refused is kept: %+v", got)
		}
		page = h.post(path, form("mail", "week", "names", "on", "quiet", "on", "from", "21:15", "until", "06:30", "weekend", "on", "room-shelf", "now", "mute-shelf", "on", "room-siren", "never", "mute-siren", "on", "relay", "on"), as)
		if page.StatusCode != http.StatusSeeOther {
			t.Fatalf("%d: %s", page.StatusCode, page.Text())
		}
		want := notify.Quiet{On: true, From: 21*60 + 15, Until: 6*60 + 30, Weekend: true}
		if got := h.chosen(guardian); got.Mail != notify.Week || !got.Names || got.Quiet != want || got.Rooms["shelf"] != notify.Now || !got.Muted["shelf"] || !got.Relay {
			t.Errorf("it keeps %+v", got)
		} else if got.Of(notify.Mail, "siren") == notify.Never || got.Of(notify.Push, "siren") == notify.Never {
			t.Error("what is always told is refused")
		}
		if page := h.get(path, as); strings.Contains(page.Body, `name="room-siren"`) || strings.Contains(page.Body, `name="mute-siren"`) || !strings.Contains(page.Body, "vous les recevez toujours") {
			t.Error("what is always told is offered")
		}
		holds(t, h.get(path, as).Body, `value="21:15"`, "Recevoir en entier les actualités publiques")
		h.post(path, form("mail", "never"), as)
		if got := h.chosen(guardian); got.Mail != notify.Never || got.Quiet.On || got.Names || got.Relay || len(got.Rooms) != 0 {
			t.Errorf("it keeps %+v", got)
		}
	})
}

// caught is what left by mail.
func (h *lobby) caught(post *house.Post) (path, text string) {
	h.T.Helper()
	h.notify.Outbox, h.notify.URL = h.Accounts.Mail.Outbox, h.URL
	if err := h.notify.Digest(h.T.Context(), job.Job{Payload: []byte(`{"day":"` + h.DB.Now().Format(time.DateOnly) + `","after":0}`)}); err != nil {
		h.T.Fatal(err)
	}
	left := slices.DeleteFunc(post.New(), func(m mailtest.Mail) bool { return m.Header.Get("List-Unsubscribe") == "" }) // those of the account
	if len(left) != 1 {
		h.T.Fatalf("%d mails", len(left))
	}
	stop := strings.Trim(left[0].Header.Get("List-Unsubscribe"), "<>")
	return strings.TrimPrefix(stop, h.URL), left[0].Text
}

// A mail is turned off in one click by a program that has no session, and by its reader with
// a button; never by whatever opens its links.
func TestNoMoreMail(t *testing.T) {
	fed.Each(t, func(t *testing.T, of *house.House) {
		h := openOn(of)
		post := h.Sends()
		guardian := h.guardian()
		h.enter(guardian)
		h.Address(guardian, "camille@exemple.fr")
		h.Write(func(tx *db.Tx) error {
			return audience.Publish(tx, audience.Address{
				Room: "shelf", Thing: school.NewID(tx.Now), Audiences: []audience.Audience{{Place: audience.Person, Of: guardian}},
				Published: tx.Now, NewsUntil: tx.Now.AddDate(0, 0, 9),
			})
		})
		h.Later(10 * time.Minute)
		path, text := h.caught(post)
		if !strings.HasPrefix(path, "/unsubscribe/") || !strings.Contains(text, h.URL+path) {
			t.Fatalf("the link is %q", path)
		}
		for _, wrong := range []string{"/unsubscribe/x", path[:len(path)-1] + "7", path + "a", "/unsubscribe/" + strings.Repeat("a", 29)} {
			if wrong == path {
				continue
			}
			if page := h.get(wrong); page.StatusCode != http.StatusNotFound && page.StatusCode != http.StatusSeeOther {
				t.Errorf("GET %s: %d", wrong, page.StatusCode)
			}
			if page := h.post(wrong, form("List-Unsubscribe", "One-Click")); page.StatusCode < 400 {
				t.Errorf("POST %s: %d", wrong, page.StatusCode)
			}
		}
		page := h.get(path)
		holds(t, page.Body, "Ne plus recevoir ces e-mails", `action="`+path+`"`)
		holdsNone(t, page.Body, []string{h.Who(guardian).Name(), "camille@exemple.fr"})
		if got := h.chosen(guardian); got.Mail != notify.Evening {
			t.Fatalf("opening the page turns mail off: %+v", got)
		}
		oneClick := func(r *http.Request) { // as a mail program: no session, no page of ours
			r.Header.Del("Origin")
			r.Header.Del("Referer")
			r.Header.Del("Sec-Fetch-Site")
		}
		page = h.post(path, form("List-Unsubscribe", "One-Click"), oneClick)
		if page.StatusCode != http.StatusOK || h.chosen(guardian).Mail != notify.Never {
			t.Fatalf("one click: %d, %+v", page.StatusCode, h.chosen(guardian))
		}
		holds(t, page.Body, "C’est fait", "Recevoir de nouveau")
		holds(t, h.post(path, form("again", "on")).Body, "vous recevrez de nouveau")
		if got := h.chosen(guardian); got.Mail != notify.Evening {
			t.Errorf("it does not come back: %+v", got)
		}
	})
}

// What is public in full is turned off by a link of its own, which leaves the rest.
func TestNoMoreOfWhatIsPublic(t *testing.T) {
	h := openAs("localhost", fed.SQLite(t))
	post := h.Sends()
	guardian := h.guardian()
	v := h.Enter(guardian, school.Guardian)
	h.Address(guardian, "camille@exemple.fr")
	h.post("/me/notifications", form("mail", "evening", "relay", "on", "names", "on"), h.as(guardian, school.Guardian))
	posted := notify.Posted{Room: "shelf", Thing: 7, From: "École des Tilleuls", Title: "Fête", Path: "/news/public/0010001a", At: h.DB.Now().Add(time.Minute)}
	h.notify.Posted = func(*db.Tx, i18n.Printer, ...school.ID) ([]notify.Posted, error) { return []notify.Posted{posted}, nil }
	h.Later(10 * time.Minute)
	path, text := h.caught(post)
	if !strings.Contains(text, "Fête") {
		t.Fatalf("it says\n%s", text)
	}
	const said = "ne vous enverra plus en entier"
	holds(t, h.get(path).Body, said)
	p := v.Page(browser.View{Width: browser.Phone})
	p.Goto(h.URL + path)
	p.Check()
	p.Shot("stop-relay")
	p.Submit("form.post")
	p.Check()
	p.Shot("stop-relay-done")
	if got := h.chosen(guardian); got.Relay || got.Mail != notify.Evening || !got.Names {
		t.Errorf("it leaves %+v", got)
	}
	holds(t, h.post(path, form("again", "on")).Body, "le rythme de vos autres e-mails")
	if got := h.chosen(guardian); !got.Relay {
		t.Error("it does not come back")
	}
}

// Who is not reached by mail is told so, until they say that their address is right.
func TestLostMail(t *testing.T) {
	fed.Each(t, func(t *testing.T, of *house.House) {
		h := openOn(of)
		guardian := h.guardian()
		h.Address(guardian, "camille@exemple.fr")
		as := h.as(guardian, school.Guardian)
		const said = "Nos e-mails ne vous parviennent plus"
		for range 2 {
			holdsNone(t, h.get("/", as).Body, []string{said})
			h.Write(func(tx *db.Tx) error { return h.notify.Returned(tx, guardian, "camille@exemple.fr") })
			h.Later(2 * time.Hour)
		}
		holds(t, h.get("/", as).Body, said)
		holds(t, h.get("/me/notifications", as).Body, said, "camille@exemple.fr")
		h.post("/me/notifications/confirm", form(), as)
		holdsNone(t, h.get("/", as).Body, []string{said})
	})
}

// A device is told things until it is taken off, or signed out; one that others use never is.
func TestADeviceIsTold(t *testing.T) {
	fed.Each(t, func(t *testing.T, of *house.House) {
		h := openOn(of)
		guardian := h.guardian()
		_, as := h.enter(guardian)
		key := "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM"
		sent := form("endpoint", "https://push.example.org/x", "p256dh", key, "auth", "tBHItJI5svbpez7KI4CCXg")
		count := func() (ids []school.ID) {
			h.Read(func(tx *db.Tx) error {
				all, err := h.notify.SubscriptionsOf(tx, guardian)
				for _, one := range all {
					ids = append(ids, one.ID)
				}
				return err
			})
			return ids
		}
		for name, wrong := range map[string][]string{
			"this machine": {"endpoint", "https://127.0.0.1/x", "p256dh", key, "auth", "tBHItJI5svbpez7KI4CCXg"}, "nothing": {},
		} {
			if page := h.post("/me/notifications/device", form(wrong...), as); page.StatusCode < 400 || len(count()) != 0 {
				t.Errorf("%s: %d", name, page.StatusCode)
			}
		}
		if page := h.post("/me/notifications/device", sent, as); page.StatusCode != http.StatusSeeOther || len(count()) != 1 {
			t.Fatalf("%d: %s", page.StatusCode, page.Text())
		}
		holds(t, h.get("/me/notifications", as).Body, "Arrêter les notifications")
		other := h.as(h.plainTeacher(), school.Teacher)
		if page := h.post("/me/notifications/device/"+count()[0].String()+"/remove", form(), other); page.StatusCode != http.StatusNotFound || len(count()) != 1 {
			t.Errorf("somebody else's: %d", page.StatusCode)
		}
		h.post("/me/notifications/device/"+count()[0].String()+"/remove", form(), as)
		if len(count()) != 0 {
			t.Error("it is not taken off")
		}
		h.post("/me/notifications/device", sent, as)
		h.post("/logout", form(), as)
		if len(count()) != 0 {
			t.Error("it is told things after signing out")
		}
		_, as = h.enter(guardian)
		h.post("/me/notifications/device", sent, as)
		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE account_session SET shared = TRUE WHERE person_id = $1`, guardian)
			return err
		})
		page := h.get("/me/notifications", as)
		holds(t, page.Body, "D’autres personnes utilisent cet appareil")
		holdsNone(t, page.Body, []string{"data-push"})
		if page := h.post("/me/notifications/device", sent, as); page.StatusCode != http.StatusNotFound {
			t.Errorf("on a shared device: %d", page.StatusCode)
		}
	})
}

// The language that somebody chooses is that of what leaves for them.
func TestTheLanguageOfWhatLeaves(t *testing.T) {
	h := open(t)
	_, as := h.enter(h.guardian())
	h.post("/lang", form("lang", "en"), as)
	if got := h.chosen(h.guardian()); got.Lang != "en" {
		t.Errorf("it is %q", got.Lang)
	}
	// What they choose from a browser in another language changes nothing of it.
	h.post("/me/notifications", form("mail", string(notify.Evening)), as, speaks("ar"))
	if got := h.chosen(h.guardian()); got.Lang != "en" {
		t.Errorf("from another browser it becomes %q", got.Lang)
	}
}

// fakePush lends the page a browser that takes push notifications.
const fakePush = `
window.Notification = { requestPermission: async () => "granted" };
PushManager.prototype.getSubscription = async () => null;
PushManager.prototype.subscribe = async function (options) {
	window.asked = options.applicationServerKey.length;
	return { toJSON: () => ({ endpoint: "https://push.example.org/x", keys: {
		p256dh: "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM", auth: "tBHItJI5svbpez7KI4CCXg" } }) };
};`

// The pages of notifications are for everybody, with and without scripts.
func TestNotificationsAreForEverybody(t *testing.T) {
	h := openAs("localhost", fed.SQLite(t))
	post := h.Sends()
	guardian := h.guardian()
	h.Address(guardian, "camille@exemple.fr")
	v := h.Enter(guardian, school.Guardian)
	h.Write(func(tx *db.Tx) error {
		return audience.Publish(tx, audience.Address{
			Room: "shelf", Thing: school.NewID(tx.Now), Audiences: []audience.Audience{{Place: audience.Person, Of: guardian}},
			Published: tx.Now, NewsUntil: tx.Now.AddDate(0, 0, 9),
		})
	})
	h.Later(10 * time.Minute)
	stop, _ := h.caught(post)
	for range 2 {
		h.Write(func(tx *db.Tx) error { return h.notify.Returned(tx, guardian, "camille@exemple.fr") })
		h.Later(2 * time.Hour)
	}
	for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}, {Width: browser.Phone, Lang: "en"}} {
		p := v.In(t).Page(view)
		p.Goto(h.URL + "/me/notifications")
		p.Click("#notifications summary")
		p.Check()
		p.Shot("notifications" + view.Lang)
		p.Goto(h.URL + "/me")
		p.Check()
		p.Goto(h.URL + stop)
		p.Check()
		p.Shot("stop-mail" + view.Lang)
	}
	p := v.In(t).Page(browser.View{Width: browser.Phone, NoScript: true})
	p.Goto(h.URL + "/me/notifications")
	p.Submit("#notifications")
	if got := p.Text("main"); !strings.Contains(got, "Vos choix sont enregistrés") {
		t.Errorf("without scripts: %s", got)
	}
	p = v.In(t).Page(browser.View{Width: browser.Phone})
	p.Prepare(fakePush)
	p.Goto(h.URL + "/me/notifications")
	p.Submit("form[data-push]")
	if got := p.Text("main"); !strings.Contains(got, "Les notifications arrivent sur cet appareil") {
		t.Errorf("with a browser that takes push notifications: %s", got)
	}
	p.Check()
	p.Shot("notifications-on")
	p = v.In(t).Page(browser.View{Width: browser.Phone})
	p.Goto(h.URL + stop)
	p.Submit("form.post")
	p.Check()
	p.Shot("stop-mail-done")
}
