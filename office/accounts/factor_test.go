package accounts_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"preau/account"
	"preau/core/db"
	"preau/core/school"
	"preau/test/house"
)

func (h *office) hasFactor(person school.ID) (has bool) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) (err error) {
		has, err = account.HasFactor(tx, person)
		return err
	})
	return has
}

// Who may give a code takes a lost second factor away, beside the code and not
// with it.
func TestALostFactor(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		teachers := h.Teachers(at)
		lost, colleague := teachers[0], teachers[1]
		_, secret := h.Enter(lost, school.Teacher).Protect()
		head := h.Enter(h.Head(at), school.Head)
		path := "/accounts/school/" + at.String() + "/staff/" + lost.String()
		elsewhere := pick(h.T, h.far, func(id school.ID) bool { return id != at })
		for who, v := range map[string]house.Visitor{
			"a colleague":                h.Enter(colleague, school.Teacher),
			"the head of another school": h.Enter(h.Head(elsewhere), school.Head),
		} {
			if v.Post(path+"/factors/reset", nil).Wants(http.StatusNotFound); !h.hasFactor(lost) {
				h.T.Fatalf("%s took it away", who)
			}
		}
		own := "/accounts/school/" + at.String() + "/staff/" + head.Person.String() + "/factors/reset"
		head.Post(own, nil).Wants(http.StatusForbidden)

		// A new code leaves it.
		ask := head.Get(path + "/code")
		ask.Wants(http.StatusOK, "Téléphone ou clé perdus")
		given := head.Post(path+"/code", ask.Hidden("ask"))
		given.Wants(http.StatusOK, "affiché qu’une fois")
		opened, err := h.Accounts.Activate(h.T.Context(), h.Login(lost), codePattern.FindString(given.Body), house.Password, house.From)
		if err != nil || !opened.Half {
			h.T.Fatalf("a code opens %+v, %v", opened, err)
		}
		gone := head.Post(path+"/factors/reset", nil)
		if gone.Wants(http.StatusSeeOther); gone.Header.Get("Location") != path+"/code" || h.hasFactor(lost) {
			h.T.Errorf("led to %q, and it is there: %t", gone.Header.Get("Location"), h.hasFactor(lost))
		}
		if _, err := h.Accounts.ProveCode(h.T.Context(), opened.Token, h.Code(secret), house.From); err == nil {
			h.T.Error("what was lost still opens")
		}
		head.Get(path+"/code").Lacks(http.StatusOK, "Téléphone ou clé perdus")
		head.Post(path+"/factors/reset", nil).Wants(http.StatusNotFound)
		if acts := h.Acts(lost); !slices.Contains(acts, "account.factor-reset") {
			h.T.Errorf("the journal says %v", acts)
		}
	})
}

// The codes of a whole class leave on paper for whoever proved lately who they are.
func TestLettersAskForAProof(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	path := "/accounts/class/" + h.Classes(at)[0].ID.String()
	v, secret := h.Enter(h.Head(at), school.Head).Protect()
	v = v.Tired()
	count := func() school.ID { return h.One(`SELECT count(*) FROM account_code`) }
	before := count()
	if page := v.Post(path+"/letters", nil); page.StatusCode != http.StatusSeeOther || page.Header.Get("Location") != "/second" {
		t.Errorf("%d to %q", page.StatusCode, page.Header.Get("Location"))
	}
	kept := v.Post(path+"/letters", url.Values{"language": {"ar"}})
	kept.Wants(http.StatusForbidden, "Confirmez d’abord", `href="/second?next=`, `action="`+path+`/letters"`, `name="language" value="ar"`)
	if after := count(); after != before {
		t.Errorf("%d codes were made", after-before)
	}
	sent := v.Prove(secret).Post(path+"/letters", url.Values{"language": {"ar"}})
	sent.Wants(http.StatusOK)
	if kind := sent.Header.Get("Content-Type"); kind != "application/pdf" || count() == before {
		t.Errorf("%s, %d codes", kind, count()-before)
	}
}

// Who has no second factor types the password again for what takes many people's
// codes away; families do not, for what is about themselves.
func TestLettersAskForThePassword(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	class := h.Classes(at)[0].ID
	path := "/accounts/class/" + class.String()
	parent := h.Enter(h.guardian(class), school.Guardian)
	v := h.Enter(h.Head(at), school.Head).Tired()
	if page := v.Post(path+"/letters", nil); page.StatusCode != http.StatusSeeOther || page.Header.Get("Location") != "/second" {
		t.Errorf("%d to %q", page.StatusCode, page.Header.Get("Location"))
	}
	opened, err := h.Accounts.ProvePassword(t.Context(), v.Token, house.Password, house.From)
	if err != nil {
		t.Fatal(err)
	}
	v.Token = opened.Token
	v.Post(path+"/letters", nil).Wants(http.StatusOK, "%PDF-")
	if to := parent.Post("/me/join", nil).Header.Get("Location"); to == "/second" {
		t.Error("a parent is asked for the password")
	}
}
