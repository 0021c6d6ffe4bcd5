package message_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/school"
	"preau/test/house"
)

// A long conversation is read by pages, the latest first, and printed by longer ones; nothing of it is
// lost between two, what is in an earlier one is reported, and one answers on the latest.
func TestALongConversationHasPages(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		talk := begin(p.mother, p.childDesk(), says("Un long échange", "Premier mot.", key(p.cast.teacher, p.cast.pupil)))
		id, err := school.ParseID(strings.TrimPrefix(talk, "/message/thread/"))
		if err != nil {
			t.Fatal(err)
		}
		h.Write(func(tx *db.Tx) error {
			for i := range 260 {
				_, err := tx.Exec(`INSERT INTO message_post (id, thread_id, author_id, body, state, why, posted_at)
					SELECT max(id) + 1, $1, $2, $3, 'said', '', $4 FROM message_post WHERE thread_id = $1`, id, p.cast.teacher, fmt.Sprintf("<p>Mot %d.</p>", i), db.At(tx.Now))
				if err != nil {
					return err
				}
			}
			return nil
		})
		seen, pages := map[int]int{}, 0
		for path := talk; path != ""; pages++ {
			page := p.mother.Get(path)
			page.Wants(http.StatusOK)
			for i := range 260 {
				seen[i] += strings.Count(page.Main(), fmt.Sprintf("Mot %d.", i))
			}
			if has := strings.Contains(page.Main(), `id="answer"`); has != (pages == 0) {
				t.Errorf("on page %d one answers: %t", pages, has)
			}
			_, rest, more := strings.Cut(page.Main(), `href="`+talk+`?before=`)
			before, _, _ := strings.Cut(rest, `"`)
			if path = ""; more {
				path = talk + "?before=" + before
			}
		}
		if pages != 6 {
			t.Errorf("it has %d pages", pages)
		}
		for i, n := range seen {
			if n != 1 {
				t.Errorf("%d is read %d times", i, n)
			}
		}
		p.mother.Get(talk+"/print").Wants(http.StatusOK, "Mot 259.", "Mot 61.", "Messages plus anciens")
		p.mother.Get(talk+"/print").Lacks(http.StatusOK, "Mot 59.")
		first := h.One(`SELECT min(id) + 1 FROM message_post WHERE thread_id = $1`, id)
		p.mother.Get(talk+"/post/"+first.String()+"/report").Wants(http.StatusOK, "Mot 0.")
		p.mother.Get("/search?q=echange").Wants(http.StatusOK, "Un long échange")
	})
}

// Drafts are listed by pages, the last first.
func TestDraftsHavePages(t *testing.T) {
	h := onSQLite(t)
	p := h.people()
	for i := range 25 {
		form := says(fmt.Sprintf("Brouillon %d.", i), "À finir", key(p.cast.teacher, p.cast.pupil))
		form.Set("act", "draft")
		send(p.mother, p.childDesk(), form).Wants(http.StatusSeeOther)
		h.Later(time.Second)
	}
	page := p.mother.Get("/message/drafts")
	page.Wants(http.StatusOK, "Brouillon 24.", "Brouillon 5.", "Brouillons plus anciens")
	page.Lacks(http.StatusOK, "Brouillon 4.")
	_, rest, _ := strings.Cut(page.Main(), "/message/drafts?before=")
	before, _, _ := strings.Cut(rest, `"`)
	next := p.mother.Get("/message/drafts?before=" + before)
	next.Wants(http.StatusOK, "Brouillon 4.", "Brouillon 0.")
	next.Lacks(http.StatusOK, "Brouillon 5.", "Brouillons plus anciens")
}

// What waits for an adult is counted as it is listed, for whom it waits; the page has what has waited
// longest, and says that there is more.
func TestWhatWaitsHasAPage(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		p.teacher.Post("/message/class/"+p.class.String(), url.Values{"among": {"on"}}).Wants(http.StatusSeeOther)
		begin(p.pupil, p.classDesk(), says("Jeu", "Tu joues ?", key(p.cast.mate, 0)))
		p.teacher.Get("/message/").Wants(http.StatusOK, "1 message d’élève attend")
		p.teacher.Get("/message/review").Lacks(http.StatusOK, "Ici sont les")
		h.Write(func(tx *db.Tx) error {
			for i := range 104 {
				_, err := tx.Exec(`INSERT INTO message_post (id, thread_id, author_id, body, state, why, posted_at)
					SELECT max(id) + 1, max(thread_id), $1, $2, 'held', '', $3 FROM message_post`, p.cast.pupil, fmt.Sprintf("<p>Mot %d.</p>", i), db.At(tx.Now))
				if err != nil {
					return err
				}
			}
			return nil
		})
		page := p.teacher.Get("/message/review")
		page.Wants(http.StatusOK, "Tu joues ?", "Mot 98.", "Ici sont les 100 messages qui attendent depuis le plus longtemps")
		page.Lacks(http.StatusOK, "Mot 99.")
		for _, judge := range []house.Visitor{p.teacher, p.head} {
			judge.Get("/message/").Wants(http.StatusOK, "105 messages d’élèves attendent")
		}
		p.other.Get("/message/").Lacks(http.StatusOK, "d’élèves attendent")
		p.other.Get("/message/review").Wants(http.StatusOK, "Rien à relire")
	})
}
