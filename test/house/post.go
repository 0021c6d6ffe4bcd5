package house

import (
	"log/slog"
	"strings"

	"preau/account"
	"preau/core/db"
	"preau/core/job"
	"preau/core/mail"
	"preau/core/mail/mailtest"
	"preau/core/school"
)

// Post is the mail of a house: a real server that takes it, and the jobs that
// hand it over.
type Post struct {
	*mailtest.Server
	h    *House
	jobs *job.Queue
}

// Sends has mail leave a house that is served already.
func (h *House) Sends() *Post {
	h.T.Helper()
	p := &Post{Server: mailtest.New(h.T), h: h}
	outbox := mail.New(h.DB, h.Key)
	sender, err := mail.NewSMTP(p.At(), "Préau <ent@preau.test>", "preau.test")
	if err != nil {
		h.T.Fatal(err)
	}
	h.T.Cleanup(sender.Close)
	outbox.Sender = sender
	p.jobs, err = job.New(h.DB, slog.New(slog.DiscardHandler), map[job.Kind]job.Handler{
		mail.KindSend: outbox.Send, account.KindForgotten: h.Accounts.SendForgotten,
	})
	if err != nil {
		h.T.Fatal(err)
	}
	outbox.Enqueue = p.jobs.Enqueue
	h.Accounts.Mail = &account.Mail{Outbox: outbox, Words: h.Words, URL: h.URL}
	return p
}

// Work does the jobs that are due.
func (p *Post) Work() {
	p.h.T.Helper()
	for {
		did, err := p.jobs.Do(p.h.T.Context())
		if err != nil {
			p.h.T.Fatal(err)
		}
		if !did {
			return
		}
	}
}

// New does the jobs that are due and gives the messages that came since the
// last time.
func (p *Post) New() []mailtest.Mail {
	p.h.T.Helper()
	p.Work()
	return p.Take()
}

// Link finds the link of a page in a message, from the path on.
func (p *Post) Link(m mailtest.Mail, page string) string {
	p.h.T.Helper()
	_, link, found := strings.Cut(m.Text, p.h.URL+page+"#")
	if !found {
		p.h.T.Fatalf("no link to %s in %q", page, m.Text)
	}
	link, _, _ = strings.Cut(link, "\n")
	return link
}

// Address gives somebody an address in the register, at work for those who work.
func (h *House) Address(person school.ID, mail string) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE directory_person SET mail = $2 WHERE id = $1`, person, mail)
		return err
	})
}
