package message_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// postIn is the only post of pupils that waits, as the page of whoever reviews them names it.
func postIn(t *testing.T, page string) string {
	t.Helper()
	_, rest, found := strings.Cut(page, `action="/message/review/`)
	if !found {
		t.Fatalf("nothing waits in %s", page)
	}
	id, _, _ := strings.Cut(rest, "/")
	return "/message/review/" + id
}

// What a pupil writes to another leaves once an adult of the class accepts it; what is given
// back is read by its author alone. Neither is there until the teacher opens it.
func TestPupils(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		p.pupil.Get("/").Lacks(http.StatusOK, "Messagerie")
		class := "/message/class/" + p.class.String()
		p.teacher.Get(class).Wants(http.StatusOK, "Aux enseignants de la classe", "Entre eux")
		p.teacher.Post(class, url.Values{"to-teacher": {"on"}}).Wants(http.StatusSeeOther)
		if n := h.One(`SELECT count(*) FROM audit_entry WHERE action = 'message.open'`); n != 1 {
			t.Errorf("opening a class is journalled %d times", n)
		}
		p.pupil.Get("/").Wants(http.StatusOK, "Messagerie")
		p.pupil.Get("/message/").Wants(http.StatusOK, `href="/message/" aria-current`)
		send(p.pupil, p.classDesk(), says("Bonjour", "Je t’écris", key(p.cast.mate, 0))).Wants(http.StatusUnprocessableEntity)
		ask := begin(p.pupil, p.classDesk(), says("Maîtresse", "J’ai une question", key(p.cast.teacher, 0)))
		p.teacher.Get(ask).Wants(http.StatusOK, "J’ai une question")
		p.mate.Get(ask).Wants(http.StatusNotFound)
		send(p.teacher, ask, says("", "Je t’écoute")).Wants(http.StatusSeeOther)
		p.pupil.Get(ask).Wants(http.StatusOK, "Je t’écoute")

		p.teacher.Post(class, url.Values{"to-teacher": {"on"}, "among": {"on"}}).Wants(http.StatusSeeOther)
		p.pupil.Get(p.classDesk()).Wants(http.StatusOK, "Si tu écris à un élève, "+h.Who(p.cast.teacher).Formal()+" lit ton message avant qu’il parte",
			"Si tu écris à "+h.Who(p.cast.teacher).Formal()+", ton message part tout de suite. Aucun élève ne le lit.", h.Who(p.cast.mate).First)
		send(p.pupil, p.classDesk(), says("Jeu", "On joue", key(p.cast.mate, 0), key(p.cast.teacher, 0))).Wants(http.StatusUnprocessableEntity, "1 personne au plus")
		outside := h.One(`SELECT min(m.person_id) FROM directory_membership m WHERE m.role = 'pupil' AND m.class_id <> $1`, p.class)
		send(p.pupil, p.classDesk(), says("Jeu", "On joue", key(outside, 0))).Wants(http.StatusUnprocessableEntity)
		talk := begin(p.pupil, p.classDesk(), says("Jeu", "On joue au foot", key(p.cast.mate, 0)))
		p.pupil.Get(talk).Wants(http.StatusOK, "On joue au foot", "L’enseignant va le relire")
		p.mate.Get(talk).Wants(http.StatusNotFound)
		p.mate.Get("/message/").Lacks(http.StatusOK, "Jeu")
		p.other.Get("/message/review").Lacks(http.StatusOK, "On joue au foot")
		waits := h.Who(p.cast.pupil).Name() + " écrit à " + h.Who(p.cast.mate).Name()
		p.teacher.Get("/").Wants(http.StatusOK, waits, "À accepter ou à renvoyer", `href="/message/review"`)
		p.other.Get("/").Lacks(http.StatusOK, waits)
		p.mother.Get("/").Lacks(http.StatusOK, waits)
		page := p.teacher.Get("/message/review")
		page.Wants(http.StatusOK, "On joue au foot", h.Who(p.cast.mate).Name())
		post := postIn(t, page.Body)
		p.other.Post(post+"/accept", nil).Wants(http.StatusNotFound)
		p.pupil.Post(post+"/accept", nil).Wants(http.StatusNotFound)
		p.teacher.Post(post+"/return", url.Values{"why": {"Propose-lui aussi un autre jeu."}}).Wants(http.StatusSeeOther)
		p.pupil.Get("/").Wants(http.StatusOK, "Jeu", "À reprendre : ton message n’est pas parti", `href="`+talk+`"`, `<span class="count">1`)
		p.pupil.Get("/message/").Wants(http.StatusOK, "Jeu", "À reprendre", "1 message à lire")
		p.mate.Get("/message/").Lacks(http.StatusOK, "Jeu", "1 message à lire")
		p.pupil.Get(talk).Wants(http.StatusOK, "Propose-lui aussi un autre jeu", "Écris-le autrement à "+h.Who(p.cast.mate).First, "On joue au foot</textarea>")
		p.pupil.Get("/").Lacks(http.StatusOK, "À reprendre")
		p.pupil.Get("/message/").Wants(http.StatusOK, "Jeu", "Tout est lu")
		p.mate.Get(talk).Wants(http.StatusNotFound)
		p.teacher.Post(post+"/accept", nil).Wants(http.StatusNotFound)
		send(p.pupil, talk, says("", "On joue à la corde ?")).Wants(http.StatusSeeOther)
		p.teacher.Get("/message/").Wants(http.StatusOK, "1 message d’élève attend")
		p.teacher.Get("/").Wants(http.StatusOK, `<span class="count">`)
		p.teacher.Post(postIn(t, p.teacher.Get("/message/review").Body)+"/accept", nil).Wants(http.StatusSeeOther)
		p.teacher.Get("/").Lacks(http.StatusOK, waits)
		p.mate.Get("/message/").Wants(http.StatusOK, "Jeu", "1 message à lire")
		p.mate.Get(talk).Wants(http.StatusOK, "à la corde")
		p.mate.Get(talk).Lacks(http.StatusOK, "au foot", "Propose-lui")
		send(p.mate, talk, says("", "Oui !")).Wants(http.StatusSeeOther)
		p.pupil.Get(talk).Lacks(http.StatusOK, "Oui !")
		p.teacher.Post(class, nil).Wants(http.StatusSeeOther)
		p.pupil.Get(talk).Wants(http.StatusOK, "à la corde", "Tu ne peux pas y répondre")
		p.pupil.Get(p.classDesk()).Wants(http.StatusNotFound)
		send(p.pupil, talk, says("", "Encore")).Wants(http.StatusUnprocessableEntity)
	})
}

// A teacher writes to the pupils of the class together: each answers the teacher alone,
// where that is open.
func TestAMessageToAClassOfPupils(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		whole := begin(p.teacher, p.classDesk(), url.Values{"to": {"class:" + p.class.String() + ":pupils"}, "subject": {"Poésie"}, "body": {"À apprendre pour jeudi."}})
		p.pupil.Get("/").Wants(http.StatusOK, "Messagerie")
		p.pupil.Get("/message/").Wants(http.StatusOK, "Poésie")
		p.pupil.Get(whole).Wants(http.StatusOK, "jeudi", "Tu ne peux pas y répondre")
		p.mother.Get(whole).Wants(http.StatusNotFound)
		p.teacher.Post("/message/class/"+p.class.String(), url.Values{"to-teacher": {"on"}})
		answer := send(p.pupil, whole, says("", "Quelle poésie ?"))
		answer.Wants(http.StatusSeeOther)
		p.mate.Get(answer.Header.Get("Location")).Wants(http.StatusNotFound)
		p.teacher.Get(answer.Header.Get("Location")).Wants(http.StatusOK, "Quelle poésie")
	})
}

// A head narrows and widens who writes to whom in their school, and each change is
// journalled; parents write to each other there alone, and never to the other parent of
// their child.
func TestRules(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		mate := key(p.cast.parent, p.cast.mate)
		operator := h.Enter(h.Operator(), school.Operator)
		operator.Get("/message/rules").Wants(http.StatusOK, "Pour toutes les écoles")
		operator.Post("/message/rules", url.Values{"guardian-guardian": {"yes"}}).Wants(http.StatusUnprocessableEntity)
		rules := p.head.Get("/message/rules").Header.Get("Location")
		p.head.Get(rules).Wants(http.StatusOK, "Un parent écrit", "aux parents")
		p.head.Post(rules, url.Values{"guardian-guardian": {"never"}}).Wants(http.StatusUnprocessableEntity)
		p.head.Post(rules, url.Values{"guardian-guardian": {"yes"}, "guardian-teacher": {"no"}}).Wants(http.StatusSeeOther)
		if n := h.One(`SELECT count(*) FROM audit_entry WHERE action = 'message.rule'`); n != 2 {
			t.Errorf("two rules that changed are journalled %d times", n)
		}
		page := p.mother.Get(p.childDesk())
		page.Wants(http.StatusOK, h.Who(p.cast.parent).Name())
		page.Lacks(http.StatusOK, h.Who(p.cast.father).Name(), h.Who(p.cast.teacher).Formal())
		talk := begin(p.mother, p.childDesk(), says("Goûter", "Samedi ?", mate))
		p.parent.Get(talk).Wants(http.StatusOK, "Samedi ?")
		operator.Post("/message/rules", url.Values{"guardian-guardian": {"never"}}).Wants(http.StatusSeeOther)
		send(p.mother, p.childDesk(), says("Goûter", "Dimanche ?", mate)).Wants(http.StatusUnprocessableEntity)
		send(p.parent, talk, says("", "Oui")).Wants(http.StatusUnprocessableEntity)
		p.head.Post(rules, url.Values{"guardian-guardian": {"yes"}}).Wants(http.StatusUnprocessableEntity)
	})
}

// An agent of the commune writes to the heads of its schools, and to nobody else.
func TestAnAgentOfTheCommune(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		desk := "/message/new/commune/" + h.Above(p.at, directory.Commune).String()
		agent := h.Enter(h.Appoint("Agent", school.Municipal, h.Above(p.at, directory.Commune)), school.Municipal)
		agent.Get(desk).Wants(http.StatusOK, h.Who(h.Head(p.at)).Name())
		agent.Get(desk).Lacks(http.StatusOK, h.Who(p.cast.teacher).Name())
		talk := begin(agent, desk, says("La cantine", "Un mot.", key(h.Head(p.at), 0)))
		p.head.Get(talk).Wants(http.StatusOK, "Un mot.")
		send(p.head, talk, says("", "Merci.")).Wants(http.StatusSeeOther)
		agent.Get(talk).Wants(http.StatusOK, "Merci.")
		p.other.Get(desk).Wants(http.StatusNotFound)
	})
}

// A commune says whom its agents may address; it opens nothing that a school has shut, and
// changes no rule of a school's.
func TestACommuneGovernsItsAgents(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		commune := h.Above(p.at, directory.Commune)
		desk, rules, schoolRules := "/message/new/commune/"+commune.String(), "/message/rules/commune/"+commune.String(), "/message/rules/school/"+p.at.String()
		agent := h.Enter(h.Appoint("Agent", school.Municipal, commune), school.Municipal)
		name := h.Who(h.Head(p.at)).Name()
		agent.Get("/message/").Wants(http.StatusOK, rules)
		agent.Get(rules).Wants(http.StatusOK, "municipal-head", "agents de la commune")
		agent.Get(rules).Lacks(http.StatusOK, "guardian-teacher")
		agent.Post(rules, url.Values{"municipal-head": {"never"}}).Wants(http.StatusUnprocessableEntity)
		agent.Post(rules, url.Values{"municipal-head": {"no"}, "guardian-teacher": {"no"}}).Wants(http.StatusSeeOther)
		agent.Get(desk).Lacks(http.StatusOK, name)
		p.head.Get(schoolRules).Wants(http.StatusOK, `value="yes" selected`)
		p.mother.Get(p.childDesk()).Wants(http.StatusOK, h.Who(p.cast.teacher).Formal())
		if n := h.One(`SELECT count(*) FROM audit_entry WHERE action = 'message.rule' AND school_id = 0`); n != 1 {
			t.Errorf("a rule of a commune is journalled %d times", n)
		}
		agent.Post(rules, url.Values{"municipal-head": {"yes"}}).Wants(http.StatusSeeOther)
		agent.Get(desk).Wants(http.StatusOK, name)
		p.head.Post(schoolRules, url.Values{"municipal-head": {"no"}}).Wants(http.StatusSeeOther)
		agent.Post(rules, url.Values{"municipal-head": {"yes"}}).Wants(http.StatusSeeOther)
		agent.Get(desk).Lacks(http.StatusOK, name)
		agent.Get(schoolRules).Wants(http.StatusNotFound)
		agent.Post(schoolRules, url.Values{"municipal-head": {"yes"}}).Wants(http.StatusNotFound)
		p.head.Get(rules).Wants(http.StatusNotFound)
		p.teacher.Post(rules, url.Values{"municipal-head": {"no"}}).Wants(http.StatusNotFound)
		h.Enter(h.Operator(), school.Operator).Get(rules).Wants(http.StatusNotFound)
		agent.Get("/message/rules/commune/" + p.at.String()).Wants(http.StatusNotFound)
	})
}

// A child who does not read has no messages, whatever is opened: no tile, no page, and
// nobody writes to them.
func TestPreReaders(t *testing.T) {
	onBoth(t, func(h *town) {
		var class, child, at school.ID
		h.Read(func(tx *db.Tx) error {
			return tx.Get([]any{&class, &child, &at}, `SELECT m.class_id, m.person_id, c.school_id FROM directory_membership m
				JOIN directory_class c ON c.id = m.class_id AND c.kind = 'class' JOIN directory_enrolment e ON e.person_id = m.person_id
				WHERE m.role = 'pupil' AND e.level_code = '1111' ORDER BY m.person_id LIMIT 1`)
		})
		teacher := h.Teachers(at)[0]
		h.Attach(class, teacher)
		v, small := h.Enter(teacher, school.Teacher), h.Enter(child, school.Pupil)
		v.Post("/message/class/"+class.String(), url.Values{"to-teacher": {"on"}, "among": {"on"}})
		small.Get("/").Lacks(http.StatusOK, "Messagerie")
		small.Get("/message/").Wants(http.StatusNotFound)
		small.Get("/message/new/class/" + class.String()).Wants(http.StatusNotFound)
		send(v, "/message/new/class/"+class.String(), says("x", "y", key(child, 0))).Wants(http.StatusUnprocessableEntity)
	})
}

// An adult reads each message of a pupil before it leaves: some wait, and no more.
func TestSomeMessagesWaitAndNoMore(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		p.teacher.Post("/message/class/"+p.class.String(), url.Values{"among": {"on"}}).Wants(http.StatusSeeOther)
		const most = 10
		talk := begin(p.pupil, p.classDesk(), says("Jeu", "On joue", key(p.cast.mate, 0)))
		for range most - 1 {
			send(p.pupil, talk, says("", "Alors ?")).Wants(http.StatusSeeOther)
		}
		send(p.pupil, talk, says("", "Encore")).Wants(http.StatusUnprocessableEntity, "Tu as déjà 10 messages", "Encore")
		send(p.pupil, p.classDesk(), says("Jeu", "Un autre", key(p.cast.mate, 0))).Wants(http.StatusUnprocessableEntity, "Tu as déjà 10 messages", "Un autre")
		if n := h.One(`SELECT count(*) FROM message_post WHERE state = 'held'`); n != most {
			t.Errorf("%d messages wait", n)
		}
		p.teacher.Post(postIn(t, p.teacher.Get("/message/review").Body)+"/accept", nil).Wants(http.StatusSeeOther)
		send(p.pupil, talk, says("", "Encore")).Wants(http.StatusSeeOther)
	})
}
