package liaison_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/school"
)

// Who minds a child without teaching them reads on their home page that the child is absent today,
// and nothing else: the canteen of those who eat there, whoever helps in a class of those of it.
func TestWhoMindsAChildIsToldOfAnAbsence(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
		cook, elsewhere := h.Appoint("Cantine", school.CareAgent, h.near[0]), h.Appoint("Ailleurs", school.CareAgent, h.far[0])
		aide, idle := h.aide(f.class), h.aide(0)
		enrolled := func(canteen bool) {
			h.Write(func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE directory_enrolment SET canteen = $2, morning_care = $2, evening_care = $2, study = $2 WHERE person_id = $1`, f.pupil, canteen)
				return err
			})
		}
		enrolled(true)
		child := h.Who(f.pupil).Name()
		home := func(person school.ID, profile school.Profile, told bool) {
			h.T.Helper()
			page := h.Enter(person, profile).Get("/")
			_, section, _ := strings.Cut(page.Text(), "Absents aujourd’hui")
			section, _, _ = strings.Cut(section, "</section>")
			if got := strings.Contains(section, child); got != told {
				h.T.Errorf("%s is told of the absence: %v", profile, got)
			}
			page.Lacks(http.StatusOK, "fièvre", "/liaison/note")
		}
		home(cook, school.CareAgent, false)
		form := today(f.pupil)
		form.Set("body", "Elle a de la fièvre.")
		note := tells(mother, teacher, form)
		home(cook, school.CareAgent, true)
		home(aide, school.Staff, true)
		home(elsewhere, school.CareAgent, false)
		home(idle, school.Staff, false)
		h.Enter(cook, school.CareAgent).Get(note).Wants(http.StatusNotFound)
		enrolled(false)
		home(cook, school.CareAgent, false)
		enrolled(true)
		mother.Post(note+"/withdraw", nil).Wants(http.StatusSeeOther)
		home(cook, school.CareAgent, false)
		tells(mother, teacher, form)
		home(cook, school.CareAgent, true)
		h.Later(24 * time.Hour)
		home(cook, school.CareAgent, false)
	})
}
