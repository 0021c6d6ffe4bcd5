package feed_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
	"preau/directory/feed"
	"preau/directory/onde"
)

// A list of pupils alone says nothing of guardians; one of guardians alone is
// refused.
func TestAListAloneSaysNothingOfTheOthers(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		extract(t, d, bleuets(), feed.Options{})
		before := snapshot(t, d)
		alone := bleuets()
		alone.alone = true
		r := extract(t, d, alone, feed.Options{})
		if diff := cmp.Diff(before, snapshot(t, d)); diff != "" {
			t.Errorf("the list of pupils alone: %s", diff)
		}
		if r.Guardians != (feed.Count{}) || r.Bonds.Unchanged != 5 {
			t.Errorf("%+v", r.Counts)
		}
		_, err := feeder(d).FeedExtraction(t.Context(), bleuets().files()[1:], feed.School{UAI: bleuetsUAI}, feed.Options{})
		if !refusedFor(err, aaf.RefusalKind(onde.NoPupils)) {
			t.Errorf("the list of guardians alone: %v", err)
		}
		if diff := cmp.Diff(before, snapshot(t, d)); diff != "" {
			t.Errorf("a refusal wrote: %s", diff)
		}
	})
}

// Two children of one name: nobody is given the wrong one.
func TestChildrenAreNotGuessed(t *testing.T) {
	twice := func(class string) *sheet {
		return new(sheet).
			pupil("MARTIN Zoé", "04/03/2019", "111111111AA", "CP", "73001$CP A").
			pupil("MARTIN Zoé", "05/06/2019", "111111111BB", "CP", "73002$"+class).
			guardian("M.", "MARTIN Paul", "12 RUE DES TESTS", "0639980001", "MARTIN Zoé$CP A").
			guardian("M.", "MARTIN Jean", "1 RUE DES TESTS", "0639980002", "MARTIN Zoé$"+class)
	}
	children := func(t *testing.T, d *db.DB, first string) []school.ID {
		return actor(t, d, called(t, d, first).ID, school.Guardian).Children
	}
	for name, c := range map[string]struct {
		s    *sheet
		kind aaf.Kind // of the trouble; empty when everybody finds their child
	}{
		"told apart by the class": {twice("CP B"), ""},
		"in one class":            {twice("CP A"), feed.AmbiguousChild},
		"of another class": {new(sheet).
			pupil("MARTIN Zoé", "04/03/2019", "111111111AA", "CP", "73001$CP A").pupil("ROUX Léa", "05/06/2019", "111111111BB", "CP", "73002$CP B").
			guardian("M.", "MARTIN Paul", "12 RUE DES TESTS", "0639980001", "MARTIN Zoé$CP A").
			guardian("M.", "MARTIN Jean", "1 RUE DES TESTS", "0639980002", "MARTIN Zoé$CP B"), feed.OtherClass},
		"nowhere": {twice("CP B").guardian("M.", "NOIR Luc", "1 RUE DES TESTS", "0639980003", "NOIR Tom$CP B"), feed.UnknownPupil},
	} {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T, d *db.DB) {
				r := extract(t, d, c.s, feed.Options{})
				got := kinds(t, d, r.ID)
				switch c.kind {
				case "":
					if slices.ContainsFunc(got, func(k aaf.Kind) bool { return k != aaf.DroppedAttribute }) {
						t.Errorf("troubles: %v", got)
					}
					paul, jean := children(t, d, "Paul"), children(t, d, "Jean")
					if len(paul) != 1 || len(jean) != 1 || paul[0] == jean[0] {
						t.Errorf("Paul has %v and Jean %v", paul, jean)
					}
				default:
					if !slices.Contains(got, c.kind) || !slices.Contains(got, feed.NoChild) {
						t.Errorf("troubles: %v, want %s", got, c.kind)
					}
				}
				read(t, d, func(tx *db.Tx) error { // who has no child here has no account either
					alone, err := db.One(tx, db.Column[int], `SELECT count(*) FROM directory_key k WHERE k.category = 'PersRelEleve'
						AND NOT EXISTS (SELECT 1 FROM directory_bond b WHERE b.guardian_id = k.subject_id)`)
					if alone != 0 {
						t.Errorf("%d guardians of nobody", alone)
					}
					return err
				})
			})
		})
	}
}

// A bond that exists is not lost because a second child of the name comes.
func TestAHomonymTakesNobodysParentAway(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		extract(t, d, bleuets(), feed.Options{})
		zoe, paul := called(t, d, "Zoé").ID, called(t, d, "Paul").ID
		next := bleuets().pupil("MARTIN Zoé", "05/06/2019", "111111111DD", "CP", "73001$CP - Mme Bernard")
		r := extract(t, d, next, feed.Options{})
		if r.Bonds.Departed+r.Guardians.Departed != 0 {
			t.Errorf("%+v", r.Counts)
		}
		if got := actor(t, d, paul, school.Guardian).Children; !slices.Contains(got, zoe) || len(got) != 2 {
			t.Errorf("Paul has %v", got)
		}
	})
}

// Nor because only one of the two lists has corrected the child's name; but
// nobody gets a bond by a name that is nearly theirs.
func TestANameCorrectedInOneListKeepsTheBond(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		extract(t, d, bleuets(), feed.Options{})
		paul, zoe := called(t, d, "Paul").ID, called(t, d, "Zoé").ID
		next := &sheet{pupils: bleuets().pupils}
		next.guardian("M.", "MARTIN Paul", "12 RUE DES TESTS", "0639980001", "MARTIM Zoé$CP - Mme Bernard", "MARTIN Tom$CM1").
			guardian("MME", "DURAND Anne", "12 RUE DES TESTS", "0639980002", "MARTIN Zoé$CP - Mme Bernard", "MARTIN Tom$CM1").
			guardian("MME", "PETIT Lou", "3 RUE DES TESTS", "0639980003", "PETIT Max$CP - Mme Bernard").
			guardian("M.", "NOIR Luc", "4 RUE DES TESTS", "0639980004", "MARTIM Zoé$CP - Mme Bernard")
		r := extract(t, d, next, feed.Options{})
		if r.Bonds.Departed+r.Bonds.Added+r.Guardians.Added+r.Guardians.Departed != 0 || r.Guardians.Rejected != 1 {
			t.Errorf("%+v", r.Counts)
		}
		if got := actor(t, d, paul, school.Guardian).Children; !slices.Contains(got, zoe) {
			t.Errorf("Paul has %v", got)
		}
	})
}

// large is a school of n families, one child and two guardians each.
func large(n, without int) *sheet {
	s := &sheet{}
	for i := range n {
		if i >= without {
			s.pupil(fmt.Sprintf("NOM%[1]d Enfant%[1]d", i), "04/03/2019", fmt.Sprintf("1%08dAA", i), "CP", fmt.Sprintf("%[1]d$CP %[1]d", i/25))
			for _, first := range []string{"Anne", "Paul"} {
				s.guardian("MME", fmt.Sprintf("NOM%d %s", i, first), fmt.Sprintf("%d RUE", i), "", fmt.Sprintf("NOM%[1]d Enfant%[1]d$CP %[2]d", i, i/25))
			}
		}
	}
	return s
}

func TestManyDeparturesOfASchool(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		extract(t, d, large(100, 0), feed.Options{})
		before := snapshot(t, d)

		// Six families: 18 people of 300, who wait for the head.
		r := extract(t, d, large(100, 6), feed.Options{})
		if len(r.Held) != 1 || r.Held[0].People != 18 || r.Pupils.Departed+r.Guardians.Departed != 0 {
			t.Errorf("%+v, held %+v", r.Counts, r.Held)
		}
		at := actor(t, d, called(t, d, "Enfant50").ID, school.Pupil).Schools[0]
		change(t, d, func(tx *db.Tx) error {
			n, err := feeder(d).Accept(tx, r.ID, at, 1)
			if n != 18 {
				t.Errorf("%d people were let go", n)
			}
			return err
		})
		if err := feeder(d).Undo(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, snapshot(t, d)); diff != "" {
			t.Errorf("undone: %s", diff)
		}

		// A dozen families: the whole list is refused, unless it is accepted.
		preview, err := feeder(d).FeedExtraction(t.Context(), large(100, 12).files(), feed.School{UAI: bleuetsUAI}, feed.Options{DryRun: true, Detail: true})
		if !refusedFor(err, feed.TooManyDepartures) || len(preview.Leaving) != 36 {
			t.Errorf("%v, %d would leave", err, len(preview.Leaving))
		}
		if diff := cmp.Diff(before, snapshot(t, d)); diff != "" {
			t.Errorf("refused: %s", diff)
		}

		// A list of guardians that stops early, beside a whole one of pupils.
		cut := large(100, 0)
		cut.guardians = cut.guardians[:100]
		_, err = feeder(d).FeedExtraction(t.Context(), cut.files(), feed.School{UAI: bleuetsUAI}, feed.Options{})
		if !refusedFor(err, feed.TooManyDepartures) {
			t.Errorf("half of the guardians: %v", err)
		}
		r = extract(t, d, large(100, 12), feed.Options{AcceptDepartures: true})
		if r.Pupils.Departed != 12 || r.Guardians.Departed != 24 {
			t.Errorf("%+v", r.Counts)
		}
	})
}

// A guardian who is taken out of ONDE loses the child at once.
func TestAGuardianTakenOutLosesTheChild(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		extract(t, d, bleuets(), feed.Options{})
		paul := called(t, d, "Paul").ID
		next := bleuets()
		next.guardians = next.guardians[1:]
		r := extract(t, d, next, feed.Options{})
		if r.Guardians.Departed != 1 || r.Bonds.Departed != 2 {
			t.Errorf("%+v", r.Counts)
		}
		if got := actor(t, d, paul, school.Guardian); len(got.Children) != 0 {
			t.Errorf("Paul holds %+v", got)
		}
		// And finds everything again when it was a mistake.
		extract(t, d, bleuets(), feed.Options{})
		if got := actor(t, d, paul, school.Guardian); len(got.Children) != 2 {
			t.Errorf("Paul is back and holds %+v", got)
		}
	})
}

// A service has no login, and a person whose civility is not known has one.
func TestServicesAreNotPeople(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		extract(t, d, bleuets().
			guardian("", "AIDE SOCIALE", "1 PLACE", "", "PETIT Max$CP - Mme Bernard").
			guardian("Dr", "NOIR Luc", "1 RUE", "", "PETIT Max$CP - Mme Bernard"), feed.Options{})
		read(t, d, func(tx *db.Tx) error {
			people, err := directory.Persons.All(tx, "organisation")
			if len(people) != 1 || people[0].UsualName != "Aide" || people[0].FirstName != "Sociale" {
				t.Errorf("%+v", people)
			}
			return err
		})
		if called(t, d, "Luc").Organisation {
			t.Error("Luc is a service")
		}
	})
}

// gone takes a record out.
func (p *paper) gone(category string, key int) *paper {
	p.records[category] = slices.DeleteFunc(p.records[category], func(r record) bool { return r.key == key })
	return p
}

// What a judge took is not given back because ONDE said less of the bond than
// the AAF does, or wrote the name otherwise.
func TestARestrictionFollowsWhoeverTheAcademieBrings(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), elsewhere("20260801").write(t), feed.Options{})
		extract(t, d, bleuets(), feed.Options{})
		zoe, paul, anne := called(t, d, "Zoé").ID, called(t, d, "Paul").ID, called(t, d, "Anne").ID
		change(t, d, func(tx *db.Tx) error {
			return restrict(tx, directory.Restriction{Pupil: zoe, Guardian: paul, NoAccess: true, Reference: "JAF 2", From: db.At(tx.Now), RecordedBy: 1})
		})
		next := covered("20260901").gone("PersRelEleve", 2001).guardian(2001, "Hippolyte DE MARTIN", "1001", "1002").gone("PersRelEleve", 2002)
		next.guardian(2002, "Anne DURAND", "1001", "1002")
		for i := range next.records["PersRelEleve"] {
			if r := &next.records["PersRelEleve"][i]; r.key == 2002 {
				r.attrs[1] = []string{"ENTPersonCivilite", "Mme"}
			}
		}
		take(t, feeder(d), next.write(t), feed.Options{})
		other := id(t, d, aaf.Guardians, 2001)
		if other == paul {
			t.Fatal("Hippolyte is Paul")
		}
		if got := actor(t, d, other, school.Guardian).Children; slices.Contains(got, zoe) {
			t.Error("who may be the one whom a judge keeps away sees the child")
		}
		if got := actor(t, d, anne, school.Guardian).Children; !slices.Contains(got, zoe) {
			t.Error("the other parent does not see the child")
		}
	})
}

// A delta may bring a school too: it takes over whom it names, and leaves the
// others until a complete delivery.
func TestADeltaTakesASchoolOver(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), elsewhere("20260801").write(t), feed.Options{})
		extract(t, d, bleuets().pupil("GROS Ali", "01/01/2018", "111111111FF", "CE1", "73003$CE1"), feed.Options{})
		zoe, paul, ali := called(t, d, "Zoé").ID, called(t, d, "Paul").ID, called(t, d, "Ali").ID
		whole := covered("20260901")
		part := delta("20260901")
		for category, records := range whole.records {
			for _, r := range records {
				if r.key != 1009 && r.key != 2009 && r.key != 3001 {
					part.put(category, r.op, r.key, r.attrs...)
				}
			}
		}
		r := take(t, feeder(d), part.write(t), feed.Options{})
		if r.Pupils.Added+r.Pupils.Departed+r.Guardians.Added+r.Guardians.Departed != 0 || r.Pupils.Changed != 3 {
			t.Errorf("%+v", r.Counts)
		}
		if id(t, d, aaf.Pupils, 1001) != zoe || id(t, d, aaf.Guardians, 2001) != paul {
			t.Error("they are others")
		}
		if got := hats(t, d, ali); len(got) != 1 {
			t.Errorf("Ali wears %v", got)
		}
		r = take(t, feeder(d), covered("20260902").write(t), feed.Options{})
		if r.Pupils.Departed != 1 || r.Pupils.Added != 0 || r.Guardians.Added != 0 {
			t.Errorf("the complete delivery: %+v", r.Counts)
		}
		if got := hats(t, d, ali); len(got) != 0 {
			t.Errorf("Ali left and wears %v", got)
		}
	})
}

// The head was made by hand; the one whom the académie delivers may be the same
// person, and a human says so.
func TestTheHeadWhoWasMadeByHandIsProposed(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), elsewhere("20260801").write(t), feed.Options{})
		extract(t, d, bleuets(), feed.Options{})
		at := actor(t, d, called(t, d, "Zoé").ID, school.Pupil).Schools[0]
		var ada school.ID
		change(t, d, func(tx *db.Tx) (err error) {
			ada, err = directory.Appoint(tx, directory.Appointment{First: "Ada", Usual: "Noir", Structure: at, Template: "head", Reason: "test"})
			return err
		})
		take(t, feeder(d), covered("20260901").teacher(3009, "Ada NOIR", "ada.noir@ac.test", "414", "414"+teaches).write(t), feed.Options{})
		other := id(t, d, aaf.Staffs, 3009)
		read(t, d, func(tx *db.Tx) error {
			list, err := directory.Proposals.All(tx, "reason = 'staff-by-hand'")
			if len(list) != 1 || list[0].Person != min(ada, other) || list[0].Other != max(ada, other) {
				t.Errorf("%+v", list)
			}
			return err
		})
	})
}

// A list that a head hands in takes nobody from another school, whatever INE is
// in it: the pupil is proposed to a human.
func TestAnExtractionTakesNobodyFromElsewhere(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), elsewhere("20260801").write(t), feed.Options{})
		lea := called(t, d, "Léa").ID
		s := bleuets().pupil("ROUX Léa", "04/03/2019", "111111111ZZ", "CP", "73001$CP - Mme Bernard").
			guardian("M.", "NOIR Luc", "1 RUE", "0639980007", "ROUX Léa$CP - Mme Bernard")
		extract(t, d, s, feed.Options{})
		if got := actor(t, d, lea, school.Pupil).Schools; len(got) != 1 {
			t.Errorf("Léa is in %v", got)
		}
		read(t, d, func(tx *db.Tx) error {
			list, err := directory.Proposals.All(tx, "reason = 'same-ine'")
			if len(list) != 1 || list[0].Person != lea && list[0].Other != lea {
				t.Errorf("%+v", list)
			}
			return err
		})
	})
}

// An account that was opened stays its owner's through the change of hands,
// and a preview of it changes nothing.
func TestATakeoverIsPreviewed(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), elsewhere("20260801").write(t), feed.Options{})
		extract(t, d, bleuets(), feed.Options{})
		before := snapshot(t, d)
		preview := take(t, feeder(d), covered("20260901").write(t), feed.Options{DryRun: true})
		if diff := cmp.Diff(before, snapshot(t, d)); diff != "" {
			t.Errorf("a preview wrote: %s", diff)
		}
		applied := take(t, feeder(d), covered("20260901").write(t), feed.Options{})
		if preview.Counts != applied.Counts {
			t.Errorf("%+v, then %+v", preview.Counts, applied.Counts)
		}
	})
}

// A school that somebody made by hand is fed under the name that it has.
func TestASchoolMadeByHandKeepsItsName(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		change(t, d, func(tx *db.Tx) error {
			return directory.Structures.Insert(tx, directory.Structure{
				ID: school.NewID(tx.Now), Ref: "uai:" + string(bleuetsUAI), Kind: directory.School, UAI: bleuetsUAI,
				Stage: directory.Primaire, Name: "École du Bourg", NameKey: "ecole du bourg", From: db.At(tx.Now),
			})
		})
		before := snapshot(t, d)
		r, err := feeder(d).FeedExtraction(t.Context(), bleuets().files(), feed.School{UAI: bleuetsUAI}, feed.Options{})
		if err != nil {
			t.Fatal(err)
		}
		read(t, d, func(tx *db.Tx) error {
			at, err := directory.StructureByRef(tx, "uai:"+string(bleuetsUAI))
			if at.Name != "École du Bourg" || at.Stage != directory.Primaire {
				t.Errorf("%+v", at)
			}
			_, lines, err2 := feed.SchoolReport(tx, at.ID, at.Source)
			if err2 == nil && lines == nil && at.Source == 0 {
				t.Error("its head reads no report")
			}
			return err
		})
		if err := feeder(d).Undo(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, snapshot(t, d)); diff != "" {
			t.Errorf("undone: %s", diff)
		}
	})
}
