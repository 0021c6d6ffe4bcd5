package feed_test

import (
	"errors"
	"slices"
	"strings"
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

// A merge that is undone leaves the register as it was, whether deliveries
// came between or not; nothing is split, nothing doubled, and the same
// delivery again changes nothing.
func TestUndoingAMergeLeavesWhatWasThere(t *testing.T) {
	for name, between := range map[string]func(t *testing.T, d *db.DB){
		"nothing between":           func(*testing.T, *db.DB) {},
		"the same delivery between": func(t *testing.T, d *db.DB) { take(t, feeder(d), twice("20260902").write(t), feed.Options{}) },
	} {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T, d *db.DB) {
				take(t, feeder(d), twice("20260901").write(t), feed.Options{})
				paul, twin := id(t, d, aaf.Guardians, 2001), id(t, d, aaf.Guardians, 2901)
				before := register(t, d)
				tick(d)
				act := merge(t, d, paul, twin)
				if a := actor(t, d, paul, school.Guardian); len(a.Children) != 3 {
					t.Errorf("merged, Paul holds %+v", a)
				}
				between(t, d)
				if id(t, d, aaf.Guardians, 2901) != paul || count(t, d, `SELECT count(*) FROM directory_person WHERE id = $1`, twin) != 0 {
					t.Error("a delivery split them")
				}
				if n := count(t, d, `SELECT count(*) FROM directory_bond WHERE guardian_id = $1`, paul); n != 3 {
					t.Errorf("%d bonds of three children", n)
				}
				tick(d)
				if err := unmerge(t, d, act); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(before, register(t, d)); diff != "" {
					t.Errorf("undone (- before, + after): %s", diff)
				}
				tick(d)
				for _, date := range []string{"20260903", "20260903"} {
					r := take(t, feeder(d), twice(date).write(t), feed.Options{})
					if c := r.Counts; c.Guardians.Added+c.Guardians.Changed+c.Guardians.Departed+c.Bonds.Added+c.Bonds.Changed+c.Bonds.Departed+c.Pupils.Changed != 0 {
						t.Errorf("the same people again: %+v", c)
					}
					if diff := cmp.Diff(before, register(t, d)); diff != "" {
						t.Errorf("fed again (- before, + after): %s", diff)
					}
				}
				change(t, d, func(tx *db.Tx) error {
					list, err := directory.Proposals.All(tx, "decision <> $1", directory.Apart)
					if len(list) != 0 {
						t.Errorf("proposed again: %+v", list)
					}
					return err
				})
				if err := unmerge(t, d, act); !fail.Is(err, fail.Conflict) {
					t.Errorf("undone twice: %v", err)
				}
			})
		})
	}
}

// What each record says between a merge and its undoing is its own: places
// that change, a record that leaves, one whose words are now the other's.
func TestDeliveriesBetweenAMergeAndItsUndoing(t *testing.T) {
	for name, next := range map[string]func(date string) *paper{
		"a child more for the first": func(date string) *paper {
			return twice(date).pupil(1004, "Léo Martin", "111111111DD", 412, "73001$CP - Mme Bernard", "1121$CP", "2001$20")
		},
		"the second leaves": func(date string) *paper {
			p := twice(date)
			p.records["Eleve"][0] = record{"add", 1001, pupilAttrs(1001, "Zoé Martin", "111111111AA", 412, "73001$CP - Mme Bernard", "1121$CP", "2002$10")}
			p.records["Eleve"][2] = record{"add", 1003, pupilAttrs(1003, "Max Petit", "111111111CC", 412, "73001$CP - Mme Bernard", "1121$CP", "2001$20")}
			p.records["PersRelEleve"] = slices.DeleteFunc(p.records["PersRelEleve"], func(r record) bool { return r.key == 2901 })
			return p
		},
		"the first leaves": func(date string) *paper {
			p := twice(date)
			p.records["Eleve"][1] = record{"add", 1002, pupilAttrs(1002, "Tom Martin", "111111111BB", 413, "73002$CM2", "1125$CM2", "2002$10")}
			p.records["Eleve"][2] = record{"add", 1003, pupilAttrs(1003, "Max Petit", "111111111CC", 412, "73001$CP - Mme Bernard", "1121$CP", "2901$20")}
			p.records["PersRelEleve"] = slices.DeleteFunc(p.records["PersRelEleve"], func(r record) bool { return r.key == 2001 })
			return p
		},
		"another address": func(date string) *paper {
			p := twice(date)
			for _, rank := range []int{0, 1} {
				p.records["PersRelEleve"][rank].attrs[9] = []string{"ENTPersonMail", []string{"a@b.test", "c@d.test"}[rank]}
			}
			return p
		},
	} {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T, d *db.DB) {
				take(t, feeder(d), twice("20260901").write(t), feed.Options{})
				paul, twin := id(t, d, aaf.Guardians, 2001), id(t, d, aaf.Guardians, 2901)
				tick(d)
				act := merge(t, d, paul, twin)
				tick(d)
				take(t, feeder(d), next("20260902").write(t), feed.Options{AcceptDepartures: true})
				tick(d)
				if err := unmerge(t, d, act); err != nil {
					t.Fatal(err)
				}
				here := seenBy(t, d, paul, twin)
				tick(d)
				// The next delivery says it all again: it has next to nothing to mend.
				take(t, feeder(d), next("20260903").write(t), feed.Options{AcceptDepartures: true})
				alone := walkDB(t)
				take(t, feeder(alone), next("20260903").write(t), feed.Options{})
				if diff := cmp.Diff(seen(t, alone), seen(t, d)); diff != "" {
					t.Errorf("(- without the merge, + after its undoing): %s", diff)
				}
				for _, guardian := range []school.ID{paul, twin} {
					for _, child := range here[guardian] {
						if now := actor(t, d, guardian, school.Guardian); !slices.Contains(now.Children, child) && name == "another address" {
							t.Errorf("%d reached %d between the undoing and the delivery", guardian, child)
						}
					}
				}
			})
		})
	}
}

func seenBy(t *testing.T, d *db.DB, people ...school.ID) map[school.ID][]school.ID {
	t.Helper()
	all := map[school.ID][]school.ID{}
	for _, person := range people {
		all[person] = actor(t, d, person, school.Guardian).Children
	}
	return all
}

// A child whom a delivery brought while the two were one is of whom the human
// says; unsaid, of the one who was kept.
func TestAChildWhoCameBetween(t *testing.T) {
	for name, toGone := range map[string]bool{"to the one who was kept": false, "to the other": true} {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T, d *db.DB) {
				take(t, feeder(d), twice("20260901").write(t), feed.Options{})
				paul, twin := id(t, d, aaf.Guardians, 2001), id(t, d, aaf.Guardians, 2901)
				tick(d)
				act := merge(t, d, paul, twin)
				tick(d)
				take(t, feeder(d), delta("20260902").pupil(1004, "Léo Martin", "111111111DD", 412, "73001$CP - Mme Bernard", "1121$CP", "2901$20").write(t), feed.Options{})
				leo := id(t, d, aaf.Pupils, 1004)
				var given []school.ID
				read(t, d, func(tx *db.Tx) error {
					s, err := feeder(d).Undoable(tx, act.ID)
					if err != nil {
						return err
					}
					since, err := s.Since(tx)
					if len(since) != 1 || since[0].ID != leo {
						t.Errorf("since the merge: %+v", since)
					}
					return err
				})
				if toGone {
					given = append(given, leo)
				}
				tick(d)
				if err := unmerge(t, d, act, given...); err != nil {
					t.Fatal(err)
				}
				has := slices.Contains(actor(t, d, twin, school.Guardian).Children, leo)
				if has != toGone || slices.Contains(actor(t, d, paul, school.Guardian).Children, leo) == toGone {
					t.Errorf("Léo is of the other one: %v, want %v", has, toGone)
				}
			})
		})
	}
}

// A delivery that came between the merge and its undoing can be undone after:
// its images give nothing back to the wrong one.
func TestUndoingADeliveryAfterTheUndoingOfAMerge(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), twice("20260901").write(t), feed.Options{})
		paul, twin := id(t, d, aaf.Guardians, 2001), id(t, d, aaf.Guardians, 2901)
		before := register(t, d)
		zoe := id(t, d, aaf.Pupils, 1001)
		tick(d)
		act := merge(t, d, paul, twin)
		tick(d)
		// Zoé's father loses her, and his telephone changes.
		next := twice("20260902")
		next.records["Eleve"][0] = record{"add", 1001, pupilAttrs(1001, "Zoé Martin", "111111111AA", 412, "73001$CP - Mme Bernard", "1121$CP", "2002$10")}
		next.records["PersRelEleve"][1].attrs[9] = []string{"ENTPersonMail", "c@d.test"}
		r := take(t, feeder(d), next.write(t), feed.Options{})
		tick(d)
		if err := unmerge(t, d, act); err != nil {
			t.Fatal(err)
		}
		if a := actor(t, d, twin, school.Guardian); slices.Contains(a.Children, zoe) {
			t.Errorf("what a delivery ended is open again: %+v", a)
		}
		if err := feeder(d).Undo(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, register(t, d)); diff != "" {
			t.Errorf("(- before, + after): %s", diff)
		}
		if a := actor(t, d, paul, school.Guardian); slices.Contains(a.Children, zoe) {
			t.Errorf("Paul, who never was Zoé's guardian, holds %+v", a)
		}
		tick(d)
		take(t, feeder(d), twice("20260903").write(t), feed.Options{})
		if diff := cmp.Diff(before, register(t, d)); diff != "" {
			t.Errorf("fed again (- before, + after): %s", diff)
		}
	})
}

// What cannot be put back is refused, and nothing moves.
func TestAMergeThatCannotBeUndone(t *testing.T) {
	for name, c := range map[string]struct {
		since func(t *testing.T, d *db.DB, f *feed.Feeder, first feed.Result, paul, twin school.ID)
		key   string
	}{
		"another merge came after": {func(t *testing.T, d *db.DB, _ *feed.Feeder, _ feed.Result, paul, _ school.ID) {
			merge(t, d, paul, id(t, d, aaf.Guardians, 2002))
		}, "directory.unmerge-later"},
		"the person went into another": {func(t *testing.T, d *db.DB, _ *feed.Feeder, _ feed.Result, paul, _ school.ID) {
			merge(t, d, id(t, d, aaf.Guardians, 2002), paul)
		}, "directory.unmerge-later"},
		"too late": {func(t *testing.T, d *db.DB, _ *feed.Feeder, _ feed.Result, _, _ school.ID) {
			now := d.Now().Add(directory.MergeUndoable + time.Minute)
			d.Now = func() time.Time { return now }
		}, "directory.unmerge-old"},
		"erased": {func(t *testing.T, d *db.DB, _ *feed.Feeder, _ feed.Result, _, twin school.ID) {
			change(t, d, func(tx *db.Tx) error {
				_, err := tx.Exec(`DELETE FROM directory_merge_image WHERE subject_id = $1`, twin)
				return err
			})
		}, "directory.unmerge-erased"},
		"a delivery of before was undone": {func(t *testing.T, d *db.DB, f *feed.Feeder, last feed.Result, _, _ school.ID) {
			if err := f.Undo(t.Context(), last.ID); err != nil {
				t.Fatal(err)
			}
		}, "feed.unmerge-undone"},
	} {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T, d *db.DB) {
				f := feeder(d)
				take(t, f, twice("20260901").write(t), feed.Options{})
				last := take(t, f, twice("20260902").write(t), feed.Options{})
				paul, twin := id(t, d, aaf.Guardians, 2001), id(t, d, aaf.Guardians, 2901)
				tick(d)
				act := merge(t, d, paul, twin)
				tick(d)
				c.since(t, d, f, last, paul, twin)
				before := snapshot(t, d)
				if err := unmerge(t, d, act); !fail.Is(err, fail.Conflict) || !strings.Contains(said(err), c.key) {
					t.Errorf("%v says %q", err, said(err))
				}
				if diff := cmp.Diff(before, snapshot(t, d)); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// said is the key of what an error says to people.
func said(err error) string {
	var e *fail.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return ""
}

// A pupil in two records of one class: each has the place again that its
// record says, and who left meanwhile has none.
func TestAPupilInTwoRecords(t *testing.T) {
	both2 := func(date string, first, second bool) *paper {
		p := complete(date).school(412, "0789001K").school(413, "0789002L").
			pupil(1002, "Tom Martin", "111111111BB", 413, "73002$CM2", "1125$CM2", "2001$20").
			guardian(2001, "Paul Martin", "1002").guardian(2003, "Eva Gros", "1002").
			teacher(3001, "Claire Bernard", "claire.bernard@ac.test", "", "412"+teaches)
		if first {
			p.pupil(1009, "Lea Gros", "111111111ZZ", 412, "73001$CP", "1121$CP", "2003$10")
		}
		if second {
			p.pupil(1010, "Lea Gros", "", 412, "73001$CP", "1121$CP", "2001$20", "2003$10")
		}
		return p
	}
	for name, c := range map[string]struct{ first, second bool }{
		"both stay": {true, true}, "the second leaves": {true, false}, "the first leaves": {false, true},
	} {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T, d *db.DB) {
				take(t, feeder(d), both2("20260901", true, true).write(t), feed.Options{})
				lea, twin := id(t, d, aaf.Pupils, 1009), id(t, d, aaf.Pupils, 1010)
				before := register(t, d)
				tick(d)
				act := merge(t, d, lea, twin)
				if n := count(t, d, `SELECT count(*) FROM directory_enrolment WHERE person_id = $1 AND until_at IS NULL`, lea); n != 1 {
					t.Errorf("merged, she is enrolled %d times", n)
				}
				tick(d)
				take(t, feeder(d), both2("20260902", c.first, c.second).write(t), feed.Options{AcceptDepartures: true})
				if got := hats(t, d, lea); len(got) != 1 {
					t.Errorf("one of her records left, and she wears %v", got)
				}
				tick(d)
				if err := unmerge(t, d, act); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(before, register(t, d)); c.first && c.second && diff != "" {
					t.Errorf("(- before, + after): %s", diff)
				}
				for person, stays := range map[school.ID]bool{lea: c.first, twin: c.second} {
					a := actor(t, d, person, school.Pupil)
					if (len(a.Schools) == 1) != stays || (len(a.Classes) == 1) != stays {
						t.Errorf("%d holds %+v, stays %v", person, a, stays)
					}
					if n := count(t, d, `SELECT count(*) FROM directory_membership WHERE person_id = $1 AND until_at IS NULL`, person); (n == 1) != stays {
						t.Errorf("%d is in %d classes, stays %v", person, n, stays)
					}
				}
				tick(d)
				take(t, feeder(d), both2("20260903", c.first, c.second).write(t), feed.Options{AcceptDepartures: true})
				alone := walkDB(t)
				take(t, feeder(alone), both2("20260903", c.first, c.second).write(t), feed.Options{})
				if diff := cmp.Diff(seen(t, alone), seen(t, d)); diff != "" {
					t.Errorf("(- without the merge, + after its undoing): %s", diff)
				}
			})
		})
	}
}

// A teacher who is a parent: the post and the children part again.
func TestATeacherWhoWasNotTheParent(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		p := func(date string) *paper {
			return lilas(date).guardian(2003, "Claire Bernard", "1003").put("Eleve", "add", 1003,
				pupilAttrs(1003, "Max Petit", "111111111CC", 412, "73001$CP - Mme Bernard", "1121$CP", "2003$10")...)
		}
		first := p("20260901")
		first.records["Eleve"] = slices.Delete(first.records["Eleve"], 2, 3)
		take(t, feeder(d), first.write(t), feed.Options{})
		claire, mother, zoe := id(t, d, aaf.Staffs, 3001), id(t, d, aaf.Guardians, 2003), id(t, d, aaf.Pupils, 1001)
		class := actor(t, d, zoe, school.Pupil).Classes[0]
		before := register(t, d)
		tick(d)
		act := merge(t, d, mother, claire)
		if got := hats(t, d, mother); len(got) != 2 {
			t.Errorf("merged, she wears %v", got)
		}
		tick(d)
		change(t, d, func(tx *db.Tx) error {
			return directory.Attach(tx, directory.Attachment{Class: class, Teacher: mother, By: 1})
		})
		if err := unmerge(t, d, act); err != nil {
			t.Fatal(err)
		}
		if got := hats(t, d, mother); !slices.Equal(got, []school.Profile{school.Guardian}) {
			t.Errorf("undone, the mother wears %v", got)
		}
		if got := hats(t, d, claire); !slices.Equal(got, []school.Profile{school.Teacher}) {
			t.Errorf("undone, the teacher wears %v", got)
		}
		// A class that was given meanwhile opens only to whoever works in its school.
		if a := actor(t, d, mother, school.Guardian); slices.Contains(a.Classes, class) && !slices.Contains(a.Children, zoe) && len(a.Children) != 1 {
			t.Errorf("the mother holds %+v", a)
		}
		if a := actor(t, d, mother, school.Teacher); len(a.Classes)+len(a.Schools) != 0 {
			t.Errorf("the mother holds, as a teacher, %+v", a)
		}
		if a := actor(t, d, claire, school.Teacher); !slices.Contains(a.Classes, class) {
			t.Errorf("the class given meanwhile is not the teacher's: %+v", a)
		}
		delete(before, "directory_membership")
		after := register(t, d)
		delete(after, "directory_membership")
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("(- before, + after): %s", diff)
		}
	})
}

// An interim that is proposed to one of two goes to whoever stays, and back; one that
// was proposed since is of whoever stayed.
func TestAnInterimThatIsProposedGoesAndComesBack(t *testing.T) {
	for name, again := range map[string]bool{"the same": false, "another since": true} {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T, d *db.DB) {
				take(t, feeder(d), twice("20260901").write(t), feed.Options{})
				paul, twin := id(t, d, aaf.Guardians, 2001), id(t, d, aaf.Guardians, 2901)
				propose := func(person school.ID) {
					change(t, d, func(tx *db.Tx) error {
						return directory.Propose(tx, directory.Interim{School: 7, Person: person, Usual: "Martin", From: db.At(tx.Now), Until: db.At(tx.Now.AddDate(0, 1, 0))})
					})
				}
				proposed := func() int { return count(t, d, `SELECT person_id FROM directory_interim WHERE school_id = 7`) }
				propose(twin)
				before := register(t, d)
				tick(d)
				act := merge(t, d, paul, twin)
				if proposed() != int(paul) {
					t.Errorf("merged, it is proposed to %d", proposed())
				}
				tick(d)
				want := twin
				if again {
					propose(paul)
					want = paul
				}
				if err := unmerge(t, d, act); err != nil {
					t.Fatal(err)
				}
				if proposed() != int(want) {
					t.Errorf("undone, it is proposed to %d, want %d", proposed(), want)
				}
				if diff := cmp.Diff(before, register(t, d)); !again && diff != "" {
					t.Errorf("(- before, + after): %s", diff)
				}
			})
		})
	}
}
