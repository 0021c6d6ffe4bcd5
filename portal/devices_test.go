package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"preau/core/db"
	"preau/test/browser"
)

// phone is what Firefox says of itself on a telephone.
const phone = "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0"

// Everybody sees where they are signed in, closes one or all the others, and
// nobody else's.
func TestMyDevices(t *testing.T) {
	h := open(t)
	guardian, other := h.guardian(), h.head()
	login, here := h.enter(guardian)
	_, stranger := h.enter(other)
	signIn := func() set {
		page := h.post("/login", form("login", login, "password", good))
		page.Wants(http.StatusSeeOther)
		return cookie(page.session())
	}
	elsewhere := signIn()
	list := h.get("/me/devices", here)
	list.Wants(http.StatusOK, "Cet appareil", "Déconnecter tous les autres")
	sessions := h.Some(`SELECT id FROM account_session WHERE person_id = $1 ORDER BY id`, guardian)
	if len(sessions) != 2 {
		t.Fatalf("%d sessions", len(sessions))
	}
	closing := func(id string) string { return "/me/devices/" + id + "/close" }
	h.post(closing(sessions[1].String()), nil, stranger).Wants(http.StatusNotFound)
	h.post(closing(sessions[0].String()), nil, here).Wants(http.StatusNotFound) // by signing out
	h.post(closing("7"), nil, here).Wants(http.StatusNotFound)
	h.get("/", elsewhere).Wants(http.StatusOK)

	h.post(closing(sessions[1].String()), nil, here).Wants(http.StatusSeeOther)
	h.get("/", elsewhere).Wants(http.StatusSeeOther)
	one, two := signIn(), signIn()
	h.post("/me/devices/close-others", nil, here).Wants(http.StatusSeeOther)
	h.get("/", one).Wants(http.StatusSeeOther)
	h.get("/", two).Wants(http.StatusSeeOther)
	h.get("/", here).Wants(http.StatusOK)
	h.get("/", stranger).Wants(http.StatusOK)
}

// The list is read and touched on a phone.
func TestDevicesAreForEverybody(t *testing.T) {
	b, h := browser.Open(t), open(t)
	guardian := h.guardian()
	login := h.activate(guardian)
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE account_session SET agent = $1 WHERE person_id = $2`, phone, guardian)
		return err
	})
	for _, width := range []int{browser.Phone, browser.Desk} {
		p := b.Page(t, browser.View{Width: width})
		p.Login(h.URL, login, good)
		p.Goto(h.URL + "/me/devices")
		p.Check()
		p.Shot("devices")
		if text := p.Text("main"); width == browser.Phone && !strings.Contains(text, "Firefox, Android") {
			t.Errorf("no telephone in the list:\n%s", text)
		}
		p.Follow(`form[action$="/close"] button`)
		p.Check()
		p.Shot("devices-closed")
	}
}
