package audience

import "testing"

func TestIDsAreDistinct(t *testing.T) {
	want := map[ID]Audience{
		"class:123:families":    {Place: Class, Of: 123, Side: Families},
		"class:123/1121:pupils": {Place: Class, Of: 123, Level: "1121", Side: Pupils},
		"family:7":              {Place: Family, Of: 7},
		"person:7":              {Place: Person, Of: 7},
		"project:teaching":      {Place: Project, Side: Teaching},
	}
	for id, a := range want {
		if a.ID() != id {
			t.Errorf("%+v is %s, want %s", a, a.ID(), id)
		}
	}
}
