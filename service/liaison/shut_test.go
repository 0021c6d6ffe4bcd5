package liaison_test

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/test/house"
)

// Where a head shuts the carnet nobody writes any more, not even by an address that they
// have kept; what is written is read and answered, and other schools go on.
func TestASchoolWithoutACarnet(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		head, teacher, mother := h.Enter(h.Head(h.near[0]), school.Head), h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
		elsewhere := h.Classes(h.near[1])[0].ID
		colleague := h.Teachers(h.near[1])[0]
		h.Attach(elsewhere, colleague)
		other := h.Enter(colleague, school.Teacher)
		word := publish(teacher, f.class, outing(f.class))
		catalogue := "/services/" + h.near[0].String()

		teacher.Post(catalogue+"/liaison/shut", nil).Wants(http.StatusNotFound)
		head.Post("/services/"+h.near[1].String()+"/liaison/shut", nil).Wants(http.StatusNotFound)
		head.Post(catalogue+"/portal/shut", nil).Wants(http.StatusNotFound)
		head.Get(catalogue).Wants(http.StatusOK, "Carnet de liaison", "Ouvert dans votre école", "Les familles")

		head.Post(catalogue+"/liaison/shut", nil).Wants(http.StatusSeeOther)
		head.Get(catalogue).Wants(http.StatusOK, "Fermé dans votre école")
		teacher.Get("/").Lacks(http.StatusOK, `class="tile" href="/liaison/"`)
		teacher.Get("/liaison/new/class/"+f.class.String()).Wants(http.StatusForbidden, "est fermé dans cette école")
		send(teacher, "/liaison/new/class/"+f.class.String(), outing(f.class)).Wants(http.StatusForbidden)
		mother.Get(word).Wants(http.StatusOK, "Sortie au musée")
		other.Get("/").Wants(http.StatusOK, `class="tile" href="/liaison/"`)
		publish(other, elsewhere, outing(elsewhere))

		head.Post(catalogue+"/liaison/open", nil).Wants(http.StatusSeeOther)
		head.Post(catalogue+"/liaison/open", nil).Wants(http.StatusNotFound)
		publish(teacher, f.class, outing(f.class))
	})
}

// What somebody was writing as the carnet is shut, by the head or in an emergency, comes back to them
// whole, with a sentence that says why: nothing of it is published, what came with it waits in the form,
// and it leaves by one touch once the carnet is open. Answers go on.
func TestWhatIsTypedStaysWhereTheCarnetIsShut(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
		word := publish(teacher, f.class, outing(f.class))
		to := "/liaison/new/class/" + f.class.String()
		long := outing(f.class)
		long.Set("title", "Un mot long")
		fever := today(f.pupil)
		fever.Set("body", "Elle a de la fièvre.")
		rows := func() [3]school.ID {
			return [3]school.ID{h.One(`SELECT count(*) FROM liaison_word`), h.One(`SELECT count(*) FROM liaison_note`), h.One(`SELECT count(*) FROM liaison_word WHERE amended_at IS NOT NULL`)}
		}
		was := rows()
		for said, by := range map[string]account.Switch{
			"est fermé dans cette école":           {School: h.near[0], Service: "liaison", Chosen: true},
			"est à l’arrêt pour le moment (panne)": {Service: "liaison", Reason: "panne"},
		} {
			h.Write(func(tx *db.Tx) error { return h.Accounts.SwitchOn(tx, by, audit.By{}) })
			h.Later(time.Minute)
			const kept = "Ce que vous avez écrit est encore sur cette page"
			sent := teacher.SendFiles(to, long, house.Upload{Field: "photo", Name: "sortie.jpg", Content: house.Shot(h.T, 10, 10)}, house.Upload{Field: "file", Name: "mot.pdf", Content: house.PDF("")})
			sent.Wants(http.StatusForbidden, "Rien n’est parti", said, kept, `value="Un mot long"`, "Nous partons à 9 h.", "Musée des Beaux-Arts", "sortie.jpg", "mot.pdf")
			if n := strings.Count(sent.Main(), said); n != 1 {
				t.Errorf("the form says %d times that the carnet is shut", n)
			}
			send(teacher, to, url.Values{"to": {"x"}, "title": {""}, "body": {"Sans titre."}}).Wants(http.StatusForbidden, said, kept, "Sans titre.")
			send(teacher, word+"/amend", long).Wants(http.StatusForbidden, said, kept, `value="Un mot long"`)
			teacher.Post(word+"/cancel", url.Values{"why": {"Il pleut à verse"}}).Wants(http.StatusForbidden, said, kept, "Il pleut à verse")
			mother.Post("/liaison/tell", fever).Wants(http.StatusForbidden, said, kept, "Elle a de la fièvre.")
			send(mother, "/liaison/tell/say", fever).Wants(http.StatusForbidden, said, kept, "Elle a de la fièvre.")
			mother.Post(word+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {"yes"}}).Wants(http.StatusSeeOther)
			if now := rows(); now != was {
				t.Errorf("%v were published, %v before", now, was)
			}
			h.Write(func(tx *db.Tx) error { return h.Accounts.SwitchOff(tx, by, audit.By{}) })
			h.Later(time.Minute)
			again := url.Values{"photo-kept": {ticketIn(t, sent, "photo-kept")}, "file-kept": {ticketIn(t, sent, "file-kept")}}
			maps.Copy(again, long)
			mother.Get(publish(teacher, f.class, again)).Wants(http.StatusOK, "Un mot long", "/photo/1", "mot.pdf")
			mother.Post("/liaison/tell", fever).Wants(http.StatusSeeOther)
			was = rows()
		}
	})
}

// ticketIn is the one ticket of a field in a form that came back.
func ticketIn(t *testing.T, page house.Reply, field string) string {
	t.Helper()
	all := regexp.MustCompile(`name="`+field+`"[^>]* value="([^"]+)"`).FindAllStringSubmatch(page.Text(), -1)
	if len(all) != 1 {
		t.Fatalf("the form has %d of %s", len(all), field)
	}
	return all[0][1]
}

// Whose children are in two schools, one of which works without the carnet, reads so where they tell
// something of the child who is there, and has what they typed.
func TestAParentOfTwoSchoolsTellsNothingWhereTheCarnetIsShut(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		sibling := h.One(`SELECT min(m.person_id) FROM directory_membership m JOIN directory_class c ON c.id = m.class_id AND c.school_id = $1 WHERE m.role = 'pupil'`, h.near[1])
		h.Write(func(tx *db.Tx) error {
			if _, err := tx.Exec(`INSERT INTO directory_bond (pupil_id, guardian_id, from_at, link, authority)
				SELECT $1, guardian_id, from_at, link, authority FROM directory_bond WHERE pupil_id = $2 AND guardian_id = $3`, sibling, f.pupil, f.mother); err != nil {
				return err
			}
			return h.Accounts.SwitchOn(tx, account.Switch{School: h.near[0], Service: "liaison", Chosen: true}, audit.By{})
		})
		h.Later(time.Minute)
		mother := h.Enter(f.mother, school.Guardian)
		fever := today(f.pupil)
		fever.Set("body", "Elle a de la fièvre.")
		mother.Post("/liaison/tell", fever).Wants(http.StatusForbidden, "Rien n’est parti", "est fermé dans cette école", "Elle a de la fièvre.")
		fever.Set("child", sibling.String())
		mother.Post("/liaison/tell", fever).Wants(http.StatusSeeOther)
	})
}
