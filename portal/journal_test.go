package portal_test

import (
	"net/http"
	"testing"
	"time"

	"preau/account"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// What a replacement did is marked, whoever wrote it down, and reads so.
func TestWhatAReplacementDidIsMarked(t *testing.T) {
	h := open(t)
	teacher, pupil := h.plainTeacher(), h.pupil(school.CM2)
	at := h.One(`SELECT school_id FROM directory_enrolment WHERE person_id = $1`, pupil)
	var pass school.ID
	h.Write(func(tx *db.Tx) (err error) {
		pass, err = directory.Appoint(tx, directory.Appointment{
			First: "Solène", Usual: "Temps", Structure: at, Template: "replacement", Reason: "stage", Until: time.Date(2026, 11, 1, 0, 0, 0, 0, school.Paris),
		})
		return err
	})
	as := h.as(pupil, school.Pupil)
	codeBy := func(by school.ID) {
		h.Later(time.Minute)
		h.Write(func(tx *db.Tx) error {
			_, err := h.Accounts.IssueCode(tx, pupil, by, account.SlipLife, "test")
			return err
		})
	}
	marked := func(by school.ID) int {
		return len(h.texts(`SELECT detail FROM audit_entry WHERE actor_id = $1 AND detail LIKE '%"under":"replacement"%'`, by))
	}
	codeBy(teacher)
	if n := marked(teacher); n != 0 {
		t.Errorf("%d acts of a teacher are a replacement's", n)
	}
	h.get("/me/journal", as).Lacks(http.StatusOK, "remplaçant")
	codeBy(pass)
	if n := marked(pass); n != 1 {
		t.Errorf("%d acts are a replacement's", n)
	}
	h.get("/me/journal", as).Wants(http.StatusOK, "un enseignant remplaçant, du ", " au 31\u00a0octobre 2026", "un enseignant de l’école")
}
