package alert

import (
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/notify"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// showView is a notice as somebody reads it.
type showView struct {
	alert
	From, By string
	Said     []notice // what it said before, the last first
	Mine     bool     // it is for the visitor
	Read     bool     // and they have said that they read it
	Keeps    bool     // they may correct it, and end it
	Calls    bool     // and have the list of whom to telephone
	To       string   // for whom it is; to whoever keeps it
	Reached  reached  // to whoever keeps it
	Now      time.Time
}

// reached counts whom the last thing that was said has reached.
type reached struct {
	People          int // all of them: those below, each once
	Opened          int // have it before their eyes
	Delivered       int // a message was delivered to them, and they have not opened it
	Phoned          int // by nothing but the telephone
	Leaving         int // a message is on its way to them
	Missed          int // nothing reached them
	Mail, Push, SMS int // messages that were delivered
}

// show shows a notice to whom it is addressed, and to those who keep it.
func (s *Service) show(r *web.Request) (web.Answer, error) {
	a, err := ofPath(r)
	if err != nil {
		return nil, err
	}
	v := showView{alert: a, Keeps: mayKeep(r, a) == nil, Calls: a.mayCall(r), Now: r.Tx.Now}
	children, err := mineNow(r, a)
	if err != nil {
		return nil, err
	}
	if v.Mine = len(children) > 0; !v.Mine && !v.Keeps && !v.Calls {
		if err := wasMine(r, a); err != nil {
			return nil, err
		}
	}
	if err := s.before(r, &v, children); err != nil {
		return nil, err
	}
	if v.Keeps {
		if _, err := r.Seen(a.Last.ID); err != nil { // that it ends by itself
			return nil, err
		}
	}
	if v.Keeps || v.Calls {
		v.To = a.toWhom(r.Printer)
		if v.Reached, err = s.reached(r, a); err != nil {
			return nil, err
		}
	}
	return web.Page{Title: a.title(r.Printer), Body: showPage(v)}, nil
}

// before reads what the page of a notice says beside it, and notes that it was read.
func (s *Service) before(r *web.Request, v *showView, children []school.ID) error {
	from, err := tellers(r.Tx, r.Printer, []alert{v.alert})
	if err != nil {
		return err
	}
	v.From = from[v.ID].String()
	authors, err := directory.SomeByID(r.Tx, v.Last.By)
	if err != nil {
		return err
	}
	for _, author := range authors {
		v.By = author.Formal()
	}
	all, err := noticesOf(r.Tx, v.ID)
	if err != nil {
		return err
	}
	for i := len(all) - 2; i >= 0; i-- {
		v.Said = append(v.Said, all[i])
	}
	if !v.Mine {
		return nil
	}
	mine, err := audience.ReceiptsBy(r.Tx, r.Actor.Person, v.ID)
	if err != nil {
		return err
	}
	v.Read = v.acknowledged(mine)
	return r.NoteSeen(func(tx *db.Tx) error {
		for _, child := range children {
			if err := audience.MarkRead(tx, v.ID, child, r.Actor.Person); err != nil {
				return err
			}
		}
		return nil
	})
}

// ofPath reads the alert of the path.
func ofPath(r *web.Request) (alert, error) {
	id, err := r.PathID("notice")
	if err != nil {
		return alert{}, err
	}
	return alertByID(r.Tx, id)
}

// mineNow lists for which children a notice reaches the visitor now, with any hat: 0 for
// themselves; none: it does not.
func mineNow(r *web.Request, a alert) ([]school.ID, error) {
	held, err := r.HeldWithAny()
	if err != nil {
		return nil, err
	}
	return held.Current(r.Tx, a.ID)
}

// wasMine is fail.NotFound unless the notice reached the visitor when it was told.
func wasMine(r *web.Request, a alert) error {
	held, err := r.HeldWithAny()
	if err == nil {
		_, err = held.Children(r.Tx, a.ID)
	}
	return err
}

// mayKeep is nil when the visitor may correct an alert and end it.
func mayKeep(r *web.Request, a alert) error {
	right, object := a.keeper()
	return r.Can(right, object)
}

// mayCall tells whether the visitor has the list of whom to telephone.
func (a alert) mayCall(r *web.Request) bool {
	return r.Can(call, rights.Object{School: a.School, Class: a.Class}) == nil
}

// acknowledged tells whether somebody said that they have read what the alert says last,
// for each child for whom they read it.
func (a alert) acknowledged(mine map[school.ID][]audience.Receipt) bool {
	for _, receipt := range mine[a.ID] {
		if !receipt.Done.IsZero() && !receipt.Done.Before(a.Last.At) {
			return true
		}
	}
	return false
}

// acknowledge notes that somebody says that they have read an alert.
func acknowledge(tx *db.Tx, id, person school.ID, children []school.ID) error {
	for _, child := range children {
		if err := audience.MarkDone(tx, id, child, person); err != nil {
			return err
		}
	}
	return nil
}

// read takes the notice from the pages of whoever says that they have read it.
func (s *Service) read(r *web.Request) (web.Answer, error) {
	a, err := ofPath(r)
	if err != nil {
		return nil, err
	}
	children, err := mineNow(r, a)
	if err != nil {
		return nil, err
	}
	if len(children) == 0 {
		return nil, fail.New(fail.NotFound, "the alert %s is not for %s", a.ID, r.Actor.Person)
	}
	return web.Redirect{To: r.Next(), Notice: "alert.read-noted"}, acknowledge(r.Tx, a.ID, r.Actor.Person, children)
}

// reached counts whom what an alert says last has reached.
func (s *Service) reached(r *web.Request, a alert) (n reached, err error) {
	all, err := s.standings(r, a)
	for _, one := range all {
		n.People++
		for _, fate := range one.Fates {
			if fate.State != notify.Taken {
				continue
			}
			switch fate.Channel {
			case notify.Mail:
				n.Mail++
			case notify.Push:
				n.Push++
			case notify.SMS:
				n.SMS++
			}
		}
		switch one.state(a.Last.At, r.Tx.Now) {
		case byItself:
			if one.Opened {
				n.Opened++
			} else {
				n.Delivered++
			}
		case byPhone:
			n.Phoned++
		case onItsWay:
			n.Leaving++
		default:
			n.Missed++
		}
	}
	return n, err
}
