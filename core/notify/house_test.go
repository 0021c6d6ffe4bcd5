package notify_test

import (
	"log/slog"
	"testing"
	"time"

	"preau/account"
	"preau/core/audience"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/job"
	"preau/core/mail"
	"preau/core/mail/mailtest"
	"preau/core/notify"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/feed"
	"preau/test/house"
	"preau/test/village"
)

// fed is the village of every town.
var fed = house.NewVillage(village.Options{Schools: 3, Seed: 1, Date: dbtest.Noon.AddDate(0, 0, -30)}, feed.DefaultCaps, house.Schemas(), notify.Words)

// board is a room that tells everything that is addressed in it, and since when what changed says
// something else.
type board map[school.ID]time.Time

func (b board) Tell(_ *db.Tx, _ web.Addressee, news []audience.News) (told []web.Told, err error) {
	for _, n := range news {
		told = append(told, web.Told{News: n, Title: "Le secret du titre", Changed: b[n.Thing], Href: "/board/" + n.Thing.String()})
	}
	return told, nil
}

// town is a house that tells people what waits for them, by a real server.
type town struct {
	*house.House
	*notify.Service
	board  board
	post   *mailtest.Server
	outbox *mail.Outbox
	jobs   *job.Queue
}

func open(in *house.House) *town {
	t := in.T
	t.Helper()
	h := &town{House: in, board: board{}, Service: notify.New(in.DB, in.Key), post: mailtest.New(t), outbox: mail.New(in.DB, in.Key)}
	sender, err := mail.NewSMTP(h.post.At(), "Préau <ent@preau.test>", "preau.test")
	if err == nil {
		err = sender.ReturnTo("retours@preau.test")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sender.Close)
	h.jobs, err = job.New(in.DB, slog.New(slog.DiscardHandler), map[job.Kind]job.Handler{
		mail.KindSend: h.outbox.Send, mail.KindUrgent: h.outbox.Send, notify.KindPushUrgent: h.SendPush, notify.KindEvening: h.Evening, notify.KindDigest: h.Digest, notify.KindPush: h.SendPush,
		notify.KindAgain: h.WakeAgain, notify.KindUrgent: h.TellUrgent, notify.KindSMS: h.SendTexts,
	})
	if err != nil {
		t.Fatal(err)
	}
	h.outbox.Sender, h.outbox.Enqueue, h.outbox.Returned, h.outbox.Waits, h.outbox.Settled = sender, h.jobs.Enqueue, h.Returned, h.Waits, h.Settled
	h.outbox.Again = h.Again
	h.Service.Words, h.Outbox, h.Service.Log, h.Service.URL = in.Words, h.outbox, slog.New(slog.NewTextHandler(t.Output(), nil)), "https://ent.preau.test"
	h.Audiences, h.Hats, h.Boxes = directory.Audiences{}, directory.Hats, account.Reachable
	h.People, h.InUse, h.Service.Enqueue = account.UsedBy, account.IsUsed, h.jobs.Enqueue
	h.Rooms, h.Tellers = []notify.Room{{Name: "board", Title: "portal.me"}}, map[string]web.Teller{"board": h.board}
	h.Children = func(tx *db.Tx, guardian school.ID) (map[school.ID]string, error) {
		children, err := directory.ChildrenOf(tx, guardian)
		names := map[school.ID]string{}
		for _, child := range children {
			names[child.ID] = child.First
		}
		return names, err
	}
	return h
}

// onBoth runs a test in a town on each database.
func onBoth(t *testing.T, f func(*town)) {
	t.Helper()
	fed.Each(t, func(_ *testing.T, h *house.House) { f(open(h)) })
}

// at moves the clock to an instant of Paris.
func (h *town) at(text string) {
	h.T.Helper()
	now, err := time.ParseInLocation("2006-01-02 15:04", text, school.Paris)
	if err != nil {
		h.T.Fatal(err)
	}
	h.House.DB.Now = func() time.Time { return now }
}

// adult opens the account of somebody, and gives them an address.
func (h *town) adult(person school.ID, hat school.Profile) school.ID {
	h.T.Helper()
	h.Enter(person, hat)
	h.Address(person, address(person))
	return person
}

func address(person school.ID) string { return "p" + person.String() + "@example.test" }

// publish addresses a thing of the board, that was made so long ago.
func (h *town) publish(to audience.Audience, change ...func(*audience.Address)) school.ID {
	h.T.Helper()
	var thing school.ID
	h.Write(func(tx *db.Tx) error {
		thing = school.NewID(tx.Now)
		a := audience.Address{
			Room: "board", Thing: thing, Audiences: []audience.Audience{to}, Published: tx.Now, NewsUntil: tx.Now.AddDate(0, 0, 15),
		}
		for _, f := range change {
			f(&a)
		}
		return audience.Publish(tx, a)
	})
	return thing
}

// expects makes a thing be answered by one of those whom it reaches for a child, until the
// end of a day.
func expects(who audience.Expects, day string) func(*audience.Address) {
	return func(a *audience.Address) {
		end, err := time.ParseInLocation(time.DateOnly, day, school.Paris)
		if err != nil {
			panic(err)
		}
		a.Expects, a.Due = who, end.AddDate(0, 0, 1)
	}
}

func families(class school.ID) audience.Audience {
	return audience.Audience{Place: audience.Class, Of: class, Side: audience.Families}
}

// evening runs the mail of an evening, and gives what left.
func (h *town) evening(at string) []mailtest.Mail {
	h.T.Helper()
	h.at(at)
	if err := h.Evening(h.T.Context(), job.Job{}); err != nil {
		h.T.Fatal(err)
	}
	return h.left()
}

// sweep runs a sweep, and gives what left.
func (h *town) sweep(at string) []mailtest.Mail {
	h.T.Helper()
	h.at(at)
	if err := h.Sweep(h.T.Context(), job.Job{}); err != nil {
		h.T.Fatal(err)
	}
	return h.left()
}

// left does the jobs that are due, and gives what the server took.
func (h *town) left() []mailtest.Mail {
	h.T.Helper()
	for {
		did, err := h.jobs.Do(h.T.Context())
		if err != nil {
			h.T.Fatal(err)
		}
		if !did {
			return h.post.Take()
		}
	}
}

// choose keeps what somebody chose.
func (h *town) choose(person school.ID, change func(*notify.Choice)) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
		c, err := h.ChoiceOf(tx, person)
		if err != nil {
			return err
		}
		change(&c)
		return h.Keep(tx, person, c)
	})
}

// to is what left for a person.
func to(person school.ID, all []mailtest.Mail) (some []mailtest.Mail) {
	for _, m := range all {
		if m.To == address(person) {
			some = append(some, m)
		}
	}
	return some
}

// family is a pupil and their class, with their guardians.
type family struct {
	class, pupil   school.ID
	mother, father school.ID
}

// separated finds a pupil with two guardians who are bare of any other hat.
func (h *town) separated() (f family) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) error {
		return tx.Get([]any{&f.class, &f.pupil, &f.mother, &f.father}, `SELECT m.class_id, m.person_id, min(b.guardian_id), max(b.guardian_id)
			FROM directory_membership m JOIN directory_class c ON c.id = m.class_id AND c.kind = 'class'
			JOIN directory_bond b ON b.pupil_id = m.person_id JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
			WHERE m.role = 'pupil' AND NOT EXISTS (SELECT 1 FROM directory_restriction r WHERE r.pupil_id = b.pupil_id)
			AND NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = b.guardian_id)
			GROUP BY m.class_id, m.person_id HAVING count(DISTINCT b.guardian_id) = 2 ORDER BY m.person_id LIMIT 1`)
	})
	h.adult(f.mother, school.Guardian)
	h.adult(f.father, school.Guardian)
	return f
}

// many finds the guardian who has the most children, all in a class.
func (h *town) many() (guardian school.ID, children []directory.Child) {
	h.T.Helper()
	guardian = h.One(`SELECT b.guardian_id FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
		WHERE NOT EXISTS (SELECT 1 FROM directory_restriction r WHERE r.guardian_id = b.guardian_id)
		AND NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = b.guardian_id)
		GROUP BY b.guardian_id ORDER BY count(*) DESC, b.guardian_id LIMIT 1`)
	h.Read(func(tx *db.Tx) (err error) {
		children, err = directory.ChildrenOf(tx, guardian)
		return err
	})
	return h.adult(guardian, school.Guardian), children
}
