package alert_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"preau/core/db"
	"preau/core/notify"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
	"preau/test/printed"
)

// Nobody tells, reads, corrects, ends or telephones what is not theirs.
func TestWhatIsRefused(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		head, teacher, parent := h.Enter(c.head, school.Head), h.Enter(c.teacher, school.Teacher), h.Enter(c.parent, school.Guardian)
		otherHead, otherParent := h.Enter(c.otherHead, school.Head), h.Enter(c.otherParent, school.Guardian)
		agent, otherAgent := h.Enter(c.agent, school.Municipal), h.Enter(c.otherAgent, school.Municipal)
		pupil := h.Enter(c.pupil, school.Pupil)
		nobody := house.Visitor{House: h.House}
		at, town := newIn(c.school), "/alert/new/commune/"+c.commune.String()
		notice := tell(head, at, closed())
		meal := tell(agent, town, url.Values{"kind": {"meal"}, "to": {"families"}, "text": {"Pique-nique."}, "school": {c.school.String()}})
		team := tell(head, at, url.Values{"kind": {"other"}, "to": {"team"}, "text": {"Réunion à 8 h."}})
		wrong := func(change ...string) house.Reply { return head.Post(at, closed(change...)) }
		for name, r := range map[string]struct {
			reply  house.Reply
			status int
		}{
			"who is signed out reads":              {nobody.Get(notice), http.StatusSeeOther},
			"a pupil reads":                        {pupil.Get(notice), http.StatusNotFound},
			"and opens the list":                   {pupil.Get("/alert/"), http.StatusNotFound},
			"a parent of another commune reads":    {otherParent.Get(notice), http.StatusNotFound},
			"and says that they have read":         {otherParent.Post(notice+"/read", nil), http.StatusNotFound},
			"a parent reads what is for the team":  {parent.Get(team), http.StatusNotFound},
			"and tells":                            {parent.Post(at, closed()), http.StatusNotFound},
			"and has the list of calls":            {parent.Get(notice + "/calls"), http.StatusNotFound},
			"a teacher tells":                      {teacher.Post(at, closed()), http.StatusNotFound},
			"and corrects":                         {teacher.Post(notice+"/amend", closed()), http.StatusNotFound},
			"and ends":                             {teacher.Post(notice+"/end", nil), http.StatusNotFound},
			"and has the list of calls to take":    {teacher.Get(notice + "/calls.csv"), http.StatusNotFound},
			"another head reads":                   {otherHead.Get(notice), http.StatusNotFound},
			"and tells there":                      {otherHead.Post(at, closed()), http.StatusNotFound},
			"and asks for the form":                {otherHead.Get(at), http.StatusNotFound},
			"and corrects there":                   {otherHead.Post(notice+"/amend", closed()), http.StatusNotFound},
			"and ends there":                       {otherHead.Post(notice+"/end", nil), http.StatusNotFound},
			"and prints":                           {otherHead.Get(notice + "/poster"), http.StatusNotFound},
			"and has whom to call":                 {otherHead.Get(notice + "/calls"), http.StatusNotFound},
			"and ticks":                            {otherHead.Post(notice+"/calls", url.Values{"person": {c.parent.String()}}), http.StatusNotFound},
			"the agent reads what the school says": {agent.Get(notice), http.StatusNotFound},
			"and ends it":                          {agent.Post(notice+"/end", nil), http.StatusNotFound},
			"and tells for the school":             {agent.Post(at, closed()), http.StatusNotFound},
			"and has the telephones of families":   {agent.Get(meal + "/calls"), http.StatusNotFound},
			"and shuts the school":                 {agent.Post(town, closed("school", c.school.String())), http.StatusUnprocessableEntity},
			"and tells no school":                  {agent.Post(town, closed("kind", "meal")), http.StatusUnprocessableEntity},
			"and tells a school of another":        {agent.Post(town, closed("kind", "meal", "school", h.far[0].String())), http.StatusUnprocessableEntity},
			"another agent tells for the commune":  {otherAgent.Post(town, closed("kind", "meal", "school", c.school.String())), http.StatusNotFound},
			"and ends what it says":                {otherAgent.Post(meal+"/end", nil), http.StatusNotFound},
			"the head ends what the commune says":  {head.Post(meal+"/end", nil), http.StatusNotFound},
			"the head tells for the commune":       {head.Post(town, closed()), http.StatusNotFound},
			"without a kind":                       {wrong("kind", "fire"), http.StatusUnprocessableEntity},
			"without a text":                       {wrong("text", " "), http.StatusUnprocessableEntity},
			"with a long text":                     {wrong("text", strings.Repeat("é", 401)), http.StatusUnprocessableEntity},
			"for nobody":                           {wrong("to", "x"), http.StatusUnprocessableEntity},
			"for pupils":                           {wrong("to", "pupils"), http.StatusNotFound},
			"until yesterday":                      {wrong("until_day", "2026-10-04"), http.StatusUnprocessableEntity},
			"until next year":                      {wrong("until_day", "2027-01-04"), http.StatusUnprocessableEntity},
			"for a class of another school":        {wrong("class", h.Classes(c.nextDoor)[0].ID.String()), http.StatusNotFound},
		} {
			if r.reply.StatusCode != r.status {
				h.T.Errorf("%s: %d, want %d", name, r.reply.StatusCode, r.status)
			}
		}
		// What is asked for is not told: only what is confirmed.
		head.Post(at, closed("text", "Jamais confirmé")).Wants(http.StatusOK, "Jamais confirmé")
		head.Get("/alert/").Lacks(http.StatusOK, "Jamais confirmé")
		// Three times a day, no more.
		tell(head, at, closed("kind", "weather"))
		head.Post(at, closed("kind", "meal")).Wants(http.StatusConflict, "3 avis urgents aujourd’hui")
	})
}

// A notice leaves at once, at night, to whoever wants no mail and to whoever never came in; it is on
// every page until it is read, corrected or over.
func TestANoticeReachesAtOnce(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		h.texting()
		h.at("2026-10-10 23:10") // a Saturday
		head, parent := h.Enter(c.head, school.Head), h.Enter(c.parent, school.Guardian)
		h.Address(c.parent, "mere@famille.test")
		h.Address(c.father, "pere@famille.test") // who has no account
		h.exec(`UPDATE directory_person SET mobile_phone = '06 12 34 56 78' WHERE id = $1`, c.father)
		h.Write(func(tx *db.Tx) error {
			choice, err := h.notify.ChoiceOf(tx, c.parent)
			choice.Mail = notify.Never
			if err != nil {
				return err
			}
			return h.notify.Keep(tx, c.parent, choice)
		})
		at := newIn(c.school)
		asked := head.Post(at, closed("until_day", "2026-10-12", "until_hour", "12:00"))
		asked.Wants(http.StatusOK, "ne se reprend pas", "Par e-mail", "Par SMS", "Par aucun moyen")
		sure := asked.Hidden("confirm")
		sure.Set("confirm", "1")
		sent := head.Post(at, sure)
		notice := sent.Header.Get("Location")
		if again := head.Post(at, sure).Header.Get("Location"); again != notice || notice == "" {
			h.T.Errorf("two touches of the button lead to %q and %q", notice, again)
		}
		mails := h.left()
		if len(mails) != 2 {
			h.T.Fatalf("%d mails left", len(mails))
		}
		for _, m := range mails {
			if !strings.Contains(m.Subject, "Avis urgent") || !strings.Contains(m.Text, "chaudière") || !strings.Contains(m.Text, notice) || m.Header.Get("List-Unsubscribe") != "" {
				h.T.Errorf("a mail says %q:\n%s", m.Subject, m.Text)
			}
		}
		if len(h.texts) != 1 || !strings.HasPrefix(h.texts[0], "+33612345678 École fermée") || !strings.Contains(h.texts[0], "chaudière") {
			h.T.Errorf("the text messages %q", h.texts)
		}
		for _, page := range []string{"/", "/me", "/nothing-of-the-kind"} {
			if text := parent.Get(page).Text(); !strings.Contains(text, "chaudière") || !strings.Contains(text, "J’ai lu") {
				h.T.Errorf("%s does not begin with the notice", page)
			}
		}
		if text := parent.Get("/").Text(); strings.Count(text, "chaudière") != 1 {
			h.T.Errorf("the home page says the notice more than once:\n%s", text)
		}
		h.Enter(c.otherParent, school.Guardian).Get("/").Lacks(http.StatusOK, "chaudière")
		h.Enter(c.pupil, school.Pupil).Get("/").Lacks(http.StatusOK, "chaudière")
		read := parent.Post(notice+"/read", url.Values{"next": {"/me"}})
		if read.StatusCode != http.StatusSeeOther || read.Header.Get("Location") != "/me" {
			h.T.Errorf("having read it leads to %d %q", read.StatusCode, read.Header.Get("Location"))
		}
		parent.Get("/me").Lacks(http.StatusOK, "chaudière")
		parent.Get(notice).Wants(http.StatusOK, "chaudière")
		for _, words := range []string{"chaudiere", "fermee"} { // the title, and the text
			parent.Get("/search?q="+words).Wants(http.StatusOK, `href="`+notice+`"`)
			h.Enter(c.otherParent, school.Guardian).Get("/search?q="+words).Lacks(http.StatusOK, notice)
		}

		h.at("2026-10-12 07:10")
		head, parent = h.Enter(c.head, school.Head), h.Enter(c.parent, school.Guardian)
		head.Post(notice+"/amend", url.Values{"text": {"L’école rouvre à 13 h 30."}, "until_hour": {"14:00"}})
		if mails := h.left(); len(mails) != 2 || !strings.Contains(mails[0].Subject, "Rectificatif") {
			h.T.Errorf("the correction is told by %d mails", len(mails))
		}
		parent.Get("/me").Wants(http.StatusOK, "Rectificatif", "13 h 30")
		parent.Get(notice).Wants(http.StatusOK, "13 h 30", "chaudière")
		h.at("2026-10-12 09:00")
		for _, path := range []string{at, notice + "/amend", notice + "/end"} { // she proved too long ago who she is
			if to := head.Post(path, nil).Header.Get("Location"); !strings.HasPrefix(to, "/second") {
				h.T.Errorf("two hours later, %s leads to %q", path, to)
			}
		}
		head = h.Enter(c.head, school.Head)
		head.Post(notice+"/end", nil)
		if mails := h.left(); len(mails) != 2 || !strings.Contains(mails[0].Subject, "Fin de l’alerte") {
			h.T.Errorf("the end is told by %d mails", len(mails))
		}
		parent.Get("/me").Lacks(http.StatusOK, "13 h 30")
		parent.Get("/").Wants(http.StatusOK, "Fin de l’alerte")
		parent.Get("/alert/").Wants(http.StatusOK, "Fin de l’alerte")
		head.Get("/search?q=fermee").Wants(http.StatusOK, "Fin de l’alerte")
		head.Post(notice+"/end", nil).Wants(http.StatusConflict)
		if acts := h.Acts(0); len(acts) < 3 {
			h.T.Errorf("the journal has %v", acts)
		}
	})
}

// What was corrected before it left is not told any more.
func TestWhatIsReplacedDoesNotLeave(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		h.Address(c.parent, "mere@famille.test")
		head := h.Enter(c.head, school.Head)
		notice := tell(head, newIn(c.school), closed())
		head.Post(notice+"/amend", url.Values{"text": {"Fausse alerte."}})
		if mails := h.left(); len(mails) != 1 || !strings.Contains(mails[0].Text, "Fausse alerte") {
			h.T.Errorf("%d mails left: %v", len(mails), mails)
		}
	})
}

// A commune warns of its services in the schools that it chooses; what it corrects, it
// corrects in all of them.
func TestACommuneWarnsItsSchools(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		agent, head := h.Enter(c.agent, school.Municipal), h.Enter(c.head, school.Head)
		parent, next := h.Enter(c.parent, school.Guardian), h.Enter(c.nextParent, school.Guardian)
		town := "/alert/new/commune/" + c.commune.String()
		meal := url.Values{"kind": {"meal"}, "to": {"families", "team"}, "text": {"Grève : pas de cantine demain."}, "school": {c.school.String(), c.nextDoor.String()}, "until_day": {"2026-10-06"}}
		notice := tell(agent, town, meal)
		for _, one := range []house.Visitor{parent, next, head} {
			one.Get("/").Wants(http.StatusOK, "pas de cantine", "Cantine")
		}
		head.Get("/alert/").Wants(http.StatusOK, "commune")
		page := agent.Get(notice)
		page.Wants(http.StatusOK, "Qui est prévenu")
		page.Lacks(http.StatusOK, "à téléphoner")
		agent.Get(notice+"/amend").Wants(http.StatusOK, "dans 2 écoles")
		agent.Post(notice+"/amend", url.Values{"text": {"La cantine ouvre finalement."}})
		parent.Get("/").Wants(http.StatusOK, "finalement")
		next.Get("/").Wants(http.StatusOK, "finalement")
		agent.Post(notice+"/end", url.Values{"text": {"Tout est rentré dans l’ordre."}})
		next.Get("/me").Lacks(http.StatusOK, "finalement")
		next.Get("/alert/").Wants(http.StatusOK, "rentré dans l’ordre")
	})
}

// Whom a head lends the function to tells in their place, with the calls that follow.
func TestASubstituteTells(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		teacher := h.Enter(c.teacher, school.Teacher)
		teacher.Get("/alert/").Lacks(http.StatusOK, "Envoyer un avis urgent")
		h.Write(func(tx *db.Tx) error {
			_, err := directory.Lend(tx, directory.Grant{Person: c.teacher, School: c.school, Function: directory.LentAlerts, GrantedBy: c.head, Reason: "en formation"}, school.Head, h.DB.Now().AddDate(0, 0, 5))
			return err
		})
		teacher.Get("/").Wants(http.StatusOK, "Avis urgents")
		teacher.Get("/alert/").Wants(http.StatusOK, "Envoyer un avis urgent")
		notice := tell(teacher, newIn(c.school), closed())
		teacher.Get(notice+"/calls").Wants(http.StatusOK, "à téléphoner")
		teacher.Post(newIn(c.nextDoor), closed()).Wants(http.StatusNotFound)
	})
}

// The sheet for the gate is an A4 page, whatever the length of the text.
func TestThePoster(t *testing.T) {
	h := onSQLite(t)
	c := h.cast()
	head := h.Enter(c.head, school.Head)
	notice := tell(head, newIn(c.school), closed("text", strings.Repeat("Venez chercher votre enfant. ", 13)))
	poster := head.Get(notice + "/poster")
	poster.Wants(http.StatusOK)
	sheet := filepath.Join(t.TempDir(), "poster.pdf")
	if err := os.WriteFile(sheet, []byte(poster.Body), 0o600); err != nil {
		t.Fatal(err)
	}
	pages := printed.Pages(t, sheet)
	if len(pages) != 1 || !strings.Contains(pages[0], "ÉCOLE FERMÉE") || strings.Count(pages[0], "enfant.") != 13 || !strings.Contains(pages[0], "5 octobre") {
		t.Errorf("%d pages:\n%s", len(pages), pages)
	}
}

// Nobody corrects without end; what is told may be ended all the same.
func TestNobodyCorrectsWithoutEnd(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		head := h.Enter(c.head, school.Head)
		notice := tell(head, newIn(c.school), closed())
		again := url.Values{"text": {"L’école rouvre à 13 h 30."}}
		for range 6 {
			head.Post(notice+"/amend", again).Wants(http.StatusSeeOther)
		}
		head.Post(notice+"/amend", again).Wants(http.StatusConflict, "6 rectificatifs")
		head.Post(notice+"/end", nil).Wants(http.StatusSeeOther)
	})
}

// Two touches of one button at the same instant tell everybody once.
func TestTwoTouchesTellOnce(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		head := h.Enter(c.head, school.Head)
		sure := head.Post(newIn(c.school), closed()).Hidden("confirm")
		sure.Set("confirm", "1")
		var led [4]string
		var all sync.WaitGroup
		for i := range led {
			all.Go(func() { led[i] = head.Post(newIn(c.school), sure).Header.Get("Location") })
		}
		all.Wait()
		if n := h.One(`SELECT count(*) FROM alert_alert`); n != 1 || led[0] == "" || led != [4]string{led[0], led[0], led[0], led[0]} {
			h.T.Errorf("%d notices, which lead to %q", n, led)
		}
	})
}

// What is for the team of a school reaches the agents of its canteen, wherever they come in; what
// is for families alone, or is no notice, does not.
func TestTheCanteenIsTold(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		cook, elsewhere := h.Appoint("Cantine", school.CareAgent, c.school), h.Appoint("Ailleurs", school.CareAgent, c.nextDoor)
		h.Address(cook, "cantine@commune.test")
		head := h.Enter(c.head, school.Head)
		tell(head, newIn(c.school), closed())
		if mails := h.left(); len(mails) != 1 || mails[0].To != "cantine@commune.test" || !strings.Contains(mails[0].Text, "chaudière") {
			h.T.Errorf("the mails are %v", mails)
		}
		h.Enter(cook, school.CareAgent).Get("/").Wants(http.StatusOK, "chaudière", "J’ai lu")
		h.Enter(elsewhere, school.CareAgent).Get("/").Lacks(http.StatusOK, "chaudière")
		families := tell(head, newIn(c.school), url.Values{"kind": {"other"}, "to": {"families"}, "text": {"Pas de garderie."}})
		h.Enter(cook, school.CareAgent).Get(families).Wants(http.StatusNotFound)
	})
}

// A notice holds until tonight, or tomorrow evening late in the day, or until what is written; who
// keeps it is told before it ends by itself, and has it last, or be over, afterwards too.
func TestUntilWhenANoticeHolds(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		h.at("2026-10-06 08:00")
		head := h.Enter(c.head, school.Head)
		head.Get(newIn(c.school)).Wants(http.StatusOK, "Ce soir", "Demain soir", "Un autre jour, ou une heure", `value="tonight" checked`)
		head.Post(newIn(c.school), closed("until", "other")).Wants(http.StatusUnprocessableEntity, "Écrivez le dernier jour")
		h.at("2026-10-06 17:00")
		head = h.Enter(c.head, school.Head)
		head.Get(newIn(c.school)).Wants(http.StatusOK, `value="tomorrow" checked`)
		head.Post(newIn(c.school), closed("until", "tomorrow")).Wants(http.StatusOK, "Jusqu’à la fin de demain")

		h.at("2026-10-07 08:00")
		second := h.Teachers(c.school)[len(h.Teachers(c.school))-1]
		h.Name(second, school.Head, c.school)
		head = h.Enter(c.head, school.Head)
		notice := tell(head, newIn(c.school), closed("until", "tonight"))
		const soon, past = "Bientôt fini : École fermée", "N’est plus affiché : École fermée"
		head.Get("/").Lacks(http.StatusOK, soon)
		h.at("2026-10-07 16:05")
		head, teacher := h.Enter(c.head, school.Head), h.Enter(c.teacher, school.Teacher)
		head.Get("/").Wants(http.StatusOK, soon, "À prolonger si ce n’est pas fini")
		teacher.Get("/").Lacks(http.StatusOK, soon)
		h.Enter(second, school.Head).Get("/").Wants(http.StatusOK, soon, "J’ai lu") // before they say that they have read it
		head.Post(notice+"/amend", url.Values{"text": {"Toujours fermée demain."}, "until": {"tomorrow"}}).Wants(http.StatusSeeOther)
		head.Get("/").Lacks(http.StatusOK, soon)
		head.Post(notice+"/amend", url.Values{"text": {"Toujours fermée."}}).Wants(http.StatusSeeOther) // as before
		head.Get(notice).Wants(http.StatusOK, "Jusqu’à la fin de demain")

		h.at("2026-10-09 07:00") // it ended by itself
		head, parent := h.Enter(c.head, school.Head), h.Enter(c.parent, school.Guardian)
		head.Get("/").Wants(http.StatusOK, past)
		parent.Get("/me").Lacks(http.StatusOK, "Toujours fermée")
		head.Get(notice).Wants(http.StatusOK, "Rectifier")
		head.Get("/").Lacks(http.StatusOK, past)
		head.Post(notice+"/amend", url.Values{"text": {"Fermée encore aujourd’hui."}}).Wants(http.StatusSeeOther)
		parent.Get("/me").Wants(http.StatusOK, "Fermée encore")
		head.Post(notice+"/end", nil).Wants(http.StatusSeeOther)
		h.at("2026-10-10 07:00")
		h.Enter(c.head, school.Head).Get("/").Lacks(http.StatusOK, past)
	})
}

// What a head told, and has read therefore, is first on their home page until they end it;
// another head of another school reads nothing of it.
func TestWhatRunsIsFirst(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		head, other := h.Enter(c.head, school.Head), h.Enter(c.otherHead, school.Head)
		notice := tell(head, newIn(c.school), closed())
		home := head.Get("/")
		home.Wants(http.StatusOK, "En cours\u00a0: ", `href="`+notice+`"`)
		if main := home.Main(); strings.Index(main, "En cours") > strings.Index(main, "<h1") {
			h.T.Error("what runs is not first")
		}
		other.Get("/").Lacks(http.StatusOK, "En cours\u00a0: ")
		head.Post(notice+"/end", nil).Wants(http.StatusSeeOther)
		head.Get("/").Lacks(http.StatusOK, "En cours\u00a0: ")
	})
}
