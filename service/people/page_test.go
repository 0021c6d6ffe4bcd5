package people_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"preau/core/school"
	"preau/test/house"
)

// The mail of the staff at work is for their colleagues; the contact details
// of families are for nobody.
func TestContactsStayInside(t *testing.T) {
	h := onSQLite(t)
	c := newCrowd(h)
	h.exec(`UPDATE directory_person SET mail = 'secret@famille.test', home_phone = '+33 1 23', mobile_phone = '+33 6 45', address = '7 RUE CACHEE'
		WHERE id IN ($1, $2)`, c.guardian, c.pupil)
	h.exec(`UPDATE directory_person SET mail = 'prof@academie.test', home_phone = '+33 1 23' WHERE id = $1`, c.teacher)
	for name, v := range c.visitors {
		if name == "stranger" {
			continue
		}
		for _, person := range []school.ID{c.pupil, c.guardian, c.teacher} {
			got := v.Get("/people/person/" + person.String())
			if strings.Contains(got.Text(), "famille.test") || strings.Contains(got.Text(), "+33 6") || strings.Contains(got.Text(), "01 23") || strings.Contains(strings.ToLower(got.Text()), "rue cachee") {
				t.Errorf("%s reads how to reach %s", name, person)
			}
		}
		mail := strings.Contains(v.Get("/people/person/"+c.teacher.String()).Text(), "prof@academie.test")
		colleague := strings.Contains(" teacher head aide secretary ", " "+name+" ")
		if mail != colleague {
			t.Errorf("%s reads the teacher's mail: %v", name, mail)
		}
	}
	// A teacher whom the register knows by a parent's record only has a
	// parent's mail.
	h.exec(`UPDATE directory_key SET category = 'PersRelEleve' WHERE subject_id = $1`, c.teacher)
	c.visitors["head"].Get("/people/person/"+c.teacher.String()).Lacks(http.StatusOK, "prof@academie.test")
	// Whoever was appointed by hand has the mail that was given then.
	c.visitors["teacher"].Get("/people/person/"+c.aide.String()).Wants(http.StatusOK, "aide@ecole.test", "ATSEM")
}

// The page of a pupil has what each may know.
func TestAPupil(t *testing.T) {
	h := onSQLite(t)
	c := newCrowd(h)
	h.exec(`UPDATE directory_person SET birth_date = '2019-03-04' WHERE id = $1`, c.pupil)
	page := "/people/person/" + c.pupil.String()
	family := h.Who(c.guardian).Name()
	for _, name := range []string{"teacher", "head"} {
		c.visitors[name].Get(page).Wants(http.StatusOK, "04/03/2019", family, "/people/class/"+c.class.String(), h.Who(c.teacher).Formal(), h.Structure(c.school).Name)
	}
	for _, name := range []string{"aide", "guardian", "pupil"} {
		got := c.visitors[name].Get(page)
		got.Wants(http.StatusOK, h.Who(c.teacher).Formal())
		got.Lacks(http.StatusOK, family)
		lacksYears(t, got, "2019")
	}
	c.visitors["guardian"].Get(page).Lacks(http.StatusOK, "/people/class/")
	c.visitors["pupil"].Get(page).Lacks(http.StatusOK, h.Who(c.pupil).Usual)
	c.visitors["teacher"].Get("/people/person/"+c.guardian.String()).Wants(http.StatusOK, page, h.Who(c.pupil).First)
}

// The page of a school has the team for whoever sees it, and the heads alone for
// the commune and the pilots; partners see nobody.
func TestASchool(t *testing.T) {
	h := onSQLite(t)
	c := newCrowd(h)
	h.exec(`UPDATE directory_structure SET phone = '+33 2 61 91 00 02', address = '12 RUE DES LILAS' WHERE id = $1`, c.school)
	page := "/people/school/" + c.school.String()
	head, teacher := h.Who(h.Head(c.school)).Name(), h.Who(c.teacher).Name()
	for name, team := range map[string]string{
		"guardian": "all", "teacher": "all", "head": "all", "aide": "all", "secretary": "all", "operator": "all",
		"municipal": "heads", "pilot": "heads", "partner": "nobody",
	} {
		got := c.visitors[name].Get(page)
		got.Wants(http.StatusOK, "02\u00a061\u00a091\u00a000\u00a002", "tel:0261910002", "12 Rue des Lilas", h.Structure(c.school).PostalCode)
		if strings.Contains(got.Text(), head) != (team != "nobody") || strings.Contains(got.Text(), teacher) != (team == "all") {
			t.Errorf("%s sees of the team: head %v, teacher %v", name, strings.Contains(got.Text(), head), strings.Contains(got.Text(), teacher))
		}
	}
	labels := func(name string) (n int) {
		for _, class := range h.Classes(c.school) {
			if strings.Contains(c.visitors[name].Get(page).Text(), `<span class="tile-title">`+class.Label) {
				n++
			}
		}
		return n
	}
	all := len(h.Classes(c.school))
	for name, want := range map[string]int{"teacher": all, "secretary": all, "guardian": 1, "pilot": 0, "operator": 0, "partner": 0} {
		if got := labels(name); got != want {
			t.Errorf("%s sees %d classes of %d, want %d", name, got, all, want)
		}
	}
}

// The list of a class has what each may read, and columns when they are asked
// for.
func TestAClass(t *testing.T) {
	h := onSQLite(t)
	c := newCrowd(h)
	pupils := h.Pupils(c.class)
	h.exec(`UPDATE directory_person SET birth_date = '2019-03-04' WHERE id = $1`, pupils[0].ID)
	page := "/people/class/" + c.class.String()
	for _, name := range []string{"teacher", "head"} {
		got := c.visitors[name].Get(page)
		got.Wants(http.StatusOK, "04/03/2019", "Naissance", "/list.csv", h.Structure(c.school).Name)
		for _, pupil := range pupils {
			got.Wants(http.StatusOK, ">"+pupil.Usual+"<")
		}
		if n := strings.Count(got.Text(), `class="box"`); n != 0 {
			t.Errorf("%d boxes that nobody asked for", n)
		}
	}
	got := c.visitors["aide"].Get(page)
	got.Wants(http.StatusOK, pupils[0].Usual)
	got.Lacks(http.StatusOK, "Naissance", "/list.csv")
	lacksYears(t, got, "2019")
	for query, columns := range map[string]int{"?columns=5": 5, "?columns=99": 10, "?columns=-1": 0, "?columns=x": 0, "?columns=": 0} {
		got := c.visitors["teacher"].Get(page + query)
		got.Wants(http.StatusOK)
		if n := strings.Count(got.Text(), `class="box"`); n != columns*len(pupils) {
			t.Errorf("%s: %d boxes", query, n)
		}
	}
}

// Two pupils of one name: where days of birth are not for the visitor, the
// birthday tells which is which; nobody else's is told.
func TestHomonymsAreToldApart(t *testing.T) {
	h := onSQLite(t)
	c := newCrowd(h)
	pupils := h.Pupils(c.class)
	twin, other := pupils[0], pupils[1]
	h.exec(`UPDATE directory_person SET usual_name = $1, first_name = $2, birth_date = '2021-03-01' WHERE id = $3`, twin.Usual, twin.First, other.ID)
	h.exec(`UPDATE directory_person SET birth_date = '2020-12-24' WHERE id = $1`, twin.ID)
	got := c.visitors["aide"].Get("/people/class/" + c.class.String())
	got.Wants(http.StatusOK, "anniversaire le 1er\u00a0mars", "anniversaire le 24\u00a0décembre")
	lacksYears(t, got, "2020", "2021")
	if n := strings.Count(got.Text(), "anniversaire"); n != 2 {
		t.Errorf("%d birthdays are told", n)
	}
	c.visitors["teacher"].Get("/people/class/"+c.class.String()).Wants(http.StatusOK, "01/03/2021", "24/12/2020")
}

// A spreadsheet gets the list, and runs nothing that a name holds.
func TestASpreadsheet(t *testing.T) {
	h := onSQLite(t)
	c := newCrowd(h)
	pupils := h.Pupils(c.class)
	h.exec(`UPDATE directory_person SET usual_name = '=HYPERLINK("//evil.test")', first_name = '@x;y', birth_date = '2019-03-04', sort_key = '' WHERE id = $1`, pupils[0].ID)
	h.exec(`UPDATE directory_class SET label = '../CP "A"' WHERE id = $1`, c.class)
	head := c.visitors["head"]
	head.Get("/people/class/" + c.class.String())
	if n := h.One(`SELECT count(*) FROM audit_entry WHERE action LIKE 'people.%'`); n != 0 {
		t.Errorf("%d entries for a list on the screen", n)
	}
	c.visitors["guardian"].Get("/people/class/" + c.class.String() + "/list.csv").Wants(http.StatusNotFound)
	got := c.visitors["teacher"].Get("/people/class/" + c.class.String() + "/list.csv")
	got.Wants(http.StatusOK, "\ufeffNom;Prénom;Niveau;Naissance\r\n", `"'=HYPERLINK(""//evil.test"")";"'@x;y"`, ";04/03/2019\r\n")
	if n := strings.Count(got.Text(), "\r\n"); n != len(pupils)+1 {
		t.Errorf("%d lines for %d pupils", n, len(pupils))
	}
	if n := h.One(`SELECT count(*) FROM audit_entry WHERE action = 'people.export-class' AND actor_id = $1 AND profile = $2 AND object_id = $3 AND school_id = $4`,
		c.teacher, school.Teacher, c.class, c.school); n != 1 {
		t.Errorf("%d entries for a list that left", n)
	}
	if n := h.One(`SELECT count(*) FROM audit_entry WHERE action LIKE 'people.%'`); n != 1 {
		t.Errorf("%d entries, the guardian's who got nothing too", n)
	}
	if name := got.Header.Get("Content-Disposition"); !strings.HasPrefix(name, "attachment") || strings.Contains(name, "/") {
		t.Errorf("saved as %s", name)
	}
}

// lacksYears fails where a page tells one of some years. An identifier may hold
// their digits.
func lacksYears(t *testing.T, page house.Reply, years ...string) {
	t.Helper()
	for _, year := range years {
		if regexp.MustCompile(`\b` + year + `\b`).MatchString(page.Body) {
			t.Errorf("the page tells %s", year)
		}
	}
}
