package portal_test

import (
	"regexp"
	"testing"

	"preau/core/school"
)

// avatar finds the animals of a page, each in the drawing that it refers to.
var avatar = regexp.MustCompile(`pictograms/([a-z]+)[^"]*\.svg`)

// The mates of a child and the child are told apart by their animals, and the
// family sees the child's.
func TestNobodySharesAnAnimal(t *testing.T) {
	h := open(t)
	pupil := h.pupil(school.PS)
	as := h.as(pupil, school.Pupil)
	own := avatar.FindStringSubmatch(h.get("/me/class", as).Body)
	if own == nil {
		t.Fatal("the child has no animal")
	}
	mates := regexp.MustCompile(`(?s)<ul class="faces".*?</ul>`).FindString(h.get("/me/class", as).Body)
	seen := map[string]bool{own[1]: true}
	all := avatar.FindAllStringSubmatch(mates, -1)
	if len(all) < 5 || len(all) > 23 {
		t.Fatalf("%d mates: the test would prove nothing", len(all))
	}
	for _, animal := range all {
		if seen[animal[1]] {
			t.Errorf("two are a %s", animal[1])
		}
		seen[animal[1]] = true
	}
	guardian := h.One(`SELECT min(b.guardian_id) FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
		WHERE b.pupil_id = $1`, pupil)
	card := regexp.MustCompile(`(?s)<article[^>]*aria-label="` + h.Who(pupil).First + `".*?</article>`).FindString(h.home(guardian, school.Guardian))
	if got := avatar.FindStringSubmatch(card); got == nil || got[1] != own[1] {
		t.Errorf("the child is a %s, and for the family %v", own[1], got)
	}
}
