package feed_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
	"preau/directory/feed"
)

func TestMatching(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), lilas("20260901").write(t), feed.Options{})
		zoe, claire, paul := id(t, d, aaf.Pupils, 1001), id(t, d, aaf.Staffs, 3001), id(t, d, aaf.Guardians, 2001)
		// New keys in the same académie, and the guardian of another one: Zoé
		// is found by her INE, Claire by her mail, Paul is two people and one
		// proposal.
		next := complete("20260902").
			school(412, "0789001K").school(413, "0789002L").
			pupil(1901, "Zoé Martin", "111111111AA", 412, "73001$CP - Mme Bernard", "1121$CP", "2901$20", "2002$10").
			pupil(1002, "Tom Martin", "111111111BB", 413, "73002$CM2", "1125$CM2", "2001$20", "2002$10").
			pupil(1003, "Max Petit", "111111111CC", 412, "73001$CP - Mme Bernard", "1121$CP", "2999$10").
			guardian(2001, "Paul Martin", "1002").guardian(2002, "Anne Durand", "1901", "1002").
			guardian(2901, "Paul Martin", "1901").
			teacher(3901, "Claire Bernard", "Claire.Bernard@ac.test", "", "412"+teaches).
			teacher(3002, "Alix Roux", "alix.roux@ac.test", "413", "413"+teaches).
			teacher(3003, "Ines Faure", "ines.faure@ac.test", "", "412$ENS$ENSEIGNEMENT$D0000$DIRECTION")
		r := take(t, feeder(d), next.write(t), feed.Options{})
		if r.Pupils.Added+r.Pupils.Departed+r.Staff.Added+r.Staff.Departed != 0 || r.Guardians.Added != 1 {
			t.Errorf("%+v", r.Counts)
		}
		if id(t, d, aaf.Pupils, 1901) != zoe || id(t, d, aaf.Staffs, 3901) != claire {
			t.Error("new keys made new people")
		}
		if got := hats(t, d, zoe); len(got) != 1 {
			t.Errorf("Zoé wears %v", got)
		}
		if got := hats(t, d, claire); len(got) != 1 {
			t.Errorf("Claire wears %v", got)
		}
		twin := id(t, d, aaf.Guardians, 2901)
		read(t, d, func(tx *db.Tx) error {
			list, err := directory.Proposals.All(tx, "reason = 'guardian-twice'")
			if len(list) != 1 || list[0].Person != min(paul, twin) || list[0].Other != max(paul, twin) {
				t.Errorf("proposals: %+v", list)
			}
			return err
		})
		// Merged by a human, no feed splits them.
		change(t, d, func(tx *db.Tx) error { return directory.Merge(tx, paul, twin) })
		third := next
		third.date = "20260903"
		third.records["PersRelEleve"][2].attrs[8] = []string{"ENTPersRelEleveTelMobile", "+33 6 39 98 00 77"}
		take(t, feeder(d), third.write(t), feed.Options{})
		if id(t, d, aaf.Guardians, 2901) != paul || len(actor(t, d, paul, school.Guardian).Children) != 2 {
			t.Errorf("split again: Paul holds %+v", actor(t, d, paul, school.Guardian))
		}
		before := snapshot(t, d)
		take(t, feeder(d), third.write(t), feed.Options{})
		if diff := cmp.Diff(before, snapshot(t, d)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAPupilWhoChangesAcademieIsOnePerson(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), lilas("20260901").write(t), feed.Options{})
		zoe := id(t, d, aaf.Pupils, 1001)
		lille := complete("20260901")
		lille.academy = "LILLE"
		lille.school(412, "0599001B").
			pupil(1001, "Zoé Martin", "111111111AA", 412, "99$CE1", "1122$CE1", "2001$20").
			guardian(2001, "Paul Martin", "1001").
			teacher(3001, "Lou Blanc", "lou.blanc@ac-lille.test", "412", "412"+teaches)
		r := take(t, feeder(d), lille.write(t), feed.Options{})
		if r.Pupils.Changed != 1 || r.Pupils.Added != 0 || r.Guardians.Added != 1 {
			t.Errorf("%+v", r.Counts)
		}
		if a := actor(t, d, zoe, school.Pupil); len(a.Schools) != 2 {
			t.Errorf("Zoé holds %+v until the first académie lets her go", a)
		}
		// She leaves the first académie: she has not departed.
		gone := lilas("20260902")
		gone.records["Eleve"] = gone.records["Eleve"][1:]
		r = take(t, feeder(d), gone.write(t), feed.Options{})
		if r.Pupils.Departed != 0 {
			t.Errorf("%+v", r.Counts)
		}
		if a := actor(t, d, zoe, school.Pupil); len(a.Schools) != 1 || len(hats(t, d, zoe)) != 1 {
			t.Errorf("Zoé holds %+v", a)
		}
	})
}
