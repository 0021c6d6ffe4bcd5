//go:build !race

package app

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
	"preau/service/news"
	"preau/test/browser"
)

// TestACalmPage looks at the words of the day in a real browser, on a telephone and on a
// desk, and at what comes back of a form.
func TestACalmPage(t *testing.T) {
	browser.Open(t)
	d := dbtest.SQLite(t)
	s := calmly(t, d)
	server := httptest.NewUnstartedServer(nil)
	at := "http://" + server.Listener.Addr().String()
	site, err := s.h.site(at)
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = site
	server.Start()
	t.Cleanup(server.Close)
	s.write(func(tx *db.Tx) error { return news.Sample(tx, s.child.School, s.parent) })
	if err := site.Calm.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	later := d.Now().Add(20 * time.Minute)
	d.Now = func() time.Time { return later }
	answers := func(alive func(context.Context) error) {
		site.Calm.Alive = alive
		site.Calm.Probe(t.Context())
	}
	for _, view := range []browser.View{{Width: browser.Phone}, {}} {
		open := func(path string) *browser.Page {
			p := browser.Open(t).Page(t, view)
			p.Cookie(at, "preau", s.people[school.Guardian])
			p.Goto(at + path) // takes a ticket
			return p
		}
		answers(d.Alive)
		reader, writer, stranger := open("/"), open("/liaison/tell"), browser.Open(t).Page(t, view)
		answers(func(context.Context) error { return errors.New("no route to the database") })

		reader.Goto(at + "/")
		reader.Check()
		reader.Shot("calm")
		if text := reader.Text("main"); !strings.Contains(text, aWord) || !strings.Contains(text, calmTitle) {
			t.Errorf("the words of the day:\n%s", text)
		}
		stranger.Goto(at + "/")
		stranger.Check()
		stranger.Shot("calm-stranger")
		writer.Eval(`document.querySelector("[name=body]").value = "Chez le dentiste."; document.querySelector("main form[method=post]").noValidate = true`)
		writer.Submit("main form[method=post]")
		writer.Axe()
		writer.Fits()
		writer.Shot("calm-kept")
		if text := writer.Text("main"); !strings.Contains(text, "Rien n’a été enregistré") {
			t.Errorf("what was written:\n%s", text)
		}
	}
}
