package feed_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
	"preau/directory/feed"
	"preau/directory/onde"
	"preau/test/village"
)

// elsewhere is a delivery of the AAF that does not cover Les Bleuets.
func elsewhere(date string) *paper {
	return complete(date).school(412, "0789001K").
		pupil(1009, "Léa ROUX", "111111111ZZ", 412, "73009$CP", "1121$CP", "2009$10").guardian(2009, "Eve ROUX", "1009").
		teacher(3001, "Claire BERNARD", "claire.bernard@ac.test", "412", "412"+teaches)
}

// covered is a delivery that covers it, in its own words.
func covered(date string) *paper {
	p := elsewhere(date).school(414, string(bleuetsUAI)).
		pupil(1001, "Zoé MARTIN", "111111111AA", 414, "99001$CP - Mme Bernard", "1121$CP", "2001$20", "2002$10").
		pupil(1002, "Tom MARTIN", "111111111BB", 414, "99002$CM1 de Mme Roy", "1124$CM1", "2001$20", "2002$10").
		pupil(1003, "Max PETIT", "111111111CC", 414, "99001$CP - Mme Bernard", "1121$CP", "2003$10").
		guardian(2001, "Paul MARTIN", "1001", "1002").guardian(2002, "Anne DURAND", "1001", "1002").
		guardian(2003, "Lou PETIT", "1003")
	for _, r := range p.records["Eleve"] {
		if r.key == 1002 {
			r.attrs[2] = []string{"ENTPersonDateNaissance", "04/03/2016"}
		}
	}
	return p
}

// When the AAF covers a school that ONDE fed, its people are matched and not
// doubled, what was made by hand stands, and undoing gives the school back.
func TestAnAcademieTakesASchoolOver(t *testing.T) {
	for name, from := range map[string]*sheet{"by INE": bleuets(), "by names": (&sheet{old: true}).people()} {
		from.pupil("GROS Ali", "01/01/2018", "111111111FF", "CE1", "73003$CE1").guardian("M.", "GROS Bob", "4 RUE DES TESTS", "0639980004", "GROS Ali$CE1")
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T, d *db.DB) {
				f := feeder(d)
				take(t, f, elsewhere("20260801").write(t), feed.Options{})
				extract(t, d, from, feed.Options{})
				people := map[string]school.ID{}
				for _, first := range []string{"Zoé", "Tom", "Max", "Ali", "Paul", "Anne", "Lou", "Bob"} {
					people[first] = called(t, d, first).ID
				}
				cp, cm1 := actor(t, d, people["Max"], school.Pupil).Classes[0], actor(t, d, people["Tom"], school.Pupil).Classes[0]
				at := actor(t, d, people["Max"], school.Pupil).Schools[0]
				change(t, d, func(tx *db.Tx) error {
					head := directory.Person{ID: school.NewID(tx.Now), UsualName: "Noir", FirstName: "Ada"}
					return errors.Join(
						directory.Persons.Insert(tx, head),
						directory.Functions.Insert(tx, directory.Function{Person: head.ID, Structure: at, Code: "DIR", Profile: school.Head, From: db.At(tx.Now)}),
						directory.Attach(tx, directory.Attachment{Class: cp, Teacher: head.ID, By: 1}),
						directory.Attach(tx, directory.Attachment{Class: cm1, Teacher: head.ID, By: 1}),
						restrict(tx, directory.Restriction{Pupil: people["Max"], Guardian: people["Lou"], NoAccess: true, Reference: "JAF 1", From: db.At(tx.Now), RecordedBy: 1}),
					)
				})
				before := snapshot(t, d)
				taken := take(t, f, covered("20260901").write(t), feed.Options{})
				want := feed.Counts{
					Schools: feed.Count{Changed: 1, Unchanged: 1}, Classes: feed.Count{Changed: 2, Unchanged: 1, Departed: 1},
					Pupils: feed.Count{Changed: 3, Unchanged: 1, Departed: 1}, Guardians: feed.Count{Changed: 3, Unchanged: 1, Departed: 1},
					Staff: feed.Count{Unchanged: 1}, Bonds: feed.Count{Changed: 5, Unchanged: 1, Departed: 1},
				}
				if diff := cmp.Diff(want, taken.Counts); diff != "" {
					t.Errorf("taken over: %s", diff)
				}
				for first, key := range map[string]int{"Zoé": 1001, "Tom": 1002, "Max": 1003} {
					if id(t, d, aaf.Pupils, key) != people[first] {
						t.Errorf("%s is somebody else", first)
					}
				}
				for first, key := range map[string]int{"Paul": 2001, "Anne": 2002, "Lou": 2003} {
					if id(t, d, aaf.Guardians, key) != people[first] {
						t.Errorf("%s is somebody else", first)
					}
				}
				for _, first := range []string{"Ali", "Bob"} {
					if got := hats(t, d, people[first]); len(got) != 0 {
						t.Errorf("%s was not delivered and wears %v", first, got)
					}
				}
				for first, class := range map[string]school.ID{"Max": cp, "Zoé": cp, "Tom": cm1} {
					if got := actor(t, d, people[first], school.Pupil).Classes; !slices.Equal(got, []school.ID{class}) {
						t.Errorf("%s was in %s and is in %v", first, class, got)
					}
				}
				if got := actor(t, d, people["Lou"], school.Guardian); len(got.Children) != 0 {
					t.Errorf("what the judge took is given back: %+v", got)
				}
				read(t, d, func(tx *db.Tx) error {
					teachers, err := directory.TeachersIn(tx, cp, cm1)
					if len(teachers) != 2 {
						t.Errorf("whom the head attached: %+v", teachers)
					}
					by, err2 := feed.FeedsSchool(tx, at)
					if by != feed.FromAcademy {
						t.Errorf("fed by %q", by)
					}
					return errors.Join(err, err2)
				})
				after := snapshot(t, d)
				again := take(t, f, covered("20260901").write(t), feed.Options{})
				if diff := cmp.Diff(after, snapshot(t, d)); diff != "" {
					t.Errorf("again: %s", diff)
				}
				if _, err := f.FeedExtraction(t.Context(), from.files(), feed.School{UAI: bleuetsUAI}, feed.Options{}); !refusedFor(err, feed.FedByAcademy) {
					t.Errorf("ONDE goes on: %v", err)
				}
				for _, id := range []school.ID{again.ID, taken.ID} {
					if err := f.Undo(t.Context(), id); err != nil {
						t.Fatal(err)
					}
				}
				if diff := cmp.Diff(before, snapshot(t, d)); diff != "" {
					t.Errorf("given back: %s", diff)
				}
				r := extract(t, d, from, feed.Options{})
				if r.Pupils.Unchanged != 4 || r.Guardians.Unchanged != 4 || r.Bonds.Unchanged != 6 {
					t.Errorf("ONDE again: %+v", r.Counts)
				}
				third := take(t, f, covered("20260901").write(t), feed.Options{})
				if diff := cmp.Diff(taken.Counts, third.Counts); diff != "" {
					t.Errorf("taken over again: %s", diff)
				}
				if id(t, d, aaf.Pupils, 1001) != people["Zoé"] || id(t, d, aaf.Guardians, 2001) != people["Paul"] {
					t.Error("taken over again, they are others")
				}
			})
		})
	}
}

// A whole school of the village, extracted from ONDE, then delivered by the
// académie: the same people, all of them.
func TestAVillageSchoolIsTakenOverWhole(t *testing.T) {
	o := village.Options{Schools: 2, Seed: 9, Date: day}
	whole, _ := write(t, o)
	dir := t.TempDir()
	sum, err := village.WriteExtraction(dir, o, firstUAI)
	if err != nil {
		t.Fatal(err)
	}
	files, err := onde.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	both(t, func(t *testing.T, d *db.DB) {
		r, err := feeder(d).FeedExtraction(t.Context(), files, feed.School{UAI: firstUAI, Name: "Les Tilleuls"}, feed.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if r.Pupils.Added != sum.Pupils || r.Guardians.Added != sum.Guardians || r.Bonds.Added != sum.Bonds || r.Classes.Added != sum.Classes {
			t.Errorf("%+v, want %+v", r.Counts, sum)
			for _, k := range kinds(t, d, r.ID) {
				t.Log(k)
			}
		}
		if again, err := feeder(d).FeedExtraction(t.Context(), files, feed.School{UAI: firstUAI}, feed.Options{}); err != nil || again.Pupils.Unchanged != sum.Pupils ||
			again.Guardians.Unchanged != sum.Guardians || again.Bonds.Unchanged != sum.Bonds {
			t.Errorf("again: %+v, %v", again.Counts, err)
		}
		taken := take(t, feeder(d), whole, feed.Options{})
		// The académie has one parent twice: which record is theirs, a human says.
		const twice = 1
		if taken.Pupils.Changed != sum.Pupils || taken.Guardians.Changed < sum.Guardians-twice || taken.Bonds.Changed < sum.Bonds-twice ||
			taken.Classes.Changed+taken.Classes.Unchanged != sum.Classes || taken.Pupils.Departed != 0 ||
			taken.Guardians.Departed > twice || taken.Bonds.Departed > twice {
			t.Errorf("taken over: %+v, want %+v", taken.Counts, sum)
		}
	})
}
