package mail_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/mail"
	"preau/core/school"
)

func TestAServerThatIsDownIsTriedAgainForADay(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		if err := o.put(letter); err != nil {
			t.Fatal(err)
		}
		o.work() // and the conversation is kept
		if len(o.server.Take()) != 1 {
			t.Fatal("nothing came while it was up")
		}
		o.server.Down()
		if err := o.put(letter); err != nil {
			t.Fatal(err)
		}
		for range 30 { // more than a job is tried
			o.work()
			o.later(30 * time.Minute)
		}
		if o.waiting() != 1 || o.dead() != 0 {
			t.Fatalf("after 15 hours %d wait, %d dead", o.waiting(), o.dead())
		}
		o.server.Up()
		o.later(2 * time.Hour)
		o.work()
		if came := o.server.Take(); len(came) != 1 || o.waiting() != 0 {
			t.Fatalf("up again: %d came, %d wait", len(came), o.waiting())
		}
		o.server.Down()
		if err := o.put(letter); err != nil {
			t.Fatal(err)
		}
		for range 14 {
			o.work()
			o.later(2 * time.Hour)
		}
		if o.waiting() != 0 || o.dead() != 1 {
			t.Errorf("after a day %d wait, %d dead", o.waiting(), o.dead())
		}
		if strings.Contains(o.log.String(), letter.To) {
			t.Error("the log names an address")
		}
	})
}

// Dead at once: what the server will never take, and what came too late.
func TestWhatIsOfNoUseIsErased(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		for name, c := range map[string]struct {
			code        int
			waits, dead int
		}{
			"no such mailbox": {550, 0, 1},
			"a full one":      {452, 1, 0},
		} {
			o.server.Refusal = &smtp.SMTPError{Code: c.code, EnhancedCode: smtp.EnhancedCode{c.code / 100, 1, 1}, Message: "<" + letter.To + "> is not here"}
			if err := o.put(letter); err != nil {
				t.Fatal(err)
			}
			o.work()
			if o.waiting() != c.waits || o.dead() != c.dead {
				t.Errorf("%s: %d wait, %d dead", name, o.waiting(), o.dead())
			}
			if strings.Contains(o.log.String(), letter.To) || o.count(`SELECT count(*) FROM job_job WHERE error LIKE '%exemple%'`) != 0 {
				t.Errorf("%s: the log or the job names an address", name)
			}
			if err := o.DB.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(`DELETE FROM job_job`)
				if err == nil {
					_, err = tx.Exec(`DELETE FROM mail_message`)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		o.server.Refusal = nil
		late := letter
		late.Until = dbtest.Noon.Add(time.Hour)
		if err := o.put(late); err != nil {
			t.Fatal(err)
		}
		o.later(2 * time.Hour)
		o.work()
		if len(o.server.Take()) != 0 || o.waiting() != 0 {
			t.Error("a message that was of no more use was sent, or kept")
		}
		if err := o.put(letter); err != nil {
			t.Fatal(err)
		}
		o.Sender = nil
		o.work()
		o.later(3 * 24 * time.Hour)
		if err := o.DB.Write(t.Context(), func(tx *db.Tx) error {
			_, err := o.Purge(tx)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if o.waiting() != 0 {
			t.Error("what nothing sends is kept for ever")
		}
	})
}

// What a message tells in full is written again as it leaves, or not at all.
func TestWhatLeavesIsWrittenAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		full := letter
		full.Things = []school.ID{1, 2}
		o.Again = func(_ *db.Tx, person school.ID, m mail.Message) (mail.Message, bool, error) {
			if person != zoe || len(m.Things) != 2 {
				t.Errorf("it is asked of %s, of %d things", person, len(m.Things))
			}
			m.Text = "Un seul reste.\n"
			return m, true, nil
		}
		if err := errors.Join(o.put(full), o.put(letter)); err != nil {
			t.Fatal(err)
		}
		o.work()
		if came := o.server.Take(); len(came) != 2 || came[0].Text != "Un seul reste.\n" || came[1].Text == came[0].Text {
			t.Errorf("%d came: %v", len(came), came)
		}
		o.Again = func(_ *db.Tx, _ school.ID, m mail.Message) (mail.Message, bool, error) { return m, false, nil }
		if err := o.put(full); err != nil {
			t.Fatal(err)
		}
		o.work()
		if len(o.server.Take()) != 0 || o.waiting() != 0 || o.dead() != 0 {
			t.Errorf("of nothing, %d wait, %d are dead", o.waiting(), o.dead())
		}
	})
}
