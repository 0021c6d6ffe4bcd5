package accounts_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"preau/account"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
	"preau/test/printed"
)

// team is the staff of a school, each once.
func (h *office) team(at school.ID) (people []school.ID) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) error {
		staff, err := directory.StaffOf(tx, at)
		for _, one := range staff {
			if !slices.Contains(people, one.ID) {
				people = append(people, one.ID)
			}
		}
		return err
	})
	return people
}

// pending lists who of some people holds a code.
func (h *office) pending(people []school.ID) (held []school.ID) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) error {
		codes, err := account.PendingOf(tx, people...)
		for _, person := range people {
			if _, has := codes[person]; has {
				held = append(held, person)
			}
		}
		return err
	})
	return held
}

// In one click a head prints the letters of all of the team who have not come in, and
// of nobody else: not of whoever is in, nor of whoever is the head of another school too.
func TestLettersOfTheStaff(t *testing.T) {
	onBoth(t, func(h *office) {
		t := h.T
		at := h.near[0]
		page := "/accounts/school/" + at.String() + "/staff"
		teachers := h.Teachers(at)
		in, apart := teachers[0], teachers[1]
		asTeacher := h.Enter(in, school.Teacher)
		head, elsewhere := h.Enter(h.Head(at), school.Head), h.Enter(h.Head(h.far[0]), school.Head)
		h.Name(apart, school.Head, h.far[0])
		asTeacher.Post(page+"/letters", nil).Wants(http.StatusNotFound)
		elsewhere.Post(page+"/letters", nil).Wants(http.StatusNotFound)
		head.Post("/accounts/school/"+h.far[0].String()+"/staff/letters", nil).Wants(http.StatusNotFound)
		team := h.team(at)
		if held := h.pending(team); len(held) != 0 {
			t.Fatalf("codes of %v were made", held)
		}

		head.Get(page).Wants(http.StatusOK, "Imprimer les lettres")
		document := keep(t, head.Post(page+"/letters", nil))
		want := slices.DeleteFunc(slices.Clone(team), func(id school.ID) bool { return id == in || id == apart || id == head.Person })
		if held := h.pending(team); len(want) < 3 || !slices.Equal(held, want) {
			t.Errorf("codes of %v, want those of %v", held, want)
		}
		text := strings.Join(printed.Pages(t, document), "")
		if strings.Contains(text, "votre enfant") || !strings.Contains(text, "À remettre autrement : "+h.Who(apart).Name()) {
			t.Errorf("the letters say\n%s", text)
		}
		codes := printed.Codes(t, document)
		if len(codes) != len(want) {
			t.Fatalf("%d codes are read on the letters of %d", len(codes), len(want))
		}
		for _, id := range want {
			if !slices.Contains(h.Acts(id), string(account.ActCode)) {
				t.Errorf("the journal of %s says %v", id, h.Acts(id))
			}
		}
		head.Post(page+"/letters", nil).Wants(http.StatusSeeOther) // nothing is left
		again := printed.Codes(t, keep(t, head.Post(page+"/letters", url.Values{"again": {"1"}})))
		if len(again) != len(codes) || slices.ContainsFunc(again, func(c string) bool { return slices.Contains(codes, c) }) {
			t.Errorf("%d codes again, of %d", len(again), len(codes))
		}
		_, secret, _ := strings.Cut(again[0], "#")
		login, code, _ := strings.Cut(secret, "/")
		if _, err := h.Accounts.Activate(t.Context(), login, code, house.Password, house.From); err != nil {
			t.Errorf("the code of a letter: %v", err)
		}
	})
}

// By mail a code goes to whoever of the team has an address, and has neither come in nor
// holds one.
func TestCodesOfTheStaffByMail(t *testing.T) {
	onBoth(t, func(h *office) {
		t := h.T
		at := h.near[0]
		page := "/accounts/school/" + at.String() + "/staff"
		head := h.Enter(h.Head(at), school.Head)
		head.Get(page).Lacks(http.StatusOK, "par courriel")
		head.Post(page+"/mail", nil).Wants(http.StatusSeeOther) // nothing leaves
		team := h.team(at)
		if held := h.pending(team); len(held) != 0 {
			t.Fatalf("codes of %v without mail", held)
		}
		post := h.Sends()
		h.silence()
		head.Get(page).Lacks(http.StatusOK, "par courriel")
		teachers := h.Teachers(at)
		reached, holding, in := teachers[0], teachers[1], teachers[2]
		for _, person := range teachers[:3] {
			h.Address(person, "p"+person.String()+"@exemple.fr")
		}
		asTeacher := h.Enter(in, school.Teacher)
		head.Post(page+"/"+holding.String()+"/code", nil).Wants(http.StatusOK)
		post.New()
		asTeacher.Post(page+"/mail", nil).Wants(http.StatusNotFound)
		h.Enter(h.Head(h.far[0]), school.Head).Post(page+"/mail", nil).Wants(http.StatusNotFound)
		post.New()
		head.Get(page).Wants(http.StatusOK, "Envoyer par courriel à la personne qui a une adresse")
		head.Post(page+"/mail", nil).Wants(http.StatusSeeOther)
		if held := h.pending([]school.ID{reached, holding, in}); !slices.Equal(held, []school.ID{reached, holding}) {
			t.Errorf("codes of %v", held)
		}
		came := post.New()
		if len(came) != 1 || came[0].To != "p"+reached.String()+"@exemple.fr" || strings.Contains(came[0].Text, "enfant") || strings.Contains(came[0].Text, h.Who(reached).Usual) {
			t.Fatalf("%+v", came)
		}
		login, code, _ := strings.Cut(post.Link(came[0], "/activate"), "/")
		if _, err := h.Accounts.Activate(t.Context(), login, code, house.Password, house.From); err != nil {
			t.Errorf("the code of the message: %v", err)
		}
		if head.Post(page+"/mail", nil).Wants(http.StatusSeeOther); len(post.New()) > 1 {
			t.Error("it is sent again") // but that the account was opened
		}
	})
}
