package liaison_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/personal"
	"preau/core/school"
	"preau/service/liaison"
	"preau/test/house"
)

// An answer is changed until the last day, and the one before stays: the parent who changed it
// reads when and from what, as who follows does, in the follow-up and in its spreadsheet; the
// other parent reads neither. Once the day is over the page says to write to the teacher.
func TestAChangedAnswerKeepsTheOneBefore(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, mother, father := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian), h.Enter(f.father, school.Guardian)
		word := publish(teacher, f.class, outing(f.class))
		says := func(answer string) {
			t.Helper()
			mother.Post(word+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {answer}}).Wants(http.StatusSeeOther)
			h.Later(time.Hour)
		}
		says("no")
		mother.Get(word).Lacks(http.StatusOK, "Réponse changée")
		says("no") // sent twice, it was not changed
		mother.Get(word).Lacks(http.StatusOK, "Réponse changée")
		says("yes")
		page := mother.Get(word)
		page.Wants(http.StatusOK, "Votre réponse : Oui", "Réponse changée aujourd’hui", "(avant : Non)", "Changer ma réponse")
		page.Lacks(http.StatusOK, "écrivez à l’enseignant")
		father.Get(word).Lacks(http.StatusOK, "(avant")
		teacher.Get(word+"/follow").Wants(http.StatusOK, "Oui", "Réponse changée aujourd’hui", "(avant : Non)")
		h.Enter(f.teacher, school.Teacher).Get(word+"/follow.csv").Wants(http.StatusOK, "Réponses précédentes", "Non jusqu’au 05/10/2026")
		says("no")
		if n := h.One(`SELECT count(*) FROM liaison_former WHERE person_id = $1 AND child_id = $2`, f.mother, f.pupil); n != 2 {
			t.Errorf("%d answers are kept, want the first no and the yes", n)
		}

		h.Read(func(tx *db.Tx) error {
			for _, person := range []school.ID{f.mother, f.pupil} {
				if n := len(formersIn(t, tx, person)); n != 2 {
					t.Errorf("%d former answers are in what %s takes away", n, person)
				}
			}
			if n := len(formersIn(t, tx, f.father)); n != 0 {
				t.Errorf("the other parent takes %d away", n)
			}
			return nil
		})
		h.Later(5 * 24 * time.Hour)
		mother = h.Enter(f.mother, school.Guardian)
		late := mother.Get(word)
		late.Wants(http.StatusOK, "Votre réponse : Non", "écrivez à l’enseignant")
		late.Lacks(http.StatusOK, "Changer ma réponse")
		h.Write(func(tx *db.Tx) error { return liaison.Holdings.Erase(tx, f.mother) })
		if n := h.One(`SELECT count(*) FROM liaison_former`); n != 0 {
			t.Errorf("%d answers of who was erased are kept", n)
		}
	})
}

// An answer is changed so often within a day and no more: the last one counts, the page says when to
// come back, shows the last ones that were given and counts the others, as who follows reads them.
func TestAnAnswerIsNotChangedWithoutEnd(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
		word := publish(teacher, f.class, outing(f.class))
		says := func(answer string) house.Reply {
			t.Helper()
			h.Later(time.Second)
			return mother.Post(word+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {answer}})
		}
		for n := range 21 {
			says([]string{"yes", "no"}[n%2]).Wants(http.StatusSeeOther)
		}
		says("no").Wants(http.StatusUnprocessableEntity, "changé cette réponse 20 fois en un jour")
		mother.Get(word).Wants(http.StatusOK, "Votre réponse\u00a0: Oui", "et 15 réponses plus anciennes")
		teacher.Get(word+"/follow").Wants(http.StatusOK, "et 15 réponses plus anciennes")
		if n := strings.Count(mother.Get(word).Text(), "Réponse changée"); n != 5 {
			t.Errorf("%d former answers are shown, want the last 5", n)
		}
		h.Later(24 * time.Hour)
		mother = h.Enter(f.mother, school.Guardian)
		says("no").Wants(http.StatusSeeOther)
	})
}

// Who signed by mistake takes it back on the same day: the word waits for it again, and who follows
// reads that it was signed and is not any more. On the day after it stays, as what the other parent
// signed does.
func TestASignatureByMistakeIsTakenBackTheSameDay(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, mother, father := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian), h.Enter(f.father, school.Guardian)
		form := outing(f.class)
		form.Set("asks", "sign")
		word := publish(teacher, f.class, form)
		child := url.Values{"child": {f.pupil.String()}}
		sign := url.Values{"child": {f.pupil.String()}, "answer": {"signed"}}
		mother.Post(word+"/unsign", child).Wants(http.StatusSeeOther) // of what is not signed: nothing
		mother.Get(word).Lacks(http.StatusOK, "J’ai signé par erreur", "Signature retirée")
		mother.Post(word+"/answer", sign).Wants(http.StatusSeeOther)
		mother.Get(word).Wants(http.StatusOK, "Signé par vous", "J’ai signé par erreur")
		mother.Get("/").Lacks(http.StatusOK, "On attend votre réponse")
		teacher.Get(word+"/follow").Wants(http.StatusOK, "Signé pour 1 enfant sur")
		father.Post(word+"/unsign", child).Wants(http.StatusSeeOther) // it is not theirs
		teacher.Get(word+"/follow").Wants(http.StatusOK, "Signé pour 1 enfant sur")
		h.Later(time.Hour)
		mother.Post(word+"/unsign", child).Wants(http.StatusSeeOther)
		page := mother.Get(word)
		page.Wants(http.StatusOK, "Signature retirée aujourd’hui", `value="signed"`)
		page.Lacks(http.StatusOK, "Signé par vous", "J’ai signé par erreur")
		mother.Get("/").Wants(http.StatusOK, "On attend votre réponse")
		father.Get(word).Lacks(http.StatusOK, "Signature retirée")
		teacher.Get(word+"/follow").Wants(http.StatusOK, "Signé pour 0 enfant sur", "Signature retirée aujourd’hui")
		h.Enter(f.teacher, school.Teacher).Get(word+"/follow.csv").Wants(http.StatusOK, "Signé jusqu’au 05/10/2026")
		mother.Post(word+"/answer", sign).Wants(http.StatusSeeOther)
		h.Later(24 * time.Hour)
		mother = h.Enter(f.mother, school.Guardian)
		mother.Get(word).Lacks(http.StatusOK, "J’ai signé par erreur")
		mother.Post(word+"/unsign", child).Wants(http.StatusUnprocessableEntity, "le jour même")
		mother.Post(word+"/answer", sign).Wants(http.StatusSeeOther) // sent again, it is not signed today
		mother.Post(word+"/unsign", child).Wants(http.StatusUnprocessableEntity, "le jour même")
		mother.Get(word).Wants(http.StatusOK, "Signé par vous hier")
		h.Later(5 * 24 * time.Hour)
		h.Enter(f.mother, school.Guardian).Post(word+"/unsign", child).Wants(http.StatusUnprocessableEntity, "date limite est passée")
		teacher = h.Enter(f.teacher, school.Teacher)
		teacher.Get(word+"/follow").Wants(http.StatusOK, "Signé pour 1 enfant sur")
	})
}

// formersIn are the former answers that somebody takes away.
func formersIn(t *testing.T, tx *db.Tx, person school.ID) (rows []personal.Row) {
	t.Helper()
	all, err := liaison.Holdings.Export(tx, person)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range all {
		if row.Table == "liaison_former" {
			rows = append(rows, row)
		}
	}
	return rows
}
