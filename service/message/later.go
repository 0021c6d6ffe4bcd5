package message

import (
	"slices"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// Later implements web.Withholder.
func (s *Service) Later() audience.Later { return audience.Later{Table: "message_thread"} }

// Leaves implements web.Withholder: whoever is addressed by name is to be reached, and whoever is
// together, as when it was written.
func (s *Service) Leaves(tx *db.Tx, id school.ID) (l web.Leaving, err error) {
	threads, err := threadsWhere(tx, `t.id = $1`, id)
	if err != nil || len(threads) == 0 {
		return l, err
	}
	t := threads[0]
	seats, err := seatsOf(tx, id)
	if err != nil {
		return l, err
	}
	me := slices.IndexFunc(seats[id], func(one seat) bool { return one.Person == t.Author })
	if me < 0 {
		return l, nil
	}
	if l.Author, err = directory.Actor(tx, t.Author, seats[id][me].Profile); err != nil {
		return l, err
	}
	if l.Author.Profile == "" { // they hold nothing by that hat
		return l, nil
	}
	l.Schools = []school.ID{t.School}
	to, err := audience.To(tx, id)
	if err != nil {
		return l, err
	}
	for _, one := range seats[id] {
		if one.Person == t.Author {
			continue
		}
		c, is, err := s.reachOne(tx, l.Author, one.Person, one.Profile)
		if err != nil || !is {
			return l, err
		}
		l.Schools = append(l.Schools, c.School)
	}
	for _, a := range to[id] {
		if a.Place == audience.Person {
			continue
		}
		if is, err := mayAddress(tx, l.Author, t, a); err != nil || !is {
			return l, err
		}
	}
	l.May = true
	return l, nil
}

// mayAddress tells whether somebody may address people together, from where they wrote a conversation:
// a team where they work, a class that is theirs, a school that they head.
func mayAddress(tx *db.Tx, by rights.Actor, t thread, to audience.Audience) (bool, error) {
	me := sideOf(by.Profile)
	if to.Place == audience.School && to.Side != audience.Families {
		return slices.Contains(atWork, by.Profile) && slices.Contains(by.Schools, to.Of), nil
	}
	at := t.School
	if t.Class == 0 {
		if me != head {
			return false, nil
		}
	} else {
		classes, err := directory.PlainClassesByID(tx, t.Class)
		if err != nil || len(classes) == 0 {
			return false, err
		}
		if at = classes[0].School; me != head && !slices.Contains(by.Classes, t.Class) {
			return false, nil
		}
	}
	if me == head && !slices.Contains(by.Schools, at) {
		return false, nil
	}
	books, err := booksOf(tx, at)
	other := guardian
	if to.Side == audience.Pupils {
		other = pupil
	}
	return err == nil && books[at].allows(pair{me, other}, true, opening{}), err
}

// withheldOf is the condition that a conversation t was kept back, and that the person $me who
// wrote it did not put it away.
func withheldOf(me int) string {
	return `t.author_id IN (` + oneWith(me) + `) AND t.kept_at IS NOT NULL AND NOT ` + away(me)
}
