package directory_test

import (
	"slices"
	"testing"

	"preau/directory"
)

// A school is reached as people write it, however the académie does.
func TestASchoolIsReachedAsPeopleWriteIt(t *testing.T) {
	for _, c := range []struct {
		at    directory.Structure
		where []string
		phone string
	}{
		{directory.Structure{Address: "1 RUE DU VIEUX MOULIN", PostalCode: "78999", Town: "ESSAI", Phone: "+33 4 65 71 24 36"}, []string{"1 Rue du Vieux Moulin", "78999 Essai"}, "04\u00a065\u00a071\u00a024\u00a036"},
		{directory.Structure{Address: "Le Bourg\n2 rue Haute", Town: "Essai", Phone: "0465712436"}, []string{"Le Bourg", "2 rue Haute", "Essai"}, "04\u00a065\u00a071\u00a024\u00a036"},
		{directory.Structure{Phone: "à la mairie"}, nil, ""},
	} {
		if got := c.at.Where(); !slices.Equal(got, c.where) {
			t.Errorf("%q, want %q", got, c.where)
		}
		if got := c.at.Telephone(); got != c.phone {
			t.Errorf("%q, want %q", got, c.phone)
		}
	}
}
