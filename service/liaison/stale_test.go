package liaison_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"preau/core/school"
	"preau/test/house"
)

// column is a column of the spreadsheet of a follow-up, of which rows have been sought.
func column(t *testing.T, csv house.Reply, head string) (cells []string) {
	t.Helper()
	at := -1
	for line := range strings.Lines(strings.TrimPrefix(csv.Text(), "\ufeff")) {
		row := strings.Split(strings.TrimSpace(line), ";")
		for i, cell := range row {
			if at < 0 && cell == head {
				at = i
			}
		}
		if at < 0 || at >= len(row) {
			t.Fatalf("no column %q in %q", head, line)
		}
		cells = append(cells, row[at])
	}
	return cells[1:]
}

// count counts a text among some.
func count(texts []string, text string) (n int) {
	for _, one := range texts {
		if one == text {
			n++
		}
	}
	return n
}

// A word that is changed keeps what was signed: the parent who signed reads that it was before the word
// changed, signs again or takes the signature back until the last day; whoever follows reads it beside
// the answer, counted at the head, and in the spreadsheet. Signed again, it is of now.
func TestASignatureOfBeforeAChangeSaysSo(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
		form := outing(f.class)
		form.Set("asks", "sign")
		word := publish(teacher, f.class, form)
		child := url.Values{"child": {f.pupil.String()}}
		sign := url.Values{"child": {f.pupil.String()}, "answer": {"signed"}}
		mother.Post(word+"/answer", sign).Wants(http.StatusSeeOther)
		h.Later(24 * time.Hour)
		teacher, mother = h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
		father := h.Enter(f.father, school.Guardian)
		mother.Get(word).Lacks(http.StatusOK, "avant que le mot change", "Signer de nouveau", "Retirer ma signature")
		teacher.Get(word+"/follow").Lacks(http.StatusOK, "vant la modification")

		changes := func(title string) {
			t.Helper()
			send(teacher, word+"/amend", url.Values{"title": {title}, "body": {"Nous partons jeudi."}, "due": {"2026-10-09"}}).Wants(http.StatusSeeOther)
			h.Later(time.Minute)
		}
		changes("Sortie de jeudi")
		mother.Get("/").Wants(http.StatusOK, "Modifié", "Sortie de jeudi", "aujourd’hui")
		mother.Get(word).Wants(http.StatusOK, "C’est répondu", "Signé par vous hier", "Vous avez signé avant que le mot change\u00a0: relisez-le.", "Signer de nouveau", "Retirer ma signature")
		father.Get(word).Wants(http.StatusOK, "La réponse de votre famille date d’avant la modification")
		followed := teacher.Get(word + "/follow")
		followed.Wants(http.StatusOK, "Signé pour 1 enfant sur", "dont 1 avant la modification", "Avant la modification")
		if n := count(column(t, teacher.Get(word+"/follow.csv"), "Avant la modification"), "Oui"); n != 1 {
			t.Errorf("%d rows of the spreadsheet are of before the change", n)
		}

		mother.Post(word+"/answer", sign).Wants(http.StatusSeeOther)
		h.Later(time.Minute)
		page := mother.Get(word)
		page.Wants(http.StatusOK, "Signé par vous aujourd’hui")
		page.Lacks(http.StatusOK, "avant que le mot change", "Signer de nouveau")
		father.Get(word).Lacks(http.StatusOK, "avant la modification")
		teacher.Get(word+"/follow").Lacks(http.StatusOK, "vant la modification")
		if n := count(column(t, teacher.Get(word+"/follow.csv"), "Avant la modification"), "Oui"); n != 0 {
			t.Errorf("%d rows of the spreadsheet are of before the change, once signed again", n)
		}

		h.Later(24 * time.Hour)
		teacher, mother = h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
		mother.Post(word+"/unsign", child).Wants(http.StatusUnprocessableEntity, "le jour même")
		changes("Sortie de vendredi")
		mother.Post(word+"/unsign", child).Wants(http.StatusSeeOther)
		mother.Get(word).Wants(http.StatusOK, "Signature retirée")
		teacher.Get(word+"/follow").Wants(http.StatusOK, "Signé pour 0 enfant sur")
		mother.Post(word+"/answer", sign).Wants(http.StatusSeeOther)
		h.Later(time.Minute)
		changes("Sortie de samedi")
		h.Later(5 * 24 * time.Hour)
		late := h.Enter(f.mother, school.Guardian).Get(word)
		late.Wants(http.StatusOK, "Vous avez signé avant que le mot change")
		late.Lacks(http.StatusOK, "Signer de nouveau", "Retirer ma signature")
	})
}

// A yes of before a change says so too, on screen and on paper; the same yes, given again, is of now. A
// word that says again what it said before has changed; one that was cancelled and counts again has not.
func TestAnAnswerOfBeforeAChangeSaysSo(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
		word := publish(teacher, f.class, outing(f.class))
		agree := url.Values{"child": {f.pupil.String()}, "answer": {"yes"}}
		mother.Post(word+"/answer", agree).Wants(http.StatusSeeOther)
		stale := func(is bool) {
			t.Helper()
			h.Later(time.Minute)
			page, followed := mother.Get(word), teacher.Get(word+"/follow")
			if !is {
				page.Lacks(http.StatusOK, "avant que le mot change", "Répondre de nouveau")
				followed.Lacks(http.StatusOK, "dont 1 avant")
				return
			}
			page.Wants(http.StatusOK, "Vous avez répondu avant que le mot change", "Répondre de nouveau")
			followed.Wants(http.StatusOK, "dont 1 avant la modification")
		}
		h.Later(time.Minute)
		send(teacher, word+"/cancel", url.Values{"why": {"Grève"}}).Wants(http.StatusSeeOther)
		cancelled := mother.Get("/")
		cancelled.Wants(http.StatusOK, "Annulé")
		cancelled.Lacks(http.StatusOK, "Modifié")
		stale(false)
		teacher.Post(word+"/restore", nil).Wants(http.StatusSeeOther)
		stale(false)
		send(teacher, word+"/amend", url.Values{"title": {"Sortie de jeudi"}, "body": {"Jeudi."}, "due": {"2026-10-09"}}).Wants(http.StatusSeeOther)
		stale(true)
		mother.Post(word+"/answer", agree).Wants(http.StatusSeeOther)
		stale(false)
		until := h.One(`SELECT max(id) FROM past_change WHERE act = 'amended'`)
		teacher.Post(word+"/before", url.Values{"until": {until.String()}}).Wants(http.StatusSeeOther)
		stale(true)

		paper := url.Values{"slip": {h.token(word, f.pupil, 0)}, "answer-0": {"no"}}
		teacher.Post(word+"/paper", paper).Wants(http.StatusSeeOther)
		stale(false)
		send(teacher, word+"/amend", url.Values{"title": {"Sortie de lundi"}, "body": {"Lundi."}, "due": {"2026-10-09"}}).Wants(http.StatusSeeOther)
		stale(true)
	})
}

// Where each parent answers, one answer of before the change is enough to say so of the child.
func TestEachAnswerOfBeforeAChangeSaysSo(t *testing.T) {
	h := onSQLite(t)
	f := h.two()
	teacher, mother, father := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian), h.Enter(f.father, school.Guardian)
	form := outing(f.class)
	form.Set("each", "person")
	word := publish(teacher, f.class, form)
	agree := url.Values{"child": {f.pupil.String()}, "answer": {"yes"}}
	mother.Post(word+"/answer", agree).Wants(http.StatusSeeOther)
	h.Later(time.Minute)
	send(teacher, word+"/amend", url.Values{"title": {"Sortie de jeudi"}, "body": {"Jeudi."}, "due": {"2026-10-09"}}).Wants(http.StatusSeeOther)
	h.Later(time.Minute)
	half := teacher.Get(word + "/follow")
	half.Wants(http.StatusOK, "Avant la modification")
	half.Lacks(http.StatusOK, "dont 1 avant") // the other is awaited
	father.Get(word).Lacks(http.StatusOK, "avant la modification")
	father.Post(word+"/answer", agree).Wants(http.StatusSeeOther)
	teacher.Get(word+"/follow").Wants(http.StatusOK, "dont 1 avant la modification")
	mother.Post(word+"/answer", agree).Wants(http.StatusSeeOther)
	teacher.Get(word+"/follow").Lacks(http.StatusOK, "vant la modification")
}
