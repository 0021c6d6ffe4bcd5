package liaison_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
)

// A word is for several classes at once: a family of two of them is counted once, has one word
// and answers for each child; each class is followed apart. Who teaches one of them alone follows
// that one, and changes nothing.
func TestAWordToSeveralClasses(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		var other, third school.ID
		for _, class := range h.Classes(h.near[0]) {
			if class.ID != f.class {
				other, third = class.ID, other
			}
		}
		colleague := h.Teachers(h.near[0])[1]
		h.Attach(other, f.teacher)
		h.Attach(other, colleague)
		mate := h.Pupils(other)[0].ID
		h.siblings(f, mate)
		teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
		path := "/liaison/new/class/" + f.class.String()
		teacher.Get(path).Wants(http.StatusOK, "Plusieurs classes ensemble", `name="class" value="`+other.String()+`"`)
		parents := h.One(`SELECT count(DISTINCT b.guardian_id) FROM directory_membership m JOIN directory_bond b ON b.pupil_id = m.person_id
			JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation WHERE m.role = 'pupil' AND m.class_id IN ($1, $2)`, f.class, other)
		children := len(h.Pupils(f.class)) + len(h.Pupils(other))
		asked := teacher.Get(path + "?who&class=" + f.class.String() + "&class=" + other.String())
		asked.Wants(http.StatusOK, fmt.Sprintf("%d parents de %d enfants", parents, children))
		both := classes(outing(f.class), f.class, other)
		for name, form := range map[string]url.Values{
			"with a class that is not theirs": classes(outing(f.class), f.class, third),
			"with one of another school":      classes(outing(f.class), f.class, h.Classes(h.far[0])[0].ID),
		} {
			if got := send(teacher, path, form); got.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d", name, got.StatusCode)
			}
		}
		mixed := classes(outing(f.class), f.class, other)
		mixed.Set("family", f.pupil.String())
		send(teacher, path, mixed).Wants(http.StatusUnprocessableEntity, "Cochez des familles ou des classes", "Sortie au musée")

		word := publish(teacher, f.class, both)
		if n := strings.Count(mother.Get("/liaison/").Main(), `href="`+word+`"`); n != 1 {
			t.Errorf("the mother of two has the word %d times", n)
		}
		mother.Get(word).Wants(http.StatusOK, h.Who(f.pupil).First, h.Who(mate).First)
		mother.Post(word+"/answer", url.Values{"child": {mate.String()}, "answer": {"yes"}}).Wants(http.StatusSeeOther)
		labels := map[school.ID]string{}
		for _, class := range h.Classes(h.near[0]) {
			labels[class.ID] = class.Label
		}
		counted := func(class school.ID, done int) string {
			return fmt.Sprintf("%s · Répondu pour %d enfant sur %d", labels[class], done, len(h.Pupils(class)))
		}
		follow := teacher.Get(word + "/follow")
		follow.Wants(http.StatusOK, counted(f.class, 0), counted(other, 1), fmt.Sprintf("Répondu pour 1 enfant sur %d", children))
		teacher.Get(word+"/follow.csv").Wants(http.StatusOK, "Classe", labels[f.class], labels[other])
		teacher.Get("/liaison/").Wants(http.StatusOK, word+"/follow")
		teacher.Get("/search?q=musee").Wants(http.StatusOK, "Sortie au musée")

		theirTeacher := h.Enter(colleague, school.Teacher)
		theirTeacher.Get("/liaison/").Wants(http.StatusOK, word+"/follow", fmt.Sprintf("Répondu pour 1 enfant sur %d", len(h.Pupils(other))))
		theirs := theirTeacher.Get(word + "/follow")
		theirs.Wants(http.StatusOK, h.Who(mate).Name(), fmt.Sprintf("Répondu pour 1 enfant sur %d", len(h.Pupils(other))))
		theirs.Lacks(http.StatusOK, h.Who(f.pupil).Name(), word+"/amend", word+"/remind")
		for _, act := range []string{"/amend", "/cancel"} {
			theirTeacher.Get(word + act).Wants(http.StatusNotFound)
		}
		theirTeacher.Post(word+"/remind", nil).Wants(http.StatusNotFound)
		teacher.Post(word+"/paper", url.Values{"slip": {h.token(word, f.pupil, 0)}, "answer-0": {"no"}}).Wants(http.StatusSeeOther)
		theirTeacher.Post(word+"/paper", url.Values{"slip": {h.token(word, f.pupil, 0)}, "answer-0": {"yes"}}).Wants(http.StatusNotFound)
		theirTeacher.Post(word+"/paper/withdraw", url.Values{"child": {f.pupil.String()}, "person": {"0"}}).Wants(http.StatusNotFound)
		theirTeacher.Get(voiceAt(word, f.pupil, f.mother)).Wants(http.StatusNotFound)
		teacher.Post(word+"/paper/withdraw", url.Values{"child": {f.pupil.String()}, "person": {"0"}}).Wants(http.StatusSeeOther)
		h.Enter(h.Teachers(h.near[0])[2], school.Teacher).Get(word + "/follow").Wants(http.StatusNotFound)
		head := h.Enter(h.Head(h.near[0]), school.Head)
		head.Get(word+"/follow").Wants(http.StatusOK, counted(f.class, 0), counted(other, 1))

		alone := publish(teacher, f.class, classes(outing(f.class), other))
		if n := h.One(`SELECT class_id FROM liaison_word WHERE id = $1`, idOf(t, alone)); n != other {
			t.Errorf("a word to one class that was ticked is of the class %d", n)
		}
		teacher.Post(word+"/cancel", url.Values{"why": {"Il pleut"}}).Wants(http.StatusSeeOther)
	})
}

// A head chooses several classes of the school in the same place.
func TestAHeadWritesToSeveralClasses(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		head := h.Enter(h.Head(h.near[0]), school.Head)
		all := h.Classes(h.near[0])
		form := classes(outing(f.class), all[0].ID, all[1].ID)
		path := "/liaison/new/school/" + h.near[0].String()
		head.Get(path).Wants(http.StatusOK, "Plusieurs classes ensemble")
		sent := send(head, path, form)
		sent.Wants(http.StatusSeeOther)
		head.Get(sent.Header.Get("Location")).Wants(http.StatusOK, all[0].Label+" · Répondu pour 0 enfant", all[1].Label+" · Répondu pour 0 enfant")
		if n := h.One(`SELECT count(*) FROM liaison_class`); n != 2 {
			t.Errorf("it is of %d classes", n)
		}
	})
}

// classes is the answer that ticks some classes together.
func classes(form url.Values, ids ...school.ID) url.Values {
	form.Del("to")
	for _, id := range ids {
		form.Add("class", id.String())
	}
	return form
}

// An aide reads what is said to all the families of the class in which they help: not what is
// said to one family, nor what families answer and tell, and in school time only.
func TestAnAideReadsTheWordsOfTheirClass(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
		word := publish(teacher, f.class, outing(f.class), house.Shot(t, 300, 200))
		form := outing(f.class)
		form.Del("to")
		form["family"], form["title"] = []string{f.pupil.String()}, []string{"Pour une famille"}
		alone := publish(teacher, f.class, form)
		mother.Post(word+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {"no"}}).Wants(http.StatusSeeOther)
		note := tells(mother, teacher, today(f.pupil))
		aide := h.Enter(h.aide(f.class), school.Staff)
		aide.Get("/").Wants(http.StatusOK, `href="/liaison/"`)
		list := aide.Get("/liaison/")
		list.Wants(http.StatusOK, "Sortie au musée", word)
		list.Lacks(http.StatusOK, "Pour une famille", "enfant sur", "/liaison/new", "/liaison/notes", "/liaison/tell")
		read := aide.Get(word)
		read.Wants(http.StatusOK, "Nous partons à 9 h.", "Musée des Beaux-Arts", "Un pique-nique", word+"/photo/1")
		read.Lacks(http.StatusOK, "Votre réponse", word+"/answer", word+"/follow", h.Who(f.pupil).Name(), h.Who(f.mother).Name())
		aide.Get(word + "/photo/1").Wants(http.StatusOK)
		aide.Get("/search?q=musee").Wants(http.StatusOK, "Sortie au musée")
		for name, got := range map[string]house.Reply{
			"what is for one family":   aide.Get(alone),
			"who answered":             aide.Get(word + "/follow"),
			"the follow-up, taken":     aide.Get(word + "/follow.csv"),
			"what families tell":       aide.Get("/liaison/notes"),
			"what one of them told":    aide.Get(note),
			"a reminder":               aide.Post(word+"/remind", nil),
			"an answer":                aide.Post(word+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {"yes"}}),
			"a change":                 aide.Get(word + "/amend"),
			"a word":                   aide.Get("/liaison/new"),
			"what somebody says aloud": aide.Get(voiceAt(word, f.pupil, f.mother)),
		} {
			if got.StatusCode != http.StatusNotFound && got.StatusCode != http.StatusForbidden {
				t.Errorf("%s is not refused to an aide: %d", name, got.StatusCode)
			}
		}
		if n := h.One(`SELECT count(*) FROM audience_receipt WHERE person_id NOT IN ($1, $2)`, f.mother, f.teacher); n != 0 {
			t.Error("that an aide read it is counted")
		}
		idle := h.Enter(h.aide(0), school.Staff)
		idle.Get("/liaison/").Wants(http.StatusOK, "classes que la direction vous a confiées")
		idle.Get(word).Wants(http.StatusNotFound)
		h.Later(8 * 60 * 60 * 1e9) // in the evening
		late := h.Enter(h.One(`SELECT person_id FROM directory_grant`), school.Staff)
		late.Get(word).Wants(http.StatusNotFound)
		shut := late.Get("/liaison/")
		shut.Wants(http.StatusOK, "Les mots s’ouvrent les jours d’école, de 7\u00a0h à 19\u00a0h.")
		shut.Lacks(http.StatusOK, "Pas encore de mot", "Sortie au musée")
	})
}

// aide appoints somebody who helps in a class; in none where it is 0.
func (h *town) aide(class school.ID) school.ID {
	h.T.Helper()
	if class == 0 {
		return h.Appoint("Sansclasse", school.Staff, h.near[0])
	}
	person := h.Appoint("Atsem", school.Staff, h.near[0])
	h.Write(func(tx *db.Tx) error {
		return directory.Give(tx, directory.Grant{Person: person, School: h.near[0], Class: class, GrantedBy: h.Head(h.near[0]), Reason: "test"}, time.Time{})
	})
	return person
}

// What is to do comes first in the list: to a parent what waits for an answer, the nearest day
// first, then what they have not read, then the rest by date, each with its state in words; to
// whoever follows, what still waits for families.
func TestWhatIsToDoComesFirst(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
		written := map[string]string{}
		write := func(title, asks, due string) {
			t.Helper()
			form := outing(f.class)
			form.Set("title", title)
			form.Set("asks", asks)
			form.Set("due", due)
			written[title] = publish(teacher, f.class, form)
			h.Later(time.Minute)
		}
		write("Ancien lu", "read", "")
		write("Ancien répondu", "sign", "2026-10-08")
		write("Pour vendredi", "sign", "2026-10-09")
		write("Sans date", "yes-no", "")
		write("Pour mardi", "yes-no", "2026-10-06")
		write("Neuf à lire", "read", "")
		write("Annulé", "sign", "2026-10-06")
		write("Dernier lu", "read", "")
		mother.Get(written["Ancien lu"])
		mother.Get(written["Dernier lu"])
		mother.Get(written["Annulé"])
		mother.Post(written["Ancien répondu"]+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {"signed"}}).Wants(http.StatusSeeOther)
		teacher.Post(written["Annulé"]+"/cancel", url.Values{"why": {"Il pleut"}}).Wants(http.StatusSeeOther)
		mother.Get(written["Annulé"])
		order := func(v house.Visitor, path string, want ...string) {
			t.Helper()
			page, at := v.Get(path).Main(), map[string]int{}
			for title, path := range written {
				at[title] = strings.Index(page, `href="`+path)
			}
			got := slices.Sorted(maps.Keys(at))
			slices.SortFunc(got, func(a, b string) int { return at[a] - at[b] })
			if !slices.Equal(got, want) {
				t.Errorf("%s is in the order %q, want %q", path, got, want)
			}
		}
		for _, path := range []string{"/liaison/", "/liaison/?child=" + f.pupil.String()} {
			order(mother, path, "Pour mardi", "Pour vendredi", "Sans date", "Neuf à lire", "Dernier lu", "Annulé", "Ancien répondu", "Ancien lu")
		}
		mother.Get("/liaison/").Wants(http.StatusOK, "Répondre oui ou non avant la fin", "À signer avant la fin", "À lire", "Lu", "Annulé", "C’est répondu")
		order(teacher, "/liaison/", "Pour mardi", "Ancien répondu", "Pour vendredi", "Sans date", "Dernier lu", "Annulé", "Neuf à lire", "Ancien lu")
		h.Later(2 * 24 * time.Hour)
		h.Enter(f.mother, school.Guardian).Get("/liaison/").Wants(http.StatusOK, "Date passée, sans réponse")
		order(h.Enter(f.mother, school.Guardian), "/liaison/", "Pour vendredi", "Sans date", "Neuf à lire", "Pour mardi", "Dernier lu", "Annulé", "Ancien répondu", "Ancien lu")
	})
}
