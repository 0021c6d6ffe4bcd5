package register

import (
	"slices"
	"strconv"
	"strings"

	"preau/core/audit"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// attach gives a class a teacher of its school, or changes how a teacher
// shares it.
func (s *Service) attach(r *web.Request) (web.Answer, error) {
	at, class, err := ownClass(r)
	if err != nil {
		return nil, err
	}
	attachment, err := attachmentIn(r, class)
	if err == nil {
		err = s.attachOne(r, at, attachment)
	}
	if form, again := r.Again(err); again {
		return teachersAnswer(r, at, class, form)
	}
	return backToTeachers(at, done{Class: class, Teacher: attachment.Teacher}), err
}

// attachmentIn reads the form.
func attachmentIn(r *web.Request, class school.ID) (directory.Attachment, error) {
	a := directory.Attachment{Class: class, Days: weekdaysAmong(r.PostForm["days"]), By: r.Actor.Person}
	if r.PostFormValue("teacher") == "" {
		return a, fail.New(fail.Invalid, "no teacher is chosen").Say("register.choose-teacher").At("teacher")
	}
	share, err := r.Text("share", 10)
	share = strings.TrimRight(share, "% \u00a0\u202f") // "50 %"
	if err == nil && share != "" {
		if a.Share, err = strconv.Atoi(share); err != nil || a.Share == 0 {
			err = fail.New(fail.Invalid, "a share that is no number, or nothing").Say("directory.share").At("share")
		}
	}
	if err != nil {
		return a, err
	}
	a.Teacher, err = r.FormID("teacher")
	return a, err
}

// attachOne attaches one teacher, and journals it. Somebody who does not
// teach in the school is refused as one who does not work there.
func (s *Service) attachOne(r *web.Request, at directory.Structure, a directory.Attachment) error {
	staff, err := teachingStaff(r, at.ID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(staff, func(w directory.Worker) bool { return w.ID == a.Teacher }) {
		return fail.New(fail.Invalid, "%s does not teach in %s", a.Teacher, at.ID).Say("directory.not-in-school").At("teacher")
	}
	if err := directory.Attach(r.Tx, a); err != nil {
		return err
	}
	return s.journal(r, audit.Entry{Action: actAttach, Kind: "class", Object: a.Class, Subject: a.Teacher, School: at.ID})
}

// detach takes a class from a teacher.
func (s *Service) detach(r *web.Request) (web.Answer, error) {
	at, class, err := ownClass(r)
	if err != nil {
		return nil, err
	}
	teacher, err := r.FormID("teacher")
	if err != nil {
		return nil, err
	}
	attached, err := directory.TeachersIn(r.Tx, class)
	if err != nil {
		return nil, err
	}
	did := done{Class: class, Teacher: teacher, Detached: true}
	for _, one := range attached {
		if one.ID == teacher {
			did.Days, did.Share = one.Days, one.Share
		}
	}
	if err := directory.Detach(r.Tx, class, teacher, r.Actor.Person); err != nil {
		return nil, err
	}
	if err := s.Accounts.EndRoom(r.Tx, class, teacher, r.By()); err != nil {
		return nil, err
	}
	err = s.journal(r, audit.Entry{Action: actDetach, Kind: "class", Object: class, Subject: teacher, School: at.ID})
	return backToTeachers(at, did), err
}

// attachSuggested attaches what the page proposed and still would, and whom
// the head chose for the classes whose labels name nobody: the form says
// which, so that nothing is attached that was not seen.
func (s *Service) attachSuggested(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, attachTeacher)
	if err != nil {
		return nil, err
	}
	view, err := teachersOf(r, at)
	if err != nil {
		return nil, err
	}
	wanted := slices.DeleteFunc(slices.Clone(r.PostForm["pair"]), func(pair string) bool { return pair == "" })
	if len(wanted) == 0 {
		return nil, fail.New(fail.Conflict, "nobody is chosen").Say("register.nobody-chosen")
	}
	last, count := done{}, 0
	for _, class := range view.Classes {
		for _, teacher := range view.eligible(class) {
			if !slices.Contains(wanted, pair(directory.Suggestion{Class: class.ID, Teacher: teacher}).Value) {
				continue
			}
			a := directory.Attachment{Class: class.ID, Teacher: teacher.ID, By: r.Actor.Person}
			if err := s.attachOne(r, at, a); err != nil {
				return nil, err
			}
			last, count = done{Class: class.ID, Teacher: teacher.ID}, count+1
		}
	}
	switch {
	case count == 0:
		return nil, fail.New(fail.Conflict, "none of these suggestions stands any more")
	case len(wanted) == 1:
		return backToTeachers(at, last), nil
	}
	return web.Redirect{To: schoolPath(at.ID) + "/teachers", Notice: "register.attached-all"}, nil
}

// ownClass reads the school and the class of the path: the class is the
// school's.
func ownClass(r *web.Request) (directory.Structure, school.ID, error) {
	at, err := place.School(r, attachTeacher)
	if err != nil {
		return at, 0, err
	}
	id, err := r.PathID("class")
	if err != nil {
		return at, 0, err
	}
	class, err := directory.ClassByID(r.Tx, id)
	if err == nil && (class.School != at.ID || class.Kind != directory.OrdinaryClass) {
		err = fail.New(fail.NotFound, "no class %s in school %s", id, at.ID)
	}
	return at, id, err
}

// backToTeachers leads to the class on the page of teachers, which says what
// was done.
func backToTeachers(at directory.Structure, d done) web.Redirect {
	return web.Redirect{To: d.href(schoolPath(at.ID) + "/teachers")}
}

// journal writes what the visitor did.
func (s *Service) journal(r *web.Request, e audit.Entry) error {
	e.Actor, e.Profile, e.Request = r.Actor.Person, r.Actor.Profile, r.ID
	return s.Audit.Write(r.Tx, e)
}
