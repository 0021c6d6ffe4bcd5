package register_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/village"
)

// at moves the clock to an instant.
func (h *house) at(t time.Time) { h.d.Now = func() time.Time { return t } }

// appointed is who was appointed by hand under a name.
func (h *house) appointed(name string) school.ID {
	h.t.Helper()
	return h.one(`SELECT id FROM directory_person WHERE usual_name = $1`, name)
}

func post(code, name string) url.Values {
	return url.Values{"post": {code}, "civility": {"Mme"}, "first": {"Nadège"}, "name": {name}, "reason": {"arrêté du maire"}}
}

// Nobody gives a post above their own, or away from their own place.
func TestNobodyAppointsAboveOrBesideThemselves(t *testing.T) {
	onBoth(t, func(h *house) {
		at, elsewhere := h.near[0], h.far[0]
		commune, other := h.commune(at), h.commune(elsewhere)
		academy := h.structure("academy:" + h.academy()).ID
		circonscription := h.one(`SELECT min(w.ancestor_id) FROM directory_within w JOIN directory_structure s ON s.id = w.ancestor_id
			WHERE w.structure_id = $1 AND s.kind = 'circonscription'`, at)
		project := h.project()
		asHead := h.enter(h.head(at), school.Head)
		asTown := h.enter(h.appoint("mairie", school.Municipal, commune), school.Municipal)
		asPilot := h.enter(h.appoint("ien", school.Pilot, circonscription), school.Pilot)
		asAgent := h.enter(h.appoint("agent", school.CareAgent, at), school.CareAgent)
		asTeacher := h.enter(h.teachers(at)[0], school.Teacher)
		for name, c := range map[string]struct {
			who  visitor
			at   school.ID
			post string
		}{
			"head of another school":         {asHead, elsewhere, "atsem"},
			"head, a head":                   {asHead, at, "head"},
			"head, the canteen":              {asHead, at, "care-canteen"},
			"head, an agent of the commune":  {asHead, commune, "municipal"},
			"head, an operator":              {asHead, project, "operator"},
			"town, an ATSEM":                 {asTown, at, "atsem"},
			"town, another town":             {asTown, other, "municipal"},
			"town, a school of another town": {asTown, elsewhere, "care-canteen"},
			"town, a pilot":                  {asTown, academy, "pilot"},
			"pilot, above":                   {asPilot, academy, "pilot"},
			"pilot, a head":                  {asPilot, at, "head"},
			"pilot, an operator":             {asPilot, project, "operator"},
			"agent of one activity":          {asAgent, at, "care-study"},
			"teacher":                        {asTeacher, at, "atsem"},
		} {
			reply := c.who.post("/register/structure/"+c.at.String()+"/appoint", post(c.post, "INTRUS"))
			if reply.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d", name, reply.StatusCode)
			}
		}
		if n := h.one(`SELECT count(*) FROM directory_person WHERE usual_name = 'INTRUS'`); n != 0 {
			t.Errorf("%d intruders", n)
		}
		// What one may give is not given where it makes no sense, and says so.
		asHead.post("/register/structure/"+at.String()+"/appoint", post("municipal", "X")).wants(t, http.StatusNotFound)
		asHead.post("/register/structure/"+at.String()+"/appoint", post("nothing", "X")).wants(t, http.StatusUnprocessableEntity)
		// Of a school one does not lead, one sees those whom one appoints.
		teacher := html.EscapeString(h.someone(h.teachers(at)[0]).Usual)
		for _, v := range []visitor{asTown, asPilot} {
			if page := v.get("/register/structure/" + at.String() + "/team"); page.StatusCode == http.StatusOK && strings.Contains(page.body, teacher) {
				t.Errorf("%s sees the teachers of a school", v.person)
			}
		}
	})
}

func (h *house) someone(id school.ID) (who directory.Someone) {
	h.t.Helper()
	h.read(func(tx *db.Tx) (err error) {
		who, err = directory.Get(tx, id)
		return err
	})
	return who
}

// An ATSEM sees the class that the head gives, in school time, and nothing
// else; it ends by itself, or when the head takes it back.
func TestAnATSEMHasHerClassInSchoolTime(t *testing.T) {
	onBoth(t, func(h *house) {
		at := h.near[0]
		classes := h.classes(at)
		tuesday := time.Date(2026, time.October, 6, 10, 0, 0, 0, school.Paris)
		h.at(tuesday)
		v := h.enter(h.head(at), school.Head)
		v.post("/register/structure/"+at.String()+"/appoint", post("atsem", "LAMBERT")).wants(t, http.StatusSeeOther)
		atsem := h.appointed("LAMBERT")
		page := "/register/structure/" + at.String() + "/team/" + atsem.String()
		v.get(page).wants(t, http.StatusOK, "ATSEM", "arrêté du maire", "Remettre un code")
		give := url.Values{"to": {classes[0].ID.String()}, "reason": {"PS"}, "until": {"2026-12-18"}}
		if reply := v.post(page+"/grant", url.Values{"to": give["to"]}); reply.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("given without a reason: %d", reply.StatusCode)
		}
		if reply := v.post(page+"/grant", url.Values{"to": {h.classes(h.far[0])[0].ID.String()}, "reason": {"x"}}); reply.StatusCode != http.StatusNotFound {
			t.Errorf("given the class of another school: %d", reply.StatusCode)
		}
		v.post(page+"/grant", give).wants(t, http.StatusSeeOther)
		v.get(page).wants(t, http.StatusOK, html.EscapeString(classes[0].Label))

		her := h.enter(atsem, school.Staff)
		class := "/register/class/" + classes[0].ID.String()
		for _, c := range []struct {
			when time.Time
			path string
			want int
		}{
			{tuesday, class, http.StatusOK},
			{tuesday, "/register/class/" + classes[1].ID.String(), http.StatusNotFound},
			{tuesday, class + "/accounts", http.StatusNotFound},
			{tuesday.Add(10 * time.Hour), class, http.StatusNotFound}, // 20:00
			{tuesday.AddDate(0, 0, 4), class, http.StatusNotFound},    // Saturday
		} {
			h.at(c.when)
			her.token = h.reopen(atsem)
			if reply := her.get(c.path); reply.StatusCode != c.want {
				t.Errorf("%s at %s: %d, want %d", c.path, c.when, reply.StatusCode, c.want)
			}
		}
		h.at(time.Date(2026, time.December, 18, 10, 0, 0, 0, school.Paris))
		if reply := (visitor{h, atsem, h.reopen(atsem)}).get(class); reply.StatusCode != http.StatusOK {
			t.Errorf("the last day: %d", reply.StatusCode)
		}
		h.at(time.Date(2026, time.December, 21, 10, 0, 0, 0, school.Paris))
		if reply := (visitor{h, atsem, h.reopen(atsem)}).get(class); reply.StatusCode != http.StatusNotFound {
			t.Errorf("after its end: %d", reply.StatusCode)
		}
	})
}

// reopen opens a new session of somebody who has a password.
func (h *house) reopen(person school.ID) string {
	h.t.Helper()
	var login string
	h.read(func(tx *db.Tx) error {
		accounts, err := h.accounts.Of(tx, person)
		login = accounts[person].Login.String()
		return err
	})
	opened, err := h.accounts.SignIn(h.t.Context(), login, password, from)
	if err != nil {
		h.t.Fatal(err)
	}
	return opened.Token
}

// An AESH sees the pupil whom the head gives, and no other.
func TestAnAESHSeesTheFollowedPupilOnly(t *testing.T) {
	onBoth(t, func(h *house) {
		at := h.near[0]
		pupils := h.pupils(h.classes(at)[0].ID)
		aesh := h.appoint("aesh", school.Staff, at)
		her := h.enter(aesh, school.Staff)
		v := h.enter(h.head(at), school.Head)
		path := "/register/followed/" + pupils[0].ID.String()
		her.get(path).wants(t, http.StatusNotFound)
		page := "/register/structure/" + at.String() + "/team/" + aesh.String()
		v.post(page+"/grant", url.Values{"to": {pupils[0].ID.String()}, "reason": {"notification MDPH"}}).wants(t, http.StatusSeeOther)
		her.get(path).wants(t, http.StatusOK, html.EscapeString(pupils[0].First))
		her.get("/register/followed/"+pupils[1].ID.String()).wants(t, http.StatusNotFound)
		grant := h.one(`SELECT id FROM directory_grant WHERE person_id = $1`, aesh)
		v.post(page+"/take-back", url.Values{"grant": {grant.String()}}).wants(t, http.StatusSeeOther)
		her.get(path).wants(t, http.StatusNotFound)
		// Nor does anything stay when the post itself ends.
		v.post(page+"/grant", url.Values{"to": {pupils[0].ID.String()}, "reason": {"notification MDPH"}}).wants(t, http.StatusSeeOther)
		v.post(page+"/dismiss", url.Values{"post": {village.PostOf(school.Staff)}}).wants(t, http.StatusSeeOther)
		if reply := her.get(path); reply.StatusCode == http.StatusOK {
			t.Error("who does not work there any more sees the pupil")
		}
	})
}

// An agent of the canteen reads its list, and no other.
func TestACareAgentKeepsOneActivity(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	town := h.enter(h.appoint("mairie", school.Municipal, h.commune(at)), school.Municipal)
	town.post("/register/structure/"+at.String()+"/appoint", post("care-canteen", "CASTEL")).wants(t, http.StatusSeeOther)
	agent := h.enter(h.appointed("CASTEL"), school.CareAgent)
	agent.get("/register/school/"+at.String()+"/care/canteen").wants(t, http.StatusOK)
	agent.get("/register/school/"+at.String()+"/care/study").wants(t, http.StatusNotFound)
	agent.get("/register/school/"+h.near[1].String()+"/care/canteen").wants(t, http.StatusNotFound)
	agent.get("/register/structure/"+at.String()+"/team").wants(t, http.StatusNotFound)
}

// Who appoints hands out the code, but not that of a parent, which would open
// the children; nor their own.
func TestWhoAppointsHandsOutTheCode(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	commune := h.commune(at)
	town := h.enter(h.appoint("mairie", school.Municipal, commune), school.Municipal)
	town.post("/register/structure/"+commune.String()+"/appoint", post("municipal", "MOREL")).wants(t, http.StatusSeeOther)
	colleague := "/register/structure/" + commune.String() + "/team/"
	town.post(colleague+h.appointed("MOREL").String()+"/code", nil).wants(t, http.StatusOK, "À remettre en main propre")
	town.post(colleague+town.person.String()+"/code", nil).wants(t, http.StatusForbidden)
	parent := h.one(`SELECT min(b.guardian_id) FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation`)
	h.name(parent, school.Municipal, commune)
	town.post(colleague+parent.String()+"/code", nil).wants(t, http.StatusForbidden)
	town.post(colleague+h.teachers(at)[0].String()+"/code", nil).wants(t, http.StatusNotFound)
}

// Who somebody is comes from the source, and is corrected there; who came by
// hand is corrected here.
func TestOnlyWhoCameByHandIsCorrected(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	v := h.enter(h.head(at), school.Head)
	v.post("/register/structure/"+at.String()+"/appoint", post("secretary", "PRUNIR")).wants(t, http.StatusSeeOther)
	page := "/register/structure/" + at.String() + "/team/" + h.appointed("PRUNIR").String()
	v.post(page+"/correct", url.Values{"civility": {"Mme"}, "first": {"Odile"}, "name": {""}}).wants(t, http.StatusUnprocessableEntity)
	v.post(page+"/correct", url.Values{"civility": {"Mme"}, "first": {"Odile"}, "name": {"PRUNIER"}}).wants(t, http.StatusSeeOther)
	v.get(page).wants(t, http.StatusOK, "Odile PRUNIER")
	v.post(page+"/extend", url.Values{"post": {"secretary"}, "until": {"2020-01-01"}}).wants(t, http.StatusUnprocessableEntity)
	v.post(page+"/extend", url.Values{"post": {"secretary"}, "until": {"2099-01-01"}}).wants(t, http.StatusUnprocessableEntity)
	fed := h.teachers(at)[0]
	v.post("/register/structure/"+at.String()+"/team/"+fed.String()+"/correct", url.Values{"name": {"AUTRE"}}).wants(t, http.StatusNotFound)
	v.post("/register/structure/"+at.String()+"/team/"+fed.String()+"/dismiss", url.Values{"post": {"ENS"}}).wants(t, http.StatusNotFound)
	h.name(fed, school.Admin, at) // a fed teacher with a post by hand: the name stays the source's
	v.post("/register/structure/"+at.String()+"/team/"+fed.String()+"/correct", url.Values{"name": {"AUTRE"}}).wants(t, http.StatusConflict)
}
