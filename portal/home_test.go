package portal_test

import (
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
)

// main is what a page says between its header and its footer.
var main = regexp.MustCompile(`(?s)<main.*</main>`)

func said(page string) string { return html.UnescapeString(main.FindString(page)) }

// names are the family names of everybody whom a query finds, with the first
// names before: what must not be on a page.
func (h *lobby) names(query string, args ...any) []string {
	h.T.Helper()
	names := h.texts(`SELECT p.first_name || ' ' || p.usual_name FROM directory_person p WHERE p.first_name <> '' AND `+query, args...)
	if len(names) == 0 {
		h.T.Fatal("nobody: the test would prove nothing")
	}
	return names
}

// holdsNone fails when a page holds one of the texts.
func holdsNone(t *testing.T, page string, texts []string) {
	t.Helper()
	bare := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(said(page), " ")
	bare = strings.Join(strings.Fields(bare), " ")
	for _, text := range texts {
		if strings.Contains(bare, text) {
			t.Errorf("the page holds %q", text)
		}
	}
}

func holds(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(said(page), text) {
			t.Errorf("the page does not hold %q:\n%s", text, said(page))
		}
	}
}

// Every home page is made on both databases.
func TestEveryHomeOnBothDatabases(t *testing.T) {
	fed.Each(t, func(t *testing.T, of *house.House) {
		h := openOn(of)
		for _, who := range h.everyone() {
			in := h.post("/login", form("login", who.login, "password", good))
			page := h.get("/", cookie(in.session()))
			if page.StatusCode != http.StatusOK || !strings.Contains(said(page.Body), "<h1") {
				t.Errorf("%s: %d", who.name, page.StatusCode)
			}
		}
	})
}

const everyPupil = `EXISTS (SELECT 1 FROM directory_enrolment e WHERE e.person_id = p.id)`

func TestGuardianHome(t *testing.T) {
	h := open(t)
	guardian := h.guardian()
	children := h.texts(`SELECT p.first_name FROM directory_bond b JOIN directory_person p ON p.id = b.pupil_id WHERE b.guardian_id = $1`, guardian)
	class := h.One(`SELECT m.class_id FROM directory_membership m JOIN directory_bond b ON b.pupil_id = m.person_id
		JOIN directory_class c ON c.id = m.class_id AND c.kind = 'class' WHERE b.guardian_id = $1 ORDER BY 1 LIMIT 1`, guardian)
	teacher := h.One(`SELECT min(f.person_id) FROM directory_function f JOIN directory_class c ON c.school_id = f.structure_id WHERE c.id = $1`, class)
	h.Attach(class, teacher)
	page := h.home(guardian, school.Guardian)
	holds(t, page, children...)
	holds(t, page, h.Who(teacher).Formal())
	child := h.One(`SELECT min(pupil_id) FROM directory_bond WHERE guardian_id = $1`, guardian)
	holds(t, page, `href="/people/person/`+child.String()+`"`)
	holds(t, page, h.texts(`SELECT DISTINCT s.name FROM directory_bond b JOIN directory_enrolment e ON e.person_id = b.pupil_id
		JOIN directory_structure s ON s.id = e.school_id WHERE b.guardian_id = $1`, guardian)...)
	if n := strings.Count(page, "<article"); n != len(children) {
		t.Errorf("%d cards for %d children", n, len(children))
	}
	holdsNone(t, page, h.names(everyPupil))
	// No first name but those of the children, and no other guardian.
	others := h.texts(`SELECT DISTINCT p.first_name FROM directory_person p WHERE `+everyPupil+` AND p.first_name NOT IN
		(SELECT q.first_name FROM directory_bond b JOIN directory_person q ON q.id IN (b.pupil_id, b.guardian_id) WHERE b.guardian_id = $1)`, guardian)
	for _, card := range regexp.MustCompile(`child-name">([^<]*)<`).FindAllStringSubmatch(page, -1) {
		if slices.Contains(others, html.UnescapeString(card[1])) {
			t.Errorf("%s is no child of this guardian", card[1])
		}
	}
	holdsNone(t, page, h.names(`p.id IN (SELECT o.guardian_id FROM directory_bond b JOIN directory_bond o ON o.pupil_id = b.pupil_id
		AND o.guardian_id <> b.guardian_id WHERE b.guardian_id = $1) OR p.id = $1`, guardian))
}

// restrict records a judge's restriction on the bond of a guardian with one
// of their children, and gives the child.
func (h *lobby) restrict(guardian school.ID, r directory.Restriction) directory.Someone {
	h.T.Helper()
	child := h.One(`SELECT pupil_id FROM directory_bond WHERE guardian_id = $1 ORDER BY pupil_id LIMIT 1`, guardian)
	h.Write(func(tx *db.Tx) error {
		r.ID, r.Pupil, r.Guardian, r.From, r.RecordedAt = school.NewID(tx.Now), child, guardian, db.At(tx.Now), db.At(tx.Now)
		return directory.Restrictions.Insert(tx, r)
	})
	return h.Who(child)
}

func TestAGuardianWithoutAccessSeesNothingOfTheChild(t *testing.T) {
	h := open(t)
	guardian := h.guardian()
	child := h.restrict(guardian, directory.Restriction{NoAccess: true})
	as := h.as(guardian, school.Guardian)
	for _, path := range []string{"/", "/me"} {
		page := h.get(path, as)
		if page.StatusCode != http.StatusOK || strings.Contains(html.UnescapeString(page.Body), child.First) {
			t.Errorf("%s: %d, or it tells of %s", path, page.StatusCode, child.First)
		}
	}
}

func TestAHiddenPlaceIsNotTold(t *testing.T) {
	h := open(t)
	guardian := h.guardian()
	child := h.restrict(guardian, directory.Restriction{HidePlace: true})
	page := h.home(guardian, school.Guardian)
	holds(t, page, child.First)
	card := regexp.MustCompile(`(?s)<article[^>]*aria-label="` + child.First + `".*?</article>`).FindString(page)
	if card == "" || strings.Contains(card, "<li>") || strings.Contains(card, "cole") {
		t.Errorf("the card tells where the child is: %s", card)
	}
}

// The only child of a guardian may have a hidden place: the guardian comes in
// all the same.
func TestTheOnlyChildHasAHiddenPlace(t *testing.T) {
	h := open(t)
	guardian := h.One(`SELECT b.guardian_id FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
		GROUP BY b.guardian_id HAVING count(*) = 1 ORDER BY 1 LIMIT 1`)
	as := h.as(guardian, school.Guardian)
	holds(t, h.get("/me", as).Body, "La famille d", " : les familles")
	child := h.restrict(guardian, directory.Restriction{HidePlace: true})
	holds(t, h.get("/", as).Body, child.First)
	// Neither the class, nor the school, nor the commune, nor the family, to which a word says
	// where the child is.
	holdsNone(t, h.get("/me", as).Body, []string{"La famille d", " : les familles"})
}

// A child in two schools is one card with both.
func TestAChildInTwoSchools(t *testing.T) {
	h := open(t)
	guardian := h.guardian()
	child := h.One(`SELECT min(pupil_id) FROM directory_bond WHERE guardian_id = $1`, guardian)
	h.Write(func(tx *db.Tx) error {
		first, err := directory.Enrolments.One(tx, "person_id = $1", child)
		if err != nil {
			return err
		}
		second := first
		second.School, err = db.One(tx, db.Column[school.ID], `SELECT min(id) FROM directory_structure WHERE kind = 'school' AND id <> $1`, first.School)
		if err != nil {
			return err
		}
		return directory.Enrolments.Insert(tx, second)
	})
	page := h.home(guardian, school.Guardian)
	first := h.Who(child).First
	if n := strings.Count(said(page), `aria-label="`+first+`"`); n != 1 {
		t.Errorf("%d cards for %s", n, first)
	}
	holds(t, page, h.texts(`SELECT s.name FROM directory_enrolment e JOIN directory_structure s ON s.id = e.school_id WHERE e.person_id = $1`, child)...)
}

func TestPupilHome(t *testing.T) {
	h := open(t)
	for _, level := range []school.Level{school.PS, school.CP, school.CM2} {
		t.Run(level.Label, func(t *testing.T) {
			h.T = t
			pupil := h.pupil(level)
			class := h.One(`SELECT m.class_id FROM directory_membership m JOIN directory_class c ON c.id = m.class_id AND c.kind = 'class'
				WHERE m.person_id = $1`, pupil)
			mates := h.texts(`SELECT p.first_name FROM directory_membership m JOIN directory_person p ON p.id = m.person_id
				WHERE m.class_id = $1 AND m.role = 'pupil'`, class)
			as := h.as(pupil, school.Pupil)
			page := h.get("/", as).Body
			if level == school.PS {
				holds(t, page, "/me/class", "/me/school", "data-say")
				page = h.get("/me/class", as).Body
				got := h.get("/me/school", as)
				if got.StatusCode != http.StatusOK {
					t.Errorf("my school: %d", got.StatusCode)
				}
				if strings.Contains(main.FindString(got.Body), `class="tile" href`) {
					t.Error("a tile of my school leads elsewhere")
				}
			}
			holds(t, page, mates[1:]...)
			// Of nobody else is the family name told.
			holdsNone(t, page, h.names(everyPupil))
		})
	}
}

// Two who have one name in a class are told apart by their animals.
func TestNamesakesHaveTheirAnimals(t *testing.T) {
	h := open(t)
	pupil := h.pupil(school.PS)
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE directory_person SET first_name = 'Elzéar', usual_name = 'Du Parc' WHERE id IN (
			SELECT o.person_id FROM directory_membership m JOIN directory_membership o ON o.class_id = m.class_id AND o.role = 'pupil'
			WHERE m.person_id = $1 AND o.person_id <> $1 ORDER BY 1 LIMIT 2)`, pupil)
		return err
	})
	said := regexp.MustCompile(`data-say="(Elzéar D\.[^"]*)"`).FindAllStringSubmatch(h.get("/me/class", h.as(pupil, school.Pupil)).Body, -1)
	if len(said) != 2 || said[0][1] == said[1][1] || !strings.HasPrefix(said[0][1], "Elzéar D., l") {
		t.Errorf("they are called %q", said)
	}
}

// Only a pupil has a class and a school of one's own.
func TestThePagesOfPupilsAreTheirs(t *testing.T) {
	h := open(t)
	as := h.as(h.guardian(), school.Guardian)
	for _, path := range []string{"/me/class", "/me/school"} {
		if page := h.get(path, as); page.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, page.StatusCode)
		}
	}
}

func TestTeacherHome(t *testing.T) {
	h := open(t)
	teacher := h.plainTeacher()
	page := h.home(teacher, school.Teacher)
	holds(t, page, "Votre directrice ou votre directeur vous attache à votre classe")
	holdsNone(t, page, []string{"Voici votre classe"})
	holdsNone(t, page, h.names(everyPupil))

	class := h.classIn(teacher)
	h.Attach(class, teacher)
	page = h.home(teacher, school.Teacher)
	pupil := h.One(`SELECT min(person_id) FROM directory_membership WHERE class_id = $1 AND role = 'pupil'`, class)
	holds(t, page, `href="/people/person/`+pupil.String()+`"`, "/register/class/"+class.String())
	inside := `EXISTS (SELECT 1 FROM directory_membership m WHERE m.person_id = p.id AND m.role = 'pupil' AND m.class_id = $1)`
	text := strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(said(page), " ")), " ")
	for _, name := range h.names(inside, class) {
		if !strings.Contains(text, name) {
			t.Errorf("%s is missing", name)
		}
	}
	holdsNone(t, page, outside(h, inside, class))
}

// outside are the names of the pupils who are not among some, homonyms apart.
func outside(h *lobby, inside string, args ...any) []string {
	h.T.Helper()
	all, some := h.names(everyPupil), h.names(inside, args...)
	return slices.DeleteFunc(all, func(name string) bool {
		return slices.ContainsFunc(some, func(one string) bool { return strings.Contains(one, name) })
	})
}

func TestHeadHome(t *testing.T) {
	h := open(t)
	head := h.head()
	at := h.One(`SELECT structure_id FROM directory_function WHERE person_id = $1 AND profile = 'National_DIR'`, head)
	page := h.home(head, school.Head)
	holds(t, page, "/register/school/"+at.String()+"/teachers", "/register/school/"+at.String()+"/troubles", "Sans enseignant")
	if !strings.Contains(page, "/accounts/school/"+at.String()+"/staff") {
		t.Error("the home does not list what the desk lists")
	}
	holdsNone(t, page, h.names(everyPupil))
	h.Write(func(tx *db.Tx) error {
		classes, err := directory.ClassesOf(tx, at)
		for _, class := range classes {
			if err == nil {
				err = directory.Attach(tx, directory.Attachment{Class: class.ID, Teacher: head})
			}
		}
		return err
	})
	page = h.home(head, school.Head)
	holds(t, page, "3 choses vous attendent", "/troubles", "/staff", "/duplicates")
	if strings.Contains(page, "/teachers") || strings.Contains(page, "Sans enseignant") {
		t.Error("every class has a teacher, and one is still asked for")
	}
	holdsNone(t, page, outside(h, `EXISTS (SELECT 1 FROM directory_enrolment e WHERE e.person_id = p.id AND e.school_id = $1)`, at))
}

// A held departure waits for the head of its school only.
func TestHeldDeparturesWaitForTheHead(t *testing.T) {
	h := open(t)
	head := h.head()
	if strings.Contains(h.home(head, school.Head), "/register/holds") {
		t.Fatal("nothing is held, and something waits")
	}
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO feed_hold (feed_id, school_id, people, population, state, decided_by)
			SELECT d.id, f.structure_id, 21, 200, 'waiting', 0 FROM feed_delivery d, directory_function f
			WHERE f.person_id = $1 AND f.profile = 'National_DIR'`, head)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO feed_held (feed_id, school_id, category, jointure, person_id)
			SELECT h.feed_id, h.school_id, 'Eleve', p.person_id, p.person_id FROM feed_hold h
			JOIN (SELECT person_id FROM directory_enrolment ORDER BY person_id LIMIT 21) p ON 1 = 1`)
		return err
	})
	page := h.home(head, school.Head)
	holds(t, page, "/register/holds", "21 personnes")
	other := h.One(`SELECT min(person_id) FROM directory_function WHERE profile = 'National_DIR' AND structure_id NOT IN
		(SELECT structure_id FROM directory_function WHERE person_id = $1)`, head)
	if strings.Contains(h.home(other, school.Head), "/register/holds") {
		t.Error("it waits for another head too")
	}
}

func TestStaffHome(t *testing.T) {
	h := open(t)
	page := h.home(h.appoint(school.Staff, directory.School, "Atsem"), school.Staff)
	holds(t, page, "Agathe Atsem")
	holdsNone(t, page, h.names(everyPupil))
	holdsNone(t, page, h.names(`EXISTS (SELECT 1 FROM directory_bond b WHERE b.guardian_id = p.id)
		AND NOT EXISTS (SELECT 1 FROM directory_function f JOIN directory_person q ON q.id = f.person_id
			WHERE q.first_name = p.first_name AND q.usual_name = p.usual_name)`))
}

func TestNoNameIsToldToPilotsAndTheCommune(t *testing.T) {
	h := open(t)
	everybody := `p.source_id <> 0`
	for _, one := range []struct {
		profile school.Profile
		kind    directory.Kind
	}{
		{school.Municipal, directory.Commune}, {school.Pilot, directory.Circonscription},
		{school.Pilot, directory.Department}, {school.Pilot, directory.Academy},
	} {
		t.Run(string(one.profile)+" "+string(one.kind), func(t *testing.T) {
			h.T = t
			person := h.appoint(one.profile, one.kind, "Rivage"+strings.ReplaceAll(string(one.kind), "-", ""))
			page := h.home(person, one.profile)
			holdsNone(t, page, h.names(everybody))
			holds(t, page, h.texts(`SELECT s.name FROM directory_within w JOIN directory_structure s ON s.id = w.structure_id AND s.kind = 'school'
				WHERE w.ancestor_id = (SELECT structure_id FROM directory_function WHERE person_id = $1)`, person)...)
		})
	}
}

// A pilot is told no count under five, nor what would give it away.
func TestSmallCountsAreMasked(t *testing.T) {
	h := open(t)
	pilot := h.appoint(school.Pilot, directory.Academy, "Rivage")
	at := h.One(`SELECT min(id) FROM directory_structure WHERE kind = 'school'`)
	before := h.home(pilot, school.Pilot)
	if strings.Contains(said(before), "moins de 5") {
		t.Fatal("something is masked already")
	}
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE directory_enrolment SET until_at = $1 WHERE school_id = $2 AND person_id NOT IN
			(SELECT person_id FROM directory_enrolment WHERE school_id = $2 ORDER BY person_id LIMIT 3)`, db.At(tx.Now), at)
		return err
	})
	page := h.home(pilot, school.Pilot)
	holds(t, page, "moins de 5", "masqué")
	total := h.texts(`SELECT '>' || count(DISTINCT person_id) || '<' FROM directory_enrolment WHERE until_at IS NULL OR until_at > $1`, h.DB.Now().UnixMilli())
	holdsNone(t, page, total)
	if strings.Contains(said(page), total[0]) {
		t.Error("the total is told: the small count follows")
	}
}

func TestOperatorAndPartnerHomes(t *testing.T) {
	h := open(t)
	page := h.home(h.appoint(school.Operator, directory.Project, "Garnier"), school.Operator)
	holds(t, page, "/register/delivery/", "Appliquée")
	holdsNone(t, page, h.names(`p.source_id <> 0`))
	page = h.home(h.appoint(school.Partner, directory.Project, "Canope"), school.Partner)
	holds(t, page, "Rien n’est ouvert pour l’instant")
	holdsNone(t, page, h.names(`p.source_id <> 0`))
}

// Who was entrusted with a class has its pupils in school time; a care agent
// and a technician see nobody's name.
func TestHomesOfWhatWasEntrusted(t *testing.T) {
	h := open(t)
	her := h.entrusted("Lambert")
	page := h.home(her, school.Staff)
	holds(t, page, "Les élèves que vous suivez", "/register/followed/", "/register/class/")
	h.DB.Now = func() time.Time { return dbtest.Noon.Add(12 * time.Hour) }
	page = h.home(her, school.Staff)
	holds(t, page, "Votre classe s’ouvre les jours d’école", "/register/followed/")
	if strings.Contains(page, "/register/class/") {
		t.Error("the class is open at night")
	}
	agent := h.appoint(school.CareAgent, directory.School, "Castel")
	page = h.home(agent, school.CareAgent)
	holds(t, page, "/care/morning-care")
	holdsNone(t, page, h.names(`p.source_id <> 0`))
	page = h.home(h.appoint(school.Tech, directory.Project, "Tellier"), school.Tech)
	holds(t, page, "Rien n’est ouvert pour l’instant", "viendront plus tard")
	holdsNone(t, page, h.names(`p.source_id <> 0`))
}

// What Visitor says of hats and what account and the rights believe agree.
func TestTheWardrobeHoldsTheHats(t *testing.T) {
	h := open(t)
	h.merged(h.plainTeacher())
	h.Write(func(tx *db.Tx) error {
		people, err := db.All(tx, db.Column[school.ID], `SELECT id FROM directory_person ORDER BY id`)
		if err != nil {
			return err
		}
		several := 0
		for _, person := range people {
			hats, err := directory.Hats(tx, person)
			if err != nil {
				return err
			}
			wardrobe, err := directory.Wardrobe(tx, person)
			if err != nil {
				return err
			}
			var profiles []school.Profile
			for _, hat := range wardrobe {
				profiles = append(profiles, hat.Profile)
			}
			if !slices.Equal(hats, profiles) {
				t.Errorf("%d has the hats %v, and the wardrobe %v", person, hats, profiles)
			}
			if len(hats) > 1 {
				several++
			}
		}
		if several == 0 {
			t.Error("nobody has two hats")
		}
		return nil
	})
}

func TestActivations(t *testing.T) {
	h := open(t)
	pupil := h.pupil(school.CM2)
	at := h.One(`SELECT school_id FROM directory_enrolment WHERE person_id = $1`, pupil)
	count := func() (a map[account.Side]account.Activation) {
		h.Write(func(tx *db.Tx) error {
			all, err := account.Activations(tx, at)
			a = all[at]
			return err
		})
		return a
	}
	before := count()
	h.Write(func(tx *db.Tx) error {
		figures, err := directory.SchoolFigures(tx, at)
		if f := figures[at]; before[account.Pupils].Logins+before[account.Pupils].ByDoor != f.Pupils || before[account.Staff].Logins != f.Staff {
			t.Errorf("%v logins, and the school has %+v", before, f)
		}
		return err
	})
	h.activate(pupil)
	if after := count(); after[account.Pupils].Activated != before[account.Pupils].Activated+1 || after[account.Families] != before[account.Families] {
		t.Errorf("%v, then %v", before, after)
	}
}

// Once the browser has the assets, which it keeps for ever, a home page is
// very light: this is all that travels.
func TestHomesAreLight(t *testing.T) {
	h := open(t)
	for _, who := range h.everyone() {
		in := h.post("/login", form("login", who.login, "password", good))
		page := h.get("/", cookie(in.session()), header("Accept-Encoding", "gzip"))
		if n := len(page.Body); page.Header.Get("Content-Encoding") != "gzip" || n > 15_000 {
			t.Errorf("%s: %d bytes, encoded %q", who.name, n, page.Header.Get("Content-Encoding"))
		} else {
			t.Logf("%s: %d bytes", who.name, n)
		}
	}
}
