package news_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/web/calm"
	"preau/service/news"
)

// A calm node shows on the public page of a school what is there, and nothing once the page
// is closed.
func TestWhatACalmNodeShowsToAnybody(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		head := h.Enter(c.head, school.Head)
		turn := "/news/page/" + c.school.String()
		at := h.Structure(c.school)
		head.Post(turn, url.Values{"open": {"1"}}).Wants(http.StatusSeeOther)
		inside, outside := publish(head, c.school, feast("title", "Entre nous")), publish(head, c.school, feast("title", "Pour tous", "public", "on"))
		sample := func() map[string]calm.Word {
			t.Helper()
			of := map[string]calm.Word{}
			h.Read(func(tx *db.Tx) error {
				words, err := (&news.Service{}).Sample(tx, h.Some(`SELECT id FROM news_item`))
				for _, w := range words {
					of["/news/item/"+w.Thing.String()] = w
				}
				return err
			})
			return of
		}
		words := sample()
		if len(words) != 2 || words[inside].Poster != "" || words[outside].Poster != "/news/public/"+strings.ToLower(string(at.UAI)) {
			t.Errorf("inside on %q, outside on %q", words[inside].Poster, words[outside].Poster)
		}
		if w := words[outside]; w.Title(i18n.Printer{}) != "Pour tous" || w.From(i18n.Printer{Catalogue: h.Words, Lang: i18n.French}) != at.Name || w.Size < 1000 {
			t.Errorf("%q, %d bytes", w.Title(i18n.Printer{}), w.Size)
		}
		head.Post(turn, nil).Wants(http.StatusSeeOther)
		if w := sample()[outside]; w.Poster != "" {
			t.Errorf("the page is closed, and shows it at %s", w.Poster)
		}
	})
}
