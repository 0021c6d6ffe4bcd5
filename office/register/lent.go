package register

import (
	"context"
	"slices"
	"strconv"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// lending are the functions that each profile may lend, from where it holds them.
var lending = map[school.Profile][]rights.Function{
	school.Head:      {directory.LentAccounts, directory.LentFeeds, directory.LentServices, directory.LentAlerts},
	school.Municipal: {directory.LentTeamCodes, directory.LentCareLists},
}

// lentView is what was lent from a school or a commune, and to whom one may lend.
type lentView struct {
	At        directory.Structure
	Lent      []directory.Loan
	Functions []rights.Function
	Borrowers []ui.Option
	Parts     []ui.Option // classes of the school, or schools of the commune
	Term      time.Time   // when what is lent ends, unless one says otherwise
	Form      web.Form
	Now       time.Time
}

// whole tells of what kind the place is whose parts one may lend over.
func (v lentView) whole() string {
	if v.At.Kind == directory.School {
		return "school"
	}
	return "area"
}

// lender reads the place of the path, where the visitor holds what they lend.
func lender(r *web.Request) (directory.Structure, error) {
	id, err := r.PathID("structure")
	if err != nil {
		return directory.Structure{}, err
	}
	at, err := place.Structure(r, lend, id)
	if err == nil && !slices.Contains(slices.Concat(r.Actor.Schools, r.Actor.Areas), at.ID) {
		err = fail.New(fail.NotFound, "%s has no post in %s to lend from", r.Actor.Person, at.ID)
	}
	return at, err
}

// lent lists, on one page, all that was lent from a school or a commune.
func (s *Service) lent(r *web.Request) (web.Answer, error) {
	at, err := lender(r)
	if err != nil {
		return nil, err
	}
	return lentAnswer(r, at, web.Form{})
}

func lentAnswer(r *web.Request, at directory.Structure, form web.Form) (web.Answer, error) {
	v := lentView{At: at, Functions: lendable(r, at), Form: form, Now: r.Tx.Now}
	var err error
	if v.Term, err = withinOwn(r, at, school.YearOf(r.Tx.Now).End()); err != nil {
		return nil, err
	}
	if v.Parts, err = lentParts(r, at, form); err != nil {
		return nil, err
	}
	duties, err := borrowers(r, at)
	if err != nil {
		return nil, err
	}
	v.Borrowers = borrowerOptions(r.Context(), at, duties, form)
	if v.Lent, err = directory.LentFrom(r.Tx, at.ID); err != nil {
		return nil, err
	}
	return place.Page(at, web.Page{Title: r.Say("register.lent"), Body: lentPage(v), Status: form.Status()}), nil
}

// withinOwn is a term that is no later than that of the visitor's own post.
func withinOwn(r *web.Request, at directory.Structure, term time.Time) (time.Time, error) {
	end, err := directory.EndOf(r.Tx, r.Actor.Person, r.Actor.Profile, at.ID)
	if err == nil && !end.IsZero() && end.Before(term) {
		term = end
	}
	return term, err
}

// lendable are the functions that the visitor may lend from a place: nobody gives
// what they do not hold.
func lendable(r *web.Request, at directory.Structure) (functions []rights.Function) {
	for _, f := range lending[r.Actor.Profile] {
		if r.MayLend(f, rights.Object{School: at.ID, Areas: []school.ID{at.ID}}) {
			functions = append(functions, f)
		}
	}
	return functions
}

// lentParts are what one may lend over: the classes of a school, instead of it
// whole; of a commune one of its schools or, said in so many words, all of them.
func lentParts(r *web.Request, at directory.Structure, form web.Form) (parts []ui.Option, err error) {
	add := func(id school.ID, name string) {
		parts = append(parts, ui.Option{Value: id.String(), Label: name, Selected: form.Chosen("over", id.String())})
	}
	if at.Kind == directory.School {
		classes, err := directory.ClassesOf(r.Tx, at.ID)
		for _, class := range classes {
			add(class.ID, class.Label)
		}
		return parts, err
	}
	add(at.ID, r.Say("register.lent-whole-area"))
	schools, err := directory.SchoolsWithin(r.Tx, at.ID)
	for _, one := range schools {
		add(one.ID, one.Name)
	}
	return parts, err
}

// borrowers lists the posts of those to whom the visitor may lend from a place.
func borrowers(r *web.Request, at directory.Structure) ([]directory.Duty, error) {
	duties, err := directory.Borrowers(r.Tx, at.ID)
	return slices.DeleteFunc(duties, func(d directory.Duty) bool { return d.ID == r.Actor.Person }), err
}

// borrowerOptions names each once, with what they do and, in a commune, where.
func borrowerOptions(ctx context.Context, at directory.Structure, duties []directory.Duty, form web.Form) (options []ui.Option) {
	for _, d := range duties {
		does := dutyWords(ctx, d)
		if d.Place.ID != at.ID {
			does += ", " + d.Place.Name
		}
		id := d.ID.String()
		if last := len(options) - 1; last >= 0 && options[last].Value == id {
			options[last].Label = i18n.Dots(options[last].Label, does)
			continue
		}
		options = append(options, ui.Option{Value: id, Label: i18n.Dots(d.Name(), does), Selected: form.Chosen("person", id)})
	}
	return options
}

// lendFunction lends a function of the visitor's, until a day.
func (s *Service) lendFunction(r *web.Request) (web.Answer, error) {
	at, err := lender(r)
	if err != nil {
		return nil, err
	}
	g, until, err := lendingIn(r, at)
	if err == nil {
		g, err = directory.Lend(r.Tx, g, r.Actor.Profile, until)
	}
	if form, again := r.Again(err); again {
		return lentAnswer(r, at, form)
	}
	if err != nil {
		return nil, err
	}
	e := s.lentEntry(r, at, account.ActLend, g)
	account.UntilDay(e.Detail, g.Until.Time)
	return web.Redirect{To: lentPath(at.ID), Notice: "register.lent-done"}, s.Audit.Write(r.Tx, e)
}

// lendingIn reads the form of what is lent.
func lendingIn(r *web.Request, at directory.Structure) (g directory.Grant, until time.Time, err error) {
	g = directory.Grant{Lender: at.ID, School: at.ID, GrantedBy: r.Actor.Person, Function: rights.Function(r.PostFormValue("function"))}
	if !slices.Contains(lendable(r, at), g.Function) {
		return g, until, fail.New(fail.Invalid, "%.20q is not lent", string(g.Function)).Say("register.lend-what").At("function")
	}
	who, err := borrowers(r, at)
	if err != nil {
		return g, until, err
	}
	g.Person, err = r.FormID("person")
	if err != nil || !slices.ContainsFunc(who, func(d directory.Duty) bool { return d.ID == g.Person }) {
		return g, until, fail.New(fail.Invalid, "nobody of %s is chosen", at.ID).Say("register.lend-whom").At("person")
	}
	if r.PostFormValue("over") == "" && at.Kind != directory.School {
		return g, until, fail.New(fail.Invalid, "over no school").Say("register.lend-over").At("over")
	}
	if r.PostFormValue("over") != "" {
		over, err := r.FormID("over")
		switch {
		case err != nil:
			return g, until, err
		case g.Function == directory.LentFeeds, g.Function == directory.LentServices, g.Function == directory.LentAlerts:
			return g, until, fail.New(fail.Invalid, "the feeds of a class").Say("register.lend-whole").At("over")
		case at.Kind == directory.School:
			g.Class = over
		default:
			g.School = over
		}
	}
	if g.Reason, err = r.Text("reason", 120); err != nil {
		return g, until, err
	}
	until, err = untilIn(r)
	return g, until, err
}

// recall ends what was lent, now, with the codes that were handed out under it and
// have not served: once the visitor has read how many these are.
func (s *Service) recall(r *web.Request) (web.Answer, error) {
	at, err := lender(r)
	if err != nil {
		return nil, err
	}
	id, err := r.PathID("grant")
	if err != nil {
		return nil, err
	}
	lent, err := directory.LentFrom(r.Tx, at.ID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(lent, func(l directory.Loan) bool { return l.ID == id })
	if i < 0 {
		return nil, fail.New(fail.NotFound, "%s lends nothing that is %s", at.ID, id)
	}
	if _, err := directory.HoldLoan(r.Tx, id); err != nil { // nobody hands out one more while they are counted
		return nil, err
	}
	handed, err := account.HandedUnder(r.Tx, id)
	if err != nil {
		return nil, err
	}
	count := strconv.Itoa(handed)
	if handed > 0 && r.PostFormValue("confirm") != count {
		l, back := lent[i], ui.Link{Href: lentPath(at.ID), Label: r.Say("register.lent")}
		return place.Page(at, web.Page{Title: r.Say("register.recall-title"), Body: ui.Ask(ui.AskView{
			Title: r.Say("register.recall-title"), Lead: i18n.Dots(r.Say(directory.FunctionKey(l.Function)), l.Who.Name(), l.Room),
			Crumb:  append(teamCrumbs(r.Context(), at, at.Kind == directory.School), back),
			What:   []string{r.Say("register.recall-codes", handed, l.Who.Name()), r.Say("register.recall-then")},
			Action: back.Href + "/" + id.String() + "/recall", Back: back.Href, Button: r.Say("register.recall-button", handed), Icon: ui.IconUndo,
			Cancel: r.Say("register.recall-cancel"), Seen: count,
		})}), nil
	}
	g, err := directory.TakeBack(r.Tx, at.ID, id)
	if err != nil {
		return nil, err
	}
	if err := s.Accounts.Annul(r.Tx, id, r.By()); err != nil {
		return nil, err
	}
	done := web.Redirect{To: lentPath(at.ID), Notice: "register.recalled"}
	e := s.lentEntry(r, at, account.ActRecall, g)
	if handed > 0 {
		done.Notice, e.Detail["codes"] = "register.recalled-codes", count
	}
	return done, s.Audit.Write(r.Tx, e)
}

// lentEntry is the journal of an act on what is lent: in the school over which it
// is.
func (s *Service) lentEntry(r *web.Request, at directory.Structure, action audit.Action, g directory.Grant) audit.Entry {
	e := s.entry(r, at)
	e.Action, e.Subject = action, g.Person
	e.Detail = audit.Detail{"function": string(g.Function)}
	if g.Class != 0 {
		e.Detail["class"] = g.Class.String()
	}
	if g.School != at.ID {
		e.School = g.School
	}
	return e
}

func lentPath(at school.ID) string { return "/register/structure/" + at.String() + "/lent" }
