package register_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
	"preau/test/village"
)

// at moves the clock to an instant.
func (h *office) at(t time.Time) { h.DB.Now = func() time.Time { return t } }

// appointed is who was appointed by hand under a name.
func (h *office) appointed(name string) school.ID {
	h.T.Helper()
	return h.One(`SELECT id FROM directory_person WHERE usual_name = $1`, name)
}

func post(code, name string) url.Values {
	return url.Values{"post": {code}, "civility": {"Mme"}, "first": {"Nadège"}, "name": {name}, "reason": {"arrêté du maire"}}
}

// Nobody gives a post above their own, or away from their own place.
func TestNobodyAppointsAboveOrBesideThemselves(t *testing.T) {
	onBoth(t, func(h *office) {
		at, elsewhere := h.near[0], h.far[0]
		commune, other := h.commune(at), h.commune(elsewhere)
		academy := h.StructureByRef("academy:" + h.academy()).ID
		circonscription := h.One(`SELECT min(w.ancestor_id) FROM directory_within w JOIN directory_structure s ON s.id = w.ancestor_id
			WHERE w.structure_id = $1 AND s.kind = 'circonscription'`, at)
		project := h.Project()
		asHead := h.enter(h.Head(at), school.Head)
		asTown := h.enter(h.Appoint("mairie", school.Municipal, commune), school.Municipal)
		asPilot := h.enter(h.Appoint("ien", school.Pilot, circonscription), school.Pilot)
		asAgent := h.enter(h.Appoint("agent", school.CareAgent, at), school.CareAgent)
		asTeacher := h.enter(h.Teachers(at)[0], school.Teacher)
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
			reply := c.who.Post("/register/structure/"+c.at.String()+"/appoint", post(c.post, "INTRUS"))
			if reply.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d", name, reply.StatusCode)
			}
		}
		if n := h.One(`SELECT count(*) FROM directory_person WHERE usual_name = 'INTRUS'`); n != 0 {
			t.Errorf("%d intruders", n)
		}
		// What one may give is not given where it makes no sense, and says so.
		asHead.Post("/register/structure/"+at.String()+"/appoint", post("municipal", "X")).Wants(http.StatusNotFound)
		asHead.Post("/register/structure/"+at.String()+"/appoint", post("nothing", "X")).Wants(http.StatusUnprocessableEntity)
		// Of a school one does not lead, one sees those whom one appoints.
		teacher := h.Who(h.Teachers(at)[0]).Usual
		for _, v := range []visitor{asTown, asPilot} {
			if page := v.Get("/register/structure/" + at.String() + "/team"); page.StatusCode == http.StatusOK && strings.Contains(page.Text(), teacher) {
				t.Errorf("%s sees the teachers of a school", v.Person)
			}
		}
	})
}

// An ATSEM sees the class that the head gives, in school time, and nothing
// else; it ends by itself, or when the head takes it back.
func TestAnATSEMHasHerClassInSchoolTime(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		classes := h.Classes(at)
		tuesday := time.Date(2026, time.October, 6, 10, 0, 0, 0, school.Paris)
		h.at(tuesday)
		v := h.enter(h.Head(at), school.Head)
		appointment := post("atsem", "LAMBERT")
		appointment.Set("until", "2027-02-26")
		v.Post("/register/structure/"+at.String()+"/appoint", appointment).Wants(http.StatusSeeOther)
		atsem := h.appointed("LAMBERT")
		page := "/register/structure/" + at.String() + "/team/" + atsem.String()
		v.Get(page).Wants(http.StatusOK, "ATSEM", "arrêté du maire", "Remettre un code")
		give := url.Values{"to": {classes[0].ID.String()}, "reason": {"PS"}, "until": {"2026-12-18"}}
		if reply := v.Post(page+"/grant", url.Values{"to": give["to"]}); reply.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("given without a reason: %d", reply.StatusCode)
		}
		if reply := v.Post(page+"/grant", url.Values{"to": {h.Classes(h.far[0])[0].ID.String()}, "reason": {"x"}}); reply.StatusCode != http.StatusNotFound {
			t.Errorf("given the class of another school: %d", reply.StatusCode)
		}
		// What is entrusted does not outlive the post, which gives its end.
		beyond := url.Values{"to": give["to"], "reason": give["reason"], "until": {"2027-02-27"}}
		v.Post(page+"/grant", beyond).Wants(http.StatusUnprocessableEntity, "finit le 26/02/2027")
		beyond.Del("until")
		v.Post(page+"/grant", beyond).Wants(http.StatusSeeOther)
		ends := h.Some(`SELECT until_at FROM directory_grant WHERE person_id = $1 UNION SELECT until_at FROM directory_function WHERE person_id = $1`, atsem)
		if len(ends) != 1 {
			t.Errorf("the class and the post end at %d", ends)
		}
		v.Post(page+"/grant", give).Wants(http.StatusSeeOther)
		v.Get(page).Wants(http.StatusOK, classes[0].Label)

		h.enter(atsem, school.Staff)
		class := "/register/class/" + classes[0].ID.String()
		for _, c := range []struct {
			when time.Time
			path string
			want int
		}{
			{tuesday, class, http.StatusOK},
			{tuesday, "/register/class/" + classes[1].ID.String(), http.StatusNotFound},
			{tuesday.Add(10 * time.Hour), class, http.StatusNotFound}, // 20:00
			{tuesday.AddDate(0, 0, 4), class, http.StatusNotFound},    // Saturday
		} {
			h.at(c.when)
			if reply := h.reopen(atsem).Get(c.path); reply.StatusCode != c.want {
				t.Errorf("%s at %s: %d, want %d", c.path, c.when, reply.StatusCode, c.want)
			}
		}
		h.at(time.Date(2026, time.December, 18, 10, 0, 0, 0, school.Paris))
		if reply := h.reopen(atsem).Get(class); reply.StatusCode != http.StatusOK {
			t.Errorf("the last day: %d", reply.StatusCode)
		}
		h.at(time.Date(2026, time.December, 21, 10, 0, 0, 0, school.Paris))
		if reply := h.reopen(atsem).Get(class); reply.StatusCode != http.StatusNotFound {
			t.Errorf("after its end: %d", reply.StatusCode)
		}
	})
}

// reopen opens a new session of somebody who has a password.
func (h *office) reopen(person school.ID) visitor {
	h.T.Helper()
	var login string
	h.Read(func(tx *db.Tx) error {
		accounts, err := account.Of(tx, person)
		login = accounts[person].Login.String()
		return err
	})
	opened, err := h.Accounts.SignIn(h.T.Context(), login, house.Password, house.From)
	if err != nil {
		h.T.Fatal(err)
	}
	return visitor{house.Visitor{House: h.House, Person: person, Token: opened.Token}}
}

// An AESH sees the pupil whom the head gives, and no other.
func TestAnAESHSeesTheFollowedPupilOnly(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		pupils := h.Pupils(h.Classes(at)[0].ID)
		aesh := h.Appoint("aesh", school.Staff, at)
		her := h.enter(aesh, school.Staff)
		v := h.enter(h.Head(at), school.Head)
		path := "/register/followed/" + pupils[0].ID.String()
		her.Get(path).Wants(http.StatusNotFound)
		page := "/register/structure/" + at.String() + "/team/" + aesh.String()
		v.Post(page+"/grant", url.Values{"to": {pupils[0].ID.String()}, "reason": {"notification MDPH"}}).Wants(http.StatusSeeOther)
		her.Get(path).Wants(http.StatusOK, pupils[0].First)
		her.Get("/register/followed/" + pupils[1].ID.String()).Wants(http.StatusNotFound)
		grant := h.One(`SELECT id FROM directory_grant WHERE person_id = $1`, aesh)
		v.Post(page+"/take-back", url.Values{"grant": {grant.String()}}).Wants(http.StatusSeeOther)
		her.Get(path).Wants(http.StatusNotFound)
		// Nor does anything stay when the post itself ends.
		v.Post(page+"/grant", url.Values{"to": {pupils[0].ID.String()}, "reason": {"notification MDPH"}}).Wants(http.StatusSeeOther)
		v.Post(page+"/dismiss", url.Values{"post": {village.PostOf(school.Staff)}}).Wants(http.StatusSeeOther)
		if reply := her.Get(path); reply.StatusCode == http.StatusOK {
			t.Error("who does not work there any more sees the pupil")
		}
	})
}

// An agent of the canteen reads its list, and no other.
func TestACareAgentKeepsOneActivity(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	town := h.enter(h.Appoint("mairie", school.Municipal, h.commune(at)), school.Municipal)
	town.Post("/register/structure/"+at.String()+"/appoint", post("care-canteen", "CASTEL")).Wants(http.StatusSeeOther)
	agent := h.enter(h.appointed("CASTEL"), school.CareAgent)
	agent.Get("/register/school/" + at.String() + "/care/canteen").Wants(http.StatusOK)
	agent.Get("/register/school/" + at.String() + "/care/study").Wants(http.StatusNotFound)
	agent.Get("/register/school/" + h.near[1].String() + "/care/canteen").Wants(http.StatusNotFound)
	agent.Get("/register/structure/" + at.String() + "/team").Wants(http.StatusNotFound)
}

// Who somebody is comes from the source, and is corrected there; who came by
// hand is corrected here.
func TestOnlyWhoCameByHandIsCorrected(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	v := h.enter(h.Head(at), school.Head)
	v.Post("/register/structure/"+at.String()+"/appoint", post("secretary", "PRUNIR")).Wants(http.StatusSeeOther)
	page := "/register/structure/" + at.String() + "/team/" + h.appointed("PRUNIR").String()
	v.Post(page+"/correct", url.Values{"civility": {"Mme"}, "first": {"Odile"}, "name": {""}}).Wants(http.StatusUnprocessableEntity)
	v.Post(page+"/correct", url.Values{"civility": {"Mme"}, "first": {"Odile"}, "name": {"PRUNIER"}}).Wants(http.StatusSeeOther)
	v.Get(page).Wants(http.StatusOK, "Odile PRUNIER")
	v.Post(page+"/extend", url.Values{"post": {"secretary"}, "until": {"2020-01-01"}}).Wants(http.StatusUnprocessableEntity)
	v.Post(page+"/extend", url.Values{"post": {"secretary"}, "until": {"2099-01-01"}}).Wants(http.StatusUnprocessableEntity)
	fed := h.Teachers(at)[0]
	v.Post("/register/structure/"+at.String()+"/team/"+fed.String()+"/correct", url.Values{"name": {"AUTRE"}}).Wants(http.StatusNotFound)
	v.Post("/register/structure/"+at.String()+"/team/"+fed.String()+"/dismiss", url.Values{"post": {"ENS"}}).Wants(http.StatusNotFound)
	h.Name(fed, school.Admin, at) // a fed teacher with a post by hand: the name stays the source's
	v.Post("/register/structure/"+at.String()+"/team/"+fed.String()+"/correct", url.Values{"name": {"AUTRE"}}).Wants(http.StatusConflict)
}

// Nobody gives a post beyond the end of their own, nor to themselves under
// another record.
func TestAGranterDoesNotOutliveTheirOwnEnd(t *testing.T) {
	onBoth(t, func(h *office) {
		h.at(time.Date(2026, time.October, 6, 10, 0, 0, 0, school.Paris))
		at := h.near[0]
		commune := h.commune(at)
		until := func(day time.Time) func(*directory.Appointment) {
			return func(a *directory.Appointment) { a.Until = day.AddDate(0, 0, 1) }
		}
		agent := h.Appoint("mairie", school.Municipal, commune, until(time.Date(2027, time.July, 31, 0, 0, 0, 0, school.Paris)),
			func(a *directory.Appointment) { a.Mail = "mairie@commune.example" })
		town := h.enter(agent, school.Municipal)
		give := func(form url.Values, last string) reply {
			form.Set("until", last)
			return town.Post("/register/structure/"+commune.String()+"/appoint", form)
		}
		for _, last := range []string{"2028-07-31", "2027-08-01"} {
			give(post("municipal", "TARD"), last).Wants(http.StatusUnprocessableEntity, "31/07/2027 au plus tard")
		}
		for name, form := range map[string]url.Values{
			"own name":        {"first": {"mairie"}, "name": {"Essai"}},
			"own name, again": {"first": {"ESSAI"}, "name": {"Maïrie"}},
			"own mail":        {"first": {"Autre"}, "name": {"Nom"}, "mail": {"Mairie@Commune.example"}},
		} {
			form.Set("post", "municipal")
			form.Set("reason", "arrêté")
			reply := give(form, "2027-07-31")
			if reply.Wants(http.StatusUnprocessableEntity, "à soi-même"); reply.StatusCode != http.StatusUnprocessableEntity {
				h.T.Error(name)
			}
		}
		give(post("municipal", "ATEMPS"), "2027-07-31").Wants(http.StatusSeeOther)
		colleague := "/register/structure/" + commune.String() + "/team/" + h.appointed("ATEMPS").String()
		town.Post(colleague+"/extend", url.Values{"post": {"municipal"}, "until": {"2028-07-31"}}).Wants(http.StatusUnprocessableEntity, "31/07/2027")
		town.Post(colleague+"/dismiss", url.Values{"post": {"municipal"}}).Wants(http.StatusSeeOther)
		h.tick()
		town.Post(colleague+"/give-back", url.Values{"post": {"municipal"}}).Wants(http.StatusSeeOther)
		if n := h.One(`SELECT count(*) FROM directory_function WHERE person_id = $1 AND until_at > $2`, h.appointed("ATEMPS"),
			db.At(time.Date(2027, time.August, 1, 0, 0, 0, 0, school.Paris))); n != 0 {
			h.T.Error("a post is given back beyond the end of its granter")
		}

		ref := h.Structure(commune).Ref
		header := "Civilité;Prénom;Nom;Poste;Lieu;Motif;Jusqu'au;Courriel\n"
		for line, said := range map[string]string{
			"Mme;Zoé;FEUILLE;agent de la commune;" + ref + ";x;31/07/2028;\n":             "31/07/2027 au plus tard",
			"M.;Mairie;ESSAI;agent de la commune;" + ref + ";x;31/07/2027;\n":             "à soi-même",
			"M.;Luc;SEUL;agent de la commune;" + ref + ";x;;mairie@commune.example\n":     "à soi-même",
			"Mme;Zoé;FEUILLE;cantine;" + string(h.Structure(at).UAI) + ";x;31/07/2028;\n": "31/07/2027 au plus tard",
		} {
			town.send("/register/roll", header+line).Wants(http.StatusUnprocessableEntity, said)
		}

		// A head whom the State names has no end, and an operator of the command line neither.
		head := h.enter(h.Head(at), school.Head)
		form := post("atsem", "LOIN")
		form.Set("until", "2028-07-31")
		head.Post("/register/structure/"+at.String()+"/appoint", form).Wants(http.StatusSeeOther)
	})
}

// The page of a colleague says whether their account is open: who looked is written,
// once an hour, with the school.
func TestThePageOfAColleagueSaysWhoLooked(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		teacher := h.Teachers(at)[0]
		page := "/register/structure/" + at.String() + "/team/" + teacher.String()
		looks := func() int {
			return len(h.Some(`SELECT id FROM audit_entry WHERE action = 'account.look' AND object_id = $1 AND school_id = $2`, teacher, at))
		}
		h.enter(h.Head(h.far[0]), school.Head).Get(page).Wants(http.StatusNotFound)
		if n := looks(); n != 0 {
			h.T.Errorf("who may not see it leaves %d looks", n)
		}
		head := h.enter(h.Head(at), school.Head)
		for range 2 {
			head.Get(page).Wants(http.StatusOK, h.Who(teacher).Name())
		}
		if n := looks(); n != 1 {
			h.T.Errorf("%d looks", n)
		}
	})
}
