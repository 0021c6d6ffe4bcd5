package liaison_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/service/liaison"
	"preau/test/house"
)

// A word is found by what it says apart, where and what to bring, and by whoever wrote it; what a family
// told by its words and by the child, by the school and by whoever told it: by nobody else.
func TestWhatASearchFinds(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, mother, father := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian), h.Enter(f.father, school.Guardian)
		outsider := h.Enter(h.outsider(), school.Guardian)
		sent := teacher.SendFiles("/liaison/new/class/"+f.class.String(), outing(f.class), house.Upload{Field: "file", Name: "Consignes_baignade.pdf", Content: house.PDF("Les consignes")})
		mother.Post("/liaison/tell", url.Values{"child": {f.pupil.String()}, "kind": {"absence"}, "from": {"2026-10-08"}, "body": {"Une varicelle."}}).Wants(http.StatusSeeOther)
		child, author := h.Who(f.pupil), h.Who(f.teacher)
		finds := func(v house.Visitor, what, found string) {
			h.T.Helper()
			v.Get("/search?q="+url.QueryEscape(what)).Wants(http.StatusOK, found)
		}
		lacks := func(v house.Visitor, what, found string) {
			h.T.Helper()
			v.Get("/search?q="+url.QueryEscape(what)).Lacks(http.StatusOK, found)
		}
		const word, note = "Sortie au musée", "Une varicelle."
		look := func() {
			h.T.Helper()
			for _, what := range []string{"pique-nique", "beaux-arts", "12 octobre", "baignade", "consignes", author.Usual, author.Usual + " musee"} {
				finds(mother, what, word)
				finds(teacher, what, word)
				lacks(outsider, what, word)
			}
			for _, what := range []string{"varicelle", child.First + " varicelle", "varicele"} {
				finds(teacher, what, note)
				finds(mother, what, note)
				lacks(father, what, note)
				lacks(outsider, what, note)
			}
		}
		look()
		finds(mother, "baignade", ">"+child.First+"</span>") // which of her children it concerns

		// What was kept by a version that kept less is kept again, a few at a time.
		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE search_thing SET title = ' x ', rest = ''`)
			return err
		})
		lacks(mother, "beaux-arts", word)
		say := i18n.Printer{Catalogue: h.Words, Lang: i18n.English}
		for last := school.ID(0); ; {
			h.Write(func(tx *db.Tx) (err error) {
				last, err = liaison.Holdings.Reindex(tx, say, last, 1)
				return err
			})
			if last == 0 {
				break
			}
		}
		look()

		// What is carried no more is not looked for.
		path, _ := strings.CutSuffix(sent.Header.Get("Location"), "/follow")
		teacher.SendFiles(path+"/amend", outing(f.class), house.Upload{Field: "file", Name: "Plan.pdf", Content: house.PDF("Le plan")}).Wants(http.StatusSeeOther)
		lacks(mother, "baignade", word)
		finds(mother, "plan", word)
	})
}
