package liaison_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/school"
	"preau/test/house"
)

// Who wrote a word reminds those who have still to answer, in one touch and once a day: they are
// counted before, and nobody else is told again.
func TestWhoHasNotAnsweredIsReminded(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher := h.Enter(f.teacher, school.Teacher)
		form := outing(f.class)
		form.Set("each", "person")
		word := publish(teacher, f.class, form)
		teacher.Get(word+"/follow").Lacks(http.StatusOK, word+"/remind") // nobody whom it would reach
		teacher.Post(word+"/remind", nil).Wants(http.StatusSeeOther)
		if n := h.One(`SELECT count(*) FROM liaison_word WHERE reminded_at IS NOT NULL`); n != 0 {
			t.Error("a reminder that reached nobody is counted")
		}
		mother, father := h.Enter(f.mother, school.Guardian), h.Enter(f.father, school.Guardian)
		teacher.Get(word+"/follow").Wants(http.StatusOK, "Rappeler à 2 parents")
		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO notify_preference (person_id, channel, room, rhythm) VALUES ($1, 'mail', '', 'now'), ($2, 'mail', '', 'now')`, f.mother, f.father)
			return err
		})
		mother.Post(word+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {"yes"}}).Wants(http.StatusSeeOther)
		teacher.Get(word+"/follow").Wants(http.StatusOK, "Rappeler à 1 parent", word+"/remind")
		for name, v := range map[string]house.Visitor{"a parent": father, "another teacher": h.Enter(h.Teachers(h.near[0])[1], school.Teacher)} {
			if got := v.Post(word+"/remind", nil); got.StatusCode != http.StatusNotFound {
				t.Errorf("%s reminds: %d", name, got.StatusCode)
			}
		}
		teacher.Post(word+"/remind", nil).Wants(http.StatusSeeOther)
		if due := h.Some(`SELECT person_id FROM notify_due`); !slices.Equal(due, []school.ID{f.father}) {
			t.Errorf("%v are told again, want the father %s, who has not answered, alone", due, f.father)
		}
		reminded := h.One(`SELECT max(reminded_at) FROM audience_address`)
		if reminded == 0 || reminded != h.One(`SELECT reminded_at FROM liaison_word`) {
			t.Errorf("the word is reminded of at %d", reminded)
		}
		follow := teacher.Get(word + "/follow")
		follow.Wants(http.StatusOK, "Rappelé aujourd’hui")
		follow.Lacks(http.StatusOK, word+"/remind")
		h.Later(time.Hour)
		teacher.Post(word+"/remind", nil).Wants(http.StatusSeeOther)
		if again := h.One(`SELECT max(reminded_at) FROM audience_address`); again != reminded {
			t.Error("it is reminded of twice a day")
		}
		if n := h.One(`SELECT count(*) FROM audit_entry WHERE action = 'liaison.remind'`); n != 1 {
			t.Errorf("%d reminders are journalled", n)
		}
		h.Later(24 * time.Hour)
		teacher = h.Enter(f.teacher, school.Teacher)
		teacher.Get(word+"/follow").Wants(http.StatusOK, "Rappeler à 1 parent")
		h.Enter(f.father, school.Guardian).Post(word+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {"yes"}}).Wants(http.StatusSeeOther)
		teacher.Get(word+"/follow").Lacks(http.StatusOK, word+"/remind")
		read := publish(teacher, f.class, url.Values{"to": {to(f.class)}, "title": {"À lire"}, "body": {"Bonjour."}})
		teacher.Get(read+"/follow").Lacks(http.StatusOK, read+"/remind")
		teacher.Post(read+"/remind", nil).Wants(http.StatusConflict)
	})
}

// Of two reminders that are asked for at once, one leaves.
func TestTwoRemindersAtOnceAreOne(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher := h.Enter(f.teacher, school.Teacher)
		word := publish(teacher, f.class, outing(f.class))
		h.Enter(f.mother, school.Guardian)
		var both sync.WaitGroup
		for range 2 {
			request := teacher.Form(word+"/remind", nil)
			both.Go(func() {
				if got := teacher.Do(request); got.StatusCode != http.StatusSeeOther {
					t.Errorf("a reminder answers %d", got.StatusCode)
				}
			})
		}
		both.Wait()
		if n := h.One(`SELECT count(*) FROM audit_entry WHERE action = 'liaison.remind'`); n != 1 {
			t.Errorf("%d reminders left, want 1", n)
		}
	})
}

// Who follows reads first for whom they may do something: those who came to Préau and have not
// answered, then those to be asked on paper, then those who answered, each counted.
func TestAFollowUpBeginsWithWhomOneMayAsk(t *testing.T) {
	h := onSQLite(t)
	f := h.two()
	teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
	word := publish(teacher, f.class, outing(f.class))
	others := len(h.Pupils(f.class)) - 1
	order := func(stages ...string) {
		t.Helper()
		text, at := strings.ReplaceAll(teacher.Get(word+"/follow").Text(), "\u00a0", " "), 0
		for _, s := range stages {
			i := strings.Index(text[at:], s)
			if i < 0 {
				t.Fatalf("%q is not after the others", s)
			}
			at += i
		}
	}
	paper := fmt.Sprintf("À demander sur papier : %d enfants", others)
	order("En attente sur Préau : 1 enfant<", h.Who(f.pupil).Name(), paper)
	mother.Post(word+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {"yes"}}).Wants(http.StatusSeeOther)
	order(paper, "C’est fait : 1 enfant<", h.Who(f.pupil).Name())
	teacher.Get(word+"/follow").Lacks(http.StatusOK, "En attente sur Préau")
}
