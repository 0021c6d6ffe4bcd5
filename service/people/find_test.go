package people_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/village"
)

// People are found by the beginnings of the words of their name, whatever the
// case and the accents, on both databases; by nothing else.
func TestFindByName(t *testing.T) {
	onBoth(t, func(h *house) {
		class := h.classes(h.near[0])[0]
		pupil, guardian := h.onlyChild(class.ID)
		h.exec(`UPDATE directory_person SET usual_name = 'D’Œuf-Lézard', first_name = 'Zoé Inès', sort_key = $2 WHERE id = $1`,
			pupil, directory.SortKey("D’Œuf-Lézard", "Zoé Inès"))
		head := h.enter(h.head(h.near[0]), school.Head)
		for words, want := range map[string]bool{
			"zoe": true, "ZOÉ": true, "Inès oeuf": true, "d'œuf lez": true, "LÉZ zo in": true, "  zoé  ": true,
			"zoe x": false, "euf": false, "ézard": false, "zoéinès": false, "z%é": false, "z_e": false, "%": false, "' OR 1=1": false,
		} {
			got := head.get("/people/?q=" + url.QueryEscape(words))
			if found := slices.Contains(peopleIn(got), pupil); found != want {
				t.Errorf("%q: %v, want %v", words, found, want)
			}
		}
		got := head.get("/people/?q=oeuf")
		got.wants(http.StatusOK, "Zoé Inès D’Œuf-Lézard", "Élève, "+class.Label)
		head.get("/people/?q="+url.QueryEscape(school.Fold(h.who(guardian).Name()))).
			wants(http.StatusOK, h.who(guardian).Name(), "Responsable de Zoé Inès ("+class.Label+")")
		head.get("/people/?q=zzzz").wants(http.StatusOK, "Rien ni personne de ce nom")
		head.get("/people/?q=%25").wants(http.StatusOK, "Annuaire")
		head.get("/people/?q="+strings.Repeat("zq+", 3000)).wants(http.StatusOK, "Rien ni personne de ce nom")
	})
}

// Somebody who is several things comes once, with all of them.
func TestFindOnce(t *testing.T) {
	onBoth(t, func(h *house) {
		class := h.classes(h.near[0])[0]
		pupil, _ := h.onlyChild(class.ID)
		other := h.pupils(h.classes(h.near[0])[1].ID)[0]
		teacher := h.teachers(h.near[0])[0]
		for _, child := range []school.ID{pupil, other.ID} {
			h.write(func(tx *db.Tx) error {
				return directory.Bonds.Insert(tx, directory.Bond{Pupil: child, Guardian: teacher, From: db.At(tx.Now), Link: "10", Authority: true})
			})
		}
		got := h.enter(h.head(h.near[0]), school.Head).get("/people/?q=" + url.QueryEscape(h.who(teacher).Name()))
		times := 0
		for _, id := range peopleIn(got) {
			if id == teacher {
				times++
			}
		}
		if times != 1 {
			t.Errorf("found %d times", times)
		}
		got.wants(http.StatusOK, "Enseignant", "Responsable d")
	})
}

// A page lists fifty people and says that there are others; not when there are
// fifty.
func TestFindMany(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	head := h.enter(h.head(at), school.Head)
	add := func(n int) {
		for range n {
			h.write(func(tx *db.Tx) error {
				_, err := directory.Appoint(tx, directory.Appointment{First: "Renfort", Usual: "Quetzal", Structure: at, Template: village.PostOf(school.Staff), Reason: "test"})
				return err
			})
		}
	}
	add(50)
	got := head.get("/people/?q=quetz")
	if n := len(peopleIn(got)); n != 50 {
		t.Errorf("%d listed", n)
	}
	got.lacks("quelques lettres de plus")
	add(1)
	got = head.get("/people/?q=quetz")
	if n := len(peopleIn(got)); n != 50 {
		t.Errorf("%d listed", n)
	}
	got.wants(http.StatusOK, "Seuls les 50 premiers")
}

// A pupil neither sees nor searches the family names of the class; two of one
// first name are told apart.
func TestPupilsHaveFirstNames(t *testing.T) {
	h := onSQLite(t)
	c := newCrowd(h)
	mates := h.pupils(c.class)
	h.exec(`UPDATE directory_person SET usual_name = 'Wxyz', first_name = 'Anouk', sort_key = 'wxyz anouk' WHERE id = $1`, mates[3].ID)
	pupil := c.visitors["pupil"]
	pupil.get("/people/?q=anou").wants(http.StatusOK, "Anouk")
	pupil.get("/people/?q=wxyz").wants(http.StatusOK, "Rien ni personne")
	pupil.get("/people/person/"+mates[3].ID.String()).wants(http.StatusOK, "Anouk", h.who(c.teacher).Formal())
	for _, page := range []string{"/people/", "/people/?q=anou", "/people/person/" + mates[3].ID.String()} {
		pupil.get(page).lacks("Wxyz")
	}
	h.exec(`UPDATE directory_person SET usual_name = 'Wagner', first_name = 'Anouk', sort_key = 'wagner anouk' WHERE id = $1`, mates[4].ID)
	pupil.get("/people/?q=anou").wants(http.StatusOK, "Anouk Wx.", "Anouk Wa.")
}

// Schools are found by name, town or UAI; classes by label.
func TestFindPlaces(t *testing.T) {
	onBoth(t, func(h *house) {
		near, far := h.at(h.near[0]), h.at(h.far[0])
		h.exec(`UPDATE directory_structure SET town = 'Saint-Étienne-du-Grès' WHERE id = $1`, far.ID)
		pilot := h.enter(h.appoint("dsi", school.Pilot, h.structure(directory.Academy)), school.Pilot)
		link := "/people/school/" + far.ID.String()
		for _, words := range []string{"saint etienne", "ÉTIENNE gres", string(far.UAI), strings.ToLower(string(far.UAI))[:6], far.Name, school.Fold(far.Name) + " saint"} {
			got := pilot.get("/people/?q=" + url.QueryEscape(words))
			got.wants(http.StatusOK, link, far.Name)
		}
		pilot.get("/people/?q=etienne").lacks("/people/school/" + near.ID.String())
		pilot.get("/people/?q=tienne").lacks(link)
		pilot.get("/people/").wants(http.StatusOK, link, "/people/school/"+near.ID.String())

		class := h.classes(near.ID)[0]
		teacher := h.teachers(near.ID)[0]
		h.attach(class.ID, teacher)
		h.exec(`UPDATE directory_class SET label = 'Les Écureuils', label_key = 'les ecureuils' WHERE id = $1`, class.ID)
		h.enter(teacher, school.Teacher).get("/people/?q=ecur").
			wants(http.StatusOK, "Les Écureuils", h.who(teacher).Formal(), "/people/class/"+class.ID.String())
		_, guardian := h.onlyChild(class.ID)
		parent := h.enter(guardian, school.Guardian)
		parent.get("/people/?q=ecur").wants(http.StatusOK, "Les Écureuils", "/people/school/"+near.ID.String())
		parent.get("/people/?q=ecur").lacks("/people/class/")
		pilot.get("/people/?q=ecur").lacks("Les Écureuils")
	})
}

// With many schools the first page says their number; a search lists fifty and
// says how many there are.
func TestManySchools(t *testing.T) {
	h := onSQLite(t)
	h.write(func(tx *db.Tx) error {
		academy := h.structureIn(tx, directory.Academy)
		for i := range 60 {
			id := school.NewID(tx.Now)
			s := directory.Structure{ID: id, Ref: "uai:x" + id.String(), Kind: directory.School, Name: "École Quetzal", NameKey: "ecole quetzal", Town: "Ville", From: db.At(tx.Now)}
			if i == 0 {
				s.Until = db.At(tx.Now) // closed
			}
			if err := directory.Structures.Insert(tx, s); err != nil {
				return err
			}
			if err := directory.Withins.Insert(tx, directory.Within{Structure: id, Ancestor: academy}); err != nil {
				return err
			}
		}
		return nil
	})
	pilot := h.enter(h.appoint("dsi", school.Pilot, h.structure(directory.Academy)), school.Pilot)
	got := pilot.get("/people/")
	got.wants(http.StatusOK, "64 écoles\u00a0: écrivez le début")
	got.lacks("/people/school/")
	got = pilot.get("/people/?q=quetz")
	got.wants(http.StatusOK, "50 écoles sont montrées sur 59")
	if n := strings.Count(got.body, `href="/people/school/`); n != 50 {
		t.Errorf("%d listed", n)
	}
}
