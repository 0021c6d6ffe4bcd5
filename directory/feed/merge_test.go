package feed_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
	"preau/directory/feed"
)

// twice is lilas with Paul Martin in two records: 2001 for Tom, 2901 for Zoé.
// Both name Max, whose only guardian was nobody.
func twice(date string) *paper {
	return complete(date).
		school(412, "0789001K").school(413, "0789002L").
		pupil(1001, "Zoé Martin", "111111111AA", 412, "73001$CP - Mme Bernard", "1121$CP", "2901$20", "2002$10").
		pupil(1002, "Tom Martin", "111111111BB", 413, "73002$CM2", "1125$CM2", "2001$20", "2002$10").
		pupil(1003, "Max Petit", "111111111CC", 412, "73001$CP - Mme Bernard", "1121$CP", "2001$20", "2901$20").
		guardian(2001, "Paul Martin", "1002", "1003").guardian(2901, "Paul Martin", "1001", "1003").
		guardian(2002, "Anne Durand", "1001", "1002").
		teacher(3001, "Claire Bernard", "claire.bernard@ac.test", "", "412"+teaches).
		teacher(3002, "Alix Roux", "alix.roux@ac.test", "413", "413"+teaches)
}

func merge(t *testing.T, d *db.DB, kept, gone school.ID) (act directory.MergeAct) {
	t.Helper()
	change(t, d, func(tx *db.Tx) (err error) {
		act, err = feeder(d).Merge(tx, kept, gone, 1)
		return err
	})
	return act
}

func unmerge(t *testing.T, d *db.DB, act directory.MergeAct, given ...school.ID) error {
	t.Helper()
	return d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := feeder(d).Unmerge(tx, act.ID, 1, given...)
		return err
	})
}

// register is the snapshot without what a merge and its undoing leave of
// themselves.
func register(t *testing.T, d *db.DB) map[string][]string {
	t.Helper()
	all := snapshot(t, d) // which leaves the hashes of keys out
	for _, table := range []string{"directory_merge_act", "directory_merge_image", "directory_proposal"} {
		delete(all, table)
	}
	return all
}

func tick(d *db.DB) {
	now := d.Now().Add(time.Minute)
	d.Now = func() time.Time { return now }
}

// A merge tells the feed under way, which would write over it.
func TestAMergeTellsTheFeeds(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), twice("20260901").write(t), feed.Options{})
		revision := func() int { return count(t, d, `SELECT sum(revision) FROM feed_source`) }
		before := revision()
		act := merge(t, d, id(t, d, aaf.Guardians, 2001), id(t, d, aaf.Guardians, 2901))
		if revision() == before {
			t.Error("the merge is not told")
		}
		before = revision()
		if err := unmerge(t, d, act); err != nil || revision() == before {
			t.Errorf("its undoing is not told: %v", err)
		}
	})
}

// Two who cannot be one are refused, whoever asks.
func TestWhoCannotBeOne(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		p := twice("20260901").guardian(2050, "Conseil départemental")
		for i, a := range p.records["PersRelEleve"][3].attrs {
			if a[0] == "ENTPersonCivilite" {
				p.records["PersRelEleve"][3].attrs[i] = []string{"ENTPersonCivilite", ""}
			}
		}
		take(t, feeder(d), p.write(t), feed.Options{})
		change(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE directory_person SET organisation = TRUE WHERE usual_name LIKE 'Conseil%' OR first_name LIKE 'Conseil%'`)
			return err
		})
		zoe, paul, anne, claire := id(t, d, aaf.Pupils, 1001), id(t, d, aaf.Guardians, 2001), id(t, d, aaf.Guardians, 2002), id(t, d, aaf.Staffs, 3001)
		before := snapshot(t, d)
		for name, pair := range map[string][2]school.ID{
			"a pupil and their guardian":  {zoe, anne},
			"a pupil and a guardian":      {paul, zoe},
			"a teacher and a pupil":       {claire, zoe},
			"somebody and themself":       {paul, paul},
			"somebody and nobody":         {paul, 7},
			"a person and a organisation": {paul, id(t, d, aaf.Guardians, 2050)},
		} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := feeder(d).Merge(tx, pair[0], pair[1], 1)
				return err
			})
			if !fail.Is(err, fail.Conflict) && !fail.Is(err, fail.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if diff := cmp.Diff(before, snapshot(t, d)); diff != "" {
			t.Error(diff)
		}
	})
}

// Departures that wait follow the person, and part again.
func TestWhoWaitsToLeaveIsMerged(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		f := feeder(d)
		f.Caps.AcademyPeople = 1000
		two := func(date string, n int) *paper {
			return into(crowd(date, 412, "0789001K", n, 0), 413, "0789002L", 200, 1000)
		}
		take(t, f, two("20260101", 100).write(t), feed.Options{})
		r := take(t, f, two("20260102", 60).write(t), feed.Options{})
		if len(r.Held) != 1 {
			t.Fatalf("held %+v", r.Held)
		}
		var waits, stays school.ID
		read(t, d, func(tx *db.Tx) (err error) {
			if waits, err = db.One(tx, db.Column[school.ID], `SELECT min(person_id) FROM feed_held WHERE category = 'Eleve'`); err != nil {
				return err
			}
			stays, err = db.One(tx, db.Column[school.ID], `SELECT min(e.person_id) FROM directory_enrolment e
				WHERE e.person_id NOT IN (SELECT person_id FROM feed_held)`)
			return err
		})
		held := func(person school.ID) int {
			return count(t, d, `SELECT count(*) FROM feed_held WHERE person_id = $1`, person)
		}
		tick(d)
		act := merge(t, d, stays, waits)
		if held(waits) != 0 || held(stays) == 0 {
			t.Errorf("merged, %d wait as who went, %d as who stayed", held(waits), held(stays))
		}
		tick(d)
		if err := unmerge(t, d, act); err != nil {
			t.Fatal(err)
		}
		if held(waits) == 0 || held(stays) != 0 {
			t.Errorf("undone, %d wait as who went, %d as who stayed", held(waits), held(stays))
		}
	})
}

// Three records of one person are merged in turn, and undone in turn; a feed
// that brings one back finds them one.
func TestThreeRecordsOfOnePerson(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		town := func(date string) *paper { return twice(date).guardian(2902, "Paul Martin") }
		take(t, feeder(d), town("20260901").write(t), feed.Options{})
		last := take(t, feeder(d), delta("20260902").put("PersRelEleve", "modify", 2902, []string{"ENTPersonMail", "a@b.test"}).write(t), feed.Options{})
		one, two, three := id(t, d, aaf.Guardians, 2001), id(t, d, aaf.Guardians, 2901), id(t, d, aaf.Guardians, 2902)
		before := register(t, d)
		tick(d)
		first := merge(t, d, two, three)
		tick(d)
		second := merge(t, d, one, two)
		if id(t, d, aaf.Guardians, 2902) != one {
			t.Error("the third record is not the first's")
		}
		tick(d)
		for _, act := range []directory.MergeAct{second, first} {
			if err := unmerge(t, d, act); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(before, register(t, d)); diff != "" {
			t.Errorf("undone (- before, + after): %s", diff)
		}
		tick(d)
		merge(t, d, two, three)
		merge(t, d, one, two)
		if err := feeder(d).Undo(t.Context(), last.ID); err != nil {
			t.Fatal(err)
		}
		if n := count(t, d, `SELECT count(*) FROM directory_person WHERE id IN ($1, $2)`, two, three); n != 0 {
			t.Errorf("the undoing of a delivery brought %d of them back", n)
		}
	})
}

// What somebody decided of a record holds for the one it went into.
func TestDecisionsFollow(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), twice("20260901").guardian(2902, "Paul Martin").write(t), feed.Options{})
		one, two, three := id(t, d, aaf.Guardians, 2001), id(t, d, aaf.Guardians, 2901), id(t, d, aaf.Guardians, 2902)
		change(t, d, func(tx *db.Tx) error { return directory.Decide(tx, two, three, directory.Apart) })
		tick(d)
		act := merge(t, d, one, two)
		decided := func(a, b school.ID) (known bool) {
			read(t, d, func(tx *db.Tx) (err error) {
				known, err = directory.Decided(tx, a, b)
				return err
			})
			return known
		}
		if !decided(one, three) || decided(two, three) {
			t.Error("what was decided of the second record is forgotten")
		}
		if err := unmerge(t, d, act); err != nil {
			t.Fatal(err)
		}
		if decided(one, three) || !decided(two, three) || !decided(one, two) {
			t.Error("what was decided is not each one's again")
		}
	})
}

// Two records of one pupil who move together do not stop the delivery.
func TestTwoRecordsOfOnePersonMoveTogether(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		town := func(date string, at int, class string) *paper {
			return twice(date).
				pupil(1009, "Lea Gros", "111111111ZZ", at, class, "1121$CP", "2002$10").
				pupil(1010, "Lea Gros", "", at, class, "1121$CP", "2002$10")
		}
		take(t, feeder(d), town("20260901", 412, "73001$CP").write(t), feed.Options{})
		lea := id(t, d, aaf.Pupils, 1009)
		tick(d)
		merge(t, d, lea, id(t, d, aaf.Pupils, 1010))
		tick(d)
		take(t, feeder(d), town("20260902", 413, "73002$CM2").write(t), feed.Options{})
		if a := actor(t, d, lea, school.Pupil); len(a.Schools) != 1 || len(a.Classes) != 1 {
			t.Errorf("she holds %+v", a)
		}
		before := register(t, d)
		tick(d)
		take(t, feeder(d), town("20260902", 413, "73002$CM2").write(t), feed.Options{})
		if diff := cmp.Diff(before, register(t, d)); diff != "" {
			t.Error(diff)
		}
	})
}

// Whoever an undoing removed comes back once, whatever the records that say
// them.
func TestTheMergedComeBackOnce(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		r := take(t, feeder(d), twice("20260901").write(t), feed.Options{})
		paul := id(t, d, aaf.Guardians, 2001)
		tick(d)
		merge(t, d, paul, id(t, d, aaf.Guardians, 2901))
		tick(d)
		if err := feeder(d).Undo(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
		tick(d)
		take(t, feeder(d), twice("20260901").write(t), feed.Options{})
		if a := actor(t, d, paul, school.Guardian); len(a.Children) != 3 {
			t.Errorf("Paul holds %+v", a)
		}
	})
}
