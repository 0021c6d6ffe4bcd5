package message_test

import (
	"net/http"
	"net/url"
	"testing"

	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/directory"
	"preau/service/message"
	"preau/test/house"
)

// One finds what one said oneself, whoever it was for, and by the names of the files that it carries.
func TestOneFindsWhatOneSentAndItsFiles(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		pair := begin(p.teacher, p.classDesk(), says("Rendez-vous", "Venez avec un parapluie.", key(p.cast.mother, p.cast.pupil)))
		begin(p.teacher, p.classDesk(), url.Values{"to": {"class:" + p.class.String() + ":families"}, "subject": {"Sortie"}, "body": {"Prenez un goûter et une casquette."}})
		send(p.mother, pair, says("", "Nous viendrons avec la trottinette.")).Wants(http.StatusSeeOther)
		later := says("Plus tard", "Une surprise en chocolat.", key(p.cast.mother, p.cast.pupil))
		later.Set("day", "2026-10-20")
		begin(p.teacher, p.classDesk(), later)
		for _, words := range []string{"parapluie", "casquette", "trottinette", "chocolat"} {
			p.teacher.Get("/search?q="+words).Wants(http.StatusOK, "/message/thread/")
		}
		form := says("Un papier", "Le voici.", key(p.cast.teacher, p.cast.pupil))
		paper := p.mother.SendFiles(p.childDesk(), form, house.Upload{Field: "file", Name: "attestation-piscine.pdf", Content: house.PDF("x")}).Header.Get("Location")
		for _, v := range []house.Visitor{p.mother, p.teacher} {
			v.Get("/search?q=piscine").Wants(http.StatusOK, paper)
		}
		p.father.Get("/search?q=piscine").Lacks(http.StatusOK, paper)
		mother := h.Who(p.cast.mother)
		p.teacher.Get("/search?q="+url.QueryEscape(mother.Usual)).Wants(http.StatusOK, pair)
		h.Write(func(tx *db.Tx) error {
			if _, err := tx.Exec(`DELETE FROM search_thing`); err != nil {
				return err
			}
			_, err := message.Holdings.Reindex(tx, i18n.Printer{}, 0, 100)
			return err
		})
		p.mother.Get("/search?q=piscine").Wants(http.StatusOK, paper)
		for _, words := range []string{"parapluie", "trottinette"} {
			p.mother.Get("/search?q="+words).Wants(http.StatusOK, pair)
		}
		p.mother.Get("/search?q=chocolat").Lacks(http.StatusOK, "/message/thread/")
	})
}

// A pupil finds what is said, and nothing by the names of people: those of mates, and of teachers, are not guessed
// letter by letter.
func TestAPupilGuessesNoNameByLooking(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		h.Write(func(tx *db.Tx) error { // names that nothing else begins with
			for person, name := range map[school.ID]string{p.cast.mate: "Wxyla", p.cast.teacher: "Wxyro"} {
				if _, err := tx.Exec(`UPDATE directory_person SET sort_key = $2 WHERE id = $1`, person, directory.SortKey(name, "Zqwen")); err != nil {
					return err
				}
			}
			return nil
		})
		class := "/message/class/" + p.class.String()
		p.teacher.Post(class, url.Values{"to-teacher": {"on"}, "among": {"on"}}).Wants(http.StatusSeeOther)
		talk := begin(p.pupil, p.classDesk(), says("Jeu", "On joue au foot", key(p.cast.mate, 0)))
		p.teacher.Post(postIn(t, p.teacher.Get("/message/review").Body)+"/accept", nil).Wants(http.StatusSeeOther)
		ask := begin(p.pupil, p.classDesk(), says("Zut", "Une question", key(p.cast.teacher, 0)))
		p.pupil.Get("/search?q=foot").Wants(http.StatusOK, talk)
		p.teacher.Get("/search?q=zqw").Wants(http.StatusOK, ask) // who reads the names finds by them
		for _, guess := range []string{"wx", "wxyl", "wxyla", "wxyr", "zqw", "zqwem", "wxila"} {
			p.pupil.Get("/search?q="+guess).Lacks(http.StatusOK, "/message/thread/")
		}
	})
}
