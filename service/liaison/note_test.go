package liaison_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
)

// today is an absence of the day, in one touch.
func today(child school.ID) url.Values {
	return url.Values{"child": {child.String()}, "kind": {"absence"}}
}

var noteLink = regexp.MustCompile(`/liaison/note/\d+`)

// tells has a guardian tell something, and gives where the school reads it.
func tells(guardian house.Visitor, teacher house.Visitor, form url.Values) (path string) {
	guardian.T.Helper()
	guardian.Post("/liaison/tell", form).Wants(http.StatusSeeOther)
	told := noteLink.FindAllString(teacher.Get("/liaison/notes").Text(), -1)
	if len(told) == 0 {
		guardian.T.Fatal("the teacher has no note")
	}
	return slices.Max(told) // identifiers are in the order of time
}

// An absence is told in one touch; whoever teaches the class takes note of it, the parent
// who told it sees that, the other that it was told, and nobody else anything.
func TestAnAbsenceIsTold(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, other := h.Enter(f.teacher, school.Teacher), h.Enter(h.Teachers(h.near[0])[1], school.Teacher)
		head, elsewhere := h.Enter(h.Head(h.near[0]), school.Head), h.Enter(h.Head(h.far[0]), school.Head)
		mother, father, outsider := h.Enter(f.mother, school.Guardian), h.Enter(f.father, school.Guardian), h.Enter(h.outsider(), school.Guardian)
		child := h.Who(f.pupil)

		outsider.Post("/liaison/tell", today(f.pupil)).Wants(http.StatusNotFound)
		teacher.Post("/liaison/tell", today(f.pupil)).Wants(http.StatusNotFound)
		mother.Get("/").Wants(http.StatusOK, `href="/liaison/tell"`)
		form := today(f.pupil)
		form.Set("body", "Elle a de la fièvre.")
		note := tells(mother, teacher, form)

		for name, r := range map[string]house.Reply{
			"a parent of another school reads":     outsider.Get(note),
			"the head of another school reads":     elsewhere.Get(note),
			"a teacher of another class reads":     other.Get(note),
			"a parent takes note":                  mother.Post(note+"/seen", nil),
			"a teacher of another class does":      other.Post(note+"/seen", nil),
			"the other parent takes it back":       father.Post(note+"/withdraw", nil),
			"the teacher takes it back":            teacher.Post(note+"/withdraw", nil),
			"a parent reads what all families say": mother.Get("/liaison/notes"),
		} {
			if r.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d", name, r.StatusCode)
			}
		}
		teacher.Get("/").Wants(http.StatusOK, child.Name()+" · Absence, aujourd’hui", "À lire")
		head.Get("/liaison/notes").Wants(http.StatusOK, "Aujourd’hui\u00a0: un enfant", child.Name())
		father.Get("/liaison/tell").Wants(http.StatusOK, "Absence, aujourd’hui")
		father.Get(note).Lacks(http.StatusOK, "fièvre", h.Who(f.mother).Name())
		teacher.Get(note).Wants(http.StatusOK, "fièvre", h.Who(f.mother).Name())

		teacher.Post(note+"/seen", url.Values{"reply": {"Bon rétablissement !"}}).Wants(http.StatusSeeOther)
		teacher.Get("/").Lacks(http.StatusOK, "À lire")
		mother.Get("/").Wants(http.StatusOK, "Réponse", h.Who(f.teacher).Formal())
		mother.Get(note).Wants(http.StatusOK, "Bon rétablissement", "Noté par "+h.Who(f.teacher).Formal())
		mother.Get("/").Lacks(http.StatusOK, "task-title\">"+child.First+" · Absence")
		father.Get("/").Lacks(http.StatusOK, "Réponse")
		father.Get(note).Lacks(http.StatusOK, "Bon rétablissement")

		mother.Post(note+"/withdraw", nil).Wants(http.StatusSeeOther)
		head.Get("/liaison/notes").Lacks(http.StatusOK, "Aujourd’hui\u00a0: un enfant")
		teacher.Get(note).Wants(http.StatusOK, "La famille l’a retiré")

		var acts []string
		for _, act := range h.Acts(f.pupil) {
			if strings.HasSuffix(act, "-note") {
				acts = append(acts, act)
			}
		}
		if want := []string{"liaison.tell-note", "liaison.take-note", "liaison.withdraw-note"}; !slices.Equal(acts, want) {
			t.Errorf("the journal says %v of the child, not %v", acts, want)
		}

		h.restrict(f, directory.Restriction{InformedOnly: true})
		mother.Get(note).Wants(http.StatusOK, "Absence")
		mother.Get("/liaison/tell").Lacks(http.StatusOK, `name="child" value="`+f.pupil.String())
		mother.Post("/liaison/tell", today(f.pupil)).Wants(http.StatusNotFound)
		h.restrict(f, directory.Restriction{NoAccess: true})
		if r := mother.Get(note); r.StatusCode == http.StatusOK { // who has no other child is signed out
			t.Error("a parent without access reads what they told")
		}
	})
}

// Once class is over, the absence of one touch, and every form, is of the next day with class.
func TestInTheEveningOneTellsOfTheNextDay(t *testing.T) {
	h := onSQLite(t) // on a Monday, in the morning
	f := h.two()
	h.Enter(f.mother, school.Guardian).Get("/liaison/tell").Wants(http.StatusOK, "Absence aujourd’hui", `value="2026-10-05" data-today`)
	for _, c := range []struct {
		after    time.Duration
		day, say string
	}{
		{9 * time.Hour, "2026-10-06", "Absence mardi 6 octobre"},
		{24 * time.Hour, "2026-10-08", "Absence jeudi 8 octobre"}, // in the evening before a Wednesday
	} {
		h.Later(c.after)
		mother := h.Enter(f.mother, school.Guardian)
		page := mother.Get("/liaison/tell")
		page.Wants(http.StatusOK, c.say, `name="from" value="`+c.day+`"`)
		page.Lacks(http.StatusOK, "Absence aujourd’hui", "data-today")
		form := today(f.pupil)
		form.Set("from", c.day)
		mother.Post("/liaison/tell", form).Wants(http.StatusSeeOther)
		if n := h.One(`SELECT count(*) FROM liaison_note WHERE from_day = '` + c.day + `'`); n == 0 {
			t.Errorf("nothing is told of %s", c.day)
		}
	}
}

// The answer of the school comes at its own hour, not at that of what was told.
func TestAnAnswerHasItsOwnHour(t *testing.T) {
	h := onSQLite(t)
	f := h.two()
	note := tells(h.Enter(f.mother, school.Guardian), h.Enter(f.teacher, school.Teacher), today(f.pupil))
	told := h.DB.Now().In(school.Paris).Format("15 h 04")
	h.Later(time.Hour)
	h.Enter(f.teacher, school.Teacher).Post(note+"/seen", url.Values{"reply": {"Bien noté."}}).Wants(http.StatusSeeOther)
	home := h.Enter(f.mother, school.Guardian).Get("/")
	home.Wants(http.StatusOK, h.Who(f.teacher).Formal()+" · aujourd’hui à "+h.DB.Now().In(school.Paris).Format("15 h 04"))
	home.Lacks(http.StatusOK, "aujourd’hui à "+told)
}

// restrict has a judge decide about the mother.
func (h *town) restrict(f families, r directory.Restriction) {
	h.T.Helper()
	r.Pupil, r.Guardian, r.Reference, r.From = f.pupil, f.mother, "jugement", db.At(h.DB.Now())
	h.Write(func(tx *db.Tx) error { _, err := directory.Restrict(tx, r); return err })
}

// What cannot be is said beside the field, and nothing is sent.
func TestWhatIsToldIsChecked(t *testing.T) {
	h := onSQLite(t)
	f := h.two()
	mother := h.Enter(f.mother, school.Guardian)
	for name, c := range map[string]struct {
		with url.Values
		says string
	}{
		"a kind that does not exist":   {url.Values{"kind": {"party"}}, "Choisissez ce que vous voulez dire"},
		"an appointment about nothing": {url.Values{"kind": {"appointment"}}, "Écrivez ce dont vous voulez parler"},
		"a day long ago":               {url.Values{"from": {"2020-01-01"}}, "il y a plus de 14 jours"},
		"a day in years":               {url.Values{"from": {"2100-01-01"}}, "trop loin"},
		"an end before the beginning":  {url.Values{"from": {"2026-10-09"}, "until": {"2026-10-08"}}, "avant le premier"},
		"an absence of a term":         {url.Values{"from": {"2026-10-09"}, "until": {"2027-01-08"}}, "appelez l’école"},
		"no hour":                      {url.Values{"kind": {"late"}, "hour": {"25:00"}}, "Cette heure n’existe pas"},
		"no day":                       {url.Values{"from": {"demain"}}, "Cette date n’existe pas"},
	} {
		form := today(f.pupil)
		for field, value := range c.with {
			form[field] = value
		}
		mother.Post("/liaison/tell", form).Wants(http.StatusUnprocessableEntity, c.says)
		if t.Failed() {
			t.Fatalf("%s is not refused as it should", name)
		}
	}
	if n := h.One(`SELECT count(*) FROM liaison_note`); n != 0 {
		t.Errorf("%d notes were sent", n)
	}
}

// Of what one parent tells the school the other knows the absences, unless a judge hides
// the place of the child from them; and who answers is who is said to have noted it.
func TestWhatAnotherParentTold(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, head := h.Enter(f.teacher, school.Teacher), h.Enter(h.Head(h.near[0]), school.Head)
		mother, father := h.Enter(f.mother, school.Guardian), h.Enter(f.father, school.Guardian)
		asked := tells(father, teacher, url.Values{"child": {f.pupil.String()}, "kind": {"appointment"}, "body": {"Parler de la lecture."}})
		mother.Get(asked).Wants(http.StatusNotFound)
		mother.Get("/liaison/tell").Lacks(http.StatusOK, "Demande de rendez-vous ")
		absent := tells(father, teacher, today(f.pupil))
		mother.Get(absent).Wants(http.StatusOK, "Absence")
		h.restrict(f, directory.Restriction{HidePlace: true})
		mother.Get(absent).Wants(http.StatusNotFound)

		teacher.Post(asked+"/seen", nil).Wants(http.StatusSeeOther)
		head.Post(asked+"/seen", url.Values{"reply": {"Mardi à 17 h."}}).Wants(http.StatusSeeOther)
		father.Get(asked).Wants(http.StatusOK, "Mardi à 17 h.", "Noté par "+h.Who(h.Head(h.near[0])).Formal())
		teacher.Post(asked+"/seen", url.Values{"reply": {"Jeudi."}}).Wants(http.StatusConflict, "déjà répondu")
		father.Get(asked).Wants(http.StatusOK, "Mardi à 17 h.")
	})
}
