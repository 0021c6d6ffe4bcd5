package feed_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
	"preau/directory/feed"
)

// A judge strikes people, and a delivery brings records: whatever it calls the
// child or the parent, who was kept away still is, until a human says that they
// are somebody else.
func TestAJudgeIsObeyedUnderAnyRecord(t *testing.T) {
	const father, mother = "2001$20", "2002$10"
	zoe := func(p *paper, guardians ...string) {
		p.gone("Eleve", 1001).pupil(1001, "Zoé Martin", "111111111AA", 412, "73001$CP - Mme Bernard", "1121$CP", guardians...)
	}
	for what, change := range map[string]func(p *paper){
		"the child under another key": func(p *paper) {
			p.gone("Eleve", 1001).pupil(1901, "Zoé Martin", "", 412, "73001$CP - Mme Bernard", "1121$CP", father, mother)
		},
		"the child under another key and another name": func(p *paper) {
			p.gone("Eleve", 1001).pupil(1901, "Zora Durand", "", 412, "73001$CP - Mme Bernard", "1121$CP", father, mother)
		},
		"the parent under another key": func(p *paper) {
			p.gone("PersRelEleve", 2001).guardian(2901, "Paul Martin", "1001")
			zoe(p, "2901$20", mother)
		},
		"the parent once more, with a longer name": func(p *paper) {
			p.guardian(2901, "Paul-Henri Martin", "1001")
			zoe(p, father, mother, "2901$20")
		},
		"the parent once more, the names swapped": func(p *paper) {
			p.guardian(2901, "Martin Paul", "1001")
			zoe(p, father, mother, "2901$20")
		},
		"both under other keys": func(p *paper) {
			p.gone("Eleve", 1001).gone("PersRelEleve", 2001).guardian(2901, "Paul Martin", "1901").
				pupil(1901, "Zoé Martin", "", 412, "73001$CP - Mme Bernard", "1121$CP", "2901$20", mother)
		},
		"both under other keys, the child born on another day, without the mother": func(p *paper) {
			attrs := pupilAttrs(1901, "Zoé Martin", "", 412, "73001$CP - Mme Bernard", "1121$CP", "2901$20")
			attrs[2][1] = "05/04/2018"
			p.gone("Eleve", 1001).gone("PersRelEleve", 2001).guardian(2901, "Paul Martin", "1901").put("Eleve", "add", 1901, attrs...)
		},
		"a sister who comes": func(p *paper) {
			p.pupil(1901, "Lou Martin", "", 412, "73001$CP - Mme Bernard", "1121$CP", father, mother)
		},
	} {
		t.Run(what, func(t *testing.T) {
			both(t, func(t *testing.T, d *db.DB) {
				f := feeder(d)
				take(t, f, lilas("20260901").write(t), feed.Options{})
				child, anne := id(t, d, aaf.Pupils, 1001), id(t, d, aaf.Guardians, 2002)
				at := actor(t, d, child, school.Pupil).Schools[0]
				for _, one := range []int{1001, 1002} {
					no(t, d, id(t, d, aaf.Pupils, one), id(t, d, aaf.Guardians, 2001))
				}
				before := reach(t, d, anne)
				tick(d)
				next := lilas("20260902")
				change(next)
				take(t, f, next.write(t), feed.Options{AcceptDepartures: true})
				var others []school.ID // of the family, but the mother
				var carried []directory.Someone
				read(t, d, func(tx *db.Tx) (err error) {
					others, err = db.All(tx, db.Column[school.ID], `SELECT DISTINCT b.guardian_id FROM directory_bond b
						JOIN directory_person p ON p.id = b.pupil_id AND p.usual_name IN ('Martin', 'Durand') WHERE b.guardian_id <> $1`, anne)
					if err != nil {
						return err
					}
					carried, err = directory.CarriedIn(tx, at)
					return err
				})
				for _, one := range others {
					if got := reach(t, d, one); len(got) > 0 {
						t.Errorf("%d reaches %v", one, got)
					}
				}
				if got := reach(t, d, anne); len(got) < len(before) && !strings.HasSuffix(what, "without the mother") {
					t.Errorf("the mother reached %d children, and reaches %d", len(before), len(got))
				}
				if len(carried) != 1 {
					t.Errorf("the head is told of %v", carried)
				}
			})
		})
	}
}

// A decision that is recorded while a delivery is applied holds on what it brings.
func TestADecisionOfMeanwhileHolds(t *testing.T) {
	d, err := db.Open(t.Context(), dbtest.URL(t)) // SQLite has one writer
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	d.Now = func() time.Time { return dbtest.Noon }
	if err := d.Migrate(t.Context(), directory.Schema(), feed.Schema()); err != nil {
		t.Fatal(err)
	}
	f := feeder(d)
	take(t, f, lilas("20260901").write(t), feed.Options{})
	zoe, paul := id(t, d, aaf.Pupils, 1001), id(t, d, aaf.Guardians, 2001)
	tick(d)
	next := lilas("20260902").gone("Eleve", 1001).
		pupil(1901, "Zoé Martin", "", 412, "73001$CP - Mme Bernard", "1121$CP", "2001$20", "2002$10")
	f.Changed = func(*db.Tx) error {
		no(t, d, zoe, paul)
		return nil
	}
	take(t, f, next.write(t), feed.Options{AcceptDepartures: true})
	again := id(t, d, aaf.Pupils, 1901)
	if again == zoe {
		t.Fatal("the child has one record")
	}
	if got := reach(t, d, paul); slices.Contains(got, again) {
		t.Errorf("the father reaches %v", got)
	}
}

// Nor does the undoing of a delivery open what a judge shut since.
func TestAnUndoingOpensNoDoorThatAJudgeShut(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		f := feeder(d)
		take(t, f, lilas("20260901").write(t), feed.Options{})
		zoe, paul := id(t, d, aaf.Pupils, 1001), id(t, d, aaf.Guardians, 2001)
		tick(d)
		next := lilas("20260902").gone("Eleve", 1001).
			pupil(1901, "Zoé Martin", "", 412, "73001$CP - Mme Bernard", "1121$CP", "2001$20", "2002$10")
		r := take(t, f, next.write(t), feed.Options{AcceptDepartures: true})
		tick(d)
		no(t, d, id(t, d, aaf.Pupils, 1901), paul)
		tick(d)
		if err := f.Undo(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
		if got := reach(t, d, paul); slices.Contains(got, zoe) {
			t.Errorf("the father reaches %v", got)
		}
	})
}
