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
func (h *house) add(at school.ID, role directory.ReferentRole, name string) (r directory.Referent) {
	h.t.Helper()
	h.write(func(tx *db.Tx) (err error) {
		r, err = directory.AddReferent(tx, directory.Referent{Structure: at, Role: role, Name: name, Mail: "aide@ac.test"})
		return err
	})
	return r
}

// above is what a school is within, of a kind.
func (h *house) above(at school.ID, kind directory.Kind) school.ID {
	h.t.Helper()
	return h.one(`SELECT s.id FROM directory_within w JOIN directory_structure s ON s.id = w.ancestor_id
		WHERE w.structure_id = $1 AND s.kind = $2`, at, kind)
}

// Each profile records whom to call for what is theirs to keep, and for
// nothing else: what is not theirs is not there.
func TestWhoRecordsWhomToCall(t *testing.T) {
	onBoth(t, func(h *house) {
		at := h.near[0]
		far := pick(h.t, append(h.far, h.near[1:]...), func(id school.ID) bool { return h.head(id) != h.head(at) })
		commune, circonscription := h.above(at, directory.Commune), h.above(at, directory.Circonscription)
		department, academy := h.above(at, directory.Department), h.above(at, directory.Academy)
		project := h.one(`SELECT structure_id FROM directory_function WHERE person_id = $1`, h.operator())
		class := h.classes(at)[0].ID
		teacher := h.teachers(at)[0]
		h.attach(class, teacher)

		visitors := map[string]visitor{
			"teacher":  h.enter(teacher, school.Teacher),
			"pupil":    h.enter(h.pupils(class)[0].ID, school.Pupil),
			"partner":  h.enter(h.appoint("canope", school.Partner, project), school.Partner),
			"head":     h.enter(h.head(at), school.Head),
			"agent":    h.enter(h.appoint("mairie", school.Municipal, commune), school.Municipal),
			"ien":      h.enter(h.appoint("ien", school.Pilot, circonscription), school.Pilot),
			"dsden":    h.enter(h.appoint("dsden", school.Pilot, department), school.Pilot),
			"dane":     h.enter(h.appoint("dane", school.Pilot, academy), school.Pilot),
			"operator": h.enter(h.appoint("autre", school.Operator, project), school.Operator),
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
				if name == "ien" && c.place == far && h.above(far, directory.Circonscription) == circonscription {
					want, made = http.StatusOK, http.StatusSeeOther
				}
				if name == "ien" && c.place == commune && c.role == directory.LocalAuthority {
					continue // whether its schools are all of this circonscription: see the next test
				}
				if got := v.get(path); got.StatusCode != want {
					h.t.Errorf("%s asks for %d %s: %d, want %d", name, i, c.role, got.StatusCode, want)
				}
				form.Set("name", "Essai de "+name)
				if got := v.post(path, form); got.StatusCode != made {
					h.t.Errorf("%s records %d %s: %d, want %d", name, i, c.role, got.StatusCode, made)
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
	circonscription := h.above(at, directory.Circonscription)
	h.write(func(tx *db.Tx) error {
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
	ien := h.enter(h.appoint("ien", school.Pilot, circonscription), school.Pilot)
	for kind, want := range map[directory.Kind]int{
		directory.Academy: http.StatusNotFound, directory.Department: http.StatusNotFound,
		directory.Circonscription: http.StatusOK, directory.Commune: http.StatusOK,
	} {
		ien.get("/register/structure/"+h.above(at, kind).String()+"/referents").wants(t, want)
	}
	agent := h.enter(h.appoint("mairie", school.Municipal, h.above(at, directory.Commune)), school.Municipal)
	for _, id := range []school.ID{circonscription, at, h.above(h.far[0], directory.Commune)} {
		agent.get("/register/structure/"+id.String()+"/referents").wants(t, http.StatusNotFound)
	}
}

// aboveIn tells whether a school is within a structure.
func (h *house) aboveIn(tx *db.Tx, at, above school.ID) bool {
	n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM directory_within WHERE structure_id = $1 AND ancestor_id = $2`, at, above)
	if err != nil {
		h.t.Fatal(err)
	}
	return n > 0
}

// What somebody else keeps in one's own place is read, and not touched.
func TestOthersReferentsAreOnlyRead(t *testing.T) {
	h := onSQLite(t)
	at, other := h.near[0], h.far[0]
	commune := h.above(at, directory.Commune)
	advised, theirs := h.add(at, directory.AreaAdviser, "Camille Bassin"), h.add(other, directory.DigitalReferent, "Chloé Ailleurs")
	head := h.enter(h.head(at), school.Head)
	page := "/register/structure/" + at.String()
	head.get(page+"/referents").wants(t, http.StatusOK, "Camille Bassin")
	for _, id := range []school.ID{advised.ID, theirs.ID, 7} {
		for _, structure := range []school.ID{at, other, commune} {
			path := "/register/structure/" + structure.String() + "/referent/" + id.String()
			head.get(path).wants(t, http.StatusNotFound)
			head.post(path, url.Values{"name": {"x"}, "mail": {"x@ac.test"}}).wants(t, http.StatusNotFound)
			head.post(path+"/end", url.Values{}).wants(t, http.StatusNotFound)
			head.post(path+"/resume", url.Values{}).wants(t, http.StatusNotFound)
		}
	}
	if strings.Contains(head.get(page+"/referents").body, "/referent/"+advised.ID.String()) {
		t.Error("the page leads a head to what is not theirs")
	}
}

// A head records, corrects, ends and takes back the school's own référent.
// What is wrong is said in its field, and what was typed stays.
func TestAHeadKeepsTheirReferent(t *testing.T) {
	onBoth(t, func(h *house) {
		at := h.near[0]
		head := h.enter(h.head(at), school.Head)
		teacher, stranger := h.teachers(at)[0], h.teachers(pick(h.t, h.far, func(id school.ID) bool { return len(h.teachers(id)) > 0 }))[0]
		list := "/register/structure/" + at.String() + "/referents"
		ask := list + "/referent-numerique"
		head.get("/register/referents").wants(h.t, http.StatusSeeOther)
		head.get(list).wants(h.t, http.StatusOK, "Personne n’est inscrit", ask)
		head.get(ask).wants(h.t, http.StatusOK, `name="families" type="checkbox" value="on" checked`, teacher.String())

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
			form := url.Values{"name": {"Anne <Essai>"}, "phone": {"0199001234"}, "families": {"on"}}
			for field, values := range c.change {
				form[field] = values
			}
			got := head.post(ask, form)
			got.wants(h.t, http.StatusUnprocessableEntity, `id="field-`+c.field+`-error"`, `href="#field-`+c.field+`"`)
			if c.field != "name" && c.field != "person" && !strings.Contains(got.body, "Anne &lt;Essai&gt;") {
				h.t.Errorf("%s: what was typed is lost", name)
			}
		}
		if n := h.one(`SELECT count(*) FROM directory_referent`); n != 0 {
			h.t.Fatalf("%d référents were kept of what is wrong", n)
		}

		got := head.post(ask, url.Values{"person": {teacher.String()}, "phone": {"0199001234"}, "families": {"on"}})
		got.wants(h.t, http.StatusSeeOther)
		id := h.one(`SELECT id FROM directory_referent WHERE person_id = $1 AND recorded_by = $2`, teacher, head.person)
		path := "/register/structure/" + at.String() + "/referent/" + id.String()
		head.get(list).wants(h.t, http.StatusOK, "01 99 00 12 34", `href="tel:0199001234"`, "montré aux familles", path)
		head.post(ask, url.Values{"person": {teacher.String()}, "phone": {"0199001234"}}).wants(h.t, http.StatusUnprocessableEntity, "déjà")

		head.get(path).wants(h.t, http.StatusOK, `value="01 99 00 12 34"`, "Ne plus")
		head.post(path, url.Values{"person": {teacher.String()}, "phone": {"3020"}, "from": {h.d.Now().In(school.Paris).Format("2006-01-02")}}).wants(h.t, http.StatusSeeOther)
		if body := head.get(list).body; !strings.Contains(body, "tel:3020") || strings.Contains(body, "montré aux familles") {
			h.t.Error("the correction is not seen")
		}
		h.tick()
		head.post(path+"/end", url.Values{}).wants(h.t, http.StatusSeeOther)
		head.get(path).wants(h.t, http.StatusNotFound)
		head.get(list).wants(h.t, http.StatusOK, "Personne n’est inscrit", path+"/resume")
		head.post(path+"/resume", url.Values{}).wants(h.t, http.StatusSeeOther)
		head.post(path+"/resume", url.Values{}).wants(h.t, http.StatusNotFound)
		head.get(list).wants(h.t, http.StatusOK, "tel:3020")
		want := "register.record-referent register.correct-referent register.end-referent register.resume-referent"
		if acts := strings.Join(h.acts(teacher), " "); !strings.HasSuffix(acts, want) {
			h.t.Errorf("the journal has %s", acts)
		}
		detail := ""
		h.read(func(tx *db.Tx) (err error) {
			detail, err = db.One(tx, db.Column[string], `SELECT detail FROM audit_entry WHERE action = 'register.correct-referent'`)
			return err
		})
		if !strings.Contains(detail, `"changed":"reach.families"`) {
			h.t.Errorf("the correction is journaled as %s", detail)
		}
	})
}

// Who answers for much finds the place among what is theirs.
func TestAPlaceIsFoundAmongMany(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	var name string
	h.read(func(tx *db.Tx) error {
		s, err := directory.StructureByID(tx, at)
		name = s.Town
		return err
	})
	operator := h.enter(h.operator(), school.Operator)
	ien := h.enter(h.appoint("ien", school.Pilot, h.above(at, directory.Circonscription)), school.Pilot)
	academy := referents(h.above(at, directory.Academy))
	operator.get("/register/referents").wants(t, http.StatusOK, "Tout le projet", academy)
	operator.get("/register/referents?q="+url.QueryEscape(name)).wants(t, http.StatusOK, referents(at), referents(h.above(at, directory.Commune)))
	operator.get("/register/referents?q=zzzz").wants(t, http.StatusOK, "Rien de ce nom")
	got := ien.get("/register/referents")
	got.wants(t, http.StatusOK, referents(h.above(at, directory.Circonscription)))
	if strings.Contains(got.body, academy) {
		t.Error("an inspector is led to the académie")
	}
	ien.get("/register/referents?q="+url.QueryEscape(name)).wants(t, http.StatusOK, referents(at))
}

func referents(id school.ID) string { return "/register/structure/" + id.String() + "/referents" }

// Each desk leads to who is called.
func TestDesksLeadToReferents(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	commune := h.above(at, directory.Commune)
	agent := h.enter(h.appoint("mairie", school.Municipal, commune), school.Municipal)
	h.enter(h.head(at), school.Head).get("/register/school/"+at.String()).wants(t, http.StatusOK, referents(at))
	h.enter(h.operator(), school.Operator).get("/register/deliveries").wants(t, http.StatusOK, "/register/referents")
	agent.get("/register/school/"+at.String()+"/care/canteen").wants(t, http.StatusOK, "/register/referents")
	if to := agent.get("/register/referents").Header.Get("Location"); to != referents(commune) {
		t.Errorf("an agent is led to %q", to)
	}
}
