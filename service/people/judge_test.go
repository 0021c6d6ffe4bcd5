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
	onBoth(t, func(h *house) {
		at := h.near[0]
		class := h.classes(at)[0]
		teacher := h.teachers(at)[0]
		h.attach(class.ID, teacher)
		pupil, guardian := h.onlyChild(class.ID)
		child, parent := h.who(pupil), h.who(guardian)
		asParent, asTeacher, asHead := h.enter(guardian, school.Guardian), h.enter(teacher, school.Teacher), h.enter(h.head(at), school.Head)
		childPage, parentPage := "/people/person/"+pupil.String(), "/people/person/"+guardian.String()
		teacherPage, schoolPage := "/people/person/"+teacher.String(), "/people/school/"+at.String()
		byName := "/people/?q=" + url.QueryEscape(child.First[:len(child.First)-1])
		parentByName := "/people/?q=" + url.QueryEscape(parent.Name())

		asParent.get(byName).wants(http.StatusOK, childPage, class.Label)
		asParent.get(childPage).wants(http.StatusOK, child.Name(), class.Label, h.who(teacher).Formal(), h.at(at).Name)
		asParent.get(teacherPage).wants(http.StatusOK)
		asParent.get(schoolPage).wants(http.StatusOK, class.Label)
		asTeacher.get(childPage).wants(http.StatusOK, parent.Name())

		hidden := directory.Restriction{Pupil: pupil, Guardian: guardian, HidePlace: true}
		h.restrict(hidden)
		asParent.get(byName).wants(http.StatusOK, childPage)
		for _, page := range []string{"/people/", byName, childPage} {
			asParent.get(page).lacks(class.Label, h.at(at).Name, h.who(teacher).Formal(), h.at(at).Town)
		}
		for _, page := range []string{teacherPage, schoolPage} {
			asParent.get(page).wants(http.StatusNotFound)
		}
		asTeacher.get(childPage).wants(http.StatusOK, parent.Name())

		h.restrict(directory.Restriction{Pupil: pupil, Guardian: guardian, NoAccess: true})
		for _, page := range []string{childPage, teacherPage, schoolPage} {
			if got := asParent.get(page); got.status == http.StatusOK {
				t.Errorf("%s answers", page)
			}
		}
		asParent.get(byName).lacks(childPage, child.Name())
		asTeacher.get(childPage).wants(http.StatusOK)
		asTeacher.get(childPage).lacks(parent.Name())
		asTeacher.get(parentPage).wants(http.StatusNotFound)
		asTeacher.get(parentByName).lacks(parentPage)
		asHead.get(parentByName).wants(http.StatusOK, parentPage, "sans accès, par décision de justice")
		asHead.get(parentPage).wants(http.StatusOK, "sans accès, par décision de justice")
		asHead.get(childPage).wants(http.StatusOK, parent.Name(), "sans accès, par décision de justice")
	})
}

// A guardian of two children, one of whom is hidden, sees the school of the
// other and no more.
func TestAHiddenSiblingStaysHidden(t *testing.T) {
	h := onSQLite(t)
	shown, hidden := h.classes(h.near[0])[0], h.classes(h.far[0])[0]
	pupil, guardian := h.onlyChild(shown.ID)
	sibling := h.pupils(hidden.ID)[0].ID
	h.exec(`INSERT INTO directory_bond (pupil_id, guardian_id, from_at, link, authority) SELECT $1, guardian_id, from_at, link, authority
		FROM directory_bond WHERE guardian_id = $2`, sibling, guardian)
	h.exec(`UPDATE directory_class SET label = 'Les Cachés', label_key = 'les caches' WHERE id = $1`, hidden.ID)
	parent := h.enter(guardian, school.Guardian)
	parent.get("/people/").wants(http.StatusOK, "Les Cachés", shown.Label)
	h.restrict(directory.Restriction{Pupil: sibling, Guardian: guardian, HidePlace: true})
	got := parent.get("/people/")
	got.wants(http.StatusOK, shown.Label, h.who(pupil).First, h.who(sibling).First)
	got.lacks("Les Cachés", h.at(h.far[0]).Name)
	parent.get("/people/?q=caches").lacks("Les Cachés", h.at(h.far[0]).Name)
	parent.get("/people/person/"+sibling.String()).wants(http.StatusOK, h.who(sibling).Name(), "n’en dit pas plus")
	parent.get("/people/person/"+sibling.String()).lacks("Les Cachés", h.at(h.far[0]).Name)
	parent.get("/people/school/" + h.far[0].String()).wants(http.StatusNotFound)
}
