package liaison

import (
	"preau/core/attach"
	"preau/core/audience"
	"preau/core/fail"
	"preau/core/past"
	"preau/core/rights"
	"preau/core/ui"
	"preau/core/web"
)

// ours reads the word of the path, which the visitor may do something with.
func (s *Service) ours(r *web.Request, right rights.Right) (w word, err error) {
	id, err := r.PathID("word")
	if err != nil {
		return w, err
	}
	if w, err = wordByID(r.Tx, id); err != nil {
		return w, err
	}
	return w, s.can(r, right, w)
}

// live is [Service.ours] of a word that was not cancelled.
func (s *Service) live(r *web.Request) (w word, err error) {
	if w, err = s.ours(r, write); err == nil && !w.Cancelled.IsZero() {
		err = fail.New(fail.Conflict, "the word %s was cancelled", w.ID).Say("liaison.cancelled-already")
	}
	return w, err
}

func (s *Service) amending(r *web.Request) (web.Answer, error) {
	w, err := s.live(r)
	if err != nil {
		return nil, err
	}
	return s.amendAgain(r, w, web.Form{})
}

func (s *Service) amendAgain(r *web.Request, w word, form web.Form) (web.Answer, error) {
	carried, err := bag.Of(r.Tx, w.ID)
	v := writeView{Amends: w, Form: form, Fields: s.Tray.Fields(r, bag, form, carried[w.ID]).Aloud(), Today: r.Tx.Now}
	return web.Page{Title: r.Say("liaison.amend"), Body: amendPage(v), Records: true, Status: form.Status()}, err
}

// amend changes what a word says, and what it carries. It is new again to everybody, and
// says that it was changed; what was answered stays.
func (s *Service) amend(r *web.Request) (web.Answer, error) {
	may := func() error { _, err := s.live(r); return err }
	return s.Tray.Upload(r, bag, may, func(sent attach.Sent) (web.Answer, error) { return s.amended(r, sent) })
}

func (s *Service) amended(r *web.Request, sent attach.Sent) (web.Answer, error) {
	w, err := s.live(r)
	if err != nil {
		return nil, err
	}
	changed := w
	if err = said(r, &changed); err == nil {
		err = sent.Wrong
	}
	if err == nil {
		err = fail.At(w.keepWas(r, past.Amended), "title")
	}
	if form, again := r.Again(err); again {
		return s.amendAgain(r, w, form)
	}
	if err != nil {
		return nil, err
	}
	changed.Amended = r.Tx.Now
	if err := change(r.Tx, r.Printer, changed); err != nil {
		return nil, err
	}
	if err := hang(r.Tx, r.Printer, changed, sent.Set); err != nil {
		return nil, err
	}
	if err := s.journal(r, actAmend, w); err != nil {
		return nil, err
	}
	return web.Redirect{To: w.path() + "/follow", Notice: "liaison.amended"}, s.tellAgain(r, changed)
}

// tellAgain makes a word new again to everybody whom it reaches, and has them be told so.
func (s *Service) tellAgain(r *web.Request, w word) error {
	to, err := audience.To(r.Tx, w.ID)
	if err != nil {
		return err
	}
	if err := r.Publish(w.address(to[w.ID])); err != nil {
		return err
	}
	if err := audience.Unread(r.Tx, w.ID); err != nil {
		return err
	}
	return s.Notify.ToldAgain(r.Tx, w.ID)
}

// cancelling says what cancelling a word does, before it does.
func (s *Service) cancelling(r *web.Request) (web.Answer, error) {
	w, err := s.live(r)
	if err != nil {
		return nil, err
	}
	return cancelAgain(r, w, web.Form{})
}

func cancelAgain(r *web.Request, w word, form web.Form) (web.Answer, error) {
	return web.Page{Title: r.Say("liaison.cancel"), Body: cancelPage(writeView{Amends: w, Form: form}), Status: form.Status()}, nil
}

// cancel says to everybody whom a word reaches that it does not hold any more, and why.
// It stays in the carnet.
func (s *Service) cancel(r *web.Request) (web.Answer, error) {
	w, err := s.live(r)
	if err != nil {
		return nil, err
	}
	w.Why, err = r.Text("why", maxTitle)
	if err == nil && w.Why == "" {
		err = fail.New(fail.Invalid, "a word that is cancelled without a reason").Say("liaison.no-why").At("why")
	}
	if form, again := r.Again(err); again {
		return cancelAgain(r, w, form)
	}
	if err != nil {
		return nil, err
	}
	w.Cancelled = r.Tx.Now
	if err := w.keepWas(r, past.Cancelled); err != nil {
		return nil, err
	}
	if err := revoke(r.Tx, w); err != nil {
		return nil, err
	}
	if err := s.journal(r, actCancel, w); err != nil {
		return nil, err
	}
	return web.Redirect{To: w.path() + "/follow", Notice: "liaison.told-cancelled"}, s.tellAgain(r, w)
}

// crumb leads back to the word.
func (w word) crumb() []ui.Link { return []ui.Link{{Href: w.path() + "/follow", Label: w.Title}} }
