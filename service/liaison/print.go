package liaison

import (
	"cmp"
	"slices"

	"preau/core/audit"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// Of whom talons are printed, unless some children are ticked.
const ofOffline, ofAll = "offline", "all"

// slipsView is the choice of the talons that are printed.
type slipsView struct {
	word
	Awaited []awaited // one of each child, or of each guardian
	Offline int       // of families without an account
	Form    web.Form
}

// slips asks of whom talons are printed.
func (s *Service) slips(r *web.Request) (web.Answer, error) {
	v, err := s.onPaper(r)
	if err != nil {
		return nil, err
	}
	view := slipsView{word: v.word, Awaited: v.awaited()}
	for _, a := range view.Awaited {
		if a.Offline {
			view.Offline++
		}
	}
	return web.Page{Title: r.Say("liaison.slips"), Body: slipsPage(view)}, nil
}

// print gives the talons that were chosen, in the order in which a pile is handed out, and
// journals that they left.
func (s *Service) print(r *web.Request) (web.Answer, error) {
	v, err := s.onPaper(r)
	if err != nil {
		return nil, err
	}
	ticked := map[school.ID]bool{}
	for _, text := range r.PostForm["child"] {
		if id, err := school.ParseID(text); err == nil {
			ticked[id] = true
		}
	}
	chosen := slices.DeleteFunc(v.awaited(), func(a awaited) bool {
		who := r.PostFormValue("who")
		switch {
		case len(ticked) > 0:
			return !ticked[a.slip.Child]
		case who == ofOffline:
			return !a.Offline
		}
		return who != ofAll
	})
	if len(chosen) == 0 {
		return web.Redirect{To: v.path() + "/slips", Notice: "liaison.no-slip", Info: true}, nil
	}
	p := printing{word: v.word, Key: s.Key, Say: i18n.Printer{Catalogue: r.Printer.Catalogue, Lang: i18n.French}, Made: r.Tx.Now}
	if p.Slips, err = talonsOf(r, p.Say, v.word, chosen); err != nil {
		return nil, err
	}
	if err := s.Audit.Write(r.Tx, audit.Entry{By: r.By(), Action: actPrintSlips, Kind: "word", Object: v.ID, School: v.School}); err != nil {
		return nil, err
	}
	if err := r.ActsOn(len(p.Slips)); err != nil {
		return nil, err
	}
	return web.PDF{Name: r.Say("liaison.slips-file", v.Title), Draw: p.draw, Undrawn: "liaison.slips-undrawn"}, nil
}

// talonsOf names what is printed, class by class, as a printer says it.
func talonsOf(r *web.Request, say i18n.Printer, w word, chosen []awaited) ([]printed, error) {
	of, _, err := seated(r, w)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(chosen, func(a, b awaited) int {
		return cmp.Or(cmp.Compare(of[a.slip.Child], of[b.slip.Child]), cmp.Compare(a.Child.SortKey, b.Child.SortKey))
	})
	children := make([]school.ID, len(chosen))
	for i, a := range chosen {
		children[i] = a.Child.ID
	}
	marks, err := directory.MarksOf(r.Tx, say, children...)
	all := make([]printed, len(chosen))
	for i, a := range chosen {
		all[i] = printed{slip: a.slip, Child: marks.On(a.Child.Someone).Name(), Guardian: a.Guardian.Name(), Class: of[a.slip.Child]}
	}
	return all, err
}
