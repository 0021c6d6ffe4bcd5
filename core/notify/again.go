package notify

import (
	"slices"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/mail"
	"preau/core/school"
)

// Again writes a message again as it leaves, which may be a day after it was queued: of what its
// reader may know still, as it is then. False is that of one of which nothing is left, or that is
// not wanted any more. See [mail.Outbox.Again].
func (s *Service) Again(tx *db.Tx, person school.ID, m mail.Message) (mail.Message, bool, error) {
	again, still, err := s.again(tx, person, m)
	if err != nil || !still {
		return m, false, err
	}
	m.Subject, m.Text, m.Things, m.Counted, m.Changed = again.Subject, again.Text, again.Things, again.Counted, again.Changed
	return m, true, nil
}

func (s *Service) again(tx *db.Tx, person school.ID, m mail.Message) (again mail.Message, still bool, err error) {
	if m.About != 0 {
		return s.againUrgent(tx, person, m.About)
	}
	r, ok, err := s.readerOf(tx, person)
	if err != nil || !ok {
		return m, false, err
	}
	if len(m.Things) > 0 {
		return s.againInFull(tx, r, m)
	}
	w, err := s.still(tx, r, Mail, m.Counted, m.Changed)
	if err != nil || w.empty() {
		return m, false, err
	}
	again, err = s.letter(tx, r, w)
	return again, true, err
}

// againUrgent writes again what is told at once, to whoever is told it still.
func (s *Service) againUrgent(tx *db.Tx, person, notice school.ID) (mail.Message, bool, error) {
	say, u, err := s.urgentFor(tx, person, notice)
	if fail.Is(err, fail.NotFound) {
		return mail.Message{}, false, nil
	}
	if err != nil {
		return mail.Message{}, false, err
	}
	return s.urgentLetter(say, u), true, nil
}

// urgentFor reads a notice as somebody is told it; one that does not reach them any more is
// fail.NotFound.
func (s *Service) urgentFor(tx *db.Tx, person, id school.ID) (say i18n.Printer, u Urgent, err error) {
	choice, err := s.choiceOf(tx, person, nil)
	if err != nil {
		return say, u, err
	}
	say = i18n.Printer{Catalogue: s.Words, Lang: choice.Lang}
	if u, err = s.Notice(tx, say, id); err != nil {
		return say, u, err
	}
	urged, err := s.Urged(tx, u.To...)
	if err != nil {
		return say, u, err
	}
	if _, reached := slices.BinarySearch(urged, person); !reached {
		err = fail.New(fail.NotFound, "the notice %s is not for %s any more", id, person)
	}
	return say, u, err
}
