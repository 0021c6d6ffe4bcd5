package removal

import (
	"time"

	"preau/core/school"
	"preau/core/search"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// showView is a case.
type showView struct {
	dossier
	At          directory.Structure // the zero one: everywhere
	Names       map[school.ID]string
	Found       found // of a case that waits: what is there still of what was ticked
	Shown       paged // what the page lists of it
	Mine        bool  // the visitor asked for it
	Bars        bool  // it is about the visitor
	Form        web.Form
	Undo        bool // they may ask that it be put back
	Puts        bool // they may agree to that, or go on
	Takes       bool // they may go on with what is removed
	Done, Parts int  // how many parts are taken, or back, of all
	Heads       bool // they are a head, who writes to families
	Now         time.Time
}

// show shows a case: to whoever agrees or declines, all that was ticked.
func (s *Service) show(r *web.Request) (web.Answer, error) {
	d, err := s.dossier(r)
	if err != nil {
		return nil, err
	}
	return s.showPage(r, d, web.Form{})
}

func (s *Service) showPage(r *web.Request, d dossier, form web.Form) (web.Answer, error) {
	v := showView{
		dossier: d, Mine: d.AskedBy == r.Actor.Person, Bars: d.Account == r.Actor.Person, Form: form, Now: r.Tx.Now,
		Undo: d.mayUndo(r.Actor.Person, r.Tx.Now), Heads: r.Actor.Profile == school.Head,
		Puts: d.mayPut(r.Actor.Person) == nil, Takes: d.mayTake(r.Actor.Person) == nil,
	}
	var err error
	if v.Names, err = namesOf(r.Tx, d); err != nil {
		return nil, err
	}
	if d.Outcome == removing || d.Outcome == restoring {
		taken, put, err := countPieces(r.Tx, d.ID)
		if err != nil {
			return nil, err
		}
		if v.Done, v.Parts = taken, len(d.parts()); d.Outcome == restoring {
			v.Done, v.Parts = put, taken
		}
	}
	if d.Outcome == waiting {
		all, err := s.sent(r, d.sending(), search.Query{})
		if err != nil {
			return nil, err
		}
		v.Found = d.part(all)
		v.Shown = v.Found.page(pageOf(r))
		if err := s.says(r, &v.Shown); err != nil {
			return nil, err
		}
		if err := s.looks(r, look{d.Account, d.ID, "removal", d.sending(), v.Shown.found}); err != nil {
			return nil, err
		}
	}
	page := web.Page{Title: r.Say("removal.case-of", r.Printer.Of(name(r.Context(), v.Names, d.Account))), Status: form.Status()}
	if d.School == 0 {
		page.Body = showPage(v)
		return page, nil
	}
	v.At, err = directory.StructureByID(r.Tx, d.School)
	page.Body = showPage(v)
	return place.Page(v.At, page), err
}
