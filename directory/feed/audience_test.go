package feed_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
	"preau/directory/feed"
)

// held names a person's audiences with the delivery's own words: identifiers
// of schools, classes and pupils become "s", "c", "p" and so on, sorted.
func held(t *testing.T, d *db.DB, person school.ID, at time.Time) []string {
	t.Helper()
	var names []string
	read(t, d, func(tx *db.Tx) error {
		tx.Now = at
		holdings, err := directory.Audiences{}.Held(tx, person)
		for _, id := range holdings.At(at).IDs() {
			parts := strings.Split(string(id), ":")
			if len(parts) > 1 && strings.Trim(parts[1], "0123456789") == "" {
				parts = slices.Delete(parts, 1, 2)
			}
			if _, level, ok := strings.Cut(parts[min(1, len(parts)-1)], "/"); ok {
				parts[1] = "/" + level
			}
			names = append(names, strings.Join(parts, ":"))
		}
		return err
	})
	slices.Sort(names)
	return names
}

func TestAudiences(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		take(t, feeder(d), lilas("20260901").write(t), feed.Options{})
		zoe, paul, anne, claire := id(t, d, aaf.Pupils, 1001), id(t, d, aaf.Guardians, 2001), id(t, d, aaf.Guardians, 2002), id(t, d, aaf.Staffs, 3001)
		var agent, commune school.ID
		change(t, d, func(tx *db.Tx) error {
			s, err := directory.StructureByRef(tx, "commune:78999")
			if err != nil {
				return err
			}
			commune = s.ID
			agent, err = directory.Appoint(tx, directory.Appointment{
				Usual: "Marchand", Structure: commune, Template: "municipal", Reason: "test", Until: dbtest.Noon.AddDate(0, 1, 0)})
			if err != nil {
				return err
			}
			if err := directory.Restrictions.Insert(tx, directory.Restriction{
				ID: school.NewID(tx.Now), Pupil: zoe, Guardian: anne, NoAccess: true, From: db.At(tx.Now), RecordedAt: db.At(tx.Now)}); err != nil {
				return err
			}
			return directory.Attach(tx, directory.Attachment{Class: classOf(tx, t, "CP - Mme Bernard"), Teacher: claire, By: 1})
		})
		for name, c := range map[string]struct {
			person school.ID
			at     time.Time
			want   []string
		}{
			"a pupil": {zoe, dbtest.Noon, []string{"class:/1121:pupils", "class:pupils", "commune:pupils", "person", "project:pupils", "school:pupils"}},
			"a guardian of two in two schools": {paul, dbtest.Noon, []string{
				"class:/1121:families", "class:/1125:families", "class:families", "class:families", "commune:families",
				"family", "family", "person", "project:families", "school:families", "school:families"}},
			"one who may not approach the elder's sister": {anne, dbtest.Noon, []string{
				"class:/1125:families", "class:families", "commune:families", "family", "person", "project:families", "school:families"}},
			"a teacher":                   {claire, dbtest.Noon, []string{"class:teaching", "commune:teaching", "person", "project:teaching", "school:teaching"}},
			"an agent, of no school":      {agent, dbtest.Noon, []string{"commune:municipal-staff", "person", "project:municipal-staff"}},
			"an agent whose time is over": {agent, dbtest.Noon.AddDate(0, 2, 0), []string{"person"}},
			"somebody who does not exist": {404, dbtest.Noon, nil},
			"a pupil before the year":     {zoe, time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC), []string{"person"}},
		} {
			if got := held(t, d, c.person, c.at); !slices.Equal(got, c.want) {
				t.Errorf("%s holds\n%q, want\n%q", name, got, c.want)
			}
		}
		read(t, d, func(tx *db.Tx) error {
			holdings, err := directory.Audiences{}.Held(tx, agent)
			if want := (audience.Audience{Place: audience.Commune, Of: commune, Side: audience.MunicipalStaff}).ID(); !slices.Contains(holdings.IDs(), want) {
				t.Errorf("the agent holds %v, not %s", holdings.IDs(), want)
			}
			return err
		})
	})
}

func classOf(tx *db.Tx, t *testing.T, label string) school.ID {
	t.Helper()
	class, err := directory.Classes.One(tx, "label = $1", label)
	if err != nil {
		t.Fatal(err)
	}
	return class.ID
}

func TestAPupilInTwoSchoolsAndATeacherWhoIsAParent(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		p := lilas("20260901")
		p.records["Eleve"][0].attrs[4] = []string{"ENTPersonStructRattach", "412", "413"}
		p.records["Eleve"][0].attrs[10] = []string{"ENTPersonClasses", "412$11$ORDINAIRE$73001$CP - Mme Bernard", "413$11$ORDINAIRE$73002$CM2"}
		p.guardian(2003, "Claire Bernard", "1003")
		p.records["Eleve"][2].attrs[5] = []string{"ENTEleveAutoriteParentale", "2003$10"}
		take(t, feeder(d), p.write(t), feed.Options{})
		zoe, claire, mother := id(t, d, aaf.Pupils, 1001), id(t, d, aaf.Staffs, 3001), id(t, d, aaf.Guardians, 2003)
		if a := actor(t, d, zoe, school.Pupil); len(a.Schools) != 2 || len(a.Classes) != 2 {
			t.Errorf("Zoé holds %+v", a)
		}
		if claire == mother {
			t.Error("a name alone made one person of two")
		}
		read(t, d, func(tx *db.Tx) error {
			list, err := directory.Proposals.All(tx, "TRUE")
			if len(list) != 1 || list[0].Reason != "staff-and-guardian" {
				t.Errorf("proposals: %+v", list)
			}
			return err
		})
		change(t, d, func(tx *db.Tx) error { return directory.Merge(tx, claire, mother) })
		if got := hats(t, d, claire); !slices.Equal(got, []school.Profile{school.Guardian, school.Teacher}) {
			t.Errorf("Claire wears %v", got)
		}
		p.date = "20260902"
		p.records["Eleve"][2].attrs[7] = []string{"ENTEleveNiveau", "1122$CE1"}
		take(t, feeder(d), p.write(t), feed.Options{})
		if a := actor(t, d, claire, school.Guardian); len(a.Children) != 1 {
			t.Errorf("after the next feed, Claire's children: %v", a.Children)
		}
	})
}
