package news_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/test/house"
)

// Nobody writes for a school that is not theirs, nor reads, changes or removes what is
// said there.
func TestWhatIsRefused(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		head, teacher := h.Enter(c.head, school.Head), h.Enter(c.teacher, school.Teacher)
		parent, pupil := h.Enter(c.parent, school.Guardian), h.Enter(c.pupil, school.Pupil)
		otherHead, otherParent := h.Enter(c.otherHead, school.Head), h.Enter(c.otherParent, school.Guardian)
		agent, otherAgent := h.Enter(c.agent, school.Municipal), h.Enter(c.otherAgent, school.Municipal)
		nobody := house.Visitor{House: h.House}
		at := "/news/new/school/" + c.school.String()
		item := publish(head, c.school, feast(), house.Shot(h.T, 40, 30))
		town := published(agent, "/news/new/commune/"+c.commune.String(), feast("title", "Travaux"))
		families := publish(head, c.school, url.Values{"to": {"families"}, "title": {"Réunion"}})
		wrong := func(change ...string) house.Reply { return send(head, at, feast(change...)) }
		for name, r := range map[string]struct {
			reply  house.Reply
			status int
		}{
			"who is signed out reads":             {nobody.Get(item), http.StatusSeeOther},
			"a parent of another commune reads":   {otherParent.Get(item), http.StatusNotFound},
			"and looks at the photo":              {otherParent.Get(item + "/photo/1"), http.StatusNotFound},
			"and reads what the commune says":     {otherParent.Get(town), http.StatusNotFound},
			"the next school's parent reads":      {h.Enter(c.nextParent, school.Guardian).Get(item), http.StatusNotFound},
			"the next school's head reads":        {h.Enter(c.nextHead, school.Head).Get(item), http.StatusNotFound},
			"another head reads":                  {otherHead.Get(item), http.StatusNotFound},
			"and writes":                          {send(otherHead, at, feast()), http.StatusNotFound},
			"and asks for the form":               {otherHead.Get(at), http.StatusNotFound},
			"and amends":                          {otherHead.SendFiles(item+"/amend", feast()), http.StatusNotFound},
			"and removes":                         {otherHead.Post(item+"/remove", nil), http.StatusNotFound},
			"and restores":                        {otherHead.Post(item+"/restore", nil), http.StatusNotFound},
			"and puts it on top":                  {otherHead.Post(item+"/front", url.Values{"front": {"1"}}), http.StatusNotFound},
			"and opens the page":                  {otherHead.Post("/news/page/"+c.school.String(), url.Values{"open": {"1"}}), http.StatusNotFound},
			"the agent reads what a school says":  {agent.Get(item), http.StatusNotFound},
			"and looks at its photo":              {agent.Get(item + "/photo/1"), http.StatusNotFound},
			"and amends it":                       {agent.SendFiles(item+"/amend", feast()), http.StatusNotFound},
			"another agent reads":                 {otherAgent.Get(town), http.StatusNotFound},
			"and amends what the commune says":    {otherAgent.SendFiles(town+"/amend", feast()), http.StatusNotFound},
			"and writes for the commune":          {send(otherAgent, "/news/new/commune/"+c.commune.String(), feast()), http.StatusNotFound},
			"and for one of its schools":          {send(otherAgent, at, feast()), http.StatusNotFound},
			"the head writes for the commune":     {send(head, "/news/new/commune/"+c.commune.String(), feast()), http.StatusNotFound},
			"and amends what it says":             {head.SendFiles(town+"/amend", feast()), http.StatusNotFound},
			"and puts it on top of the school's":  {head.Post(town+"/front", url.Values{"front": {"1"}}), http.StatusNotFound},
			"the teacher amends what a head says": {teacher.SendFiles(item+"/amend", feast()), http.StatusNotFound},
			"and removes what a head says":        {teacher.Post(item+"/remove", nil), http.StatusNotFound},
			"a teacher puts it on top":            {teacher.Post(item+"/front", url.Values{"front": {"1"}}), http.StatusNotFound},
			"and opens the public page":           {teacher.Get("/news/page/" + c.school.String()), http.StatusNotFound},
			"a parent writes":                     {parent.Get("/news/new"), http.StatusNotFound},
			"a pupil writes":                      {send(pupil, at, feast()), http.StatusNotFound},
			"a pupil reads what is for parents":   {pupil.Get(families), http.StatusNotFound},
			"an item that is none":                {head.Get("/news/item/1"), http.StatusNotFound},
			"without a title":                     {wrong("title", " "), http.StatusUnprocessableEntity},
			"for nobody":                          {wrong("to", "everyone"), http.StatusUnprocessableEntity},
			"an event that is past":               {wrong("event_day", "2026-10-04"), http.StatusUnprocessableEntity},
			"an hour without a day":               {wrong("event_hour", "8:30"), http.StatusUnprocessableEntity},
			"an hour that is none":                {wrong("event_day", "2026-10-09", "event_hour", "25:00"), http.StatusUnprocessableEntity},
			"an end before the beginning":         {wrong("event_day", "2026-10-09", "event_last", "2026-10-08"), http.StatusUnprocessableEntity},
			"published in the past":               {wrong("publish_day", "2026-10-04"), http.StatusUnprocessableEntity},
			"shown until before it is published":  {wrong("publish_day", "2026-10-09", "until", "2026-10-08"), http.StatusUnprocessableEntity},
			"published once it is over":           {wrong("publish_day", "2026-10-10", "event_day", "2026-10-09"), http.StatusUnprocessableEntity},
			"and it is still as it was, read":     {parent.Get(item), http.StatusOK},
		} {
			if r.reply.StatusCode != r.status {
				t.Errorf("%s: %d, want %d", name, r.reply.StatusCode, r.status)
			}
		}
		if n := h.One(`SELECT count(*) FROM news_item`); n != 3 {
			t.Errorf("%d items are written, of 3", n)
		}
	})
}

// What is published is new on the home pages of all for whom it is, once each, until they
// read it; the page says who they are.
func TestNewsReachWhomTheyAreFor(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		head, teacher := h.Enter(c.head, school.Head), h.Enter(c.teacher, school.Teacher)
		parent, pupil := h.Enter(c.parent, school.Guardian), h.Enter(c.pupil, school.Pupil)
		head.Get("/news/new/school/"+c.school.String()).Wants(http.StatusOK, "Pour qui", "Les familles, les élèves et l’équipe", "parents de")
		parent.Get("/").Lacks(http.StatusOK, "Fête")
		item := publish(teacher, c.school, feast("event_day", "2026-10-09", "event_hour", "17 h 30", "event_place", "La cour"))
		parent.Get("/").Wants(http.StatusOK, "Nouveau (1)", "Fête de l’école", "vendredi 9 octobre à 17 h 30")
		parent.Get("/news/").Wants(http.StatusOK, "À venir", "La cour")
		parent.Get(item).Wants(http.StatusOK, "Venez en famille.", h.Who(c.teacher).Formal(), "La cour")
		parent.Get("/").Lacks(http.StatusOK, "Nouveau")
		pupil.Get("/news/").Wants(http.StatusOK, "Fête de l’école")
		pupil.Get(item).Lacks(http.StatusOK, "Qui la voit", "Modifier")
		head.Get(item).Wants(http.StatusOK, "Qui la voit", "personnes", "Modifier", "Publiée")
		h.Enter(c.nextParent, school.Guardian).Get("/news/").Lacks(http.StatusOK, "Fête")
		h.Enter(h.Appoint("Aide", school.Staff, c.school), school.Staff).Get(item).Wants(http.StatusOK, "Venez en famille.")
		for _, v := range []house.Visitor{parent, head, teacher} {
			v.Get("/search?q=fete").Wants(http.StatusOK, "Fête de l’école")
		}
		h.Enter(c.nextParent, school.Guardian).Get("/search?q=fete").Lacks(http.StatusOK, "Fête de")
		if n := h.One(`SELECT count(*) FROM audience_address`); n != 4 {
			t.Errorf("an item for everybody in a school is %d rows", n)
		}
	})
}

// What the commune says reaches its schools, or one of them, and only its agents change it.
func TestACommuneTells(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		agent := h.Enter(c.agent, school.Municipal)
		parent, next := h.Enter(c.parent, school.Guardian), h.Enter(c.nextParent, school.Guardian)
		agent.Get("/news/new").Wants(http.StatusOK, "Toutes les écoles")
		form := agent.Get("/news/new/commune/" + c.commune.String())
		form.Wants(http.StatusOK, "des écoles")
		form.Lacks(http.StatusOK, "Mettre à la une")
		all := published(agent, "/news/new/commune/"+c.commune.String(), url.Values{"to": {"families", "team"}, "title": {"Travaux dans la rue"}})
		one := publish(agent, c.school, url.Values{"to": {"families"}, "title": {"Le portail est réparé"}})
		for _, path := range []string{all, one} {
			parent.Get(path).Wants(http.StatusOK, "La commune")
			agent.Get(path).Wants(http.StatusOK, "Modifier")
		}
		next.Get(all).Wants(http.StatusOK, "Travaux")
		next.Get(one).Wants(http.StatusNotFound)
		h.Enter(c.head, school.Head).Get(all).Lacks(http.StatusOK, "Modifier")
		h.Enter(c.pupil, school.Pupil).Get(all).Wants(http.StatusNotFound)
		agent.Get("/news/").Wants(http.StatusOK, "Travaux", "portail")
	})
}

// What the commune says reaches no school where news is stopped, and is not said where it is
// stopped everywhere.
func TestACommuneReachesNoSchoolThatIsStopped(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		agent := h.Enter(c.agent, school.Municipal)
		to := "/news/new/commune/" + c.commune.String()
		before := published(agent, to, feast("title", "Travaux"))
		stop := func(at school.ID) {
			h.Write(func(tx *db.Tx) error {
				return h.Accounts.SwitchOn(tx, account.Switch{School: at, Service: "news", Reason: "débordement"}, audit.By{Request: "test"})
			})
		}
		parent, next := h.Enter(c.parent, school.Guardian), h.Enter(c.nextParent, school.Guardian)
		stop(c.school)
		agent.Get(to).Wants(http.StatusOK, "n’atteindra pas")
		after := published(agent, to, feast("title", "Coupure d’eau"))
		parent.Get(after).Wants(http.StatusNotFound)
		parent.Get(before).Wants(http.StatusOK, "Travaux")
		next.Get(after).Wants(http.StatusOK, "Coupure")
		agent.SendFiles(before+"/amend", feast("title", "Travaux finis")).Wants(http.StatusSeeOther)
		parent.Get(before).Wants(http.StatusNotFound)
		next.Get(before).Wants(http.StatusOK, "finis")

		for _, at := range h.near {
			if at != c.school {
				stop(at)
			}
		}
		agent.Get(to).Wants(http.StatusForbidden, "dans aucune école")
		send(agent, to, feast()).Wants(http.StatusForbidden)
		agent.Get(before + "/amend").Wants(http.StatusForbidden)
		agent.Get("/news/new").Lacks(http.StatusOK, "Toutes les écoles")
	})
}

// An item that is told again, or restored, reaches people again, and is counted as it was the first time;
// so is one that is changed later, or by somebody else. To put it on top tells nobody anything, nor does
// whoever corrects it within the hour.
func TestWhatIsPublishedIsCounted(t *testing.T) {
	h := onSQLite(t)
	c := h.cast()
	head := h.Enter(c.head, school.Head)
	pupils := len(h.Some(`SELECT DISTINCT e.person_id FROM directory_enrolment e JOIN directory_membership m ON m.person_id = e.person_id WHERE e.school_id = $1`, c.school))
	path := publish(head, c.school, feast())
	first := h.Acted(c.head)
	if first != pupils {
		t.Errorf("an item for a school of %d pupils acts on %d", pupils, first)
	}
	for _, act := range []struct {
		path string
		form url.Values
		want int
	}{{"/amend", feast(), 0}, {"/amend", feast("again", "1"), first}, {"/front", url.Values{"front": {"on"}}, 0}, {"/remove", nil, 0}, {"/restore", nil, first}} {
		send := head.Post
		if act.path == "/amend" {
			send = func(path string, form url.Values) house.Reply { return head.SendFiles(path, form) }
		}
		send(path+act.path, act.form).Wants(http.StatusSeeOther)
		if got := h.Acted(c.head); got != act.want {
			t.Errorf("%s acts on %d people, want %d", act.path, got, act.want)
		}
	}
	h.Later(time.Hour + time.Minute)
	head.SendFiles(path+"/amend", feast()).Wants(http.StatusSeeOther)
	if got := h.Acted(c.head); got != first {
		t.Errorf("an item that is changed an hour later acts on %d", got)
	}
	head.SendFiles(path+"/amend", feast("to", "team")).Wants(http.StatusSeeOther)
	if got := h.Acted(c.head); got == 0 || got >= first {
		t.Errorf("an item for the team acts on %d people", got)
	}
}

// A teacher writes for one of their classes first; for the whole school they say that they mean that
// many people. What is for a class reaches it alone.
func TestATeacherTellsAClass(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		class := h.One(`SELECT m.class_id FROM directory_membership m JOIN directory_class k ON k.id = m.class_id AND k.kind = 'class' WHERE m.person_id = $1 AND m.until_at IS NULL`, c.pupil)
		other := h.One(`SELECT min(id) FROM directory_class WHERE school_id = $1 AND kind = 'class' AND until_at IS NULL AND id <> $2
			AND id NOT IN (SELECT class_id FROM directory_membership WHERE person_id = $3)`, c.school, class, c.teacher)
		h.Attach(class, c.teacher)
		head, teacher := h.Enter(c.head, school.Head), h.Enter(c.teacher, school.Teacher)
		parent, pupil := h.Enter(c.parent, school.Guardian), h.Enter(c.pupil, school.Pupil)
		at, whole := "/news/new/class/"+class.String(), "/news/new/school/"+c.school.String()
		door := teacher.Get("/news/new").Main()
		if !strings.Contains(door, at) || strings.Index(door, at) > strings.Index(door, whole+`"`) {
			t.Error("the class is not first")
		}
		teacher.Get("/news/new/class/" + other.String()).Wants(http.StatusNotFound)
		send(teacher, "/news/new/class/"+other.String(), feast()).Wants(http.StatusNotFound)
		parent.Get(at).Wants(http.StatusNotFound)

		item := published(teacher, at, feast("title", "Nos plantations"))
		label := h.label(c.school, class)
		parent.Get("/news/").Wants(http.StatusOK, "Nos plantations", label)
		pupil.Get(item).Wants(http.StatusOK, "Nos plantations")
		teacher.Get(item+"/amend").Wants(http.StatusOK, "Nos plantations")
		head.Get(item).Wants(http.StatusOK, "Nos plantations")
		elsewhere := h.One(`SELECT min(b.guardian_id) FROM directory_membership m JOIN directory_bond b ON b.pupil_id = m.person_id AND b.until_at IS NULL
			JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation WHERE m.class_id = $1 AND m.role = 'pupil' AND m.until_at IS NULL
			AND NOT EXISTS (SELECT 1 FROM directory_bond o JOIN directory_membership n ON n.person_id = o.pupil_id AND n.class_id = $2 WHERE o.guardian_id = b.guardian_id)`, other, class)
		h.Enter(elsewhere, school.Guardian).Get(item).Wants(http.StatusNotFound)

		h.Write(func(tx *db.Tx) error { // they have another class by now
			_, err := tx.Exec(`DELETE FROM directory_membership WHERE class_id = $1 AND person_id = $2`, class, c.teacher)
			return err
		})
		teacher.Get(item + "/amend").Wants(http.StatusNotFound)
		sure := send(teacher, whole, feast())
		sure.Wants(http.StatusUnprocessableEntity, "Toute l’école le lira", "personnes", `name="whole"`, "Fête de l’école")
		published(teacher, whole, feast("whole", "on"))
		published(head, whole, feast("title", "De la direction"))
	})
}
