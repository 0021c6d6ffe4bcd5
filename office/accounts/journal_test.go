package accounts_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
)

// A head reads what happened to the accounts of their school, and takes it out:
// names, no identifier, nothing that opens anything, nobody of elsewhere.
func TestTheJournalOfASchool(t *testing.T) {
	onBoth(t, func(h *office) {
		t := h.T
		at := h.near[0]
		neighbour := pick(t, slices.Concat(h.near[1:], h.far), func(id school.ID) bool { return h.Head(id) != h.Head(at) })
		class := h.Classes(at)[0].ID
		pupil, parent := h.Pupils(class)[0], h.guardian(class)
		head := h.Enter(h.Head(at), school.Head)
		colleague := h.Enter(h.Teachers(at)[0], school.Teacher)
		stranger := h.Enter(h.Head(neighbour), school.Head)
		elsewhere := h.Enter(h.Appoint("ailleurs", school.Staff, neighbour), school.Staff)

		secrets := []string{head.Token, house.Password}
		for _, by := range []house.Visitor{head, stranger} { // two schools hand a code out to one parent
			h.Write(func(tx *db.Tx) error {
				code, err := h.Accounts.IssueCode(tx, parent, audit.By{Actor: by.Person, Request: "test"}, account.SlipLife)
				secrets = append(secrets, code.Text, strings.ReplaceAll(code.Text, "-", ""))
				return err
			})
			h.tick()
		}
		secrets = append(secrets, h.Enter(parent, school.Guardian).Token)
		asPupil, app := h.Enter(pupil.ID, school.Pupil), ""
		protected, app := colleague.Protect()
		secrets = append(secrets, asPupil.Token, protected.Token, app)
		if _, err := h.Accounts.SignIn(t.Context(), h.Login(pupil.ID), "pas le bon mot de passe", house.From); err == nil {
			t.Fatal("a wrong password opens")
		}
		h.Read(func(tx *db.Tx) error {
			hashes, err := db.All(tx, db.Column[string], `SELECT password FROM account_account WHERE password <> ''`)
			secrets = append(secrets, hashes...)
			return err
		})

		path := "/accounts/school/" + at.String() + "/journal"
		for _, v := range []house.Visitor{{House: h.House}, protected, asPupil, stranger, elsewhere} {
			for _, path := range []string{path, path + ".csv", "/accounts/journal", "/accounts/journal.csv"} {
				if got := v.Get(path); got.StatusCode == http.StatusOK {
					t.Errorf("%d reads %s", v.Person, path)
				}
			}
		}
		head.Get("/accounts/journal").Wants(http.StatusNotFound)
		head.Get("/accounts/").Wants(http.StatusOK, "Journal des comptes")

		page := head.Get(path)
		page.Wants(http.StatusOK, h.Who(parent).Name(), pupil.Name(), "Code remis", "Mot de passe choisi avec un code", "d’ailleurs")
		page.Lacks(http.StatusOK, h.Who(elsewhere.Person).Name(), h.Who(stranger.Person).Name())
		head.Get(path+"?kind=secrets").Lacks(http.StatusOK, pupil.Name())
		head.Get(path+"?who="+url.QueryEscape(strings.ToLower(pupil.Name()))).Lacks(http.StatusOK, h.Who(parent).Name())

		file := head.Get(path + ".csv")
		file.Wants(http.StatusOK, h.Who(parent).Name())
		file.Lacks(http.StatusOK, append(secrets, h.Who(stranger.Person).Name(), parent.String(), pupil.ID.String())...)
		reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.Body, "\ufeff")))
		reader.Comma = ';'
		rows, err := reader.ReadAll()
		if err != nil || !slices.Equal(rows[0], []string{"Quand", "Compte de", "Ce qui s’est passé", "Par"}) {
			t.Errorf("%v: %v", err, rows[0])
		}
		if n := h.One(`SELECT count(*) FROM audit_entry WHERE action = 'accounts.export-journal' AND actor_id = $1 AND school_id = $2`, head.Person, at); n != 1 {
			t.Errorf("taken out %d times, as the journal has it", n)
		}

		operator := h.Enter(h.Operator(), school.Operator)
		operator.Get("/accounts/journal").Wants(http.StatusOK, h.Who(elsewhere.Person).Name(), h.Who(parent).Name())
		operator.Get("/accounts/journal?who="+h.Login(parent)).Lacks(http.StatusOK, h.Who(elsewhere.Person).Name())
		operator.Get("/accounts/journal?who=personne.ici").Wants(http.StatusOK, "Aucun compte n’a l’identifiant « personne.ici »")
		operator.Get("/accounts/journal.csv").Wants(http.StatusOK, h.Who(stranger.Person).Name())
	})
}

// A head who is a parent of the school does not read what the other parent of
// their child does, and an old proof takes nothing out.
func TestTheJournalOfTheOtherParent(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	class := h.Classes(at)[0].ID
	parent := h.guardian(class)
	child := h.One(`SELECT min(pupil_id) FROM directory_bond WHERE guardian_id = $1`, parent)
	head, _ := h.Enter(h.Head(at), school.Head).Protect()
	h.Enter(parent, school.Guardian)
	path := "/accounts/school/" + at.String() + "/journal"
	head.Get(path).Wants(http.StatusOK, h.Who(parent).Name())
	h.Write(func(tx *db.Tx) error {
		return directory.Bonds.Insert(tx, directory.Bond{Pupil: child, Guardian: head.Person, Link: "10", Authority: true, From: db.At(tx.Now)})
	})
	head.Get(path).Lacks(http.StatusOK, h.Who(parent).Name())
	if got := head.Tired().Get(path + ".csv"); got.StatusCode == http.StatusOK {
		t.Error("an old proof takes it out")
	}
}

// Nothing of the journal leaves in a file when its taking cannot be written.
func TestTheJournalLeavesOnceItIsWritten(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	head, _ := h.Enter(h.Head(at), school.Head).Protect()
	path := "/accounts/school/" + at.String() + "/journal.csv"
	head.Get(path).Wants(http.StatusOK, "Ce qui s’est passé")
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`CREATE TRIGGER full_disk BEFORE INSERT ON audit_entry WHEN NEW.action = 'accounts.export-journal'
			BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`)
		return err
	})
	head.Get(path).Lacks(http.StatusConflict, "Ce qui s’est passé", h.Who(head.Person).Name())
}

// A head reads who was given what to do in the school, until when and by whom, and
// that it is over: a delegation, a pass, an interim. What the same people are given
// in another school is that school's.
func TestTheJournalOfWhatIsGiven(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		neighbour := pick(h.T, slices.Concat(h.near[1:], h.far), func(id school.ID) bool { return h.Head(id) != h.Head(at) })
		head, stranger := h.Enter(h.Head(at), school.Head), h.Enter(h.Head(neighbour), school.Head)
		teacher := h.Teachers(at)[0]
		path := "/accounts/school/" + at.String() + "/journal"
		team := "/register/structure/" + at.String() + "/team/"
		said := []string{
			"Délégué\u00a0: remettre les comptes", "Délégation reprise\u00a0: remettre les comptes", "Remplacement confié, avec son passe", "Remplacement terminé",
		}
		head.Get(path).Lacks(http.StatusOK, said...)
		head.Get(path+"?kind=posts").Lacks(http.StatusOK, said...)

		h.recall(head, at, h.lend(head, at, teacher, 0, ""))
		h.tick()
		last := h.DB.Now().In(school.Paris).AddDate(0, 0, 10)
		head.Post("/register/school/"+at.String()+"/pass", url.Values{
			"first": {"Solène"}, "name": {"TEMPS"}, "reason": {"Remplacement"}, "class": {h.Classes(at)[0].ID.String()}, "until": {last.Format("2006-01-02")},
		}).Wants(http.StatusOK)
		who := h.One(`SELECT id FROM directory_person WHERE usual_name = 'TEMPS'`)
		h.tick()
		head.Post(team+who.String()+"/dismiss", url.Values{"post": {"replacement"}}).Wants(http.StatusSeeOther)
		h.tick()
		for _, kind := range []string{"", "posts"} {
			head.Get(path+"?kind="+kind).Wants(http.StatusOK, append(said, "Solène TEMPS", h.Who(teacher).Name(), "jusqu’au "+french(h).Date(last))...)
		}
		head.Get(path+"?kind=posts&who=solene").Lacks(http.StatusOK, h.Who(teacher).Name())
		head.Get(path+"?kind=codes").Lacks(http.StatusOK, said...)
		head.Get(path+".csv?kind=posts").Wants(http.StatusOK, append(said, "Solène TEMPS")...)
		stranger.Get("/accounts/school/"+neighbour.String()+"/journal").Lacks(http.StatusOK, append(said, "Solène TEMPS")...)

		// A teacher of both schools is given something by the other head.
		h.Name(teacher, school.Teacher, neighbour)
		h.lend(stranger, neighbour, teacher, 0, "")
		h.Read(func(tx *db.Tx) error {
			acts, err := h.Accounts.Log.About(tx, teacher, account.Acts(account.Posts), 0, 1)
			if len(acts) != 1 || acts[0].Actor != stranger.Person {
				h.T.Errorf("the last that was given is %v", acts)
			}
			return err
		})
		head.Get(path+"?kind=posts").Lacks(http.StatusOK, h.Who(stranger.Person).Name())

		who = h.holding(directory.ActingHead, at, 21)
		acting := h.Enter(who, school.Head)
		acting.Get(path+"?kind=posts").Wants(http.StatusOK, said...)
		town := h.Enter(h.Appoint("mairie", school.Municipal, h.Above(at, directory.Commune)), school.Municipal)
		town.Post("/register/school/"+at.String()+"/interim/end", url.Values{"confirm": {"1"}}).Wants(http.StatusSeeOther)
		h.tick()
		h.Name(teacher, school.Head, at)
		h.Enter(teacher, school.Head).Get(path+"?kind=posts").Wants(http.StatusOK, "Direction par intérim terminée", h.Who(who).Name(), h.Who(town.Person).Name())
	})
}

// french speaks as the journal does.
func french(h *office) i18n.Printer {
	return i18n.Printer{Catalogue: h.Words, Lang: i18n.French}
}

// What was done to many people at once is one line with all of them, where a page ends
// in the midst of it too.
func TestAnActIsNotCutAtTheEdgeOfAPage(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		pupils := h.Pupils(h.Classes(at)[0].ID)
		act := func(action audit.Action, n int) {
			h.Later(time.Minute)
			h.Write(func(tx *db.Tx) error {
				for i := range n {
					who := pupils[i%len(pupils)].ID
					if err := h.Accounts.Log.Write(tx, audit.Entry{By: audit.By{Actor: h.Head(at)}, Action: action, Kind: "account", Object: who, Subject: who, School: at}); err != nil {
						return err
					}
				}
				return nil
			})
		}
		act("account.unblock", 3)
		act("account.badge", 150)
		for range 60 {
			act("account.disable", 1)
		}
		page := "/accounts/school/" + at.String() + "/journal"
		first := h.Enter(h.Head(at), school.Head).Get(page)
		first.Wants(http.StatusOK, "et 149 autres personnes")
		first.Lacks(http.StatusOK, "et 2 autres personnes")
		_, older, _ := strings.Cut(first.Body, "before=")
		older, _, _ = strings.Cut(older, "&")
		second := h.Enter(h.Head(at), school.Head).Get(page + "?before=" + older)
		second.Wants(http.StatusOK, "et 2 autres personnes")
		second.Lacks(http.StatusOK, "et 149 autres personnes", "Badge")
	})
}
