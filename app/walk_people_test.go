//go:build !race

package app

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"preau/account"
	"preau/core/db"
	"preau/core/school"
	"preau/test/browser"
)

// enter opens the home page of somebody who is not of the cast.
func (w *town) enter(t *testing.T, person school.ID, profile school.Profile, view browser.View) *browser.Page {
	t.Helper()
	var opened account.Opened
	if err := w.DB.Write(t.Context(), func(tx *db.Tx) (err error) {
		opened, err = w.Accounts.EnterFederated(tx, person, []school.Profile{profile}, account.Origin{Request: "test"})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	p := browser.Open(t).Page(t, view)
	p.Cookie(w.url, "preau", opened.Token)
	p.Goto(w.url + "/")
	return p
}

// TestSeparatedParents has each of two parents sign the same word for the same child: what one
// does is not done for the other, who reads neither their name nor their answer.
func TestSeparatedParents(t *testing.T) {
	w := openTown(t)
	var mother, father school.ID
	var names [2]string
	if err := w.DB.Read(t.Context(), func(tx *db.Tx) error {
		if err := tx.Get([]any{&mother, &father}, `SELECT min(b.guardian_id), max(b.guardian_id) FROM directory_bond b
			JOIN directory_membership m ON m.person_id = b.pupil_id AND m.role = 'pupil' AND m.until_at IS NULL
			JOIN liaison_word w ON w.class_id = m.class_id AND w.title = 'Sortie au musée'
			JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
			WHERE b.until_at IS NULL AND b.authority
			AND NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = b.guardian_id)
			AND (SELECT count(*) FROM directory_bond o WHERE o.guardian_id = b.guardian_id AND o.until_at IS NULL) = 1
			GROUP BY b.pupil_id HAVING count(DISTINCT b.guardian_id) = 2 ORDER BY b.pupil_id LIMIT 1`); err != nil {
			return err
		}
		for i, person := range []school.ID{mother, father} {
			if err := tx.Get([]any{&names[i]}, `SELECT first_name FROM directory_person WHERE id = $1`, person); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	one := w.enter(t, mother, school.Guardian, browser.View{Width: browser.Phone})
	followLine(one, "Sortie au musée")
	one.Submit("main form")
	one.Check()
	one.Shot("walk-separated-signed")
	if text := one.Text("main"); !strings.Contains(text, "Signé par vous") {
		t.Errorf("who has signed reads\n%s", text)
	}

	other := w.enter(t, father, school.Guardian, browser.View{Width: browser.Desk})
	followLine(other, "Sortie au musée")
	other.Check()
	other.Shot("walk-separated-other")
	if text := other.Text("main"); strings.Contains(text, "Signé par vous") || strings.Contains(text, names[0]) {
		t.Errorf("who has not signed reads\n%s", text)
	}
	other.Submit("main form")
	if n := w.count(t, fmt.Sprintf("liaison_answer WHERE answer = 'signed' AND person_id IN (%d, %d)", mother, father)); n != 2 {
		t.Errorf("%d of two parents have signed", n)
	}
}

// TestAChildReadsTheNews has the two pupils of the demo go from the home page to the news and
// back by the house, which is on every page: the one who reads, and the one who does not.
func TestAChildReadsTheNews(t *testing.T) {
	w := openTown(t)
	for i, l := range w.logins {
		if l.Profile != school.Pupil {
			continue
		}
		t.Run(l.Name, func(t *testing.T) {
			for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}} {
				p := w.pageOf(t, l, view)
				p.Check()
				p.Shot(fmt.Sprintf("walk-child-%d-home", i))
				p.Follow(`main a[href^="/news/"]`)
				p.Check()
				p.Shot(fmt.Sprintf("walk-child-%d-news", i))
				if !strings.Contains(p.URL(), "/news/item/") {
					p.Follow(`main a[href^="/news/item/"]`)
					p.Check()
					p.Shot(fmt.Sprintf("walk-child-%d-item", i))
				}
				if n := browser.Value[int](p, `document.querySelectorAll("main form, main textarea").length`); n != 0 {
					t.Errorf("a child writes on the page of an item: %d forms", n)
				}
				p.Follow(`a[href="/"]`)
				if at := p.URL(); at != w.url+"/" {
					t.Errorf("the house leads to %s", at)
				}
			}
		})
	}
}

// TestWithoutScript has a teacher publish a word and a parent read, sign, choose and tell an
// absence in a browser that runs no script, nor those of axe: the pages are those of the other
// walks.
func TestWithoutScript(t *testing.T) {
	w := openTown(t)
	teacher := w.page(t, school.Teacher, browser.View{Width: browser.Phone, NoScript: true})
	teacher.Follow(`main a[href="/liaison/new"]`)
	if strings.HasSuffix(teacher.URL(), "/new") {
		teacher.Follow(`main a[href^="/liaison/new/class/"]`)
	}
	teacher.Shot("walk-write")
	words := w.count(t, "liaison_word")
	teacher.Fill("title", "Demain, apportez des bottes")
	teacher.Click(`[name="body"]`)
	teacher.Press("La cour est mouillée.")
	teacher.Follow(`#word button:not([name]):not([type="button"])`)
	teacher.Fits()
	if w.count(t, "liaison_word") != words+1 {
		t.Errorf("the word is not published:\n%s", teacher.Text("main"))
	}

	parent := w.page(t, school.Guardian, browser.View{Width: browser.Phone, NoScript: true})
	parent.Fits()
	parent.Shot("walk-parent-home")
	followLine(parent, "Sortie au musée")
	parent.Submit("main form")
	parent.Goto(w.url + "/")
	followLine(parent, "Rencontre avec les parents")
	parent.Click(`main form [type="radio"]`)
	parent.Submit("main form")
	parent.Goto(w.url + "/liaison/tell")
	parent.Submit("main form")
	for what, from := range map[string]string{
		"signed": "liaison_answer WHERE answer = 'signed'", "chosen": "liaison_answer WHERE answer = 'Mardi à 18 h'", "told": "liaison_note WHERE kind = 'absence'",
	} {
		if n := w.count(t, from); n != 1 {
			t.Errorf("%d are %s", n, what)
		}
	}
}

// How many bytes a page takes at most, with everything that it needs, the first time and when
// the browser has been there; and one font.
const firstVisit, nextVisit, oneFont = 100_000, 10_000, 40_000

// TestPagesAreLight weighs the pages that people open most, and sees that they ask nobody else
// for anything.
func TestPagesAreLight(t *testing.T) {
	w := openTown(t)
	for name, c := range map[string]struct {
		profile school.Profile
		path    string
	}{
		"home of a parent":  {school.Guardian, "/"},
		"carnet":            {school.Guardian, "/liaison/"},
		"messages":          {school.Guardian, "/message/"},
		"news":              {school.Guardian, "/news/"},
		"home of a teacher": {school.Teacher, "/"},
		"a word to write":   {school.Teacher, "/liaison/new"},
		"home of a child":   {school.Pupil, "/"},
		"home of a head":    {school.Head, "/"},
	} {
		t.Run(name, func(t *testing.T) {
			l := w.logins[0]
			for _, one := range w.logins {
				if one.Profile == c.profile {
					l = one
				}
			}
			opened, err := w.Accounts.SignIn(t.Context(), l.Login, l.Password, account.Origin{})
			if err != nil {
				t.Fatal(err)
			}
			p := browser.Open(t).Page(t, browser.View{Width: browser.Phone})
			p.Cookie(w.url, "preau", opened.Token)
			p.Goto(w.url + c.path)
			first := p.Weight()
			for _, r := range browser.Value[[]struct {
				Name            string
				EncodedBodySize int
			}](p, `performance.getEntriesByType("resource").map((r) => ({name: r.name, encodedBodySize: r.encodedBodySize}))`) {
				if u, err := url.Parse(r.Name); err != nil || "http://"+u.Host != w.url {
					t.Errorf("the page asks another house for %s", r.Name)
				}
				if strings.HasSuffix(r.Name, ".woff2") && r.EncodedBodySize > oneFont {
					t.Errorf("the font %s has %d bytes", r.Name, r.EncodedBodySize)
				}
			}
			p.Goto(w.url + c.path)
			next := p.Weight()
			t.Logf("%s: %d bytes in %d requests, then %d in %d", name, first.Bytes, first.Requests, next.Bytes, next.Requests)
			if first.Bytes == 0 || first.Bytes > firstVisit || next.Bytes > nextVisit {
				t.Errorf("%s: %d bytes the first time, %d the next", name, first.Bytes, next.Bytes)
			}
		})
	}
}
