package directory_test

import (
	"slices"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
)

// somebody puts a person in the register by hand.
func somebody(tx *db.Tx, id school.ID, usual string) error {
	return directory.Persons.Insert(tx, directory.Person{ID: id, UsualName: usual, FirstName: id.String(), SortKey: directory.SortKey(usual, id.String())})
}

// later moves the clock.
func later(d *db.DB, hours int) {
	d.Now = func() time.Time { return dbtest.Noon.Add(time.Duration(hours) * time.Hour) }
}

// What closing a pupil ended comes back, groups included, whose end is known.
func TestReopeningGivesGroupsBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const class school.ID = 500
		var pupil, group school.ID
		write(t, d, settle)
		write(t, d, func(tx *db.Tx) (err error) {
			year := school.YearOf(tx.Now)
			err = directory.Classes.Insert(tx, directory.Class{
				ID: class, School: lilas, Year: year, Kind: directory.OrdinaryClass, SourceKey: "cp", Label: "CP", From: db.At(tx.Now),
			})
			if err != nil {
				return err
			}
			a := directory.Arrival{Identity: directory.Identity{First: "Anouk", Usual: "Bel", Born: "2019-01-01"}, School: lilas, Class: class, Level: school.CP}
			if pupil, err = directory.AddPupil(tx, a); err != nil {
				return err
			}
			if group, err = directory.MakeGroup(tx, lilas, "Chorale"); err != nil {
				return err
			}
			return directory.SetGroup(tx, lilas, group, []school.ID{pupil}, nil, 0)
		})
		places := func() (n int) {
			write(t, d, func(tx *db.Tx) error {
				in, err := directory.PupilsIn(tx, group, class)
				n = len(in)
				return err
			})
			return n
		}
		if n := places(); n != 2 {
			t.Fatalf("%d places before", n)
		}
		later(d, 1)
		write(t, d, func(tx *db.Tx) error { return directory.ClosePupil(tx, lilas, pupil) })
		if n := places(); n != 0 {
			t.Errorf("%d places once closed", n)
		}
		later(d, 2)
		write(t, d, func(tx *db.Tx) error { return directory.ReopenPupil(tx, lilas, pupil) })
		if n := places(); n != 2 {
			t.Errorf("%d places once reopened", n)
		}
		write(t, d, func(tx *db.Tx) error { return directory.ClosePupil(tx, lilas, pupil) })
		later(d, 31*24)
		err := d.Write(t.Context(), func(tx *db.Tx) error { return directory.ReopenPupil(tx, lilas, pupil) })
		if !fail.Is(err, fail.NotFound) {
			t.Errorf("reopened after a month: %v", err)
		}
	}, directory.Schema())
}

// A bond that is given back goes around a judge no more than one that is made.
func TestABondIsNotGivenBackAroundAJudge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, settle)
		const pupil, one, double school.ID = 1001, 1002, 1003
		write(t, d, func(tx *db.Tx) error {
			for id, name := range map[school.ID]string{pupil: "Enfant", one: "Pere", double: "Pere"} {
				if err := directory.Persons.Insert(tx, directory.Person{ID: id, FirstName: "Paul", UsualName: name}); err != nil {
					return err
				}
			}
			for _, guardian := range []school.ID{one, double} {
				if err := directory.Bonds.Insert(tx, directory.Bond{Pupil: pupil, Guardian: guardian, From: db.At(tx.Now.Add(-time.Hour))}); err != nil {
					return err
				}
			}
			return directory.Untie(tx, pupil, double)
		})
		later(d, 1)
		write(t, d, func(tx *db.Tx) error {
			_, err := directory.Restrict(tx, directory.Restriction{Pupil: pupil, Guardian: one, NoAccess: true, Reference: "JAF", From: db.At(tx.Now)})
			return err
		})
		err := d.Write(t.Context(), func(tx *db.Tx) error { return directory.TieAgain(tx, pupil, double) })
		if !fail.Is(err, fail.Invalid) {
			t.Errorf("the double is tied again: %v", err)
		}
	}, directory.Schema())
}

// A decision that was taken back before it began binds nobody, and may be put
// back.
func TestADecisionToComeIsTakenBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, settle)
		const pupil, guardian school.ID = 1001, 1002
		var decided directory.Restriction
		write(t, d, func(tx *db.Tx) error {
			for id, name := range map[school.ID]string{pupil: "Enfant", guardian: "Pere"} {
				if err := directory.Persons.Insert(tx, directory.Person{ID: id, FirstName: "Paul", UsualName: name}); err != nil {
					return err
				}
			}
			if err := directory.Bonds.Insert(tx, directory.Bond{Pupil: pupil, Guardian: guardian, From: db.At(tx.Now.Add(-time.Hour))}); err != nil {
				return err
			}
			_, err := directory.Restrict(tx, directory.Restriction{
				Pupil: pupil, Guardian: guardian, NoAccess: true, Reference: "JAF", From: db.At(tx.Now.Add(240 * time.Hour)),
			})
			if err != nil {
				return err
			}
			decided, err = directory.Restrictions.One(tx, "pupil_id = $1", pupil)
			return err
		})
		write(t, d, func(tx *db.Tx) error {
			_, err := directory.Lift(tx, pupil, decided.ID)
			return err
		})
		later(d, 1)
		write(t, d, func(tx *db.Tx) error {
			_, err := directory.AddGuardian(tx, directory.NewBond{Pupil: pupil, Identity: directory.Identity{Usual: "Pere", First: "Paul"}, Link: "20"})
			return err
		})
		write(t, d, func(tx *db.Tx) error {
			if _, err := directory.Lift(tx, pupil, decided.ID); !fail.Is(err, fail.NotFound) {
				t.Errorf("taken back twice: %v", err)
			}
			_, err := directory.Resume(tx, pupil, decided.ID)
			return err
		})
	}, directory.Schema())
}

// A decision that begins tomorrow is no less a decision.
func TestAGuardianUnderADecisionToComeIsNotAddedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, settle)
		write(t, d, func(tx *db.Tx) error {
			for _, id := range []school.ID{1001, 1002} {
				if err := somebody(tx, id, "Pere"); err != nil {
					return err
				}
			}
			if err := directory.Bonds.Insert(tx, directory.Bond{Pupil: 1001, Guardian: 1002, From: db.At(tx.Now.Add(-time.Hour))}); err != nil {
				return err
			}
			_, err := directory.Restrict(tx, directory.Restriction{
				Pupil: 1001, Guardian: 1002, NoAccess: true, Reference: "JAF", From: db.At(tx.Now.Add(24 * time.Hour)),
			})
			return err
		})
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := directory.AddGuardian(tx, directory.NewBond{Pupil: 1001, Identity: directory.Identity{Usual: "Pere", First: "1002"}, Link: "20"})
			return err
		})
		if !fail.Is(err, fail.Invalid) {
			t.Errorf("%v", err)
		}
	}, directory.Schema())
}

// A post ends with the school year, and is given again to the same person.
func TestAPostIsGivenAgainInSeptember(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var first, again school.ID
		write(t, d, settle)
		appoint := func(who *school.ID) {
			write(t, d, func(tx *db.Tx) (err error) {
				held, err := directory.HoldersNamed(tx, directory.SortKey("Martin", "Marie"))
				if err != nil {
					return err
				}
				var person school.ID
				for _, h := range held {
					person = h.ID
				}
				*who, err = directory.Appoint(tx, directory.Appointment{
					Person: person, First: "Marie", Usual: "Martin", Structure: lilas, Template: "atsem", Reason: "arrêté",
				})
				return err
			})
		}
		appoint(&first)
		d.Now = func() time.Time { return school.YearOf(dbtest.Noon).End().Add(time.Hour) }
		write(t, d, directory.DepartEnded)
		hats := func() (held []school.Profile) {
			write(t, d, func(tx *db.Tx) (err error) {
				held, err = directory.Hats(tx, first)
				return err
			})
			return held
		}
		if held := hats(); !slices.Equal(held, []school.Profile{school.Departed}) {
			t.Errorf("the post did not end by itself: %v", held)
		}
		appoint(&again)
		if held := hats(); again != first || !slices.Equal(held, []school.Profile{school.Staff}) {
			t.Errorf("%s was appointed again as %s: %v", first, again, held)
		}
	}, directory.Schema())
}

// whole makes a class, and a pupil in it, by hand.
func whole(tx *db.Tx, class school.ID, who directory.Identity) (school.ID, directory.Arrival, error) {
	a := directory.Arrival{Identity: who, School: lilas, Class: class, Level: school.CP}
	err := directory.Classes.Insert(tx, directory.Class{
		ID: class, School: lilas, Year: school.YearOf(tx.Now), Kind: directory.OrdinaryClass, SourceKey: "cp", Label: "CP", From: db.At(tx.Now),
	})
	if err != nil {
		return 0, a, err
	}
	pupil, err := directory.AddPupil(tx, a)
	return pupil, a, err
}

// A correction wants what an arrival wants.
func TestAPupilKeepsAFirstName(t *testing.T) {
	d := dbtest.SQLite(t, directory.Schema())
	write(t, d, settle)
	write(t, d, func(tx *db.Tx) error {
		pupil, a, err := whole(tx, 500, directory.Identity{First: "Anouk", Usual: "Bel", Born: "2019-01-01"})
		if err != nil {
			return err
		}
		a.First = ""
		if wrong := fail.InField(directory.CorrectPupil(tx, pupil, a)); wrong == nil || wrong.Field != "first" {
			t.Errorf("a pupil corrected to no first name: %v", wrong)
		}
		return nil
	})
}

// What somebody wrote is kept as one line that is seen: PostgreSQL refuses a
// zero, and a mark that turns a page round makes one name look like another.
func TestWhatIsWrittenByHandIsOneLine(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, settle)
		write(t, d, func(tx *db.Tx) error {
			pupil, _, err := whole(tx, 500, directory.Identity{First: "Anouk\x00", Usual: "\u202eBel\u202c", BirthName: "Bel\r\nNoir", Born: "2019-01-01"})
			if err != nil {
				return err
			}
			p, err := directory.Persons.One(tx, "id = $1", pupil)
			if err != nil {
				return err
			}
			if p.FirstName != "Anouk" || p.UsualName != "Bel" || p.BirthName != "Bel Noir" || p.SortKey != "bel anouk" {
				t.Errorf("%q %q %q %q", p.FirstName, p.UsualName, p.BirthName, p.SortKey)
			}
			agent, err := directory.Appoint(tx, directory.Appointment{
				First: "Ada\x1f", Usual: "\u2067Noir", Label: "Agente\x00 de\nservice", Structure: lilas, Template: "atsem", Reason: "Arr\u00adêté\x00",
			})
			if err != nil {
				return err
			}
			f, err := directory.Functions.One(tx, "person_id = $1", agent)
			if err != nil || f.Label != "Agente de service" || f.Reason != "Arrêté" {
				t.Errorf("%q %q, %v", f.Label, f.Reason, err)
			}
			if who, err := directory.Get(tx, agent); err != nil || who.Name() != "Ada Noir" {
				t.Errorf("%q, %v", who.Name(), err)
			}
			r := anne(lilas, directory.DigitalReferent)
			r.Name = "Anne\x00\u202eEssai"
			if r, err = directory.AddReferent(tx, r); err != nil || r.Name != "Anne Essai" {
				t.Errorf("%q, %v", r.Name, err)
			}
			group, err := directory.MakeGroup(tx, lilas, "Chorale\x00\u200f")
			if err != nil {
				return err
			}
			if c, err := directory.ClassByID(tx, group); err != nil || c.Label != "Chorale" {
				t.Errorf("%q, %v", c.Label, err)
			}
			for name, who := range map[string]directory.Identity{
				"an unseen name":       {First: "Zoé", Usual: "\u200b\x00", Born: "2019-01-01"},
				"an unseen first name": {First: "\u202e", Usual: "Bel", Born: "2019-01-01"},
			} {
				_, err := directory.AddPupil(tx, directory.Arrival{Identity: who, School: lilas, Class: 500})
				if fail.InField(err) == nil {
					t.Errorf("%s: %v", name, err)
				}
			}
			return nil
		})
	}, directory.Schema())
}

// Two of one name are two, whatever each does, with the mail of each.
func TestHoldersOfOneName(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, settle)
		var one, other school.ID
		appoint := func(who *school.ID, template, mail string) {
			write(t, d, func(tx *db.Tx) (err error) {
				*who, err = directory.Appoint(tx, directory.Appointment{
					Person: *who, First: "Marie", Usual: "Martin", Mail: mail, Structure: lilas, Template: template, Reason: "arrêté",
				})
				return err
			})
		}
		appoint(&other, "atsem", "autre@ecole.example")
		appoint(&one, "replacement", "une@ecole.example")
		appoint(&one, "head", "")
		write(t, d, func(tx *db.Tx) error {
			held, err := directory.HoldersNamed(tx, directory.SortKey("Martin", "Marie"))
			if len(held) != 2 {
				t.Fatalf("%d holders: %+v", len(held), held)
			}
			for _, h := range held {
				want, duties := "une@ecole.example", 2
				if h.ID == other {
					want, duties = "autre@ecole.example", 1
				}
				if h.Mail != want || h.Private || len(h.Duties) != duties {
					t.Errorf("%+v", h)
				}
			}
			return err
		})
	}, directory.Schema())
}
