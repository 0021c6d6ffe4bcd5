package message_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
)

// Nobody reads a conversation of others, nor writes to whom the rules do not let them.
func TestWhatIsRefused(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		talk := begin(p.mother, p.childDesk(), says("Le cahier", "Bonjour", key(p.cast.teacher, p.cast.pupil)))
		families := url.Values{"to": {string(audience.Audience{Place: audience.Class, Of: p.class, Side: audience.Families}.ID())}, "subject": {"x"}, "body": {"y"}}
		for name, c := range map[string]struct {
			reply  house.Reply
			status int
		}{
			"who is signed out reads":                     {house.Visitor{House: h.House}.Get(talk), http.StatusSeeOther},
			"the other parent reads":                      {p.father.Get(talk), http.StatusNotFound},
			"and prints":                                  {p.father.Get(talk + "/print"), http.StatusNotFound},
			"and answers":                                 {send(p.father, talk, says("", "x")), http.StatusNotFound},
			"and archives":                                {p.father.Post(talk+"/archive", nil), http.StatusNotFound},
			"and takes it back":                           {p.father.Post(talk+"/recall", nil), http.StatusNotFound},
			"and blocks":                                  {p.father.Post(talk+"/block", nil), http.StatusNotFound},
			"a parent of another school reads":            {p.stranger.Get(talk), http.StatusNotFound},
			"a colleague reads":                           {p.other.Get(talk), http.StatusNotFound},
			"the head reads":                              {p.head.Get(talk), http.StatusNotFound},
			"the child reads":                             {p.pupil.Get(talk), http.StatusNotFound},
			"a parent writes to another":                  {send(p.mother, p.childDesk(), says("x", "y", key(p.cast.parent, p.cast.mate))), http.StatusUnprocessableEntity},
			"a parent writes to a teacher of no child":    {send(p.mother, p.childDesk(), says("x", "y", key(p.cast.other, p.cast.pupil))), http.StatusUnprocessableEntity},
			"a parent writes about a child of others":     {p.stranger.Get(p.childDesk()), http.StatusNotFound},
			"a parent writes to a class":                  {send(p.mother, p.classDesk(), families), http.StatusNotFound},
			"a parent writes to the team":                 {p.mother.Get(p.teamDesk()), http.StatusNotFound},
			"a teacher writes to a class of others":       {send(p.other, p.classDesk(), families), http.StatusNotFound},
			"a teacher writes to a stranger":              {send(p.teacher, p.classDesk(), says("x", "y", key(p.cast.stranger, 0))), http.StatusUnprocessableEntity},
			"a teacher writes to the whole school":        {p.teacher.Get("/message/new/school/" + p.at.String()), http.StatusNotFound},
			"a pupil writes where nothing is open":        {p.pupil.Get(p.classDesk()), http.StatusNotFound},
			"a pupil opens the room where nothing is":     {p.pupil.Get("/message/"), http.StatusNotFound},
			"a pupil opens the class":                     {p.pupil.Post("/message/class/"+p.class.String(), url.Values{"among": {"on"}}), http.StatusNotFound},
			"a teacher opens another class":               {p.other.Post("/message/class/"+p.class.String(), url.Values{"among": {"on"}}), http.StatusNotFound},
			"a teacher changes the rules":                 {p.teacher.Get("/message/rules"), http.StatusNotFound},
			"a head changes the project's":                {p.head.Post("/message/rules", url.Values{"guardian-guardian": {"yes"}}), http.StatusNotFound},
			"a head changes another school's":             {p.head.Post("/message/rules/school/"+h.One(`SELECT min(id) FROM directory_structure WHERE kind = 'school' AND id <> $1`, p.at).String(), nil), http.StatusNotFound},
			"without a subject":                           {send(p.mother, p.childDesk(), says(" ", "y", key(p.cast.teacher, p.cast.pupil))), http.StatusUnprocessableEntity},
			"without a word":                              {send(p.mother, p.childDesk(), says("x", " ", key(p.cast.teacher, p.cast.pupil))), http.StatusUnprocessableEntity},
			"to nobody":                                   {send(p.mother, p.childDesk(), says("x", "y")), http.StatusUnprocessableEntity},
			"a conversation that is none":                 {p.mother.Get("/message/thread/1"), http.StatusNotFound},
			"a draft of nobody":                           {p.mother.Get("/message/draft/1"), http.StatusNotFound},
			"and the conversation is still there, intact": {p.teacher.Get(talk), http.StatusOK},
		} {
			if c.reply.StatusCode != c.status {
				t.Errorf("%s: %d, want %d", name, c.reply.StatusCode, c.status)
			}
		}
	})
}

// A parent and a teacher talk about a child: each reads what the other says, is told of it,
// and finds it; what was read is new again when something more is said.
func TestAConversation(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		child := h.Who(p.cast.pupil).First
		p.mother.Get(p.childDesk()).Wants(http.StatusOK, h.Who(p.cast.teacher).Formal(), h.Who(h.Head(p.at)).Formal())
		talk := begin(p.mother, p.childDesk(), says("Le cahier rouge", "Il est à la maison.", key(p.cast.teacher, p.cast.pupil)))
		p.teacher.Get("/").Wants(http.StatusOK)
		p.teacher.Get("/message/").Wants(http.StatusOK, "1 message à lire", "Le cahier rouge", child, h.Who(p.cast.mother).Name())
		p.teacher.Get(talk).Wants(http.StatusOK, "Il est à la maison", "Concerne "+child)
		p.teacher.Get("/message/").Wants(http.StatusOK, "Tout est lu")
		p.mother.Get("/message/").Lacks(http.StatusOK, "Le cahier rouge")
		p.mother.Get("/message/sent").Wants(http.StatusOK, "Le cahier rouge")
		h.Later(60 * 1e9)
		send(p.teacher, talk, says("", "Apportez-le demain.")).Wants(http.StatusSeeOther)
		p.mother.Get("/").Wants(http.StatusOK, "Nouveau (1)", "Le cahier rouge", child)
		p.mother.Get("/message/").Wants(http.StatusOK, "1 message à lire", h.Who(p.cast.teacher).Formal())
		p.father.Get("/").Lacks(http.StatusOK, "Le cahier rouge")
		p.father.Get("/search?q=cahier").Lacks(http.StatusOK, "Le cahier rouge")
		p.mother.Get("/search?q=cahier").Wants(http.StatusOK, "Le cahier rouge")
		named := "/search?q=" + url.QueryEscape(h.Who(p.cast.teacher).Usual) // who answered, and did not begin it
		p.father.Get(named).Lacks(http.StatusOK, "Le cahier rouge")
		p.mother.Get(named).Wants(http.StatusOK, "Le cahier rouge")
		p.mother.Get(talk).Wants(http.StatusOK, "Apportez-le demain")
		p.mother.Get("/message/").Wants(http.StatusOK, "Tout est lu")
		p.mother.Get(talk+"/print").Wants(http.StatusOK, "Apportez-le demain", "Il est à la maison")
		p.mother.Post(talk+"/archive", nil).Wants(http.StatusSeeOther)
		p.mother.Get("/message/").Lacks(http.StatusOK, "Le cahier rouge")
		p.mother.Get("/message/archived").Wants(http.StatusOK, "Le cahier rouge")
		p.teacher.Get("/message/").Wants(http.StatusOK, "Le cahier rouge")
		p.mother.Post(talk+"/put-back", nil).Wants(http.StatusSeeOther)
		p.mother.Get("/message/").Wants(http.StatusOK, "Le cahier rouge")
	})
}

// Whoever receives a message to a group reads the name of the group and of nobody in it;
// an answer goes to the author alone.
func TestAGroupIsNotDisclosed(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		families := string(audience.Audience{Place: audience.Class, Of: p.class, Side: audience.Families}.ID())
		whole := begin(p.teacher, p.classDesk(), url.Values{"to": {families}, "subject": {"Sortie"}, "body": {"Mardi."}})
		named := begin(p.teacher, p.classDesk(), says("Rendez-vous", "Jeudi.", key(p.cast.mother, p.cast.pupil), key(p.cast.father, p.cast.pupil), key(p.cast.parent, p.cast.mate)))
		some := begin(p.teacher, p.classDesk(), url.Values{"family": {p.cast.pupil.String(), p.cast.mate.String()}, "subject": {"Goûter"}, "body": {"Lundi."}})
		everybody := h.Some(`SELECT DISTINCT b.guardian_id FROM directory_bond b JOIN directory_membership m ON m.person_id = b.pupil_id WHERE m.class_id = $1`, p.class)
		for _, thread := range []string{whole, named, some} {
			for _, page := range []string{p.mother.Get(thread).Text(), p.mother.Get(thread + "/print").Text(), p.mother.Get("/message/").Text(), p.mother.Get("/").Text()} {
				for _, one := range append(everybody, p.cast.mate) {
					if who := h.Who(one); one != p.cast.mother && strings.Contains(page, who.Name()) {
						t.Errorf("%s is named in %s to somebody else", who.Name(), thread)
					}
					if one != p.cast.mother && strings.Contains(page, one.String()) {
						t.Errorf("%s is in the page %s", one, thread)
					}
				}
			}
		}
		p.mother.Get(whole).Wants(http.StatusOK, "Les familles de", "Concerne "+h.Who(p.cast.pupil).First)
		p.mother.Get(named).Wants(http.StatusOK, "plusieurs personnes")
		p.mother.Get(some).Wants(http.StatusOK, "Quelques familles")
		answer := send(p.mother, whole, says("", "Nous viendrons."))
		answer.Wants(http.StatusSeeOther)
		own := answer.Header.Get("Location")
		if own == whole {
			t.Error("an answer to a group stays in it")
		}
		p.father.Get(own).Wants(http.StatusNotFound)
		p.father.Get(whole).Lacks(http.StatusOK, "Nous viendrons")
		p.teacher.Get(own).Wants(http.StatusOK, "Nous viendrons")
		p.teacher.Get(whole).Wants(http.StatusOK, "1 réponse, à vous seul")
		again := send(p.mother, whole, says("", "À trois."))
		if again.Header.Get("Location") != own {
			t.Error("a second answer begins another conversation")
		}
		if n := h.One(`SELECT count(*) FROM audience_address a JOIN message_thread t ON t.id = a.thing_id WHERE t.subject = 'Sortie' AND t.kind = 'group'`); n != 2 {
			t.Errorf("a message to a class is %d rows: its families and its author", n)
		}
	})
}

// Of what colleagues say together, who left their school reads what was said before, and
// is told nothing more.
func TestWhoLeftHearsNoMore(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		form := says("Le goûter", "Qui vient ?", key(p.cast.other, 0), key(h.Head(p.at), 0))
		form.Set("together", "on")
		talk := begin(p.teacher, p.teamDesk(), form)
		send(p.other, talk, says("", "Moi !")).Wants(http.StatusSeeOther)
		h.Later(60 * 1e9)
		elsewhere := h.far[0]
		if elsewhere == p.at {
			elsewhere = h.far[1]
		}
		h.Write(func(tx *db.Tx) error {
			if _, err := tx.Exec(`UPDATE directory_function SET until_at = $1 WHERE structure_id = $2 AND person_id IN ($3, $4)`, db.At(tx.Now), p.at, p.cast.other, p.cast.teacher); err != nil {
				return err
			}
			_, err := tx.Exec(`INSERT INTO directory_function (person_id, structure_id, year, code, specialty, from_at, profile)
				SELECT f.person_id, $1, f.year, f.code, f.specialty, $2, f.profile FROM directory_function f WHERE f.structure_id = $3 AND f.person_id IN ($4, $5)`,
				elsewhere, db.At(tx.Now), p.at, p.cast.other, p.cast.teacher)
			return err
		})
		h.Later(60 * 1e9)
		send(p.head, talk, says("", "Sans les partants.")).Wants(http.StatusSeeOther)
		for _, gone := range []school.ID{p.cast.other, p.cast.teacher} {
			v := h.Enter(gone, school.Teacher)
			page := v.Get(talk)
			page.Lacks(http.StatusOK, "Sans les partants")
			page.Wants(http.StatusOK, "Qui vient", "Moi !", "ne se poursuit plus")
			send(v, talk, says("", "Et moi ?")).Wants(http.StatusUnprocessableEntity)
			v.Get("/").Lacks(http.StatusOK, "Le goûter")
			v.Get("/message/").Lacks(http.StatusOK, "message à lire")
			v.Get("/search?q=partants").Lacks(http.StatusOK, "Le goûter")
			p.head.Get(talk).Wants(http.StatusOK, "Sans les partants")
		}
	})
}

// Colleagues talk together where who begins says so; otherwise they answer the author
// alone, and who has left reads what was theirs.
func TestATeam(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		head := h.Head(p.at)
		open := says("Le goûter", "Qui vient ?", key(p.cast.other, 0), key(head, 0))
		open.Set("together", "on")
		circle := begin(p.teacher, p.teamDesk(), open)
		send(p.other, circle, says("", "Moi !")).Wants(http.StatusSeeOther)
		p.head.Get(circle).Wants(http.StatusOK, "Moi !", h.Who(p.cast.other).Name())
		team := begin(p.teacher, p.teamDesk(), url.Values{"to": {"team"}, "subject": {"Réunion"}, "body": {"À midi."}})
		p.other.Get(team).Wants(http.StatusOK, "À midi", "L’équipe")
		p.mother.Get(team).Wants(http.StatusNotFound)
		families := string(audience.Audience{Place: audience.Class, Of: p.class, Side: audience.Families}.ID())
		word := begin(p.teacher, p.classDesk(), url.Values{"to": {families}, "subject": {"Photo de classe"}, "body": {"Mardi."}})
		talk := begin(p.mother, p.childDesk(), says("Une question", "Peut-on venir ?", key(p.cast.teacher, p.cast.pupil)))
		h.Later(60 * 1e9)
		h.Write(func(tx *db.Tx) error { return directory.Detach(tx, p.class, p.cast.teacher, head) })
		p.teacher.Get(word).Wants(http.StatusOK, "Mardi")
		p.teacher.Get(talk).Wants(http.StatusOK, "Peut-on venir", "ne se poursuit plus")
		send(p.teacher, talk, says("", "Oui.")).Wants(http.StatusUnprocessableEntity)
		p.teacher.Get(p.classDesk()).Wants(http.StatusNotFound)
	})
}
