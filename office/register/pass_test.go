package register_test

import (
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/printed"
)

// A replacement holds classes for some days, with a sheet that says how to come
// in, and nothing after the last one.
func TestAReplacementHoldsAClass(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		classes := h.Classes(at)
		head := h.enter(h.Head(at), school.Head)
		path := "/register/school/" + at.String() + "/pass"
		form := func(name string, days int, more ...string) url.Values {
			v := url.Values{"civility": {"Mme"}, "first": {"Solène"}, "name": {name}, "reason": {"Remplacement"}}
			if days >= 0 {
				v.Set("until", h.DB.Now().In(school.Paris).AddDate(0, 0, days).Format(time.DateOnly))
			}
			v["class"] = more
			return v
		}
		mine := classes[0].ID.String()
		for name, wrong := range map[string]url.Values{
			"no class":             form("TEMPS", 1),
			"a class of elsewhere": form("TEMPS", 1, h.Classes(h.far[0])[0].ID.String()),
			"no name":              form("", 1, mine),
			"five weeks":           form("TEMPS", 35, mine),
		} {
			if got := head.Post(path, wrong); got.StatusCode != http.StatusUnprocessableEntity {
				h.T.Errorf("%s: %d", name, got.StatusCode)
			}
		}
		if h.One(`SELECT count(*) FROM directory_function WHERE code = 'replacement'`) != 0 {
			h.T.Fatal("a refused pass appointed somebody")
		}
		h.enter(h.Teachers(at)[0], school.Teacher).Post(path, form("TEMPS", 1, mine)).Wants(http.StatusNotFound)

		got := head.Post(path, form("TEMPS", 2, mine, classes[1].ID.String()))
		got.Wants(http.StatusOK)
		if got.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(got.Body, "%PDF") {
			h.T.Errorf("a pass is %s", got.Header.Get("Content-Type"))
		}
		who := h.appointed("TEMPS")
		v := h.enter(who, school.Teacher)
		for _, class := range classes[:2] {
			v.Get("/register/class/"+class.ID.String()).Wants(http.StatusOK, h.Pupils(class.ID)[0].Usual)
		}
		v.Get("/register/class/" + classes[2].ID.String()).Wants(http.StatusNotFound)
		h.Later(3 * 24 * time.Hour)
		var hats []school.Profile
		h.Read(func(tx *db.Tx) (err error) {
			hats, err = h.Accounts.Hats(tx, who)
			return err
		})
		if !slices.Equal(hats, []school.Profile{school.Departed}) {
			h.T.Errorf("after the last day one is still %v", hats)
		}
		h.reopen(h.Head(at)).Get(path).Wants(http.StatusOK, "Passes terminés depuis un mois", "Solène")
	})
}

// What is over does not come back with a later pass: neither a class of the first one,
// nor what was lent meanwhile.
func TestALaterPassBringsNothingBack(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		classes := h.Classes(at)
		path := "/register/school/" + at.String() + "/pass"
		pass := func(class school.ID, more url.Values) {
			form := url.Values{"civility": {"Mme"}, "first": {"Solène"}, "name": {"TEMPS"}, "reason": {"Remplacement"}, "class": {class.String()}}
			maps.Copy(form, more)
			h.reopen(h.Head(at)).Post(path, form).Wants(http.StatusOK)
		}
		h.enter(h.Head(at), school.Head)
		pass(classes[0].ID, nil)
		who := h.appointed("TEMPS")
		h.tick()
		h.reopen(h.Head(at)).Post("/register/structure/"+at.String()+"/lent", url.Values{
			"person": {who.String()}, "function": {"feeds"}, "reason": {"suivi"},
		}).Wants(http.StatusSeeOther)
		h.enter(who, school.Teacher)
		h.Later(3 * 24 * time.Hour)
		pass(classes[1].ID, url.Values{"same": {who.String()}})
		v := h.enter(who, school.Teacher) // with a new code
		v.Get("/register/class/" + classes[1].ID.String()).Wants(http.StatusOK)
		v.Get("/register/class/" + classes[0].ID.String()).Wants(http.StatusNotFound)
		if n := h.One(`SELECT count(*) FROM directory_grant WHERE person_id = $1 AND until_at > $2`, who, db.At(h.DB.Now())); n != 0 {
			h.T.Errorf("%d loans came back", n)
		}
	})
}

// Two passes of one person end each on its day: neither gives the classes of the other
// for longer, nor ends it sooner.
func TestTwoPassesEndEachOnItsDay(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		classes := h.Classes(at)
		h.enter(h.Head(at), school.Head)
		var who school.ID
		pass := func(class, days int) {
			form := url.Values{
				"civility": {"Mme"}, "first": {"Solène"}, "name": {"TEMPS"}, "reason": {"Remplacement"}, "class": {classes[class].ID.String()},
				"until": {h.DB.Now().In(school.Paris).AddDate(0, 0, days).Format(time.DateOnly)},
			}
			if who != 0 {
				form.Set("same", who.String())
			}
			h.reopen(h.Head(at)).Post("/register/school/"+at.String()+"/pass", form).Wants(http.StatusOK)
			who = h.appointed("TEMPS")
		}
		pass(0, 1)
		h.tick()
		pass(1, 6)
		h.tick()
		pass(2, 2)
		h.enter(who, school.Teacher)
		holds := func(want ...int) {
			h.T.Helper()
			for i, status := range want {
				h.reopen(who).Get("/register/class/" + classes[i].ID.String()).Wants(status)
			}
		}
		holds(http.StatusOK, http.StatusOK, http.StatusOK)
		h.Later(2 * 24 * time.Hour)
		holds(http.StatusNotFound, http.StatusOK, http.StatusOK)
		h.Later(24 * time.Hour)
		holds(http.StatusNotFound, http.StatusOK, http.StatusNotFound)
	})
}

// sheets are the texts of the pages of a document.
func sheets(t *testing.T, got reply) []string {
	t.Helper()
	if kept := os.Getenv("PREAU_SHOTS"); kept != "" {
		if err := os.WriteFile(filepath.Join(kept, "pass.pdf"), []byte(got.Body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return printed.Pages(t, printed.Keep(t, []byte(got.Body)))
}

// The sheets of a class say what it takes to hold it, and nothing that a teacher does
// not read: no restriction, no care, no family, not who follows a pupil. What is to be
// known today is on the sheet alone.
func TestTheHandoverOfAClass(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		class := h.Classes(at)[0]
		head := h.enter(h.Head(at), school.Head)
		path := "/register/school/" + at.String() + "/pass"
		teacher := h.Teachers(at)[0]
		h.Attach(class.ID, teacher)
		pupils := h.Pupils(class.ID)
		helper := h.Appoint("Odette", school.Staff, at)
		follower := h.Appoint("Firmin", school.Staff, at, func(a *directory.Appointment) { a.Usual = "SUIVEUR" })
		h.Write(func(tx *db.Tx) error {
			for _, g := range []directory.Grant{{Person: helper, Class: class.ID}, {Person: follower, Pupil: pupils[0].ID}} {
				g.School, g.GrantedBy, g.Reason = at, head.Person, "rentrée"
				if err := directory.Give(tx, g, time.Time{}); err != nil {
					return err
				}
			}
			if _, err := h.Accounts.MakeBadges(tx, class.ID, at, audit.By{Actor: teacher, Request: "test"}, []school.ID{pupils[0].ID, pupils[1].ID}); err != nil {
				return err
			}
			_, err := h.Accounts.EnrolTablet(tx, class.ID, at, audit.By{Actor: teacher, Request: "test"}, "Tablette du fond")
			return err
		})
		know := "Piscine à 10 h, le bus attend devant l’école."
		form := url.Values{"civility": {"Mme"}, "first": {"Solène"}, "name": {"TEMPS"}, "reason": {"Remplacement"}, "class": {class.ID.String()}, "know": {know}}
		long := maps.Clone(form)
		long.Set("know", strings.Repeat("a", 601))
		head.Post(path, long).Wants(http.StatusUnprocessableEntity)
		if h.One(`SELECT count(*) FROM directory_function WHERE code = 'replacement'`) != 0 {
			h.T.Fatal("a refused pass appointed somebody")
		}
		pages := sheets(h.T, head.Post(path, form))
		if len(pages) != 3 {
			h.T.Fatalf("%d pages", len(pages))
		}
		tell := func(page string, words ...string) {
			h.T.Helper()
			flat := strings.Join(strings.Fields(page), " ")
			for _, word := range words {
				if !strings.Contains(flat, strings.Join(strings.Fields(word), " ")) {
					h.T.Errorf("a page lacks %q: %s", word, flat)
				}
			}
		}
		tell(pages[0], "1. Visez le carré", "2. Choisissez un mot de passe de 12 caractères", "3. Vous voilà à l’accueil")
		tell(pages[1], know, h.Who(teacher).Formal(), h.Who(helper).Formal(), "Tablette du fond", "du lundi au vendredi, de 7 h à 19 h", "2 élèves ont un badge",
			"demandez à la direction", h.Who(head.Person).Formal())
		tell(pages[2], pupils[0].Usual, "badge", "rien encore", pupils[0].Level)
		if i := strings.Index(pages[2], pupils[0].Name()); i < 0 || i > strings.Index(pages[2], pupils[1].Name()) {
			h.T.Error("the pupils are not by name")
		}
		guardian := h.One(`SELECT min(b.guardian_id) FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
			WHERE b.pupil_id = $1 AND b.until_at IS NULL`, pupils[0].ID)
		for _, page := range pages[1:] {
			for _, secret := range []string{"SUIVEUR", h.Who(guardian).Name(), "cantine", "garderie"} {
				if strings.Contains(page, secret) {
					h.T.Errorf("a page says %q", secret)
				}
			}
		}
		if h.One(`SELECT count(*) FROM audit_entry WHERE detail LIKE '%iscine%'`) != 0 || h.One(`SELECT count(*) FROM directory_function WHERE reason LIKE '%iscine%'`) != 0 {
			h.T.Error("what is to be known today is kept")
		}

		// With another class, each has its own ways in, and not those of the other.
		both := url.Values{"first": {"Aude"}, "name": {"TEMPS"}, "reason": {"Remplacement"}, "class": {class.ID.String(), h.Classes(at)[1].ID.String()}}
		pages = sheets(h.T, head.Post(path, both))
		for _, own := range []string{"Tablette du fond", "2 élèves ont un badge", "n’a ni affiche ni tablette"} {
			if n := strings.Count(strings.Join(strings.Fields(strings.Join(pages, " ")), " "), own); n != 1 {
				h.T.Errorf("two classes say %q %d times", own, n)
			}
		}
	})
}

// The passes that run are listed where one makes them: one prints each again, and ends
// it before its day. Nobody does with their own, nor elsewhere, nor with another post.
func TestThePassesThatRun(t *testing.T) {
	onBoth(t, func(h *office) {
		at, beside := h.near[0], h.near[1]
		class := h.Classes(at)[0]
		head := h.enter(h.Head(at), school.Head)
		path := "/register/school/" + at.String() + "/pass"
		head.Get(path).Lacks(http.StatusOK, "Passes en cours")
		form := url.Values{"first": {"Solène"}, "name": {"TEMPS"}, "reason": {"Congé de maladie"}, "class": {class.ID.String()}}
		form.Set("until", h.DB.Now().In(school.Paris).AddDate(0, 0, 6).Format(time.DateOnly))
		head.Post(path, form).Wants(http.StatusOK)
		h.tick()
		who := h.appointed("TEMPS")
		head.Get(path).Wants(http.StatusOK, "Passes en cours", "Solène TEMPS", class.Label, "Congé de maladie", "/pass/"+who.String(), "/pass/"+who.String()+"/end")

		first := h.One(`SELECT made_at FROM account_code WHERE person_id = $1`, who)
		secretary := h.Appoint("secretaire", school.Admin, at)
		for _, step := range []string{"", "/end"} {
			head.Post(path+"/"+secretary.String()+step, nil).Wants(http.StatusNotFound)
			head.Post(path+"/"+h.Teachers(at)[0].String()+step, nil).Wants(http.StatusNotFound)
			head.Post("/register/school/"+beside.String()+"/pass/"+who.String()+step, nil).Wants(http.StatusNotFound)
			h.enter(secretary, school.Admin).Post(path+"/"+who.String()+step, nil).Wants(http.StatusNotFound)
			h.enter(h.Teachers(at)[0], school.Teacher).Post(path+"/"+who.String()+step, nil).Wants(http.StatusNotFound)
			other := pick(h.T, h.far, func(id school.ID) bool { return h.Head(id) != h.Head(at) })
			h.enter(h.Head(other), school.Head).Post(path+"/"+who.String()+step, nil).Wants(http.StatusNotFound)
		}
		head.Post(path+"/"+who.String(), url.Values{"know": {strings.Repeat("a", 601)}}).Wants(http.StatusUnprocessableEntity)
		if h.One(`SELECT made_at FROM account_code WHERE person_id = $1`, who) != first {
			h.T.Error("who was refused made a code")
		}

		pages := sheets(h.T, head.Post(path+"/"+who.String(), url.Values{"know": {"Photo de classe"}}))
		if !strings.Contains(pages[1], "Photo de classe") {
			h.T.Error("the sheet that is printed again lacks what is to be known")
		}
		if h.One(`SELECT made_at FROM account_code WHERE person_id = $1`, who) == first {
			h.T.Error("a lost sheet opens still")
		}
		if n := h.One(`SELECT count(*) FROM directory_function WHERE code = 'replacement'`); n != 1 {
			h.T.Errorf("printed again, %d posts", n)
		}

		h.enter(who, school.Teacher).Get("/register/class/" + class.ID.String()).Wants(http.StatusOK)
		head.Post(path+"/"+who.String()+"/end", nil).Wants(http.StatusOK, "Mettre fin à ce passe", "ne s’annule pas")
		head.Get(path).Wants(http.StatusOK, "/pass/"+who.String()+"/end") // nothing is done before
		head.Post(path+"/"+who.String()+"/end", url.Values{"confirm": {"1"}}).Wants(http.StatusSeeOther)
		h.tick()
		h.Write(func(tx *db.Tx) error { // a post that ended is no pass
			_, err := tx.Exec(`UPDATE directory_function SET until_at = $2 WHERE person_id = $1`, secretary, db.At(tx.Now.Add(-time.Minute)))
			return err
		})
		head.Get(path).Lacks(http.StatusOK, "Passes en cours", "/pass/"+who.String(), h.Who(secretary).Usual)
		head.Get(path).Wants(http.StatusOK, "Passes terminés depuis un mois", "Solène TEMPS")
		if acts := strings.Join(h.Acts(who), " "); !strings.Contains(acts, "register.dismiss") {
			h.T.Errorf("the journal says %s", acts)
		}
		head.Post(path+"/"+who.String(), nil).Wants(http.StatusNotFound)
	})
}
