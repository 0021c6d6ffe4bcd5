package notify

import (
	"strings"
	"time"

	"preau/core/db"
	"preau/core/i18n"
	"preau/core/mail"
	"preau/core/school"
	"preau/core/web"
)

// mailTo writes to somebody what waits for them and, in a message of its own, what is
// public, where they want that in full. The marks of what they tell are moved with them.
// Nothing is written when there is nothing to say, or no address.
func (s *Service) mailTo(tx *db.Tx, r reader, to reach, reminds time.Time) error {
	if s.URL == "" {
		return nil
	}
	address, err := s.box(tx, r.person)
	if err != nil || address == "" {
		return err
	}
	posted, err := s.relayedTo(tx, r, to)
	if err != nil {
		return err
	}
	w, err := s.waitingFor(tx, r, Mail, to, reminds, posted...)
	if err != nil {
		return err
	}
	var letters []mail.Message
	if len(posted) > 0 {
		if err := noteRelayed(tx, r.person, posted); err != nil {
			return err
		}
		letters = append(letters, s.relay(r, posted))
	}
	if !w.empty() {
		letter, err := s.letter(tx, r, w)
		if err != nil {
			return err
		}
		letters = append(letters, letter)
	}
	for _, letter := range letters {
		letter.To, letter.Return, letter.Until = address, s.returnOf(tx.Now, r.person, address), tx.Now.Add(letterLasts)
		if err := s.Outbox.Put(tx, r.person, letter); err != nil {
			return err
		}
	}
	return noteTold(tx, r.person, Mail, w)
}

// box is the address at which somebody is told things; empty: there is none that mail
// reaches.
func (s *Service) box(tx *db.Tx, person school.ID) (string, error) {
	boxes, err := s.Boxes(tx, person)
	if err != nil || boxes[person] == "" {
		return "", err
	}
	aside, err := s.aside(tx, person, boxes[person])
	if err != nil || aside {
		return "", err
	}
	return boxes[person], nil
}

// Waits tells until when nothing is sent to a person: now, or the end of their quiet
// hours. A message that waited for its server is not read to them at night.
func (s *Service) Waits(tx *db.Tx, person school.ID) (time.Time, error) {
	c, err := s.ChoiceOf(tx, person)
	if err != nil {
		return tx.Now, err
	}
	return c.Quiet.end(tx.Now), nil
}

// letterLasts is for how long a message that nobody took yet is of use.
const letterLasts = 18 * time.Hour

// letter writes the message.
func (s *Service) letter(tx *db.Tx, r reader, w waiting) (mail.Message, error) {
	names := map[school.ID]string{}
	if r.choice.Names {
		var err error
		if names, err = s.Children(tx, r.person); err != nil {
			return mail.Message{}, err
		}
	}
	say := r.printer.Say
	parts := []string{say("notify.hello")}
	several := 0
	for _, c := range w.children {
		if c.child != 0 {
			several++
		}
	}
	for _, c := range w.children {
		lines := []string{say("notify.for-you")}
		switch {
		case c.child != 0 && names[c.child] != "":
			lines[0] = say("notify.for-named", names[c.child])
		case c.child != 0 && several > 1:
			lines[0] = say("notify.for-one-of-yours")
		case c.child != 0:
			lines[0] = say("notify.for-your-child")
		}
		for _, room := range c.rooms {
			lines = append(lines, say("notify.line", s.titleOf(r.printer, room.room), s.counted(r.printer, room, tx.Now)))
		}
		parts = append(parts, strings.Join(lines, "\n"))
	}
	stop := s.unsubscribeURL(r.person, Mail)
	parts = append(parts, say("notify.read-it", s.URL+"/"), say("notify.foot", s.URL+"/me/notifications", stop))
	return mail.Message{
		Subject: say("notify.subject", s.counted(r.printer, w.sum(), tx.Now)), Text: strings.Join(parts, "\n\n") + "\n", Unsubscribe: stop, Counted: w.things, Changed: w.changed,
	}, nil
}

// titleOf names a room.
func (s *Service) titleOf(say i18n.Printer, name string) string {
	for _, room := range s.Rooms {
		if room.Name == name {
			return say.Say(room.Title)
		}
	}
	return name
}

// someThings begins the keys of numbers of things of whichever room.
const someThings = "notify.of"

// counted says what waits in a room, in its own words where it has some:
// "2 mots attendent votre réponse, au plus tard vendredi 4 décembre ; 1 nouveau mot".
func (s *Service) counted(say i18n.Printer, r ofRoom, now time.Time) string {
	key := web.Counted(r.room)
	if !s.Words.Has(key + "-new") {
		key = someThings
	}
	var parts []string
	if r.expected > 0 {
		text := say.Say(key+"-expected", r.expected)
		if !r.due.IsZero() {
			text = say.Say("notify.until", text, say.Day(school.LastDay(r.due), now))
		}
		parts = append(parts, text)
	}
	if r.new > 0 {
		parts = append(parts, say.Say(key+"-new", r.new))
	}
	if r.changed > 0 {
		if !s.Words.Has(key + "-changed") {
			key = someThings
		}
		parts = append(parts, say.Say(key+"-changed", r.changed))
	}
	said := parts[0]
	for _, part := range parts[1:] {
		said = say.Say("notify.both", said, part)
	}
	return said
}
