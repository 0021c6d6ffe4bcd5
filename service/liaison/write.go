package liaison

import (
	"cmp"
	"time"

	"preau/core/attach"
	"preau/core/audience"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory/place"
	"preau/directory/whom"
)

// writeView is a word that is being written.
type writeView struct {
	At     whom.Place
	Whom   whom.Picker
	Form   web.Form
	Fields attach.Fields
	Today  time.Time
	Amends word // the word that is being changed; the zero one: a new one
}

// The longest title, and the most choices, that a word has.
const maxTitle, maxChoices, maxChoice = 120, 8, 80

func (s *Service) blank(r *web.Request) (web.Answer, error) {
	at, err := whom.At(r, write)
	if err != nil {
		return nil, err
	}
	if whom.Asks(r) {
		asked, err := question(r, at)
		if err != nil {
			return nil, err
		}
		return whom.Tell(r, asked.Reading(r))
	}
	return s.writePage(r, at, web.Begun(r.URL.Query()))
}

// question asks for whom a word is that is written in a place: some or all of its families, or
// those of several classes of its school in which the visitor writes.
func question(r *web.Request, at whom.Place) (whom.Question, error) {
	places, err := whom.Places(r, write)
	return whom.Question{Path: newPath(at), Place: at, Among: at.Among(places)}, err
}

func (s *Service) writePage(r *web.Request, at whom.Place, form web.Form) (web.Answer, error) {
	v := writeView{At: at, Form: form, Fields: s.Tray.Fields(r, bag, form, attach.Set{}).Aloud(), Today: r.Tx.Now}
	asked, err := question(r, at)
	if err != nil {
		return nil, err
	}
	if asked.Lately, err = writtenBy(r); err != nil {
		return nil, err
	}
	if v.Whom, err = asked.Pick(r, form, asked.Reading(r)); err != nil {
		return nil, err
	}
	return place.Page(at.School, web.Page{Title: r.Say("liaison.new"), Body: writePage(v), Records: true, Status: form.Status()}), nil
}

// publish addresses a new word to the families that were chosen. What it carries is
// kept before the transaction, which waits for nothing. Who writes to more people than anybody
// does in an hour is stopped.
func (s *Service) publish(r *web.Request) (web.Answer, error) {
	may := func() error { _, err := whom.At(r, write); return err }
	return s.Tray.Upload(r, bag, may, func(sent attach.Sent) (web.Answer, error) { return s.published(r, sent) })
}

// published writes the word of the form, with what it carries, unless something of it was
// wrong.
func (s *Service) published(r *web.Request, sent attach.Sent) (web.Answer, error) {
	at, err := whom.At(r, write)
	if err != nil {
		return nil, err
	}
	if whom.Looks(r) {
		return s.writePage(r, at, web.Kept(r.PostForm))
	}
	w, to, err := typed(r, at)
	if err == nil {
		err = sent.Wrong
	}
	if form, again := r.Again(err); again {
		return s.writePage(r, at, form)
	}
	if err != nil {
		return nil, err
	}
	if err := keep(r.Tx, r.Printer, w); err != nil {
		return nil, err
	}
	if classes := within(to); len(classes) > 1 {
		if err := keepClasses(r.Tx, w.ID, classes); err != nil {
			return nil, err
		}
	}
	if err := hang(r.Tx, r.Printer, w, sent.Set); err != nil {
		return nil, err
	}
	if err := r.Publish(w.address(to)); err != nil {
		return nil, err
	}
	return web.Redirect{To: w.path() + "/follow", Notice: "liaison.published"}, s.journal(r, actPublish, w)
}

// typed reads a new word, and for whom it is.
func typed(r *web.Request, at whom.Place) (w word, to []audience.Audience, err error) {
	whose, err := question(r, at)
	if err != nil {
		return w, nil, err
	}
	if to, err = whose.Read(r, r.PostForm); err != nil {
		return w, nil, err
	}
	w = word{ID: school.NewID(r.Tx.Now), School: at.School.ID, Class: at.Class.ID, Author: r.Actor.Person, Published: r.Tx.Now}
	switch classes := within(to); {
	case len(classes) == 1:
		w.Class = classes[0]
	case len(classes) > 1:
		w.Class = 0
	case len(to) == 1 && to[0].Place == audience.Family:
		w.Pupil = to[0].Of
	}
	if err := said(r, &w); err != nil {
		return w, nil, err
	}
	return w, to, asked(r, &w)
}

// said reads what a word says: its title, its text, and the last day for an answer.
func said(r *web.Request, w *word) (err error) {
	if w.Title, err = r.Text("title", maxTitle); err != nil {
		return err
	}
	if w.Title = school.Clean(w.Title); w.Title == "" {
		return fail.New(fail.Invalid, "a word without a title").Say("liaison.no-title").At("title")
	}
	if w.Body, err = r.Rich("body"); err != nil {
		return err
	}
	if w.Facts, err = readFacts(r); err != nil {
		return err
	}
	was := w.Due
	if w.Due, err = r.Day("due"); err != nil || w.Due.IsZero() {
		return err
	}
	w.Due = w.Due.AddDate(0, 0, 1)
	if !w.Due.After(r.Tx.Now) && !w.Due.Equal(was) {
		return fail.New(fail.Invalid, "an answer until %s", w.Due).Say("liaison.due-past").At("due")
	}
	return nil
}

// asked reads what a new word is about, and what it asks.
func asked(r *web.Request, w *word) error {
	for _, known := range categories {
		if string(known.category) == r.PostFormValue("category") {
			w.Category = known.category
		}
	}
	for _, known := range allAsks {
		if string(known) == r.PostFormValue("asks") {
			w.Asks = known
		}
	}
	w.Category, w.Asks = cmp.Or(w.Category, categories[0].category), cmp.Or(w.Asks, toRead)
	w.Each = audience.OneOfThem
	if r.PostFormValue("each") == string(audience.EachPerson) {
		w.Each = audience.EachPerson
	}
	if w.Asks != toChoose {
		return nil
	}
	text, err := r.Text("choices", maxChoices*(maxChoice+2))
	if err != nil {
		return err
	}
	if w.Choices = lines(text); len(w.Choices) < 2 || len(w.Choices) > maxChoices {
		return fail.New(fail.Invalid, "%d choices", len(w.Choices)).Say("liaison.choices-number", maxChoices).At("choices")
	}
	return nil
}
