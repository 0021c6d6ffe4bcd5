package message

import (
	"strings"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/past"
	"preau/core/personal"
	"preau/core/rich"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
)

var _ web.Changer = (*Service)(nil)

// keepWas keeps what a post is, of which the visitor is about to decide.
func (p post) keepWas(r *web.Request, t thread, act past.Act) error {
	return past.Keep(r.Tx, Holdings.Tables, past.Change{Room: room, Thing: p.ID, School: t.School, Subject: t.Child, By: r.Actor.Person, Act: act})
}

// Reads implements web.Changer: what a pupil wrote, and what an adult decided of it; or what
// somebody took back.
func (s *Service) Reads(r *web.Request, rows []personal.Row) (sent web.Sent, err error) {
	for _, row := range rows {
		if row.Table != "message_post" {
			continue
		}
		t, there, err := threadIn(r.Tx, rows, row.ID("thread_id"))
		if err != nil || !there {
			return sent, err
		}
		lines := []string{rich.Load(row.Text("body")).Plain()}
		switch is := state(row.Text("state")); {
		case is == held:
			lines = append(lines, r.Say("message.was-held"))
		case is == returned:
			lines = append(lines, i18n.Dots(r.Say("message.was-returned"), row.Text("why")))
		case is == said && !t.Begun.IsZero():
			lines = append(lines, r.Say("message.was-said"))
		}
		sent = web.Sent{Thing: row.ID("id"), School: t.School, At: row.At("posted_at"), Icon: ui.IconMessage, Title: t.Subject, Text: strings.Join(lines, "\n")}
	}
	return sent, nil
}

// threadIn is a conversation of which rows say what was said: the one that is among them, where it
// is no more, or the one that is there.
func threadIn(tx *db.Tx, rows []personal.Row, id school.ID) (t thread, there bool, err error) {
	for _, row := range rows {
		if row.Table == "message_thread" && row.ID("id") == id {
			return thread{ID: id, School: row.ID("school_id"), Subject: row.Text("subject"), Begun: row.At("begun_at")}, true, nil
		}
	}
	threads, err := threadsWhere(tx, "t.id = $1", id)
	if err != nil || len(threads) == 0 {
		return t, false, err
	}
	return threads[0], true, nil
}

// whoReads has a conversation of two be for both once something is said in it, and until then
// for whoever wrote what waits, or was given back, alone.
func whoReads(tx *db.Tx, t thread) error {
	if t.Kind != twoOf || t.withheld() {
		return nil
	}
	posts, err := postsOf(tx, t.ID)
	if err != nil {
		return err
	}
	to, err := audience.To(tx, t.ID)
	if err != nil {
		return err
	}
	wrote, speaks := map[school.ID]bool{}, false
	for _, p := range posts {
		if p.State == held { // again, where what an adult decided was undone
			if err := waits(tx, t, p); err != nil {
				return err
			}
		}
		wrote[p.Author], speaks = true, speaks || p.State == said
	}
	if speaks == (len(to[t.ID]) > 1) {
		return nil
	}
	seats, err := seatsOf(tx, t.ID)
	if err != nil {
		return err
	}
	var audiences []audience.Audience
	for _, one := range seats[t.ID] {
		if speaks || wrote[one.Person] {
			audiences = append(audiences, audience.Audience{Place: audience.Person, Of: one.Record})
		}
	}
	if len(audiences) == 0 {
		return audience.Withdraw(tx, t.ID)
	}
	return audience.Publish(tx, t.address(audiences))
}
