package register_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// add records a référent as nobody in particular.
func (h *office) add(at school.ID, role directory.ReferentRole, name string) (r directory.Referent) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) (err error) {
		r, err = directory.AddReferent(tx, directory.Referent{Structure: at, Role: role, Name: name, Mail: "aide@ac.test"})
		return err
	})
	return r
}

// Each profile records whom to call for what is theirs to keep, and for
// nothing else: what is not theirs is not there.
func TestWhoRecordsWhomToCall(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		far := pick(h.T, append(h.far, h.near[1:]...), func(id school.ID) bool { return h.Head(id) != h.Head(at) })
		commune, circonscription := h.Above(at, directory.Commune), h.Above(at, directory.Circonscription)
		department, academy := h.Above(at, directory.Department), h.Above(at, directory.Academy)
		project := h.One(`SELECT structure_id FROM directory_function WHERE person_id = $1`, h.Operator())
		class := h.Classes(at)[0].ID
		teacher := h.Teachers(at)[0]
		h.Attach(class, teacher)

		visitors := map[string]visitor{
			"teacher":  h.enter(teacher, school.Teacher),
			"pupil":    h.enter(h.Pupils(class)[0].ID, school.Pupil),
			"partner":  h.enter(h.Appoint("canope", school.Partner, project), school.Partner),
			"head":     h.enter(h.Head(at), school.Head),
			"agent":    h.enter(h.Appoint("mairie", school.Municipal, commune), school.Municipal),
			"ien":      h.enter(h.Appoint("ien", school.Pilot, circonscription), school.Pilot),
			"dsden":    h.enter(h.Appoint("dsden", school.Pilot, department), school.Pilot),
			"dane":     h.enter(h.Appoint("dane", school.Pilot, academy), school.Pilot),
			"operator": h.enter(h.Appoint("autre", school.Operator, project), school.Operator),
		}
		form := url.Values{"name": {"Essai"}, "mail": {"aide@ac.test"}}
		for i, c := range []struct {
			place school.ID
			role  directory.ReferentRole
			open  string // who may
		}{
			{project, directory.ProjectSupport, "operator"},
			{academy, directory.InformationServices, "dane operator"},
			{department, directory.DepartmentOffice, "dsden dane operator"},
			{circonscription, directory.Inspector, "ien dsden dane operator"},
			{at, directory.AreaAdviser, "ien dsden dane operator"},
			{at, directory.DigitalReferent, "head ien dsden dane operator"},
			{at, directory.LocalAuthority, "ien dsden dane operator"},
			{far, directory.DigitalReferent, "dsden dane operator"},
			{commune, directory.LocalAuthority, "agent dsden dane operator"},
			{commune, directory.Inspector, ""},
			{academy, "chef", ""},
			{999, directory.DigitalReferent, ""},
		} {
			path := "/register/structure/" + c.place.String() + "/referents/" + string(c.role)
			for name, v := range visitors {
				want, made := http.StatusNotFound, http.StatusNotFound
				if strings.Contains(" "+c.open+" ", " "+name+" ") {
					want, made = http.StatusOK, http.StatusSeeOther
				}
				if name == "ien" && c.place == far && h.Above(far, directory.Circonscription) == circonscription {
					want, made = http.StatusOK, http.StatusSeeOther
				}
				if name == "ien" && c.place == commune && c.role == directory.LocalAuthority {
					continue // whether its schools are all of this circonscription: see the next test
				}
				if got := v.Get(path); got.StatusCode != want {
					h.T.Errorf("%s asks for %d %s: %d, want %d", name, i, c.role, got.StatusCode, want)
				}
				form.Set("name", "Essai de "+name)
				if got := v.Post(path, form); got.StatusCode != made {
					h.T.Errorf("%s records %d %s: %d, want %d", name, i, c.role, got.StatusCode, made)
				}
			}
		}
	})
}

// An inspector whose schools are all those of the académie keeps the communes
// that lie within, not what is above.
func TestAnAreaIsNotWhatIsAboveIt(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	circonscription := h.Above(at, directory.Circonscription)
	h.Write(func(tx *db.Tx) error {
		for _, id := range append(h.near, h.far...) {
			if h.aboveIn(tx, id, circonscription) {
				continue
			}
			if err := directory.Withins.Insert(tx, directory.Within{Structure: id, Ancestor: circonscription}); err != nil {
				return err
			}
		}
		return nil
	})
	ien := h.enter(h.Appoint("ien", school.Pilot, circonscription), school.Pilot)
	for kind, want := range map[directory.Kind]int{
		directory.Academy: http.StatusNotFound, directory.Department: http.StatusNotFound,
		directory.Circonscription: http.StatusOK, directory.Commune: http.StatusOK,
	} {
		ien.Get("/register/structure/" + h.Above(at, kind).String() + "/referents").Wants(want)
	}
	agent := h.enter(h.Appoint("mairie", school.Municipal, h.Above(at, directory.Commune)), school.Municipal)
	for _, id := range []school.ID{circonscription, at, h.Above(h.far[0], directory.Commune)} {
		agent.Get("/register/structure/" + id.String() + "/referents").Wants(http.StatusNotFound)
	}
}

// aboveIn tells whether a school is within a structure.
func (h *office) aboveIn(tx *db.Tx, at, above school.ID) bool {
	n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM directory_within WHERE structure_id = $1 AND ancestor_id = $2`, at, above)
	if err != nil {
		h.T.Fatal(err)
	}
	return n > 0
}

// What somebody else keeps in one's own place is read, and not touched.
func TestOthersReferentsAreOnlyRead(t *testing.T) {
	h := onSQLite(t)
	at, other := h.near[0], h.far[0]
	commune := h.Above(at, directory.Commune)
	advised, theirs := h.add(at, directory.AreaAdviser, "Camille Bassin"), h.add(other, directory.DigitalReferent, "Chloé Ailleurs")
	head := h.enter(h.Head(at), school.Head)
	page := "/register/structure/" + at.String()
	head.Get(page+"/referents").Wants(http.StatusOK, "Camille Bassin")
	for _, id := range []school.ID{advised.ID, theirs.ID, 7} {
		for _, structure := range []school.ID{at, other, commune} {
			path := "/register/structure/" + structure.String() + "/referent/" + id.String()
			head.Get(path).Wants(http.StatusNotFound)
			head.Post(path, url.Values{"name": {"x"}, "mail": {"x@ac.test"}}).Wants(http.StatusNotFound)
			head.Post(path+"/end", url.Values{}).Wants(http.StatusNotFound)
			head.Post(path+"/resume", url.Values{}).Wants(http.StatusNotFound)
		}
	}
	if strings.Contains(head.Get(page+"/referents").Body, "/referent/"+advised.ID.String()) {
		t.Error("the page leads a head to what is not theirs")
	}
}

// A head records, corrects, ends and takes back the school's own référent.
// What is wrong is said in its field, and what was typed stays.
func TestAHeadKeepsTheirReferent(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		head := h.enter(h.Head(at), school.Head)
		teacher, stranger := h.Teachers(at)[0], h.Teachers(pick(h.T, h.far, func(id school.ID) bool { return len(h.Teachers(id)) > 0 }))[0]
		list := "/register/structure/" + at.String() + "/referents"
		ask := list + "/referent-numerique"
		head.Get("/register/referents").Wants(http.StatusSeeOther)
		head.Get(list).Wants(http.StatusOK, "Personne n’est inscrit", ask)
		head.Get(ask).Wants(http.StatusOK, `name="families" type="checkbox" value="on" checked`, teacher.String())

		for name, c := range map[string]struct {
			change url.Values
			field  string
		}{
			"nobody":             {url.Values{"name": {""}}, "name"},
			"a person and name":  {url.Values{"person": {teacher.String()}}, "name"},
			"of another school":  {url.Values{"person": {stranger.String()}, "name": {""}}, "person"},
			"no way to reach":    {url.Values{"phone": {""}}, "mail"},
			"half a telephone":   {url.Values{"phone": {"01 2"}}, "phone"},
			"half a mail":        {url.Values{"mail": {"anne"}}, "mail"},
			"no page":            {url.Values{"url": {"javascript:alert(1)"}}, "url"},
			"no day":             {url.Values{"from": {"hier"}}, "from"},
			"an end before":      {url.Values{"from": {"2026-09-01"}, "until": {"2026-08-01"}}, "until"},
			"a word for a rank":  {url.Values{"rank": {"premier"}}, "rank"},
			"a book for a name":  {url.Values{"name": {strings.Repeat("a", 200)}}, "name"},
			"more than is typed": {url.Values{"url": {"https://ac.test/" + strings.Repeat("a", 400)}}, "url"},
		} {
			form := url.Values{"name": {"Anne & Essai"}, "phone": {"0199001234"}, "families": {"on"}}
			for field, values := range c.change {
				form[field] = values
			}
			got := head.Post(ask, form)
			got.Wants(http.StatusUnprocessableEntity, `id="field-`+c.field+`-error"`, `href="#field-`+c.field+`"`)
			if c.field != "name" && c.field != "person" && !strings.Contains(got.Body, "Anne &amp; Essai") {
				h.T.Errorf("%s: what was typed is lost", name)
			}
		}
		if n := h.One(`SELECT count(*) FROM directory_referent`); n != 0 {
			h.T.Fatalf("%d référents were kept of what is wrong", n)
		}

		got := head.Post(ask, url.Values{"person": {teacher.String()}, "phone": {"0199001234"}, "families": {"on"}})
		got.Wants(http.StatusSeeOther)
		id := h.One(`SELECT id FROM directory_referent WHERE person_id = $1 AND recorded_by = $2`, teacher, head.Person)
		path := "/register/structure/" + at.String() + "/referent/" + id.String()
		head.Get(list).Wants(http.StatusOK, "01 99 00 12 34", `href="tel:0199001234"`, "montré aux familles", path)
		head.Post(ask, url.Values{"person": {teacher.String()}, "phone": {"0199001234"}}).Wants(http.StatusUnprocessableEntity, "déjà")

		head.Get(path).Wants(http.StatusOK, `value="01 99 00 12 34"`, "Ne plus")
		head.Post(path, url.Values{"person": {teacher.String()}, "phone": {"3020"}, "from": {h.DB.Now().In(school.Paris).Format("2006-01-02")}}).Wants(http.StatusSeeOther)
		if body := head.Get(list).Body; !strings.Contains(body, "tel:3020") || strings.Contains(body, "montré aux familles") {
			h.T.Error("the correction is not seen")
		}
		h.tick()
		head.Post(path+"/end", url.Values{}).Wants(http.StatusSeeOther)
		head.Get(path).Wants(http.StatusNotFound)
		head.Get(list).Wants(http.StatusOK, "Personne n’est inscrit", path+"/resume")
		head.Post(path+"/resume", url.Values{}).Wants(http.StatusSeeOther)
		head.Post(path+"/resume", url.Values{}).Wants(http.StatusNotFound)
		head.Get(list).Wants(http.StatusOK, "tel:3020")
		head.Get(list).Lacks(http.StatusOK, "plus en poste")
		want := "register.record-referent register.correct-referent register.end-referent register.resume-referent"
		if acts := strings.Join(h.Acts(teacher), " "); !strings.HasSuffix(acts, want) {
			h.T.Errorf("the journal has %s", acts)
		}
		detail := ""
		h.Read(func(tx *db.Tx) (err error) {
			detail, err = db.One(tx, db.Column[string], `SELECT detail FROM audit_entry WHERE action = 'register.correct-referent'`)
			return err
		})
		if !strings.Contains(detail, `"changed":"reach.families"`) {
			h.T.Errorf("the correction is journaled as %s", detail)
		}
		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE directory_function SET until_at = $1 WHERE person_id = $2`, db.At(tx.Now), teacher)
			return err
		})
		head.Get(list).Wants(http.StatusOK, "n’est plus en poste")
	})
}

// Who answers for much finds the place among what is theirs.
func TestAPlaceIsFoundAmongMany(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	var name string
	h.Read(func(tx *db.Tx) error {
		s, err := directory.StructureByID(tx, at)
		name = s.Town
		return err
	})
	operator := h.enter(h.Operator(), school.Operator)
	ien := h.enter(h.Appoint("ien", school.Pilot, h.Above(at, directory.Circonscription)), school.Pilot)
	academy := referents(h.Above(at, directory.Academy))
	operator.Get("/register/referents").Wants(http.StatusOK, "Tout le projet", academy)
	operator.Get("/register/referents?q="+url.QueryEscape(name)).Wants(http.StatusOK, referents(at), referents(h.Above(at, directory.Commune)))
	operator.Get("/register/referents?q=zzzz").Wants(http.StatusOK, "Rien de ce nom")
	got := ien.Get("/register/referents")
	got.Wants(http.StatusOK, referents(h.Above(at, directory.Circonscription)))
	if strings.Contains(got.Body, academy) {
		t.Error("an inspector is led to the académie")
	}
	ien.Get("/register/referents?q="+url.QueryEscape(name)).Wants(http.StatusOK, referents(at))
}

func referents(id school.ID) string { return "/register/structure/" + id.String() + "/referents" }

// Each desk leads to whoever is called.
func TestDesksLeadToReferents(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	commune := h.Above(at, directory.Commune)
	agent := h.enter(h.Appoint("mairie", school.Municipal, commune), school.Municipal)
	h.enter(h.Head(at), school.Head).Get("/register/school/"+at.String()).Wants(http.StatusOK, referents(at))
	h.enter(h.Operator(), school.Operator).Get("/register/deliveries").Wants(http.StatusOK, "/register/referents")
	agent.Get("/register/school/"+at.String()+"/care/canteen").Wants(http.StatusOK, "/register/referents")
	if to := agent.Get("/register/referents").Header.Get("Location"); to != referents(commune) {
		t.Errorf("an agent is led to %q", to)
	}
}
