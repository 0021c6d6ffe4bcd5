package register

import (
	"preau/core/audit"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// rpiView is the RPI that a school is of, and those that ask it.
type rpiView struct {
	School directory.Structure
	Of     []directory.Grouping
	Asking []directory.Grouping
	Form   web.Form
}

func rpiPath(at school.ID) string { return schoolPath(at) + "/rpi" }

// rpi shows which schools share their classes with a head's.
func (s *Service) rpi(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, keepRPI)
	if err != nil {
		return nil, err
	}
	return rpiAnswer(r, at, web.Form{})
}

func rpiAnswer(r *web.Request, at directory.Structure, form web.Form) (web.Answer, error) {
	v := rpiView{School: at, Form: form}
	var err error
	if v.Of, err = directory.GroupingsOf(r.Tx, at.ID); err != nil {
		return nil, err
	}
	if v.Asking, err = directory.GroupingsAsking(r.Tx, at.ID); err != nil {
		return nil, err
	}
	return place.Page(at, web.Page{Title: r.Say("register.rpi"), Body: rpiPage(v), Status: form.Status()}), nil
}

// makeRPI makes an RPI that no delivery says.
func (s *Service) makeRPI(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, keepRPI)
	if err != nil {
		return nil, err
	}
	name, err := r.Text("name", 80)
	var rpi school.ID
	if err == nil {
		rpi, err = directory.MakeGrouping(r.Tx, at.ID, name)
	}
	if form, again := r.Again(err); again {
		return rpiAnswer(r, at, form)
	}
	return s.changedRPI(r, at.ID, rpi, audit.Entry{Action: actMakeRPI}, "register.rpi-made", err)
}

// askRPI asks another school to be of the RPI.
func (s *Service) askRPI(r *web.Request) (web.Answer, error) {
	at, rpi, err := rpiOf(r)
	if err != nil {
		return nil, err
	}
	uai, err := r.Text("uai", 20)
	var asked school.ID
	if err == nil {
		asked, err = directory.AskIntoGrouping(r.Tx, at.ID, rpi, uai, r.Actor.Person)
	}
	if form, again := r.Again(err); again {
		return rpiAnswer(r, at, form)
	}
	return s.changedRPI(r, at.ID, rpi, audit.Entry{Action: actAskRPI, Subject: asked}, "register.rpi-asked", err)
}

// joinRPI has the school be of an RPI that asked it.
func (s *Service) joinRPI(r *web.Request) (web.Answer, error) {
	at, rpi, err := rpiOf(r)
	if err == nil {
		err = directory.AnswerGrouping(r.Tx, at.ID, rpi, true)
	}
	return s.changedRPI(r, at.ID, rpi, audit.Entry{Action: actJoinRPI}, "register.rpi-joined", err)
}

// refuseRPI says no to one.
func (s *Service) refuseRPI(r *web.Request) (web.Answer, error) {
	at, rpi, err := rpiOf(r)
	if err == nil {
		err = directory.AnswerGrouping(r.Tx, at.ID, rpi, false)
	}
	return s.changedRPI(r, at.ID, rpi, audit.Entry{Action: actRefuseRPI}, "register.rpi-refused", err)
}

// leaveRPI has the school leave the RPI.
func (s *Service) leaveRPI(r *web.Request) (web.Answer, error) {
	at, rpi, err := rpiOf(r)
	if err == nil {
		err = directory.LeaveGrouping(r.Tx, at.ID, rpi)
	}
	return s.changedRPI(r, at.ID, rpi, audit.Entry{Action: actLeaveRPI}, "register.rpi-left", err)
}

// rpiOf reads the school and the RPI of the path.
func rpiOf(r *web.Request) (at directory.Structure, rpi school.ID, err error) {
	if at, err = place.School(r, keepRPI); err != nil {
		return at, 0, err
	}
	rpi, err = r.PathID("structure")
	return at, rpi, err
}

// changedRPI journals what was done about an RPI, unless it was not, and leads back to the page.
func (s *Service) changedRPI(r *web.Request, at, rpi school.ID, e audit.Entry, notice string, err error) (web.Answer, error) {
	if err != nil {
		return nil, err
	}
	e.Kind, e.Object, e.School = "structure", rpi, at
	return web.Redirect{To: rpiPath(at), Notice: notice}, s.journal(r, e)
}
