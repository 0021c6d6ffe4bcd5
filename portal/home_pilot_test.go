package portal_test

import (
	"strings"
	"testing"

	"preau/core/school"
	"preau/directory"
)

// The home of a pilot leads to what deliveries have wrong.
func TestThePilotsHomeLeadsToConformity(t *testing.T) {
	h := open(t)
	pilot := h.appoint(school.Pilot, directory.Academy, "Rivage")
	if page := h.home(pilot, school.Pilot); !strings.Contains(page, `href="/register/conformity"`) {
		t.Error("nothing leads there")
	}
}
