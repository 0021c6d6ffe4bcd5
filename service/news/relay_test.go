package news_test

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/core/db"
	"preau/core/job"
	"preau/core/mail"
	"preau/core/mail/mailtest"
	"preau/core/notify"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/service/news"
)

// postman takes what the news of a town say to its people, by a real server.
type postman struct {
	*notify.Service
	h      *town
	server *mailtest.Server
	jobs   *job.Queue
}

func (h *town) postman() *postman {
	h.T.Helper()
	p := &postman{notify.New(h.DB, h.Key), h, mailtest.New(h.T), nil}
	sender, err := mail.NewSMTP(p.server.At(), "Préau <ent@preau.test>", "preau.test")
	if err != nil {
		h.T.Fatal(err)
	}
	h.T.Cleanup(sender.Close)
	p.Outbox = mail.New(h.DB, h.Key)
	p.jobs, err = job.New(h.DB, slog.New(slog.DiscardHandler), map[job.Kind]job.Handler{mail.KindSend: p.Outbox.Send, notify.KindDigest: p.Digest})
	if err != nil {
		h.T.Fatal(err)
	}
	p.Outbox.Sender, p.Outbox.Enqueue, p.Outbox.Again, p.Enqueue = sender, p.jobs.Enqueue, p.Again, p.jobs.Enqueue
	p.Words, p.Log, p.URL = h.Words, slog.New(slog.NewTextHandler(h.T.Output(), nil)), "https://ent.preau.test"
	p.Audiences, p.Hats, p.Boxes, p.People, p.InUse = directory.Audiences{}, directory.Hats, account.Reachable, account.UsedBy, account.IsUsed
	board := new(news.Service)
	p.Rooms, p.Tellers, p.Posted = []notify.Room{notify.RoomOf(board.Card(), board)}, map[string]web.Teller{"news": board}, news.Posted
	return p
}

// asks has somebody, who has an address, ask for what is public in full, as often as it gets.
func (p *postman) asks(people ...school.ID) {
	p.h.T.Helper()
	for _, person := range people {
		p.h.Address(person, "p"+person.String()+"@example.test")
		p.h.Write(func(tx *db.Tx) error {
			c, err := p.ChoiceOf(tx, person)
			if err != nil {
				return err
			}
			c.Mail, c.Relay, c.Quiet, c.Usual = notify.Now, true, notify.Quiet{}, false
			return p.Keep(tx, person, c)
		})
	}
}

// evening is what leaves on the evening of a day, in some days.
func (p *postman) evening(days int) []mailtest.Mail {
	p.h.T.Helper()
	p.h.Later(time.Duration(days)*24*time.Hour + 7*time.Hour)
	if err := p.Evening(p.h.T.Context(), job.Job{}); err != nil {
		p.h.T.Fatal(err)
	}
	for did := true; did; {
		var err error
		if did, err = p.jobs.Do(p.h.T.Context()); err != nil {
			p.h.T.Fatal(err)
		}
	}
	return p.server.Take()
}

// What is not on the public page of a school leaves in no mail, whoever asked for whatever;
// what is there is read in full by the people of the school, once.
func TestOnlyThePublicPageIsRelayed(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		head, agent := h.Enter(c.head, school.Head), h.Enter(c.agent, school.Municipal)
		for _, each := range []struct {
			person school.ID
			hat    school.Profile
		}{{c.teacher, school.Teacher}, {c.parent, school.Guardian}, {c.otherParent, school.Guardian}, {c.nextParent, school.Guardian}, {c.otherHead, school.Head}} {
			h.Enter(each.person, each.hat)
		}
		post := h.postman()
		post.asks(c.head, c.teacher, c.parent, c.otherParent, c.nextParent, c.otherHead, c.agent)
		h.Later(time.Minute)
		turn, at := "/news/page/"+c.school.String(), h.Structure(c.school)
		publish(head, c.school, feast("title", "Secret sans page", "public", "on"))
		head.Post(turn, url.Values{"open": {"1"}}).Wants(http.StatusSeeOther)
		publish(head, c.school, feast("title", "Secret entre nous", "body", "Le secret du texte."))
		publish(head, c.school, feast("title", "Secret de demain", "public", "on", "publish_day", "2026-10-08"))
		published(agent, "/news/new/commune/"+c.commune.String(), feast("title", "Secret de la mairie", "public", "on"))
		removed := publish(head, c.school, feast("title", "Secret mis à la corbeille", "public", "on"))
		head.Post(removed+"/remove", nil).Wants(http.StatusSeeOther)
		private := publish(head, c.school, feast("title", "Secret redevenu", "public", "on"))
		head.SendFiles(private+"/amend", feast("title", "Secret redevenu")).Wants(http.StatusSeeOther)
		shown := publish(head, c.school, feast("title", "Portes ouvertes", "body", "<p>Venez <strong>tous</strong>.</p>", "public", "on",
			"event_day", "2026-10-09", "event_hour", "17:00", "event_place", "La cour"))
		read := map[string]int{}
		for _, m := range post.evening(0) {
			if strings.Contains(m.Text+m.Subject, "ecret") {
				t.Errorf("to %s, what is not public: %s\n%s", m.To, m.Subject, m.Text)
			}
			if !strings.Contains(m.Text, "Portes ouvertes") {
				continue
			}
			read[m.To]++
			for _, want := range []string{"Venez tous.", "Quand\u00a0: vendredi 9", "17\u00a0h\u00a000", "Où\u00a0: La cour", at.Name, "https://ent.preau.test/news/public/" + strings.ToLower(string(at.UAI)) + "\n"} {
				if !strings.Contains(m.Text, want) {
					t.Errorf("it does not say %q:\n%s", want, m.Text)
				}
			}
		}
		for _, person := range []school.ID{c.head, c.teacher, c.parent} {
			if n := read["p"+person.String()+"@example.test"]; n != 1 {
				t.Errorf("%s of the school reads it %d times", person, n)
			}
		}
		if len(read) != 3 {
			t.Errorf("%d people read it", len(read))
		}

		// Amended, taken from the page and put there again: it is told once.
		head = h.Enter(c.head, school.Head)
		head.SendFiles(shown+"/amend", feast("title", "Portes ouvertes", "again", "on")).Wants(http.StatusSeeOther)
		h.Later(time.Hour)
		head.SendFiles(shown+"/amend", feast("title", "Portes ouvertes", "public", "on")).Wants(http.StatusSeeOther)
		for _, m := range post.evening(1) {
			if strings.Contains(m.Text, "Portes ouvertes") {
				t.Errorf("again: %s", m.Text)
			}
		}
		// What was for later is told on its day; nothing once the page is closed.
		told := 0
		for _, m := range post.evening(1) {
			if strings.Contains(m.Text, "Secret de demain") {
				told++
			}
		}
		if told != 3 {
			t.Errorf("what was for later is told to %d", told)
		}
		head = h.Enter(c.head, school.Head)
		publish(head, c.school, feast("title", "Après la page", "public", "on"))
		head.Post(turn, nil).Wants(http.StatusSeeOther)
		for _, m := range post.evening(1) {
			if strings.Contains(m.Text, "Après la page") {
				t.Errorf("the page is closed: %s", m.Text)
			}
		}
	})
}
