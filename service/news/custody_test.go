package news_test

import (
	"net/http"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// An event of a school, which is told once to a parent of several children there, is in the reminder of the
// day of a parent with whom one of them is that day, and of nobody else.
func TestTheReminderOfASchoolFollowsTheWeeks(t *testing.T) {
	h := onSQLite(t)
	c := h.cast()
	var guardians, children [2]school.ID
	h.Read(func(tx *db.Tx) error {
		return tx.Get([]any{&guardians[0], &guardians[1], &children[0], &children[1]}, `SELECT a.guardian_id, b.guardian_id, min(a.pupil_id), max(a.pupil_id)
			FROM directory_bond a JOIN directory_bond b ON b.pupil_id = a.pupil_id AND b.guardian_id > a.guardian_id
			JOIN directory_enrolment e ON e.person_id = a.pupil_id AND e.school_id = $1
			JOIN directory_person p ON p.id = a.guardian_id AND NOT p.organisation JOIN directory_person q ON q.id = b.guardian_id AND NOT q.organisation
			WHERE NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id IN (a.guardian_id, b.guardian_id))
			GROUP BY a.guardian_id, b.guardian_id HAVING count(*) = 2
			AND (SELECT count(*) FROM directory_bond o WHERE o.guardian_id IN (a.guardian_id, b.guardian_id)) = 4 ORDER BY a.guardian_id LIMIT 1`, c.school)
	})
	if children[0] == children[1] {
		t.Fatal("no two guardians of two children in one school")
	}
	tomorrow := school.DayOf(h.DB.Now()).AddDate(0, 0, 1)
	publish(h.Enter(c.head, school.Head), c.school, feast("event_day", tomorrow.Format(time.DateOnly)))
	weeks := func(of school.ID, even, odd school.ID) {
		h.Write(func(tx *db.Tx) error {
			_, err := directory.EnterCustody(tx, directory.Custody{Pupil: of, Even: even, Odd: odd, Turn: time.Monday, AskedBy: c.head}, true)
			return err
		})
	}
	const soon = "Aujourd’hui et demain"
	weeks(children[0], guardians[0], guardians[1])
	for _, one := range guardians { // with each is one of them at least, or might be
		h.Enter(one, school.Guardian).Get("/").Wants(http.StatusOK, soon)
	}
	weeks(children[1], guardians[0], guardians[1])
	with, without := guardians[0], guardians[1]
	if (directory.Custody{Even: with, Odd: without, Turn: time.Monday}).With(tomorrow) != with {
		with, without = without, with
	}
	h.Enter(with, school.Guardian).Get("/").Wants(http.StatusOK, soon)
	rest := h.Enter(without, school.Guardian).Get("/")
	rest.Lacks(http.StatusOK, soon)
	rest.Wants(http.StatusOK, "Fête de l’école")
}
