package liaison_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/personal"
	"preau/core/school"
	"preau/service/liaison"
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
