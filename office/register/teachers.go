package register

import (
	"slices"
	"strings"

	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// teachersView is who teaches each class of a school.
type teachersView struct {
	School  directory.Structure
	Classes []classTeachers
	Without int // classes that have no teacher
	// Pairs are all the suggestions, as one form sends them.
	Pairs []ui.Hidden
	// Open are the classes that have no teacher and whose labels name nobody:
	// the same form asks for them.
	Open []openClass
	// Staff are those who may be attached.
	Staff []directory.Worker
}

// classTeachers is a class with its teachers and those its label proposes.
type classTeachers struct {
	directory.ClassView
	Teachers  []directory.InClass
	Suggested []directory.Someone
	Form      web.Form
	Done      done // what the visitor has just done to the class; its Name is empty when nothing
}

// over is what the shares of the teachers make on the fullest day, when it is
// more than the whole; 0 otherwise. Who says no day has them all.
func (c classTeachers) over() int {
	most := 0
	for _, day := range weekdays {
		sum := 0
		for _, in := range c.Teachers {
			if in.Days == "" || slices.Contains(strings.Fields(in.Days), day) {
				sum += in.Share
			}
		}
		most = max(most, sum)
	}
	if most <= 100 {
		return 0
	}
	return most
}

// openClass is a class for which the head chooses among the whole team.
type openClass struct {
	directory.ClassView
	Likely school.ID // chosen beforehand; 0: nobody
}

// teachers shows the classes of a school and who teaches them.
func (s *Service) teachers(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, attachTeacher)
	if err != nil {
		return nil, err
	}
	return teachersAnswer(r, at, 0, web.Form{})
}

// teachersAnswer is the page of teachers. When the form of a class was not
// right, the page has it as it was sent.
func teachersAnswer(r *web.Request, at directory.Structure, wrong school.ID, form web.Form) (web.Answer, error) {
	view, err := teachersOf(r, at)
	if err != nil {
		return nil, err
	}
	view.tell(doneIn(r.URL.Query()))
	for i := range view.Classes {
		if view.Classes[i].ID == wrong {
			view.Classes[i].Form = form
		}
	}
	return place.Page(at, web.Page{Title: r.Say("register.teachers"), Body: teachersPage(view), Status: form.Status()}), nil
}

func teachersOf(r *web.Request, at directory.Structure) (teachersView, error) {
	view := teachersView{School: at}
	classes, err := directory.ClassesOf(r.Tx, at.ID)
	if err != nil {
		return view, err
	}
	ids, rank := make([]school.ID, len(classes)), map[school.ID]int{}
	for i, class := range classes {
		ids[i], rank[class.ID] = class.ID, i
		view.Classes = append(view.Classes, classTeachers{ClassView: class})
	}
	attached, err := directory.TeachersIn(r.Tx, ids...)
	if err != nil {
		return view, err
	}
	for _, teacher := range attached {
		class := &view.Classes[rank[teacher.Class]]
		class.Teachers = append(class.Teachers, teacher)
	}
	if view.Staff, err = teachingStaff(r, at.ID); err != nil {
		return view, err
	}
	for _, suggestion := range directory.Suggest(classes, view.Staff, attached) {
		class := &view.Classes[rank[suggestion.Class]]
		class.Suggested = append(class.Suggested, suggestion.Teacher)
		view.Pairs = append(view.Pairs, pair(suggestion))
	}
	for _, class := range view.Classes {
		if len(class.Teachers) == 0 {
			view.Without++
		}
	}
	return view, view.ask(r)
}

// ask finds the classes that the head chooses a teacher for, and who is the
// likeliest.
func (v *teachersView) ask(r *web.Request) error {
	var open []directory.ClassView
	for _, class := range v.Classes {
		if len(class.Teachers) == 0 && len(class.Suggested) == 0 {
			open = append(open, class.ClassView)
		}
	}
	if len(open) == 0 {
		return nil
	}
	former, err := directory.FormerTeachers(r.Tx, v.School.ID, open[0].Year)
	if err != nil {
		return err
	}
	var free []directory.Someone
	for _, worker := range v.Staff {
		if worker.Profile == school.Teacher && !v.busy(worker.ID) {
			free = append(free, worker.Someone)
		}
	}
	likely := directory.Likely(open, free, former)
	for _, class := range open {
		v.Open = append(v.Open, openClass{class, likely[class.ID]})
	}
	return nil
}

// busy tells whether somebody has a class of the school, or is proposed for
// one.
func (v *teachersView) busy(who school.ID) bool {
	return slices.ContainsFunc(v.Classes, func(class classTeachers) bool {
		return slices.ContainsFunc(class.Teachers, func(in directory.InClass) bool { return in.ID == who }) ||
			slices.ContainsFunc(class.Suggested, func(s directory.Someone) bool { return s.ID == who })
	})
}

// eligible are those whom the form of all classes may give a class: whom its
// label names, or anybody of the team where it names nobody.
func (v *teachersView) eligible(class classTeachers) []directory.Someone {
	if len(class.Teachers) > 0 || len(class.Suggested) > 0 {
		return class.Suggested
	}
	team := make([]directory.Someone, len(v.Staff))
	for i, worker := range v.Staff {
		team[i] = worker.Someone
	}
	return team
}

// teachingStaff lists those of a school who may have a class, each once.
func teachingStaff(r *web.Request, at school.ID) ([]directory.Worker, error) {
	staff, err := directory.StaffOf(r.Tx, at)
	if err != nil {
		return nil, err
	}
	var teaching []directory.Worker
	seen := map[school.ID]bool{}
	for _, worker := range staff {
		if (worker.Profile == school.Teacher || worker.Profile == school.Head) && !seen[worker.ID] {
			seen[worker.ID] = true
			teaching = append(teaching, worker)
		}
	}
	return teaching, nil
}

// pair is a suggestion as a form sends it: the class, then the teacher.
func pair(s directory.Suggestion) ui.Hidden {
	return ui.Hidden{Name: "pair", Value: s.Class.String() + "-" + s.Teacher.ID.String()}
}

// weekdays are the days when schools may be open, as attachments write them.
var weekdays = [...]string{"lun", "mar", "mer", "jeu", "ven"}

// weekdaysAmong keeps the days of the week, in its order, of what a form
// sent: "lun mar".
func weekdaysAmong(sent []string) string {
	var kept []string
	for _, day := range weekdays {
		for _, one := range sent {
			if one == day {
				kept = append(kept, day)
				break
			}
		}
	}
	return strings.Join(kept, " ")
}
