package accounts_test

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
)

// A head lends the accounts of a class to its teacher: the families of that
// class, until the day, and nobody of the staff.
func TestAHeadLendsTheAccountsOfAClass(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		classes := h.Classes(at)
		mine, other := classes[0].ID, classes[1].ID
		teacher, colleague := h.Teachers(at)[0], h.Teachers(at)[1]
		h.Attach(mine, teacher)
		head, v := h.Enter(h.Head(at), school.Head), h.Enter(teacher, school.Teacher)
		guardian := h.guardian(mine)
		class := func(id school.ID) string { return "/accounts/class/" + id.String() }
		code := class(mine) + "/person/" + guardian.String() + "/code"
		shut := func() {
			h.T.Helper()
			v.Post(class(mine)+"/letters", nil).Wants(http.StatusNotFound)
			v.Get(code).Wants(http.StatusNotFound)
			v.Get(class(mine)).Wants(http.StatusOK, "vous les confier")
			v.Get(class(mine)).Lacks(http.StatusOK, "Lettres aux familles", h.Who(guardian).Name())
		}
		shut()

		lent := "/register/structure/" + at.String() + "/lent"
		v.Get(lent).Wants(http.StatusNotFound)
		v.Post(lent, url.Values{"person": {teacher.String()}, "function": {"accounts"}, "reason": {"x"}}).Wants(http.StatusNotFound)
		for name, form := range map[string]url.Values{
			"nobody":               {"function": {"accounts"}, "reason": {"rentrée"}},
			"somebody of nowhere":  {"person": {guardian.String()}, "function": {"accounts"}, "reason": {"rentrée"}},
			"the head":             {"person": {head.Person.String()}, "function": {"accounts"}, "reason": {"rentrée"}},
			"what is not lent":     {"person": {teacher.String()}, "function": {"judge"}, "reason": {"rentrée"}},
			"no reason":            {"person": {teacher.String()}, "function": {"accounts"}},
			"a class of elsewhere": {"person": {teacher.String()}, "function": {"accounts"}, "reason": {"rentrée"}, "over": {h.Classes(h.far[0])[0].ID.String()}},
			"a day that is past":   {"person": {teacher.String()}, "function": {"accounts"}, "reason": {"rentrée"}, "until": {"2020-01-01"}},
		} {
			if got := head.Post(lent, form); got.StatusCode != http.StatusUnprocessableEntity && got.StatusCode != http.StatusNotFound {
				h.T.Errorf("%s: %d", name, got.StatusCode)
			}
		}
		shut()
		head.Post(lent, url.Values{"person": {teacher.String()}, "function": {"accounts"}, "over": {mine.String()}, "reason": {"rentrée"}}).
			Wants(http.StatusSeeOther)
		head.Get(lent).Wants(http.StatusOK, h.Who(teacher).Name(), classes[0].Label, "rentrée")

		v.Get(class(mine)).Wants(http.StatusOK, "Lettres aux familles")
		v.Post(class(mine)+"/letters", nil).Wants(http.StatusOK)
		v.Get(code).Wants(http.StatusOK)
		v.Get(class(other)).Wants(http.StatusNotFound)
		v.Post(class(other)+"/letters", nil).Wants(http.StatusNotFound)
		v.Get("/accounts/school/" + at.String() + "/staff").Wants(http.StatusNotFound)
		v.Get("/accounts/school/" + at.String() + "/staff/" + colleague.String() + "/code").Wants(http.StatusNotFound)
		// A parent of the class who heads the school, or works there, is the head's.
		for _, profile := range []school.Profile{school.Staff, school.Head} {
			h.Name(guardian, profile, at)
			v.Post(code, nil).Wants(http.StatusForbidden)
		}
		recall := lent + "/" + h.One(`SELECT id FROM directory_grant WHERE function <> ''`).String() + "/recall"
		v.Post(recall, nil).Wants(http.StatusNotFound)

		// What they handed out under it and has not served is annulled, once the head has
		// read how many; not what they hand to their own pupils, nor what the head did.
		v.Post(class(mine)+"/labels", nil).Wants(http.StatusOK)
		h.Write(func(tx *db.Tx) error {
			_, err := h.Accounts.IssueCode(tx, guardian, audit.By{Actor: head.Person, Request: "test"}, account.SlipLife)
			return err
		})
		own := h.One(`SELECT count(*) FROM account_code c WHERE made_by = $1
			AND EXISTS (SELECT 1 FROM directory_enrolment e WHERE e.person_id = c.person_id)`, teacher)
		under := h.One(`SELECT count(*) FROM account_code WHERE made_by = $1`, teacher) - own
		if own == 0 || under < 2 {
			h.T.Fatalf("%d codes of pupils and %d of families: too few to try", own, under)
		}
		head.Post(recall, nil).Wants(http.StatusOK, under.String()+" codes remis par")
		head.Post(recall, url.Values{"confirm": {"1"}}).Wants(http.StatusOK)
		v.Get(class(mine)).Wants(http.StatusOK, "Lettres aux familles")
		head.Post(recall, url.Values{"confirm": {under.String()}}).Wants(http.StatusSeeOther)
		if left := h.One(`SELECT count(*) FROM account_code WHERE made_by = $1`, teacher); left != own {
			h.T.Errorf("%d codes of the teacher are left, of %d for their pupils", left, own)
		}
		if h.One(`SELECT count(*) FROM account_code WHERE person_id = $1`, guardian) != 1 {
			h.T.Error("the code that the head made is annulled")
		}
		if told := h.One(`SELECT count(*) FROM audit_entry WHERE action = 'account.code-annul' AND actor_id = $1`, head.Person); told != under {
			h.T.Errorf("the journal tells of %d codes, of %d", told, under)
		}
		shut()

		// The whole school, to somebody who has no class: until their post ends.
		secretary := h.Appoint("secretaire", school.Admin, at)
		office := h.Enter(secretary, school.Admin)
		office.Get("/accounts/").Wants(http.StatusNotFound)
		head.Post(lent, url.Values{"person": {secretary.String()}, "function": {"accounts"}, "reason": {"secrétariat"}}).Wants(http.StatusSeeOther)
		office.Get("/accounts/").Wants(http.StatusOK, classes[0].Label, classes[1].Label)
		office.Post(class(other)+"/letters", nil).Wants(http.StatusOK)
		office.Get(class(h.Classes(h.far[0])[0].ID)).Wants(http.StatusNotFound)
		h.Later(400 * 24 * 3600e9)
		house.Visitor{House: h.House, Person: secretary, Token: office.Token}.Get("/accounts/").Wants(http.StatusSeeOther)
		if acts := strings.Join(h.Acts(teacher), " "); !strings.Contains(acts, "register.lend register.recall") {
			h.T.Errorf("the journal says %s", acts)
		}
	})
}

// A commune lends the codes of the agents of a school to one of them: their codes,
// and nobody else's; not the posts, nor what was lent to another.
func TestACommuneLendsTheCodesOfItsAgents(t *testing.T) {
	onBoth(t, func(h *office) {
		at, beside, outside := h.near[0], h.near[1], h.far[0]
		commune := h.Above(at, directory.Commune)
		town := h.Enter(h.Appoint("mairie", school.Municipal, commune), school.Municipal)
		agent, colleague := h.Appoint("dirige", school.CareAgent, at), h.Appoint("anime", school.CareAgent, at)
		neighbour, stranger := h.Appoint("voisine", school.CareAgent, beside), h.Appoint("ailleurs", school.CareAgent, outside)
		parent := h.guardian(h.Classes(at)[0].ID)
		h.Name(parent, school.CareAgent, at)
		v := h.Enter(agent, school.CareAgent)
		lent, team := "/register/structure/"+commune.String()+"/lent", "/register/structure/"+at.String()+"/team"
		code := func(at, person school.ID) string {
			return "/accounts/structure/" + at.String() + "/person/" + person.String() + "/code"
		}
		shut := func() {
			h.T.Helper()
			for _, path := range []string{"/register/teams", team, team + "/" + colleague.String(), code(at, colleague)} {
				v.Get(path).Wants(http.StatusNotFound)
			}
			v.Post(code(at, colleague), nil).Wants(http.StatusNotFound)
		}
		shut()

		form := url.Values{"person": {agent.String()}, "function": {"team-codes"}, "over": {at.String()}, "reason": {"arrêté du maire"}}
		for _, who := range []house.Visitor{
			v, h.Enter(h.Head(at), school.Head), h.Enter(h.Teachers(at)[0], school.Teacher), h.Enter(h.Operator(), school.Operator),
			h.Enter(h.Appoint("autre", school.Municipal, h.Above(outside, directory.Commune)), school.Municipal),
			h.Enter(h.Appoint("pilote", school.Pilot, h.academy()), school.Pilot),
		} {
			who.Get(lent).Wants(http.StatusNotFound)
			who.Post(lent, form).Wants(http.StatusNotFound)
		}
		// A commune lends from itself, not from a school as its head does.
		town.Get("/register/structure/" + at.String() + "/lent").Wants(http.StatusNotFound)
		town.Post("/register/structure/"+at.String()+"/lent", form).Wants(http.StatusNotFound)
		for name, wrong := range map[string]url.Values{
			"nobody":                         {"person": {""}},
			"a teacher":                      {"person": {h.Teachers(at)[0].String()}},
			"the head":                       {"person": {h.Head(at).String()}},
			"themself":                       {"person": {town.Person.String()}},
			"an agent of another commune":    {"person": {stranger.String()}},
			"the accounts, which heads have": {"function": {"accounts"}},
			"the feeds, which heads have":    {"function": {"feeds"}},
			"posts":                          {"function": {"register.appoint-agent"}},
			"a school of another commune":    {"over": {outside.String()}},
			"what is no school":              {"over": {"7"}},
			"no school":                      {"over": {""}},
			"no reason":                      {"reason": {""}},
			"a day that is past":             {"until": {"2020-01-01"}},
		} {
			asked := maps.Clone(form)
			maps.Copy(asked, wrong)
			if got := town.Post(lent, asked); got.StatusCode != http.StatusUnprocessableEntity && got.StatusCode != http.StatusNotFound {
				h.T.Errorf("%s: %d", name, got.StatusCode)
			}
		}
		shut()

		town.Post(lent, form).Wants(http.StatusSeeOther)
		town.Get(lent).Wants(http.StatusOK, h.Who(agent).Name(), h.Structure(at).Name, "arrêté du maire")
		v.Get("/register/teams").Wants(http.StatusSeeOther)
		v.Get(team).Lacks(http.StatusOK, "/appoint", h.Who(h.Teachers(at)[0]).Name(), h.Who(h.Head(at)).Name())
		v.Get(team+"/"+colleague.String()).Lacks(http.StatusOK, "/dismiss", "/extend", "/correct")
		v.Post(code(at, colleague), nil).Wants(http.StatusOK, "À remettre en main propre")

		v.Post(code(at, agent), nil).Wants(http.StatusForbidden)
		v.Post(code(at, parent), nil).Wants(http.StatusForbidden)
		v.Post(code(at, h.Teachers(at)[0]), nil).Wants(http.StatusNotFound)
		v.Post(code(beside, neighbour), nil).Wants(http.StatusNotFound)
		v.Get("/accounts/school/" + at.String() + "/staff").Wants(http.StatusNotFound)
		v.Get(lent).Wants(http.StatusNotFound)
		v.Post(lent, form).Wants(http.StatusNotFound)
		v.Post("/register/structure/"+at.String()+"/appoint", url.Values{"post": {"care-canteen"}, "name": {"INTRUS"}}).Wants(http.StatusNotFound)
		for _, act := range []string{"/dismiss", "/extend", "/correct", "/give-back"} {
			v.Post(team+"/"+colleague.String()+act, url.Values{"post": {"care-morning-care"}}).Wants(http.StatusNotFound)
		}
		// Who was lent something holds more than their post: their code is the commune's.
		lists := maps.Clone(form)
		maps.Copy(lists, url.Values{"person": {colleague.String()}, "function": {"care-lists"}})
		town.Post(lent, lists).Wants(http.StatusSeeOther)
		v.Post(code(at, colleague), nil).Wants(http.StatusForbidden)

		recall := lent + "/" + h.One(`SELECT id FROM directory_grant WHERE function = 'team-codes'`).String() + "/recall"
		v.Post(recall, nil).Wants(http.StatusNotFound)
		town.Post(recall, nil).Wants(http.StatusOK, "1 code remis par")
		town.Post(recall, url.Values{"confirm": {"1"}}).Wants(http.StatusSeeOther)
		if h.One(`SELECT count(*) FROM account_code WHERE person_id = $1`, colleague) != 0 {
			h.T.Error("a code of an agent outlives the loan under which it was handed out")
		}
		shut()
		if acts := strings.Join(h.Acts(agent), " "); !strings.Contains(acts, "register.lend register.recall") {
			h.T.Errorf("the journal says %s", acts)
		}
	})
}

// A head has no account of a colleague to whom the head of another school lent
// something: it would open that too. Who lent it has, and an operator.
func TestNobodyHasWhatAnotherHeadLent(t *testing.T) {
	onBoth(t, func(h *office) {
		at, beside := h.near[0], h.near[1]
		teacher := h.Teachers(at)[0]
		h.Name(teacher, school.Teacher, beside)
		head, other := h.Enter(h.Head(at), school.Head), h.Enter(h.Head(beside), school.Head)
		code := func(at school.ID) string {
			return "/accounts/school/" + at.String() + "/staff/" + teacher.String() + "/code"
		}
		head.Post(code(at), nil).Wants(http.StatusOK, "À remettre en main propre")
		lend := func(from school.ID, by house.Visitor) {
			h.T.Helper()
			form := url.Values{"person": {teacher.String()}, "function": {"accounts"}, "reason": {"décharge"}}
			by.Post("/register/structure/"+from.String()+"/lent", form).Wants(http.StatusSeeOther)
		}
		lend(beside, other)
		head.Post(code(at), nil).Wants(http.StatusForbidden)
		other.Post(code(beside), nil).Wants(http.StatusSeeOther)
		other.Get(code(beside)).Wants(http.StatusOK, "Remettre un nouveau code")
		operator, own := h.Enter(h.Operator(), school.Operator), "/accounts/structure/"+at.String()+"/person/"+teacher.String()+"/code"
		operator.Post(own, nil).Wants(http.StatusSeeOther)
		operator.Get(own).Wants(http.StatusOK, "Remettre un nouveau code")
		lend(at, head)
		other.Post(code(beside), nil).Wants(http.StatusForbidden)
	})
}

// A code opens nothing that was lent since it was made, by a commune or by a head;
// it opens what was lent before.
func TestACodeOpensNothingThatIsLentSince(t *testing.T) {
	onBoth(t, func(h *office) {
		at, beside := h.near[0], h.near[1]
		commune := h.Above(at, directory.Commune)
		agent, teacher := h.Appoint("anime", school.CareAgent, at), h.Teachers(at)[0]
		h.Name(teacher, school.Teacher, beside)
		town, other := h.Enter(h.Appoint("mairie", school.Municipal, commune), school.Municipal), h.Enter(h.Head(beside), school.Head)
		lend := func(by house.Visitor, from, to school.ID, function, over string) {
			h.T.Helper()
			form := url.Values{"person": {to.String()}, "function": {function}, "over": {over}, "reason": {"décharge"}}
			by.Post("/register/structure/"+from.String()+"/lent", form).Wants(http.StatusSeeOther)
			h.tick()
		}
		issue := func(person, by school.ID) (code account.Code) {
			h.T.Helper()
			h.Write(func(tx *db.Tx) (err error) {
				code, err = h.Accounts.IssueCode(tx, person, audit.By{Actor: by, Request: "test"}, account.SlipLife)
				return err
			})
			return code
		}
		activate := func(code account.Code) error {
			_, err := h.Accounts.Activate(h.T.Context(), code.Login.String(), code.Text, house.Password, house.From)
			return err
		}
		lend(town, commune, agent, "care-lists", at.String())
		before := issue(agent, town.Person)
		lend(town, commune, agent, "care-lists", commune.String())
		if err := activate(before); !fail.Is(err, fail.Invalid) {
			h.T.Errorf("a code of before the lists of all the schools: %v", err)
		}
		if err := activate(issue(agent, town.Person)); err != nil {
			h.T.Errorf("a code of since: %v", err)
		}
		before = issue(teacher, h.Head(at))
		lend(other, beside, teacher, "accounts", "")
		if err := activate(before); !fail.Is(err, fail.Invalid) {
			h.T.Errorf("a code of before the accounts: %v", err)
		}
	})
}

// lend lends the accounts of a class, or of the school when it is 0, until a day, and
// gives the loan.
func (h *office) lend(head house.Visitor, at, to, class school.ID, until string) school.ID {
	h.T.Helper()
	form := url.Values{"person": {to.String()}, "function": {"accounts"}, "reason": {"rentrée"}, "until": {until}}
	if class != 0 {
		form.Set("over", class.String())
	}
	head.Post("/register/structure/"+at.String()+"/lent", form).Wants(http.StatusSeeOther)
	return h.One(`SELECT max(id) FROM directory_grant WHERE person_id = $1 AND class_id = $2`, to, class)
}

// recall takes a loan back, with as many codes as its page says.
func (h *office) recall(head house.Visitor, at, loan school.ID) {
	h.T.Helper()
	path := "/register/structure/" + at.String() + "/lent/" + loan.String() + "/recall"
	got := head.Post(path, nil)
	if got.StatusCode == http.StatusOK {
		got = head.Post(path, url.Values{"confirm": {got.Hidden("confirm").Get("confirm")}})
	}
	got.Wants(http.StatusSeeOther)
}

// waiting counts the codes of a class that open something.
func (h *office) waiting(class school.ID) (n int) {
	h.T.Helper()
	var people []school.ID
	for _, pupil := range h.Pupils(class) {
		people = append(people, pupil.ID)
	}
	h.Read(func(tx *db.Tx) error {
		codes, err := account.PendingOf(tx, people...)
		n = len(codes)
		return err
	})
	return n
}

// A code opens nothing once the loan under which it was handed out is over, however
// it ends, and whatever became of its pupil or was lent since.
func TestACodeEndsWithItsLoan(t *testing.T) {
	for name, end := range map[string]func(h *office, head house.Visitor, at, secretary, class, loan school.ID){
		"it is taken back": func(h *office, head house.Visitor, at, _, _, loan school.ID) {
			h.recall(head, at, loan)
		},
		"a loan of the whole school covered it since": func(h *office, head house.Visitor, at, secretary, _, loan school.ID) {
			whole := h.lend(head, at, secretary, 0, "")
			h.recall(head, at, loan)
			h.recall(head, at, whole)
		},
		"the pupils are in another class": func(h *office, head house.Visitor, at, _, class, loan school.ID) {
			other := h.Classes(at)[0].ID
			h.Write(func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE directory_membership SET class_id = $1 WHERE class_id = $2`, other, class)
				return err
			})
			h.recall(head, at, loan)
			h.Write(func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE directory_membership SET class_id = $2 WHERE class_id = $1`, other, class)
				return err
			})
		},
		"its last day is over": func(h *office, _ house.Visitor, _, _, _, _ school.ID) {
			h.Later(48 * time.Hour)
		},
		"who borrowed is dismissed": func(h *office, head house.Visitor, at, secretary, _, _ school.ID) {
			var post string
			h.Read(func(tx *db.Tx) error {
				f, err := directory.Functions.One(tx, "person_id = $1", secretary)
				post = f.Code
				return err
			})
			head.Post("/register/structure/"+at.String()+"/team/"+secretary.String()+"/dismiss", url.Values{"post": {post}}).Wants(http.StatusSeeOther)
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := onSQLite(t)
			at := h.near[0]
			class := h.Classes(at)[1].ID
			secretary := h.Appoint("secretaire", school.Admin, at)
			head, v := h.Enter(h.Head(at), school.Head), h.Enter(secretary, school.Admin)
			loan := h.lend(head, at, secretary, class, h.DB.Now().Format("2006-01-02"))
			v.Post("/accounts/class/"+class.String()+"/labels", nil).Wants(http.StatusOK)
			if h.waiting(class) == 0 {
				t.Fatal("no code waits")
			}
			h.tick()
			end(h, head, at, secretary, class, loan)
			if n := h.waiting(class); n != 0 {
				t.Errorf("%d codes outlive the loan", n)
			}
		})
	}
}

// What somebody hands out as the head of another school, to a parent of both, is
// theirs to take back.
func TestACodeOfAnotherSchoolOutlivesALoan(t *testing.T) {
	h := onSQLite(t)
	at, beside := h.near[0], h.near[1]
	teacher, guardian, there := h.Teachers(at)[0], h.guardian(h.Classes(at)[1].ID), h.Classes(beside)[0].ID
	h.Name(teacher, school.Head, beside)
	h.Write(func(tx *db.Tx) error {
		return directory.Bonds.Insert(tx, directory.Bond{Pupil: h.Pupils(there)[0].ID, Guardian: guardian, Link: "10", Authority: true, From: db.At(tx.Now)})
	})
	head := h.Enter(h.Head(at), school.Head)
	loan := h.lend(head, at, teacher, 0, "")
	h.Enter(teacher, school.Head).Post("/accounts/class/"+there.String()+"/person/"+guardian.String()+"/code", nil).Wants(http.StatusOK)
	h.recall(head, at, loan)
	if h.One(`SELECT count(*) FROM account_code WHERE person_id = $1`, guardian) != 1 {
		t.Error("the head of one school annulled the code of the head of another")
	}
}

// Of a borrower who prints while the head takes back, no code is left that the head
// did not read of.
func TestARecallWaitsForWhoPrints(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		secretary := h.Appoint("secretaire", school.Admin, at)
		head, v := h.Enter(h.Head(at), school.Head), h.Enter(secretary, school.Admin)
		class := h.Classes(at)[0].ID
		loan := h.lend(head, at, secretary, 0, "")
		printed := make(chan int)
		go func() { printed <- v.Post("/accounts/class/"+class.String()+"/labels", nil).StatusCode }()
		got := head.Post("/register/structure/"+at.String()+"/lent/"+loan.String()+"/recall", nil)
		<-printed
		if n := h.waiting(class); got.StatusCode == http.StatusSeeOther && n != 0 {
			h.T.Errorf("taken back without a word, and %d codes open", n)
		}
	})
}
