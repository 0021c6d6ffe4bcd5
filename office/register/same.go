package register

import (
	"slices"

	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// someoneElse is what the form says of who is nobody that held the post before.
const someoneElse = "new"

// settle tells which of those who held a post under a name somebody is: the
// mail says it, or says that they are another one; 0 is none of them. Those of
// whom it says nothing are given back: a human knows.
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

// sameIn finds whether the one who is appointed held the post before. When
// their mail does not settle it, the form asks, and its answer is one of those
// whom it gives, or nobody.
func sameIn(r *web.Request, a directory.Appointment) (school.ID, []directory.Holder, error) {
	if a.Usual == "" {
		return 0, nil, nil
	}
	held, err := directory.HoldersNamed(r.Tx, a.Structure, a.Template, directory.SortKey(a.Usual, a.First))
	if err != nil {
		return 0, nil, err
	}
	person, open := settle(a.Mail, held)
	open = slices.DeleteFunc(open, func(h directory.Holder) bool { return h.Holds })
	answer := r.PostFormValue("same")
	if person != 0 || len(open) == 0 || answer == someoneElse {
		return person, open, nil
	}
	for _, h := range open {
		if h.ID.String() == answer {
			return h.ID, open, nil
		}
	}
	return 0, open, fail.New(fail.Invalid, "%d of that name held the post", len(open)).Say("register.same-ask").At("same")
}

// sameLine finds whether the one whom a line appoints holds the post or held
// it. Who holds it and has another mail nowhere is the same; for the others,
// and when the mail does not settle it, the line says.
func sameLine(a directory.Appointment, answer string, held []directory.Holder) (school.ID, error) {
	person, open := settle(a.Mail, held)
	if person != 0 {
		return person, nil
	}
	now := slices.DeleteFunc(slices.Clone(open), func(h directory.Holder) bool { return !h.Holds })
	switch school.Fold(answer) {
	case "":
		if a.Mail == "" && len(now) == 1 {
			return now[0].ID, nil
		}
		if len(open) > 0 {
			return 0, fail.New(fail.Invalid, "%d of that name held the post", len(open)).Say("register.roll-same")
		}
	case "oui", "yes":
		switch {
		case len(now) == 1:
			return now[0].ID, nil
		case len(held) == 1:
			return held[0].ID, nil
		case len(held) > 1:
			return 0, fail.New(fail.Invalid, "%d of that name held the post", len(held)).Say("register.roll-several")
		}
	case "non", "no":
		if a.Mail == "" && len(held) > 0 {
			return 0, fail.New(fail.Invalid, "a homonym without a mail").Say("register.roll-other")
		}
	default:
		return 0, fail.New(fail.Invalid, "the same person: %.20q", answer).Say("register.roll-same-word")
	}
	return 0, nil
}
