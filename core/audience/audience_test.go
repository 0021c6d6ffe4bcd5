package audience

import "testing"

func TestIDsAreDistinct(t *testing.T) {
	want := map[ID]Audience{
		"class:123:families":    {Place: Class, Of: 123, Side: Families},
		"class:123/1121:pupils": {Place: Class, Of: 123, Level: "1121", Side: Pupils},
		"family:7":              {Place: Family, Of: 7},
		"person:7":              {Place: Person, Of: 7},
		"school:7:care-staff":   {Place: School, Of: 7, Side: CareStaff},
		"project:teaching":      {Place: Project, Side: Teaching},
	}
	for id, a := range want {
		if a.ID() != id {
			t.Errorf("%+v is %s, want %s", a, a.ID(), id)
		}
		if got, err := Parse(id); got != a || err != nil {
			t.Errorf("%s is read as %+v, %v", id, got, err)
		}
	}
}

func TestWhatIsNoAudience(t *testing.T) {
	for _, id := range []ID{
		"", "class", "class:families", "class:0:families", "class:x:families", "class:12", "class:12:nobody", "class:12:families:more",
		"family:7:families", "project", "project:7:teaching", "planet:7:pupils", "class:12/:pupils", "person", "person:7/1121",
		"school:1/1121:pupils", "group:1/1:families", "class:1/1121:teaching", "class:1/zz z':pupils", "class:1:municipal-staff",
		"school:1:municipal-staff", "class:1:care-staff", "commune:1/1121:pupils", "project:7:pupils", "family:07", "class:+1:pupils",
	} {
		if a, err := Parse(id); err == nil {
			t.Errorf("%q is read as %+v", id, a)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("class:123/1121:pupils")
	f.Fuzz(func(t *testing.T, text string) {
		if a, err := Parse(ID(text)); err == nil && a.ID() != ID(text) {
			t.Errorf("%q is read as %q", text, a.ID())
		}
	})
}
