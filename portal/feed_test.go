package portal_test

import (
	"strings"
	"testing"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/school"
)

// What is told of several children and opens one page is one line, which names them, and is
// counted once: for each child too, it is one.
func TestWhatIsToldOfSiblingsIsOneLine(t *testing.T) {
	h := open(t)
	guardian := h.guardian()
	var names []string
	h.Write(func(tx *db.Tx) error {
		children, err := db.All(tx, db.Column[school.ID], `SELECT pupil_id FROM directory_bond WHERE guardian_id = $1 AND until_at IS NULL ORDER BY pupil_id LIMIT 2`, guardian)
		if err != nil {
			return err
		}
		var families []audience.Audience
		for _, child := range children {
			names = append(names, h.Who(child).First)
			families = append(families, audience.Audience{Place: audience.Family, Of: child})
		}
		return audience.Publish(tx, audience.Address{Room: "shelf", Thing: school.NewID(tx.Now), Audiences: families, Published: tx.Now, NewsUntil: tx.Now.AddDate(0, 0, 9)})
	})
	page := h.home(guardian, school.Guardian)
	if n := strings.Count(page, "<bdi>x</bdi>"); n != 1 {
		t.Errorf("%d lines", n)
	}
	holds(t, page, "Nouveau (1)")
	for _, name := range names {
		if !strings.Contains(page, "tag-tinted") || !strings.Contains(page, ">"+name+"</span>") {
			t.Errorf("the line does not name %s", name)
		}
	}
}
