package accounts_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/account"
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
			_, err := h.Accounts.IssueCode(tx, guardian, head.Person, account.SlipLife, "test")
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
		other.Post(code(beside), nil).Wants(http.StatusConflict, "Remettre un nouveau code")
		h.Enter(h.Operator(), school.Operator).Post("/accounts/structure/"+at.String()+"/person/"+teacher.String()+"/code", nil).
			Wants(http.StatusConflict, "Remettre un nouveau code")
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
				code, err = h.Accounts.IssueCode(tx, person, by, account.SlipLife, "test")
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
		got = head.Post(path, url.Values{"confirm": {got.Hidden("recall").Get("confirm")}})
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

// A code is not handed out for longer than its maker has their post.
func TestACodeEndsWithThePostOfItsMaker(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	class, until := h.Classes(at)[0].ID, h.DB.Now().Add(20*time.Hour)
	sub := h.Appoint("remplace", school.Teacher, at, func(a *directory.Appointment) { a.Template, a.Until = "replacement", until })
	h.Attach(class, sub)
	h.Enter(sub, school.Teacher).Post("/accounts/class/"+class.String()+"/labels", nil).Wants(http.StatusOK)
	if h.waiting(class) == 0 {
		t.Fatal("no code waits")
	}
	h.Later(20 * time.Hour)
	if n := h.waiting(class); n != 0 {
		t.Errorf("%d codes outlive the replacement", n)
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

// posts are posts with a day when they end, and how each ends before it.
var posts = map[string]struct {
	code string
	hat  school.Profile
	ends func(h *office, at, who school.ID)
}{
	"who replaces is dismissed": {"replacement", school.Teacher, func(h *office, at, who school.ID) {
		h.Enter(h.Head(at), school.Head).Post("/register/structure/"+at.String()+"/team/"+who.String()+"/dismiss", url.Values{"post": {"replacement"}}).
			Wants(http.StatusSeeOther)
	}},
	"the interim is ended": {directory.ActingHead, school.Head, func(h *office, at, _ school.ID) {
		town := h.Enter(h.Appoint("mairie", school.Municipal, h.Above(at, directory.Commune)), school.Municipal)
		town.Post("/register/school/"+at.String()+"/interim/end", nil).Wants(http.StatusSeeOther)
	}},
	"a head is named": {directory.ActingHead, school.Head, func(h *office, at, _ school.ID) {
		h.Enter(h.Operator(), school.Operator).Post("/register/structure/"+at.String()+"/appoint",
			url.Values{"post": {"head"}, "civility": {"Mme"}, "first": {"Odile"}, "name": {"NOUVELLE"}, "reason": {"nommée"}}).Wants(http.StatusSeeOther)
	}},
	"a delivery has a head": {directory.ActingHead, school.Head, func(h *office, at, who school.ID) {
		h.Write(func(tx *db.Tx) error {
			_, err := directory.EndInterim(tx, at)
			return err
		})
	}},
}

// holding gives somebody a post of a school for three weeks, with its first class.
func (h *office) holding(code string, at school.ID) (who school.ID) {
	h.T.Helper()
	if code == directory.ActingHead {
		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE directory_function SET until_at = $3 WHERE structure_id = $1 AND profile = $2`, at, school.Head, db.At(tx.Now))
			return err
		})
		h.tick()
	}
	who = h.Appoint("passe", school.Teacher, at, func(a *directory.Appointment) {
		a.Template, a.Until = code, h.DB.Now().Add(3*7*24*time.Hour)
		if code == directory.ActingHead {
			a.By, a.ConfirmedBy = h.Teachers(h.far[0])[0], h.Teachers(h.far[0])[1]
		}
	})
	if code != directory.ActingHead {
		h.Attach(h.Classes(at)[0].ID, who)
	}
	return who
}

// What somebody handed out in a post that has a last day opens nothing once it is
// over before that day, however it ends: neither the codes, nor the ways into a class
// that they hung and left in a tablet. Their own session has nothing of the class.
func TestNothingOutlivesAPostThatEndsBeforeItsDay(t *testing.T) {
	for name, post := range posts {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(h *office) {
				at := h.near[0]
				class := h.Classes(at)[0].ID
				who := h.holding(post.code, at)
				v := h.Enter(who, post.hat)
				v.Post("/accounts/class/"+class.String()+"/labels", nil).Wants(http.StatusOK)
				var code account.Code
				var poster account.Printed
				var tablet account.Enrolled
				pupil := h.Pupils(class)[0].ID
				h.Write(func(tx *db.Tx) (err error) {
					poster, err = h.Accounts.HangPoster(tx, class, at, who, "test")
					if err == nil {
						tablet, err = h.Accounts.EnrolTablet(tx, class, at, who, "au fond", "test")
					}
					if err == nil {
						_, err = h.Accounts.MakeBadges(tx, class, at, who, []school.ID{pupil}, "test")
					}
					if err == nil { // one whose text is known
						until, err := directory.EndOf(tx, who, post.hat, at)
						if err != nil {
							return err
						}
						code, err = h.Accounts.IssueSlip(tx, pupil, account.Warrant{By: who, As: post.hat, At: at, Until: until}, "test")
						return err
					}
					return err
				})
				doors := func() (n int) {
					h.Read(func(tx *db.Tx) error {
						doors, err := account.ClassDoors(tx, class)
						n = len(doors)
						return err
					})
					return n
				}
				if h.waiting(class) < 2 || doors() != 2 {
					t.Fatalf("%d codes and %d doors before the end", h.waiting(class), doors())
				}
				h.tick()
				post.ends(h, at, who)
				h.tick()
				if n := h.waiting(class); n != 0 {
					t.Errorf("%d codes outlive the post", n)
				}
				if acts := h.Acts(pupil); name != "a delivery has a head" && !slices.Contains(acts, "account.code-annul") {
					t.Errorf("the journal of a pupil says %s", acts)
				}
				if _, err := h.Accounts.Activate(t.Context(), code.Login.String(), code.Text, house.Password, house.From); !fail.Is(err, fail.Invalid) {
					t.Errorf("a code of a post that is over: %v", err)
				}
				if n := doors(); n != 0 {
					t.Errorf("%d doors outlive the post", n)
				}
				if _, err := h.Accounts.Scan(t.Context(), poster.Text, "", house.From); !fail.Is(err, fail.Invalid) {
					t.Errorf("the poster of a post that is over: %v", err)
				}
				h.Read(func(tx *db.Tx) error {
					if _, err := h.Accounts.ClassDoor(tx, tablet.Token, house.From); !fail.Is(err, fail.NotFound) {
						t.Errorf("the tablet of a post that is over: %v", err)
					}
					badges, err := account.HaveBadges(tx, pupil)
					if !badges[pupil] {
						t.Error("a child lost their badge with who printed it")
					}
					return err
				})
				for _, got := range []house.Reply{ // to sign in again: who is nothing any more has no session
					v.Get("/register/class/" + class.String()), v.Get("/accounts/class/" + class.String()), v.Post("/accounts/class/"+class.String()+"/labels", nil),
				} {
					if to := got.Header.Get("Location"); got.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, "/login") {
						t.Errorf("a session of a post that is over: %d %s", got.StatusCode, to)
					}
				}
			})
		})
	}
}

// A post that goes on keeps what was handed out in it: one that has no last day, one
// that is given for longer, and the head's own when an interim of before is over.
func TestAPostThatGoesOnKeepsItsCodes(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	class, other := h.Classes(at)[0].ID, h.Classes(at)[1].ID
	who := h.holding("replacement", at)
	h.Enter(who, school.Teacher).Post("/accounts/class/"+class.String()+"/labels", nil).Wants(http.StatusOK)
	head := h.Enter(h.Head(at), school.Head)
	head.Post("/accounts/class/"+other.String()+"/labels", nil).Wants(http.StatusOK)
	kept := [2]int{h.waiting(class), h.waiting(other)}
	if kept[0] == 0 || kept[1] == 0 {
		t.Fatal("no code waits")
	}
	h.Later(24 * time.Hour)
	h.Enter(h.Head(at), school.Head).Post("/register/structure/"+at.String()+"/team/"+who.String()+"/extend",
		url.Values{"post": {"replacement"}, "until": {h.DB.Now().AddDate(0, 0, 25).Format(time.DateOnly)}}).Wants(http.StatusSeeOther)
	h.Later(24 * time.Hour)
	if now := [2]int{h.waiting(class), h.waiting(other)}; now != kept {
		t.Errorf("%v codes wait, %v did", now, kept)
	}
}
