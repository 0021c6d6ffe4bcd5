package directory

import (
	"maps"
	"slices"
	"testing"

	"preau/core/school"
)

var crew = []Worker{
	{Someone: Someone{ID: 1, Civility: "Mme", First: "Anne", Usual: "Bernard"}, Profile: school.Head},
	{Someone: Someone{ID: 1, Civility: "Mme", First: "Anne", Usual: "Bernard"}, Profile: school.Teacher},
	{Someone: Someone{ID: 2, Civility: "M.", First: "Luc", Usual: "Bernard"}, Profile: school.Teacher},
	{Someone: Someone{ID: 3, Civility: "Mme", First: "Zoé", Usual: "D'Essai"}, Profile: school.Teacher},
	{Someone: Someone{ID: 4, Civility: "Mme", First: "Inès", Usual: "Martin"}, Profile: school.Teacher},
	{Someone: Someone{ID: 5, Civility: "Mme", First: "Léa", Usual: "Martin-Dupont"}, Profile: school.Teacher},
	{Someone: Someone{ID: 6, Civility: "M.", First: "Yanis", Usual: "Petit"}, Profile: school.Teacher},
	{Someone: Someone{ID: 7, Civility: "Mme", First: "Marie", Usual: "Roux"}, Profile: school.Teacher},
	{Someone: Someone{ID: 8, Civility: "Mme", First: "Jeanne", Usual: "Roux"}, Profile: school.Teacher},
	{Someone: Someone{ID: 9, Civility: "Mme", First: "Cora", Usual: "Lenoir"}, Profile: school.Staff},
	{Someone: Someone{ID: 10, Civility: "Mme", First: "Fatou", Usual: "Nœuvic"}, Profile: school.Teacher},
	{Someone: Someone{ID: 11, First: "", Usual: ""}, Profile: school.Teacher},
}

func TestSuggestFromLabel(t *testing.T) {
	for _, c := range []struct {
		label string
		want  []school.ID
	}{
		{"CP - Mme Bernard", []school.ID{1}},
		{"CP - M. BERNARD", []school.ID{2}},
		{"CP M.BERNARD", []school.ID{2}},
		{"CP  Monsieur  bernard", []school.ID{2}},
		{"CP BERNARD", nil}, // he or she?
		{"CP Bernard Anne", []school.ID{1}},
		{"CP Luc Bernard", []school.ID{2}},
		{"Classe de Mme Anne BERNARD (CP-CE1)", []school.ID{1}},
		{"CE1 Mme d’Essai", []school.ID{3}},
		{"CE1 D ESSAI", []school.ID{3}},
		{"CE1 M. d'Essai", nil}, // another one
		{"CM1 Mme Martin", []school.ID{4}},
		{"CM1 Mme MARTIN DUPONT", []school.ID{5}},
		{"CM1 Mme Martin / Mme Martin-Dupont", []school.ID{4, 5}},
		{"CM2 Mme Bernard et M. Petit", []school.ID{1, 6}},
		{"CM2 M. Petit et Mme Bernard", []school.ID{6, 1}},
		{"TPS-PS petit", nil},
		{"Petite section Petit Yanis", []school.ID{6}},
		{"GS Mme Roux", nil}, // which one?
		{"GS Mme M. Roux", []school.ID{7}},
		{"GS Jeanne Roux", []school.ID{8}},
		{"CE2 Mme Lenoir", nil}, // teaches nobody
		{"CE2 NOEUVIC", []school.ID{10}},
		{"CE2 Bernardin", nil},
		{"CP A", nil},
		{"", nil},
	} {
		var got []school.ID
		for _, s := range Suggest([]ClassView{{Class: Class{ID: 100, Label: c.label}}}, crew, nil) {
			got = append(got, s.Teacher.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q proposes %v, want %v", c.label, got, c.want)
		}
	}
}

func TestSuggestHeedsTheHead(t *testing.T) {
	classes := []ClassView{
		{Class: Class{ID: 100, Label: "CM2 Mme Bernard et M. Petit"}},
		{Class: Class{ID: 200, Label: "CP Mme Martin"}},
	}
	in := func(class, who school.ID) InClass { return InClass{Someone: Someone{ID: who}, Class: class} }
	for _, c := range []struct {
		name     string
		attached []InClass
		want     []Suggestion
	}{
		{"nobody is attached", nil, []Suggestion{{100, crew[0].Someone}, {100, crew[6].Someone}, {200, crew[4].Someone}}},
		{"one of two is", []InClass{in(100, 1)}, []Suggestion{{100, crew[6].Someone}, {200, crew[4].Someone}}},
		{"all are", []InClass{in(100, 1), in(100, 6), in(200, 4)}, nil},
		{"somebody else took the class", []InClass{in(200, 3)}, []Suggestion{{100, crew[0].Someone}, {100, crew[6].Someone}}},
	} {
		if got := Suggest(classes, crew, c.attached); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestLikely(t *testing.T) {
	classes := []ClassView{
		{Class: Class{ID: 100, Label: "CP A", LabelKey: "cp a"}},
		{Class: Class{ID: 200, Label: "CP B", LabelKey: "cp b"}},
	}
	free := []Someone{crew[2].Someone, crew[3].Someone}
	for _, c := range []struct {
		name   string
		free   []Someone
		former map[string][]school.ID
		want   map[school.ID]school.ID
	}{
		{"nobody was there", free, nil, nil},
		{"nobody is left", nil, map[string][]school.ID{"cp a": {2}}, nil},
		{"who is gone or has a class", free, map[string][]school.ID{"cp a": {7}}, nil},
		{"two shared it", free, map[string][]school.ID{"cp a": {2, 3}}, nil},
		{"one had it, and one is left", free, map[string][]school.ID{"cp a": {3}}, map[school.ID]school.ID{100: 3, 200: 2}},
		{"one person had both", free, map[string][]school.ID{"cp a": {2}, "cp b": {2}}, map[school.ID]school.ID{100: 2, 200: 3}},
		{"two classes and one person", free[:1], nil, nil},
	} {
		if got := Likely(classes, c.free, c.former); !maps.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
