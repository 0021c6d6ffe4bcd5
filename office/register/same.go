package register

import (
	"slices"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// someoneElse is what the form says of whoever is nobody that the visitor appointed
// before.
const someoneElse = "new"

// mayAppoint tells whether somebody may give a post.
type mayAppoint func(directory.Post) (bool, error)

// namesakes lists who has a post by hand, or had one, under the name of whom an
// appointment names, with what they have where the granter gives it: a person
// with two posts, or in two schools of a commune, is one. Who has them elsewhere
// is known by their mail only.
func namesakes(tx *db.Tx, a directory.Appointment, may mayAppoint) (held []directory.Holder, err error) {
	if a.Usual == "" {
		return nil, nil
	}
	if err := notThemself(tx, a); err != nil { // before it is asked whether they are
		return nil, err
	}
	all, err := directory.HoldersNamed(tx, directory.SortKey(a.Usual, a.First))
	if err != nil || len(all) == 0 {
		return nil, err
	}
	near, err := directory.Neighbours(tx, a.Structure)
	if err != nil {
		return nil, err
	}
	for _, h := range all {
		var known []directory.Duty
		for _, d := range h.Duties {
			if !slices.Contains(near, d.Place.ID) && !oneMail(a.Mail, h.Mail) {
				continue
			}
			yes, err := may(directory.Post{Structure: d.Place.ID, Profile: d.Profile})
			if err != nil {
				return nil, err
			}
			if yes {
				known = append(known, d)
			}
		}
		if h.Duties = known; len(known) > 0 {
			held = append(held, h)
		}
	}
	return held, nil
}

// settle tells which of those of a name somebody is: the mail says it, or says
// that they are another one; 0 is none of them. Those of whom it says nothing
// are given back: a human knows.
func settle(mail string, held []directory.Holder) (person school.ID, open []directory.Holder) {
	for _, h := range held {
		switch {
		case oneMail(mail, h.Mail):
			return h.ID, nil
		case mail == "" || h.Mail == "":
			open = append(open, h)
		}
	}
	return 0, open
}

// sameIn finds whether the one who is appointed is somebody whom the visitor
// knows under that name. When their mail does not settle it, the form asks, and
// its answer is one of those whom it gives, or nobody.
func sameIn(r *web.Request, a directory.Appointment) (school.ID, []directory.Holder, error) {
	held, err := namesakes(r.Tx, a, func(post directory.Post) (bool, error) { return mayGive(r, post) })
	if err != nil {
		return 0, nil, err
	}
	person, open := settle(a.Mail, held)
	answer := r.PostFormValue("same")
	if person != 0 || len(open) == 0 || answer == someoneElse {
		return person, open, nil
	}
	for _, h := range open {
		if h.ID.String() == answer {
			a.Person = h.ID
			return h.ID, open, addressed(a, open, func(person school.ID) error { return answersFor(r, person) })
		}
	}
	return 0, open, fail.New(fail.Invalid, "%d of that name are known", len(open)).Say("register.same-ask").At("same")
}

// addressed refuses to give another address to somebody for whom the granter does
// not answer: whoever has that may have the account.
func addressed(a directory.Appointment, held []directory.Holder, answers func(school.ID) error) error {
	i := slices.IndexFunc(held, func(h directory.Holder) bool { return h.ID == a.Person })
	if i < 0 || a.Mail == "" || oneMail(a.Mail, held[i].Mail) {
		return nil
	}
	err := answers(a.Person)
	if fail.Is(err, fail.Forbidden) {
		return fail.New(fail.Invalid, "another mail of %s: %w", a.Person, err).Say("register.mail-elsewhere").At("mail")
	}
	return err
}

// sameLine finds whether the one whom a line appoints is somebody who is known
// under that name. Who holds the post and has another mail nowhere is the same;
// for the others, and when the mail does not settle it, the line says.
func sameLine(tx *db.Tx, a directory.Appointment, answer string, held []directory.Holder) (school.ID, error) {
	person, open := settle(a.Mail, held)
	if person != 0 {
		return person, nil
	}
	now := slices.DeleteFunc(slices.Clone(open), func(h directory.Holder) bool { return !h.Holds(a.Structure, a.Template, tx.Now) })
	switch school.Fold(answer) {
	case "":
		if a.Mail == "" && len(now) == 1 {
			return now[0].ID, nil
		}
		if len(open) > 0 {
			return 0, fail.New(fail.Invalid, "%d of that name are known", len(open)).Say("register.roll-same")
		}
	case "oui", "yes":
		switch {
		case len(now) == 1:
			return now[0].ID, nil
		case len(open) == 1:
			return open[0].ID, nil
		case len(open) > 1:
			return 0, fail.New(fail.Invalid, "%d of that name are known", len(open)).Say("register.roll-several")
		}
		return 0, fail.New(fail.Invalid, "nobody of that name is known").Say("register.roll-nobody")
	case "non", "no":
		if a.Mail == "" && len(held) > 0 {
			return 0, fail.New(fail.Invalid, "a homonym without a mail").Say("register.roll-other")
		}
	default:
		return 0, fail.New(fail.Invalid, "the same person: %.20q", answer).Say("register.roll-same-word")
	}
	return 0, nil
}
