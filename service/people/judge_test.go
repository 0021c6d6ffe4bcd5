package people_test

import (
	"net/http"
	"net/url"
	"testing"

	"preau/core/school"
	"preau/directory"
)

// What a judge decides holds at the next request: a guardian without access
// sees nothing of the child, one to whom the place is hidden a name alone, and
// teachers do not see a guardian without access.
func TestAJudgeIsObeyed(t *testing.T) {
	onBoth(t, func(h *town) {
		at := h.near[0]
		class := h.Classes(at)[0]
		teacher := h.Teachers(at)[0]
		h.Attach(class.ID, teacher)
		pupil, guardian := h.onlyChild(class.ID)
		child, parent := h.Who(pupil), h.Who(guardian)
		asParent, asTeacher, asHead := h.Enter(guardian, school.Guardian), h.Enter(teacher, school.Teacher), h.Enter(h.Head(at), school.Head)
		childPage, parentPage := "/people/person/"+pupil.String(), "/people/person/"+guardian.String()
		teacherPage, schoolPage := "/people/person/"+teacher.String(), "/people/school/"+at.String()
		byName := "/people/?q=" + url.QueryEscape(child.First[:len(child.First)-1])
		parentByName := "/people/?q=" + url.QueryEscape(parent.Name())

		asParent.Get(byName).Wants(http.StatusOK, childPage, class.Label)
		asParent.Get(childPage).Wants(http.StatusOK, child.Name(), class.Label, h.Who(teacher).Formal(), h.Structure(at).Name)
		asParent.Get(teacherPage).Wants(http.StatusOK)
		asParent.Get(schoolPage).Wants(http.StatusOK, class.Label)
		asTeacher.Get(childPage).Wants(http.StatusOK, parent.Name())

		hidden := directory.Restriction{Pupil: pupil, Guardian: guardian, HidePlace: true}
		h.restrict(hidden)
		asParent.Get(byName).Wants(http.StatusOK, childPage)
		for _, page := range []string{"/people/", byName, childPage} {
			asParent.Get(page).Lacks(http.StatusOK, class.Label, h.Structure(at).Name, h.Who(teacher).Formal(), h.Structure(at).Town)
		}
		for _, page := range []string{teacherPage, schoolPage} {
			asParent.Get(page).Wants(http.StatusNotFound)
		}
		asTeacher.Get(childPage).Wants(http.StatusOK, parent.Name())

		h.restrict(directory.Restriction{Pupil: pupil, Guardian: guardian, NoAccess: true})
		for _, page := range []string{"/people/", byName, childPage, teacherPage, schoolPage} {
			asParent.Get(page).Wants(http.StatusSeeOther) // to sign in: they are nobody's guardian now
		}
		asTeacher.Get(childPage).Wants(http.StatusOK)
		asTeacher.Get(childPage).Lacks(http.StatusOK, parent.Name())
		asTeacher.Get(parentPage).Wants(http.StatusNotFound)
		asTeacher.Get(parentByName).Lacks(http.StatusOK, parentPage)
		asHead.Get(parentByName).Wants(http.StatusOK, parentPage, "sans accès, par décision de justice")
		asHead.Get(parentPage).Wants(http.StatusOK, "sans accès, par décision de justice")
		asHead.Get(childPage).Wants(http.StatusOK, parent.Name(), "sans accès, par décision de justice")
	})
}

// A guardian of two children, one of whom is hidden, sees the school of the
// other and no more.
func TestAHiddenSiblingStaysHidden(t *testing.T) {
	h := onSQLite(t)
	shown, hidden := h.Classes(h.near[0])[0], h.Classes(h.far[0])[0]
	pupil, guardian := h.onlyChild(shown.ID)
	sibling := h.Pupils(hidden.ID)[0].ID
	h.exec(`INSERT INTO directory_bond (pupil_id, guardian_id, from_at, link, authority) SELECT $1, guardian_id, from_at, link, authority
		FROM directory_bond WHERE guardian_id = $2`, sibling, guardian)
	h.exec(`UPDATE directory_class SET label = 'Les Cachés', label_key = 'les caches' WHERE id = $1`, hidden.ID)
	parent := h.Enter(guardian, school.Guardian)
	parent.Get("/people/").Wants(http.StatusOK, "Les Cachés", shown.Label)
	h.restrict(directory.Restriction{Pupil: sibling, Guardian: guardian, HidePlace: true})
	got := parent.Get("/people/")
	got.Wants(http.StatusOK, shown.Label, h.Who(pupil).First, h.Who(sibling).First)
	got.Lacks(http.StatusOK, "Les Cachés", h.Structure(h.far[0]).Name)
	parent.Get("/people/?q=caches").Lacks(http.StatusOK, "Les Cachés", h.Structure(h.far[0]).Name)
	parent.Get("/people/person/"+sibling.String()).Wants(http.StatusOK, h.Who(sibling).Name(), "n’en dit pas plus")
	parent.Get("/people/person/"+sibling.String()).Lacks(http.StatusOK, "Les Cachés", h.Structure(h.far[0]).Name)
	parent.Get("/people/school/" + h.far[0].String()).Wants(http.StatusNotFound)
}
