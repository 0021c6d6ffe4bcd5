package notify_test

import (
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/notify"
	"preau/directory"
)

// loses are how somebody may know nothing any more of what a child's class is told.
func (h *town) loses(f family) map[string]func(tx *db.Tx) error {
	return map[string]func(tx *db.Tx) error{
		"a judge": func(tx *db.Tx) error {
			_, err := directory.Restrict(tx, directory.Restriction{Pupil: f.pupil, Guardian: f.father, NoAccess: true, Reference: "JAF 12", From: db.At(tx.Now)})
			return err
		},
		"a bond that ends": func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE directory_bond SET until_at = $3 WHERE guardian_id = $1 AND pupil_id = $2`, f.father, f.pupil, db.At(tx.Now))
			return err
		},
		"a class that is left": func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE directory_membership SET until_at = $2 WHERE person_id = $1`, f.pupil, db.At(tx.Now))
			return err
		},
		"an account that is shut": func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE account_account SET disabled_at = $2 WHERE person_id = $1`, f.father, db.At(tx.Now))
			return err
		},
	}
}

// Who may not know any more of what a mail counts is written nothing of it, where no server had
// taken it by then; and of several things, of those that are left.
func TestAMailThatWaitedTellsNoMoreThanOneMayKnow(t *testing.T) {
	for how := range (&town{}).loses(family{}) {
		t.Run(how, func(t *testing.T) {
			onBoth(t, func(h *town) {
				f := h.separated()
				h.at("2026-10-05 12:00")
				h.publish(families(f.class))
				h.post.Down()
				if left := h.evening("2026-10-05 18:30"); len(left) != 0 {
					h.T.Fatalf("%d mails taken by a server that is not there", len(left))
				}
				if n := h.One(`SELECT count(*) FROM mail_message WHERE person_id = $1`, f.father); n != 1 {
					h.T.Fatalf("%d mails wait for him", n)
				}
				h.Write(h.loses(f)[how])
				h.post.Up()
				h.at("2026-10-05 19:00")
				left := h.left()
				if mails := to(f.father, left); len(mails) != 0 {
					h.T.Errorf("he is written\n%s", mails[0].Text)
				}
				if n := h.One(`SELECT count(*) FROM mail_message`); n != 0 {
					h.T.Errorf("%d mails still wait", n)
				}
				if how != "a class that is left" && len(to(f.mother, left)) != 1 {
					h.T.Errorf("she is written %d mails", len(to(f.mother, left)))
				}
			})
		})
	}
}

// Of several things that a mail counts, those that its reader may still know of are counted.
func TestAMailThatWaitedCountsWhatIsLeft(t *testing.T) {
	onBoth(t, func(h *town) {
		parent, children := h.many()
		h.at("2026-10-05 12:00")
		for _, child := range children {
			h.publish(families(child.Class))
		}
		h.post.Down()
		h.evening("2026-10-05 18:30")
		h.Write(func(tx *db.Tx) error {
			_, err := directory.Restrict(tx, directory.Restriction{Pupil: children[0].ID, Guardian: parent, NoAccess: true, Reference: "JAF 12", From: db.At(tx.Now)})
			return err
		})
		h.post.Up()
		h.at("2026-10-05 19:00")
		left := to(parent, h.left())
		if len(left) != 1 {
			h.T.Fatalf("%d mails", len(left))
		}
		if got, want := strings.Count(left[0].Text, "Pour un de vos enfants"), len(children)-1; got != want {
			h.T.Errorf("%d parts, want %d:\n%s", got, want, left[0].Text)
		}
		if left[0].Header.Get("List-Unsubscribe") == "" || !strings.HasPrefix(left[0].From, "retours+") {
			h.T.Errorf("it has lost its headers: %s", left[0].Raw)
		}
	})
}

// What is told at once is written to nobody whom it does not concern by the time a server takes
// it, and is known to have reached them not.
func TestAnUrgentMailThatWaitedIsForWhomItConcerns(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		h.at("2026-10-05 07:00")
		h.post.Down()
		notice := h.urges(f.class)
		h.left()
		h.Write(h.loses(f)["a judge"])
		h.post.Up()
		h.at("2026-10-05 07:30")
		left := h.left()
		if len(to(f.mother, left)) != 1 || !strings.Contains(to(f.mother, left)[0].Text, "La chaudière") {
			h.T.Errorf("she is written %d mails", len(to(f.mother, left)))
		}
		if mails := to(f.father, left); len(mails) != 0 {
			h.T.Errorf("he is written\n%s", mails[0].Text)
		}
		if got := h.fates(notice, f.father)[notify.Mail]; got != notify.Refused {
			h.T.Errorf("of him it is said %q", got)
		}
		if got := h.fates(notice, f.mother)[notify.Mail]; got != notify.Taken {
			h.T.Errorf("of her it is said %q", got)
		}
	})
}

// A browser that was not reached for a while is told nothing of what its person may not know any
// more.
func TestAPushThatWaitedTellsNoMoreThanOneMayKnow(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		h.sweep("2026-10-05 11:00")
		p := h.pushes(f.father, 7)
		p.status = 503
		h.at("2026-10-05 11:10")
		h.publish(families(f.class))
		h.sweep("2026-10-05 11:12")
		if came := p.take(); len(came) != 1 {
			h.T.Fatalf("%d tries", len(came))
		}
		h.Write(h.loses(f)["a judge"])
		p.status = 201
		h.at("2026-10-05 11:30")
		h.left()
		if came := p.take(); len(came) != 0 {
			h.T.Errorf("it is told %q", came)
		}
	})
}
