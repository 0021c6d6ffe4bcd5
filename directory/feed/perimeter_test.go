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
)

// opened is a perimeter of Versailles.
func opened(uais ...school.UAI) feed.Options {
	p := &feed.Perimeter{Academy: "025", Schools: map[school.UAI]bool{}}
	for _, uai := range uais {
		p.Schools[uai] = true
	}
	return feed.Options{Perimeter: p}
}

// here lists the first names of the people whom the register holds and who
// have not departed.
func here(t *testing.T, d *db.DB) (names []string) {
	t.Helper()
	read(t, d, func(tx *db.Tx) error {
		people, err := directory.Persons.All(tx, "departed_at IS NULL ORDER BY first_name")
		for _, p := range people {
			names = append(names, p.FirstName)
		}
		return err
	})
	return names
}

// linesOf counts the lines of a report, by kind.
func linesOf(t *testing.T, d *db.DB, delivery school.ID) map[aaf.Kind]int {
	t.Helper()
	n := map[aaf.Kind]int{}
	read(t, d, func(tx *db.Tx) error {
		lines, err := feed.Report(tx, delivery, nil)
		for _, l := range lines {
			n[l.Kind]++
		}
		return err
	})
	return n
}

func TestAnotherAcademyIsRefused(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		o := feed.Options{Perimeter: &feed.Perimeter{Academy: "009"}}
		if kind := refused(t, d, lilas("20260901").write(t), o); kind != feed.OtherAcademy {
			t.Errorf("refused as %s", kind)
		}
		o.Perimeter.Academy = "025"
		take(t, feeder(d), lilas("20260901").write(t), o)
	})
}

// A delivery that names two académies is of neither.
func TestADeliveryOfTwoAcademiesIsRefused(t *testing.T) {
	headed := func(p *paper, header map[string]string) *paper {
		p.header = header
		return p
	}
	both(t, func(t *testing.T, d *db.DB) {
		elsewhere := []string{"ENTServAcCodeAcademie", "001"}
		for name, p := range map[string]*paper{
			"a header and the structures":  headed(lilas("20260901"), map[string]string{"EtabEducNat": "001"}),
			"the header of another file":   headed(lilas("20260901"), map[string]string{"Eleve": "1"}),
			"two headers of a delta":       headed(delta("20260901").guardian(2001, "Paul Martin", "1001").put("Eleve", "delete", 1001), map[string]string{"Eleve": "25", "PersRelEleve": "001"}),
			"two structures":               lilas("20260901").school(414, "0789003M", elsewhere),
			"a structure that is left out": lilas("20260901").school(414, "0759003M", elsewhere),
		} {
			if kind := refused(t, d, p.write(t), opened("0789001K")); kind != feed.TwoAcademies {
				t.Errorf("%s: refused as %s", name, kind)
			}
		}
		// A code with and without its zeros, and a name, are one académie.
		same := lilas("20260901").school(414, "0789003M", []string{"ENTServAcCodeAcademie", "25"})
		take(t, feeder(d), headed(same, map[string]string{"EtabEducNat": "025", "Eleve": "25"}).write(t), opened("0789001K"))
	})
}

// Only what the opened school needs gets in: its pupils, their guardians and
// its staff. The rest is counted and told once a school.
func TestOtherSchoolsAreLeftOut(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		dir := lilas("20260901").
			guardian(2003, "Rose Seule", "1002").
			teacher(3004, "Yves Double", "yves.double@ac.test", "", "412"+teaches, "413"+teaches).write(t)
		r := take(t, feeder(d), dir, opened("0789001K"))
		if diff := cmp.Diff([]string{"Anne", "Claire", "Ines", "Max", "Paul", "Yves", "Zoé"}, here(t, d)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]feed.Outside{{UAI: "0789002L", Pupils: 1, Staff: 1}}, r.Outside); diff != "" {
			t.Error(diff)
		}
		if r.Pupils.Rejected != 1 || r.Staff.Rejected != 1 || r.Guardians.Rejected != 1 || r.Schools.Rejected != 1 {
			t.Errorf("counted: %+v", r.Counts)
		}
		// One line for the school, one for each category of people; Max's guardian
		// is unknown with or without a perimeter.
		want := map[aaf.Kind]int{feed.OutsidePerimeter: 4, feed.UnknownGuardian: 1}
		if diff := cmp.Diff(want, linesOf(t, d, r.ID)); diff != "" {
			t.Error(diff)
		}
		if r.Warnings != 2 {
			t.Errorf("%d warnings, want the school and the unknown guardian", r.Warnings)
		}

		// Opened later, the other school brings its people, and the second
		// function of a teacher whose record says the same.
		r = take(t, feeder(d), dir, opened("0789001K", "0789002L"))
		if len(r.Outside) != 0 || !slices.Contains(here(t, d), "Tom") {
			t.Errorf("still outside: %v, %v", r.Outside, here(t, d))
		}
		read(t, d, func(tx *db.Tx) error {
			n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM directory_function f JOIN directory_person p ON p.id = f.person_id
				WHERE p.first_name = 'Yves' AND f.until_at IS NULL`)
			if n != 2 {
				t.Errorf("Yves has %d functions", n)
			}
			return err
		})
	})
}

// beside is the delivery of the two schools where one is said to be the
// circonscription of the other.
func beside(date string, as ...string) *paper {
	p := lilas(date).
		guardian(2003, "Rose Seule", "1002").
		teacher(3004, "Yves Double", "yves.double@ac.test", "", "412"+teaches, "413"+teaches)
	p.records["EtabEducNat"] = nil
	p.school(412, "0789001K", []string{"ENTEcoleCirconscription", "413"})
	if as == nil {
		return p.school(413, "0789002L")
	}
	return p.school(413, "0789002L", append([]string{"ENTStructureTypeStruct"}, as...))
}

// A school is nothing that others are within: it does not come in with one
// that is opened, under its own type or another.
func TestASchoolIsNoCirconscription(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		r := take(t, feeder(d), beside("20260901").write(t), opened("0789001K"))
		if diff := cmp.Diff([]feed.Outside{{UAI: "0789002L", Pupils: 1, Staff: 1}}, r.Outside); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"Anne", "Claire", "Ines", "Max", "Paul", "Yves", "Zoé"}, here(t, d)); diff != "" {
			t.Error(diff)
		}
		if n := linesOf(t, d, r.ID); n[feed.NotCirconscription] != 1 || n[feed.UnknownStructure] != 0 {
			t.Errorf("told: %v", n)
		}
		// Without a perimeter nobody's area is made of a school, known or delivered.
		take(t, feeder(d), beside("20260902").write(t), feed.Options{})
		r = take(t, feeder(d), delta("20260903").school(412, "0789001K", []string{"ENTEcoleCirconscription", "413"}).write(t), feed.Options{})
		if n := linesOf(t, d, r.ID); n[feed.NotCirconscription] != 1 {
			t.Errorf("told of a delta: %v", n)
		}
		if n := count(t, d, `SELECT count(*) FROM directory_within w JOIN directory_structure s ON s.id = w.ancestor_id WHERE s.kind = $1`, directory.School); n != 0 {
			t.Errorf("%d schools are within a school", n)
		}
	})
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), beside("20260901", "CIRCONSCRIPTION D'INSPECTION").write(t), opened("0789001K"))
		if got := here(t, d); slices.Contains(got, "Tom") || slices.Contains(got, "Rose") {
			t.Errorf("pupils of an office: %v", got)
		}
	})
}

// Whoever came from a school outside, when it was opened or was taken for an
// office, leaves with the next complete delivery.
func TestWhatIsOutsideLeaves(t *testing.T) {
	for name, o := range map[string]feed.Options{"fed whole": {}, "opened": opened("0789001K", "0789002L")} {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T, d *db.DB) {
				f := feeder(d)
				correct := beside("20260902")
				take(t, f, beside("20260901").write(t), o)
				before := snapshot(t, d)
				r := take(t, f, correct.write(t), opened("0789001K"))
				if r.Pupils.Departed != 1 || r.Staff.Departed != 1 || r.Schools.Departed != 1 {
					t.Errorf("departed: %+v", r.Counts)
				}
				if diff := cmp.Diff([]string{"Anne", "Claire", "Ines", "Max", "Paul", "Yves", "Zoé"}, here(t, d)); diff != "" {
					t.Error(diff)
				}
				const there = ` JOIN directory_structure s ON s.uai = '0789002L' AND s.id = `
				for what, query := range map[string]string{
					"functions":  `SELECT count(*) FROM directory_function x` + there + `x.structure_id WHERE x.until_at IS NULL`,
					"enrolments": `SELECT count(*) FROM directory_enrolment x` + there + `x.school_id WHERE x.until_at IS NULL`,
					"classes":    `SELECT count(*) FROM directory_class x` + there + `x.school_id WHERE x.until_at IS NULL`,
				} {
					if n := count(t, d, query); n != 0 {
						t.Errorf("%d %s are left there", n, what)
					}
				}
				read(t, d, func(tx *db.Tx) error {
					schools, err := directory.OpenSchools(tx)
					if len(schools) != 1 {
						t.Errorf("%d schools are open", len(schools))
					}
					return err
				})
				if err := f.Undo(t.Context(), r.ID); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(before["directory_structure"], snapshot(t, d)["directory_structure"]); diff != "" {
					t.Error(diff)
				}
				take(t, f, correct.write(t), opened("0789001K"))
				back := take(t, f, beside("20260903").write(t), opened("0789001K", "0789002L"))
				if back.Schools.Added != 1 || back.Pupils.Added != 1 || !slices.Contains(here(t, d), "Tom") {
					t.Errorf("opened again: %+v", back.Counts)
				}
			})
		})
	}
}

// Too many who leave at once are held, and the school stays open with them.
func TestWhatIsOutsideIsHeld(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		f := feeder(d)
		f.Caps.AcademyPercent = 60
		whole := func(date string) string {
			return into(crowd(date, 412, "0789001K", 100, 0), 413, "0789002L", 100, 0).write(t)
		}
		take(t, f, whole("20261101"), feed.Options{})
		r := take(t, f, whole("20261103"), opened("0789001K"))
		if len(r.Held) != 1 || r.Held[0].UAI != "0789002L" || r.Pupils.Departed+r.Schools.Departed != 0 {
			t.Errorf("not held: %+v, %+v", r.Held, r.Counts)
		}
		o := opened("0789001K")
		o.AcceptDepartures = true
		if r := take(t, f, whole("20261104"), o); r.Pupils.Departed != 100 || r.Guardians.Departed != 100 || r.Schools.Departed != 1 {
			t.Errorf("accepted: %+v", r.Counts)
		}
	})
}

// A feed with every school opened writes what a feed without a perimeter
// does.
func TestAWholePerimeterChangesNothing(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), lilas("20260901").write(t), feed.Options{})
		before := snapshot(t, d)
		r := take(t, feeder(d), lilas("20260901").write(t), opened("0789001K", "0789002L"))
		if diff := cmp.Diff(before, snapshot(t, d)); diff != "" || len(r.Outside) != 0 {
			t.Errorf("%v %s", r.Outside, diff)
		}
	})
}

func TestADeltaWithinAPerimeter(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		o := opened("0789001K")
		take(t, feeder(d), lilas("20260901").write(t), o)
		later := delta("20260902").
			// Zoé moves to a school that is not opened: she leaves.
			put("Eleve", "modify", 1001, pupilAttrs(1001, "Zoé Martin", "111111111AA", 413, "73002$CM2", "1125$CM2", "2001$20", "2002$10")...).
			// Of people of elsewhere, nobody is made, whatever is said of them.
			put("Eleve", "modify", 1002, []string{"ENTEleveNiveau", "1125$CM2"}).
			put("Eleve", "delete", 1777).
			pupil(1005, "Nour Loin", "111111111EE", 999, "79991$CP", "1121$CP", "2005$10").
			guardian(2005, "Samia Loin", "1005").
			// A newcomer of the opened school comes with a guardian.
			pupil(1004, "Lou Petit", "111111111DD", 412, "73001$CP - Mme Bernard", "1121$CP", "2004$10").
			guardian(2004, "Jean Petit", "1004").
			// A guardian who is known is corrected without a child.
			guardian(2002, "Annie Durand", "1001")
		r := take(t, feeder(d), later.write(t), o)
		got := here(t, d)
		for _, first := range []string{"Lou", "Jean", "Max"} {
			if !slices.Contains(got, first) {
				t.Errorf("%s is missing from %v", first, got)
			}
		}
		for _, first := range []string{"Zoé", "Tom", "Nour", "Samia"} {
			if slices.Contains(got, first) {
				t.Errorf("%s is in %v", first, got)
			}
		}
		if n := linesOf(t, d, r.ID); n[feed.UnknownModified]+n[feed.UnknownDeleted]+n[feed.NoSchool]+n[feed.UnknownPupil] != 0 {
			t.Errorf("strangers are told one by one: %v", n)
		}
		if r.Pupils.Departed != 1 || r.Pupils.Added != 1 {
			t.Errorf("pupils: %+v", r.Pupils)
		}
	})
}

// A school that was fed before the perimeter closed around others stays as it
// is, whatever a delta says of its people.
func TestADeltaSparesThePeopleOfSchoolsThatClosed(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), lilas("20260901").write(t), feed.Options{})
		before := here(t, d)
		later := delta("20260902").
			put("Eleve", "modify", 1001, pupilAttrs(1001, "Zoé Martin", "111111111AA", 412, "73002$CM2", "1125$CM2", "2001$20", "2002$10")...)
		r := take(t, feeder(d), later.write(t), opened("0789002L"))
		if diff := cmp.Diff(before, here(t, d)); diff != "" || r.Pupils.Departed != 0 {
			t.Errorf("%+v %s", r.Pupils, diff)
		}
	})
}

// What becomes of a delivery is told in its transaction, and undone with it.
func TestNoteIsWithTheDelivery(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		var states []feed.State
		o := feed.Options{Note: func(_ *db.Tx, r feed.Result) error {
			states = append(states, r.State)
			return nil
		}}
		take(t, feeder(d), lilas("20260902").write(t), o)
		if kind := refused(t, d, lilas("20260901").write(t), o); kind != feed.Older {
			t.Errorf("refused as %s", kind)
		}
		o.DryRun = true
		take(t, feeder(d), lilas("20260903").write(t), o)
		if diff := cmp.Diff([]feed.State{feed.Applied, feed.Refused}, states); diff != "" {
			t.Error(diff)
		}
		before := snapshot(t, d)
		lost := errors.New("the note could not be written")
		_, err := feeder(d).Feed(t.Context(), lilas("20260904").pupil(1009, "Ada Reste", "111111111FF", 412, "73001$CP - Mme Bernard", "1121$CP").write(t),
			feed.Options{Note: func(*db.Tx, feed.Result) error { return lost }})
		if !errors.Is(err, lost) {
			t.Errorf("%v", err)
		}
		if diff := cmp.Diff(before, snapshot(t, d)); diff != "" {
			t.Error(diff)
		}
		read(t, d, func(tx *db.Tx) error {
			list, err := feed.Deliveries(tx, 10)
			if len(list) != 2 {
				t.Errorf("%d deliveries in the journal", len(list))
			}
			return err
		})
	})
}
