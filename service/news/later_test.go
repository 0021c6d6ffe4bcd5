package news_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
)

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
