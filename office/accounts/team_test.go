package accounts_test

import (
	"net/http"
	"testing"

	"preau/core/school"
	"preau/directory"
)

// Who appoints hands out the code, but not that of a parent, which would open
// the children; nor their own.
func TestWhoAppointsHandsOutTheCode(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	commune := h.Above(at, directory.Commune)
	town := h.Enter(h.Appoint("mairie", school.Municipal, commune), school.Municipal)
	code := func(person school.ID) string {
		return "/accounts/structure/" + commune.String() + "/person/" + person.String() + "/code"
	}
	town.Post(code(h.Appoint("morel", school.Municipal, commune)), nil).Wants(http.StatusOK, "À remettre en main propre")
	town.Post(code(town.Person), nil).Wants(http.StatusForbidden)
	parent := h.One(`SELECT min(b.guardian_id) FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation`)
	h.Name(parent, school.Municipal, commune)
	town.Post(code(parent), nil).Wants(http.StatusForbidden)
	town.Post(code(h.Teachers(at)[0]), nil).Wants(http.StatusNotFound)
}
