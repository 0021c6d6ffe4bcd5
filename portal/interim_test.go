package portal_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// A school without a head waits on the home page of those who may propose an acting
// one. What one person proposes waits on the home page of those who may confirm it,
// and on no other; an acting head is named as such.
func TestAnInterimWaitsForASecondPerson(t *testing.T) {
	h := open(t)
	town, pilot := h.appoint(school.Municipal, directory.Commune, "Mairie"), h.appoint(school.Pilot, directory.Academy, "Rivage")
	operator := h.appoint(school.Operator, directory.Project, "Machine")
	at := h.One(`SELECT min(w.structure_id) FROM directory_within w JOIN directory_function f ON f.structure_id = w.ancestor_id
		JOIN directory_structure s ON s.id = w.structure_id AND s.kind = 'school' WHERE f.person_id = $1`, town)
	const vacant = "proposez une direction par intérim"
	told := func(want map[school.Profile]bool) {
		t.Helper()
		for person, hat := range map[school.ID]school.Profile{town: school.Municipal, pilot: school.Pilot, operator: school.Operator} {
			if shown := strings.Contains(h.home(person, hat), vacant); shown != want[hat] {
				t.Errorf("on the home page of %s: %v", hat, shown)
			}
		}
	}
	told(nil)
	var i directory.Interim
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE directory_function SET until_at = from_at WHERE structure_id = $1 AND profile = $2`, at, school.Head)
		return err
	})
	told(map[school.Profile]bool{school.Municipal: true, school.Pilot: true})
	h.Write(func(tx *db.Tx) (err error) {
		i = directory.Interim{School: at, First: "Nadège", Usual: "Lambert", Reason: "vacant", ProposedBy: town, ProposedAs: school.Municipal}
		if i, err = i.Understood(tx); err != nil {
			return err
		}
		return directory.Propose(tx, i)
	})
	told(nil)
	link := `href="/register/school/` + at.String() + `/interim"`
	for person, hat := range map[school.ID]school.Profile{town: school.Municipal, pilot: school.Pilot, operator: school.Operator} {
		if shown := strings.Contains(h.home(person, hat), link); shown != (person != town) {
			t.Errorf("on the home page of %s: %v", hat, shown)
		}
	}

	h.Write(func(tx *db.Tx) error {
		_, err := directory.Appoint(tx, i.Appointment(pilot))
		return err
	})
	told(nil)
	h.Enter(town, school.Municipal).Get("/help/school/"+at.String()).Wants(http.StatusOK, "Direction par intérim", "Nadège Lambert")
}

// Who heads a school for a time reads it on their home page, and until when.
func TestAnActingHeadReadsThatTheyAct(t *testing.T) {
	h := open(t)
	head := h.head()
	if strings.Contains(h.home(head, school.Head), "par intérim, ") {
		t.Fatal("who heads a school for good acts")
	}
	h.Write(func(tx *db.Tx) error {
		if _, err := tx.Exec(`UPDATE directory_person SET civility = 'Mme' WHERE id = $1`, head); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE directory_function SET code = $1, until_at = $2 WHERE person_id = $3 AND profile = $4`,
			directory.ActingHead, db.At(tx.Now.AddDate(0, 0, 20)), head, school.Head)
		return err
	})
	home := h.Enter(head, school.Head).Get("/")
	home.Wants(http.StatusOK, "Vous êtes directrice par intérim, ", "compris.")
	if !strings.Contains(home.Body, "Directrice par intérim") {
		t.Error("the hat does not say that it is for a time")
	}
}

// Schools that somebody heads for a time do not hide the one that nobody heads, however
// many they are.
func TestAVacantSchoolBehindOthersIsTold(t *testing.T) {
	h := open(t)
	pilot := h.appoint(school.Pilot, directory.Academy, "Rivage")
	at := h.One(`SELECT min(w.structure_id) FROM directory_within w JOIN directory_function f ON f.structure_id = w.ancestor_id
		JOIN directory_structure s ON s.id = w.structure_id AND s.kind = 'school' WHERE f.person_id = $1`, pilot)
	const vacant = "proposez une direction par intérim"
	h.Write(func(tx *db.Tx) error {
		for i := range 51 {
			other := school.NewID(tx.Now)
			if _, err := tx.Exec(`INSERT INTO directory_structure (id, ref, kind, name, from_at) VALUES ($1, $2, 'school', 'École voisine', $3)`,
				other, fmt.Sprintf("test:%d", i), db.At(tx.Now)); err != nil {
				return err
			}
			if _, err := tx.Exec(`INSERT INTO directory_within (structure_id, ancestor_id) SELECT $1, ancestor_id FROM directory_within WHERE structure_id = $2`, other, at); err != nil {
				return err
			}
			if _, err := tx.Exec(`INSERT INTO directory_function (person_id, structure_id, year, code, specialty, from_at, profile) VALUES ($1, $2, 0, $3, '', $4, $5)`,
				pilot, other, directory.ActingHead, db.At(tx.Now), school.Head); err != nil {
				return err
			}
		}
		return nil
	})
	if strings.Contains(h.home(pilot, school.Pilot), vacant) {
		t.Error("schools that somebody heads for a time are told to be vacant")
	}
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE directory_function SET until_at = from_at WHERE structure_id = $1 AND profile = $2`, at, school.Head)
		return err
	})
	if home := h.home(pilot, school.Pilot); !strings.Contains(home, "Une école n’a ni directrice ni directeur") || !strings.Contains(home, `href="/register/school/`+at.String()+`/interim"`) {
		t.Error("the school that nobody heads is not told, behind those with an acting head")
	}
}
