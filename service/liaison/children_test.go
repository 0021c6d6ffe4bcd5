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
	"preau/test/house"
)

// A parent reads for which of their children each word is, finds those of one, and answers
// for all of them before nothing is asked any more.
func TestAWordNamesTheChildren(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		mate := h.One(`SELECT min(person_id) FROM directory_membership WHERE class_id = $1 AND role = 'pupil' AND person_id <> $2`, f.class, f.pupil)
		teacher := h.Enter(f.teacher, school.Teacher)
		form := outing(f.class)
		form.Del("to")
		form["family"], form["title"], form["asks"] = []string{f.pupil.String()}, []string{"Pour un seul"}, []string{"sign"}
		alone := publish(teacher, f.class, form)
		h.siblings(f, mate)
		mother := h.Enter(f.mother, school.Guardian)
		both := publish(teacher, f.class, outing(f.class))

		first, second := h.Who(f.pupil).First, h.Who(mate).First
		list := mother.Get("/liaison/")
		list.Wants(http.StatusOK, `class="filters"`)
		var named []string
		for _, tag := range childTag.FindAllStringSubmatch(list.Text(), -1) {
			named = append(named, tag[1])
		}
		slices.Sort(named)
		if want := []string{first, first, second}; !slices.Equal(named, slices.Sorted(slices.Values(want))) { // the word for one, and the one for both
			t.Errorf("the words name %q", named)
		}
		of := "/liaison/?child=" + mate.String()
		mother.Get(of).Wants(http.StatusOK, "Sortie au musée")
		mother.Get(of).Lacks(http.StatusOK, "Pour un seul")

		mother.Post(both+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {"yes"}}).Wants(http.StatusSeeOther)
		mother.Get("/liaison/").Lacks(http.StatusOK, "C’est répondu") // not for the other
		mother.Get(both).Lacks(http.StatusOK, "Le mot suivant")
		mother.Post(both+"/answer", url.Values{"child": {mate.String()}, "answer": {"yes"}}).Wants(http.StatusSeeOther)
		mother.Get("/liaison/").Wants(http.StatusOK, "C’est répondu")
		mother.Get(both).Wants(http.StatusOK, "Le mot suivant qui vous attend", `href="`+alone+`"`, "Tous les mots")

		mother.Post(alone+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {"signed"}}).Wants(http.StatusSeeOther)
		signed := mother.Get(alone)
		signed.Wants(http.StatusOK, "Signé par vous aujourd’hui", first+" · C’est répondu")
		signed.Lacks(http.StatusOK, "À signer", "Le mot suivant")
	})
}

// childTag is the name of a child beside a word.
var childTag = regexp.MustCompile(`tag-tinted accent-\d">([^<]+)</(?:span|li)>`)

// siblings gives the mother another child, of the same class.
func (h *town) siblings(f families, mate school.ID) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE directory_bond SET guardian_id = $1 WHERE pupil_id = $2 AND guardian_id = (SELECT min(guardian_id) FROM directory_bond WHERE pupil_id = $2)`, f.mother, mate)
		return err
	})
}

// An absence that is told again is told once: its page says so, and offers to change it.
func TestAnAbsenceIsToldOnce(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, mother, father := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian), h.Enter(f.father, school.Guardian)
		note := tells(mother, teacher, today(f.pupil))
		if to := mother.Post("/liaison/tell", today(f.pupil)).Header.Get("Location"); to != note {
			t.Errorf("told twice, it leads to %q, want %s", to, note)
		}
		mother.Get(note).Wants(http.StatusOK, h.Who(f.pupil).First+" · Absence, aujourd’hui", "Changer ce que j’ai dit")
		father.Get(note).Lacks(http.StatusOK, "Changer ce que j’ai dit")
		standing := func(want int) {
			t.Helper()
			if n := h.One(`SELECT count(*) FROM liaison_note WHERE withdrawn_at IS NULL`); int(n) != want {
				t.Errorf("%d notes hold, want %d", n, want)
			}
		}
		standing(1)
		longer := today(f.pupil)
		longer.Set("until", "2026-10-07")
		note = tells(mother, teacher, longer) // takes the place of the first
		standing(1)
		shorter := url.Values{"child": {f.pupil.String()}, "kind": {"absence"}, "from": {"2026-10-06"}, "until": {"2026-10-06"}, "instead": {strings.TrimPrefix(note, "/liaison/note/")}}
		changed := mother.Post("/liaison/tell", shorter)
		changed.Wants(http.StatusSeeOther)
		standing(1)
		mother.Get(changed.Header.Get("Location")).Wants(http.StatusOK, "Absence, demain")
		mother.Get("/liaison/tell").Wants(http.StatusOK, "Retiré")
		want := []string{"liaison.tell-note", "liaison.withdraw-note", "liaison.tell-note", "liaison.withdraw-note", "liaison.tell-note"}
		var acts []string
		for _, act := range h.Acts(f.pupil) {
			if strings.HasSuffix(act, "-note") {
				acts = append(acts, act)
			}
		}
		if !slices.Equal(acts, want) {
			t.Errorf("the journal says %v of the child, want %v", acts, want)
		}
		if n := h.One(`SELECT count(*) FROM past_change WHERE act = 'cancelled'`); n != 2 {
			t.Errorf("what %d notes were is kept, want 2", n)
		}
	})
}

// What two parents tell is of both: the school reads it once, takes note of it once, and has
// that of one when the other takes theirs back.
func TestAnAbsenceThatBothTell(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, mother, father := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian), h.Enter(f.father, school.Guardian)
		tell := func(v house.Visitor, body string) string {
			t.Helper()
			form := today(f.pupil)
			form.Set("body", body)
			told := v.Post("/liaison/tell", form)
			told.Wants(http.StatusSeeOther)
			h.Later(time.Minute)
			return told.Header.Get("Location")
		}
		listed := func(want ...string) {
			t.Helper()
			page := teacher.Get("/liaison/notes")
			page.Wants(http.StatusOK, "Aujourd’hui\u00a0: un enfant")
			links := noteLink.FindAllString(page.Main(), -1)
			slices.Sort(links)
			if links = slices.Compact(links); !slices.Equal(links, want) {
				t.Errorf("the school reads %v, want %v", links, want)
			}
		}
		hers := tell(mother, "Elle a de la fièvre.")
		his := tell(father, "")
		if his == hers {
			t.Fatal("what the father tells is not kept")
		}
		listed(hers)
		teacher.Get("/").Lacks(http.StatusOK, his)
		father.Get("/liaison/tell").Wants(http.StatusOK, his)
		father.Get("/liaison/tell").Lacks(http.StatusOK, hers)
		teacher.Post(hers+"/seen", nil).Wants(http.StatusSeeOther)
		father.Get(his).Wants(http.StatusOK, "Noté par")
		mother.Post(hers+"/withdraw", nil).Wants(http.StatusSeeOther)
		listed(hers, his)
		teacher.Get(his).Wants(http.StatusOK, "Absence")
		teacher.Get(his).Lacks(http.StatusOK, "La famille l’a retiré")
		father.Post(his+"/withdraw", nil).Wants(http.StatusSeeOther)

		hers = tell(mother, "Elle a de la fièvre.")
		for _, guess := range []string{"Elle a de la fièvre.", "Elle tousse."} { // one cannot tell which is hers
			told := tell(father, guess)
			father.Get("/liaison/tell").Wants(http.StatusOK, told)
			father.Get("/liaison/tell").Lacks(http.StatusOK, hers)
			father.Post(told+"/withdraw", nil).Wants(http.StatusSeeOther)
		}
		his = tell(father, "Il le dit aussi.")
		page := teacher.Get("/liaison/notes")
		page.Wants(http.StatusOK, hers, his, "Aujourd’hui\u00a0: un enfant")
	})
}

// What there is to choose from is written beside the answer that asks for it, and what is to
// be said is not taken for something that one may leave out.
func TestWhereAChoiceIsWritten(t *testing.T) {
	h := onSQLite(t)
	f := h.two()
	page := h.Enter(f.teacher, school.Teacher).Get("/liaison/new/class/" + f.class.String()).Main()
	more := strings.Index(page, `class="choice-more"`)
	if at := strings.Index(page, `name="choices"`); more < 0 || at < more || strings.Contains(page[more:at], "</fieldset>") {
		t.Error("the choices are not beside the answer that asks for them")
	}
	if label, _, _ := strings.Cut(page[strings.Index(page, "Le mot"):], "</label>"); strings.Contains(label, "facultatif") {
		t.Error("what a word says is said to be optional")
	}
}
