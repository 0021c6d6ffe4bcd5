package register_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// holds tells whether a person with a hat has a class now.
func (h *office) holds(person school.ID, hat school.Profile, class school.ID) (has bool) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) error {
		actor, err := directory.Actor(tx, person, hat)
		has = slices.Contains(actor.Classes, class)
		return err
	})
	return has
}

func TestATeacherIsAttachedAndNoFeedUndoesIt(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		class, teacher := h.Classes(at)[0].ID, h.Teachers(at)[0]
		v := h.enter(h.Head(at), school.Head)
		page := "/register/school/" + at.String() + "/teachers"
		path := "/register/school/" + at.String() + "/class/" + class.String()

		got := v.Post(path+"/attach", url.Values{"teacher": {teacher.String()}, "days": {"mar", "lun", "dim"}, "share": {"50"}})
		got.Wants(http.StatusSeeOther)
		to := got.Header.Get("Location")
		if !strings.HasPrefix(to, page+"?") || !strings.HasSuffix(to, "#done") {
			h.T.Errorf("the form leads to %s", to)
		}
		v.Get(to).Wants(http.StatusOK, `id="done" tabindex="-1"`, "sur sa page d’accueil")
		v.Get(page).Wants(http.StatusOK, "lundi et mardi, 50", "Ajout à la main", "Retirer")
		// Two who share a class more than whole are told so, and not refused.
		second := h.Teachers(at)[1]
		v.Post(path+"/attach", url.Values{"teacher": {second.String()}, "days": {"mar"}, "share": {"60"}}).Wants(http.StatusSeeOther)
		v.Get(page).Wants(http.StatusOK, "font 110")
		v.Post(path+"/detach", url.Values{"teacher": {second.String()}}).Wants(http.StatusSeeOther)
		if !h.holds(teacher, school.Teacher, class) {
			h.T.Fatal("the teacher does not hold the class")
		}
		h.enter(teacher, school.Teacher).Get("/register/class/" + class.String()).Wants(http.StatusOK)

		for _, days := range []int{0, 1} { // the same delivery again, and the next one
			h.tick()
			h.later(days)
			if !h.holds(teacher, school.Teacher, class) {
				h.T.Errorf("the delivery of day %d undid the attachment", days)
			}
		}

		// Who was detached by mistake is put back as they were.
		h.tick()
		got = v.Post(path+"/detach", url.Values{"teacher": {teacher.String()}})
		got.Wants(http.StatusSeeOther)
		undo := v.Get(got.Header.Get("Location"))
		undo.Wants(http.StatusOK, "n’a plus la classe")
		v.Get(to).Wants(http.StatusOK)
		if strings.Contains(v.Get(to).Body, `id="done"`) {
			h.T.Error("the page tells what is no longer true")
		}
		h.tick()
		v.Post(path+"/attach", undo.Hidden("done")).Wants(http.StatusSeeOther)
		v.Get(page).Wants(http.StatusOK, "lundi et mardi, 50")

		h.tick()
		v.Post(path+"/detach", url.Values{"teacher": {teacher.String()}}).Wants(http.StatusSeeOther)
		if h.holds(teacher, school.Teacher, class) {
			h.T.Error("the teacher still holds the class")
		}
		v.Post(path+"/detach", url.Values{"teacher": {teacher.String()}}).Wants(http.StatusNotFound)
		acts := slices.DeleteFunc(h.Acts(teacher), func(act string) bool { return !strings.HasPrefix(act, "register.") })
		if want := []string{"register.attach", "register.detach", "register.attach", "register.detach"}; !slices.Equal(acts, want) {
			h.T.Errorf("the journal says %v, want %v", acts, want)
		}
	})
}

// What is wrong in a form is said beside its field, and what was typed stays.
func TestAnAttachmentIsRefused(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	class, teacher := h.Classes(at)[0].ID, h.Teachers(at)[0].String()
	aide := h.Appoint("aide", school.Staff, at).String()
	stranger := pick(t, h.far, func(id school.ID) bool { return len(h.Teachers(id)) > 0 })
	v := h.enter(h.Head(at), school.Head)
	path := "/register/school/" + at.String() + "/class/" + class.String() + "/attach"
	for name, c := range map[string]struct {
		form  url.Values
		texts []string
	}{
		"nobody":         {url.Values{"share": {"50"}, "days": {"lun"}}, []string{"Choisissez un enseignant dans la liste", `value="50"`, `value="lun" checked`}},
		"somebody else":  {url.Values{"teacher": {h.Teachers(stranger)[0].String()}}, []string{"ne travaille pas dans cette école"}},
		"an aide":        {url.Values{"teacher": {aide}}, []string{"ne travaille pas dans cette école"}},
		"no share":       {url.Values{"teacher": {teacher}, "share": {"0 %"}}, []string{"entre 1 et 100"}},
		"a large share":  {url.Values{"teacher": {teacher}, "share": {"101"}}, []string{"entre 1 et 100", `value="101"`, `value="` + teacher + `" selected`}},
		"a share in ink": {url.Values{"teacher": {teacher}, "share": {"½"}}, []string{"entre 1 et 100"}},
		"a long share":   {url.Values{"teacher": {teacher}, "share": {"50,5"}}, []string{"aria-invalid"}},
	} {
		t.Run(name, func(t *testing.T) { v.In(t).Post(path, c.form).Wants(http.StatusUnprocessableEntity, c.texts...) })
	}
	if h.One(`SELECT count(*) FROM directory_membership WHERE role = 'teacher'`) != 0 {
		t.Error("a refusal attached somebody")
	}
}

func TestSuggestionsAreAttached(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	v := h.enter(h.Head(at), school.Head)
	page := v.Get("/register/school/" + at.String() + "/teachers")
	page.Wants(http.StatusOK, "Rattacher les ", "Proposé d’après le nom de la classe")
	form := page.Hidden("suggestions")
	if len(form["pair"]) < 2 {
		t.Fatalf("the village proposes %v", form)
	}
	action := "/register/school/" + at.String() + "/suggestions"

	one := url.Values{"pair": form["pair"][:1]}
	v.Post(action, one).Wants(http.StatusSeeOther)
	class, teacher := split(t, one.Get("pair"))
	if !h.holds(teacher, school.Teacher, class) && !h.holds(teacher, school.Head, class) {
		t.Error("one suggestion attached nobody")
	}
	v.Post(action, one).Wants(http.StatusConflict) // it stands no more

	// A pair that the page did not propose attaches nobody.
	forged := url.Values{"pair": {h.Classes(at)[1].ID.String() + "-" + h.Teachers(h.near[1])[0].String()}}
	v.Post(action, forged).Wants(http.StatusConflict)

	v.Post(action, form).Wants(http.StatusSeeOther)
	for _, pair := range form["pair"] {
		class, teacher := split(t, pair)
		if !h.holds(teacher, school.Teacher, class) && !h.holds(teacher, school.Head, class) {
			t.Errorf("%s was not attached", pair)
		}
	}
	if got := v.Get("/register/school/" + at.String() + "/teachers"); strings.Contains(got.Body, "Proposé d’après") {
		t.Error("suggestions that were followed are still proposed")
	}
}

// A class whose label names nobody is given whom the head chooses, in the same
// form; whoever had the label the year before is chosen beforehand.
func TestTeachersAreChosenForAllClasses(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE directory_class SET label = 'Salle', label_key = 'salle ' || source_key WHERE school_id = $1`, at)
			return err
		})
		classes, team, stranger := h.Classes(at), h.Teachers(at), h.Teachers(h.near[1])[0]
		v := h.enter(h.Head(at), school.Head)
		page, action := "/register/school/"+at.String()+"/teachers", "/register/school/"+at.String()+"/suggestions"
		pair := func(class int, teacher school.ID) string { return classes[class].ID.String() + "-" + teacher.String() }
		if body := v.Get(page).Body; strings.Count(body, `name="pair"`) != len(classes) || strings.Contains(body, `-`+team[0].String()+`" selected`) {
			h.T.Errorf("the page asks for %d classes of %d, or chooses for the head", strings.Count(body, `name="pair"`), len(classes))
		}

		v.Post(action, url.Values{"pair": {"", ""}}).Wants(http.StatusConflict, "choisissez un enseignant")
		v.Post(action, url.Values{"pair": {pair(0, stranger)}}).Wants(http.StatusConflict)
		v.Post(action, url.Values{"pair": {h.Classes(h.near[1])[0].ID.String() + "-" + team[0].String()}}).Wants(http.StatusConflict)

		v.Post(action, url.Values{"pair": {pair(0, team[0]), "", pair(1, team[1])}}).Wants(http.StatusSeeOther)
		for class, teacher := range team[:2] {
			if !h.holds(teacher, school.Teacher, classes[class].ID) {
				h.T.Errorf("class %d was not given", class)
			}
		}
		v.Post(action, url.Values{"pair": {pair(0, team[1])}}).Wants(http.StatusConflict) // it has a teacher now
		v.Get(page).Wants(http.StatusOK, "a déjà une classe")

		// Last year the third class was the fourth teacher's, under the same name.
		h.Write(func(tx *db.Tx) error {
			former := directory.Class{
				ID: 77, School: at, Year: classes[2].Year - 1, Kind: directory.OrdinaryClass, SourceKey: "old",
				LabelKey: classes[2].LabelKey, From: db.At(tx.Now.AddDate(-1, 0, 0)), Until: db.At(tx.Now),
			}
			if err := directory.Classes.Insert(tx, former); err != nil {
				return err
			}
			return directory.Memberships.Insert(tx, directory.Membership{
				Person: team[3], Class: former.ID, Role: directory.AsTeacher, From: former.From,
			})
		})
		v.Get(page).Wants(http.StatusOK, `value="`+pair(2, team[3])+`" selected`, "proposition à vérifier")
	})
}

// split reads a suggestion as a form sends it.
func split(t *testing.T, pair string) (class, teacher school.ID) {
	t.Helper()
	a, b, _ := strings.Cut(pair, "-")
	class, err := school.ParseID(a)
	if err != nil {
		t.Fatal(err)
	}
	if teacher, err = school.ParseID(b); err != nil {
		t.Fatal(err)
	}
	return class, teacher
}
