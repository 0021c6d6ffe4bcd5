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
	onBoth(t, func(h *town) {
		class := h.Classes(h.near[0])[0]
		pupil, guardian := h.onlyChild(class.ID)
		h.exec(`UPDATE directory_person SET usual_name = 'D’Œuf-Lézard', first_name = 'Zoé Inès', sort_key = $2 WHERE id = $1`,
			pupil, directory.SortKey("D’Œuf-Lézard", "Zoé Inès"))
		head := h.Enter(h.Head(h.near[0]), school.Head)
		for words, want := range map[string]bool{
			"zoe": true, "ZOÉ": true, "Inès oeuf": true, "d'œuf lez": true, "LÉZ zo in": true, "  zoé  ": true,
			"zoe x": false, "euf": false, "zard": false, "zoéinès": false, "z%é": false, "z_e": false, "%": false, "' OR 1=1": false,
		} {
			got := head.Get("/people/?q=" + url.QueryEscape(words))
			if found := slices.Contains(peopleIn(got), pupil); found != want {
				t.Errorf("%q: %v, want %v", words, found, want)
			}
		}
		got := head.Get("/people/?q=oeuf")
		got.Wants(http.StatusOK, "Zoé Inès D’Œuf-Lézard", "Élève, "+class.Label)
		head.Get("/people/?q="+url.QueryEscape(school.Fold(h.Who(guardian).Name()))).
			Wants(http.StatusOK, h.Who(guardian).Name(), "Responsable de Zoé Inès ("+class.Label+")")
		head.Get("/people/?q=zzzz").Wants(http.StatusOK, "Rien ni personne de ce nom")
		head.Get("/people/?q=%25").Wants(http.StatusOK, "Annuaire")
		head.Get("/people/?q="+strings.Repeat("zq+", 3000)).Wants(http.StatusOK, "Rien ni personne de ce nom")
	})
}

// A letter that is wrong in a name is forgiven, of adults as of children, among those whom one
// may look up; somebody else's name, badly written or not, finds nobody.
func TestASlipIsForgiven(t *testing.T) {
	onBoth(t, func(h *town) {
		rename := func(person school.ID, usual string) {
			h.exec(`UPDATE directory_person SET usual_name = $2, first_name = 'Maud', sort_key = $3 WHERE id = $1`, person, usual, directory.SortKey(usual, "Maud"))
		}
		pupil, guardian := h.onlyChild(h.Classes(h.near[0])[0].ID)
		_, stranger := h.onlyChild(h.Classes(h.far[0])[0].ID)
		colleague, distant := h.Teachers(h.near[0])[0], h.Teachers(h.far[0])[0]
		for person, usual := range map[school.ID]string{pupil: "Quenneville", guardian: "Zwingelstein", stranger: "Wurmlinger", colleague: "Kowalczuk", distant: "Xhonneux"} {
			rename(person, usual)
		}
		head, teacher := h.Enter(h.Head(h.near[0]), school.Head), h.Enter(h.Teachers(h.near[0])[1], school.Teacher)
		for name, c := range map[string]struct {
			found []school.ID
			want  school.ID
		}{
			"a child, by the head":              {peopleIn(head.Get("/people/?q=quenevile")), pupil},
			"a parent, by the head":             {peopleIn(head.Get("/people/?q=maud+zwingelstien")), guardian},
			"a teacher, by a colleague":         {peopleIn(teacher.Get("/people/?q=kowalczyk")), colleague},
			"a parent, by a teacher of another": {peopleIn(teacher.Get("/people/?q=zwingelstien")), 0},
			"a parent of another school":        {peopleIn(head.Get("/people/?q=wurmlingre")), 0},
			"a teacher of another school":       {peopleIn(head.Get("/people/?q=xhoneux")), 0},
			"a name with a figure":              {peopleIn(head.Get("/people/?q=zwingelstein2")), 0},
		} {
			if c.want == 0 && len(c.found) > 0 || c.want != 0 && !slices.Contains(c.found, c.want) {
				t.Errorf("%s: found %v, want %s", name, c.found, c.want)
			}
		}
	})
}

// Somebody who is several things comes once, with all of them.
func TestFindOnce(t *testing.T) {
	onBoth(t, func(h *town) {
		class := h.Classes(h.near[0])[0]
		pupil, _ := h.onlyChild(class.ID)
		other := h.Pupils(h.Classes(h.near[0])[1].ID)[0]
		teacher := h.Teachers(h.near[0])[0]
		for _, child := range []school.ID{pupil, other.ID} {
			h.Write(func(tx *db.Tx) error {
				return directory.Bonds.Insert(tx, directory.Bond{Pupil: child, Guardian: teacher, From: db.At(tx.Now), Link: "10", Authority: true})
			})
		}
		got := h.Enter(h.Head(h.near[0]), school.Head).Get("/people/?q=" + url.QueryEscape(h.Who(teacher).Name()))
		times := 0
		for _, id := range peopleIn(got) {
			if id == teacher {
				times++
			}
		}
		if times != 1 {
			t.Errorf("found %d times", times)
		}
		got.Wants(http.StatusOK, "Enseignant", "Responsable d")
	})
}

// A page lists fifty people and says that there are others; not when there are
// fifty.
func TestFindMany(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	head := h.Enter(h.Head(at), school.Head)
	add := func(n int) {
		for range n {
			h.Write(func(tx *db.Tx) error {
				_, err := directory.Appoint(tx, directory.Appointment{First: "Renfort", Usual: "Quetzal", Structure: at, Template: village.PostOf(school.Staff), Reason: "test"})
				return err
			})
		}
	}
	add(50)
	got := head.Get("/people/?q=quetz")
	if n := len(peopleIn(got)); n != 50 {
		t.Errorf("%d listed", n)
	}
	got.Lacks(http.StatusOK, "quelques lettres de plus")
	add(1)
	got = head.Get("/people/?q=quetz")
	if n := len(peopleIn(got)); n != 50 {
		t.Errorf("%d listed", n)
	}
	got.Wants(http.StatusOK, "Seuls les 50 premiers")
}

// A pupil neither sees nor searches the family names of the class; two of one
// first name are told apart.
func TestPupilsHaveFirstNames(t *testing.T) {
	h := onSQLite(t)
	c := newCrowd(h)
	mates := h.Pupils(c.class)
	h.exec(`UPDATE directory_person SET usual_name = 'Wxyz', first_name = 'Anouk', sort_key = 'wxyz anouk' WHERE id = $1`, mates[3].ID)
	pupil := c.visitors["pupil"]
	pupil.Get("/people/?q=anou").Wants(http.StatusOK, "Anouk")
	pupil.Get("/people/?q=wxyz").Wants(http.StatusOK, "Rien ni personne")
	pupil.Get("/people/person/"+mates[3].ID.String()).Wants(http.StatusOK, "Anouk", h.Who(c.teacher).Formal())
	for _, page := range []string{"/people/", "/people/?q=anou", "/people/person/" + mates[3].ID.String()} {
		pupil.Get(page).Lacks(http.StatusOK, "Wxyz")
	}
	h.exec(`UPDATE directory_person SET usual_name = 'Wagner', first_name = 'Anouk', sort_key = 'wagner anouk' WHERE id = $1`, mates[4].ID)
	pupil.Get("/people/?q=anou").Wants(http.StatusOK, "Anouk Wx.", "Anouk Wa.")
}

// Schools are found by name, town or UAI; classes by label.
func TestFindPlaces(t *testing.T) {
	onBoth(t, func(h *town) {
		near, far := h.Structure(h.near[0]), h.Structure(h.far[0])
		h.exec(`UPDATE directory_structure SET town = 'Saint-Étienne-du-Grès' WHERE id = $1`, far.ID)
		pilot := h.Enter(h.appoint("dsi", school.Pilot, h.structure(directory.Academy)), school.Pilot)
		link := "/people/school/" + far.ID.String()
		for _, words := range []string{"saint etienne", "ÉTIENNE gres", string(far.UAI), strings.ToLower(string(far.UAI))[:6], far.Name, school.Fold(far.Name) + " saint"} {
			got := pilot.Get("/people/?q=" + url.QueryEscape(words))
			got.Wants(http.StatusOK, link, far.Name)
		}
		pilot.Get("/people/?q=etienne").Lacks(http.StatusOK, "/people/school/"+near.ID.String())
		pilot.Get("/people/?q=tienne").Lacks(http.StatusOK, link)
		pilot.Get("/people/").Wants(http.StatusOK, link, "/people/school/"+near.ID.String())

		class := h.Classes(near.ID)[0]
		teacher := h.Teachers(near.ID)[0]
		h.Attach(class.ID, teacher)
		h.exec(`UPDATE directory_class SET label = 'Les Écureuils', label_key = 'les ecureuils' WHERE id = $1`, class.ID)
		h.Enter(teacher, school.Teacher).Get("/people/?q=ecur").
			Wants(http.StatusOK, "Les Écureuils", h.Who(teacher).Formal(), "/people/class/"+class.ID.String())
		_, guardian := h.onlyChild(class.ID)
		parent := h.Enter(guardian, school.Guardian)
		classes := parent.Get("/people/?q=ecur") // which open nothing to a parent
		classes.Wants(http.StatusOK, "Les Écureuils")
		classes.Lacks(http.StatusOK, "/people/school/", "/people/class/")
		pilot.Get("/people/?q=ecur").Lacks(http.StatusOK, "Les Écureuils")
	})
}

// With many schools the first page says their number; a search lists fifty and
// says how many there are.
func TestManySchools(t *testing.T) {
	h := onSQLite(t)
	h.Write(func(tx *db.Tx) error {
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
	pilot := h.Enter(h.appoint("dsi", school.Pilot, h.structure(directory.Academy)), school.Pilot)
	got := pilot.Get("/people/")
	got.Wants(http.StatusOK, "64 écoles\u00a0: écrivez le début")
	got.Lacks(http.StatusOK, "/people/school/")
	got = pilot.Get("/people/?q=quetz")
	got.Wants(http.StatusOK, "50 écoles sont montrées sur 59")
	if n := strings.Count(got.Text(), `href="/people/school/`); n != 50 {
		t.Errorf("%d listed", n)
	}
}

// Nobody looks up an agent of the town hall: they are on the page of their team.
func TestTeamsAreElsewhere(t *testing.T) {
	c := newCrowd(onSQLite(t))
	for who, v := range c.visitors {
		if who == "stranger" {
			continue
		}
		page := v.Get("/people/?q=" + url.QueryEscape(c.Who(c.visitors["municipal"].Person).Usual))
		if slices.Contains(peopleIn(page), c.visitors["municipal"].Person) {
			t.Errorf("%s finds an agent of the town hall", who)
		}
	}
}
