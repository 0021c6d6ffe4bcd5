package news_test

import (
	"bytes"
	"image/jpeg"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"preau/core/school"
	"preau/test/house"
)

// The photos of an item are made small, and shown to whom the item is for alone.
func TestPhotos(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		head, parent := h.Enter(c.head, school.Head), h.Enter(c.parent, school.Guardian)
		at := "/news/new/school/" + c.school.String()
		send(head, at, feast(), []byte("no picture at all")).Wants(http.StatusUnprocessableEntity, "Fête de l’école", "Ce fichier n’est pas une photo")
		var seven [][]byte
		for i := range 7 {
			seven = append(seven, house.Shot(h.T, 10+i, 10))
		}
		send(head, at, feast(), seven...).Wants(http.StatusUnprocessableEntity, "6 photos au plus")
		if n := h.One(`SELECT count(*) FROM news_item`); n != 0 {
			t.Errorf("%d items were published", n)
		}
		item := publish(head, c.school, feast(), house.Shot(h.T, 2000, 1000))
		parent.Get("/news/").Wants(http.StatusOK, item+"/photo/1")
		parent.Get(item).Wants(http.StatusOK, item+"/photo/1", `width="480"`, `height="240"`)
		for path, side := range map[string]int{item + "/photo/1": 480, item + "/photo/1?whole": 1600} {
			got := parent.Get(path)
			size, err := jpeg.DecodeConfig(bytes.NewReader([]byte(got.Body)))
			if err != nil || size.Width != side || got.Header.Get("Content-Type") != "image/jpeg" {
				t.Errorf("%s is %d wide, %s: %v", path, size.Width, got.Header.Get("Content-Type"), err)
			}
			h.Enter(c.otherParent, school.Guardian).Get(path).Wants(http.StatusNotFound)
		}
		for _, none := range []string{"/photo/0", "/photo/2", "/photo/x"} {
			parent.Get(item + none).Wants(http.StatusNotFound)
		}
	})
}

// Anybody reads on the public page of a school what its authors chose to put there, once
// its head has opened it; anything else is the same absence.
func TestThePublicPage(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		nobody, head, teacher := house.Visitor{House: h.House}, h.Enter(c.head, school.Head), h.Enter(c.teacher, school.Teacher)
		at := h.Structure(c.school)
		path, turn := "/news/public/"+strings.ToLower(string(at.UAI)), "/news/page/"+c.school.String()
		early := publish(head, c.school, feast("title", "Avant la page", "public", "on", "faceless", "on"), house.Shot(h.T, 40, 30))
		absence := nobody.Get("/news/public/0000000x")
		absent := func(name, path string) {
			t.Helper()
			got := nobody.Get(path)
			same := strings.ReplaceAll(got.Body, got.Header.Get("X-Request-Id"), "") == strings.ReplaceAll(absence.Body, absence.Header.Get("X-Request-Id"), "")
			if got.StatusCode != http.StatusNotFound || !same || got.Header.Get("Cache-Control") != absence.Header.Get("Cache-Control") {
				t.Errorf("%s: %d, the same: %v", name, got.StatusCode, same)
			}
		}
		if absence.StatusCode != http.StatusNotFound {
			t.Fatalf("a school that is none answers %d", absence.StatusCode)
		}
		absent("a page that is closed", path)
		absent("a photo of it", path+"/item/"+id(early)+"/photo/1")
		head.Get(early+"/amend").Lacks(http.StatusOK, "page publique")

		head.Get(turn).Wants(http.StatusOK, "La page est fermée")
		head.Post(turn, url.Values{"open": {"1"}}).Wants(http.StatusSeeOther)
		head.Get(turn).Wants(http.StatusOK, "La page est ouverte", path, "Page ouverte", h.Who(c.head).Formal())
		teacher.Get("/news/new/school/"+c.school.String()).Wants(http.StatusOK, "Sur la page publique", "Jamais de photo ni de nom d’élève.")

		shown := publish(teacher, c.school, feast("title", "Portes ouvertes", "public", "on"), house.Shot(h.T, 50, 30))
		faceless := publish(teacher, c.school, feast("title", "Les arbres", "public", "on", "faceless", "on"), house.Shot(h.T, 60, 30))
		hidden := publish(teacher, c.school, feast("title", "Entre nous", "faceless", "on"), house.Shot(h.T, 70, 30))
		later := publish(teacher, c.school, feast("title", "Plus tard", "public", "on", "faceless", "on", "publish_day", "2026-10-07"), house.Shot(h.T, 80, 30))
		published(h.Enter(c.agent, school.Municipal), "/news/new/school/"+c.school.String(), feast("title", "La mairie", "public", "on"))
		page := nobody.Get(path)
		page.Wants(http.StatusOK, at.Name, at.Where()[0], "Portes ouvertes", "Les arbres", path+"/item/"+id(faceless)+"/photo/1")
		page.Lacks(http.StatusOK, "Avant la page", "Entre nous", "Plus tard", "La mairie", h.Who(c.teacher).Formal(), h.Who(c.head).Formal(), id(shown)+"/photo")
		for name, want := range map[string]string{"Cache-Control": "public, max-age=60", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex", "Set-Cookie": ""} {
			if got := page.Header.Get(name); got != want {
				t.Errorf("%s of the public page is %q, want %q", name, got, want)
			}
		}
		if got := head.Get(path).Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("to somebody signed in, the public page is kept: %q", got)
		}
		photo := path + "/item/" + id(faceless) + "/photo/1"
		nobody.Get(photo).Wants(http.StatusOK)
		for name, item := range map[string]string{"nobody declared": shown, "not for the page": hidden, "before its day": later, "of another time": early} {
			absent("a photo that "+name, path+"/item/"+id(item)+"/photo/1")
		}
		absent("a photo on the page of another school", "/news/public/"+strings.ToLower(string(h.Structure(c.nextDoor).UAI))+"/item/"+id(faceless)+"/photo/1")
		if n := h.One(`SELECT count(*) FROM audit_entry WHERE action = 'news.declare' AND actor_id = $1`, c.teacher); n != 2 {
			t.Errorf("what was declared is journalled %d times", n)
		}

		head.SendFiles(hidden+"/amend", feast("title", "Entre nous"), house.Upload{Field: "file", Name: "menu.pdf", Content: house.PDF("inside")})
		head.Get("/search?q=menu").Wants(http.StatusOK, hidden) // it is found by the names of its files
		head.SendFiles(faceless+"/amend", feast("title", "Les arbres", "public", "on", "faceless", "on"), house.Upload{Field: "file", Name: "menu.pdf", Content: house.PDF("outside")},
			house.Upload{Field: "photo", Name: "IMG.jpg", Content: house.Shot(h.T, 90, 30)}).Wants(http.StatusSeeOther)
		absent("a new photo, of which nothing was declared", photo)
		absent("a new file, of which nothing was declared", path+"/item/"+id(faceless)+"/file/1")
		nobody.Get(path).Lacks(http.StatusOK, "menu.pdf")
		head.SendFiles(faceless+"/amend", feast("title", "Les arbres", "public", "on", "faceless", "on"), house.Upload{Field: "file", Name: "menu.pdf", Content: house.PDF("outside")},
			house.Upload{Field: "photo", Name: "IMG.jpg", Content: house.Shot(h.T, 90, 30)}).Wants(http.StatusSeeOther)
		page = nobody.Get(path)
		page.Wants(http.StatusOK, "menu.pdf", path+"/item/"+id(faceless)+"/file/1")
		if got := nobody.Get(path + "/item/" + id(faceless) + "/file/1"); got.Body != string(house.PDF("outside")) || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("the file of the public page: %d, %.80q", got.StatusCode, got.Body)
		}
		absent("a file that is not for the page", path+"/item/"+id(hidden)+"/file/1")
		if got := head.Get(hidden + "/file/1"); got.StatusCode != http.StatusOK {
			t.Errorf("to who keeps it: %d", got.StatusCode)
		}

		head.SendFiles(faceless+"/amend", feast("title", "Les arbres", "public", "on"))
		absent("a photo whose declaration was taken back", photo)
		absent("a file whose declaration was taken back", path+"/item/"+id(faceless)+"/file/1")
		head.Post(shown+"/remove", nil)
		nobody.Get(path).Lacks(http.StatusOK, "Portes ouvertes")
		head.Post(turn, url.Values{"open": {"1"}, "listed": {"on"}})
		if got := nobody.Get(path).Header.Get("X-Robots-Tag"); got != "all" {
			t.Errorf("search engines are told %q", got)
		}
		h.Later(31 * 24 * time.Hour)
		nobody.Get(path).Lacks(http.StatusOK, "Les arbres")
		h.Enter(c.head, school.Head).Post(turn, nil).Wants(http.StatusSeeOther)
		absent("a page that was closed again", path)
		if n := h.One(`SELECT count(*) FROM audit_entry WHERE action IN ('news.page-open', 'news.page-close')`); n != 3 {
			t.Errorf("the page is journalled %d times", n)
		}
	})
}

// id is the identifier of an item, from its address.
func id(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }
