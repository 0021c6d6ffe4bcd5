package federation_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"preau/account/federation"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/test/house"

	dsig "github.com/russellhaering/goxmldsig"
)

// A parent comes in by what ÉduConnect says, once, and only as a parent.
func TestAParentComesIn(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		i := newIDP()
		if err := s.declare(byKey, i.metadata("")); err != nil {
			t.Fatal(err)
		}
		person, ref := s.guardian(0)
		s.Name(person, school.Staff, func() school.ID { near, _ := s.Schools(); return near[0] }())
		s.get("/login?next=%2Fme").Wants(http.StatusOK, "Parents\u00a0: ÉduConnect", "/login/saml/educonnect?next=%2Fme")

		request, relay, errand := s.leave("educonnect")
		a := s.says(i, request, map[string][]string{
			"FrEduCtRefId": {"{ECT}whatever", ref}, "FrEduUrlRetour": {"https://idp.example/logout"},
		})
		form := answered(a.signed(t, i), relay)
		if reply := s.post(form); reply.StatusCode != http.StatusSeeOther || reply.Header.Get("Location") != "/login/who" {
			reply.Wants(http.StatusSeeOther)
			t.Fatal(reply.Header)
		}

		// Another browser, and one that never left, are not let in.
		_, _, other := s.leave("educonnect")
		for _, stranger := range [][]*http.Cookie{nil, {other}, {{Name: "preau-errand", Value: "AAAAAAAAAAAAAAAAAAAAAAAAAA"}}} {
			s.get("/login/who", stranger...).Wants(http.StatusForbidden, "n’a pas pu être vérifiée")
		}
		if opened := s.Some(`SELECT id FROM account_session`); len(opened) > 0 {
			t.Fatal("a stranger came in")
		}

		// Nor who left and had somebody else bring the answer back.
		brought := s.brought
		s.brought = nil
		s.get("/login/who", errand).Wants(http.StatusForbidden, "n’a pas pu être vérifiée")
		s.brought = brought
		if opened := s.Some(`SELECT id FROM account_session`); len(opened) > 0 {
			t.Fatal("who sent the address of their own try came in")
		}
		reply := s.get("/login/who", errand)
		session := cookie(reply, "preau")
		if reply.StatusCode != http.StatusSeeOther || reply.Header.Get("Location") != "/me" || session == nil {
			reply.Wants(http.StatusSeeOther)
			t.Fatal(reply.Header)
		}
		if me := s.get("/me", session); strings.Contains(me.Body, `action="/me/password"`) || strings.Contains(me.Body, "/second/new") {
			t.Error("who has no password is offered to change it")
		} else {
			me.Wants(http.StatusOK, "Préau n’a pas de mot de passe pour vous")
		}
		if got := s.Acts(person); !slices.Equal(got, []string{"account.federated"}) {
			t.Errorf("journalled %v", got)
		}
		s.One(`SELECT person_id FROM account_account WHERE person_id = $1 AND activated_at IS NOT NULL AND password = ''`, person)

		// Neither the answer nor the way in works twice.
		s.post(form).Wants(http.StatusForbidden)
		s.get("/login/who", errand).Wants(http.StatusForbidden)

		// Other hats take a password.
		v := house.Visitor{House: s.House, Person: person, Token: session.Value}
		v.Post("/me/hat", url.Values{"hat": {string(school.Staff)}}).Wants(http.StatusForbidden, "reconnectez-vous avec votre mot de passe")
		v.Post("/me/hat", url.Values{"hat": {string(school.Guardian)}}).Wants(http.StatusSeeOther)

		s.fresh(person).Get("/second").Wants(http.StatusOK, "demande un mot de passe de Préau, et vous n’en avez pas")

		// Whoever leaves is shown the way out of the provider.
		left := s.fresh(person)
		left.Post("/logout", nil).Wants(http.StatusOK, "Sortir aussi de ÉduConnect", "https://idp.example/logout")
		left.Get("/me").Wants(http.StatusSeeOther)
	})
}

// fresh is a visitor with the session that somebody has now, whose token the
// switch of hats renewed.
func (s *stage) fresh(person school.ID) house.Visitor {
	s.T.Helper()
	i := newIDP()
	request, relay, errand := s.leave("educonnect")
	_, ref := s.guardian(0)
	s.post(answered(s.says(i, request, map[string][]string{"FrEduCtRefId": {ref}, "FrEduUrlRetour": {"https://idp.example/logout"}}).signed(s.T, i), relay))
	session := cookie(s.get("/login/who", errand), "preau")
	if session == nil {
		s.T.Fatal("nobody came in")
	}
	return house.Visitor{House: s.House, Person: person, Token: session.Value}
}

// Of ten posts of one answer at once, on whatever nodes, one is taken.
func TestAnAnswerIsTakenOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		i := newIDP()
		if err := s.declare(byKey, i.metadata("")); err != nil {
			t.Fatal(err)
		}
		_, ref := s.guardian(0)
		request, relay, _ := s.leave("educonnect")
		a := s.says(i, request, map[string][]string{"FrEduCtRefId": {ref}})
		form := answered(a.signed(t, i), relay)
		var all sync.WaitGroup
		statuses := make([]int, 10)
		for n := range statuses {
			all.Go(func() { statuses[n] = s.post(form).StatusCode })
		}
		all.Wait()
		slices.Sort(statuses)
		if statuses[0] != http.StatusSeeOther || statuses[1] != http.StatusForbidden || statuses[9] != http.StatusForbidden {
			t.Errorf("answered %v", statuses)
		}

		// The assertion does not work for another try either, even when the
		// provider itself signs it again.
		request, relay, errand := s.leave("educonnect")
		again := s.says(i, request, map[string][]string{"FrEduCtRefId": {ref}})
		again.ID = a.ID
		s.post(answered(again.signed(t, i), relay)).Wants(http.StatusForbidden)
		s.get("/login/who", errand).Wants(http.StatusForbidden)

		// Nor does a try that waited too long.
		request, relay, _ = s.leave("educonnect")
		s.Later(16 * time.Minute)
		s.post(answered(s.says(i, request, map[string][]string{"FrEduCtRefId": {ref}}).signed(t, i), relay)).Wants(http.StatusForbidden)
	})
}

// Whom an answer names and who may not come in so hear one answer, and nothing
// is made.
func TestWhoIsUnknownIsTold(t *testing.T) {
	s, i := onSQLite(t), newIDP()
	for _, p := range []federation.Provider{byKey, byVector, byMail} {
		if err := s.declare(p, i.metadata("")); err != nil {
			t.Fatal(err)
		}
	}
	near, _ := s.Schools()
	person, ref := s.guardian(0)
	closed, closedRef := s.guardian(1)
	s.Write(func(tx *db.Tx) error { return s.Accounts.Disable(tx, closed, audit.By{Actor: closed, Request: "test"}) })
	teacher := s.Teachers(near[0])[0]
	mail := s.mail(teacher)
	operator := s.mail(s.Operator())
	before := len(s.Some(`SELECT person_id FROM account_account`))
	for what, c := range map[string]struct {
		provider string
		said     map[string][]string
	}{
		"nothing":                  {"educonnect", nil},
		"another académie":         {"educonnect", map[string][]string{"FrEduCtRefId": {"{AAF}33|x|" + ref[len("{AAF}96|x|"):]}}},
		"an unknown key":           {"educonnect", map[string][]string{"FrEduCtRefId": {"{AAF}96|x|999999999"}}},
		"a pupil":                  {"educonnect", map[string][]string{"FrEduCtRefId": {s.ref("Eleve")}}},
		"an agent at the families": {"educonnect", map[string][]string{"FrEduCtRefId": {s.ref("PersEducNat")}, "mail": {mail}}},
		"a closed account":         {"educonnect", map[string][]string{"FrEduCtRefId": {closedRef}}},
		"an unknown mail":          {"guichet", map[string][]string{"mail": {"personne@ac-versailles.fr"}}},
		"a family's mail":          {"guichet", map[string][]string{"mail": {s.mail(person)}}},
		"an operator's mail":       {"guichet", map[string][]string{"mail": {operator}}},
		"the school's mail":        {"guichet", map[string][]string{"mail": {"ce.0789001k@ac-versailles.fr"}}},
		"a key at the agents":      {"guichet", map[string][]string{"FrEduCtRefId": {ref}}},
		"another parent's name":    {"aten", map[string][]string{"FrEduVecteur": {s.vector(person, "PERSONNE")}}},
		"a vector of the college":  {"aten", map[string][]string{"FrEduVecteur": {"2" + s.vector(person, "")[1:]}}},
		"a pupil's vector":         {"aten", map[string][]string{"FrEduVecteur": {"3" + s.vector(person, "")[1:]}}},
	} {
		t.Run(what, func(t *testing.T) {
			request, relay, errand := s.leave(c.provider)
			s.post(answered(s.says(i, request, c.said).signed(t, i), relay)).Wants(http.StatusForbidden, "Nous ne trouvons pas votre compte", "la feuille que l’école vous a remise")
			s.get("/login/who", errand).Wants(http.StatusForbidden, "n’a pas pu être vérifiée")
			s.nothing(what)
		})
	}
	if after := len(s.Some(`SELECT person_id FROM account_account`)); after != before {
		t.Errorf("%d accounts, and %d before", after, before)
	}
	// The controls: each provider lets in whom it should.
	for provider, said := range map[string]map[string][]string{
		"educonnect": {"FrEduCtRefId": {ref}},
		"guichet":    {"mail": {"personne@ac-versailles.fr"}, "ctemail": {mail}},
		"aten":       {"FrEduVecteur": {s.vector(person, "")}},
	} {
		request, relay, errand := s.leave(provider)
		a := s.says(i, request, said)
		a.Friendly = true
		s.post(answered(a.signed(t, i), relay)).Wants(http.StatusSeeOther)
		if reply := s.get("/login/who", errand); cookie(reply, "preau") == nil {
			t.Errorf("%s let nobody in: %s", provider, reply.Main())
		}
	}
	// Who was disabled since the answer is not let in.
	request, relay, errand := s.leave("educonnect")
	s.post(answered(s.says(i, request, map[string][]string{"FrEduCtRefId": {ref}}).signed(t, i), relay)).Wants(http.StatusSeeOther)
	s.Write(func(tx *db.Tx) error { return s.Accounts.Disable(tx, person, audit.By{Actor: person, Request: "test"}) })
	s.get("/login/who", errand).Wants(http.StatusForbidden, "Nous ne trouvons pas votre compte")
}

// Several identities of one human are a choice, among those and no other.
func TestSeveralPeopleAreAChoice(t *testing.T) {
	s, i := onSQLite(t), newIDP()
	if err := s.declare(byKey, i.metadata("")); err != nil {
		t.Fatal(err)
	}
	one, first := s.guardian(0)
	two, second := s.guardian(1)
	three, _ := s.guardian(2)
	request, relay, errand := s.leave("educonnect")
	a := s.says(i, request, map[string][]string{"FrEduCtRefId": {first, second, first}})
	s.post(answered(a.signed(t, i), relay)).Wants(http.StatusSeeOther)
	page := s.get("/login/who", errand)
	page.Wants(http.StatusOK, "Qui entre\u202f?", s.Who(one).Name(), s.Who(two).Name(), "Enfant")
	page.Lacks(http.StatusOK, s.Who(three).Name())
	choose := func(person school.ID, cookies ...*http.Cookie) house.Reply {
		r := house.Visitor{House: s.House}.Form("/login/who", url.Values{"person": {person.String()}})
		for _, c := range cookies {
			r.AddCookie(c)
		}
		return s.carry(r)
	}
	choose(three, errand).Wants(http.StatusForbidden)
	choose(two).Wants(http.StatusForbidden)
	if opened := s.Some(`SELECT id FROM account_session`); len(opened) > 0 {
		t.Fatal("somebody came in")
	}
	reply := choose(two, errand)
	if cookie(reply, "preau") == nil {
		t.Fatalf("nobody came in: %s", reply.Main())
	}
	if got := s.One(`SELECT person_id FROM account_session`); got != two {
		t.Errorf("%s came in", s.Who(got).Name())
	}
	choose(one, errand).Wants(http.StatusForbidden) // the choice is made
}

// mail gives the mail that the register has of somebody, and makes one.
func (s *stage) mail(person school.ID) (mail string) {
	s.T.Helper()
	s.Write(func(tx *db.Tx) error {
		mail = "p" + person.String() + "@ac-versailles.fr"
		_, err := tx.Exec(`UPDATE directory_person SET mail = $2 WHERE id = $1`, person, "P"+mail[1:])
		return err
	})
	return mail
}

// ref is what the AAF calls somebody of a category.
func (s *stage) ref(category string) string {
	s.T.Helper()
	key := s.One(`SELECT min(jointure) FROM directory_key WHERE category = $1`, category)
	return "{AAF}96|x|" + key.String()
}

// vector is that of a guardian, with another name unless it is empty.
func (s *stage) vector(guardian school.ID, name string) (text string) {
	s.T.Helper()
	s.Read(func(tx *db.Tx) error {
		var usual, first, uai string
		var key school.ID
		err := tx.Get([]any{&usual, &first, &uai, &key}, `SELECT g.usual_name, g.first_name, s.uai, k.jointure FROM directory_person g
			JOIN directory_bond b ON b.guardian_id = g.id JOIN directory_enrolment e ON e.person_id = b.pupil_id
			JOIN directory_structure s ON s.id = e.school_id JOIN directory_key k ON k.subject_id = b.pupil_id AND k.category = 'Eleve'
			WHERE g.id = $1 ORDER BY k.jointure LIMIT 1`, guardian)
		if name == "" {
			name = usual
		}
		text = "1|" + name + "|" + first + "|" + key.String() + "|" + uai
		return err
	})
	return text
}

// What an operator declares is checked before it counts, and stops counting at
// its term.
func TestWhatAProviderPublishes(t *testing.T) {
	s, i := onSQLite(t), newIDP()
	pinned := byKey
	pinned.Certificates = []string{"ab" + "cdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789"}
	term := s.DB.Now().Add(24 * time.Hour)
	for what, c := range map[string]struct {
		p    federation.Provider
		text string
	}{
		"nothing":             {byKey, "<a/>"},
		"an entity of XML":    {byKey, `<!DOCTYPE a [<!ENTITY b "c">]>` + i.metadata("")},
		"past its term":       {byKey, i.metadata(` validUntil="` + instant(s.DB.Now().Add(-time.Second)) + `"`)},
		"another certificate": {pinned, i.metadata("")},
		"a short key":         {byKey, (&idp{newPair(1024), i.entity}).metadata("")},
	} {
		if err := s.declare(c.p, c.text); err == nil {
			t.Errorf("%s is taken", what)
		}
	}
	s.get("/login").Lacks(http.StatusOK, "ÉduConnect")
	if err := s.declare(byKey, i.metadata(` validUntil="`+instant(term)+`"`)); err != nil {
		t.Fatal(err)
	}
	s.get("/login").Wants(http.StatusOK, "ÉduConnect")
	request, relay, _ := s.leave("educonnect")
	s.Later(24 * time.Hour)
	s.get("/login").Lacks(http.StatusOK, "ÉduConnect")
	s.get("/login/saml/educonnect").Wants(http.StatusForbidden, "n’est pas proposée pour le moment")
	_, ref := s.guardian(0)
	s.post(answered(s.says(i, request, map[string][]string{"FrEduCtRefId": {ref}}).signed(t, i), relay)).Wants(http.StatusForbidden)
	s.nothing("a provider past its term")
}

// The request is what the profile asks for, and the metadata is ours.
func TestWhatWeSayOfUs(t *testing.T) {
	s, i := onSQLite(t), newIDP()
	if err := s.declare(byKey, i.metadata("")); err != nil {
		t.Fatal(err)
	}
	s.get("/login/saml/metadata").Wants(http.StatusOK, `AuthnRequestsSigned="true"`, `WantAssertionsSigned="true"`,
		s.URL+"/login/saml/acs", "HTTP-POST", `use="signing"`, "FrEduCtRefId")
	s.get("/login/saml/metadata").Lacks(http.StatusOK, `use="encryption"`, "HTTP-Artifact")
	to, err := s.get("/login/saml/educonnect").Location()
	if err != nil {
		t.Fatal(err)
	}
	if to.Host != "idp.example" || to.Query().Get("SigAlg") != dsig.RSASHA256SignatureMethod || to.Query().Get("Signature") == "" || len(to.Query().Get("RelayState")) > 80 {
		t.Errorf("one leaves for %s", to)
	}
	if sealed := s.Some(`SELECT made_at FROM federation_key`); len(sealed) != 1 {
		t.Errorf("%d keys", len(sealed))
	}
	s.get("/login/saml/nobody").Wants(http.StatusForbidden, "n’est pas proposée pour le moment")
	s.get("/login/oidc/educonnect").Wants(http.StatusForbidden, "n’est pas proposée pour le moment")
}

// Whom a provider found before it was removed does not come in, whether the
// removal or the answer was written last.
func TestWhomARemovedProviderFound(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		i := newIDP()
		_, ref := s.guardian(0)
		remove := func() { s.Write(func(tx *db.Tx) error { return s.fed.Remove(tx, "educonnect") }) }
		forget := func() {
			s.Write(func(tx *db.Tx) error {
				_, err := tx.Exec(`DELETE FROM federation_provider WHERE name = 'educonnect'`)
				return err
			})
		}
		for what, c := range map[string]struct {
			gone func()
			told string
		}{
			"the removal is last": {remove, "n’a pas pu être vérifiée"},
			"the answer is last":  {forget, "n’est pas proposée pour le moment"},
		} {
			if err := s.declare(byKey, i.metadata("")); err != nil {
				t.Fatal(err)
			}
			request, relay, errand := s.leave("educonnect")
			s.post(answered(s.says(i, request, map[string][]string{"FrEduCtRefId": {ref}}).signed(t, i), relay)).Wants(http.StatusSeeOther)
			c.gone()
			s.get("/login/who", errand).Wants(http.StatusForbidden, c.told)
			if opened := s.Some(`SELECT id FROM account_session`); len(opened) > 0 {
				t.Errorf("%s: they came in", what)
			}
		}
	})
}
