package removal

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"preau/account"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/search"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// searchView is what an account sent, to be ticked.
type searchView struct {
	At                  directory.Structure // the zero one: everywhere
	Who                 directory.Someone
	Traits              string    // what tells them from others of their name
	Class               school.ID // of a pupil, or of the child of a parent, in the school
	Staff               bool      // they work in the school
	Since, Until, Words string    // as they are typed
	All                 bool      // everything is ticked
	Wrong               web.Form  // of the window
	Found               found     // all of it
	Shown               paged     // what the page lists
	Form                web.Form
	Now                 time.Time
}

// found is what an account sent, by service, and what it changed.
type found struct {
	Groups  []group
	Count   int  // of what it sent
	More    bool // there are more in one service
	Changed []changed
	// Recalled are those that it took back before anybody read them: nothing of them is there.
	Recalled []changed
}

// none tells whether there is nothing.
func (f found) none() bool { return f.Count+len(f.Changed)+len(f.Recalled) == 0 }

// group is what an account sent in one service.
type group struct {
	Card web.Card
	Sent []web.Sent
	All  int // how many there are, on every page
}

// typedAt is how an instant is typed, and sent by a field of that kind.
const typedAt = "2006-01-02T15:04"

func (v searchView) path() string { return searchPath(v.At.ID, v.Who.ID) }

// about reads whom the path names, in a school of the visitor's right or, without one,
// everywhere.
func about(r *web.Request) (v searchView, err error) {
	v.Now = r.Tx.Now
	person, err := r.PathID("person")
	if err != nil {
		return v, err
	}
	if r.PathValue("school") == "" {
		known, err := directory.SomeByID(r.Tx, person)
		if err == nil && len(known) == 0 {
			err = fail.New(fail.NotFound, "nobody is %s", person)
		}
		if err != nil {
			return v, err
		}
		v.Who = known[0]
		seen, err := directory.SeeSome(r.Tx, sight(r), person)
		if err != nil {
			return v, err
		}
		return v, v.tellApart(r, directory.Seen{Someone: v.Who, Ties: seen[person].Ties})
	}
	if v.At, err = place.School(r, remove); err != nil {
		return v, err
	}
	seen, err := directory.See(r.Tx, sight(r), person)
	if err != nil {
		return v, err
	}
	ties := slices.DeleteFunc(seen.Ties, func(t directory.Tie) bool { return t.School != v.At.ID })
	if len(ties) == 0 {
		return v, fail.New(fail.NotFound, "%s is not in the school %s", person, v.At.ID)
	}
	v.Who = seen.Someone
	for _, tie := range ties {
		v.Class = cmp.Or(v.Class, tie.Class)
		v.Staff = v.Staff || works(tie)
	}
	return v, v.tellApart(r, directory.Seen{Someone: v.Who, Ties: ties})
}

// tellApart says what tells whom one chose from others of their name.
func (v *searchView) tellApart(r *web.Request, who directory.Seen) error {
	traits, err := traitsOf(r, who)
	v.Traits = traits.says(r, who.ID, who.Ties)
	return err
}

// window reads since when and until when, and the words: the last day, unless it says
// otherwise.
func (v *searchView) window(r *web.Request) (web.Sending, error) {
	by := web.Sending{By: v.Who.ID, School: v.At.ID}
	v.Words, v.All = school.Clean(r.FormValue("words")), r.URL.Query().Get("tick") == "all"
	v.Until = strings.TrimSpace(r.FormValue("until"))
	if v.Since = strings.TrimSpace(r.FormValue("since")); v.Since == "" {
		v.Since = v.Now.AddDate(0, 0, -1).In(school.Paris).Format(typedAt)
	}
	var err error
	if by.Since, err = instant(v.Since, "since"); err != nil {
		return by, err
	}
	if v.Until != "" {
		if by.Until, err = instant(v.Until, "until"); err != nil {
			return by, err
		}
		by.Until = by.Until.Add(time.Minute) // with all of the last minute
	}
	end := by.Until
	if end.IsZero() {
		end = v.Now
	}
	switch {
	case end.Before(by.Since):
		err = fail.New(fail.Invalid, "a window that ends before it begins").Say("removal.window-ends").At("until")
	case end.Sub(by.Since) > longest:
		err = fail.New(fail.Invalid, "a window of %s", end.Sub(by.Since)).Say("removal.window-long", int(longest.Hours()/24)).At("since")
	}
	return by, err
}

// instant reads an instant as a field sends it.
func instant(text, field string) (time.Time, error) {
	at, err := time.ParseInLocation(typedAt, text, school.Paris)
	if err != nil {
		err = fail.New(fail.Invalid, "%.20q is no instant", text).Say("removal.no-instant").At(field)
	}
	return at, err
}

// search shows what an account sent, and journals that: who looks reads what another wrote.
func (s *Service) search(r *web.Request) (web.Answer, error) {
	v, err := about(r)
	if err != nil {
		return nil, err
	}
	by, err := v.window(r)
	if form, again := r.Again(err); again {
		v.Wrong = form
		return v.answer(r), nil
	}
	if err != nil {
		return nil, err
	}
	if v.Found, err = s.sent(r, by, search.Read(v.Words)); err != nil {
		return nil, err
	}
	return s.shown(r, v, by)
}

// shown is the page with what was found, once it is noted who reads it.
func (s *Service) shown(r *web.Request, v searchView, by web.Sending) (web.Answer, error) {
	v.Shown = v.Found.page(pageOf(r))
	if err := s.says(r, &v.Shown); err != nil {
		return nil, err
	}
	return v.answer(r), s.looks(r, look{v.Who.ID, v.Who.ID, "account", by, v.Shown.found})
}

func (v searchView) answer(r *web.Request) web.Answer {
	page := web.Page{Title: r.Say("removal.sent-by", r.Printer.Of(v.Who.Name())), Body: searchPage(v), Status: max(v.Form.Status(), v.Wrong.Status())}
	if v.At.ID == 0 {
		return page
	}
	return place.Page(v.At, page)
}

// sent lists what an account sent that has all the words, service by service, under whatever
// record its person had then, and what it changed, of which a page says what it was.
func (s *Service) sent(r *web.Request, by web.Sending, words search.Query) (f found, err error) {
	records, err := directory.Records(r.Tx, by.By)
	if err != nil {
		return f, err
	}
	var all []web.Sent
	var texts []string
	var rooms []web.Card // of each thing
	for _, room := range s.Rooms {
		sender, sends := room.(web.Sender)
		if !sends {
			continue
		}
		var sent []web.Sent
		for _, by.By = range records {
			more, err := sender.Sent(r, by)
			if err != nil {
				return f, err
			}
			f.More = f.More || len(more) == web.MostSent
			sent = append(sent, more...)
		}
		slices.SortStableFunc(sent, func(a, b web.Sent) int { return b.At.Compare(a.At) })
		for _, one := range sent {
			all, texts, rooms = append(all, one), append(texts, one.Title+"\n"+one.Text), append(rooms, room.Card())
		}
	}
	for _, i := range words.Pick(texts) {
		if last := len(f.Groups) - 1; last < 0 || f.Groups[last].Card.Name != rooms[i].Name {
			f.Groups = append(f.Groups, group{Card: rooms[i]})
		}
		last := &f.Groups[len(f.Groups)-1]
		last.Sent = append(last.Sent, all[i])
		f.Count++
	}
	changed, more, err := s.changes(r, by, records, all)
	if err != nil {
		return f, err
	}
	if changed, err = s.having(r, changed, words); err != nil {
		return f, err
	}
	for _, c := range changed {
		f.sort(c)
	}
	f.More = f.More || more
	return f, nil
}

// sort puts a thing that was changed where it belongs.
func (f *found) sort(c changed) {
	if c.recalled() {
		f.Recalled = append(f.Recalled, c)
	} else {
		f.Changed = append(f.Changed, c)
	}
}

// only keeps what a condition finds.
func (f found) only(keep func(web.Sent) bool) (kept found) {
	for _, g := range f.Groups {
		g.Sent = slices.DeleteFunc(slices.Clone(g.Sent), func(one web.Sent) bool { return !keep(one) })
		if len(g.Sent) > 0 {
			kept.Groups, kept.Count = append(kept.Groups, g), kept.Count+len(g.Sent)
		}
	}
	return kept
}

// ask keeps what was ticked for a second person to read. Nothing is removed yet.
func (s *Service) ask(r *web.Request) (web.Answer, error) {
	v, err := about(r)
	if err != nil {
		return nil, err
	}
	by, err := v.window(r)
	if err != nil {
		return nil, err
	}
	if v.Found, err = s.sent(r, by, search.Read(v.Words)); err != nil {
		return nil, err
	}
	d := dossier{
		ID: school.NewID(r.Tx.Now), School: v.At.ID, Account: v.Who.ID, Since: by.Since, Until: by.Until, Words: v.Words, AskedBy: r.Actor.Person, Asked: r.Tx.Now,
		Portion: cmp.Or(s.Portion, portion),
	}
	err = d.read(r, v.Found)
	if form, again := r.Again(err); again {
		v.Form = form
		return s.shown(r, v, by)
	}
	if err != nil {
		return nil, err
	}
	if err := insert(r.Tx, d); err != nil {
		return nil, err
	}
	return web.Redirect{To: d.path(), Notice: "removal.asked"}, s.write(r.Tx, r.By(), account.ActAskRemoval, d)
}

// read reads what was ticked, among what was found, and why. All of it is ticked at once, whatever
// page lists it.
func (d *dossier) read(r *web.Request, f found) (err error) {
	whole := r.PostForm.Has("whole")
	ticked := func(field string, thing school.ID) bool {
		return whole || slices.Contains(r.PostForm[field], thing.String())
	}
	for _, g := range f.Groups {
		for _, one := range g.Sent {
			if ticked("thing", one.Thing) {
				d.Things = append(d.Things, one.Thing)
			}
		}
	}
	for _, c := range f.Changed {
		if c.stands() && ticked("change", c.Thing) {
			d.Changes = append(d.Changes, c.ids()...)
		}
	}
	if len(d.Things)+len(d.Changes) == 0 {
		return fail.New(fail.Invalid, "nothing was ticked").Say("removal.nothing-ticked").At("thing")
	}
	if d.Why, err = r.Text("why", longestWhy); err == nil && d.Why == "" {
		err = fail.New(fail.Invalid, "a removal for nothing").Say("removal.no-why").At("why")
	}
	return err
}
