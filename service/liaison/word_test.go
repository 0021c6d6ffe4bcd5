package liaison_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
)

// outing is a word that asks for a yes or a no of one parent.
func outing(class school.ID) url.Values {
	return url.Values{"to": {to(class)}, "title": {"Sortie au musée"}, "body": {"Nous partons à 9 h."}, "asks": {"yes-no"}, "each": {"family"}, "category": {"outing"}, "due": {"2026-10-09"},
		"on": {"2026-10-12"}, "at": {"09:00"}, "back": {"16:30"}, "place": {"Musée des Beaux-Arts"}, "bring": {"picnic", "bottle", "boots", "nothing"}, "pay": {"4,50"}}
}

// send sends a form that may have photos.
func send(v house.Visitor, path string, form url.Values, photos ...[]byte) house.Reply {
	v.T.Helper()
	return v.Send(path, form, "photo", photos...)
}

// publish has a teacher send a word, and gives its address.
func publish(teacher house.Visitor, class school.ID, form url.Values, photos ...[]byte) (path string) {
	teacher.T.Helper()
	sent := send(teacher, "/liaison/new/class/"+class.String(), form, photos...)
	path, follow := strings.CutSuffix(sent.Header.Get("Location"), "/follow")
	if sent.StatusCode != http.StatusSeeOther || !follow {
		teacher.T.Fatalf("published: %d, to %q\n%s", sent.StatusCode, sent.Header.Get("Location"), sent.Text())
	}
	return path
}

// Nobody writes where they do not teach, reads what is not for them, nor answers for a
// child who is not theirs.
func TestWhatIsRefused(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, other := h.Enter(f.teacher, school.Teacher), h.Enter(h.Teachers(h.near[0])[1], school.Teacher)
		mother, outsider := h.Enter(f.mother, school.Guardian), h.Enter(h.outsider(), school.Guardian)
		word := publish(teacher, f.class, outing(f.class))
		answer := url.Values{"child": {f.pupil.String()}, "answer": {"yes"}}
		for name, c := range map[string]struct {
			reply  house.Reply
			status int
		}{
			"who is signed out reads":               {house.Visitor{House: h.House}.Get(word), http.StatusSeeOther},
			"a parent of another school reads":      {outsider.Get(word), http.StatusNotFound},
			"and answers":                           {outsider.Post(word+"/answer", answer), http.StatusNotFound},
			"another teacher writes":                {send(other, "/liaison/new/class/"+f.class.String(), outing(f.class)), http.StatusNotFound},
			"and reads":                             {other.Get(word), http.StatusNotFound},
			"and follows":                           {other.Get(word + "/follow"), http.StatusNotFound},
			"and takes it away":                     {other.Get(word + "/follow.csv"), http.StatusNotFound},
			"and amends":                            {other.SendFiles(word+"/amend", url.Values{"title": {"x"}}), http.StatusNotFound},
			"and cancels":                           {other.Post(word+"/cancel", url.Values{"why": {"x"}}), http.StatusNotFound},
			"and restores":                          {other.Post(word+"/restore", nil), http.StatusNotFound},
			"a parent restores":                     {mother.Post(word+"/restore", nil), http.StatusNotFound},
			"a parent reads what it said before":    {mother.Get(word + "/before"), http.StatusNotFound},
			"and has it said again":                 {other.Post(word+"/before", url.Values{"until": {"1"}}), http.StatusNotFound},
			"what it never said":                    {teacher.Post(word+"/before", url.Values{"until": {"1"}}), http.StatusNotFound},
			"a parent follows":                      {mother.Get(word + "/follow"), http.StatusNotFound},
			"a parent writes":                       {mother.Get("/liaison/new"), http.StatusNotFound},
			"the teacher answers":                   {teacher.Post(word+"/answer", answer), http.StatusNotFound},
			"for a child who is not theirs":         {mother.Post(word+"/answer", url.Values{"child": {h.Pupils(f.class)[0].ID.String() + "1"}, "answer": {"yes"}}), http.StatusNotFound},
			"an answer that is none":                {mother.Post(word+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {"signed"}}), http.StatusUnprocessableEntity},
			"the word that is none":                 {teacher.Get("/liaison/word/1"), http.StatusNotFound},
			"without a title":                       {send(teacher, "/liaison/new/class/"+f.class.String(), url.Values{"to": {to(f.class)}}), http.StatusUnprocessableEntity},
			"for nobody":                            {send(teacher, "/liaison/new/class/"+f.class.String(), url.Values{"title": {"x"}}), http.StatusUnprocessableEntity},
			"for another class":                     {send(teacher, "/liaison/new/class/"+f.class.String(), outing(h.Classes(h.far[0])[0].ID)), http.StatusNotFound},
			"for the whole school, by a teacher":    {teacher.Get("/liaison/new/school/" + h.near[0].String()), http.StatusNotFound},
			"for the family of another class":       {send(teacher, "/liaison/new/class/"+f.class.String(), url.Values{"title": {"x"}, "family": {h.Pupils(h.Classes(h.far[0])[0].ID)[0].ID.String()}}), http.StatusUnprocessableEntity},
			"until a day that is past":              {send(teacher, "/liaison/new/class/"+f.class.String(), url.Values{"to": {to(f.class)}, "title": {"x"}, "due": {"2026-10-04"}}), http.StatusUnprocessableEntity},
			"with one choice":                       {send(teacher, "/liaison/new/class/"+f.class.String(), url.Values{"to": {to(f.class)}, "title": {"x"}, "asks": {"choice"}, "choices": {"le même\nle même"}}), http.StatusUnprocessableEntity},
			"cancelled without a reason":            {teacher.Post(word+"/cancel", nil), http.StatusUnprocessableEntity},
			"amended without a title":               {teacher.SendFiles(word+"/amend", url.Values{"title": {" "}}), http.StatusUnprocessableEntity},
			"and the word is still as it was, read": {mother.Get(word), http.StatusOK},
		} {
			if c.reply.StatusCode != c.status {
				t.Errorf("%s: %d, want %d", name, c.reply.StatusCode, c.status)
			}
		}
	})
}

// Each parent reads and answers; one answer is enough, and neither reads the other's.
func TestAWordIsAnswered(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher := h.Enter(f.teacher, school.Teacher)
		mother, father := h.Enter(f.mother, school.Guardian), h.Enter(f.father, school.Guardian)
		mother.Get("/").Wants(http.StatusOK, "rien ne vous est demandé")
		word := publish(teacher, f.class, outing(f.class))
		for _, parent := range []house.Visitor{mother, father} {
			parent.Get("/").Wants(http.StatusOK, "On attend votre réponse", "Sortie au musée", "Répondre oui ou non avant la fin du vendredi 9 octobre")
		}
		follow := teacher.Get(word + "/follow")
		follow.Wants(http.StatusOK, h.Who(f.mother).Name(), "Pas encore lu", "Pas encore venu")
		mother.Get(word).Wants(http.StatusOK, "Nous partons à 9 h.", h.Who(f.teacher).Formal(), h.Who(f.pupil).First)
		teacher.Get(word+"/follow").Wants(http.StatusOK, "Lu")
		mother.Post(word+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {"no"}})
		mother.Get(word).Wants(http.StatusOK, "Votre réponse : Non", "Changer ma réponse")
		father.Get("/").Lacks(http.StatusOK, "On attend votre réponse")
		father.Get(word).Wants(http.StatusOK, "l’autre parent a répondu")
		father.Get(word).Lacks(http.StatusOK, "Votre réponse :")
		if text := father.Get(word).Text(); strings.Contains(text, "Non.") || strings.Contains(text, h.Who(f.mother).Name()) {
			t.Errorf("the father reads what the mother answered:\n%s", text)
		}
		teacher.Get(word+"/follow").Wants(http.StatusOK, "Répondu pour 1 enfant sur", "Non")
		mother.Post(word+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {"yes"}})
		teacher.Get(word+"/follow").Wants(http.StatusOK, "Répondu pour 1 enfant sur", "Oui")
		teacher.Get("/liaison/").Wants(http.StatusOK, "Réponses attendues</h2>", "Sortie au musée", "Répondu pour 1 enfant sur")
		notice := publish(teacher, f.class, url.Values{"to": {to(f.class)}, "title": {"Poux"}, "asks": {"read"}})
		teacher.Get("/liaison/").Wants(http.StatusOK, "Les autres mots</h2>", "Poux")
		teacher.Get(notice+"/follow").Wants(http.StatusOK, "dont aucun parent n’est encore venu sur Préau")
		teacher.Get(notice+"/follow").Lacks(http.StatusOK, "talons, puis reprenez")
		teacher.Get(word+"/amend").Wants(http.StatusOK, `value="2026-10-09"`)
		mother.Get("/liaison/").Wants(http.StatusOK, "Sortie au musée")
		for _, v := range []house.Visitor{mother, father, teacher} {
			v.Get("/search?q=mussee").Wants(http.StatusOK, "Sortie au musée")
		}
		h.Enter(h.outsider(), school.Guardian).Get("/search?q=musee").Lacks(http.StatusOK, "Sortie")
		h.Later(5 * 24 * 60 * 60 * 1e9)
		same := url.Values{"title": {"Sortie au musée"}, "body": {"Nous partons à 9 h."}, "due": {"2026-10-09"}}
		h.Enter(f.teacher, school.Teacher).SendFiles(word+"/amend", same).Wants(http.StatusSeeOther) // the day that is past is as it was
		late := h.Enter(f.father, school.Guardian)
		late.Post(word+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {"yes"}}).Wants(http.StatusUnprocessableEntity, "date limite est passée")
	})
}

// Where each is to answer, both are waited for.
func TestEachParentSigns(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher := h.Enter(f.teacher, school.Teacher)
		mother, father := h.Enter(f.mother, school.Guardian), h.Enter(f.father, school.Guardian)
		form := outing(f.class)
		form.Set("asks", "sign")
		form.Set("each", "person")
		form.Del("to")
		form["family"] = []string{f.pupil.String()}
		word := publish(teacher, f.class, form)
		signs := url.Values{"child": {f.pupil.String()}, "answer": {"signed"}}
		mother.Post(word+"/answer", signs)
		father.Get("/").Wants(http.StatusOK, "On attend votre réponse")
		teacher.Get(word+"/follow").Wants(http.StatusOK, "Signé pour 0 enfant sur 1", "1 parent sur 2", "La famille")
		teacher.Get("/liaison/").Wants(http.StatusOK, "Signé pour 0 enfant sur 1") // the same count as on its page
		father.Post(word+"/answer", signs)
		teacher.Get(word+"/follow").Wants(http.StatusOK, "Signé pour 1 enfant sur 1", "2 parents sur 2")
		teacher.Get("/liaison/").Wants(http.StatusOK, "Signé pour 1 enfant sur 1")
		father.Get("/").Lacks(http.StatusOK, "On attend votre réponse")
		for _, other := range h.Pupils(f.class) {
			if other.ID == f.pupil {
				continue
			}
			guardian := h.One(`SELECT coalesce(min(b.guardian_id), 0) FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
				WHERE b.pupil_id = $1 AND b.guardian_id NOT IN ($2, $3)`, other.ID, f.mother, f.father)
			if guardian != 0 {
				h.Enter(guardian, school.Guardian).Get(word).Wants(http.StatusNotFound)
				break
			}
		}
	})
}

// What a judge restricts is asked at each page: who has no access reads nothing, who is
// informed only does not answer, and nobody waits for them.
func TestAJudgeIsObeyed(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher := h.Enter(f.teacher, school.Teacher)
		mother, father := h.Enter(f.mother, school.Guardian), h.Enter(f.father, school.Guardian)
		form := outing(f.class)
		form.Set("each", "person")
		word := publish(teacher, f.class, form)
		restrict := func(r directory.Restriction) {
			h.Write(func(tx *db.Tx) error {
				r.Pupil, r.Guardian, r.Reference, r.From = f.pupil, f.father, "JAF 12", db.At(tx.Now)
				_, err := directory.Restrict(tx, r)
				return err
			})
		}
		restrict(directory.Restriction{InformedOnly: true})
		answers := url.Values{"child": {f.pupil.String()}, "answer": {"yes"}}
		father.Get("/").Lacks(http.StatusOK, "On attend votre réponse")
		father.Get(word).Wants(http.StatusOK, "Vous êtes informé")
		father.Post(word+"/answer", answers).Wants(http.StatusForbidden)
		mother.Post(word+"/answer", answers)
		teacher.Get(word+"/follow").Wants(http.StatusOK, "Répondu pour 1 enfant sur", "sans répondre")
		restrict(directory.Restriction{NoAccess: true})
		for _, reply := range []house.Reply{father.Get(word), father.Post(word+"/answer", answers)} { // of whom this was the only child
			if reply.StatusCode == http.StatusOK || strings.Contains(reply.Text(), "Sortie au musée") {
				t.Errorf("who has no access reads, or answers: %d", reply.StatusCode)
			}
		}
		teacher.Get(word+"/follow").Lacks(http.StatusOK, h.Who(f.father).Name())
	})
}

// A word that changes is new again and says so; one that is cancelled says why, expects
// nothing more, and stays.
func TestAWordChanges(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
		form := outing(f.class)
		form.Set("asks", "read")
		form.Del("due")
		word := publish(teacher, f.class, form)
		mother.Get("/").Wants(http.StatusOK, "Nouveau (1)")
		mother.Get(word)
		mother.Get("/").Lacks(http.StatusOK, "Nouveau")
		h.Later(60 * 1e9)
		teacher.SendFiles(word+"/amend", url.Values{"title": {"Sortie au parc"}, "body": {"Nous partons à 10 h."}}).Wants(http.StatusSeeOther)
		mother.Get("/").Wants(http.StatusOK, "Nouveau (1)", "Sortie au parc")
		mother.Get(word).Wants(http.StatusOK, "a été modifié", "10 h")
		teacher.Get(word+"/before").Wants(http.StatusOK, "Sortie au musée")
		h.Later(120 * 1e9)
		teacher.Post(word+"/cancel", url.Values{"why": {"Il va pleuvoir"}}).Wants(http.StatusSeeOther)
		mother.Get("/").Wants(http.StatusOK, "Annulé")
		mother.Get(word).Wants(http.StatusOK, "Annulé", "Il va pleuvoir")
		teacher.Get(word + "/amend").Wants(http.StatusConflict)
		mother.Get("/liaison/").Wants(http.StatusOK, "Annulé")
	})
}

// A word is changed so often within a day and no more, whatever is done to it: it may be
// cancelled still, and is changed again the day after.
func TestAWordIsNotChangedWithoutEnd(t *testing.T) {
	h := onSQLite(t)
	f := h.two()
	teacher := h.Enter(f.teacher, school.Teacher)
	word := publish(teacher, f.class, outing(f.class))
	change := url.Values{"title": {"Sortie au parc"}, "body": {"Nous partons à 10 h."}}
	for n := range 20 {
		h.Later(time.Minute)
		switch n % 4 {
		case 2:
			teacher.Post(word+"/cancel", url.Values{"why": {"Il va pleuvoir"}}).Wants(http.StatusSeeOther)
		case 3:
			teacher.Post(word+"/restore", nil).Wants(http.StatusSeeOther)
		default:
			teacher.SendFiles(word+"/amend", change).Wants(http.StatusSeeOther)
		}
	}
	teacher.SendFiles(word+"/amend", change).Wants(http.StatusUnprocessableEntity, "20 fois en un jour", "Nous partons à 10 h.") // which is written in the form still
	teacher.Post(word+"/cancel", url.Values{"why": {"Il va pleuvoir"}}).Wants(http.StatusSeeOther)
	teacher.Post(word+"/restore", nil).Wants(http.StatusConflict, "20 fois en un jour")
	h.Later(25 * time.Hour)
	h.Enter(f.teacher, school.Teacher).Post(word+"/restore", nil).Wants(http.StatusSeeOther)
}

// What was cancelled counts again within ninety days, with what was answered; what a word
// said before may be put back.
func TestAWordIsPutBack(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
		form := outing(f.class)
		form.Set("asks", "sign")
		word := publish(teacher, f.class, form)
		teacher.Post(word+"/restore", nil).Wants(http.StatusSeeOther) // of what was not cancelled: nothing
		mother.Get(word).Lacks(http.StatusOK, "rétabli")
		h.Later(60 * 1e9)
		teacher.SendFiles(word+"/amend", url.Values{"title": {"Sortie au parc"}, "body": {"Nous partons à 10 h."}}).Wants(http.StatusSeeOther)
		page := teacher.Get(word + "/before")
		page.Wants(http.StatusOK, "Sortie au musée", "Nous partons à 9 h", "Musée des Beaux-Arts")
		_, until, _ := strings.Cut(page.Text(), `name="until" value="`)
		until, _, _ = strings.Cut(until, `"`)
		h.Later(60 * 1e9)
		mother.Get(word)
		teacher.Post(word+"/before", url.Values{"until": {until}}).Wants(http.StatusSeeOther)
		mother.Get("/").Wants(http.StatusOK, "Sortie au musée")
		mother.Get(word).Wants(http.StatusOK, "Nous partons à 9 h", "Musée des Beaux-Arts", "a été modifié")
		teacher.Get(word+"/before").Wants(http.StatusOK, "Sortie au parc")
		mother.Post(word+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {"signed"}}).Wants(http.StatusSeeOther)
		teacher.Post(word+"/cancel", url.Values{"why": {"Il va pleuvoir"}}).Wants(http.StatusSeeOther)
		mother.Get("/").Wants(http.StatusOK, "Annulé")
		h.Later(60 * 1e9)
		teacher.Get(word+"/follow").Wants(http.StatusOK, "Rétablir le mot")
		teacher.Post(word+"/restore", nil).Wants(http.StatusSeeOther)
		mother.Get(word).Wants(http.StatusOK, "il compte de nouveau", "Signé par vous")
		mother.Get(word).Lacks(http.StatusOK, "Il va pleuvoir")
		for act, want := range map[string]int{"publish": 1, "amend": 1, "cancel": 1} {
			if n := h.One(`SELECT count(*) FROM audit_entry WHERE action = $1`, "liaison."+act); n != school.ID(want) {
				t.Errorf("%s is journalled %d times, not %d", act, n, want)
			}
		}
		if n := h.One(`SELECT count(*) FROM audit_entry WHERE action = 'liaison.restore'`); n != 2 {
			t.Errorf("what was put back is journalled %d times, want 2", n)
		}
		teacher.Post(word+"/cancel", url.Values{"why": {"Il neige"}}).Wants(http.StatusSeeOther)
		h.Later(91 * 24 * time.Hour)
		teacher = h.Enter(f.teacher, school.Teacher)
		teacher.Get(word+"/follow").Lacks(http.StatusOK, "Rétablir le mot")
		teacher.Post(word+"/restore", nil).Wants(http.StatusConflict)
	})
}

// A publication is one row for each audience, whatever the number of families.
func TestAPublicationIsOneRow(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		head := h.Enter(h.Head(h.near[0]), school.Head)
		head.Get("/liaison/new").Wants(http.StatusOK, "Toute l’école")
		form := outing(f.class)
		form.Set("to", string(audience.Audience{Place: audience.School, Of: h.near[0], Side: audience.Families}.ID()))
		sent := send(head, "/liaison/new/school/"+h.near[0].String(), form)
		sent.Wants(http.StatusSeeOther)
		if n := h.One(`SELECT count(*) FROM audience_address`); n != 1 {
			t.Errorf("a word to a school is %d rows", n)
		}
		if n := h.One(`SELECT count(*) FROM audience_receipt`); n != 0 {
			t.Errorf("%d receipts of what nobody has read", n)
		}
		head.Get(sent.Header.Get("Location")).Wants(http.StatusOK, "Répondu pour 0 enfant sur")
		csv := head.Get(sent.Header.Get("Location") + ".csv")
		csv.Wants(http.StatusOK, h.Who(f.mother).Name())
		if n := h.One(`SELECT count(*) FROM audit_entry WHERE action = 'liaison.export-follow'`); n != 1 {
			t.Errorf("the list that left is journalled %d times", n)
		}
	})
}

// A word that is changed, or cancelled, is told again, and counted as it was the first time:
// somebody who acts on more people than anybody does is stopped.
func TestWhatIsToldIsCounted(t *testing.T) {
	h := onSQLite(t)
	f := h.two()
	teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
	class := len(h.Pupils(f.class))
	counted := func(what string, who school.ID, want int) {
		t.Helper()
		if got := h.Acted(who); got != want {
			t.Errorf("%s acts on %d people, want %d", what, got, want)
		}
	}
	word := publish(teacher, f.class, outing(f.class))
	counted("a word", f.teacher, class)
	teacher.SendFiles(word+"/amend", outing(f.class)).Wants(http.StatusSeeOther)
	counted("a word that is changed", f.teacher, class)
	teacher.Post(word+"/cancel", url.Values{"why": {"Il pleut."}}).Wants(http.StatusSeeOther)
	counted("a word that is cancelled", f.teacher, class)
	mother.Post("/liaison/tell", url.Values{"child": {f.pupil.String()}, "kind": {"absence"}}).Wants(http.StatusSeeOther)
	counted("a note", f.mother, 1)
}

// What a device keeps of a word goes when a judge keeps its reader from one of the children,
// whose answers are in it; and when somebody answers.
func TestACopyFollowsTheChildren(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		word := publish(h.Enter(f.teacher, school.Teacher), f.class, outing(f.class))
		mate := h.One(`SELECT min(person_id) FROM directory_membership WHERE class_id = $1 AND role = 'pupil' AND person_id <> $2`, f.class, f.pupil)
		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE directory_bond SET guardian_id = $1 WHERE pupil_id = $2 AND guardian_id = (SELECT min(guardian_id) FROM directory_bond WHERE pupil_id = $2)`, f.mother, mate)
			return err
		})
		mother := h.Enter(f.mother, school.Guardian)
		copied := func(path string) string {
			page := mother.Get(path)
			page.Wants(http.StatusOK, "Sortie au musée")
			version, _, _ := strings.Cut(page.Header.Get("Preau-Keep"), ";")
			return version
		}
		both, list := copied(word), copied("/liaison/")
		if again := copied(word); again != both || both == "" {
			t.Errorf("a word that did not change is %q, then %q", both, again)
		}
		mother.Post(word+"/answer", url.Values{"child": {mate.String()}, "answer": {"yes"}}).Wants(http.StatusSeeOther)
		one := copied(word)
		mother.Post(word+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {"yes"}}).Wants(http.StatusSeeOther)
		answered := copied(word)
		if one == both || answered == one || copied("/liaison/") == list {
			t.Error("the copy of before an answer stays")
		}
		h.Write(func(tx *db.Tx) error {
			_, err := directory.Restrict(tx, directory.Restriction{Pupil: mate, Guardian: f.mother, NoAccess: true, Reference: "JAF 12", From: db.At(tx.Now)})
			return err
		})
		if copied(word) == answered {
			t.Error("the copy with the answers of a child whom a judge keeps from her stays")
		}
	})
}

// What a word said before is shown a few versions at a time, the latest first, and each comes back.
// Each change keeps what the word was, and not what it had been before that.
func TestFormerVersionsComeAFewAtATime(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher := h.Enter(f.teacher, school.Teacher)
		word := publish(teacher, f.class, outing(f.class))
		for n := range 7 {
			h.Later(time.Minute)
			teacher.SendFiles(word+"/amend", url.Values{"title": {fmt.Sprint("Sortie numéro ", n)}, "body": {"Nous partons à 10 h."}}).Wants(http.StatusSeeOther)
		}
		page := teacher.Get(word + "/before")
		page.Wants(http.StatusOK, "Sortie numéro 5", "Sortie numéro 1", "Versions plus anciennes")
		page.Lacks(http.StatusOK, "Sortie numéro 0", "Sortie au musée")
		older := regexp.MustCompile(`href="([^"]*/before\?before=[0-9]+)"`).FindStringSubmatch(page.Text())
		if older == nil {
			t.Fatal("no link to the older versions")
		}
		rest := teacher.Get(older[1])
		rest.Wants(http.StatusOK, "Sortie numéro 0", "Sortie au musée")
		rest.Lacks(http.StatusOK, "Sortie numéro 1", "Versions plus anciennes")
		first := regexp.MustCompile(`name="until" value="([0-9]+)"`).FindAllStringSubmatch(rest.Text(), -1)
		teacher.Post(word+"/before", url.Values{"until": {first[1][1]}}).Wants(http.StatusSeeOther)
		h.Enter(f.mother, school.Guardian).Get(word).Wants(http.StatusOK, "Sortie au musée", "Nous partons à 9 h")
		least, most := h.One(`SELECT min(length(was)) FROM past_change`), h.One(`SELECT max(length(was)) FROM past_change`)
		if most > least+least/2 {
			t.Errorf("a change keeps from %d to %d bytes", least, most)
		}
	})
}

// The list counts those whom a word reaches, as its page does: the answer for a child who left the
// class since is of no count, and a word that waits for the others is among those that wait.
func TestAnAnswerForWhoLeftIsNotCounted(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
		word := publish(teacher, f.class, outing(f.class))
		mother.Post(word+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {"yes"}}).Wants(http.StatusSeeOther)
		all := len(h.Pupils(f.class))
		for _, path := range []string{"/liaison/", word + "/follow"} {
			teacher.Get(path).Wants(http.StatusOK, fmt.Sprintf("Répondu pour 1 enfant sur %d", all))
		}
		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE directory_membership SET until_at = $3 WHERE class_id = $1 AND person_id = $2`, f.class, f.pupil, db.At(tx.Now))
			return err
		})
		h.Later(time.Minute)
		for _, path := range []string{"/liaison/", word + "/follow"} {
			teacher.Get(path).Wants(http.StatusOK, fmt.Sprintf("Répondu pour 0 enfant sur %d", all-1))
		}
	})
}
