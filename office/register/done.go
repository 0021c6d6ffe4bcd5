package register

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"preau/core/school"
	"preau/directory"
)

// done is what a head has just done to a class. The page they come back to
// says it in the card of the class. It travels in the address, so that it
// needs neither script nor memory, and is told only while it is true.
type done struct {
	Class, Teacher school.ID
	Detached       bool
	Days           string // that a teacher who was detached had
	Share          int
	Name           string // of the teacher; empty until it is known to be true
}

// doneAnchor names the place of the sentence on the page.
const doneAnchor = "done"

// href is the address of the page that says it.
func (d done) href(page string) string {
	query := url.Values{"class": {d.Class.String()}, "teacher": {d.Teacher.String()}}
	if d.Detached {
		query.Set("done", "detached")
	}
	if d.Days != "" {
		query.Set("days", d.Days)
	}
	if d.Share != 0 {
		query.Set("share", strconv.Itoa(d.Share))
	}
	return page + "?" + query.Encode() + "#" + doneAnchor
}

// doneIn reads what an address says was done; what says nothing is of no
// class.
func doneIn(query url.Values) (d done) {
	var wrong [3]error
	d.Class, wrong[0] = school.ParseID(query.Get("class"))
	d.Teacher, wrong[1] = school.ParseID(query.Get("teacher"))
	if share := query.Get("share"); share != "" {
		d.Share, wrong[2] = strconv.Atoi(share)
	}
	if slices.ContainsFunc(wrong[:], func(err error) bool { return err != nil }) {
		return done{}
	}
	d.Detached, d.Days = query.Get("done") == "detached", weekdaysAmong(strings.Fields(query.Get("days")))
	return d
}

// tell gives the class of what was done its sentence, when it is so.
func (v *teachersView) tell(d done) {
	i := slices.IndexFunc(v.Staff, func(w directory.Worker) bool { return w.ID == d.Teacher })
	if i < 0 {
		return
	}
	d.Name = v.Staff[i].Name()
	for j := range v.Classes {
		class := &v.Classes[j]
		has := slices.ContainsFunc(class.Teachers, func(in directory.InClass) bool { return in.ID == d.Teacher })
		if class.ID == d.Class && has != d.Detached {
			class.Done = d
		}
	}
}
