package news_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"preau/core/school"
	"preau/test/house"
)

// What a change says to more people, or to anybody, is thought of twice, as what is new.
func TestAChangeThatWidensIsThoughtOfTwice(t *testing.T) {
	h := onSQLite(t)
	c := h.cast()
	teacher := h.Enter(c.teacher, school.Teacher)
	team := func(title string) url.Values {
		form := feast("title", title)
		form["to"] = []string{"team"}
		return form
	}
	item := publish(teacher, c.school, team("Fête"))
	teacher.SendFiles(item+"/amend", team("Fêtes")).Wants(http.StatusSeeOther)
	wide := feast()
	teacher.SendFiles(item+"/amend", wide).Wants(http.StatusUnprocessableEntity, "Toute l’école le lira", `name="whole"`)
	h.Enter(c.parent, school.Guardian).Get(item).Wants(http.StatusNotFound)
	wide.Set("whole", "on")
	acted := h.Acted(c.teacher)
	teacher.SendFiles(item+"/amend", wide).Wants(http.StatusSeeOther)
	h.Enter(c.parent, school.Guardian).Get(item).Wants(http.StatusOK, "Fête")
	if h.Acted(c.teacher) <= acted {
		t.Error("a change that reaches many counts for nothing")
	}
	h.Enter(c.head, school.Head).Post("/news/page/"+c.school.String(), url.Values{"open": {"1"}}).Wants(http.StatusSeeOther)
	public := feast("public", "1")
	teacher.SendFiles(item+"/amend", public).Wants(http.StatusUnprocessableEntity, "Toute l’école le lira")
	public.Set("whole", "on")
	teacher.SendFiles(item+"/amend", public).Wants(http.StatusSeeOther)
}

// What is past is told as news no more, and stays among what is past.
func TestExpired(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		head := h.Enter(c.head, school.Head)
		event := publish(head, c.school, feast("event_day", "2026-10-06"))
		chosen := publish(head, c.school, feast("title", "Exposition", "until", "2026-10-07"))
		usual := publish(head, c.school, feast("title", "Des arbres"))
		h.Enter(c.parent, school.Guardian).Get("/").Wants(http.StatusOK, "Aujourd’hui et demain", "Fête de l’école", "Nouveau (2)")
		h.Later(2 * 24 * time.Hour)
		parent := h.Enter(c.parent, school.Guardian)
		parent.Get("/").Wants(http.StatusOK, "Nouveau (2)", "Exposition", "Des arbres")
		parent.Get("/news/").Lacks(http.StatusOK, "Fête de l’école", "À venir")
		parent.Get("/news/past").Wants(http.StatusOK, "Fête de l’école")
		parent.Get("/news/past").Lacks(http.StatusOK, "Exposition")
		h.Later(31 * 24 * time.Hour)
		parent = h.Enter(c.parent, school.Guardian)
		parent.Get("/").Lacks(http.StatusOK, "Nouveau")
		for _, path := range []string{event, chosen, usual} {
			parent.Get(path).Wants(http.StatusOK)
		}
		parent.Get("/news/past").Wants(http.StatusOK, "Fête de l’école", "Exposition", "Des arbres")
	})
}

// One item of a school is on top, at most.
func TestOneIsOnTop(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		head, parent := h.Enter(c.head, school.Head), h.Enter(c.parent, school.Guardian)
		first := publish(head, c.school, feast("title", "La première", "front", "1"))
		h.Later(time.Minute)
		second := publish(head, c.school, feast("title", "La deuxième"))
		before := func(one, other string) {
			t.Helper()
			text := parent.Get("/news/").Text()
			if i, j := strings.Index(text, one), strings.Index(text, other); i < 0 || j < 0 || i > j || strings.Count(text, "À la une") != 1 {
				t.Errorf("%s is not before %s, alone on top:\n%s", one, other, text)
			}
		}
		before("La première", "La deuxième")
		head.Post(second+"/front", url.Values{"front": {"1"}}).Wants(http.StatusSeeOther)
		before("La deuxième", "La première")
		head.Post(second+"/front", nil).Wants(http.StatusSeeOther)
		parent.Get("/news/").Lacks(http.StatusOK, "À la une")
		publish(h.Enter(c.teacher, school.Teacher), c.school, feast("front", "1"))
		parent.Get("/news/").Lacks(http.StatusOK, "À la une")
		head.Get(first).Wants(http.StatusOK, "Mise à la une", "Mettre à la une")
		head.Post(first+"/front", url.Values{"front": {"1"}})
		publish(head, c.school, feast("title", "La prochaine", "front", "1", "publish_day", "2026-10-06"))
		before("La première", "La deuxième")
		h.Later(24 * time.Hour)
		parent = h.Enter(c.parent, school.Guardian)
		before("La prochaine", "La première")
	})
}

// What is changed says so, and is new again only when its author wants it.
func TestAnItemChanges(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		head, parent := h.Enter(c.head, school.Head), h.Enter(c.parent, school.Guardian)
		item := publish(h.Enter(c.teacher, school.Teacher), c.school, feast("event_day", "2026-10-09"))
		parent.Get(item)
		head.Get(item+"/amend").Wants(http.StatusOK, `value="2026-10-09"`)
		head.SendFiles(item+"/amend", feast("title", "")).Wants(http.StatusUnprocessableEntity, "Donnez un titre")
		head.SendFiles(item+"/amend", feast("title", "Fête reportée", "event_day", "2026-10-16")).Wants(http.StatusSeeOther)
		parent.Get("/").Lacks(http.StatusOK, "Nouveau")
		parent.Get(item).Wants(http.StatusOK, "Fête reportée", "a été modifiée", "16 octobre")
		head.SendFiles(item+"/amend", feast("event_day", "2026-10-16", "again", "on")).Wants(http.StatusSeeOther)
		parent.Get("/").Wants(http.StatusOK, "Nouveau (1)")
		if n := h.One(`SELECT count(*) FROM audience_receipt WHERE person_id = $1 AND read_at IS NOT NULL`, c.head); n != 1 {
			t.Errorf("who changed it has %d receipts", n)
		}
		head.SendFiles(item+"/amend", url.Values{"to": {"team"}, "title": {"Fête"}}).Wants(http.StatusSeeOther)
		parent.Get(item).Wants(http.StatusNotFound)
	})
}

// What is removed is read by nobody but who keeps it, may be put back as it was, and goes
// for good after ninety days.
func TestRemovedAndRestored(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		head, teacher, parent := h.Enter(c.head, school.Head), h.Enter(c.teacher, school.Teacher), h.Enter(c.parent, school.Guardian)
		item := publish(teacher, c.school, feast(), house.Shot(h.T, 40, 30))
		parent.Get(item)
		teacher.Post(item+"/remove", nil).Wants(http.StatusSeeOther)
		parent.Get(item).Wants(http.StatusNotFound)
		parent.Get(item + "/photo/1").Wants(http.StatusNotFound)
		parent.Get("/news/").Lacks(http.StatusOK, "Fête")
		parent.Get("/search?q=fete").Lacks(http.StatusOK, "Fête de")
		teacher.SendFiles(item+"/amend", feast()).Wants(http.StatusConflict)
		for _, v := range []house.Visitor{head, teacher} {
			v.Get("/news/").Lacks(http.StatusOK, "Fête de l’école")
			v.Get("/news/removed").Wants(http.StatusOK, "Fête de l’école")
			v.Get(item).Wants(http.StatusOK, "Remettre")
		}
		h.Enter(c.otherHead, school.Head).Get("/news/removed").Lacks(http.StatusOK, "Fête")
		head.Post(item+"/restore", nil).Wants(http.StatusSeeOther)
		parent.Get(item).Wants(http.StatusOK, "Fête")
		parent.Get("/").Lacks(http.StatusOK, "Nouveau") // it was read
		head.Get(item).Wants(http.StatusOK, "Mise à la corbeille", "Remise", h.Who(c.teacher).Formal())
		head.Post(item+"/remove", nil)
		h.Later(80 * 24 * time.Hour)
		h.purge()
		if n := h.One(`SELECT count(*) FROM news_photo`); n != 1 {
			t.Errorf("%d photos of what may be put back", n)
		}
		h.Later(91 * 24 * time.Hour)
		h.purge()
		if n := h.One(`SELECT (SELECT count(*) FROM news_item) + (SELECT count(*) FROM news_photo) + (SELECT count(*) FROM audience_receipt)`); n != 0 {
			t.Errorf("%d rows are left of what was removed", n)
		}
	})
}
