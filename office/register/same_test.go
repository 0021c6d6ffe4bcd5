package register_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
)

// A homonym of somebody who was dismissed is somebody else, unless the visitor
// says that they are one; who comes back needs a new code.
func TestAHomonymIsAskedAbout(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		v := h.enter(h.Head(at), school.Head)
		path := "/register/structure/" + at.String()
		people := func() school.ID {
			return h.One(`SELECT count(*) FROM directory_person WHERE usual_name = 'MARTINOT'`)
		}
		form := func(mail, same string) url.Values {
			f := post("atsem", "MARTINOT")
			f.Set("mail", mail)
			f.Set("same", same)
			return f
		}
		dismiss := func(person school.ID) {
			h.tick()
			v.Post(path+"/team/"+person.String()+"/dismiss", url.Values{"post": {"atsem"}}).Wants(http.StatusSeeOther)
			h.tick()
		}
		v.Post(path+"/appoint", form("ancien@ecole.example", "")).Wants(http.StatusSeeOther)
		old := h.appointed("MARTINOT")
		her := h.enter(old, school.Staff)
		dismiss(old)

		// Two mails are two people, and nothing of the old account comes back.
		v.Post(path+"/appoint", form("nouveau@ecole.example", "")).Wants(http.StatusSeeOther)
		if n := people(); n != 2 {
			h.T.Fatalf("%d people of two mails", n)
		}
		if page := her.Get("/register/structure/" + at.String() + "/team"); page.StatusCode == http.StatusOK {
			h.T.Error("the old session opens the school")
		}
		other := h.One(`SELECT id FROM directory_person WHERE mail = 'nouveau@ecole.example'`)
		dismiss(other)

		// Without a mail, the form asks, and takes one of its own answers.
		v.Post(path+"/appoint", form("", "")).Wants(http.StatusUnprocessableEntity, "Est-ce la même personne", "ancien@ecole.example", "nouveau@ecole.example", ", terminé le ")
		v.Post(path+"/appoint", form("", v.Person.String())).Wants(http.StatusUnprocessableEntity)
		if n := people(); n != 2 {
			h.T.Fatalf("%d people after a question", n)
		}
		v.Post(path+"/appoint", form("", "new")).Wants(http.StatusSeeOther)
		if n := people(); n != 3 {
			h.T.Fatalf("%d people, the third is somebody else", n)
		}
		dismiss(h.One(`SELECT id FROM directory_person WHERE usual_name = 'MARTINOT' AND mail = ''`))
		v.Post(path+"/appoint", form("", old.String())).Wants(http.StatusSeeOther)
		if n := people(); n != 3 {
			h.T.Fatalf("%d people, the first came back", n)
		}
		login := h.Login(old)
		if _, err := h.Accounts.SignIn(h.T.Context(), login, house.Password, house.From); err == nil {
			h.T.Error("the password of before opens a post that was given back")
		}
		her.Get(path+"/team").Lacks(http.StatusSeeOther, "MARTINOT")
		if acts := strings.Join(h.Acts(old), " "); !strings.Contains(acts, "account.renew") {
			h.T.Errorf("the journal has %s", acts)
		}
		h.enter(old, school.Staff) // with a new code

		// Given back from the team, or by the same mail, it is the same person, and a new code too.
		dismiss(old)
		v.Post(path+"/team/"+old.String()+"/give-back", url.Values{"post": {"atsem"}}).Wants(http.StatusSeeOther)
		if _, err := h.Accounts.SignIn(h.T.Context(), login, house.Password, house.From); err == nil {
			h.T.Error("the password of before opens what the team gave back")
		}
		dismiss(old)
		v.Post(path+"/appoint", form("Ancien@ecole.example", "")).Wants(http.StatusSeeOther)
		if n := h.One(`SELECT count(*) FROM directory_function WHERE person_id = $1 AND until_at > $2`, old, db.At(h.DB.Now())); n != 1 || people() != 3 {
			h.T.Errorf("by the same mail: %d posts, %d people", n, people())
		}
	})
}

// A sheet does not give a homonym what somebody else had: a line that does not
// say whether it is the same person is refused.
func TestASheetDoesNotGuessAHomonym(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		uai := string(h.Structure(at).UAI)
		operator := h.enter(h.Operator(), school.Operator)
		people := func() school.ID {
			return h.One(`SELECT count(*) FROM directory_person WHERE usual_name = 'FEUILLET'`)
		}
		send := func(mail, same string) reply {
			operator = h.reopen(operator.Person) // it ticks for longer than a proof lasts
			return operator.send("/register/roll", "Prénom;Nom;Poste;Lieu;Motif;Courriel;Même personne\nJean;FEUILLET;ATSEM;"+uai+";rentrée;"+mail+";"+same+"\n")
		}
		dismiss := func() {
			h.tick()
			h.Write(func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE directory_function SET until_at = $1 WHERE code = 'atsem' AND person_id IN (
					SELECT id FROM directory_person WHERE usual_name = 'FEUILLET')`, db.At(tx.Now))
				return err
			})
			h.tick()
		}
		for range 2 {
			send("", "").Wants(http.StatusOK)
			if n := people(); n != 1 {
				h.T.Fatalf("%d people of a sheet entered twice", n)
			}
		}
		dismiss()
		for _, step := range []struct {
			mail, same, said string
			people           school.ID
		}{
			{"", "", "ne dit pas si c’est la même personne", 1},
			{"jean@ecole.example", "", "ne dit pas si c’est la même personne", 1},
			{"", "non", "écrivez son courriel", 1},
			{"", "peut-être", "ou rien", 1},
			{"un@ecole.example", "oui", "", 1}, // whose mail is known from now on
			{"deux@ecole.example", "", "", 2},
			{"trois@ecole.example", "non", "", 3},
			{"trois@ecole.example", "non", "", 3}, // entered twice
			{"", "oui", "plusieurs personnes de ce nom", 3},
			{"deux@ecole.example", "", "", 3},
		} {
			page := send(step.mail, step.same)
			if step.said == "" {
				page.Wants(http.StatusOK)
			} else {
				page.Wants(http.StatusUnprocessableEntity, step.said)
			}
			if n := people(); n != step.people {
				h.T.Fatalf("%+v: %d people", step, n)
			}
			dismiss()
		}
	})
}

// Who has two posts, or posts in two schools, is one person; the visitor says
// so, and is asked about those whom they appoint only.
func TestOnePersonHasSeveralPosts(t *testing.T) {
	onBoth(t, func(h *office) {
		here, there := h.near[0], h.near[1]
		town := h.enter(h.Appoint("mairie", school.Municipal, h.commune(here)), school.Municipal)
		at := func(of school.ID, code, mail, same string) reply {
			f := post(code, "BIPOSTE")
			f.Set("mail", mail)
			f.Set("same", same)
			return town.Post("/register/structure/"+of.String()+"/appoint", f)
		}
		at(here, "care-canteen", "", "").Wants(http.StatusSeeOther)
		her := h.appointed("BIPOSTE")
		at(here, "care-study", "", "").Wants(http.StatusUnprocessableEntity, "Est-ce la même personne", "courriel inconnu")
		at(here, "care-study", "", her.String()).Wants(http.StatusSeeOther)
		at(there, "care-canteen", "", "").Wants(http.StatusUnprocessableEntity, h.Structure(here).Name)
		at(there, "care-canteen", "", her.String()).Wants(http.StatusSeeOther)
		sheet := "Prénom;Nom;Poste;Lieu;Motif;Même personne\nLéa;DOUBLE;cantine;" + string(h.Structure(here).UAI) +
			";rentrée;\nLéa;DOUBLE;étude;" + string(h.Structure(there).UAI) + ";rentrée;"
		town.send("/register/roll", sheet+"\n").Wants(http.StatusUnprocessableEntity, "Vous connaissez déjà quelqu’un de ce nom")
		for range 2 {
			town.send("/register/roll", sheet+"oui\n").Wants(http.StatusOK)
		}
		for name, posts := range map[string]school.ID{"BIPOSTE": 3, "DOUBLE": 2} {
			people := h.One(`SELECT count(*) FROM directory_person WHERE usual_name = $1`, name)
			held := h.One(`SELECT count(*) FROM directory_function f JOIN directory_person p ON p.id = f.person_id WHERE p.usual_name = $1`, name)
			if people != 1 || held != posts {
				h.T.Errorf("%s: %d people, %d posts", name, people, held)
			}
		}

		// Whoever has her address may have her account: one who is more than the
		// visitor gives is given none, by the form or by a sheet.
		h.Name(her, school.Pilot, h.Above(here, directory.Circonscription))
		at(here, "care-study", "voleuse@ailleurs.example", her.String()).Wants(http.StatusUnprocessableEntity, "son adresse ne se donne pas d’ici")
		row := post("care-study", "BIPOSTE")
		town.send("/register/roll", "Prénom;Nom;Poste;Lieu;Motif;Courriel;Même personne\n"+row.Get("first")+";BIPOSTE;étude;"+string(h.Structure(here).UAI)+
			";rentrée;voleuse@ailleurs.example;oui\n").Wants(http.StatusUnprocessableEntity, "son adresse ne se donne pas d’ici")
		if n := h.One(`SELECT count(*) FROM directory_person WHERE mail = 'voleuse@ailleurs.example'`); n != 0 {
			h.T.Error("her account is at the address of somebody else")
		}

		// Another commune does not know her, and is not told of her.
		far := h.far[0]
		other := h.enter(h.Appoint("ailleurs", school.Municipal, h.commune(far)), school.Municipal)
		other.Post("/register/structure/"+far.String()+"/appoint", post("care-canteen", "BIPOSTE")).Wants(http.StatusSeeOther)
		if n := h.One(`SELECT count(*) FROM directory_person WHERE usual_name = 'BIPOSTE'`); n != 2 {
			h.T.Errorf("%d people of that name in two communes", n)
		}
	})
}
