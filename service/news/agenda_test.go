package news_test

import (
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/school"
)

// What is to come says of which school it is to whoever has children in several, and not where it is of one
// alone.
func TestTheAgendaSaysOfWhichSchool(t *testing.T) {
	h := onSQLite(t)
	c := h.cast()
	day := feast("event_day", "2026-10-09", "event_hour", "17 h 30", "event_place", "La cour")
	agenda := func() string {
		_, after, _ := strings.Cut(h.Enter(c.parent, school.Guardian).Get("/news/").Text(), "À venir")
		return after
	}
	publish(h.Enter(c.head, school.Head), c.school, day)
	here, next := h.Structure(c.school).Name, h.Structure(c.nextDoor).Name
	if text := agenda(); !strings.Contains(text, "La cour") || strings.Contains(text, here) {
		t.Errorf("the agenda of one school says %q", text)
	}
	publish(h.Enter(c.nextHead, school.Head), c.nextDoor, day)
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE directory_bond SET guardian_id = $1 WHERE guardian_id = $2`, c.parent, c.nextParent)
		return err
	})
	if text := agenda(); !strings.Contains(text, here) || !strings.Contains(text, next) {
		t.Errorf("the agenda of two schools says %q", text)
	}
}
