package portal_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"preau/account"
	"preau/core/db"
	"preau/core/school"
	"preau/test/browser"
)

// secret is the password of a device, as a page shows it.
var secret = regexp.MustCompile(`[2-9A-Z]{4}(-[2-9A-Z]{4}){5}`)

// Who has no files of their own connects no computer, and nobody touches those of another.
func TestDrivesAreRefused(t *testing.T) {
	h := open(t)
	_, parent := h.enter(h.guardian())
	_, child := h.enter(h.pupil(school.CM2))
	_, head := h.enter(h.head())
	_, teacher := h.enter(h.plainTeacher())
	h.get("/me/drives").Wants(http.StatusSeeOther)
	h.post("/me/drives", form("name", "PC")).Wants(http.StatusForbidden)
	for _, who := range []set{parent, child} {
		h.get("/me/drives", who).Wants(http.StatusNotFound)
		h.post("/me/drives", form("name", "PC"), who).Wants(http.StatusNotFound)
		if page := h.get("/me/devices", who); strings.Contains(page.Body, "/me/drives") {
			t.Error("who has no files is led to their computers")
		}
	}
	h.post("/me/drives", form("name", " "), head).Wants(http.StatusUnprocessableEntity, "Écrivez le nom")
	h.post("/me/drives", form("name", strings.Repeat("x", 41)), head).Wants(http.StatusUnprocessableEntity, "Écrivez le nom")
	h.post("/me/drives", form("name", "PC"), head).Wants(http.StatusOK)
	id := h.One(`SELECT id FROM account_drive`)
	h.post("/me/drives/"+id.String()+"/remove", nil, teacher).Wants(http.StatusNotFound)
	h.post("/me/drives/7/remove", nil, head).Wants(http.StatusNotFound)
	for range account.MostDrives - 1 {
		h.post("/me/drives", form("name", "PC"), head).Wants(http.StatusOK)
	}
	h.post("/me/drives", form("name", "PC"), head).Wants(http.StatusUnprocessableEntity, "Vous avez déjà 10 appareils")
	if page := h.get("/me/drives", head); strings.Contains(page.Body, `name="name"`) {
		t.Error("who can add none is given the form")
	}
}

// A computer is connected: its password is shown once, and opens the files until it is taken back.
func TestDrives(t *testing.T) {
	h := open(t)
	who := h.head()
	login, head := h.enter(who)
	h.get("/me/devices", head).Wants(http.StatusOK, "/me/drives")
	h.get("/me/drives", head).Wants(http.StatusOK, h.URL+"/dav/", "dav"+strings.TrimPrefix(h.URL, "http")+"/dav/")
	made := h.post("/me/drives", form("name", "Portable & bleu"), head)
	made.Wants(http.StatusOK, "Portable & bleu", login)
	password := secret.FindString(made.Body)
	if password == "" || made.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%q, kept as %q", password, made.Header.Get("Cache-Control"))
	}
	if page := h.get("/me/drives", head); !strings.Contains(page.Body, "Jamais") || secret.MatchString(page.Body) {
		t.Error(page.Body)
	}
	opens := func() (d account.Drive, err error) {
		err = h.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
			d, err = h.Accounts.OpenDrive(tx, login, password)
			return err
		})
		return d, err
	}
	d, err := opens()
	if err != nil || d.Person != who || d.Profile != school.Head {
		t.Errorf("%+v, %v", d, err)
	}
	h.post("/me/drives/"+d.ID.String()+"/remove", nil, head).Wants(http.StatusSeeOther)
	if _, err := opens(); err == nil {
		t.Error("it opens still")
	}
}

// The pages are read and touched on a telephone.
func TestDrivesAreForEverybody(t *testing.T) {
	b, h := browser.Open(t), open(t)
	login := h.activate(h.head())
	for _, width := range []int{browser.Phone, browser.Desk} {
		p := b.Page(t, browser.View{Width: width})
		p.Login(h.URL, login, good)
		p.Goto(h.URL + "/me/devices")
		p.Check()
		p.Shot("drives-way")
		p.Goto(h.URL + "/me/drives")
		p.Check()
		p.Shot("drives-none")
		p.Fill("name", "PC de la classe")
		p.Follow(`form[action="/me/drives"] button`)
		p.Check()
		p.Shot("drives-made")
		p.Goto(h.URL + "/me/drives")
		p.Eval(`document.querySelectorAll('main details').forEach(d => d.open = true)`)
		p.Check()
		p.Shot("drives")
	}
}
