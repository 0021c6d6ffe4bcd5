package register

import (
	"time"

	"preau/core/fail"
	"preau/core/web"
	"preau/directory"
)

// identityIn reads who somebody is.
func identityIn(r *web.Request) (who directory.Identity, err error) {
	switch who.Civility = r.PostFormValue("civility"); who.Civility {
	case "", "Mme", "M.":
	default:
		return who, fail.New(fail.Invalid, "the civility %.20q", who.Civility).Say("register.choose-civility").At("civility")
	}
	if who.First, err = r.Text("first", 60); err != nil {
		return who, err
	}
	if who.Usual, err = r.Text("name", 60); err != nil {
		return who, err
	}
	who.Mail, err = r.Mail("mail")
	return who, err
}

// untilIn reads the last day of something, if it has one: the instant when that
// day is over.
func untilIn(r *web.Request) (time.Time, error) {
	until, err := r.Day("until")
	if err != nil || until.IsZero() {
		return time.Time{}, err
	}
	return until.AddDate(0, 0, 1), nil
}

// filled is what a field holds: what was typed, or what is known.
func filled(f web.Form, name, was string) string {
	if f.Filled() {
		return f.Value(name)
	}
	return was
}

// chosen tells whether an answer is ticked: as it was sent, or as it is known.
func chosen(f web.Form, name, value string, was bool) bool {
	if f.Filled() {
		return f.Chosen(name, value)
	}
	return was
}
