package accounts_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"preau/core/school"
	"preau/test/house"
	"preau/test/printed"
)

// keep writes a document where tools read it.
func keep(t *testing.T, got house.Reply) string {
	t.Helper()
	got.Wants(http.StatusOK)
	if kind := got.Header.Get("Content-Type"); kind != "application/pdf" {
		t.Fatalf("a document is %s", kind)
	}
	return printed.Keep(t, []byte(got.Body))
}

// Every guardian of a class who has not come in gets a letter of their own,
// whose code a telephone reads and which lets them in; nobody else does.
func TestLettersOfAClass(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	class := h.Classes(at)[0]
	head := h.Enter(h.Head(at), school.Head)
	path := "/accounts/class/" + class.ID.String()
	guardians := h.Some(`SELECT DISTINCT b.guardian_id FROM directory_bond b JOIN directory_membership m ON m.person_id = b.pupil_id
		JOIN directory_person p ON p.id = b.guardian_id JOIN account_account a ON a.person_id = p.id
		WHERE m.class_id = $1 AND m.role = 'pupil' AND m.until_at IS NULL AND NOT p.organisation AND b.until_at IS NULL AND a.activated_at IS NULL
		AND NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = p.id)`, class.ID)
	in, hidden := guardians[0], guardians[1]
	h.Enter(in, school.Guardian)
	child := h.One(`SELECT min(pupil_id) FROM directory_bond WHERE guardian_id = $1`, hidden)
	hide(h, child, hidden)

	document := keep(t, head.Post(path+"/letters", url.Values{"language": {"uk"}}))
	texts := printed.Pages(t, document)
	first := slices.IndexFunc(texts, func(text string) bool { return strings.Contains(text, "lettres à remettre") })
	if first < 0 {
		t.Fatal("no list of whom the letters are for")
	}
	letters, list := texts[:first], strings.Join(texts[first:], "")
	for _, one := range guardians {
		n := 0
		for _, text := range letters {
			if strings.Contains(text, h.Login(one)+"\n") {
				n++
			}
		}
		want := 1
		if one == in || one == hidden {
			want = 0
		}
		if n != want {
			t.Errorf("%s has %d letters, want %d", h.Login(one), n, want)
		}
	}
	for _, text := range letters {
		words := strings.Join(strings.Fields(text), " ")
		if !strings.Contains(text, "Votre accès à Préau") || !strings.Contains(text, "Ваш доступ до Préau") || !strings.Contains(words, "12 caractères") || !strings.Contains(words, "12 знаків") {
			t.Fatalf("a letter says\n%s", text)
		}
	}
	if !strings.Contains(list, "À remettre autrement : "+h.Who(hidden).Name()) {
		t.Errorf("the list says\n%s", list)
	}
	codes := printed.Codes(t, document)
	if len(codes) != len(letters) {
		t.Fatalf("%d codes are read on %d letters", len(codes), len(letters))
	}
	link, _, _ := strings.Cut(codes[0], "#")
	login, code, _ := strings.Cut(strings.SplitN(codes[0], "#", 2)[1], "/")
	if link != h.URL+"/activate" {
		t.Errorf("a code opens %s", link)
	}
	if _, err := h.Accounts.Activate(t.Context(), login, code, house.Password, house.From); err != nil {
		t.Errorf("the code of a letter: %v", err)
	}
	// Printed again at once, nothing is left to print; what is lost is.
	head.Post(path+"/letters", nil).Wants(http.StatusSeeOther)
	again := printed.Codes(t, keep(t, head.Post(path+"/letters", url.Values{"again": {"1"}})))
	if len(again) != len(codes)-1 || slices.ContainsFunc(again, func(c string) bool { return slices.Contains(codes, c) }) {
		t.Errorf("%d codes again, of %d", len(again), len(codes))
	}
}

// Every pupil of a class has a badge, eight a sheet, that lets them in.
func TestBadgesOfAClass(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	class, teacher := h.Classes(at)[0].ID, h.Teachers(at)[0]
	h.Attach(class, teacher)
	v := h.Enter(teacher, school.Teacher)
	pupils := h.Pupils(class)
	document := keep(t, v.Post("/accounts/class/"+class.String()+"/labels", nil))
	if n := len(printed.Pages(t, document)); n != (len(pupils)+7)/8 {
		t.Errorf("%d sheets for %d pupils", n, len(pupils))
	}
	codes := printed.Codes(t, document)
	if len(codes) != len(pupils) {
		t.Errorf("%d codes are read on the labels of %d pupils", len(codes), len(pupils))
	}
	_, after, _ := strings.Cut(codes[0], "#")
	login, code, _ := strings.Cut(after, "/")
	if _, err := h.Accounts.Activate(t.Context(), login, code, house.Password, house.From); err != nil {
		t.Errorf("the code of a badge: %v", err)
	}
	h.Enter(h.Head(at), school.Head).Get("/accounts/school/"+at.String()+"/journal?kind=codes").Wants(http.StatusOK,
		pupils[len(pupils)-1].Name()+" et "+strconv.Itoa(len(pupils)-1)+" autres personnes")
}

// A letter in Arabic is drawn, not typed: it has the pages of the others.
func TestLettersInEveryLanguage(t *testing.T) {
	h := onSQLite(t)
	class := h.Classes(h.near[0])[0].ID
	head := h.Enter(h.Head(h.near[0]), school.Head)
	path := "/accounts/class/" + class.String() + "/letters"
	head.Post(path, url.Values{"language": {"tlh"}}).Wants(http.StatusUnprocessableEntity)
	count := 0
	for _, language := range []string{"", "ar", "en", "es", "it", "pl", "pt", "ro", "ru", "sq", "tr", "uk"} {
		n := len(printed.Pages(t, keep(t, head.Post(path, url.Values{"language": {language}, "again": {"1"}}))))
		if count == 0 {
			count = n
		}
		if n != count || n < 10 {
			t.Errorf("%q: %d pages, want %d", language, n, count)
		}
	}
}

// A poster says its last day, and who replaces it: that of whoever is there for a time, until
// the summer too, is beside the class's own, which goes on.
func TestThePosterSaysItsLastDay(t *testing.T) {
	const summer = "31 juillet 2027"
	for days, last := range map[int]string{21: "26 octobre 2026", 0: summer} {
		h := onSQLite(t)
		at := h.near[0]
		class, teacher := h.Classes(at)[0].ID, h.Teachers(at)[0]
		h.Attach(class, teacher)
		who := h.holding("replacement", at, days)
		door := "/accounts/class/" + class.String() + "/door"
		h.tick()
		for _, c := range []struct {
			by         school.ID
			foot, last string
		}{
			{teacher, "L’enseignant de la classe, ou la direction, la remplace", summer},
			{who, "La personne qui l’a imprimée la remplace", last},
		} {
			v := h.Enter(c.by, school.Teacher)
			texts := printed.Pages(t, keep(t, v.Post(door+"/poster", nil)))
			text := strings.Join(strings.Fields(texts[0]), " ")
			if !strings.Contains(text, "sert jusqu’au "+c.last) || !strings.Contains(text, c.foot) {
				t.Errorf("want %s and %s in\n%s", c.last, c.foot, text)
			}
			v.Get(door).Wants(http.StatusOK, "Imprimer une nouvelle affiche") // each ends their own
		}
		if doors := h.doorsOf(class); len(doors) != 2 {
			t.Errorf("%d posters", len(doors))
		}
	}
}
