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
	"preau/directory"
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

// What waits for its day is seen by its author and the head alone, and appears by itself.
func TestScheduled(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		head, teacher := h.Enter(c.head, school.Head), h.Enter(c.teacher, school.Teacher)
		item := publish(teacher, c.school, feast("publish_day", "2026-10-06", "publish_hour", "7:30"))
		for _, v := range []house.Visitor{head, teacher} {
			v.Get("/news/").Wants(http.StatusOK, "paraîtra demain à 7 h 30")
			v.Get(item).Wants(http.StatusOK, "Paraîtra demain à 7 h 30")
		}
		parent := h.Enter(c.parent, school.Guardian)
		parent.Get(item).Wants(http.StatusNotFound)
		parent.Get("/news/").Lacks(http.StatusOK, "Fête")
		parent.Get("/").Lacks(http.StatusOK, "Fête")
		parent.Get("/search?q=fete").Lacks(http.StatusOK, "Fête de")
		teacher.Get(item+"/amend").Wants(http.StatusOK, `value="2026-10-06"`, `value="07:30"`)
		h.Later(24 * time.Hour)
		parent = h.Enter(c.parent, school.Guardian)
		parent.Get("/").Wants(http.StatusOK, "Nouveau (1)", "Fête")
		parent.Get(item).Lacks(http.StatusOK, "araîtra")
		parent.Get("/news/").Wants(http.StatusOK, "Fête")
	})
}

// What somebody wrote for later does not appear once their account is shut, nor when it is
// open again; the head finds it where what was removed is.
func TestWhatAShutAccountScheduledDoesNotAppear(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		head, teacher := h.Enter(c.head, school.Head), h.Enter(c.teacher, school.Teacher)
		there := publish(teacher, c.school, feast("title", "La kermesse"))
		publish(head, c.school, feast("title", "La rentrée", "publish_day", "2026-10-06"))
		item := publish(teacher, c.school, feast("publish_day", "2026-10-06"))
		h.Write(func(tx *db.Tx) error { return h.Accounts.Disable(tx, c.teacher, audit.By{}) })
		h.Later(24 * time.Hour)
		parent := h.Enter(c.parent, school.Guardian)
		parent.Get(item).Wants(http.StatusNotFound)
		parent.Get(there).Wants(http.StatusOK, "La kermesse")
		parent.Get("/news/").Wants(http.StatusOK, "La rentrée")
		parent.Get("/news/").Lacks(http.StatusOK, "Fête de")
		head = h.Enter(c.head, school.Head)
		parent.Get("/search?q=fete").Lacks(http.StatusOK, "Fête de")
		head.Get("/news/").Wants(http.StatusOK, "Qui ne sont pas parues", "Fête de l’école", "Pas parue")
		head.Get(item).Wants(http.StatusOK, "Le compte de la personne qui l’a écrite, ou qui l’a changée, a été fermé", "Relire et publier")
		head.Post(item+"/remove", nil).Wants(http.StatusSeeOther)
		head.Get("/news/").Lacks(http.StatusOK, "Qui ne sont pas parues")
		head.Post(item+"/restore", nil).Wants(http.StatusSeeOther)
		parent.Get(item).Wants(http.StatusNotFound)
		head.SendFiles(item+"/amend", feast()).Wants(http.StatusSeeOther)
		parent.Get(item).Wants(http.StatusOK, "Fête")
		head.Get("/news/").Lacks(http.StatusOK, "Qui ne sont pas parues")
	})
}

// What a stolen account made of what another wrote for later does not appear, once the account is shut.
func TestWhatAShutAccountChangedDoesNotAppear(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		head, teacher := h.Enter(c.head, school.Head), h.Enter(c.teacher, school.Teacher)
		tomorrow := func(title string) url.Values { return feast("title", title, "publish_day", "2026-10-06") }
		item := publish(teacher, c.school, tomorrow("La fête"))
		other := publish(teacher, c.school, tomorrow("La kermesse"))
		head.SendFiles(item+"/amend", tomorrow("Le vol")).Wants(http.StatusSeeOther)
		h.Write(func(tx *db.Tx) error { return h.Accounts.Disable(tx, c.head, audit.By{}) })
		h.Later(24 * time.Hour)
		parent := h.Enter(c.parent, school.Guardian)
		parent.Get(item).Wants(http.StatusNotFound)
		parent.Get(other).Wants(http.StatusOK, "La kermesse")
		h.Enter(c.teacher, school.Teacher).Get(item).Wants(http.StatusOK, "l’a écrite, ou qui l’a changée, a été fermé")
	})
}

// What somebody wrote for later appears as long as they may still write it, for whom it is: a class
// that is theirs no more, a school that they left, read nothing of it, and its head reads that it did
// not appear.
func TestWhoLeftPublishesNothingLater(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		teacher, agent := h.Enter(c.teacher, school.Teacher), h.Enter(c.agent, school.Municipal)
		class := h.Classes(c.school)[0]
		h.Attach(class.ID, c.teacher)
		tomorrow := func(title string) url.Values { return feast("title", title, "publish_day", "2026-10-06") }
		room := published(teacher, "/news/new/class/"+class.ID.String(), tomorrow("À la classe"))
		whole := publish(teacher, c.school, tomorrow("À l’école"))
		town := published(agent, "/news/new/commune/"+c.commune.String(), tomorrow("De la mairie"))
		h.Write(func(tx *db.Tx) error { return directory.Detach(tx, class.ID, c.teacher, 0) })
		h.Later(24 * time.Hour)
		head, parent := h.Enter(c.head, school.Head), h.Enter(c.parent, school.Guardian)
		head.Get("/news/").Wants(http.StatusOK, "Qui ne sont pas parues", "À la classe")
		head.Get(room).Wants(http.StatusOK, "n’est pas parue", "ne publiait plus à cet endroit", "Relire et publier")
		parent.Get(whole).Wants(http.StatusOK, "À l’école")
		parent.Get(town).Wants(http.StatusOK, "De la mairie")

		head.SendFiles(room+"/amend", feast("title", "À la classe")).Wants(http.StatusSeeOther)
		head.Get("/news/").Lacks(http.StatusOK, "Qui ne sont pas parues")
		late := publish(h.Enter(c.teacher, school.Teacher), c.school, feast("title", "Plus tard", "publish_day", "2026-10-20"))
		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE directory_function SET until_at = $2 WHERE person_id = $1`, c.teacher, db.At(tx.Now.Add(time.Hour)))
			return err
		})
		h.Later(20 * 24 * time.Hour)
		h.Enter(c.parent, school.Guardian).Get(late).Wants(http.StatusNotFound)
		h.Enter(c.head, school.Head).Get("/news/").Wants(http.StatusOK, "Qui ne sont pas parues", "Plus tard")
	})
}

// While news is stopped nothing appears: what was due waits for whoever keeps it, once it goes on too. What
// a commune tells appears in its other schools.
func TestNothingAppearsWhileNewsIsStopped(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		head, agent := h.Enter(c.head, school.Head), h.Enter(c.agent, school.Municipal)
		mine := publish(head, c.school, feast("publish_day", "2026-10-06"))
		after := publish(head, c.school, feast("title", "Plus tard", "publish_day", "2026-10-08"))
		town := published(agent, "/news/new/commune/"+c.commune.String(), feast("title", "De la mairie", "publish_day", "2026-10-06"))
		stop := account.Switch{School: c.school, Service: "news", Reason: "débordement"}
		h.Write(func(tx *db.Tx) error { return h.Accounts.SwitchOn(tx, stop, audit.By{}) })
		h.Later(24 * time.Hour)
		h.Write(func(tx *db.Tx) error { return h.Accounts.SwitchOff(tx, stop, audit.By{}) })
		h.Later(48 * time.Hour)
		parent := h.Enter(c.parent, school.Guardian)
		for _, path := range []string{mine, town} {
			parent.Get(path).Wants(http.StatusNotFound)
		}
		parent.Get(after).Wants(http.StatusOK, "Plus tard")
		h.Enter(c.nextParent, school.Guardian).Get(town).Wants(http.StatusOK, "De la mairie")
		head = h.Enter(c.head, school.Head)
		head.Get("/news/").Wants(http.StatusOK, "Qui ne sont pas parues", "Fête de l’école")
		head.Get(mine).Wants(http.StatusOK, "Les actualités étaient arrêtées à cette heure")
		head.SendFiles(mine+"/amend", feast()).Wants(http.StatusSeeOther)
		parent.Get(mine).Wants(http.StatusOK, "Fête")
	})
}

// What a change says to more people, or to anybody, is thought of twice, as what is new.
func TestAChangeThatWidensIsThoughtOfTwice(t *testing.T) {
	h := onSQLite(t)
	c := h.cast()
	teacher := h.Enter(c.teacher, school.Teacher)
	team := func(title string) url.Values {
		form := feast("title", title)
		form["to"] = []string{"team"}
		return form
	}
	item := publish(teacher, c.school, team("Fête"))
	teacher.SendFiles(item+"/amend", team("Fêtes")).Wants(http.StatusSeeOther)
	wide := feast()
	teacher.SendFiles(item+"/amend", wide).Wants(http.StatusUnprocessableEntity, "Toute l’école le lira", `name="whole"`)
	h.Enter(c.parent, school.Guardian).Get(item).Wants(http.StatusNotFound)
	wide.Set("whole", "on")
	acted := h.Acted(c.teacher)
	teacher.SendFiles(item+"/amend", wide).Wants(http.StatusSeeOther)
	h.Enter(c.parent, school.Guardian).Get(item).Wants(http.StatusOK, "Fête")
	if h.Acted(c.teacher) <= acted {
		t.Error("a change that reaches many counts for nothing")
	}
	h.Enter(c.head, school.Head).Post("/news/page/"+c.school.String(), url.Values{"open": {"1"}}).Wants(http.StatusSeeOther)
	public := feast("public", "1")
	teacher.SendFiles(item+"/amend", public).Wants(http.StatusUnprocessableEntity, "Toute l’école le lira")
	public.Set("whole", "on")
	teacher.SendFiles(item+"/amend", public).Wants(http.StatusSeeOther)
}

// What is past is told as news no more, and stays among what is past.
func TestExpired(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		head := h.Enter(c.head, school.Head)
		event := publish(head, c.school, feast("event_day", "2026-10-06"))
		chosen := publish(head, c.school, feast("title", "Exposition", "until", "2026-10-07"))
		usual := publish(head, c.school, feast("title", "Des arbres"))
		h.Enter(c.parent, school.Guardian).Get("/").Wants(http.StatusOK, "Aujourd’hui et demain", "Fête de l’école", "Nouveau (2)")
		h.Later(2 * 24 * time.Hour)
		parent := h.Enter(c.parent, school.Guardian)
		parent.Get("/").Wants(http.StatusOK, "Nouveau (2)", "Exposition", "Des arbres")
		parent.Get("/news/").Lacks(http.StatusOK, "Fête de l’école", "À venir")
		parent.Get("/news/past").Wants(http.StatusOK, "Fête de l’école")
		parent.Get("/news/past").Lacks(http.StatusOK, "Exposition")
		h.Later(31 * 24 * time.Hour)
		parent = h.Enter(c.parent, school.Guardian)
		parent.Get("/").Lacks(http.StatusOK, "Nouveau")
		for _, path := range []string{event, chosen, usual} {
			parent.Get(path).Wants(http.StatusOK)
		}
		parent.Get("/news/past").Wants(http.StatusOK, "Fête de l’école", "Exposition", "Des arbres")
	})
}

// One item of a school is on top, at most.
func TestOneIsOnTop(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		head, parent := h.Enter(c.head, school.Head), h.Enter(c.parent, school.Guardian)
		first := publish(head, c.school, feast("title", "La première", "front", "1"))
		h.Later(time.Minute)
		second := publish(head, c.school, feast("title", "La deuxième"))
		before := func(one, other string) {
			t.Helper()
			text := parent.Get("/news/").Text()
			if i, j := strings.Index(text, one), strings.Index(text, other); i < 0 || j < 0 || i > j || strings.Count(text, "À la une") != 1 {
				t.Errorf("%s is not before %s, alone on top:\n%s", one, other, text)
			}
		}
		before("La première", "La deuxième")
		head.Post(second+"/front", url.Values{"front": {"1"}}).Wants(http.StatusSeeOther)
		before("La deuxième", "La première")
		head.Post(second+"/front", nil).Wants(http.StatusSeeOther)
		parent.Get("/news/").Lacks(http.StatusOK, "À la une")
		publish(h.Enter(c.teacher, school.Teacher), c.school, feast("front", "1"))
		parent.Get("/news/").Lacks(http.StatusOK, "À la une")
		head.Get(first).Wants(http.StatusOK, "Mise à la une", "Mettre à la une")
		head.Post(first+"/front", url.Values{"front": {"1"}})
		publish(head, c.school, feast("title", "La prochaine", "front", "1", "publish_day", "2026-10-06"))
		before("La première", "La deuxième")
		h.Later(24 * time.Hour)
		parent = h.Enter(c.parent, school.Guardian)
		before("La prochaine", "La première")
	})
}

// What is changed says so, and is new again only when its author wants it.
func TestAnItemChanges(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		head, parent := h.Enter(c.head, school.Head), h.Enter(c.parent, school.Guardian)
		item := publish(h.Enter(c.teacher, school.Teacher), c.school, feast("event_day", "2026-10-09"))
		parent.Get(item)
		head.Get(item+"/amend").Wants(http.StatusOK, `value="2026-10-09"`)
		head.SendFiles(item+"/amend", feast("title", "")).Wants(http.StatusUnprocessableEntity, "Donnez un titre")
		head.SendFiles(item+"/amend", feast("title", "Fête reportée", "event_day", "2026-10-16")).Wants(http.StatusSeeOther)
		parent.Get("/").Lacks(http.StatusOK, "Nouveau")
		parent.Get(item).Wants(http.StatusOK, "Fête reportée", "a été modifiée", "16 octobre")
		head.SendFiles(item+"/amend", feast("event_day", "2026-10-16", "again", "on")).Wants(http.StatusSeeOther)
		parent.Get("/").Wants(http.StatusOK, "Nouveau (1)")
		if n := h.One(`SELECT count(*) FROM audience_receipt WHERE person_id = $1 AND read_at IS NOT NULL`, c.head); n != 1 {
			t.Errorf("who changed it has %d receipts", n)
		}
		head.SendFiles(item+"/amend", url.Values{"to": {"team"}, "title": {"Fête"}}).Wants(http.StatusSeeOther)
		parent.Get(item).Wants(http.StatusNotFound)
	})
}

// What is removed is read by nobody but who keeps it, may be put back as it was, and goes
// for good after ninety days.
func TestRemovedAndRestored(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		head, teacher, parent := h.Enter(c.head, school.Head), h.Enter(c.teacher, school.Teacher), h.Enter(c.parent, school.Guardian)
		item := publish(teacher, c.school, feast(), house.Shot(h.T, 40, 30))
		parent.Get(item)
		teacher.Post(item+"/remove", nil).Wants(http.StatusSeeOther)
		parent.Get(item).Wants(http.StatusNotFound)
		parent.Get(item + "/photo/1").Wants(http.StatusNotFound)
		parent.Get("/news/").Lacks(http.StatusOK, "Fête")
		parent.Get("/search?q=fete").Lacks(http.StatusOK, "Fête de")
		teacher.SendFiles(item+"/amend", feast()).Wants(http.StatusConflict)
		for _, v := range []house.Visitor{head, teacher} {
			v.Get("/news/").Lacks(http.StatusOK, "Fête de l’école")
			v.Get("/news/removed").Wants(http.StatusOK, "Fête de l’école")
			v.Get(item).Wants(http.StatusOK, "Remettre")
		}
		h.Enter(c.otherHead, school.Head).Get("/news/removed").Lacks(http.StatusOK, "Fête")
		head.Post(item+"/restore", nil).Wants(http.StatusSeeOther)
		parent.Get(item).Wants(http.StatusOK, "Fête")
		parent.Get("/").Lacks(http.StatusOK, "Nouveau") // it was read
		head.Get(item).Wants(http.StatusOK, "Mise à la corbeille", "Remise", h.Who(c.teacher).Formal())
		head.Post(item+"/remove", nil)
		h.Later(80 * 24 * time.Hour)
		h.purge()
		if n := h.One(`SELECT count(*) FROM news_photo`); n != 1 {
			t.Errorf("%d photos of what may be put back", n)
		}
		h.Later(91 * 24 * time.Hour)
		h.purge()
		if n := h.One(`SELECT (SELECT count(*) FROM news_item) + (SELECT count(*) FROM news_photo) + (SELECT count(*) FROM audience_receipt)`); n != 0 {
			t.Errorf("%d rows are left of what was removed", n)
		}
	})
}

// An item that is changed, or restored, reaches people again, and is counted as it was the
// first time; to put it on top tells nobody anything.
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
	}{{"/amend", feast(), first}, {"/front", url.Values{"front": {"on"}}, 0}, {"/remove", nil, 0}, {"/restore", nil, first}} {
		send := head.Post
		if act.path == "/amend" {
			send = func(path string, form url.Values) house.Reply { return head.SendFiles(path, form) }
		}
		send(path+act.path, act.form).Wants(http.StatusSeeOther)
		if got := h.Acted(c.head); got != act.want {
			t.Errorf("%s acts on %d people, want %d", act.path, got, act.want)
		}
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
