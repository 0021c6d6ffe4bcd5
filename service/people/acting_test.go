package people_test

import (
	"net/http"
	"testing"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// Who heads a school until it has a head is told so to whoever finds them or opens
// their page.
func TestAnActingHeadIsToldAsOne(t *testing.T) {
	onBoth(t, func(h *town) {
		at := h.near[0]
		var acting school.ID
		h.Write(func(tx *db.Tx) (err error) {
			acting, err = directory.Appoint(tx, directory.Appointment{
				Civility: "Mme", First: "Nadège", Usual: "Quetzal", Structure: at, Template: directory.ActingHead,
				By: h.Head(h.far[0]), ConfirmedBy: h.Head(at), Reason: "test",
			})
			return err
		})
		v := h.Enter(h.Teachers(at)[0], school.Teacher)
		v.Get("/people/?q=quetzal").Wants(http.StatusOK, "Directrice par intérim")
		v.Get("/people/person/"+acting.String()).Wants(http.StatusOK, "Directrice par intérim")
	})
}
