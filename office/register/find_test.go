package register_test

import (
	"html"
	"net/http"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// A head finds the people of the school by the beginning of their names,
// whatever the case and the accents; nobody of another school.
func TestAHeadFindsSomebody(t *testing.T) {
	onBoth(t, func(h *house) {
		at := h.near[0]
		pupil, guardian := h.onlyChild(at)
		var child, parent directory.Someone
		h.read(func(tx *db.Tx) (err error) {
			if child, err = directory.Get(tx, pupil); err == nil {
				parent, err = directory.Get(tx, guardian)
			}
			return err
		})
		head := h.enter(h.head(at), school.Head)
		page := "/register/school/" + at.String() + "/find?q="
		link := `href="/register/school/` + at.String() + "/pupil/" + pupil.String()
		for _, words := range []string{
			strings.ToUpper(school.Fold(child.Usual)), school.Fold(child.First) + "+" + school.Fold(child.Usual)[:2], school.Fold(parent.Usual),
		} {
			head.get(page+strings.ReplaceAll(words, " ", "+")).wants(t, http.StatusOK, link)
		}
		head.get(page+"zzzz").wants(t, http.StatusOK, "Personne de ce nom")
		head.get(page).wants(t, http.StatusOK, "Nom ou prénom")
		head.get(page+"%00%ff").wants(t, http.StatusOK)

		// Everybody whose name begins with a letter is of the school.
		var names []string
		h.read(func(tx *db.Tx) error {
			found, err := directory.FindIn(tx, h.far[0], "a")
			for _, f := range found {
				names = append(names, f.Name())
			}
			return err
		})
		got := html.UnescapeString(head.get(page + "a").body)
		ours := 0
		for _, name := range names {
			if strings.Contains(got, ">"+name+"<") {
				ours++
			}
		}
		if len(names) == 0 || ours == len(names) {
			t.Errorf("%d of the %d found elsewhere are found here", ours, len(names))
		}
	})
}
