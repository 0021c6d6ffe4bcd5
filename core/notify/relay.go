package notify

import (
	"slices"
	"strings"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/mail"
	"preau/core/school"
)

// Posted is something that a school made public: anybody reads it on a page. It is all
// that a mail ever says in full, to whoever asked for it.
type Posted struct {
	Room  string
	Thing school.ID
	At    time.Time // since when it is public, the first time
	From  string    // the school
	Title string    // on one line
	When  string    // it takes place; empty: it is no event
	Where string    // empty: nowhere
	Text  string    // plain, paragraphs parted by an empty line; empty: the title says all
	Path  string    // of the page
}

// Relays tells whether somebody is of a school, and so may ask for what it makes public.
func (s *Service) Relays(tx *db.Tx, person school.ID) (bool, error) {
	if s.Posted == nil {
		return false, nil
	}
	schools, err := s.schoolsOf(tx, person)
	return len(schools) > 0, err
}

// schoolsOf lists the schools whose audiences somebody holds now: those of their children
// of which no judge keeps them away, and where they work.
func (s *Service) schoolsOf(tx *db.Tx, person school.ID) (schools []school.ID, err error) {
	held, err := s.Audiences.Held(tx, person)
	for _, one := range held.At(tx.Now) {
		if one.Place == audience.School {
			schools = append(schools, one.Of)
		}
	}
	slices.Sort(schools)
	return slices.Compact(schools), err
}

// relayedTo lists what was made public since somebody was told, of the rooms that a
// message reaches; nothing for whoever did not ask for it.
func (s *Service) relayedTo(tx *db.Tx, r reader, to reach) ([]Posted, error) {
	if !r.choice.Relay {
		return nil, nil
	}
	before, err := marksOf(tx, r.person, Relay)
	if err != nil {
		return nil, err
	}
	posted, err := s.posted(tx, r)
	until := tx.Now.Add(-settles)
	return slices.DeleteFunc(posted, func(p Posted) bool {
		return p.At.After(until) || !p.At.After(before.of(p.Room).published) || r.choice.Of(Relay, p.Room).reach() > to
	}), err
}

// posted lists what is public now in the schools of somebody, the last first.
func (s *Service) posted(tx *db.Tx, r reader) ([]Posted, error) {
	if s.Posted == nil {
		return nil, nil
	}
	if r.told.posted == nil {
		schools, err := s.schoolsOf(tx, r.person)
		if err != nil {
			return nil, err
		}
		var all []Posted
		if len(schools) > 0 {
			if all, err = s.Posted(tx, r.printer, schools...); err != nil {
				return nil, err
			}
		}
		r.told.posted = &all
	}
	return slices.Clone(*r.told.posted), nil
}

// noteRelayed moves the marks of what is told in full.
func noteRelayed(tx *db.Tx, person school.ID, posted []Posted) error {
	for _, p := range posted {
		if err := told(tx, person, Relay, p.Room, tx.Now.Add(-settles), time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// relay writes in full what is public.
func (s *Service) relay(r reader, posted []Posted) mail.Message {
	say := r.printer.Say
	m := mail.Message{Subject: say("notify.relay-subject", len(posted)), Unsubscribe: s.unsubscribeURL(r.person, Relay)}
	if len(posted) == 1 {
		m.Subject = say("notify.relay-one", posted[0].From, posted[0].Title)
	}
	parts := []string{say("notify.hello")}
	for _, p := range posted {
		m.Things = append(m.Things, p.Thing)
		parts = append(parts, p.in(r.printer), say("notify.relay-page", s.URL+p.Path))
	}
	parts = append(parts, say("notify.relay-foot", s.URL+"/me/notifications", m.Unsubscribe))
	m.Text = strings.Join(parts, "\n\n") + "\n"
	return m
}

// in is what is public in full, with the words of a language for what is not of its author.
func (p Posted) in(say i18n.Printer) string {
	head := []string{say.Say("notify.relay-one", p.From, p.Title)}
	if p.When != "" {
		head = append(head, say.Say("notify.relay-when", p.When))
	}
	if p.Where != "" {
		head = append(head, say.Say("notify.relay-where", p.Where))
	}
	if p.Text == "" {
		return strings.Join(head, "\n")
	}
	return strings.Join(head, "\n") + "\n\n" + p.Text
}

// againInFull writes again what is told in full, of what is public still, as it is said now.
func (s *Service) againInFull(tx *db.Tx, r reader, m mail.Message) (mail.Message, bool, error) {
	posted, err := s.posted(tx, r)
	posted = slices.DeleteFunc(posted, func(p Posted) bool {
		return !slices.Contains(m.Things, p.Thing) || r.choice.Of(Relay, p.Room) == Never
	})
	return s.relay(r, posted), len(posted) > 0, err
}
