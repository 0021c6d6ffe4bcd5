package liaison

import (
	"math"
	"time"

	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
)

// notesPath is what families told, for those who follow.
const notesPath = "/liaison/notes"

// notesView is what families told of the classes that the visitor follows.
type notesView struct {
	Today []noteLine // who is absent or late
	Lines []noteLine // the last first
	Older string
	Now   time.Time
}

// away counts the children who are absent or late today.
func (v notesView) away() int {
	children := map[school.ID]bool{}
	for _, l := range v.Today {
		children[l.note.Child] = true
	}
	return len(children)
}

// notes lists what families told.
func (s *Service) notes(r *web.Request) (web.Answer, error) {
	v := notesView{Now: r.Tx.Now}
	columns := rights.Columns{Class: "n.class_id", School: "n.school_id"}
	where, args := r.Scope(follow, columns, onDay(r.Tx.Now))
	today, err := notesOn(r.Tx, where, args...)
	if err != nil {
		return nil, err
	}
	if v.Today, err = noteLines(r, once(today)); err != nil {
		return nil, err
	}
	before := school.ID(math.MaxInt64)
	if id, err := school.ParseID(r.URL.Query().Get("before")); err == nil {
		before = id
	}
	where, args = r.Scope(follow, columns, before, most+1)
	notes, err := notesFor(r.Tx, where, args...)
	if err != nil {
		return nil, err
	}
	if len(notes) > most {
		notes = notes[:most]
		v.Older = notesPath + "?before=" + notes[most-1].ID.String()
	}
	v.Lines, err = noteLines(r, once(notes))
	return web.Page{Title: r.Say("liaison.notes"), Body: notesPage(v)}, err
}
