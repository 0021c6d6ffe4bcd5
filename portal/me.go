package portal

import (
	"slices"
	"strings"
	"time"

	"preau/account"
	"preau/account/secret"
	"preau/core/db"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// meView is one's own account.
type meView struct {
	Name  string
	Login string
	Hats  []ui.Hat
	Known []string // what the portal knows, in sentences
	// Addressed names the groups that the person is of.
	Addressed []string
	// Given names what a human gave, for what reason and until when.
	Given    []string
	Password time.Time
	Least    int    // characters of a password
	Child    bool   // whose account it is
	Mistaken string // whom to ask when something is wrong
	Family   string // the same of the family of whoever is not at work as a parent; empty: as above
	Now      time.Time

	Form    web.Form // of another password
	Lang    langView
	Factors factorsView
	// Joins tells that the visitor may join another account of theirs; Joined are
	// those that they joined, and may part again.
	Joins bool
	// Notified tells that the visitor is told things outside of the portal, and chooses how.
	Notified bool
	Homes    bool // they may say in which weeks their children are with them
	Joined   []directory.MergeAct
}

func (p *Portal) me(r *web.Request) (web.Answer, error) {
	return p.mePage(r, meView{})
}

func (p *Portal) mePage(r *web.Request, v meView) (web.Page, error) {
	who, err := directory.Get(r.Tx, r.Actor.Person)
	if err != nil {
		return web.Page{}, err
	}
	accounts, err := account.Of(r.Tx, r.Actor.Person)
	if err != nil {
		return web.Page{}, err
	}
	mine := accounts[r.Actor.Person]
	v.Name, v.Login, v.Password, v.Now = who.Name(), mine.Login.String(), mine.Password, r.Tx.Now
	v.Hats, v.Lang = r.Hats, langs(r)
	v.Lang.Here = "/me"
	if v.Factors, err = p.factorsOf(r); err != nil {
		return web.Page{}, err
	}
	if mine.Password.IsZero() && len(v.Factors.All) == 0 { // the first one takes a password
		v.Factors.Offered = false
	}
	v.Notified = p.Notify != nil && r.Holds(chooseNotifications)
	v.Homes = r.Holds(keepCustody)
	if v.Joins = r.Holds(joinAccounts); v.Joins {
		if v.Joined, err = p.joinings(r); err != nil {
			return web.Page{}, err
		}
	}
	var profiles []school.Profile
	for _, hat := range r.Hats {
		profiles = append(profiles, school.Profile(hat.ID))
		v.Known = append(v.Known, r.Say("portal.known-"+hat.ID))
	}
	if v.Addressed, err = p.audiencesInWords(r); err != nil {
		return web.Page{}, err
	}
	if v.Given, err = given(r); err != nil {
		return web.Page{}, err
	}
	kept, err := directory.KeeperOf(r.Tx, r.Actor.Person)
	if err != nil {
		return web.Page{}, err
	}
	if parent := slices.Contains(profiles, school.Guardian); parent && mistaken(r.Actor.Profile, kept) != "portal.known-wrong" {
		v.Family = r.Say("portal.known-wrong-family")
	}
	v.Least, v.Child, v.Mistaken = secret.Least(profiles...), ofChild(profiles), r.Say(mistaken(r.Actor.Profile, kept))
	return web.Page{Title: r.Say("portal.me"), Body: mePage(v), Status: v.Form.Status()}, nil
}

// given says what humans appointed the visitor to, and lent them, each with its
// granter, its reason and its end.
func given(r *web.Request) (sentences []string, err error) {
	duties, err := directory.DutiesOf(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	say := func(what, granter, confirmer, reason string, until db.Time) {
		sentence := r.Say("portal.given", what, granter, unstopped(reason))
		if confirmer != "" {
			sentence = r.Say("portal.given-twice", what, granter, confirmer, unstopped(reason))
		}
		if !until.IsZero() {
			sentence += " " + r.Say("portal.given-until", unstopped(r.Printer.Day(school.LastDay(until.Time), r.Tx.Now)))
		}
		sentences = append(sentences, sentence)
	}
	for _, d := range duties {
		if !d.ByHand {
			continue
		}
		if d.Granter == "" {
			d.Granter = r.Say("portal.by-operators")
		}
		what := profileLabel(r.Printer, d.Profile, d.Civility)
		if d.Code == directory.ActingHead {
			what = actingLabel(r.Printer, d.Civility)
		}
		say(join(what, d.Place.Name), d.Granter, d.Confirmer, d.Reason, d.Until)
	}
	lent, err := directory.LentTo(r.Tx, r.Actor.Person)
	for _, l := range lent {
		say(join(r.Say(directory.FunctionKey(l.Function)), lentOver(r, l)), l.Granter, "", l.Reason, l.Until)
	}
	return sentences, err
}

// unstopped leaves out the full stop that a sentence adds: a reason has one, or
// a month that is cut short.
func unstopped(text string) string { return strings.TrimRight(text, ". ") }

// mistaken is the advice of those who find something wrong about themselves. The
// school answers for its pupils and their families, the académie for its staff;
// whom no source tells of is corrected where they were entered.
func mistaken(profile school.Profile, kept directory.Keeper) string {
	switch profile {
	case school.Pupil, school.Guardian, school.Departed:
		return "portal.known-wrong"
	}
	switch kept {
	case directory.KeptBySchool:
		return "portal.known-wrong"
	case directory.KeptByAcademy:
		return "portal.known-wrong-of-staff"
	}
	switch profile {
	case school.Teacher, school.Staff, school.Admin:
		return "portal.known-wrong-by-hand"
	case school.Head:
		return "portal.known-wrong-by-hand-head"
	}
	return "portal.known-wrong-" + string(profile)
}

// changePassword hashes outside of any transaction; account opens its own.
func (p *Portal) changePassword(r *web.Request) (web.Answer, error) {
	var session account.Session
	err := r.Read(func() (err error) {
		session, err = p.Accounts.Resolve(r.Tx, r.Token())
		return err
	})
	if err != nil {
		return nil, err
	}
	err = p.Accounts.ChangePassword(r.Context(), session, r.PostFormValue("old"), r.PostFormValue("password"), account.OriginOf(r))
	if form, again := r.Again(err); again {
		return p.passwordAgain(r, form)
	}
	if err != nil {
		return nil, err
	}
	return web.Redirect{To: "/me", Notice: "portal.password-changed"}, nil
}

// passwordAgain is the page with what was wrong.
func (p *Portal) passwordAgain(r *web.Request, form web.Form) (page web.Page, err error) {
	err = r.Read(func() (err error) {
		page, err = p.mePage(r, meView{Form: form})
		return err
	})
	return page, err
}
