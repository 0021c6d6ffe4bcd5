package feed_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
	"preau/directory/feed"
)

// no records that a judge takes all access to a pupil from a guardian.
func no(t *testing.T, d *db.DB, pupil, guardian school.ID) {
	t.Helper()
	change(t, d, func(tx *db.Tx) error {
		return restrict(tx, directory.Restriction{Pupil: pupil, Guardian: guardian, NoAccess: true, Reference: "JAF 12", From: db.At(tx.Now), RecordedBy: 1})
	})
}

func restrict(tx *db.Tx, r directory.Restriction) error {
	_, err := directory.Restrict(tx, r)
	return err
}

// reach lists the children whom somebody reaches by any way that the register
// gives: as their guardian, or in an audience.
func reach(t *testing.T, d *db.DB, guardian school.ID) []school.ID {
	t.Helper()
	children := slices.Clone(actor(t, d, guardian, school.Guardian).Children)
	read(t, d, func(tx *db.Tx) error {
		held, err := directory.Audiences{}.Held(tx, guardian)
		for _, h := range held.At(tx.Now) {
			if h.Place == audience.Family {
				children = append(children, h.Of)
			}
		}
		return err
	})
	slices.Sort(children)
	return slices.Compact(children)
}

// A merge gives nobody access to a child, or to the brother or the sister of
// a child, from whom a judge keeps them away.
func TestAMergeOpensNoDoorThatAJudgeShut(t *testing.T) {
	// Zoé and Tom are the children of Anne; Max is nobody's brother. Paul has
	// Zoé, a homonym has Tom and Max, another one has Zoé too.
	town := func() *paper {
		return complete("20260901").school(412, "0789001K").school(413, "0789002L").
			pupil(1001, "Zoé Martin", "111111111AA", 412, "73001$CP", "1121$CP", "2001$20", "2002$10", "2004$90").
			pupil(1002, "Tom Martin", "111111111BB", 413, "73002$CM2", "1125$CM2", "2003$20", "2002$10").
			pupil(1003, "Max Petit", "111111111CC", 412, "73001$CP", "1121$CP", "2003$20", "2005$10").
			pupil(1004, "Zoé Martin", "", 412, "73001$CP", "1121$CP", "2006$20").
			guardian(2001, "Paul Martin", "1001").guardian(2002, "Anne Durand", "1001", "1002").
			guardian(2003, "Paul Martin", "1002", "1003").guardian(2004, "Paul Martin", "1001").
			guardian(2005, "Lou Petit", "1003").guardian(2006, "Jean Roux", "1004").
			teacher(3001, "Claire Bernard", "claire.bernard@ac.test", "", "412"+teaches)
	}
	const zoe, tom, max, otherZoe = 1001, 1002, 1003, 1004
	for name, c := range map[string]struct {
		barred   [][2]int // pupil, guardian
		category aaf.Category
		pair     [2]int
		who      int   // then reaches
		reaches  []int // nobody else
	}{
		"into a homonym who has the child":         {[][2]int{{zoe, 2001}}, aaf.Guardians, [2]int{2004, 2001}, 2004, nil},
		"a homonym who has the child into them":    {[][2]int{{zoe, 2001}}, aaf.Guardians, [2]int{2001, 2004}, 2001, nil},
		"into a homonym who has the brother":       {[][2]int{{zoe, 2001}}, aaf.Guardians, [2]int{2003, 2001}, 2003, []int{max}},
		"a homonym who has the brother into them":  {[][2]int{{zoe, 2001}}, aaf.Guardians, [2]int{2001, 2003}, 2001, []int{max}},
		"the homonym is barred from the brother":   {[][2]int{{tom, 2003}}, aaf.Guardians, [2]int{2001, 2003}, 2001, []int{max}},
		"both are barred":                          {[][2]int{{tom, 2003}, {zoe, 2001}}, aaf.Guardians, [2]int{2001, 2003}, 2001, []int{max}},
		"nobody is barred":                         {nil, aaf.Guardians, [2]int{2001, 2003}, 2001, []int{zoe, tom, max}},
		"a child into a homonym":                   {[][2]int{{zoe, 2001}}, aaf.Pupils, [2]int{otherZoe, zoe}, 2001, nil},
		"a homonym into a child":                   {[][2]int{{zoe, 2001}}, aaf.Pupils, [2]int{zoe, otherZoe}, 2001, nil},
		"another child into the sister of a child": {[][2]int{{tom, 2003}}, aaf.Pupils, [2]int{max, zoe}, 2003, nil},
		"the sister of a child into another":       {[][2]int{{tom, 2003}}, aaf.Pupils, [2]int{zoe, max}, 2003, nil},
	} {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T, d *db.DB) {
				take(t, feeder(d), town().write(t), feed.Options{})
				for _, b := range c.barred {
					no(t, d, id(t, d, aaf.Pupils, b[0]), id(t, d, aaf.Guardians, b[1]))
				}
				before := register(t, d)
				var want []school.ID
				for _, pupil := range c.reaches {
					want = append(want, id(t, d, aaf.Pupils, pupil))
				}
				slices.Sort(want)
				tick(d)
				act := merge(t, d, id(t, d, c.category, c.pair[0]), id(t, d, c.category, c.pair[1]))
				if got := reach(t, d, id(t, d, aaf.Guardians, c.who)); !slices.Equal(got, want) {
					t.Errorf("they reach %v, want %v", got, want)
				}
				tick(d)
				take(t, feeder(d), town().write(t), feed.Options{})
				if got := reach(t, d, id(t, d, aaf.Guardians, c.who)); !slices.Equal(got, want) {
					t.Errorf("after a delivery they reach %v, want %v", got, want)
				}
				tick(d)
				if err := unmerge(t, d, act); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(before, register(t, d)); diff != "" {
					t.Errorf("undone (- before, + after): %s", diff)
				}
			})
		})
	}
}

// What a judge decided while two were one strikes both once they are two, and
// what a head ended stays ended.
func TestAJudgeDecidesWhileTwoAreOne(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), twice("20260901").write(t), feed.Options{})
		paul, twin := id(t, d, aaf.Guardians, 2001), id(t, d, aaf.Guardians, 2901)
		max, zoe := id(t, d, aaf.Pupils, 1003), id(t, d, aaf.Pupils, 1001)
		no(t, d, zoe, twin)
		tick(d)
		act := merge(t, d, paul, twin)
		tick(d)
		no(t, d, max, paul)
		change(t, d, func(tx *db.Tx) error {
			r, err := directory.Restrictions.One(tx, "pupil_id = $1", zoe)
			if err != nil {
				return err
			}
			_, err = directory.Lift(tx, zoe, r.ID)
			return err
		})
		tick(d)
		if err := unmerge(t, d, act); err != nil {
			t.Fatal(err)
		}
		for _, guardian := range []school.ID{paul, twin} {
			if got := reach(t, d, guardian); slices.Contains(got, max) {
				t.Errorf("%d reaches Max: %v", guardian, got)
			}
		}
		if got := reach(t, d, twin); !slices.Contains(got, zoe) {
			t.Errorf("what the head ended is back: %v", got)
		}
	})
}
