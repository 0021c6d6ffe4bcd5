package accounts

import (
	"cmp"
	"slices"
	"time"

	"preau/account"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// openedView is the accounts of a school that were opened lately.
type openedView struct {
	School directory.Structure
	Opened []opening
	Now    time.Time
}

// opening is an account that somebody opened.
type opening struct {
	account.Account
	Who     directory.Someone
	Side    account.Side
	About   string // their class, or their child and its class; empty for the staff
	Class   school.ID
	Contest string // address that shuts the account; empty when the visitor may not, or it is shut
	Stays   string // key of why the visitor neither shuts it nor opens it again; empty when they may
}

// contestView is an account that is about to be shut.
type contestView struct {
	School directory.Structure
	opening
}

// opened lists whose account was opened lately, by what, for a school that sees
// who is not the right person.
func (s *Service) opened(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, issueFamilies)
	if err != nil {
		return nil, err
	}
	view := openedView{School: at, Now: r.Tx.Now}
	if view.Opened, err = s.openings(r, at, r.Tx.Now.Add(-account.ListedFor)); err != nil {
		return nil, err
	}
	for _, side := range []account.Side{account.Pupils, account.Families, account.Staff} {
		if !slices.ContainsFunc(view.Opened, func(o opening) bool { return o.Side == side }) {
			continue
		}
		if err := s.Accounts.LookAtOpened(r, side, at.ID); err != nil {
			return nil, err
		}
	}
	family, err := directory.OwnFamily(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	people := make([]school.ID, len(view.Opened))
	for i, o := range view.Opened {
		people[i] = o.Person
	}
	refused, err := s.Refuse(r, people...)
	if err != nil {
		return nil, err
	}
	page := web.Page{Title: r.Say("accounts.opened")}
	for i := range view.Opened {
		o := &view.Opened[i]
		o.Stays = stays(r, *o, family, refused[o.Person] != nil)
		if o.Stays == "" && o.Disabled.IsZero() {
			o.Contest = openedPath(at.ID) + "/" + o.Person.String() + "/contest"
		}
		if o.Frozen.Why == account.WrongPerson && r.URL.Query().Get("shut") == o.Person.String() {
			page.Notices = append(page.Notices, ui.Notice{Kind: ui.Success, Text: r.Say("accounts.contested", r.Printer.Of(o.Who.Name()))})
		}
	}
	page.Body = openedPage(view)
	return place.Page(at, page), nil
}

// stays is the key of why an account that was opened is not for the visitor to shut,
// or to open again; empty when it is.
func stays(r *web.Request, o opening, family []school.ID, refused bool) string {
	switch {
	case o.Person == r.Actor.Person:
		return "accounts.opened-own"
	case slices.Contains(family, o.Person):
		return "accounts.opened-family"
	case refused: // why is not told
		return "accounts.opened-not-yours"
	case !o.Disabled.IsZero() && o.Frozen.At.IsZero():
		return "accounts.opened-disabled"
	}
	return ""
}

func openedPath(at school.ID) string { return schoolPath(at) + "/opened" }

// openings are the accounts of a school that were opened since an instant, the last first:
// those of its pupils and families and, for whoever hands them out, of its staff. A
// guardian from whom a judge keeps the school is left out.
func (s *Service) openings(r *web.Request, at directory.Structure, since time.Time) ([]opening, error) {
	classes, err := directory.ClassesOf(r.Tx, at.ID)
	if err != nil {
		return nil, err
	}
	labels, ids := map[school.ID]string{}, make([]school.ID, len(classes))
	for i, class := range classes {
		labels[class.ID], ids[i] = class.Label, class.ID
	}
	pupils, err := directory.PupilsIn(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	kin, err := directory.KinOf(r.Tx, directory.IDs(pupils)...)
	if err != nil {
		return nil, err
	}
	people := map[school.ID]opening{}
	of := map[school.ID]directory.InClass{}
	for _, pupil := range pupils {
		of[pupil.ID] = pupil
		people[pupil.ID] = opening{Who: pupil.Someone, Side: account.Pupils, About: labels[pupil.Class], Class: pupil.Class}
	}
	for _, k := range kin {
		if pupil := of[k.Pupil]; !k.PlaceHidden {
			o := people[k.ID]
			people[k.ID] = opening{
				Who: k.Someone, Side: account.Families, Class: pupil.Class,
				About: i18n.Dots(o.About, r.Say("accounts.opened-guardian", r.Printer.Of(pupil.Name()), labels[pupil.Class])),
			}
		}
	}
	if r.Can(issueStaff, rights.Object{School: at.ID}) == nil {
		staff, err := directory.StaffOf(r.Tx, at.ID)
		if err != nil {
			return nil, err
		}
		for _, worker := range staff {
			if _, known := people[worker.ID]; !known {
				people[worker.ID] = opening{Who: worker.Someone, Side: account.Staff}
			}
		}
	}
	all := make([]school.ID, 0, len(people))
	for id := range people {
		all = append(all, id)
	}
	accounts, err := account.Of(r.Tx, all...)
	if err != nil {
		return nil, err
	}
	var list []opening
	for id, a := range accounts {
		if a.Activated.IsZero() || a.Activated.Before(since) {
			continue
		}
		o := people[id]
		o.Account = a
		list = append(list, o)
	}
	slices.SortFunc(list, func(a, b opening) int {
		return cmp.Or(b.Activated.Compare(a.Activated), cmp.Compare(a.Who.SortKey, b.Who.SortKey), cmp.Compare(a.Person, b.Person))
	})
	return list, nil
}

// askContest says what becomes of an account of which the visitor says that it is
// not its person who opened it.
func (s *Service) askContest(r *web.Request) (web.Answer, error) {
	v, err := s.contested(r)
	if err != nil {
		return nil, err
	}
	if err := s.Accounts.Look(r, v.Person, v.School.ID); err != nil {
		return nil, err
	}
	back := openedPath(v.School.ID)
	return place.Page(v.School, web.Page{Title: r.Say("accounts.opened-wrong"), Body: ui.Ask(ui.AskView{
		Title: r.Say("accounts.contest-title", r.Printer.Of(v.Who.Name())), Lead: v.about(r.Context()),
		Crumb: crumbs(r.Context(), ui.Link{Href: back, Label: r.Say("accounts.opened")}),
		What:  []string{r.Say("accounts.contest-what"), r.Say("accounts.contest-then")}, Action: back + "/" + v.Person.String() + "/contest",
		Back: back, Button: r.Say("accounts.contest-button"), Icon: ui.IconStop, Cancel: r.Say("accounts.cancel"),
	})}), nil
}

// contestOpened shuts it: whoever is in is out, and a code is handed out again once
// it was reopened.
func (s *Service) contestOpened(r *web.Request) (web.Answer, error) {
	v, err := s.contested(r)
	if err != nil {
		return nil, err
	}
	if err := r.ActsOn(1); err != nil {
		return nil, err
	}
	if err := s.Accounts.ContestFor(r.Tx, v.Person, r.By()); err != nil {
		return nil, err
	}
	return web.Redirect{To: openedPath(v.School.ID) + "?shut=" + v.Person.String()}, nil
}

// contested finds the account of the path, which was opened in the school: lately, when the
// list leads there, or long ago, when somebody else has its password by now.
func (s *Service) contested(r *web.Request) (contestView, error) {
	at, err := place.School(r, issueFamilies)
	if err != nil {
		return contestView{}, err
	}
	id, err := r.PathID("person")
	if err != nil {
		return contestView{}, err
	}
	list, err := s.openings(r, at, time.Time{})
	if err != nil {
		return contestView{}, err
	}
	i := slices.IndexFunc(list, func(o opening) bool { return o.Person == id })
	if i < 0 {
		return contestView{}, fail.New(fail.NotFound, "%s opened no account of %s", id, at.ID)
	}
	return contestView{at, list[i]}, s.mayGive(r, id)
}

// handsOut is the page that opens the account again, and hands a code out.
func (o opening) handsOut(at school.ID) string {
	if o.Class == 0 {
		return schoolPath(at) + "/staff"
	}
	return classPath(o.Class)
}
