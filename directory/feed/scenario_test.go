package feed_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/personal"
	"preau/core/rights"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
	"preau/directory/feed"
	"preau/test/village"
)

// lilas is a delivery of two schools: Zoé and Tom are siblings, each in one,
// and Max is alone with a guardian whom nobody delivered.
func lilas(date string) *paper {
	return complete(date).
		school(412, "0789001K").school(413, "0789002L").
		pupil(1001, "Zoé Martin", "111111111AA", 412, "73001$CP - Mme Bernard", "1121$CP", "2001$20", "2002$10").
		pupil(1002, "Tom Martin", "111111111BB", 413, "73002$CM2", "1125$CM2", "2001$20", "2002$10").
		pupil(1003, "Max Petit", "111111111CC", 412, "73001$CP - Mme Bernard", "1121$CP", "2999$10").
		guardian(2001, "Paul Martin", "1001", "1002").
		guardian(2002, "Anne Durand", "1001", "1002").
		teacher(3001, "Claire Bernard", "claire.bernard@ac.test", "", "412"+teaches).
		teacher(3002, "Alix Roux", "alix.roux@ac.test", "413", "413"+teaches).
		teacher(3003, "Ines Faure", "ines.faure@ac.test", "", "412$ENS$ENSEIGNEMENT$D0000$DIRECTION")
}

// both runs a test on both databases with the feed's tables.
func both(t *testing.T, f func(t *testing.T, d *db.DB)) {
	t.Helper()
	dbtest.Each(t, f, directory.Schema(), feed.Schema())
}

func refused(t *testing.T, d *db.DB, path string, o feed.Options) aaf.RefusalKind {
	t.Helper()
	before := snapshot(t, d)
	_, err := feeder(d).Feed(t.Context(), path, o)
	var refusal *feed.Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("not refused: %v", err)
	}
	if diff := cmp.Diff(before, snapshot(t, d)); diff != "" {
		t.Errorf("a refusal changed the register: %s", diff)
	}
	return refusal.Kind
}

func read(t *testing.T, d *db.DB, f func(*db.Tx) error) {
	t.Helper()
	if err := d.Read(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func change(t *testing.T, d *db.DB, f func(*db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// snapshot is every row of the register but the keys' hashes, as text.
func snapshot(t *testing.T, d *db.DB) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	read(t, d, func(tx *db.Tx) error {
		for _, table := range directory.Holdings {
			if slices.Contains([]string{"directory_key", "directory_looked", "directory_void"}, table.Name) { // hashes, when a school was last looked at, and what was void
				continue
			}
			table.School = "$1 = $1"
			err := personal.Tables{table}.Archive(tx, 1, func(row personal.Row) error {
				text := ""
				for _, column := range slices.Sorted(maps.Keys(row.Values)) {
					text += fmt.Sprintf("%s=%v ", column, row.Values[column])
				}
				all[table.Name] = append(all[table.Name], text)
				return nil
			})
			if err != nil {
				return err
			}
			slices.Sort(all[table.Name])
		}
		return nil
	})
	return all
}

// id finds somebody by what the delivery calls them.
func id(t *testing.T, d *db.DB, category aaf.Category, key int) (person school.ID) {
	t.Helper()
	read(t, d, func(tx *db.Tx) (err error) {
		person, err = db.One(tx, db.Column[school.ID],
			`SELECT subject_id FROM directory_key WHERE category = $1 AND jointure = $2 ORDER BY source_id LIMIT 1`, category, key)
		return err
	})
	return person
}

func actor(t *testing.T, d *db.DB, person school.ID, profile school.Profile) (a rights.Actor) {
	t.Helper()
	read(t, d, func(tx *db.Tx) (err error) {
		a, err = directory.Actor(tx, person, profile)
		return err
	})
	return a
}

// hats are what somebody is: departed is nothing.
func hats(t *testing.T, d *db.DB, person school.ID) (held []school.Profile) {
	t.Helper()
	read(t, d, func(tx *db.Tx) (err error) {
		held, err = directory.Hats(tx, person)
		return err
	})
	if slices.Equal(held, []school.Profile{school.Departed}) {
		return nil
	}
	return held
}

func kinds(t *testing.T, d *db.DB, delivery school.ID) (list []aaf.Kind) {
	t.Helper()
	read(t, d, func(tx *db.Tx) error {
		lines, err := feed.Report(tx, delivery, nil)
		for _, l := range lines {
			list = append(list, l.Kind)
		}
		return err
	})
	slices.Sort(list)
	return list
}

func TestTheRightPeopleAndBonds(t *testing.T) {
	dir := lilas("20260901").write(t)
	both(t, func(t *testing.T, d *db.DB) {
		r := take(t, feeder(d), tgz(t, dir), feed.Options{})
		want := feed.Counts{
			Schools: feed.Count{Added: 2}, Classes: feed.Count{Added: 2}, Pupils: feed.Count{Added: 3},
			Guardians: feed.Count{Added: 2}, Staff: feed.Count{Added: 3}, Bonds: feed.Count{Added: 4},
		}
		if diff := cmp.Diff(want, r.Counts); diff != "" {
			t.Error(diff)
		}
		if got := kinds(t, d, r.ID); !slices.Contains(got, feed.UnknownGuardian) {
			t.Errorf("troubles: %v", got)
		}
		paul := id(t, d, aaf.Guardians, 2001)
		if a := actor(t, d, paul, school.Guardian); len(a.Children) != 2 || len(a.Schools) != 2 || len(a.Classes) != 2 {
			t.Errorf("Paul holds %+v", a)
		}
		// Both ways of being a head count.
		for key, want := range map[int]school.Profile{3001: school.Teacher, 3002: school.Head, 3003: school.Head} {
			if got := hats(t, d, id(t, d, aaf.Staffs, key)); !slices.Contains(got, want) {
				t.Errorf("%d wears %v, want %s", key, got, want)
			}
		}
		if got := hats(t, d, id(t, d, aaf.Pupils, 1001)); !slices.Equal(got, []school.Profile{school.Pupil}) {
			t.Errorf("Zoé wears %v", got)
		}
		read(t, d, func(tx *db.Tx) error {
			children, err := directory.ChildrenOf(tx, paul)
			if len(children) != 2 || children[0].First != "Zoé" || children[0].ClassLabel != "CP - Mme Bernard" ||
				children[0].Level != "CP" || children[1].SchoolName == children[0].SchoolName {
				t.Errorf("Paul's children: %+v", children)
			}
			return err
		})
	})
}

func TestTheSameDeliveryAgainWritesOnlyTheJournal(t *testing.T) {
	for name, dir := range map[string]string{
		"small":    lilas("20260901").write(t),
		"village":  must(write(t, village.Options{Schools: 2, Seed: 3})),
		"troubled": must(write(t, village.Options{Schools: 2, Seed: 4, Troubles: true})),
	} {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T, d *db.DB) {
				first := take(t, feeder(d), dir, feed.Options{})
				before := snapshot(t, d)
				again := take(t, feeder(d), dir, feed.Options{})
				if diff := cmp.Diff(before, snapshot(t, d)); diff != "" {
					t.Error(diff)
				}
				if again.Pupils.Unchanged != first.Pupils.Added || again.Guardians.Unchanged != first.Guardians.Added ||
					again.Staff.Unchanged != first.Staff.Added || again.Bonds.Unchanged != first.Bonds.Added ||
					again.Pupils.Added+again.Pupils.Changed+again.Pupils.Departed+again.Bonds.Added+again.Bonds.Changed != 0 {
					t.Errorf("first %+v, again %+v", first.Counts, again.Counts)
				}
			})
		})
	}
}

func must(dir string, _ village.Summary) string { return dir }

func TestADryRunSaysWhatAnApplicationDoes(t *testing.T) {
	dir := lilas("20260901").write(t)
	both(t, func(t *testing.T, d *db.DB) {
		empty := snapshot(t, d)
		preview := take(t, feeder(d), dir, feed.Options{DryRun: true})
		if diff := cmp.Diff(empty, snapshot(t, d)); diff != "" {
			t.Errorf("a preview wrote: %s", diff)
		}
		applied := take(t, feeder(d), dir, feed.Options{})
		if diff := cmp.Diff(preview.Counts, applied.Counts); diff != "" {
			t.Error(diff)
		}
		if preview.State != feed.Previewed || applied.State != feed.Applied {
			t.Errorf("states %s and %s", preview.State, applied.State)
		}
	})
}

func TestDeltas(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), lilas("20260901").write(t), feed.Options{})
		zoe, max := id(t, d, aaf.Pupils, 1001), id(t, d, aaf.Pupils, 1003)
		// Zoé moves to the other school and loses a guardian's bond; Max only
		// changes level, said alone; Tom goes; Léo comes with Max's guardian.
		next := delta("20260902").
			put("Eleve", "modify", 1001, pupilAttrs(1001, "Zoé Martin", "111111111AA", 413, "73002$CM2", "1121$CP", "2001$20")...).
			put("Eleve", "modify", 1003, []string{"ENTEleveNiveau", "1122$CE1"}).
			put("Eleve", "delete", 1002).
			pupil(1004, "Léo Petit", "111111111DD", 412, "73001$CP - Mme Bernard", "1121$CP", "2999$10").
			guardian(2999, "Lou Petit", "1003", "1004")
		r := take(t, feeder(d), next.write(t), feed.Options{})
		want := feed.Counts{
			Pupils:    feed.Count{Added: 1, Changed: 2, Departed: 1},
			Guardians: feed.Count{Added: 1}, Bonds: feed.Count{Added: 1, Departed: 3},
		}
		if diff := cmp.Diff(want, r.Counts); diff != "" {
			t.Error(diff)
		}
		a := actor(t, d, zoe, school.Pupil)
		if len(a.Schools) != 1 || len(a.Classes) != 1 {
			t.Errorf("Zoé holds %+v", a)
		}
		read(t, d, func(tx *db.Tx) error {
			s, err := directory.StructureByID(tx, a.Schools[0])
			if s.UAI != "0789002L" {
				t.Errorf("Zoé is in %s", s.UAI)
			}
			m, err2 := directory.PupilsIn(tx, actor(t, d, max, school.Pupil).Classes...)
			if i := slices.IndexFunc(m, func(p directory.InClass) bool { return p.ID == max }); i < 0 || m[i].Level != "CE1" {
				t.Errorf("Max's class: %+v", m)
			}
			return errors.Join(err, err2)
		})
		if got := hats(t, d, id(t, d, aaf.Pupils, 1002)); got != nil {
			t.Errorf("Tom left and wears %v", got)
		}
		again := take(t, feeder(d), next.write(t), feed.Options{})
		if again.Pupils.Added+again.Pupils.Changed+again.Pupils.Departed+again.Bonds.Added+again.Bonds.Departed != 0 {
			t.Errorf("the same delta again: %+v", again.Counts)
		}
	})
}

func TestAnExplicitEmptyValueErasesAndAnAbsentOneLeaves(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		first := lilas("20260901")
		first.records["PersRelEleve"][0].attrs[9] = []string{"ENTPersonMail", "paul@exemple.test"}
		take(t, feeder(d), first.write(t), feed.Options{})
		paul := id(t, d, aaf.Guardians, 2001)
		person := func() (p directory.Person) {
			read(t, d, func(tx *db.Tx) (err error) {
				p, err = directory.Persons.One(tx, "id = $1", paul)
				return err
			})
			return p
		}
		if p := person(); p.Mail != "paul@exemple.test" || p.MobilePhone == "" {
			t.Fatalf("%+v", p)
		}
		take(t, feeder(d), delta("20260902").put("PersRelEleve", "modify", 2001, []string{"ENTPersonMail", ""}).write(t), feed.Options{})
		if p := person(); p.Mail != "" || p.MobilePhone == "" || p.UsualName != "Martin" {
			t.Errorf("%+v", p)
		}
	})
}

func TestRefusals(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		if got := refused(t, d, delta("20260901").guardian(2001, "Paul Martin").write(t), feed.Options{}); got != feed.NoAcademy {
			t.Errorf("a delta of nobody knows whom: %s", got)
		}
		if got := refused(t, d, delta("20260901").school(412, "0789001K").write(t), feed.Options{}); got != feed.NoComplete {
			t.Errorf("a delta first: %s", got)
		}
		if got := refused(t, d, t.TempDir(), feed.Options{}); got != feed.NoDelivery {
			t.Errorf("an empty folder: %s", got)
		}
		take(t, feeder(d), lilas("20260901").write(t), feed.Options{})
		if got := refused(t, d, lilas("20260831").write(t), feed.Options{}); got != feed.Older {
			t.Errorf("an older delivery: %s", got)
		}
		if got := refused(t, d, lilas("20991231").write(t), feed.Options{}); got != feed.Future {
			t.Errorf("a delivery of another century: %s", got)
		}
		cut := lilas("20260902")
		delete(cut.records, "PersRelEleve")
		dir := cut.write(t)
		truncate(t, dir, "PersRelEleve")
		if got := refused(t, d, dir, feed.Options{}); got != aaf.Truncated {
			t.Errorf("a truncated file: %s", got)
		}
		release, err := d.Lock(t.Context(), "feed")
		if err != nil {
			t.Fatal(err)
		}
		if got := refused(t, d, lilas("20260902").write(t), feed.Options{}); got != feed.Busy {
			t.Errorf("two feeds at once: %s", got)
		}
		release()
		read(t, d, func(tx *db.Tx) error {
			list, err := feed.Deliveries(tx, 10)
			if len(list) != 6 || list[0].State != feed.Refused || list[0].Refusal == "" {
				t.Errorf("the journal: %+v", list)
			}
			return err
		})
	})
}

// A complete delivery of day n, and the complete one of day 0 with n deltas,
// make the same register but for dates.
func TestDeltasAddUpToTheCompleteDelivery(t *testing.T) {
	o := village.Options{Schools: 3, Seed: 11}
	day0, _ := write(t, o)
	dirs := []string{day0}
	for range 3 {
		dir := t.TempDir()
		if _, err := village.WriteDelta(dirs[len(dirs)-1], dir, false); err != nil {
			t.Fatal(err)
		}
		dirs = append(dirs, dir)
	}
	o.Day, o.Date = 3, day.AddDate(0, 0, 3)
	whole, sum := write(t, o)
	both(t, func(t *testing.T, d *db.DB) {
		for _, dir := range dirs {
			take(t, feeder(d), dir, feed.Options{})
		}
		before := snapshot(t, d)
		r := take(t, feeder(d), whole, feed.Options{})
		if r.Pupils.Added+r.Pupils.Changed+r.Pupils.Departed != 0 || r.Bonds.Added+r.Bonds.Changed+r.Bonds.Departed != 0 ||
			r.Guardians.Added+r.Guardians.Changed+r.Staff.Added+r.Staff.Changed+r.Staff.Departed != 0 {
			t.Errorf("the complete delivery still changes: %+v", r.Counts)
			if diff := cmp.Diff(before, snapshot(t, d)); diff != "" {
				t.Log(diff[:min(len(diff), 4000)])
			}
		}
		read(t, d, func(tx *db.Tx) error {
			stats, err := directory.Count(tx)
			if stats.Pupils != sum.Pupils || stats.Bonds != sum.Bonds || stats.Staff != sum.Staff || stats.Schools != sum.Schools {
				t.Errorf("the register holds %+v, the village %+v", stats, sum)
			}
			return err
		})
	})
}

func TestASchoolIsItsKeyNotItsUAI(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), lilas("20260901").write(t), feed.Options{})
		before := id(t, d, aaf.Structures, 412)
		for uai, want := range map[school.UAI]school.UAI{
			"0789001A": "0789001K", // mistyped: the register's stands
			"0789009U": "0789009U", // changed
		} {
			next := lilas("20260902")
			next.records["EtabEducNat"][0].attrs[1] = []string{"ENTStructureUAI", string(uai)}
			r := take(t, feeder(d), next.write(t), feed.Options{})
			if r.Schools.Added != 0 || r.Pupils.Added != 0 {
				t.Errorf("%s made a school: %+v", uai, r.Counts)
			}
			read(t, d, func(tx *db.Tx) error {
				s, err := directory.StructureByID(tx, before)
				if s.UAI != want {
					t.Errorf("delivered with %s, the school has %s", uai, s.UAI)
				}
				return err
			})
			take(t, feeder(d), lilas("20260902").write(t), feed.Options{})
		}
	})
}
