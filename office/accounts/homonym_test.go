package accounts_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/school"
)

// Two pupils of one class have one name: wherever a code is handed out, the
// day of birth tells which is which. Nobody else's is told.
func TestHomonymsAreToldApart(t *testing.T) {
	h := onSQLite(t)
	class := h.Classes(h.near[0])[0]
	pupils := h.Pupils(class.ID)
	twin, other := pupils[0], pupils[1]
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE directory_person SET usual_name = $1, first_name = $2, birth_date = '2021-03-01' WHERE id = $3`, twin.Usual, twin.First, other.ID)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE directory_person SET birth_date = '2020-12-24' WHERE id = $1`, twin.ID)
		return err
	})
	head := h.Enter(h.Head(h.near[0]), school.Head)
	page := "/accounts/class/" + class.ID.String()
	for _, path := range []string{"/register/class/" + class.ID.String(), page} {
		got := head.Get(path)
		got.Wants(http.StatusOK, "24 décembre 2020", "1er mars 2021")
		if n := strings.Count(got.Body, "date de naissance"); n < 2 || n > 6 {
			t.Errorf("%s tells %d dates of birth", path, n)
		}
	}
	head.Post(page+"/person/"+other.ID.String()+"/code", url.Values{}).
		Wants(http.StatusOK, "1er mars 2021", class.Label)
	// A guardian's slip says whose, and where: a pile is sorted by it.
	guardian := h.One(`SELECT min(b.guardian_id) FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
		WHERE b.pupil_id = $1 AND b.until_at IS NULL`, pupils[2].ID)
	head.Post(page+"/person/"+guardian.String()+"/code", url.Values{}).
		Wants(http.StatusOK, pupils[2].First, class.Label)
}
