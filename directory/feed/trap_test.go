package feed_test

import (
	"slices"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
	"preau/directory/feed"
)

// named puts a school of a commune.
func named(p *paper, key int, uai, commune string) *paper {
	p.school(key, uai)
	list := p.records["EtabEducNat"]
	for _, a := range list[len(list)-1].attrs {
		if a[0] == "ENTEcoleCommune" {
			a[1] = "78999$" + commune + "$078"
		}
	}
	return p
}

// count answers a query that counts.
func count(t *testing.T, d *db.DB, q string, args ...any) (n int) {
	t.Helper()
	read(t, d, func(tx *db.Tx) (err error) { n, err = db.One(tx, db.Column[int], q, args...); return err })
	return n
}

func TestACommuneSpelledInTwoWays(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		one := named(lilas("20260901"), 420, "0789003M", "SAINT DENIS")
		take(t, feeder(d), one.write(t), feed.Options{})
		r := take(t, feeder(d), one.write(t), feed.Options{})
		if n := count(t, d, `SELECT count(*) FROM feed_image WHERE feed_id = $1`, r.ID); n != 0 {
			t.Errorf("the same delivery again overwrote %d rows", n)
		}
		take(t, feeder(d), named(one, 430, "0789004N", "ST DENIS").write(t), feed.Options{})
	})
}

func TestAGuardianWhoComesADayLater(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), lilas("20260901").write(t), feed.Options{})
		r := take(t, feeder(d), lilas("20260902").guardian(2999, "Lou Petit", "1003").write(t), feed.Options{})
		if got := hats(t, d, id(t, d, aaf.Guardians, 2999)); len(got) == 0 {
			t.Errorf("guardian 2999 came, and is nobody's guardian: hats %v, bonds %+v", got, r.Bonds)
		}
	})
}

func TestAPartialModificationAfterTheTurnOfTheYear(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), lilas("20260615").write(t), feed.Options{})
		d.Now = func() time.Time { return day.AddDate(0, 0, 10) }
		take(t, feeder(d), delta("20260805").put("Eleve", "modify", 1001, []string{"ENTEleveRestaurantScolaire", "N"}).write(t), feed.Options{})
		a := actor(t, d, id(t, d, aaf.Pupils, 1001), school.Pupil)
		if len(a.Schools) == 0 {
			t.Errorf("a canteen change in August took Zoé out of school: %+v", a)
		}
	})
}

func TestAMistypedINEFusesNobody(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), lilas("20260901").write(t), feed.Options{})
		take(t, feeder(d), delta("20260902").
			pupil(1999, "Hugo Autre", "111111111AA", 413, "73002$CM2", "1125$CM2", "2998$10").guardian(2998, "Eve Autre", "1999").write(t), feed.Options{})
		if id(t, d, aaf.Pupils, 1001) == id(t, d, aaf.Pupils, 1999) {
			a := actor(t, d, id(t, d, aaf.Guardians, 2998), school.Guardian)
			t.Errorf("two live pupils became one; the stranger's guardian holds %+v", a)
			a = actor(t, d, id(t, d, aaf.Pupils, 1999), school.Pupil)
			t.Errorf("pupil %+v", a)
		}
	})
}

func TestASharedMailRecognisesNobody(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		const ce = "ce.0789001K@ac.test"
		base := func(date string) *paper { return lilas(date) }
		take(t, feeder(d), base("20260901").teacher(3100, "Old Teacher", ce, "", "412"+teaches).write(t), feed.Options{})
		old := id(t, d, aaf.Staffs, 3100)
		take(t, feeder(d), base("20260902").
			teacher(3101, "New Unrelated", ce, "", "412"+teaches).
			teacher(3102, "Third Person", ce, "", "412"+teaches).write(t), feed.Options{})
		for _, k := range []int{3101, 3102} {
			if id(t, d, aaf.Staffs, k) == old {
				read(t, d, func(tx *db.Tx) error {
					s, err := directory.Get(tx, old)
					t.Errorf("key %d took the person (and login) of Old Teacher: now %s", k, s.Name())
					return err
				})
			}
		}
	})
}

func TestATeacherWhoIsAParentLeaves(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		base := func(date string) *paper { return lilas(date) }
		take(t, feeder(d), base("20260901").pupil(1009, "Lea Gros", "111111111ZZ", 412, "73001$CP - Mme Bernard", "1121$CP", "2009$20").
			guardian(2009, "Ana Gros", "1009").teacher(3009, "Ana Gros", "ana@ac.test", "", "412"+teaches).write(t), feed.Options{})
		staff := id(t, d, aaf.Staffs, 3009)
		change(t, d, func(tx *db.Tx) error { return directory.Merge(tx, staff, id(t, d, aaf.Guardians, 2009)) })
		take(t, feeder(d), base("20260902").write(t), feed.Options{})
		if n := count(t, d, `SELECT count(*) FROM directory_person WHERE id=$1 AND departed_at IS NOT NULL`, staff); n == 0 {
			t.Errorf("everything of the teacher-parent is closed (hats %v), and they never departed: never erased", hats(t, d, staff))
		}
	})
}

func TestMergedGuardiansLeaveAndComeBack(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		base := func(date string) *paper { return lilas(date) }
		take(t, feeder(d), base("20260901").pupil(1009, "Lea Gros", "111111111ZZ", 412, "73001$CP - Mme Bernard", "1121$CP", "2009$20", "2010$20").
			guardian(2009, "Ana Gros", "1009").guardian(2010, "Ana Gros", "1009").write(t), feed.Options{})
		a, b := id(t, d, aaf.Guardians, 2009), id(t, d, aaf.Guardians, 2010)
		change(t, d, func(tx *db.Tx) error { return directory.Merge(tx, a, b) })
		r := take(t, feeder(d), base("20260902").write(t), feed.Options{})
		if r.Guardians.Departed != 1 {
			t.Errorf("one person departed %d times", r.Guardians.Departed)
		}
		d.Now = func() time.Time { return day.AddDate(0, 0, 10) }
		take(t, feeder(d), base("20260903").pupil(1009, "Lea Gros", "111111111ZZ", 412, "73001$CP - Mme Bernard", "1121$CP", "2009$20", "2010$20").
			guardian(2009, "Ana Gros", "1009").guardian(2010, "Ana Gros", "1009").write(t), feed.Options{})
	})
}

func TestAFunctionByHandKeepsNoOther(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), lilas("20260901").write(t), feed.Options{})
		claire := id(t, d, aaf.Staffs, 3001)
		change(t, d, func(tx *db.Tx) error {
			at, err := directory.StructureByRef(tx, "commune:78999")
			if err != nil {
				return err
			}
			_, err = directory.Appoint(tx, directory.Appointment{Person: claire, Structure: at.ID, Template: "municipal", Reason: "x"})
			return err
		})
		next := lilas("20260902")
		next.records["PersEducNat"] = slices.DeleteFunc(next.records["PersEducNat"], func(r record) bool { return r.key == 3001 })
		take(t, feeder(d), next.write(t), feed.Options{})
		if got := hats(t, d, claire); slices.Contains(got, school.Teacher) {
			t.Errorf("Claire is in no delivery any more and still teaches: %v", got)
		}
	})
}

func TestWhoIsBackIsNotLetGo(t *testing.T) {
	for _, how := range []string{"same key, same words", "new key, same INE"} {
		t.Run(how, func(t *testing.T) {
			both(t, func(t *testing.T, d *db.DB) {
				f := feeder(d)
				f.Caps.AcademyPeople = 1000
				const ine = "999999999XX"
				two := func(date string, n int) *paper {
					p := into(crowd(date, 412, "0789001K", n, 0), 413, "0789002L", 200, 1000)
					for i, x := range p.records["Eleve"] {
						if x.key == 412099 {
							p.records["Eleve"][i].attrs[1] = []string{"ENTEleveINE", ine}
						}
					}
					return p
				}
				take(t, f, two("20260101", 100).write(t), feed.Options{})
				r := take(t, f, two("20260102", 60).write(t), feed.Options{})
				if len(r.Held) != 1 {
					t.Fatalf("held %+v", r.Held)
				}
				var who school.ID
				var rec record
				for _, x := range two("20260102", 100).records["Eleve"] {
					if x.attrs[4][1] == "412" {
						rec = x
					}
				}
				who = id(t, d, aaf.Pupils, rec.key)
				key := rec.key
				if how != "same key, same words" {
					key = 99999
					rec.attrs = slices.Clone(rec.attrs)
					rec.attrs[1] = []string{"ENTEleveINE", ine}
					rec.attrs[0] = []string{"ENTPersonJointure", "99999"}
				}
				take(t, f, delta("20260103").put("Eleve", "add", key, rec.attrs...).write(t), feed.Options{})
				if got := id(t, d, aaf.Pupils, key); got != who {
					t.Fatalf("not matched: %d %d", got, who)
				}
				change(t, d, func(tx *db.Tx) error {
					at, err := directory.StructureByRef(tx, "uai:0789001K")
					if err != nil {
						return err
					}
					_, err = f.Accept(tx, r.ID, at.ID, 0)
					return err
				})
				if got := hats(t, d, who); len(got) == 0 {
					t.Errorf("delivered again since, and departed by Accept: %v", got)
				}
			})
		})
	}
}

func TestANewKeyThenTheOldOneDeleted(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), lilas("20260901").write(t), feed.Options{})
		take(t, feeder(d), delta("20260902").pupil(1999, "Zoé Martin", "111111111AA", 412, "73001$CP - Mme Bernard", "1121$CP", "2001$20", "2002$10").write(t), feed.Options{})
		take(t, feeder(d), delta("20260903").put("Eleve", "delete", 1001).write(t), feed.Options{})
		zoe := id(t, d, aaf.Pupils, 1999)
		a := actor(t, d, zoe, school.Pupil)
		g := actor(t, d, id(t, d, aaf.Guardians, 2001), school.Guardian)
		if len(a.Schools) == 0 || len(g.Children) != 2 {
			t.Errorf("live under 1999, but holds %+v; her father holds %+v", a, g)
		}
	})
}

func TestAPartialModificationOfATeacher(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), lilas("20260901").write(t), feed.Options{})
		take(t, feeder(d), delta("20260902").put("PersEducNat", "modify", 3001, []string{"ENTPersonFonctions", "413" + teaches}).write(t), feed.Options{})
		got := hats(t, d, id(t, d, aaf.Staffs, 3001))
		if !slices.Contains(got, school.Teacher) || len(got) != 1 {
			t.Errorf("a teacher whose functions were modified is %v", got)
		}
	})
}

func TestMergingRowsWithOneKey(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		with := func(date string) *paper {
			return lilas(date).pupil(1009, "Lea Gros", "111111111ZZ", 412, "73001$CP - Mme Bernard", "1121$CP", "2009$20", "2010$20").
				guardian(2009, "Ana Gros", "1009").guardian(2010, "Ana Gros", "1009")
		}
		take(t, feeder(d), with("20260901").write(t), feed.Options{})
		// the first of the two records is named no more
		next := lilas("20260902").pupil(1009, "Lea Gros", "111111111ZZ", 412, "73001$CP - Mme Bernard", "1121$CP", "2010$20").
			guardian(2009, "Ana Gros", "1009").guardian(2010, "Ana Gros", "1009")
		take(t, feeder(d), next.write(t), feed.Options{})
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			return directory.Merge(tx, id(t, d, aaf.Guardians, 2009), id(t, d, aaf.Guardians, 2010))
		})
		if err != nil {
			t.Errorf("merge: %v", err)
		}
	})
}

func TestUndoingKeepsTheElderOfTheMerged(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), lilas("20260901").write(t), feed.Options{})
		r := take(t, feeder(d), lilas("20260902").teacher(3050, "Paul Martin", "paul.m@ac.test", "", "412"+teaches).write(t), feed.Options{})
		paul, prof := id(t, d, aaf.Guardians, 2001), id(t, d, aaf.Staffs, 3050)
		change(t, d, func(tx *db.Tx) error { return directory.Merge(tx, prof, paul) })
		if err := feeder(d).Undo(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
		if got := hats(t, d, id(t, d, aaf.Guardians, 2001)); len(got) == 0 {
			t.Errorf("undo erased the merged person, a guardian since before: hats %v, rows %d", got, count(t, d, `SELECT count(*) FROM directory_person WHERE id=$1`, prof))
		}
	})
}

func TestUndoingSplitsNobody(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		first := func(date string) *paper {
			return lilas(date).teacher(3050, "Paul Martin", "paul.m@ac.test", "", "412"+teaches)
		}
		take(t, feeder(d), first("20260901").write(t), feed.Options{})
		paul, prof := id(t, d, aaf.Guardians, 2001), id(t, d, aaf.Staffs, 3050)
		r := take(t, feeder(d), delta("20260902").put("PersRelEleve", "modify", 2001, []string{"ENTPersonMail", "a@b.test"}).write(t), feed.Options{})
		change(t, d, func(tx *db.Tx) error { return directory.Merge(tx, prof, paul) })
		if err := feeder(d).Undo(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
		if n := count(t, d, `SELECT count(*) FROM directory_person WHERE id=$1`, paul); n != 0 {
			t.Errorf("undo brought the merged-away person back: %d row", n)
		}
	})
}

func TestASchoolThatComesADayLater(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		mk := func(date string) *paper {
			return lilas(date).teacher(3060, "Max Bix", "bix@ac.test", "", "412"+teaches, "499"+teaches)
		}
		take(t, feeder(d), mk("20260901").write(t), feed.Options{})
		take(t, feeder(d), mk("20260902").school(499, "0789009T").write(t), feed.Options{})
		a := actor(t, d, id(t, d, aaf.Staffs, 3060), school.Teacher)
		if len(a.Schools) != 2 {
			t.Errorf("teaches in two schools, both known now; holds %d", len(a.Schools))
		}
	})
}

func TestUndoingLeavesNoCommune(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		r := take(t, feeder(d), named(lilas("20260901"), 420, "0789003M", "SAINT DENIS").write(t), feed.Options{})
		if err := feeder(d).Undo(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
		if n := count(t, d, `SELECT count(*) FROM directory_structure WHERE ref LIKE 'commune:%'`); n != 0 {
			t.Errorf("undone, and %d communes are left", n)
		}
	})
}

func TestABarredGuardianIsNotCounted(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), lilas("20260901").write(t), feed.Options{})
		zoe, anne := id(t, d, aaf.Pupils, 1001), id(t, d, aaf.Guardians, 2002)
		var at school.ID
		var before, after map[school.ID]directory.Figures
		read(t, d, func(tx *db.Tx) error {
			s, err := directory.StructureByRef(tx, "uai:0789001K")
			at = s.ID
			before, _ = directory.SchoolFigures(tx, at)
			return err
		})
		change(t, d, func(tx *db.Tx) error {
			return directory.Restrictions.Insert(tx, directory.Restriction{ID: school.NewID(tx.Now), Pupil: zoe, Guardian: anne, NoAccess: true, From: db.At(tx.Now.Add(-1)), RecordedBy: 1, RecordedAt: db.At(tx.Now)})
		})
		read(t, d, func(tx *db.Tx) (err error) { after, err = directory.SchoolFigures(tx, at); return err })
		if after[at].Guardians != before[at].Guardians-1 {
			t.Errorf("guardians counted before %d, after a judge took all access %d", before[at].Guardians, after[at].Guardians)
		}
	})
}

func TestMergedIntoSomebodyWhoHadLeft(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), lilas("20260901").pupil(1009, "Lea Gros", "111111111ZZ", 412, "73001$CP - Mme Bernard", "1121$CP", "2009$20").guardian(2009, "Ana Gros", "1009").write(t), feed.Options{})
		old := id(t, d, aaf.Guardians, 2009)
		take(t, feeder(d), lilas("20260902").pupil(1010, "Leo Gros", "111111111YY", 412, "73001$CP - Mme Bernard", "1121$CP", "2010$20").guardian(2010, "Ana Gros", "1010").write(t), feed.Options{})
		change(t, d, func(tx *db.Tx) error { return directory.Merge(tx, old, id(t, d, aaf.Guardians, 2010)) })
		if got := hats(t, d, old); len(got) == 0 {
			t.Errorf("merged into the older record: a parent of a pupil here, shown as departed: %v", got)
		}
	})
}

func TestTwoPeopleOfOneINE(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		p := lilas("20260901").pupil(1020, "Ugo Ab", "222222222AA", 412, "73001$CP", "1121$CP", "2001$20").pupil(1021, "Lia Cd", "222222222AA", 412, "73001$CP", "1121$CP", "2001$20")
		take(t, feeder(d), p.write(t), feed.Options{})
		take(t, feeder(d), lilas("20260902").write(t), feed.Options{})
		ugo := id(t, d, aaf.Pupils, 1020)
		take(t, feeder(d), lilas("20260903").pupil(1022, "Lia Cd", "222222222AA", 412, "73001$CP", "1121$CP", "2001$20").write(t), feed.Options{})
		got := id(t, d, aaf.Pupils, 1022)
		if got == ugo {
			t.Errorf("Lia came back as Ugo, with his login")
		}
	})
}

// A restriction strikes a person, whatever the key under which a delivery
// brings them next.
func TestARestrictionFollowsTheGuardianUnderANewKey(t *testing.T) {
	for how, next := range map[string]func() *paper{
		"the same name": func() *paper {
			return delta("20260902").guardian(2901, "Anne Durand", "1001").
				put("Eleve", "modify", 1001, []string{"ENTEleveAutoriteParentale", "2001$20", "2002$10", "2901$90"})
		},
		"another name, the same link": func() *paper {
			return delta("20260902").guardian(2901, "Anne Martin", "1001").
				put("Eleve", "modify", 1001, []string{"ENTEleveAutoriteParentale", "2001$20", "2901$10"})
		},
	} {
		t.Run(how, func(t *testing.T) {
			both(t, func(t *testing.T, d *db.DB) {
				take(t, feeder(d), lilas("20260901").write(t), feed.Options{})
				zoe, anne := id(t, d, aaf.Pupils, 1001), id(t, d, aaf.Guardians, 2002)
				change(t, d, func(tx *db.Tx) error {
					return directory.Restrictions.Insert(tx, directory.Restriction{
						ID: school.NewID(tx.Now), Pupil: zoe, Guardian: anne, NoAccess: true, From: db.At(tx.Now), RecordedBy: 1, RecordedAt: db.At(tx.Now)})
				})
				take(t, feeder(d), next().write(t), feed.Options{})
				if a := actor(t, d, id(t, d, aaf.Guardians, 2901), school.Guardian); slices.Contains(a.Children, zoe) {
					t.Errorf("under a new key she holds %+v", a)
				}
				if a := actor(t, d, id(t, d, aaf.Guardians, 2001), school.Guardian); !slices.Contains(a.Children, zoe) {
					t.Errorf("the other parent holds %+v", a)
				}
			})
		})
	}
}

// An académie speaks for its own schools and people only.
func TestAnotherAcademieTakesNothingOver(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), lilas("20260901").write(t), feed.Options{})
		claire := id(t, d, aaf.Staffs, 3001)
		before := snapshot(t, d)["directory_structure"]
		lille := complete("20260901")
		lille.academy = "LILLE"
		lille.school(900, "0789001K", []string{"ENTEcoleCirconscription", ""}).school(901, "0599001B").
			pupil(9001, "Lou Blanc", "999999999ZZ", 901, "99$CE1", "1122$CE1", "9002$20").guardian(9002, "Max Blanc", "9001").
			teacher(9003, "Eve Evil", "eve@ac-lille.test", "900", "900"+teaches).
			teacher(9004, "Claire Bernard", "claire.bernard@ac.test", "", "901"+teaches)
		r := take(t, feeder(d), lille.write(t), feed.Options{})
		after := snapshot(t, d)["directory_structure"]
		for _, row := range before {
			if !slices.Contains(after, row) {
				t.Errorf("overwritten: %s", row)
			}
		}
		if got := hats(t, d, id(t, d, aaf.Staffs, 9003)); slices.Contains(got, school.Head) {
			t.Errorf("another académie named the head: %v", got)
		}
		if id(t, d, aaf.Staffs, 9004) == claire {
			t.Error("a mail made one person of two who are in post in two académies")
		}
		if got := kinds(t, d, r.ID); !slices.Contains(got, feed.ForeignStructure) {
			t.Errorf("troubles: %v", got)
		}
		if a := actor(t, d, claire, school.Teacher); len(a.Schools) != 1 {
			t.Errorf("Claire holds %+v", a)
		}
	})
}

// The bond that takes the struck one's place may be of somebody known long
// since, on whom a lighter restriction was recorded, which is over.
func TestARestrictionFollowsSomebodyKnown(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), lilas("20260901").guardian(2901, "Anne Durand").write(t), feed.Options{})
		zoe, anne, other := id(t, d, aaf.Pupils, 1001), id(t, d, aaf.Guardians, 2002), id(t, d, aaf.Guardians, 2901)
		change(t, d, func(tx *db.Tx) error {
			err := directory.Restrictions.Insert(tx, directory.Restriction{
				ID: school.NewID(tx.Now), Pupil: zoe, Guardian: other, MayNotSign: true,
				From: db.At(tx.Now.Add(-2)), Until: db.At(tx.Now.Add(-1)), RecordedBy: 1, RecordedAt: db.At(tx.Now)})
			if err != nil {
				return err
			}
			return directory.Restrictions.Insert(tx, directory.Restriction{
				ID: school.NewID(tx.Now), Pupil: zoe, Guardian: anne, NoAccess: true, From: db.At(tx.Now), RecordedBy: 1, RecordedAt: db.At(tx.Now)})
		})
		second := take(t, feeder(d), delta("20260902").put("Eleve", "modify", 1001,
			[]string{"ENTEleveAutoriteParentale", "2001$20", "2901$10"}).write(t), feed.Options{})
		if a := actor(t, d, id(t, d, aaf.Guardians, 2901), school.Guardian); slices.Contains(a.Children, zoe) {
			t.Errorf("she holds %+v", a)
		}
		if err := feeder(d).Undo(t.Context(), second.ID); err != nil {
			t.Fatal(err)
		}
		change(t, d, func(tx *db.Tx) error {
			left, err := directory.Restrictions.All(tx, "no_access")
			if len(left) != 1 || left[0].Guardian != anne {
				t.Errorf("undoing leaves %+v", left)
			}
			return err
		})
	})
}
