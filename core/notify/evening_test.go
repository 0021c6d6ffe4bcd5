package notify_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/job"
	"preau/core/mail/mailtest"
	"preau/core/notify"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// A parent of several children gets one mail an evening, with a part for each child, that
// names none of them and says nothing of what was written.
func TestTheEveningMailIsGroupedByChild(t *testing.T) {
	onBoth(t, func(h *town) {
		parent, children := h.many()
		if len(children) < 3 {
			h.T.Fatalf("the village has no parent of three: %d", len(children))
		}
		for i, child := range children {
			h.publish(families(child.Class))
			if i == 0 {
				h.publish(audience.Audience{Place: audience.Family, Of: child.ID}, expects(audience.OneOfThem, "2026-10-09"))
			}
		}
		left := to(parent, h.evening("2026-10-05 18:30"))
		if len(left) != 1 {
			h.T.Fatalf("%d mails", len(left))
		}
		m := left[0]
		if got := strings.Count(m.Text, "Pour un de vos enfants"); got != len(children) {
			h.T.Errorf("%d parts for %d children:\n%s", got, len(children), m.Text)
		}
		for _, want := range []string{"1 réponse attendue, au plus tard vendredi 9", "1 nouveauté", "https://ent.preau.test/\n", "/me/notifications"} {
			if !strings.Contains(m.Text, want) {
				h.T.Errorf("it does not say %q:\n%s", want, m.Text)
			}
		}
		for _, child := range children {
			if strings.Contains(m.Text+m.Subject, child.First) {
				h.T.Errorf("it names %s", child.First)
			}
		}
		if strings.Contains(m.Raw, "secret du titre") || strings.Contains(m.Subject, "vos enfants") {
			h.T.Errorf("it tells what was written: %s", m.Subject)
		}
		if stop := m.Header.Get("List-Unsubscribe"); !strings.HasPrefix(stop, "<https://ent.preau.test/unsubscribe/") || m.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
			h.T.Errorf("the headers of RFC 8058: %q", stop)
		}
		if !strings.HasPrefix(m.From, "retours+") {
			h.T.Errorf("it comes back to %s", m.From)
		}

		h.at("2026-10-06 12:00")
		h.choose(parent, func(c *notify.Choice) { c.Names = true })
		h.publish(families(children[1].Class))
		left = to(parent, h.evening("2026-10-06 18:30"))
		if len(left) != 1 || !strings.Contains(left[0].Text, "Pour "+children[1].First+"\u00a0:") || strings.Contains(left[0].Subject, children[1].First) {
			h.T.Errorf("with first names: %v", left)
		}
	})
}

// What was told is not told again: by a second run, the next evening, or in the week.
func TestNothingIsToldTwice(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		h.publish(families(f.class))
		if left := h.evening("2026-10-05 18:30"); len(to(f.mother, left)) != 1 || len(to(f.father, left)) != 1 {
			h.T.Fatalf("each of the two is written to once: %d", len(left))
		}
		for _, again := range []string{"2026-10-05 18:40", "2026-10-06 18:30", "2026-10-09 18:30"} {
			if left := h.evening(again); len(left) != 0 {
				h.T.Errorf("%s: told again: %s", again, left[0].Text)
			}
		}
	})
}

// A process that dies between two people repeats nothing, and forgets nobody.
func TestADeathBetweenTwoPeople(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		h.publish(families(f.class))
		h.at("2026-10-05 18:30")
		boxes, told := h.Boxes, 0
		ctx, die := context.WithCancel(h.T.Context())
		h.Boxes = func(tx *db.Tx, people ...school.ID) (map[school.ID]string, error) {
			if told++; told == 2 {
				die()
				return nil, errors.New("the machine is gone")
			}
			return boxes(tx, people...)
		}
		day := job.Job{Payload: []byte(`{"day":"2026-10-05","after":0}`)}
		if err := h.Digest(ctx, day); err == nil {
			h.T.Fatal("it did not die")
		}
		if left := h.left(); len(left) != 1 {
			h.T.Fatalf("%d mails before the end", len(left))
		}
		h.Boxes = boxes
		if err := h.Digest(h.T.Context(), day); err != nil {
			h.T.Fatal(err)
		}
		left := h.left()
		if len(left) != 1 || len(to(f.father, left)) != 1 {
			h.T.Errorf("%d mails after", len(left))
		}
	})
}

// Who has no right any more when the mail leaves is told nothing; nor are pupils, ever.
func TestWhoIsToldNothing(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		h.Enter(f.pupil, school.Pupil)
		h.Address(f.pupil, address(f.pupil))
		h.publish(families(f.class))
		h.publish(audience.Audience{Place: audience.Class, Of: f.class, Side: audience.Pupils})
		h.publish(audience.Audience{Place: audience.Person, Of: f.pupil})
		h.Write(func(tx *db.Tx) error {
			_, err := directory.Restrict(tx, directory.Restriction{Pupil: f.pupil, Guardian: f.father, NoAccess: true, Reference: "JAF 12", From: db.At(tx.Now)})
			return err
		})
		left := h.evening("2026-10-05 18:30")
		if len(to(f.mother, left)) != 1 || len(left) != 1 {
			h.T.Errorf("%d mails, %d to the mother", len(left), len(to(f.mother, left)))
		}
		if err := h.House.DB.Write(h.T.Context(), func(tx *db.Tx) error {
			return h.Subscribe(tx, f.pupil, 1, "", notify.Reached{Endpoint: "https://push.example.org/x", Key: aKey, Auth: anAuth})
		}); err == nil {
			h.T.Error("a pupil subscribes to push notifications")
		}
	})
}

// What is expected is recalled once, the day before its last day, to whoever has not answered;
// where one of them is enough, to none once one has.
func TestReminders(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		each := h.publish(families(f.class), expects(audience.EachPerson, "2026-10-08"))
		one := h.publish(audience.Audience{Place: audience.Family, Of: f.pupil}, expects(audience.OneOfThem, "2026-10-08"))
		if left := h.evening("2026-10-05 18:30"); len(left) != 2 {
			h.T.Fatalf("%d mails on the first evening", len(left))
		}
		h.Write(func(tx *db.Tx) error {
			if err := audience.MarkDone(tx, each, f.pupil, f.mother); err != nil {
				return err
			}
			return audience.MarkDone(tx, one, f.pupil, f.mother)
		})
		if left := h.evening("2026-10-06 18:30"); len(left) != 0 {
			h.T.Errorf("two days before: %s", left[0].Text)
		}
		left := h.evening("2026-10-07 18:30")
		if len(left) != 1 || len(to(f.father, left)) != 1 || !strings.Contains(left[0].Text, "1 réponse attendue, au plus tard demain") {
			h.T.Errorf("the day before: %d mails", len(left))
		}
		if left := h.evening("2026-10-08 18:30"); len(left) != 0 {
			h.T.Errorf("on the last day: %s", left[0].Text)
		}
	})
}

// Who works is not written to at the weekend: what ends on Monday is recalled on Friday.
func TestStaffAreRemindedBeforeTheWeekend(t *testing.T) {
	onBoth(t, func(h *town) {
		near, _ := h.Schools()
		teacher := h.adult(h.Teachers(near[0])[0], school.Teacher)
		h.publish(audience.Audience{Place: audience.Person, Of: teacher}, expects(audience.EachPerson, "2026-10-12"))
		if left := h.evening("2026-10-05 18:30"); len(left) != 1 {
			h.T.Fatalf("%d mails on Monday", len(left))
		}
		for _, c := range []struct {
			day  string
			want int
		}{{"2026-10-08", 0}, {"2026-10-09", 1}, {"2026-10-10", 0}, {"2026-10-11", 0}, {"2026-10-12", 0}} {
			if left := h.evening(c.day + " 18:30"); len(left) != c.want {
				h.T.Errorf("%s: %d mails, want %d", c.day, len(left), c.want)
			}
		}
	})
}

// Every week is on Friday, never is never, and what came meanwhile is not told to whoever wants
// mail again.
func TestRhythms(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		h.choose(f.mother, func(c *notify.Choice) { c.Mail = notify.Week })
		h.choose(f.father, func(c *notify.Choice) { c.Mail = notify.Never })
		h.publish(families(f.class))
		if left := h.evening("2026-10-05 18:30"); len(left) != 0 {
			h.T.Errorf("on Monday: %d", len(left))
		}
		if left := h.evening("2026-10-09 18:30"); len(left) != 1 || len(to(f.mother, left)) != 1 {
			h.T.Errorf("on Friday: %d", len(left))
		}
		h.choose(f.father, func(c *notify.Choice) { c.Mail = notify.Evening })
		if left := h.evening("2026-10-10 18:30"); len(left) != 0 {
			h.T.Errorf("what was published while he wanted none: %d", len(left))
		}
		h.publish(families(f.class))
		h.choose(f.mother, func(c *notify.Choice) {
			c.Mail, c.Rooms = notify.Week, map[string]notify.Rhythm{"board": notify.Evening}
		})
		if left := h.evening("2026-10-12 18:30"); len(left) != 2 {
			h.T.Errorf("each service has its own rhythm: %d", len(left))
		}
		for name, wrong := range map[string]func(*notify.Choice){
			"no rhythm":    func(c *notify.Choice) { c.Mail = "often" },
			"always quiet": func(c *notify.Choice) { c.Quiet, c.Usual = notify.Quiet{On: true, From: 60, Until: 60}, false },
		} {
			err := h.House.DB.Write(h.T.Context(), func(tx *db.Tx) error {
				c, err := h.ChoiceOf(tx, f.mother)
				if err != nil {
					return err
				}
				wrong(&c)
				return h.Keep(tx, f.mother, c)
			})
			if err == nil {
				h.T.Errorf("%s is kept", name)
			}
		}
	})
}

// A message is in the language of whoever reads it.
func TestTheLanguageOfTheReader(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		h.Write(func(tx *db.Tx) error { return h.Speak(tx, f.mother, "en") })
		h.publish(families(f.class))
		left := h.evening("2026-10-05 18:30")
		if m := to(f.mother, left); len(m) != 1 || !strings.Contains(m[0].Text, "For your child:") {
			h.T.Errorf("%v", m)
		}
		if m := to(f.father, left); len(m) != 1 || !strings.Contains(m[0].Text, "Pour votre enfant") {
			h.T.Errorf("%v", m)
		}
	})
}

// At once is at once: once it has settled, outside of quiet hours; then all of it in one.
func TestAtOnceOutsideOfQuietHours(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		h.choose(f.mother, func(c *notify.Choice) { c.Mail = notify.Now })
		h.publish(families(f.class)) // before the first sweep: it is of the evening
		h.sweep("2026-10-05 12:10")
		h.publish(families(f.class))
		if left := h.sweep("2026-10-05 12:10"); len(left) != 0 {
			h.T.Errorf("it has not settled: %d", len(left))
		}
		left := h.sweep("2026-10-05 12:12")
		if len(left) != 1 || !strings.Contains(left[0].Text, "2 nouveautés") {
			h.T.Fatalf("at once: %d", len(left))
		}
		for _, c := range [][2]string{{"2026-10-05 20:30", "2026-10-05 20:35"}, {"2026-10-05 23:00", "2026-10-05 23:05"}, {"2026-10-06 02:00", "2026-10-06 06:59"}} {
			h.at(c[0])
			h.publish(families(f.class))
			if left := h.sweep(c[1]); len(left) != 0 {
				h.T.Errorf("%s: in quiet hours", c[1])
			}
		}
		left = h.sweep("2026-10-06 07:00")
		if len(left) != 1 || !strings.Contains(left[0].Text, "3 nouveautés") {
			h.T.Errorf("after the quiet hours: %d mails", len(left))
		}
		if left := h.sweep("2026-10-06 07:01"); len(left) != 0 {
			h.T.Errorf("again: %d", len(left))
		}
		if left := h.evening("2026-10-06 18:30"); len(to(f.mother, left)) != 0 || len(to(f.father, left)) != 1 {
			h.T.Errorf("in the evening: %d", len(left))
		}
	})
}

// An evening that a stopped house missed is made up for, not in quiet hours; and whose quiet
// hours have begun at the usual hour is written to before.
func TestTheEveningIsNotInQuietHours(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		h.choose(f.mother, func(c *notify.Choice) {
			c.Quiet, c.Usual = notify.Quiet{On: true, From: 18 * 60, Until: 8 * 60}, false
		})
		h.publish(families(f.class))
		if left := h.sweep("2026-10-05 17:44"); len(left) != 0 {
			h.T.Errorf("too early: %d", len(left))
		}
		if left := h.sweep("2026-10-05 17:45"); len(left) != 1 || len(to(f.mother, left)) != 1 {
			h.T.Errorf("before her quiet hours: %d", len(left))
		}
		if left := h.evening("2026-10-05 22:00"); len(left) != 0 {
			h.T.Errorf("late, in his quiet hours: %d", len(left))
		}
		if left := h.sweep("2026-10-06 06:59"); len(left) != 0 {
			h.T.Errorf("still in them: %d", len(left))
		}
		if left := h.sweep("2026-10-06 07:00"); len(left) != 1 || len(to(f.father, left)) != 1 {
			h.T.Errorf("after them: %d", len(left))
		}
	})
}

// A message that no server took for hours does not leave in quiet hours either.
func TestALateMessageWaitsForTheMorning(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		h.publish(families(f.class))
		h.post.Down()
		if left := h.evening("2026-10-05 18:30"); len(left) != 0 {
			h.T.Fatalf("%d mails taken by a server that is not there", len(left))
		}
		h.post.Up()
		h.at("2026-10-05 21:00")
		if left := h.left(); len(left) != 0 {
			h.T.Errorf("%d mails in quiet hours", len(left))
		}
		h.at("2026-10-06 07:01")
		if left := h.left(); len(left) != 2 {
			h.T.Errorf("%d mails in the morning", len(left))
		}
	})
}

// Erasing and exporting know every table.
func TestWhatIsKeptOfAPerson(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		h.choose(f.mother, func(c *notify.Choice) { c.Mail = notify.Now })
		h.publish(families(f.class))
		h.evening("2026-10-05 18:30")
		h.Write(func(tx *db.Tx) error {
			if err := h.Returned(tx, f.mother, address(f.mother)); err != nil {
				return err
			}
			rows, err := h.Export(tx, f.mother)
			if err != nil {
				return err
			}
			var tables []string
			for _, row := range rows {
				tables = append(tables, row.Table)
			}
			for _, want := range []string{"notify_preference", "notify_quiet", "notify_told", "notify_bounce"} {
				if !slices.Contains(tables, want) {
					h.T.Errorf("%s is not exported", want)
				}
			}
			if err := h.Erase(tx, f.mother); err != nil {
				return err
			}
			if rows, err = h.Export(tx, f.mother); len(rows) > 0 {
				h.T.Errorf("%d rows are left", len(rows))
			}
			return err
		})
	})
}

// freely is a room that, while it says what it has, has somebody else write.
type freely struct {
	board
	write func()
}

func (f freely) Tell(tx *db.Tx, to web.Addressee, news []audience.News) ([]web.Told, error) {
	f.write()
	return f.board.Tell(tx, to, news)
}

// What the rooms say is read while others write: SQLite has one writer, which reads nothing of
// all of them, however somebody is told.
func TestNobodyWaitsToWriteWhileTheRoomsAreRead(t *testing.T) {
	onBoth(t, func(h *town) {
		read := 0
		h.Tellers["board"] = freely{h.board, func() {
			read++
			ctx, stop := context.WithTimeout(h.T.Context(), 2*time.Second)
			defer stop()
			if err := h.House.DB.Write(ctx, func(*db.Tx) error { return nil }); err != nil {
				h.T.Errorf("one who writes waits: %v", err)
			}
		}}
		f := h.separated()
		p := h.pushes(f.mother, 1)
		early := notify.Quiet{On: true, From: 18 * 60, Until: 8 * 60}
		h.choose(f.father, func(c *notify.Choice) { c.Quiet, c.Usual = early, false })
		h.sweep("2026-10-05 15:58")
		h.at("2026-10-05 16:00")
		h.publish(families(f.class))
		for _, each := range []struct {
			name string
			run  func() []mailtest.Mail
		}{
			{"the sweep", func() []mailtest.Mail { return h.sweep("2026-10-05 16:02") }},
			{"the hour of one's own", func() []mailtest.Mail { return h.sweep("2026-10-05 17:50") }},
			{"the evening", func() []mailtest.Mail { return h.evening("2026-10-05 18:30") }},
		} {
			if read = 0; len(each.run()) == 0 && len(p.came) == 0 || read == 0 {
				h.T.Errorf("%s tells nothing, having read %d times", each.name, read)
			}
		}
	})
}
