package message_test

import (
	"net/http"
	"net/url"
	"testing"

	"preau/core/audience"
	"preau/core/db"
)

// Who wrote to many reads how many answered, though their last hundred answers alone are on the page.
func TestAnswersAreCountedBeyondThoseThatAreShown(t *testing.T) {
	h := onSQLite(t)
	p := h.people()
	families := string(audience.Audience{Place: audience.Class, Of: p.class, Side: audience.Families}.ID())
	whole := begin(p.teacher, p.classDesk(), url.Values{"to": {families}, "subject": {"Sortie"}, "body": {"Mardi."}})
	send(p.mother, whole, says("", "Nous viendrons.")).Wants(http.StatusSeeOther)
	p.teacher.Get(whole).Lacks(http.StatusOK, "les 100 dernières", "Ici sont")
	answer := h.One(`SELECT max(id) FROM message_thread WHERE parent_id <> 0`)
	h.Write(func(tx *db.Tx) error {
		for n := range 120 {
			for _, copied := range []string{
				`INSERT INTO message_thread (id, school_id, class_id, child_id, author_id, parent_id, kind, subject, begun_at, last_at)
					SELECT id + $2, school_id, class_id, child_id, author_id, parent_id, kind, subject, begun_at, last_at FROM message_thread WHERE id = $1`,
				`INSERT INTO message_seat (thread_id, person_id, profile, child_id) SELECT thread_id + $2, person_id, profile, child_id FROM message_seat WHERE thread_id = $1`,
				`INSERT INTO audience_address (audience, published_at, thing_id, room, school_id, subject_id, news_until_at, expects)
					SELECT audience, published_at, thing_id + $2, room, school_id, subject_id, news_until_at, expects FROM audience_address WHERE thing_id = $1`,
			} {
				if _, err := tx.Exec(copied, answer, n+1); err != nil {
					return err
				}
			}
		}
		return nil
	})
	p.teacher.Get(whole).Wants(http.StatusOK, "121 réponses, à vous seul", "Ici sont les 100 dernières.")
}
