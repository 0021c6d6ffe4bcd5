package village

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"preau/core/school"
)

// found recognises each kind of trouble in the files, without the table that
// sowed it.
func found(all []asked) map[Trouble]int {
	n := map[Trouble]int{}
	known := map[string]bool{}
	ines := map[string]string{} // INE → jointure
	keys := map[string]bool{}
	for _, a := range all {
		known[a.category+a.id] = true
	}
	note := func(is bool, kind Trouble) {
		if is {
			n[kind]++
		}
	}
	date := regexp.MustCompile(`^(0[1-9]|[12]\d|3[01])/(0[1-9]|1[0-2])/\d{4}$`)
	for _, a := range all {
		c := category(a.category)
		note(a.id == "", MissingKey)
		note(a.id != "" && keys[a.category+a.id], DuplicateKey)
		keys[a.category+a.id] = true
		for _, name := range a.names {
			extra := !slices.Contains(strings.Fields(attributes[c]), name)
			note(extra && strings.HasSuffix(name, "Profession"), ForbiddenAttribute)
			note(extra && !strings.HasSuffix(name, "Profession"), UnknownAttribute)
			for _, v := range a.values[name] {
				switch name {
				case "ENTPersonNom":
					note(v == "", MissingName)
				case "ENTPersonDateNaissance":
					note(!date.MatchString(v) || strings.HasPrefix(v, "31/02"), MalformedDate)
				case "ENTEleveRestaurantScolaire", "ENTPersonAdresseDiffusion":
					note(v != "O" && v != "N", MalformedBoolean)
				case "ENTEleveINE":
					note(!school.INE(v).Valid(), MalformedINE)
					note(ines[v] != "" && ines[v] != a.id, SameINE)
					ines[v] = a.id
				case "ENTStructureUAI":
					note(!school.UAI(v).Valid(), MalformedUAI)
				case "ENTPersRelEleveTelMobile":
					note(v == "+33 9999", MalformedPhone)
				case "ENTPersonMail":
					note(v != "" && !strings.Contains(v, "@"), MalformedMail)
				case "ENTPersonClasses":
					fields := strings.Split(v, "$")
					note(len(fields) != 5, MalformedClass)
					note(!known[string(structures)+fields[0]], UnknownStructure)
				case "ENTPersonFonctions":
					note(len(strings.Split(v, "$")) != 5, MalformedFunction)
				case "ENTEleveAutoriteParentale":
					guardian, _, two := strings.Cut(v, "$")
					note(!two, MalformedBond)
					note(two && !known[string(guardians)+guardian], UnknownGuardian)
				case "ENTPersRelEleveEleve":
					note(v == itoa(nobodyID), UnknownPupil)
				}
			}
		}
	}
	return n
}

func TestTroublesAreThoseOfTheSummary(t *testing.T) {
	for _, schools := range []int{1, 2, 20} {
		dir, s := write(t, Options{Schools: schools, Seed: 8, Troubles: true})
		got := found(read(t, dir))
		for kind, n := range s.Troubles {
			if got[kind] != n {
				t.Errorf("%d schools: %d × %s in the files, %d sown", schools, got[kind], kind, n)
			}
		}
		for kind, n := range got {
			if n != s.Troubles[kind] {
				t.Errorf("%d schools: %d × %s in the files, %d sown", schools, n, kind, s.Troubles[kind])
			}
		}
		for _, f := range faults {
			if s.Troubles[f.kind] == 0 {
				t.Errorf("%d schools: no %s", schools, f.kind)
			}
		}
	}
}

func TestTroubledDeltasNameStrangers(t *testing.T) {
	first, _ := write(t, Options{Schools: 2, Seed: 8, Troubles: true})
	dir := t.TempDir()
	s, err := WriteDelta(first, dir, true)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, a := range read(t, first) {
		known[a.category+a.id] = true
	}
	got := map[Trouble]int{}
	for _, a := range read(t, dir) {
		switch {
		case a.id == "" || known[a.category+a.id]:
		case a.verb == "modifyRequest":
			got[UnknownModified]++
		case a.verb == "deleteRequest":
			got[UnknownDeleted]++
		}
	}
	for _, kind := range []Trouble{UnknownModified, UnknownDeleted} {
		if got[kind] != 1 || s.Troubles[kind] != 1 {
			t.Errorf("%s: %d in the files, %d sown", kind, got[kind], s.Troubles[kind])
		}
	}

	// The next day is of a village without troubles.
	calm, err := WriteDelta(dir, t.TempDir(), false)
	if err != nil || calm.Troubles != nil {
		t.Errorf("the delta of a delta: %v, %v", calm.Troubles, err)
	}
}
