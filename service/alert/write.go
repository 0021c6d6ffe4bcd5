package alert

import (
	"cmp"
	"net/url"
	"slices"
	"time"

	"preau/core/audience"
	"preau/core/audit"
	"preau/core/fail"
	"preau/core/notify"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
	"preau/directory/whom"
)

// Bounds of a notice: the longest text, which text messages carry too; how many times a day
// somebody tells a school something; and for how many days a notice may hold.
const (
	maxText   = 400
	maxADay   = 3
	maxAmends = 6 // and how many times a day they correct
	maxDays   = 7
)

// writeView is a notice that is being written.
type writeView struct {
	At      spot
	Schools []ui.Option // of a commune
	Classes []ui.Option // of a school
	Whom    whom.Picker
	Until   ui.Choices
	Form    web.Form
}

// draft is a notice that was written: one alert for each school.
type draft struct {
	Alerts  []alert
	Schools []directory.Structure // those of the alerts, in their order
	Class   string                // label; empty: whole schools
}

// audiences are those of all of them.
func (d draft) audiences() (all []audience.Audience) {
	for _, a := range d.Alerts {
		all = append(all, a.audiences()...)
	}
	return all
}

// at reads where the visitor tells: the {commune} of the path, or its {school}.
func at(r *web.Request) (s spot, err error) {
	if r.PathValue("commune") == "" {
		s.Structure, err = place.School(r, keep)
		return s, err
	}
	s.Commune = true
	s.Structure, err = place.Commune(r, keepCommune)
	return s, err
}

func (s *Service) blank(r *web.Request) (web.Answer, error) {
	at, err := at(r)
	if err != nil {
		return nil, err
	}
	if whom.Asks(r) {
		return whom.Tell(r, reading(r, at))
	}
	return writeAnswer(r, at, web.Begun(whom.Circles(usual...)))
}

func writeAnswer(r *web.Request, at spot, form web.Form) (web.Answer, error) {
	v := writeView{At: at, Until: terms(r, form, time.Time{}), Form: form}
	var err error
	if v.Whom, err = pick(r, at, form); err != nil {
		return nil, err
	}
	page := web.Page{Title: r.Say("alert.new"), Status: form.Status()}
	if at.Commune {
		schools, err := directory.SchoolsWithin(r.Tx, at.ID)
		for _, one := range schools {
			id := one.ID.String()
			v.Schools = append(v.Schools, ui.Option{Value: id, Label: one.Name, Selected: form.Chosen("school", id)})
		}
		page.Body = writePage(v)
		return page, err
	}
	classes, err := directory.ClassesOf(r.Tx, at.ID)
	for _, class := range classes {
		id := class.ID.String()
		v.Classes = append(v.Classes, ui.Option{Value: id, Label: class.Label, Selected: form.Chosen("class", id)})
	}
	page.Body = writePage(v)
	return place.Page(at.Structure, page), err
}

// usual are the circles of a notice, unless who writes it says otherwise.
var usual = []whom.Circle{whom.Families, whom.Team}

// pick asks for which circles a notice is, of those whom it may be for: of a class where one is
// chosen, of some schools of a commune.
func pick(r *web.Request, at spot, form web.Form) (v whom.Picker, err error) {
	var around func(whom.Circle) []audience.Audience
	if !at.Commune { // whose schools are chosen: how many it has in all says nothing
		around = func(c whom.Circle) []audience.Audience {
			return alert{School: at.ID, Circles: []whom.Circle{c}}.audiences()
		}
	}
	v, err = whom.PickCircles(r, at.path(), around, usual, form, reading(r, at), usual...)
	v.Wholes.Hint = r.Say("alert.to-hint")
	return v, err
}

// reading finds for whom a notice is by what its form says.
func reading(r *web.Request, at spot) whom.Reading {
	return func(sent url.Values) (to []audience.Audience, err error) {
		var d draft
		var a alert
		if err := d.readWhom(r, at, &a, sent); err != nil {
			return nil, err
		}
		for _, one := range d.Schools {
			a.School = one.ID
			to = append(to, a.audiences()...)
		}
		return to, nil
	}
}

// confirmView is what is about to leave, with whom it will reach.
type confirmView struct {
	draft
	notify.Forecast
	At     spot
	To     string
	Typed  []ui.Hidden
	Now    time.Time
	Texted bool // text messages leave from here
}

// tell asks, then has the notice leave: what is said to everybody is not taken back.
func (s *Service) tell(r *web.Request) (web.Answer, error) {
	at, err := at(r)
	if err != nil {
		return nil, err
	}
	if whom.Looks(r) || r.PostFormValue("again") != "" {
		return writeAnswer(r, at, web.Kept(r.PostForm))
	}
	d, err := typed(r, at)
	if form, again := r.Again(err); again {
		return writeAnswer(r, at, form)
	}
	if err != nil {
		return nil, err
	}
	if sent, err := d.sent(r); err != nil || len(sent) > 0 {
		return leftAlready(sent, err) // by two touches of one button
	}
	if err := notTooMany(r, d.Schools); err != nil {
		return nil, err
	}
	if r.Confirmed() {
		return s.leaves(r, d)
	}
	v := confirmView{draft: d, At: at, Now: r.Tx.Now, Texted: s.Notify.Gateway != nil}
	if v.Forecast, err = s.Notify.Forecast(r.Tx, d.audiences()...); err != nil {
		return nil, err
	}
	v.To = d.Alerts[0].toWhom(r.Printer)
	for _, field := range []string{"kind", "drill", "to", "class", "school", "text", "until", "until_day", "until_hour"} {
		for _, value := range r.PostForm[field] {
			v.Typed = append(v.Typed, ui.Hidden{Name: field, Value: value})
		}
	}
	v.Typed = append(v.Typed, ui.Hidden{Name: "sending", Value: d.Alerts[0].Together.String()})
	return web.Page{Title: r.Say("alert.confirm"), Body: confirmPage(v)}, nil
}

// sent finds a notice of a draft that left already.
func (d draft) sent(r *web.Request) ([]alert, error) {
	return alerts(r.Tx, `a.together_id = $2 AND a.author_id = $3`, 1, d.Alerts[0].Together, r.Actor.Person)
}

// leftAlready leads to the notice that left.
func leftAlready(sent []alert, err error) (web.Answer, error) {
	if err != nil {
		return nil, err
	}
	return web.Redirect{To: sent[0].path(), Notice: "alert.leaves"}, nil
}

// leaves writes the notice of each school, and has it leave.
func (s *Service) leaves(r *web.Request, d draft) (web.Answer, error) {
	err := s.say(r, d.Alerts)
	if fail.Is(err, fail.Conflict) { // the other touch wrote it meanwhile
		if sent, err := d.sent(r); err != nil || len(sent) > 0 {
			return leftAlready(sent, err)
		}
	}
	if err != nil {
		return nil, err
	}
	if err := remind(r.Tx, d.Alerts[0]); err != nil {
		return nil, err
	}
	return web.Redirect{To: d.Alerts[0].path(), Notice: "alert.leaves"}, s.acts(r, d.audiences())
}

// acts counts those whom something is said to: beyond what anybody does, it is undone.
func (s *Service) acts(r *web.Request, to []audience.Audience) error {
	people, err := s.Notify.Urged(r.Tx, to...)
	if err != nil {
		return err
	}
	return r.ActsOn(len(people))
}

// notTooMany refuses who has told a school enough today.
func notTooMany(r *web.Request, schools []directory.Structure) error {
	most, err := toldMost(r.Tx, r.Actor.Person, dayFrom(r.Tx.Now, 0), maxADay)
	for _, at := range schools {
		if err == nil && slices.Contains(most, at.ID) {
			err = fail.New(fail.Conflict, "%s has told %s enough today", r.Actor.Person, at.ID).Say("alert.too-many", maxADay, at.Name)
		}
	}
	return err
}

// notTooManyAmends refuses who has corrected enough today what a school was told. What is
// told may always be ended: that is once.
func notTooManyAmends(r *web.Request, all []alert) error {
	most, err := amendedMost(r.Tx, r.Actor.Person, dayFrom(r.Tx.Now, 0), maxAmends)
	for _, a := range all {
		if err == nil && slices.Contains(most, a.School) {
			err = fail.New(fail.Conflict, "%s has corrected enough today in %s", r.Actor.Person, a.School).Say("alert.too-many-amends", maxAmends)
		}
	}
	return err
}

// say writes what alerts that were told together say last, journals it, and has it leave. What it
// asks of the database is the same for one school and for hundreds, but a job for each.
func (s *Service) say(r *web.Request, all []alert) error {
	if err := put(r.Tx, all...); err != nil {
		return err
	}
	s.current.Forget(r.Tx)
	if err := index(r.Tx, r.Printer, all...); err != nil {
		return err
	}
	if err := audience.MarkAllDone(r.Tx, 0, r.Actor.Person, idsOf(all)...); err != nil { // who says it has read it
		return err
	}
	entries := make([]audit.Entry, len(all))
	for i, a := range all {
		entries[i] = a.entry(r, acts[a.Last.Said])
	}
	if err := s.Audit.WriteEach(r.Tx, entries...); err != nil {
		return err
	}
	for _, a := range all {
		if err := s.Notify.Urge(r.Tx, a.Last.ID); err != nil {
			return err
		}
	}
	return nil
}

// dayFrom is the first instant of a day, some days after another, in Paris.
func dayFrom(now time.Time, days int) time.Time {
	return school.DayOf(now).AddDate(0, 0, days)
}

// typed reads what is told, where, and to whom.
func typed(r *web.Request, at spot) (d draft, err error) {
	a := alert{Author: r.Actor.Person, Published: r.Tx.Now}
	kind, practised, known := kindOf(r.PostFormValue("kind"), at.Commune)
	if !known {
		return d, fail.New(fail.Invalid, "%.20q is no kind", r.PostFormValue("kind")).Say("alert.no-kind").At("kind")
	}
	a.Kind, a.Drill = kind, practised && r.PostFormValue("drill") != ""
	if a.Last, err = saidIn(r, told); err != nil {
		return d, err
	}
	if a.Until, err = untilIn(r, time.Time{}); err != nil {
		return d, err
	}
	// What one was asked to confirm has a number, by which it leaves once.
	if a.Together, err = school.ParseID(cmp.Or(r.PostFormValue("sending"), school.NewID(r.Tx.Now).String())); err != nil {
		return d, fail.New(fail.NotFound, "a sending: %w", err)
	}
	err = d.readWhom(r, at, &a, r.PostForm)
	for _, one := range d.Schools {
		a.ID, a.School = school.NewID(r.Tx.Now), one.ID
		a.Last.ID = school.NewID(r.Tx.Now)
		d.Alerts = append(d.Alerts, a)
	}
	return d, err
}

// readWhom reads for whom a notice is: some circles of a school, of one of its classes, or of
// some schools of a commune.
func (d *draft) readWhom(r *web.Request, at spot, a *alert, sent url.Values) (err error) {
	if a.Circles, err = whom.ReadCircles(sent); err != nil {
		return err
	}
	if slices.Contains(a.Circles, whom.Pupils) {
		return fail.New(fail.NotFound, "pupils are told nothing at once")
	}
	if at.Commune {
		a.Commune = at.ID
		d.Schools, err = chosenSchools(r, at, sent["school"])
		return err
	}
	d.Schools = []directory.Structure{at.Structure}
	d.Class, err = a.readClass(r, at, sent.Get("class"))
	return err
}

// saidIn reads the text of the form. What ends an alert may be said without one.
func saidIn(r *web.Request, what said) (notice, error) {
	text, err := r.Text("text", maxText)
	if err == nil && text == "" && what != ended {
		err = fail.New(fail.Invalid, "a notice without a text").Say("alert.no-text").At("text")
	}
	return notice{ID: school.NewID(r.Tx.Now), Said: what, Text: text, By: r.Actor.Person, At: r.Tx.Now}, err
}

// readClass reads the class that a notice is for, and gives its label.
func (a *alert) readClass(r *web.Request, at spot, chosen string) (label string, err error) {
	if chosen == "" {
		return "", nil
	}
	id, err := school.ParseID(chosen)
	if err != nil {
		return "", fail.New(fail.NotFound, "a class: %w", err)
	}
	classes, err := directory.ClassesOf(r.Tx, at.ID)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(classes, func(c directory.ClassView) bool { return c.ID == id })
	if i < 0 {
		return "", fail.New(fail.NotFound, "%s has no class %s", at.ID, id)
	}
	a.Class, a.Group = id, classes[i].Kind == directory.Group
	return classes[i].Label, nil
}

// chosenSchools reads the schools of a commune to which it tells something.
func chosenSchools(r *web.Request, at spot, sent []string) (chosen []directory.Structure, err error) {
	within, err := directory.SchoolsWithin(r.Tx, at.ID)
	if err != nil {
		return nil, err
	}
	var ids []school.ID
	for _, one := range within {
		if slices.Contains(sent, one.ID.String()) {
			ids = append(ids, one.ID)
		}
	}
	if err := r.CanOfMany(keepCommune, ids...); err != nil {
		return nil, err
	}
	ids = slices.DeleteFunc(ids, func(id school.ID) bool { return r.Can(keepCommune, rights.Object{School: id}) != nil })
	if len(ids) == 0 {
		return nil, fail.New(fail.Invalid, "no school of %s is chosen", at.ID).Say("alert.no-school").At("school")
	}
	return directory.StructuresByID(r.Tx, ids...)
}
