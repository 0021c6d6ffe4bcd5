package accounts_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/directory"
	"preau/directory/place"
	"preau/test/printed"
)

// namesakes gives the second of some pupils the name of the first.
func (h *office) namesakes(pupils []directory.InClass) (twin, other directory.InClass) {
	h.T.Helper()
	twin, other = pupils[0], pupils[1]
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE directory_person SET usual_name = $1, first_name = $2, birth_date = '2021-03-01' WHERE id = $3`, twin.Usual, twin.First, other.ID)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE directory_person SET birth_date = '2020-12-24' WHERE id = $1`, twin.ID)
		return err
	})
	return twin, other
}

// What a child wears, carries and loses says no birth date: two of one name are told
// apart by their animals.
func TestNoBirthDateIsWorn(t *testing.T) {
	h := onSQLite(t)
	class := h.Classes(h.near[0])[0]
	pupils := h.Pupils(class.ID)
	twin, other := h.namesakes(pupils)
	animals := place.Animals(pupils)
	head := h.Enter(h.Head(h.near[0]), school.Head)
	page := "/accounts/class/" + class.ID.String()
	for _, path := range []string{page + "/door/pictures", page + "/door/badges", page + "/labels", page + "/person/" + other.ID.String() + "/badge"} {
		text := strings.Join(printed.Pages(t, keep(t, head.Post(path, nil))), "")
		if strings.Contains(text, "2020") || strings.Contains(text, "2021") || strings.Contains(text, "naissance") {
			t.Errorf("%s tells a birth date:\n%s", path, text)
		}
		for _, pupil := range []directory.InClass{twin, other, pupils[2]} {
			animal := h.Words.Say(i18n.French, "ui.picture-"+string(animals[pupil.ID]))
			told := strings.Contains(text, animal)
			if alone := strings.Contains(path, "/person/"); told != (pupil.ID != pupils[2].ID && (!alone || pupil.ID == other.ID)) {
				t.Errorf("%s says %q of %s: %v", path, animal, pupil.Name(), told)
			}
		}
	}
}

// Two pupils of one class have one name: the day of birth tells their teacher which is
// which, and their animal on a code that is handed out. Nobody else's is told.
func TestHomonymsAreToldApart(t *testing.T) {
	h := onSQLite(t)
	class := h.Classes(h.near[0])[0]
	pupils := h.Pupils(class.ID)
	_, other := h.namesakes(pupils)
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
		Wants(http.StatusOK, h.Words.Say(i18n.French, "ui.picture-"+string(place.Animals(pupils)[other.ID])), class.Label)
	// A guardian's slip says whose, and where: a pile is sorted by it.
	guardian := h.One(`SELECT min(b.guardian_id) FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
		WHERE b.pupil_id = $1 AND b.until_at IS NULL`, pupils[2].ID)
	head.Post(page+"/person/"+guardian.String()+"/code", url.Values{}).
		Wants(http.StatusOK, pupils[2].First, class.Label)
}
