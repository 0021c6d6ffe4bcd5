package accounts_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/core/db"
	"preau/core/school"
	"preau/test/house"
)

// guardians are those of a class who are people and nothing else, each once.
func (h *office) guardians(class school.ID) []school.ID {
	h.T.Helper()
	return h.Some(`SELECT DISTINCT b.guardian_id FROM directory_bond b JOIN directory_membership m ON m.person_id = b.pupil_id
		JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
		WHERE m.class_id = $1 AND b.until_at IS NULL AND NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = p.id)
		ORDER BY b.guardian_id`, class)
}

// silence takes everybody's address away.
func (h *office) silence() {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE directory_person SET mail = ''`)
		return err
	})
}

func TestCodesByMail(t *testing.T) {
	onBoth(t, func(h *office) {
		t := h.T
		at := h.near[0]
		class := h.Classes(at)[0].ID
		page := "/accounts/class/" + class.String()
		v := h.Enter(h.Head(at), school.Head)
		v.Get(page).Lacks(http.StatusOK, "par courriel")
		v.Post(page+"/mail", nil).Wants(http.StatusSeeOther) // nobody is reached, and nobody is promised anything
		if n := h.One(`SELECT count(*) FROM account_code`) + h.One(`SELECT count(*) FROM job_job`); n != 0 {
			t.Fatalf("%d codes or jobs without mail", n)
		}

		post := h.Sends()
		h.silence()
		v.Get(page).Lacks(http.StatusOK, "par courriel")
		people := h.guardians(class)
		if len(people) < 6 {
			t.Fatalf("the class has %d guardians", len(people))
		}
		reached, holding, judged, sly, in, mute := people[0], people[1], people[2], people[3], people[4], people[5]
		for _, person := range people[:5] {
			h.Address(person, "p"+person.String()+"@exemple.fr")
		}
		h.Address(sly, "a@exemple.fr\nBcc: b@exemple.fr")
		h.Enter(in, school.Guardian)
		post.New()
		v.Post(page+"/person/"+holding.String()+"/code", nil).Wants(http.StatusOK)
		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO directory_restriction (id, pupil_id, guardian_id, may_not_sign, informed_only, hide_place,
				no_access, reference, from_at, recorded_by, recorded_at)
				SELECT b.pupil_id, b.pupil_id, b.guardian_id, FALSE, FALSE, TRUE, FALSE, '', 0, 0, 0 FROM directory_bond b WHERE b.guardian_id = $1`, judged)
			return err
		})
		v.Get(page).Wants(http.StatusOK, "Envoyer par courriel au responsable qui a une adresse")
		pending := func() (held []school.ID) {
			h.Read(func(tx *db.Tx) error {
				codes, err := account.PendingOf(tx, people...)
				for person := range codes {
					held = append(held, person)
				}
				return err
			})
			slices.Sort(held)
			return held
		}
		if held := pending(); !slices.Equal(held, []school.ID{holding}) {
			t.Fatalf("codes of %v before", held)
		}

		teacher := h.Teachers(at)[0]
		h.Attach(class, teacher)
		h.Enter(teacher, school.Teacher).Post(page+"/mail", nil).Wants(http.StatusNotFound)
		elsewhere := h.Enter(h.Head(h.far[0]), school.Head)
		elsewhere.Post(page+"/mail", nil).Wants(http.StatusNotFound)
		v.Post(page+"/mail", nil).Wants(http.StatusSeeOther)
		if held := pending(); !slices.Equal(held, []school.ID{reached, holding}) {
			t.Errorf("codes of %v, want those of %d and %d", held, reached, holding)
		}
		came := post.New()
		if len(came) != 1 || came[0].To != "p"+reached.String()+"@exemple.fr" || !strings.Contains(came[0].Text, h.Structure(at).Name) {
			t.Fatalf("%+v", came)
		}
		who := h.Who(reached)
		if strings.Contains(came[0].Subject, who.Usual) || strings.Contains(came[0].Text, who.Usual+" ") {
			t.Errorf("the message names somebody: %s", came[0].Text)
		}
		v.Get(page).Lacks(http.StatusOK, "par courriel")
		v.Post(page+"/mail", nil).Wants(http.StatusSeeOther)
		if again := post.New(); len(again) != 0 {
			t.Errorf("sent again: %v", again)
		}
		// The letters are for the others, and the code of the message serves.
		letters := v.Post(page+"/letters", nil)
		letters.Wants(http.StatusOK)
		if held := pending(); !slices.Contains(held, mute) || slices.Contains(held, judged) {
			t.Errorf("letters make codes of %v", held)
		}
		login, code, _ := strings.Cut(post.Link(came[0], "/activate"), "/")
		if _, err := h.Accounts.Activate(t.Context(), login, code, house.Password, house.From); err != nil {
			t.Errorf("the code of the message: %v", err)
		}
	})
}

// Whoever may give a code sees who contested their account, and opens it again.
func TestReopening(t *testing.T) {
	onBoth(t, func(h *office) {
		t := h.T
		post := h.Sends()
		at := h.near[0]
		class := h.Classes(at)[0].ID
		parent, colleague := h.guardians(class)[0], h.Teachers(at)[0]
		head := h.Enter(h.Head(at), school.Head)
		elsewhere := h.Enter(h.Head(h.far[0]), school.Head)
		teacher := h.Enter(h.Teachers(at)[1], school.Teacher)
		for _, c := range []struct {
			who        school.ID
			hat        school.Profile
			list, path string
		}{
			{parent, school.Guardian, "/accounts/class/" + class.String(), "/accounts/class/" + class.String() + "/person/" + parent.String()},
			{colleague, school.Teacher, "/accounts/school/" + at.String() + "/staff", "/accounts/school/" + at.String() + "/staff/" + colleague.String()},
		} {
			h.Address(c.who, "p"+c.who.String()+"@exemple.fr")
			post.New()
			h.Enter(c.who, c.hat)
			token := post.Link(post.New()[0], "/contest")
			head.Post(c.path+"/reopen", nil).Wants(http.StatusNotFound) // nothing is contested
			if _, err := h.Accounts.Contest(t.Context(), token, account.Origin{Request: "test"}); err != nil {
				t.Fatal(err)
			}
			h.Later(time.Second)
			head.Get(c.list).Wants(http.StatusOK, "Contesté", "Rouvrir", "Fermé")
			elsewhere.Post(c.path+"/reopen", nil).Wants(http.StatusNotFound)
			teacher.Post(c.path+"/reopen", nil).Wants(http.StatusNotFound)
			head.Post(c.path+"/code", url.Values{"seen": {""}}).Wants(http.StatusConflict) // not before it is open
			head.Post(c.path+"/reopen", nil).Wants(http.StatusSeeOther)
			head.Get(c.list).Lacks(http.StatusOK, "Contesté", "Rouvrir")
			head.Post(c.path+"/code", nil).Wants(http.StatusOK, "affiché qu’une fois")
			if acts := h.Acts(c.who); !slices.Contains(acts, "account.contest") || !slices.Contains(acts, "account.reopen") {
				t.Errorf("journalled: %v", acts)
			}
		}
	})
}
