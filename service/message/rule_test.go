package message

import (
	"strings"
	"testing"
)

// Who may address whom, over every pair: by default, once every rule that may say yes does,
// and once every rule that may be shut is. T and A are what a class opens: to the teacher,
// and among pupils.
func TestWhoMayAddressWhom(t *testing.T) {
	want := map[side]string{ // to guardian, teacher, head, staff, pupil, municipal
		guardian:  "no yes yes no never never",
		teacher:   "yes yes yes yes yes never",
		head:      "yes yes yes yes yes never",
		staff:     "no yes yes yes never never",
		pupil:     "never T never never A never",
		municipal: "never never yes never never never",
	}
	fixed := map[pair]bool{
		{teacher, teacher}: true, {teacher, head}: true, {teacher, staff}: true, {head, guardian}: true, {head, teacher}: true,
		{head, head}: true, {head, staff}: true, {staff, teacher}: true, {staff, head}: true, {staff, staff}: true,
	}
	all := func(value rule) map[pair]rule {
		set := map[pair]rule{}
		for _, from := range sides {
			for _, to := range sides {
				set[pair{from, to}] = value
			}
		}
		return set
	}
	none, both := opening{}, opening{ToTeacher: true, Among: true}
	for from, row := range want {
		words := strings.Fields(row)
		for i, to := range sides {
			p, word := pair{from, to}, words[i]
			is := map[bool]string{true: "may", false: "may not"}
			check := func(name string, b book, near bool, o opening, may bool) {
				t.Helper()
				if b.allows(p, near, o) != may {
					t.Errorf("%s to %s, %s: %s", from, to, name, is[!may])
				}
			}
			check("far", book{school: all(yes)}, false, both, false)
			check("by default", book{}, true, none, word == "yes")
			check("where the class is open", book{}, true, both, word == "yes" || word == "T" || word == "A")
			check("to the teacher alone", book{}, true, opening{ToTeacher: true}, word == "yes" || word == "T")
			check("among pupils alone", book{}, true, opening{Among: true}, word == "yes" || word == "A")
			check("where the head says yes", book{school: all(yes)}, true, both, word != "never")
			check("where the project says yes", book{project: all(yes)}, true, both, word != "never" && p != pair{guardian, guardian})
			check("where the head says no", book{school: all(no)}, true, both, fixed[p])
			check("where the project says never, and the head yes", book{project: all(never), school: all(yes)}, true, both, fixed[p])
			check("where a head says never", book{school: all(never)}, true, both, word == "yes" || word == "T" || word == "A")
		}
	}
}
