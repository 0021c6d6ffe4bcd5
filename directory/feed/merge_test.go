package feed_test

import (
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

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
		// A class that was given meanwhile opens only to who works in its school.
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

// no records that a judge takes all access to a pupil from a guardian.
func no(t *testing.T, d *db.DB, pupil, guardian school.ID) {
	t.Helper()
	change(t, d, func(tx *db.Tx) error {
		return directory.Restrict(tx, directory.Restriction{Pupil: pupil, Guardian: guardian, NoAccess: true, Reference: "JAF 12", From: db.At(tx.Now), RecordedBy: 1})
	})
}

// reach lists the children whom somebody reaches by any way that the register
// gives: as their guardian, or in an audience.
func reach(t *testing.T, d *db.DB, guardian school.ID) []school.ID {
	t.Helper()
	children := slices.Clone(actor(t, d, guardian, school.Guardian).Children)
	read(t, d, func(tx *db.Tx) error {
		held, err := directory.Audiences{}.Of(tx, guardian, tx.Now)
		for _, a := range held {
			if child, family := strings.CutPrefix(string(a), "family:"); family {
				pupil, err := school.ParseID(strings.Split(child, ":")[0])
				if err != nil {
					t.Errorf("the audience %s", a)
				}
				children = append(children, pupil)
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
			return directory.Lift(tx, zoe, r.ID)
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

// TestAnyWalkThroughAMerge merges two people whom nothing says to be one, lets
// deliveries come and be undone, undoes the merge, and compares the register
// with one that never knew of it.
func TestAnyWalkThroughAMerge(t *testing.T) {
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		if err := flag.Set(checks.Name, "25"); err != nil {
			t.Fatal(err)
		}
	}
	walked := 0
	rapid.Check(t, func(r *rapid.T) {
		d := walkDB(t)
		f := feeder(d)
		o := feed.Options{AcceptDepartures: true}
		at := draw(r)
		take(t, f, at.whole("20260901").write(t), o)
		category := rapid.SampledFrom([]aaf.Category{aaf.Pupils, aaf.Guardians, aaf.Staffs}).Draw(r, "category")
		var known []school.ID
		read(t, d, func(tx *db.Tx) (err error) {
			known, err = db.All(tx, db.Column[school.ID], `SELECT subject_id FROM directory_key WHERE category = $1 ORDER BY jointure`, category)
			return err
		})
		if len(known) < 2 {
			return
		}
		kept := rapid.SampledFrom(known).Draw(r, "kept")
		gone := rapid.SampledFrom(slices.DeleteFunc(slices.Clone(known), func(id school.ID) bool { return id == kept })).Draw(r, "gone")
		tick(d)
		act := merge(t, d, kept, gone)
		tick(d)
		for i := range rapid.IntRange(0, 3).Draw(r, "days") {
			date := fmt.Sprintf("202609%02d", i+2)
			next := draw(r)
			dir := next.whole(date).write(t)
			if rapid.Bool().Draw(r, "delta") {
				dir = next.since(at, date).write(t)
			}
			fed := take(t, f, dir, o)
			tick(d)
			if rapid.Bool().Draw(r, "undo") {
				if err := f.Undo(t.Context(), fed.ID); err != nil {
					r.Fatal(err)
				}
				tick(d)
				take(t, f, dir, o)
				tick(d)
			}
			at = next
		}
		if err := unmerge(t, d, act); err != nil {
			r.Fatal(err)
		}
		walked++
		tick(d)
		take(t, f, at.whole("20260910").write(t), o)
		alone := walkDB(t)
		take(t, feeder(alone), at.whole("20260910").write(t), o)
		if diff := cmp.Diff(seen(t, alone), seen(t, d)); diff != "" {
			r.Fatalf("(- without the merge, + after its undoing):\n%s", diff)
		}
		before := register(t, d)
		tick(d)
		take(t, f, at.whole("20260910").write(t), o)
		if diff := cmp.Diff(before, register(t, d)); diff != "" {
			r.Fatalf("the same delivery again changes:\n%s", diff)
		}
	})
	if walked == 0 {
		t.Error("no merge was undone")
	}
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
