package feed_test

import (
	"fmt"
	"testing"

	"preau/core/db"
	"preau/core/fail"
	"preau/directory/aaf"
	"preau/directory/feed"
)

// crowd is a school of n pupils, each with a guardian.
func crowd(date string, key int, uai string, n, from int) *paper {
	return into(complete(date), key, uai, n, from)
}

func into(p *paper, key int, uai string, n, from int) *paper {
	p.school(key, uai).teacher(key*10, "Alix Roux", fmt.Sprintf("alix.%d@ac.test", key), fmt.Sprint(key), fmt.Sprint(key)+teaches)
	for i := range n {
		pupil := key*1000 + from + i
		p.pupil(pupil, "Zoé Martin", "", key, fmt.Sprintf("%d$CE1", key*10+i/25), "1122$CE1", fmt.Sprintf("%d$10", pupil+500))
		p.guardian(pupil+500, "Paul Martin", fmt.Sprint(pupil))
	}
	return p
}

func TestTooManyDeparturesOfASchoolAreHeld(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		f := feeder(d)
		f.Caps.AcademyPercent = 50
		take(t, f, into(crowd("20261101", 412, "0789001K", 100, 0), 413, "0789002L", 100, 0).write(t), feed.Options{})
		// One school loses forty pupils; in the other one comes and two go.
		next := into(crowd("20261102", 412, "0789001K", 60, 0), 413, "0789002L", 99, 2).write(t)
		r := take(t, f, next, feed.Options{})
		if len(r.Held) != 1 || r.Held[0].UAI != "0789001K" || r.Held[0].People != 80 {
			t.Fatalf("held: %+v", r.Held)
		}
		if r.Pupils.Departed != 2 || r.Pupils.Added != 1 || r.Guardians.Departed != 2 {
			t.Errorf("the rest: %+v", r.Counts)
		}
		held := id(t, d, aaf.Pupils, 412080)
		if got := hats(t, d, held); len(got) == 0 {
			t.Error("somebody whose departure is held has lost their place")
		}
		var waiting []feed.Waiting
		read(t, d, func(tx *db.Tx) (err error) {
			waiting, err = feed.HoldsWaiting(tx, nil)
			return err
		})
		if len(waiting) != 1 || waiting[0].Delivery != r.ID {
			t.Fatalf("waiting: %+v", waiting)
		}
		before := snapshot(t, d)
		change(t, d, func(tx *db.Tx) error {
			n, err := f.Accept(tx, r.ID, waiting[0].School, 1)
			if n != 80 {
				t.Errorf("%d departures accepted", n)
			}
			return err
		})
		if got := hats(t, d, held); got != nil {
			t.Errorf("accepted, and still wears %v", got)
		}
		change(t, d, func(tx *db.Tx) error {
			if _, err := f.Accept(tx, r.ID, waiting[0].School, 1); !fail.Is(err, fail.NotFound) {
				t.Errorf("accepted twice: %v", err)
			}
			return nil
		})
		if err := f.Undo(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
		if len(snapshot(t, d)["directory_person"]) != len(before["directory_person"])-2 || len(hats(t, d, held)) == 0 {
			t.Error("the accepted departures are not undone with the delivery")
		}
	})
}

// What is held is weighed again by the next complete delivery, and somebody
// whom a delta names is not let go.
func TestWhatIsHeldFollowsTheNextDelivery(t *testing.T) {
	waiting := func(t *testing.T, d *db.DB) (list []feed.Waiting) {
		t.Helper()
		read(t, d, func(tx *db.Tx) (err error) {
			list, err = feed.HoldsWaiting(tx, nil)
			return err
		})
		return list
	}
	both(t, func(t *testing.T, d *db.DB) {
		f := feeder(d)
		f.Caps.AcademyPercent = 50
		whole := crowd("20261103", 412, "0789001K", 100, 0).write(t)
		take(t, f, crowd("20261101", 412, "0789001K", 100, 0).write(t), feed.Options{})
		take(t, f, crowd("20261102", 412, "0789001K", 80, 0).write(t), feed.Options{})
		if got := waiting(t, d); len(got) != 1 {
			t.Fatalf("waiting: %+v", got)
		}
		take(t, f, whole, feed.Options{})
		if got := waiting(t, d); len(got) != 0 {
			t.Errorf("everybody is back, and still waits: %+v", got)
		}
		r := take(t, f, crowd("20261104", 412, "0789001K", 80, 0).write(t), feed.Options{})
		take(t, f, delta("20261105").put("Eleve", "modify", 412090, []string{"ENTEleveNiveau", "1123$CE2"}).put("Eleve", "delete", 412001).write(t), feed.Options{})
		list := waiting(t, d)
		if len(list) != 1 {
			t.Fatalf("a delta about others ended the hold: %+v", list)
		}
		change(t, d, func(tx *db.Tx) error {
			n, err := f.Accept(tx, r.ID, list[0].School, 1)
			if n != 39 {
				t.Errorf("%d let go, want the forty but the one whom the delta named", n)
			}
			return err
		})
		if got := hats(t, d, id(t, d, aaf.Pupils, 412090)); len(got) != 1 {
			t.Errorf("named by the delta, and wears %v", got)
		}
	})
}

func TestTooManyDeparturesOfAllAreRefused(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), crowd("20261101", 412, "0789001K", 100, 0).write(t), feed.Options{})
		next := crowd("20261102", 412, "0789001K", 40, 0).write(t)
		if got := refused(t, d, next, feed.Options{}); got != feed.TooManyDepartures {
			t.Errorf("refused for %s", got)
		}
		r := take(t, feeder(d), next, feed.Options{AcceptDepartures: true})
		if r.Pupils.Departed != 60 || r.Guardians.Departed != 60 || len(r.Held) != 0 {
			t.Errorf("accepted: %+v", r)
		}
		// They come back as they were.
		gone := id(t, d, aaf.Pupils, 412080)
		back := take(t, feeder(d), crowd("20261103", 412, "0789001K", 100, 0).write(t), feed.Options{})
		if back.Pupils.Added != 60 || back.Pupils.Unchanged != 40 || len(hats(t, d, gone)) != 1 {
			t.Errorf("back: %+v, %v", back.Counts, hats(t, d, gone))
		}
	})
}

func TestTheEndOfPrimarySchoolIsExpected(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		first := complete("20260620").school(412, "0789001K")
		for i := range 60 {
			first.pupil(5000+i, "Tom Martin", "", 412, "73001$CM2", "1125$CM2", fmt.Sprintf("%d$10", 6000+i))
			first.guardian(6000+i, "Paul Martin", fmt.Sprint(5000+i))
			first.pupil(7000+i, "Zoé Martin", "", 412, "73002$CP", "1121$CP", fmt.Sprintf("%d$10", 8000+i))
			first.guardian(8000+i, "Anne Martin", fmt.Sprint(7000+i))
		}
		first.put("PersEducNat", "add", 1, []string{"ENTPersonJointure", "1"}, []string{"ENTPersonNom", "X"}, []string{"ENTPersonPrenom", "Y"},
			[]string{"ENTPersonFonctions", "412" + teaches}, []string{"ENTPersonCategorieEnseignant", "O"})
		take(t, feeder(d), first.write(t), feed.Options{})
		next := complete("20260901").school(412, "0789001K")
		next.records["PersEducNat"] = first.records["PersEducNat"]
		for i := range 60 {
			next.pupil(7000+i, "Zoé Martin", "", 412, "73003$CE1", "1122$CE1", fmt.Sprintf("%d$10", 8000+i))
			next.guardian(8000+i, "Anne Martin", fmt.Sprint(7000+i))
		}
		r := take(t, feeder(d), next.write(t), feed.Options{})
		if r.Pupils.Departed != 60 || r.Guardians.Departed != 60 || r.Pupils.Changed != 60 || len(r.Held) != 0 {
			t.Errorf("%+v", r)
		}
	})
}

func TestAbsenceCountsOnlyInTheDelivery(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), lilas("20260901").write(t), feed.Options{})
		only := complete("20260902").school(413, "0789002L").
			pupil(1002, "Tom Martin", "111111111BB", 413, "73002$CM2", "1125$CM2", "2001$20", "2002$10").
			guardian(2001, "Paul Martin", "1002").guardian(2002, "Anne Durand", "1002").
			teacher(3002, "Alix Roux", "alix.roux@ac.test", "413", "413"+teaches)
		r := take(t, feeder(d), only.write(t), feed.Options{})
		if r.Pupils.Departed+r.Staff.Departed+r.Guardians.Departed != 0 {
			t.Errorf("%+v", r.Counts)
		}
		if got := hats(t, d, id(t, d, aaf.Pupils, 1001)); len(got) != 1 {
			t.Errorf("Zoé's school is not in the delivery, and she wears %v", got)
		}
	})
}
