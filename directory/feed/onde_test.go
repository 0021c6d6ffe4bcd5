package feed_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/directory/feed"
	"preau/directory/onde"
	"preau/test/village"
)

// sheet is the extractions of a small school, written by a test line by line.
type sheet struct {
	old       bool // the layout without INE and class
	pupils    []string
	guardians []string
	alone     bool // without the file of guardians
}

const (
	newHead = "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;INE;Adresse1;Cp1;Commune1;Pays1;Adresse2;Cp2;Commune2;Pays2; Cycle;Niveau;Libellé classe;Identifiant classe;Attestation fournie;Autorisation associations;Autorisation photo;Décision de passage"
	oldHead = "Nom Elève;Nom d'usage Elève;Prénom Elève;Date naissance;Sexe;Adresse1;Cp1;Commune1;Pays1;Adresse2;Cp2;Commune2;Pays2; Cycle;Niveau;Classe;Attestation fournie;Autorisations associations;Autorisations photos;Décision de passage"
	twoHead = "Civilité Responsable;Nom usage responsable;Nom responsable;Prénom responsable;Adresse responsable;CP responsable;Commune responsable;Pays;Courriel;Téléphone domicile;Téléphone travail;Téléphone portable;" +
		"Nom d'usage enfant;Nom de famille enfant;Prénom enfant;Classes enfants;Nom d'usage enfant;Nom de famille enfant;Prénom enfant;Classes enfants"
)

// pupil puts "NOM Prénom", a date, an INE, and a class "key$label".
func (s *sheet) pupil(name, born, ine, level, class string) *sheet {
	last, first, _ := strings.Cut(name, " ")
	key, label, _ := strings.Cut(class, "$")
	if s.old {
		s.pupils = append(s.pupils, fmt.Sprintf("%s;;%s;%s;F;1 RUE A;78999;BELLEVILLE;FRANCE;;;;;CYCLE II;%s;%s;Non;Non;Non;", last, first, born, level, label))
		return s
	}
	s.pupils = append(s.pupils, fmt.Sprintf("%s;;%s;%s;F;%s;1 RUE A;78999;BELLEVILLE;FRANCE;;;;;CYCLE II;%s;%s;%s;Non;Non;Non", last, first, born, ine, level, label, key))
	return s
}

// guardian puts "NOM Prénom" with a street, a mobile and children "NOM
// Prénom$class".
func (s *sheet) guardian(civility, name, street, mobile string, children ...string) *sheet {
	last, first, _ := strings.Cut(name, " ")
	line := fmt.Sprintf("%s;;%s;%s;%s;78999;BELLEVILLE;FRANCE;;;;%s", civility, last, first, street, mobile)
	for _, child := range children {
		name, class, _ := strings.Cut(child, "$")
		last, first, _ := strings.Cut(name, " ")
		line += fmt.Sprintf(";;%s;%s;%s", last, first, class)
	}
	s.guardians = append(s.guardians, line)
	return s
}

func (s *sheet) files() []onde.File {
	head := newHead
	if s.old {
		head = oldHead
	}
	text := func(head string, rows []string) []byte {
		return []byte(head + "\r\n" + strings.Join(rows, "\r\n") + "\r\n")
	}
	files := []onde.File{{Name: "CSVExtraction.csv (2)", Content: text(head, s.pupils)}}
	if !s.alone {
		files = append(files, onde.File{Name: "CSVExtraction.csv", Content: text(twoHead, s.guardians)})
	}
	return files
}

// bleuets is the school of Les Bleuets: Zoé and Tom are siblings, Max is alone.
func bleuets() *sheet { return new(sheet).people() }

func (s *sheet) people() *sheet {
	return s.
		pupil("MARTIN Zoé", "04/03/2019", "111111111AA", "CP", "73001$CP - Mme Bernard").
		pupil("MARTIN Tom", "04/03/2016", "111111111BB", "CM1", "73002$CM1").
		pupil("PETIT Max", "04/03/2019", "111111111CC", "CP", "73001$CP - Mme Bernard").
		guardian("M.", "MARTIN Paul", "12 RUE DES TESTS", "0639980001", "MARTIN Zoé$CP - Mme Bernard", "MARTIN Tom$CM1").
		guardian("MME", "DURAND Anne", "12 RUE DES TESTS", "0639980002", "MARTIN Zoé$CP - Mme Bernard", "MARTIN Tom$CM1").
		guardian("MME", "PETIT Lou", "3 RUE DES TESTS", "0639980003", "PETIT Max$CP - Mme Bernard")
}

var bleuetsUAI = school.MakeUAI("0789003")

func extract(t *testing.T, d *db.DB, s *sheet, o feed.Options) feed.Result {
	t.Helper()
	r, err := feeder(d).FeedExtraction(t.Context(), s.files(), feed.School{UAI: bleuetsUAI, Name: "École Les Bleuets"}, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// called finds somebody here by their first name.
func called(t *testing.T, d *db.DB, first string) (person directory.Person) {
	t.Helper()
	read(t, d, func(tx *db.Tx) (err error) {
		people, err := directory.Persons.All(tx, "first_name = $1 AND departed_at IS NULL", first)
		if len(people) != 1 {
			t.Fatalf("%d people are called %s", len(people), first)
		}
		person = people[0]
		return err
	})
	return person
}

func TestASchoolIsFedByItsHead(t *testing.T) {
	for name, s := range map[string]*sheet{"new": bleuets(), "old": (&sheet{old: true}).people()} {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T, d *db.DB) {
				empty := snapshot(t, d)
				preview := extract(t, d, s, feed.Options{DryRun: true})
				if diff := cmp.Diff(empty, snapshot(t, d)); diff != "" {
					t.Errorf("a preview wrote: %s", diff)
				}
				r := extract(t, d, s, feed.Options{})
				want := feed.Counts{
					Schools: feed.Count{Added: 1}, Classes: feed.Count{Added: 2}, Pupils: feed.Count{Added: 3},
					Guardians: feed.Count{Added: 3}, Bonds: feed.Count{Added: 5},
				}
				if diff := cmp.Diff(want, r.Counts); diff != "" {
					t.Error(diff)
				}
				if preview.Counts != r.Counts || preview.State != feed.Previewed || r.State != feed.Applied {
					t.Errorf("%+v, then %+v", preview, r)
				}
				if a := actor(t, d, called(t, d, "Paul").ID, school.Guardian); len(a.Children) != 2 || len(a.Classes) != 2 {
					t.Errorf("Paul holds %+v", a)
				}
				read(t, d, func(tx *db.Tx) error {
					at, err := directory.StructureByRef(tx, "uai:"+string(bleuetsUAI))
					if at.Name != "École Les Bleuets" || at.Stage != directory.Elementaire {
						t.Errorf("%+v", at)
					}
					pupils, err2 := directory.PupilsIn(tx, actor(t, d, called(t, d, "Tom").ID, school.Pupil).Classes...)
					if len(pupils) != 1 || pupils[0].Level != "CM1" {
						t.Errorf("%+v", pupils)
					}
					return errors.Join(err, err2)
				})
				before := snapshot(t, d)
				again := extract(t, d, s, feed.Options{})
				if diff := cmp.Diff(before, snapshot(t, d)); diff != "" {
					t.Error(diff)
				}
				if again.Pupils.Unchanged != 3 || again.Guardians.Unchanged != 3 || again.Bonds.Unchanged != 5 || again.Classes.Unchanged != 2 {
					t.Errorf("again: %+v", again.Counts)
				}
				if err := feeder(d).Undo(t.Context(), again.ID); err != nil {
					t.Fatal(err)
				}
				zoe := called(t, d, "Zoé").ID
				if err := feeder(d).Undo(t.Context(), r.ID); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(empty, snapshot(t, d)); diff != "" {
					t.Errorf("undone: %s", diff)
				}
				extract(t, d, s, feed.Options{})
				if called(t, d, "Zoé").ID != zoe {
					t.Error("after an undoing, Zoé is somebody else")
				}
			})
		})
	}
}

// Somebody known is neither doubled nor departed, whatever is corrected.
func TestWhoIsKnownStaysKnown(t *testing.T) {
	zoe := func(s *sheet) *sheet {
		return s.pupil("MARTIN Zoé", "04/03/2019", "111111111AA", "CP", "73001$CP - Mme Bernard")
	}
	tom := func(s *sheet) *sheet { return s.pupil("MARTIN Tom", "04/03/2016", "111111111BB", "CM1", "73002$CM1") }
	max := func(s *sheet) *sheet {
		return s.pupil("PETIT Max", "04/03/2019", "111111111CC", "CP", "73001$CP - Mme Bernard")
	}
	pupils := func(s *sheet) *sheet { return max(tom(zoe(s))) }
	paul := func(s *sheet) *sheet {
		return s.guardian("M.", "MARTIN Paul", "12 RUE DES TESTS", "0639980001", "MARTIN Zoé$CP - Mme Bernard", "MARTIN Tom$CM1")
	}
	anne := func(s *sheet) *sheet {
		return s.guardian("MME", "DURAND Anne", "12 RUE DES TESTS", "0639980002", "MARTIN Zoé$CP - Mme Bernard", "MARTIN Tom$CM1")
	}
	lou := func(s *sheet) *sheet {
		return s.guardian("MME", "PETIT Lou", "3 RUE DES TESTS", "0639980003", "PETIT Max$CP - Mme Bernard")
	}
	const cp, cm1 = "$CP - Mme Bernard", "$CM1"
	for name, c := range map[string]struct {
		from, to *sheet
		added    feed.Counts // of people
	}{
		"a guardian moves house": {to: lou(anne(pupils(new(sheet)).guardian("M.", "MARTIN Paul", "1 RUE NEUVE", "0639989999", "MARTIN Zoé"+cp, "MARTIN Tom"+cm1)))},
		"a child is added": {
			to:    lou(anne(pupils(new(sheet)).pupil("MARTIN Eva", "04/03/2020", "111111111DD", "GS", "73003$GS").guardian("M.", "MARTIN Paul", "12 RUE DES TESTS", "0639980001", "MARTIN Eva$GS", "MARTIN Tom"+cm1))),
			added: feed.Counts{Pupils: feed.Count{Added: 1}},
		},
		"a class changes its label": {
			to: (&sheet{}).pupil("MARTIN Zoé", "04/03/2019", "111111111AA", "CP", "73001$CP - M. Noir").
				pupil("MARTIN Tom", "04/03/2016", "111111111BB", "CM1", "73002$CM1").pupil("PETIT Max", "04/03/2019", "111111111CC", "CP", "73001$CP - M. Noir").
				guardian("M.", "MARTIN Paul", "12 RUE DES TESTS", "0639980001", "MARTIN Zoé$CP - M. Noir", "MARTIN Tom"+cm1).
				guardian("MME", "DURAND Anne", "12 RUE DES TESTS", "0639980002", "MARTIN Zoé$CP - M. Noir", "MARTIN Tom"+cm1).
				guardian("MME", "PETIT Lou", "3 RUE DES TESTS", "0639980003", "PETIT Max$CP - M. Noir"),
		},
		"a name is corrected":               {to: lou(anne(pupils(new(sheet)).guardian("M.", "MARTIM Paul", "12 RUE DES TESTS", "0639980001", "MARTIN Zoé"+cp, "MARTIN Tom"+cm1)))},
		"a name is corrected without a key": {from: (&sheet{old: true}).people(), to: (&sheet{old: true}).correctedPeople()},
		"an INE comes":                      {from: (&sheet{old: true}).people(), to: bleuets()},
		"an INE goes":                       {from: bleuets(), to: (&sheet{old: true}).people()},
		"a guardian is there twice": {to: lou(anne(pupils(new(sheet)).
			guardian("M.", "MARTIN Paul", "12 RUE DES TESTS", "0639980001", "MARTIN Zoé"+cp).
			guardian("M.", "MARTIN Paul", "12 RUE DES TESTS", "0639980001", "MARTIN Tom"+cm1)))},
		"a homonym comes": {
			to:    lou(anne(paul(pupils(new(sheet))))).pupil("BLANC Ana", "01/01/2018", "111111111EE", "CE1", "73003$CE1").guardian("M.", "MARTIN Paul", "9 RUE LOIN", "0639980009", "BLANC Ana$CE1"),
			added: feed.Counts{Pupils: feed.Count{Added: 1}, Guardians: feed.Count{Added: 1}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T, d *db.DB) {
				from := c.from
				if from == nil {
					from = bleuets()
				}
				extract(t, d, from, feed.Options{})
				people := map[string]school.ID{}
				for _, first := range []string{"Zoé", "Tom", "Max", "Anne", "Lou", "Paul"} {
					people[first] = called(t, d, first).ID
				}
				class := actor(t, d, people["Zoé"], school.Pupil).Classes
				r := extract(t, d, c.to, feed.Options{})
				for what, n := range map[string][2]int{
					"pupils added": {r.Pupils.Added, c.added.Pupils.Added}, "guardians added": {r.Guardians.Added, c.added.Guardians.Added},
					"pupils departed": {r.Pupils.Departed, 0}, "guardians departed": {r.Guardians.Departed, 0},
				} {
					if n[0] != n[1] {
						t.Errorf("%d %s, want %d", n[0], what, n[1])
					}
				}
				if a := actor(t, d, people["Paul"], school.Guardian); !slices.Contains(a.Children, people["Tom"]) {
					t.Errorf("Paul holds %+v", a)
				}
				if got := actor(t, d, people["Zoé"], school.Pupil).Classes; !slices.Equal(got, class) {
					t.Errorf("Zoé was in %v and is in %v", class, got)
				}
				before := snapshot(t, d)
				extract(t, d, c.to, feed.Options{})
				if diff := cmp.Diff(before, snapshot(t, d)); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

func (s *sheet) correctedPeople() *sheet {
	return s.
		pupil("MARTIN-DURAND Zoé", "04/03/2019", "", "CP", "$CP - M. Noir").
		pupil("MARTIN Thom", "04/03/2016", "", "CM1", "$CM1").
		pupil("PETIT Max", "04/04/2019", "", "CP", "$CP - M. Noir").
		guardian("M.", "MARTIN Paul", "12 RUE DES TESTS", "0639980001", "MARTIN-DURAND Zoé$CP - M. Noir", "MARTIN Thom$CM1").
		guardian("MME", "DURAND Anne", "12 RUE DES TESTS", "0639980002", "MARTIN-DURAND Zoé$CP - M. Noir", "MARTIN Thom$CM1").
		guardian("MME", "PETIT Lou", "3 RUE DES TESTS", "0639980003", "PETIT Max$CP - M. Noir")
}

// firstUAI is the first school of every village.
const firstUAI = "0960401P"

// A school of the village lives a month, extracted every few days: those who
// stay are the same people, and the counts are those of the school.
func TestASchoolLivesWithItsExtractions(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		o := village.Options{Schools: 2, Seed: 21, Date: day}
		f := feeder(d)
		f.Caps.SchoolPeople, f.Caps.AcademyPeople = 1000, 1000
		ines := map[school.INE]school.ID{}
		for at := 0; at <= 24; at += 6 {
			o.Day, o.Date = at, day.AddDate(0, 0, at)
			dir := t.TempDir()
			sum, err := village.WriteExtraction(dir, o, firstUAI)
			if err != nil {
				t.Fatal(err)
			}
			files, err := onde.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			r, err := f.FeedExtraction(t.Context(), files, feed.School{UAI: firstUAI, Name: "Les Tilleuls"}, feed.Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("day %d: %+v", at, r.Counts)
			read(t, d, func(tx *db.Tx) error {
				stats, err := directory.Count(tx)
				if stats.Pupils != sum.Pupils || stats.Bonds != sum.Bonds || stats.Classes != sum.Classes {
					t.Errorf("day %d: the register holds %+v, the school %+v", at, stats, sum)
				}
				people, err2 := directory.Persons.All(tx, "ine <> '' AND departed_at IS NULL")
				for _, p := range people {
					if known, was := ines[p.INE]; was && known != p.ID {
						t.Errorf("day %d: a pupil is somebody else", at)
					}
					ines[p.INE] = p.ID
				}
				return errors.Join(err, err2)
			})
		}
	})
}

// A row that is left out is no departure: whoever it is about is here still, with
// the family.
func TestARowThatIsLeftOutIsNoDeparture(t *testing.T) {
	for _, what := range []string{"a pupil's", "a guardian's"} {
		t.Run(what, func(t *testing.T) {
			both(t, func(t *testing.T, d *db.DB) {
				extract(t, d, bleuets(), feed.Options{})
				before := snapshot(t, d)
				tick(d)
				damaged := bleuets()
				if what == "a pupil's" {
					damaged.pupils[0] = strings.Replace(damaged.pupils[0], "Zoé", "", 1)
				} else {
					damaged.guardians[0] = strings.Replace(damaged.guardians[0], "Paul", "", 1)
				}
				r := extract(t, d, damaged, feed.Options{})
				if r.Pupils.Rejected+r.Guardians.Rejected != 1 {
					t.Errorf("%+v", r.Counts)
				}
				if diff := cmp.Diff(before, snapshot(t, d)); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}
