package directory_test

import (
	"testing"

	"preau/directory"
)

func TestHowPlacesAreTold(t *testing.T) {
	for _, c := range []struct {
		kind       directory.Kind
		name, want string
	}{
		{directory.Department, "078", "78"},
		{directory.Department, "974", "974"},
		{directory.Circonscription, "IEN Circonscription de Langon", "Circonscription de Langon"},
		{directory.Circonscription, "Circonscription 801", "Circonscription 801"},
		{directory.School, "IEN", "IEN"},
	} {
		if got := c.kind.Told(c.name); got != c.want {
			t.Errorf("%s %q is told as %q", c.kind, c.name, got)
		}
	}
}
