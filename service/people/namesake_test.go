package people_test

import (
	"net/http"
	"net/url"
	"testing"

	"preau/core/school"
)

// Two children of a class whom one name finds are told apart: by their birthdays to whoever reads these, by
// their animals to whoever helps in the class.
func TestNamesakesWhomOneFinds(t *testing.T) {
	onBoth(t, func(h *town) {
		at := h.near[0]
		class := h.Classes(at)[0].ID
		pupils := h.Pupils(class)
		one := h.Who(pupils[0].ID)
		h.exec(`UPDATE directory_person SET first_name = $1, usual_name = $2, sort_key = $3, birth_date = '2021-05-30' WHERE id = $4`, one.First, one.Usual, one.SortKey, pupils[1].ID)
		aide := h.appoint("aide", school.Staff, at)
		h.entrust(class, aide)
		found := "/people/?q=" + url.QueryEscape(one.Name())
		h.Enter(h.Head(at), school.Head).Get(found).Wants(http.StatusOK, "anniversaire le 30\u00a0mai")
		help := h.Enter(aide, school.Staff).Get(found)
		help.Wants(http.StatusOK, one.Name())
		help.Lacks(http.StatusOK, "anniversaire")
	})
}
