package liaison

import (
	"cmp"
	"slices"
	"time"

	"preau/core/attach"
	"preau/core/audience"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// showView is a word as somebody reads it.
type showView struct {
	word
	From    string
	To      string // for whom it is; to staff only
	Me      school.ID
	Follows bool   // the visitor may see who has read it
	Helps   bool   // they help in a class whose families it is for
	Next    string // where the next word is that waits for the visitor; empty: none does
	Carried attach.Set
	Answers []answerView
	Form    web.Form
	Since   time.Time // it says what it says, see [word.saysSince]
	Now     time.Time
}

// answerView is what a guardian answers for one child, or has.
type answerView struct {
	Child  directory.Someone
	Accent ui.Accent
	State  audience.News
	Mine   string            // what the visitor answered
	Voice  attach.Voice      // and said aloud
	At     time.Time         // they did; zero: they have not
	Was    formers           // what they answered before they changed it
	Paper  time.Time         // what came back on paper for the child, or from them, was entered; zero: nothing did
	Stale  bool              // what was answered for the child was before the word said what it says
	May    bool              // they may answer still
	Form   web.Form          // where they do
	Says   attach.VoiceField // where they say it aloud, instead
	Told   bool              // a judge lets them know, and no more
}

// show shows a word to whom it is addressed, and to those who follow it.
func (s *Service) show(r *web.Request) (web.Answer, error) { return s.showPage(r, web.Form{}) }

func (s *Service) showPage(r *web.Request, form web.Form) (web.Answer, error) {
	v := showView{Me: r.Actor.Person, Form: form, Now: r.Tx.Now}
	id, err := r.PathID("word")
	if err != nil {
		return nil, err
	}
	if v.word, err = wordByID(r.Tx, id); err != nil {
		return nil, err
	}
	v.Follows = s.can(r, follow, v.word) == nil
	from, err := authors(r.Tx, r.Printer, []word{v.word})
	if err != nil {
		return nil, err
	}
	v.From = from[v.ID]
	carried, err := bag.Of(r.Tx, v.ID)
	if err != nil {
		return nil, err
	}
	v.Carried = carried[v.ID]
	if v.Since, err = v.saysSince(r.Tx); err != nil {
		return nil, err
	}
	if v.Follows {
		v.To, err = s.to(r, v.ID)
	} else if v.Helps = r.Holds(see); v.Helps {
		_, err = s.shown(r)
	} else if v.Answers, err = s.answers(r, v.word, v.Since); err == nil && !v.awaits() {
		v.Next, err = s.next(r)
	}
	if err != nil {
		return nil, err
	}
	for i := range v.Answers {
		a := &v.Answers[i]
		if form.Value("child") == a.Child.ID.String() {
			a.Form = form
		}
		a.Says = s.Tray.VoiceField(r, a.Form, "voice-of-"+a.Child.ID.String())
	}
	if !v.Helps { // whose classes are theirs in school time only
		v.keep(r)
	}
	return web.Page{Title: v.Title, Body: showPage(v), Records: v.Asks == toSay && v.mayAnswer(), Status: form.Status()}, nil
}

// keep lets the device keep the word, until it changes, or what the visitor may read and do
// of one of their children; that it is late is the hour's doing alone.
func (v showView) keep(r *web.Request) {
	version := []any{v.Amended, v.Cancelled, v.Follows, v.Next}
	for _, a := range v.Answers {
		version = append(version, a.Child.ID, a.State.Done, a.Stale, a.Mine, a.Voice.Sum, a.Was.All, a.Paper, a.Told, a.May || v.late(v.Now))
	}
	r.Keep(version...)
}

// mayAnswer tells whether the visitor may answer the word, for one child at least.
func (v showView) mayAnswer() bool {
	return slices.ContainsFunc(v.Answers, func(a answerView) bool { return a.May })
}

// answered tells whether the visitor has.
func (a answerView) answered() bool { return !a.At.IsZero() }

// awaits tells whether the visitor is to answer the word, for one child at least.
func (v showView) awaits() bool {
	return slices.ContainsFunc(v.Answers, func(a answerView) bool { return a.May && !a.State.Done })
}

// next is where a word is that waits for the visitor's answer; empty: none does.
func (s *Service) next(r *web.Request) (string, error) {
	me, err := r.Addressee()
	if err != nil {
		return "", err
	}
	told, err := web.Tell(r.Tx, map[string]web.Teller{room: s}, me.Held, me, nil)
	for _, t := range told {
		if t.Expected() {
			return t.Href, err
		}
	}
	return "", err
}

// authors are who wrote some words, as families call them, by word.
func authors(tx *db.Tx, say i18n.Printer, words []word) (map[school.ID]string, error) {
	who, err := writers(tx, words)
	from := map[school.ID]string{}
	for _, w := range words {
		from[w.ID] = cmp.Or(who[w.Author].Formal(), say.Say("liaison.from-school"))
	}
	return from, err
}

// writers are the people who wrote some words, by who they are.
func writers(tx *db.Tx, words []word) (map[school.ID]directory.Someone, error) {
	ids := make([]school.ID, len(words))
	for i, w := range words {
		ids[i] = w.Author
	}
	return directory.SomeBy(tx, ids...)
}

// answers is what the visitor has to answer to a word, for each of the children for whom
// they see it, and notes that they have read it. It is fail.NotFound for whom it is not
// for. The word says what it says since an instant, see [word.saysSince].
func (s *Service) answers(r *web.Request, w word, since time.Time) ([]answerView, error) {
	held, err := r.Held()
	if err != nil {
		return nil, err
	}
	children, err := held.Children(r.Tx, w.ID)
	if err != nil {
		return nil, err
	}
	now, err := r.Seen(w.ID)
	if err != nil {
		return nil, err
	}
	receipts, err := audience.ReceiptsFor(r.Tx, children, w.ID)
	if err != nil {
		return nil, err
	}
	given, err := answersBy(r.Tx, w.ID, r.Actor.Person, children...)
	if err != nil {
		return nil, err
	}
	formers, err := formersBy(r.Tx, w.ID, r.Actor.Person, children...)
	if err != nil {
		return nil, err
	}
	papers, err := papersFor(r.Tx, w.ID, r.Actor.Person, children...)
	if err != nil {
		return nil, err
	}
	limits, err := directory.LimitsOf(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	named, err := directory.Siblings(r.Tx, r.Actor.Person, children...)
	views := make([]answerView, len(named))
	for i, child := range named {
		a := answerView{Child: child, Accent: r.AccentOf(child.ID), Told: !w.answeredBy(limits[child.ID]), Was: formers[whose{child.ID, r.Actor.Person}]}
		a.State = audience.News{Expects: w.expects(), Due: w.Due}
		var last time.Time // somebody else answered for all
		for _, receipt := range receipts[w.ID] {
			if receipt.Child == child.ID && !receipt.Done.IsZero() && (receipt.Person == r.Actor.Person || w.Each == audience.OneOfThem) {
				a.State.Done = true
				if receipt.Person != r.Actor.Person {
					last = later(last, receipt.Done)
				}
			}
		}
		for _, one := range given {
			if one.Child == child.ID {
				a.Mine, a.Voice, a.At = one.Answer, one.Voice, one.At
			}
		}
		for _, p := range papers {
			if p.Child == child.ID {
				a.Paper = p.At
			}
		}
		a.Stale = stale(later(last, later(a.At, a.Paper)), since)
		a.May = !a.Told && w.expects() != audience.Nobody && !w.late(r.Tx.Now) && slices.Contains(now, child.ID)
		views[i] = a
	}
	return views, err
}

// answeredBy tells whether what judges restrict lets a guardian answer the word.
func (w word) answeredBy(limit directory.Restriction) bool {
	return !limit.InformedOnly && !(limit.MayNotSign && w.Asks == toSign)
}
