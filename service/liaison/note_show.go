package liaison

import (
	"slices"
	"time"

	"preau/core/attach"
	"preau/core/audit"
	"preau/core/fail"
	"preau/core/past"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// noteView is a note as somebody reads it.
type noteView struct {
	noteLine
	Follows bool                           // the visitor is of the school, and takes note of it
	Says    map[noteKind]attach.VoiceField // where who told it changes it
	Form    web.Form
	Now     time.Time
}

// childAt is a child at one of their places, as rights reach it.
func childAt(at directory.Child) rights.Object {
	return rights.Object{Pupil: at.ID, Class: at.Class, School: at.School}
}

// noteOf reads the note of the path: for those who follow the class, and for the guardians
// of the child.
func (s *Service) noteOf(r *web.Request) (n note, follows bool, err error) {
	id, err := r.PathID("note")
	if err != nil {
		return n, false, err
	}
	if n, err = noteByID(r.Tx, id); err != nil {
		return n, false, err
	}
	if r.Can(follow, n.object()) == nil {
		return n, true, nil
	}
	seen, err := known(r, []note{n})
	if err == nil && len(seen) == 0 {
		err = fail.New(fail.NotFound, "the note %s is not for %s", n.ID, r.Actor.Person)
	}
	return n, false, err
}

// known are those of some notes that the visitor may know of as a guardian: what they told,
// and, of what another guardian told, the absences and the delays of a child whose place no
// judge hides from them.
func known(r *web.Request, notes []note) ([]note, error) {
	limits, err := directory.LimitsOf(r.Tx, r.Actor.Person)
	return slices.DeleteFunc(notes, func(n note) bool {
		return !slices.Contains(r.Actor.Children, n.Child) || n.Author != r.Actor.Person && (n.Kind == appointment || limits[n.Child].HidePlace)
	}), err
}

// note shows a note.
func (s *Service) note(r *web.Request) (web.Answer, error) { return s.notePage(r, web.Form{}) }

func (s *Service) notePage(r *web.Request, form web.Form) (web.Answer, error) {
	n, follows, err := s.noteOf(r)
	if err != nil {
		return nil, err
	}
	lines, err := noteLines(r, []note{n})
	if err != nil {
		return nil, err
	}
	if _, err := r.Seen(n.ID); err != nil {
		return nil, err
	}
	v := noteView{noteLine: lines[0], Follows: follows, Form: form, Says: s.says(r, web.Form{}, n.Child), Now: r.Tx.Now}
	r.Keep(n.Seen, n.Withdrawn, n.Reply)
	return web.Page{Title: v.title(r.Printer), Body: notePage(v), Records: v.changes(), Status: form.Status()}, nil
}

// changes tells whether the visitor may change what they told.
func (v noteView) changes() bool { return v.Mine && v.Withdrawn.IsZero() && !v.over(v.Now) }

// noteVoice gives what a guardian told aloud: to themself, and to whoever takes note of it.
func (s *Service) noteVoice(r *web.Request) (web.Answer, error) {
	n, follows, err := s.noteOf(r)
	if err == nil && !follows && n.Author != r.Actor.Person {
		err = fail.New(fail.NotFound, "what %s said is not for %s", n.Author, r.Actor.Person)
	}
	if err != nil {
		return nil, err
	}
	return s.Tray.Play(r, n.Voice)
}

// takeNote takes note of what a family told, with an answer or without.
func (s *Service) takeNote(r *web.Request) (web.Answer, error) {
	n, follows, err := s.noteOf(r)
	if err == nil && !follows {
		err = fail.New(fail.NotFound, "%s does not follow the note %s", r.Actor.Person, n.ID)
	}
	if err != nil {
		return nil, err
	}
	reply, err := r.Text("reply", maxNote)
	if form, again := r.Again(err); again {
		return s.notePage(r, form)
	}
	if err != nil {
		return nil, err
	}
	if n.Reply != "" && reply != "" {
		return nil, fail.New(fail.Conflict, "the note %s was answered by %s", n.ID, n.SeenBy).Say("liaison.note-answered")
	}
	same, err := notesOf(r.Tx, []school.ID{n.Child}, most)
	if err != nil {
		return nil, err
	}
	if err := s.takesNote(r, n, reply); err != nil {
		return nil, err
	}
	for _, o := range same { // shown once
		if o.Seen.IsZero() && o.repeats(n) {
			if err := s.takesNote(r, o, ""); err != nil {
				return nil, err
			}
		}
	}
	return web.Redirect{To: notesPath, Notice: "liaison.note-is-seen"}, nil
}

// takesNote takes note of one note, with an answer or without.
func (s *Service) takesNote(r *web.Request, n note, reply string) error {
	if n.Seen.IsZero() || reply != "" { // who answers is who has noted it
		if err := n.keepWas(r, past.Answered); err != nil {
			return err
		}
		n.SeenBy, n.Seen, n.Reply = r.Actor.Person, r.Tx.Now, reply
	}
	if err := acknowledge(r.Tx, r.Printer, n); err != nil {
		return err
	}
	return s.addressed(r, actTakeNote, n)
}

// withdrawNote takes back what the visitor told: it stays in the carnet, and says so.
func (s *Service) withdrawNote(r *web.Request) (web.Answer, error) {
	n, _, err := s.noteOf(r)
	if err == nil && n.Author != r.Actor.Person {
		err = fail.New(fail.NotFound, "the note %s is not of %s", n.ID, r.Actor.Person)
	}
	if err != nil {
		return nil, err
	}
	if !n.Withdrawn.IsZero() {
		return web.Redirect{To: tellPath}, nil
	}
	return web.Redirect{To: tellPath, Notice: "liaison.note-withdrawn"}, s.takeBack(r, n)
}

// takeBack has a note hold no more, by whoever told it, whether they take it back or tell another
// instead.
func (s *Service) takeBack(r *web.Request, n note) error {
	if err := n.keepWas(r, past.Cancelled); err != nil {
		return err
	}
	n.Withdrawn = r.Tx.Now
	if err := withdraw(r.Tx, n); err != nil {
		return err
	}
	return s.addressed(r, actWithdrawNote, n)
}

// addressed addresses a note as it is now, and journals what made it so: an absence that was
// told, or taken back, says where a child was to be.
func (s *Service) addressed(r *web.Request, act audit.Action, n note) error {
	if err := r.Publish(n.address()); err != nil {
		return err
	}
	return s.Audit.Write(r.Tx, audit.Entry{By: r.By(), Action: act, Kind: "note", Object: n.ID, Subject: n.Child, School: n.School})
}
