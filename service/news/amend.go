package news

import (
	"slices"
	"time"

	"preau/core/attach"
	"preau/core/audience"
	"preau/core/audit"
	"preau/core/fail"
	"preau/core/past"
	"preau/core/photo"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory/whom"
)

// ours reads the item of the path, with which the visitor may do something.
func ours(r *web.Request, may func(*web.Request, item) error) (item, error) {
	i, err := itemOf(r)
	if err == nil {
		err = may(r, i)
	}
	return i, err
}

// live is [ours] of an item that was not removed.
func live(r *web.Request, may func(*web.Request, item) error) (item, error) {
	i, err := ours(r, may)
	if err == nil && !i.Removed.IsZero() {
		err = fail.New(fail.Conflict, "the item %s was removed", i.ID).Say("news.removed-already")
	}
	return i, err
}

func (s *Service) amending(r *web.Request) (web.Answer, error) {
	i, err := live(r, mayChange)
	if err != nil {
		return nil, err
	}
	if whom.Asks(r) {
		return whom.Tell(r, reading(r, i))
	}
	return s.amendAgain(r, i, web.Form{})
}

func (s *Service) amendAgain(r *web.Request, i item, form web.Form) (web.Answer, error) {
	carried, err := bag.Of(r.Tx, i.ID)
	if err != nil {
		return nil, err
	}
	v := writeView{Amends: i, Form: form, Whole: form.Error("whole") != "" || form.Value("whole") != "", Fields: s.Tray.Fields(r, bag, form, carried[i.ID]), Now: r.Tx.Now}
	to := i.audiences()[0]
	if v.Whom, err = whom.PickCircles(r, i.path()+"/amend", around(to.Place, to.Of), nil, form, reading(r, i), i.Circles...); err != nil {
		return nil, err
	}
	if err := s.options(r, &v, i); err != nil {
		return nil, err
	}
	notices, err := leftOut(r, i.area())
	return web.Page{Title: r.Say("news.amend"), Body: amendPage(v), Notices: notices, Status: form.Status()}, err
}

// amend changes an item, and what it carries. It is new again to everybody where its author
// says so.
func (s *Service) amend(r *web.Request) (web.Answer, error) {
	may := func() error { _, err := live(r, mayChange); return err }
	return s.Tray.Upload(r, bag, may, func(sent attach.Sent) (web.Answer, error) { return s.changed(r, sent) })
}

func (s *Service) changed(r *web.Request, sent attach.Sent) (web.Answer, error) {
	i, err := live(r, mayChange)
	if err != nil {
		return nil, err
	}
	if whom.Looks(r) {
		return s.amendAgain(r, i, web.Kept(r.PostForm))
	}
	changed, notice := i, "news.amended"
	if err = s.typed(r, &changed); err == nil {
		err = sent.Wrong
	}
	if err == nil && changed.wider(i) {
		err = means(r, changed)
	}
	if err == nil {
		err = fail.At(i.keepWas(r, past.Amended), "title")
	}
	if form, again := r.Again(err); again {
		return s.amendAgain(r, i, form)
	}
	if err != nil {
		return nil, err
	}
	if !i.unseen(r.Tx.Now) {
		changed.Amended = r.Tx.Now
	}
	changed.Kept, changed.Why = time.Time{}, "" // it leaves by the hand of whoever changes it

	carried, err := bag.Of(r.Tx, i.ID)
	if err != nil {
		return nil, err
	}
	had := carried[i.ID]
	fresh := slices.ContainsFunc(sent.Photos, func(one photo.Kept) bool { return !slices.Contains(had.Photos, one) }) ||
		slices.ContainsFunc(sent.Files, func(one attach.File) bool { return !slices.Contains(had.Files, one) })
	if sent.Empty() || fresh && !i.Faceless.IsZero() { // nothing was declared of it
		changed.Faceless, changed.FacelessBy = time.Time{}, 0
		if fresh {
			notice = "news.to-declare"
		}
	}
	if err := bag.Hang(r.Tx, i.ID, sent.Set); err != nil {
		return nil, err
	}
	again := r.PostFormValue("again") != ""
	if again {
		if err := audience.Unread(r.Tx, i.ID); err != nil {
			return nil, err
		}
	}
	tell := s.tell
	if i.mineLately(r) && !again && !changed.wider(i) {
		tell = s.correct
	}
	return web.Redirect{To: i.path(), Notice: notice}, tell(r, changed, append(changed.fronted(i.Front), actAmend)...)
}

// mineLately tells whether the visitor published an item within the last hour: whom it reaches counts
// for them already.
func (i item) mineLately(r *web.Request) bool {
	return i.Author == r.Actor.Person && !i.withheld() && i.Published.After(r.Tx.Now.Add(-time.Hour))
}

// front puts an item on top of its school's, or takes it down.
func (s *Service) front(r *web.Request) (web.Answer, error) {
	i, err := live(r, mayChange)
	if err != nil {
		return nil, err
	}
	if !i.ofSchool() {
		return nil, fail.New(fail.NotFound, "what is not for one school is on top of none")
	}
	was, notice := i.Front, "news.is-front"
	if i.Front = r.PostFormValue("front") != ""; !i.Front {
		notice = "news.is-unfront"
	}
	if i.Front != was {
		if err := i.keepWas(r, past.Amended); err != nil {
			return nil, err
		}
	}
	return web.Redirect{To: i.path(), Notice: notice}, s.save(r, i, i.fronted(was)...)
}

// remove takes an item from everybody's eyes. It may be restored for [bin].
func (s *Service) remove(r *web.Request) (web.Answer, error) {
	i, err := live(r, mayKeep)
	if err != nil {
		return nil, err
	}
	if err := i.keepWas(r, past.Removed); err != nil {
		return nil, err
	}
	i.Removed, i.Front = r.Tx.Now, false
	return web.Redirect{To: i.path(), Notice: "news.is-removed"}, s.save(r, i, actRemove)
}

// restore puts an item that was removed back.
func (s *Service) restore(r *web.Request) (web.Answer, error) {
	i, err := ours(r, mayChange)
	if err != nil {
		return nil, err
	}
	var act []audit.Action
	if !i.Removed.IsZero() {
		act = append(act, actRestore)
		if err := i.keepWas(r, past.Restored); err != nil {
			return nil, err
		}
	}
	i.Removed = time.Time{}
	return web.Redirect{To: i.path(), Notice: "news.is-restored"}, s.tell(r, i, act...)
}

// removed lists what the visitor may restore, the last first.
func (s *Service) removed(r *web.Request) (web.Answer, error) {
	v := listView{Now: r.Tx.Now}
	where, args := keeping(r, []any{mostNow})
	gone, err := items(r.Tx, `i.removed_at IS NOT NULL AND `+where, "i.removed_at DESC, i.id DESC", args...)
	if err != nil {
		return nil, err
	}
	if v.Lines, err = lines(r, gone); err != nil {
		return nil, err
	}
	return web.Page{Title: r.Say("news.removed"), Body: removedPage(v)}, nil
}

// crumb leads back to the item.
func (i item) crumb() []ui.Link { return []ui.Link{{Href: i.path(), Label: i.Title}} }
