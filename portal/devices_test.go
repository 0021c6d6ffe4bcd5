package portal_test

import (
	"net/http"
	"testing"
)

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
	phone := signIn()
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
	h.get("/", phone).Wants(http.StatusOK)

	h.post(closing(sessions[1].String()), nil, here).Wants(http.StatusSeeOther)
	h.get("/", phone).Wants(http.StatusSeeOther)
	one, two := signIn(), signIn()
	h.post("/me/devices/close-others", nil, here).Wants(http.StatusSeeOther)
	h.get("/", one).Wants(http.StatusSeeOther)
	h.get("/", two).Wants(http.StatusSeeOther)
	h.get("/", here).Wants(http.StatusOK)
	h.get("/", stranger).Wants(http.StatusOK)
}
