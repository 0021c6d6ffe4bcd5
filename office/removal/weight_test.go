package removal_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/past"
	"preau/core/school"
	"preau/service/news"
)

// blots makes what things were until some changes be what nobody can read: whoever reads it fails.
func (h *town) blots(where string) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
		n, err := tx.Exec(`UPDATE past_change SET was = x'00' WHERE ` + where)
		if err == nil && n == 0 {
			err = fail.New(fail.NotFound, "there is no change where %s", where)
		}
		return err
	})
}

// Of all that an account did to a thing, what it was until the first time alone is read, to find it, to
// ask, to agree and to put it back: a thief changes a thing as often as they like, and no page weighs
// more.
func TestWhatAThingWasInBetweenIsNotRead(t *testing.T) {
	h := onSQLite(t)
	s := h.tamper()
	again := h.Some(`SELECT max(id) FROM past_change WHERE thing_id = ` + idOf(s.amended) + ` AND by_id = ` + s.head.String())
	h.blots("id = " + again[0].String())
	h.blots("thing_id = " + idOf(s.fair)) // before the window
	page := s.operator.Get(s.path() + s.window())
	page.Wants(http.StatusOK, "Prévoir un pique-nique.", "Sortie payante", "Trente euros par photo")
	if got := mendable(page); len(got) != 5 {
		t.Errorf("%d changes are found", len(got))
	}
	s.operator.Get(s.path()+s.window()+"&words=trente").Wants(http.StatusOK, "Trente euros par photo")
	kase, second := s.asked(), s.second()
	second.Get(kase).Wants(http.StatusOK, "Annuler 5 changements", "Prévoir un pique-nique", "Payez sur arnaque.example.")
	second.Post(kase+"/agree", nil).Wants(http.StatusSeeOther)
	s.asMother.Get(s.amended).Wants(http.StatusOK, "Prévoir un pique-nique.")
	s.backs(second, s.operator, kase)
	s.asMother.Get(s.amended).Wants(http.StatusOK, "Payez sur arnaque.example.")
}

// A page reads what the things that it lists were, and no others, however many there are.
func TestAPageReadsWhatItListsAlone(t *testing.T) {
	h := onSQLite(t)
	s := h.settled()
	item := s.sends("/news/new/school/"+s.at.String(), url.Values{"to": {"families"}, "title": {"La kermesse"}, "body": {"Venez nombreux."}})
	h.Later(48 * time.Hour)
	s.head = h.Enter(h.Head(s.at), school.Head)
	send(s.head, item+"/amend", url.Values{"to": {"families"}, "title": {"La kermesse"}, "body": {"Donnez votre carte."}}).Wants(http.StatusSeeOther)
	h.copies(h.One(`SELECT id FROM news_item`), h.Head(s.at), 149)
	s.operator = h.Enter(s.operator.Person, school.Operator)
	path := "/removal/school/" + s.at.String() + "/person/" + h.Head(s.at).String() + "?since=" + url.QueryEscape(h.DB.Now().Add(-time.Hour).In(school.Paris).Format("2006-01-02T15:04"))
	first, second := mendable(s.operator.Get(path)), mendable(s.operator.Get(path+"&page=2"))
	if len(first) != 100 || len(second) != 50 || slices.Contains(second, first[0]) {
		t.Fatalf("the pages list %d things and %d", len(first), len(second))
	}
	h.blots("thing_id IN (" + strings.Join(second, ", ") + ")")
	s.operator.Get(path).Wants(http.StatusOK, "Page 1 sur 2", "150 changements trouvés", "La kermesse")
	kase := s.operator.Post(path, url.Values{"since": {h.DB.Now().Add(-time.Hour).In(school.Paris).Format("2006-01-02T15:04")}, "whole": {"on"}, "why": {"volé"}})
	kase.Wants(http.StatusSeeOther)
	s.operator.Get(kase.Header.Get("Location")).Wants(http.StatusOK, "Page 1 sur 2", "La kermesse")
	if reply := s.operator.Get(path + "&page=2"); reply.StatusCode == http.StatusOK {
		t.Error("what cannot be read is on a page")
	}
}

// copies has some more items that say what one does, each changed by somebody.
func (h *town) copies(item, by school.ID, n int) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
		rows, err := news.Holdings.Said(tx, item)
		if err != nil {
			return err
		}
		for range n {
			id := school.NewID(tx.Now)
			for _, row := range rows {
				row.Values["id"] = int64(id)
				if err := news.Holdings.Restore(tx, row); err != nil {
					return err
				}
			}
			if err := past.Keep(tx, news.Holdings.Tables, past.Change{Room: "news", Thing: id, School: rows[0].ID("school_id"), By: by, Act: past.Amended}); err != nil {
				return err
			}
		}
		return nil
	})
}
