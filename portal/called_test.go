package portal

import (
	"slices"
	"testing"

	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

func TestMatesAreToldApart(t *testing.T) {
	class := []directory.InClass{}
	for i, name := range [][2]string{
		{"Zoé", "Martin"}, {"Élif", "Durand"}, {"Élif", "Du Parc"}, {"Noé", "Roy"}, {"Noé", "Roy"}, {"Lou", "Ba"}, {"Lou", "Bah"}, {"Ana", "Éon"}, {"Ana", "Le"},
	} {
		class = append(class, directory.InClass{Someone: directory.Someone{ID: school.ID(i + 1), First: name[0], Usual: name[1]}})
	}
	var got []string
	for _, face := range mates(class, nil, 1) {
		got = append(got, face.First)
	}
	want := []string{"Élif Dur.", "Élif Du P.", "Noé R.", "Noé R.", "Lou Ba", "Lou Bah", "Ana É.", "Ana L."}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestReaders(t *testing.T) {
	for level, want := range map[school.Level]ui.Reader{
		school.TPS: ui.PreReader, school.GS: ui.PreReader, school.CP: ui.EarlyReader, school.CE2: ui.EarlyReader,
		school.CM1: ui.Adult, school.CM2: ui.Adult, {Code: "9999"}: ui.Adult, {}: ui.Adult,
	} {
		if got := readerOf(level.Code); got != want {
			t.Errorf("%s: %d, want %d", level.Label, got, want)
		}
	}
}

func TestFamiliesAreNamed(t *testing.T) {
	words, err := i18n.Load(web.Words, ui.Words, Words)
	if err != nil {
		t.Fatal(err)
	}
	say := i18n.Printer{Catalogue: words, Lang: i18n.French}
	for want, names := range map[string][]string{
		"Famille de Louise": {"Louise"}, "Famille d’Éloi et Malo": {"Éloi", "Malo"}, "Famille d’Ana, Yanis et Zoé": {"Ana", "Yanis", "Zoé"},
	} {
		if got := familyOf(say, names); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Children of one family are never shown with one animal, while another is free.
func TestChildrenOfAFamilyHaveAnAnimalEach(t *testing.T) {
	var places []directory.Child
	animals := map[school.ID]ui.Pictogram{}
	for i := range len(ui.Animals) {
		child := directory.Child{Class: school.ID(i + 1)}
		child.ID = school.ID(i + 100)
		places, animals[child.ID] = append(places, child), ui.Animals[2] // each in a class of their own
	}
	seen := map[ui.Pictogram]bool{}
	for _, card := range cards(places, nil, animals, func(school.ID) ui.Accent { return 0 }, false) {
		if seen[card.Picture] {
			t.Errorf("two children are a %s", card.Picture)
		}
		seen[card.Picture] = true
	}
}
