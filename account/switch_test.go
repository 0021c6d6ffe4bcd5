package account

import (
	"slices"
	"testing"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
)

// Whoever asks for the switches of some schools keeps what is beside them in their
// list.
func TestSwitchesWriteNothingIntoTheListOfSchools(t *testing.T) {
	each(t, func(h house) {
		schools := []school.ID{1, 2}
		h.write(func(tx *db.Tx) error {
			_, err := Switches(tx, schools[:1]...)
			return err
		})
		if schools[1] != 2 {
			t.Errorf("the second school became %d", schools[1])
		}
	})
}

// A service that is stopped in an emergency, and one that a school works without, are shut
// each on its own: to those whom they name, and to whoever has several schools when it is in all
// of them. What ends one leaves the other.
func TestAServiceIsShut(t *testing.T) {
	each(t, func(h house) {
		by := audit.By{Actor: head, Request: "test"}
		chosen, stopped := web.Shut{Service: "liaison"}, web.Shut{Service: "liaison", Stopped: true, Reason: "débordement"}
		choice, stop := Switch{School: 1, Service: "liaison", Chosen: true}, Switch{School: 1, Service: "liaison", Reason: stopped.Reason}
		pupils := Switch{Profile: school.Pupil, Service: "liaison", Reason: stopped.Reason}
		if err := h.DB.Write(t.Context(), func(tx *db.Tx) error { return h.SwitchOn(tx, Switch{School: 1, Service: "liaison"}, by) }); err == nil {
			t.Error("a service is stopped without a reason")
		}
		to := func(profile school.Profile, schools ...school.ID) (shut []web.Shut) {
			h.write(func(tx *db.Tx) (err error) {
				shut, err = h.ShutTo(tx, rights.Actor{Person: zoe, Profile: profile, Schools: schools})
				return err
			})
			return shut
		}
		wants := func(when string, got []web.Shut, want ...web.Shut) {
			t.Helper()
			if !slices.Equal(got, want) {
				t.Errorf("%s, %+v is shut, want %+v", when, got, want)
			}
		}
		turn := func(act func(*db.Tx, Switch, audit.By) error, s Switch) {
			t.Helper()
			h.write(func(tx *db.Tx) error { return act(tx, s, by) })
		}
		turn(h.SwitchOn, stop)
		wants("in the school that is stopped", to(school.Teacher, 1), stopped)
		wants("in two, of which one is", to(school.Teacher, 1, 2))
		wants("in another", to(school.Teacher, 2))
		turn(h.SwitchOn, choice)
		wants("where the school works without it too", to(school.Teacher, 1), chosen)
		turn(h.SwitchOff, choice)
		wants("once the school works with it", to(school.Teacher, 1), stopped)
		turn(h.SwitchOn, Switch{School: 2, Service: "liaison", Chosen: true})
		wants("in two, of which one has chosen", to(school.Teacher, 2, 1), stopped)
		turn(h.SwitchOff, stop)
		turn(h.SwitchOn, pupils)
		wants("to a teacher, once the pupils are stopped", to(school.Teacher, 1))
		wants("to a pupil", to(school.Pupil, 1), stopped)
		wants("to nobody of a school", to(school.Pupil), stopped)
	})
}
