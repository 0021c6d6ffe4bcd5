package app

import (
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/mail"
	"preau/core/mail/mailtest"
	"preau/core/notify"
	"preau/core/school"
	"preau/directory"
	"preau/service/liaison"
	"preau/service/news"
)

// TestTheEveningOfTheHouse has the words of a class be told to a parent, by the jobs and
// the rooms of the real house, in the words of the carnet; and in full, as they asked for it,
// the one item of news that is on the public page of the school.
func TestTheEveningOfTheHouse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := sweep(t, d)
		post := mailtest.New(t)
		sender, err := mail.NewSMTP(post.At(), "Préau <ent@preau.test>", "preau.test")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(sender.Close)
		s.h.sends(sender, "https://ent.preau.test")
		var children []directory.Child
		write := func(f func(*db.Tx) error) {
			t.Helper()
			if err := d.Write(t.Context(), f); err != nil {
				t.Fatal(err)
			}
		}
		write(func(tx *db.Tx) error {
			session, err := s.h.Accounts.Resolve(tx, s.people[school.Guardian])
			if err != nil {
				return err
			}
			if _, err := tx.Exec(`UPDATE directory_person SET mail = 'parent@example.test' WHERE id = $1`, session.Person); err != nil {
				return err
			}
			if children, err = directory.ChildrenOf(tx, session.Person); err != nil {
				return err
			}
			choice, err := s.h.Notify.ChoiceOf(tx, session.Person)
			if err != nil {
				return err
			}
			choice.Relay = true
			if err := s.h.Notify.Keep(tx, session.Person, choice); err != nil {
				return err
			}
			return liaison.Sample(tx, children[0].School, children[0].Class, session.Person)
		})
		later := d.Now().Add(time.Minute)
		d.Now = func() time.Time { return later }
		write(func(tx *db.Tx) error {
			if err := news.Sample(tx, children[0].School, 1); err != nil {
				return err
			}
			if _, err := tx.Exec(`INSERT INTO news_page (school_id, opened_at, opened_by, listed) VALUES ($1, $2, 1, FALSE)`, children[0].School, db.At(tx.Now)); err != nil {
				return err
			}
			_, err := tx.Exec(`UPDATE news_item SET public_at = $1, posted_at = $1 WHERE title = 'Fête de l’école'`, db.At(tx.Now))
			return err
		})
		evening := d.Now().Add(7 * time.Hour)
		d.Now = func() time.Time { return evening }
		write(func(tx *db.Tx) error { return s.h.Jobs.Enqueue(tx, notify.KindEvening, nil, tx.Now, "") })
		for did := true; did; {
			if did, err = s.h.Jobs.Do(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		relayed := 0
		for _, m := range post.Take() {
			if m.To != "parent@example.test" || m.Header.Get("List-Unsubscribe") == "" {
				continue
			}
			if strings.Contains(m.Text, "érables") {
				t.Errorf("it tells what is not public:\n%s", m.Text)
			}
			if strings.Contains(m.Text, "apportez un gâteau si vous le pouvez") && strings.Contains(m.Text, "https://ent.preau.test/news/public/") {
				relayed++
				continue
			}
			for _, want := range []string{"Carnet de liaison", "2 mots attendent votre réponse, au plus tard vendredi 9", "1 nouveau mot"} {
				if !strings.Contains(m.Text, want) {
					t.Errorf("it does not say %q:\n%s", want, m.Text)
				}
			}
			if strings.Contains(m.Text+m.Subject, "musée") || strings.Contains(m.Text, children[0].First) {
				t.Errorf("it tells too much:\n%s", m.Text)
			}
			if relayed != 1 {
				t.Errorf("what is public is told %d times", relayed)
			}
			return
		}
		t.Error("nothing left")
	})
}
