package register

import (
	"slices"
	"strconv"
	"strings"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// referentView is the form of one référent.
type referentView struct {
	At     kept
	Role   directory.ReferentRole
	Known  school.ID // 0: not recorded yet
	People []directory.Someone
	Was    directory.Referent // what is recorded
	Form   web.Form
}

// path is where the form is sent.
func (v referentView) path() string {
	if v.Known == 0 {
		return rolePath(v.At.ID, v.Role)
	}
	return referentPath(directory.Referent{ID: v.Known, Structure: v.At.ID})
}

// askReferent asks who holds a role.
func (s *Service) askReferent(r *web.Request) (web.Answer, error) {
	view, err := roleOf(r)
	if err != nil {
		return nil, err
	}
	_, view.Was.Families = view.Role.ForFamilies()
	return referentAnswer(r, view), nil
}

// recordReferent records who holds a role.
func (s *Service) recordReferent(r *web.Request) (web.Answer, error) {
	view, err := roleOf(r)
	if err != nil {
		return nil, err
	}
	referent, err := referentIn(r, view)
	if err == nil {
		referent, err = directory.AddReferent(r.Tx, referent)
	}
	if form, again := r.Again(err); again {
		view.Form = form
		return referentAnswer(r, view), nil
	}
	if err != nil {
		return nil, err
	}
	err = s.journalReferent(r, view.At, referent, actRecordReferent)
	return web.Redirect{To: referentsPath(view.At.ID), Notice: "register.referent-recorded"}, err
}

// referent shows what is recorded of somebody.
func (s *Service) referent(r *web.Request) (web.Answer, error) {
	view, err := knownReferent(r)
	if err != nil {
		return nil, err
	}
	return referentAnswer(r, view), nil
}

// correctReferent writes over what is recorded.
func (s *Service) correctReferent(r *web.Request) (web.Answer, error) {
	view, err := knownReferent(r)
	if err != nil {
		return nil, err
	}
	referent, err := referentIn(r, view)
	if dayOf(referent.From) == dayOf(view.Was.From) {
		referent.From = view.Was.From // the instant of that day
	}
	var changed []string
	if err == nil {
		referent.ID = view.Known
		changed, err = directory.CorrectReferent(r.Tx, referent)
	}
	if form, again := r.Again(err); again {
		view.Form = form
		return referentAnswer(r, view), nil
	}
	if err == nil && len(changed) > 0 {
		err = s.journalReferent(r, view.At, referent, actCorrectReferent, changed...)
	}
	return web.Redirect{To: referentsPath(view.At.ID), Notice: "register.referent-corrected"}, err
}

// endReferent takes somebody out of whoever is called.
func (s *Service) endReferent(r *web.Request) (web.Answer, error) {
	view, err := knownReferent(r)
	if err != nil {
		return nil, err
	}
	if err := directory.EndReferent(r.Tx, view.At.ID, view.Known, r.Actor.Person); err != nil {
		return nil, err
	}
	err = s.journalReferent(r, view.At, view.Was, actEndReferent)
	return web.Redirect{To: referentsPath(view.At.ID), Notice: "register.referent-ended"}, err
}

// resumeReferent takes an end back.
func (s *Service) resumeReferent(r *web.Request) (web.Answer, error) {
	at, err := keptOf(r)
	if err != nil {
		return nil, err
	}
	id, err := r.PathID("referent")
	if err != nil {
		return nil, err
	}
	referent, err := directory.Referents.One(r.Tx, "id = $1 AND structure_id = $2", id, at.ID)
	if err == nil && !at.has(referent.Role) {
		err = fail.New(fail.NotFound, "the role %s is not theirs to keep", referent.Role)
	}
	if err == nil {
		err = directory.ResumeReferent(r.Tx, at.ID, id, r.Actor.Person)
	}
	if err != nil {
		return nil, err
	}
	err = s.journalReferent(r, at, referent, actResumeReferent)
	return web.Redirect{To: referentsPath(at.ID), Notice: "register.referent-recorded"}, err
}

// roleOf reads the place and the role of the path, for whoever keeps it.
func roleOf(r *web.Request) (referentView, error) {
	at, err := keptOf(r)
	if err != nil {
		return referentView{}, err
	}
	role := directory.ReferentRole(r.PathValue("role"))
	if !at.has(role) {
		return referentView{}, fail.New(fail.NotFound, "%s keeps no such role there", r.Actor.Person)
	}
	return peopled(r, referentView{At: at, Role: role})
}

// knownReferent reads the référent of the path, for whoever keeps them.
func knownReferent(r *web.Request) (referentView, error) {
	at, err := keptOf(r)
	if err != nil {
		return referentView{}, err
	}
	id, err := r.PathID("referent")
	if err != nil {
		return referentView{}, err
	}
	referent, err := directory.ReferentIn(r.Tx, at.ID, id)
	if err == nil && !at.has(referent.Role) {
		err = fail.New(fail.NotFound, "the role %s is not theirs to keep", referent.Role)
	}
	if err != nil {
		return referentView{}, err
	}
	return peopled(r, referentView{At: at, Role: referent.Role, Known: id, Was: referent})
}

// peopled adds who of the register may be chosen: those who work in the
// place, and who was chosen before.
func peopled(r *web.Request, view referentView) (referentView, error) {
	staff, err := directory.StaffOf(r.Tx, view.At.ID)
	if err != nil {
		return view, err
	}
	whole := r.Can(viewSchool, rights.Object{School: view.At.ID}) == nil || r.Can(appointProject, rights.Whole) == nil
	for _, worker := range staff {
		if !whole && worker.Profile != school.Head && view.At.Kind == directory.School {
			continue // whom a pilot does not know by name
		}
		if !slices.Contains(view.People, worker.Someone) {
			view.People = append(view.People, worker.Someone)
		}
	}
	if chosen := view.Was.Person; chosen != 0 && !view.offers(chosen) {
		some, err := directory.SomeByID(r.Tx, chosen)
		if err != nil {
			return view, err
		}
		view.People = append(view.People, some...)
	}
	return view, nil
}

// offers tells whether somebody may be chosen.
func (v referentView) offers(person school.ID) bool {
	return slices.ContainsFunc(v.People, func(who directory.Someone) bool { return who.ID == person })
}

// referentIn reads the form.
func referentIn(r *web.Request, view referentView) (directory.Referent, error) {
	referent := directory.Referent{
		Structure: view.At.ID, Role: view.Role, Families: r.PostFormValue("families") != "", RecordedBy: r.Actor.Person,
	}
	var err error
	if r.PostFormValue("person") != "" {
		if referent.Person, err = r.FormID("person"); err != nil {
			return referent, err
		}
		if !view.offers(referent.Person) {
			return referent, fail.New(fail.Invalid, "%s works in another place", referent.Person).Say("register.referent-person").At("person")
		}
	}
	for _, field := range []struct {
		name string
		into *string
	}{{"name", &referent.Name}, {"phone", &referent.Phone}, {"mail", &referent.Mail}, {"url", &referent.URL}} {
		if *field.into, err = r.Text(field.name, 300); err != nil {
			return referent, err
		}
	}
	from, err := r.Day("from")
	if err != nil {
		return referent, err
	}
	until, err := untilIn(r)
	if err != nil {
		return referent, err
	}
	referent.From, referent.Until = db.At(from), db.At(until)
	if rank := strings.TrimSpace(r.PostFormValue("rank")); rank != "" {
		if referent.Rank, err = strconv.Atoi(rank); err != nil {
			referent.Rank = -1 // no rank: said as one that is too small
		}
	}
	return referent, nil
}

func referentAnswer(r *web.Request, view referentView) web.Page {
	return view.At.page(web.Page{
		Title: r.Say("directory.role-" + string(view.Role)), Body: referentPage(view), Status: view.Form.Status(),
	})
}

// journalReferent writes what the visitor did to a référent.
func (s *Service) journalReferent(r *web.Request, at kept, referent directory.Referent, action audit.Action, changed ...string) error {
	entry := audit.Entry{
		Action: action, Kind: "structure", Object: at.ID, Subject: referent.Person,
		Detail: audit.Detail{"referent": referent.ID.String(), "role": string(referent.Role)},
	}
	if at.Kind == directory.School {
		entry.School = at.ID
	}
	if len(changed) > 0 {
		entry.Detail["changed"] = strings.Join(changed, ".")
	}
	return s.journal(r, entry)
}
