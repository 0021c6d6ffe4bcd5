package account

import (
	"testing"

	"preau/core/db"
	"preau/core/school"
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
