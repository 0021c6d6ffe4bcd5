package notify_test

import (
	"slices"
	"strings"
	"testing"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/job"
	"preau/core/notify"
	"preau/core/school"
	"preau/directory"
)

// poster is the public page of one school, of which a test says what is on it.
type poster struct {
	school school.ID
	on     []notify.Posted
}

// opens has a school of a class have a public page, on a Monday morning.
func (h *town) opens(class school.ID) *poster {
	h.T.Helper()
	h.at("2026-10-05 08:00")
	p := &poster{school: h.One(`SELECT school_id FROM directory_class WHERE id = $1`, class)}
	h.Posted = func(tx *db.Tx, _ i18n.Printer, schools ...school.ID) ([]notify.Posted, error) {
		if !slices.Contains(schools, p.school) {
			return nil, nil
		}
		var now []notify.Posted
		for _, one := range p.on {
			if !one.At.After(tx.Now) {
				now = append(now, one)
			}
		}
		return now, nil
	}
	return p
}

// puts publishes a thing of the board to some families, and puts it on the public page.
func (h *town) puts(p *poster, class school.ID, title string) {
	h.T.Helper()
	p.on = append(p.on, notify.Posted{
		Room: "board", Thing: h.publish(families(class)), At: h.House.DB.Now(), From: "École des Tilleuls", Title: title,
		When: "samedi 10\u00a0octobre", Where: "La cour", Text: "Venez tous.\n\n- apportez un gâteau", Path: "/news/public/0010001a",
	})
}

// relays has somebody ask for what is public in full.
func (h *town) relays(person school.ID, change ...func(*notify.Choice)) {
	h.T.Helper()
	h.choose(person, func(c *notify.Choice) {
		c.Relay = true
		for _, f := range change {
			f(c)
		}
	})
}

// Who asked for it reads in one mail, in full, what their school made public; what is not
// public is counted beside it, as for everybody else.
func TestWhatIsPublicIsReadInFull(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		page := h.opens(f.class)
		h.relays(f.mother)
		h.at("2026-10-05 14:00")
		h.puts(page, f.class, "Fête de l’école")
		left := h.evening("2026-10-05 18:30")
		mother, father := to(f.mother, left), to(f.father, left)
		if len(mother) != 1 || len(father) != 1 {
			h.T.Fatalf("%d mails to her, %d to him", len(mother), len(father))
		}
		m := mother[0]
		if m.Subject != "École des Tilleuls\u00a0: Fête de l’école" {
			h.T.Errorf("its subject is %q", m.Subject)
		}
		for _, want := range []string{"Quand\u00a0: samedi 10\u00a0octobre", "Où\u00a0: La cour", "Venez tous.\n\n- apportez un gâteau", "https://ent.preau.test/news/public/0010001a\n", "/me/notifications"} {
			if !strings.Contains(m.Text, want) {
				h.T.Errorf("it does not say %q:\n%s", want, m.Text)
			}
		}
		if strings.Contains(father[0].Raw, "Tilleuls") || !strings.Contains(father[0].Text, "1 nouveauté") {
			h.T.Errorf("who did not ask for it: %s", father[0].Text)
		}
		if stop := m.Header.Get("List-Unsubscribe"); stop == "" || stop == father[0].Header.Get("List-Unsubscribe") || m.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
			h.T.Errorf("the headers of RFC 8058: %q", stop)
		}
		if !strings.HasPrefix(m.From, "retours+") {
			h.T.Errorf("it comes back to %s", m.From)
		}

		h.at("2026-10-06 12:00")
		page.on[0].Title = "Fête de l’école, sous le préau" // it is amended
		h.publish(families(f.class))
		h.puts(page, f.class, "Portes ouvertes")
		h.puts(page, f.class, "Collecte de papier")
		mother = to(f.mother, h.evening("2026-10-06 18:30"))
		if len(mother) != 2 {
			h.T.Fatalf("%d mails on the next evening", len(mother))
		}
		if mother[0].Subject != "Préau\u00a0: 2 actualités publiques" {
			h.T.Errorf("the subject of several is %q", mother[0].Subject)
		}
		if text := mother[0].Text; !strings.Contains(text, "Portes ouvertes") || !strings.Contains(text, "Collecte de papier") || strings.Contains(text, "Fête") {
			h.T.Errorf("what was told is told again, or something is not:\n%s", text)
		}
		if text := mother[1].Text; !strings.Contains(text, "1 nouveauté") || strings.Contains(text, "Portes") {
			h.T.Errorf("what is not public:\n%s", text)
		}
		if left := to(f.mother, h.evening("2026-10-09 18:30")); len(left) != 0 {
			h.T.Errorf("on Friday all of it again: %s", left[0].Text)
		}
	})
}

// It goes by the rhythm of mail, outside of quiet hours; by none for whoever wants no mail.
func TestWhatIsPublicGoesByTheRhythmOfMail(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		page := h.opens(f.class)
		h.sweep("2026-10-05 12:00")
		h.relays(f.mother, func(c *notify.Choice) { c.Mail = notify.Now })
		h.relays(f.father, func(c *notify.Choice) { c.Rooms["board"] = notify.Week })
		for _, c := range []struct {
			posted, swept  string
			mother, father int
		}{
			{"2026-10-05 13:00", "2026-10-05 13:02", 1, 0},
			{"2026-10-05 21:00", "2026-10-05 21:05", 0, 0}, // her quiet hours
			{"2026-10-06 06:00", "2026-10-06 07:01", 1, 0}, // both, after them
		} {
			h.at(c.posted)
			h.puts(page, f.class, "Le titre public")
			left := h.sweep(c.swept)
			if len(to(f.mother, left)) != c.mother || len(to(f.father, left)) != c.father {
				h.T.Errorf("%s: %d mails to her, %d to him", c.swept, len(to(f.mother, left)), len(to(f.father, left)))
			}
		}
		if left := h.evening("2026-10-06 18:30"); len(left) != 0 {
			h.T.Errorf("in the evening: %d", len(left))
		}
		left := h.evening("2026-10-09 18:30")
		if len(left) != 1 || len(to(f.father, left)) != 1 || !strings.Contains(left[0].Subject, "3 actualités publiques") {
			h.T.Errorf("once a week: %d", len(left))
		}
		h.choose(f.father, func(c *notify.Choice) { c.Mail = notify.Never })
		h.at("2026-10-12 12:00")
		h.puts(page, f.class, "Le titre public")
		if left := to(f.father, h.evening("2026-10-16 18:30")); len(left) != 0 {
			h.T.Errorf("who wants no mail: %s", left[0].Text)
		}
		h.choose(f.father, func(c *notify.Choice) { c.Mail = notify.Evening })
		if left := to(f.father, h.evening("2026-10-17 18:30")); len(left) != 0 {
			h.T.Errorf("what was public while he wanted none: %s", left[0].Text)
		}
	})
}

// What is taken back while no server takes the mail does not leave; what is amended leaves
// as it is then; and of several, those that are left.
func TestWhatIsNoMorePublicDoesNotLeave(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		page := h.opens(f.class)
		h.relays(f.mother)
		h.relays(f.father)
		h.at("2026-10-05 12:00")
		h.puts(page, f.class, "Retirée")
		h.puts(page, f.class, "Fête")
		h.puts(page, f.class, "Voyage")
		h.post.Down()
		if left := h.evening("2026-10-05 18:30"); len(left) != 0 {
			h.T.Fatalf("%d mails taken by a server that is not there", len(left))
		}
		h.post.Up()
		page.on = page.on[1:]
		page.on[0].Text = "Le texte amendé."
		h.choose(f.father, func(c *notify.Choice) { c.Relay = false })
		h.at("2026-10-05 19:00")
		left := h.left()
		if len(left) != 1 || len(to(f.mother, left)) != 1 {
			h.T.Fatalf("%d mails", len(left))
		}
		if text := left[0].Text; strings.Contains(left[0].Raw, "Retir") || !strings.Contains(text, "Le texte amendé.") || !strings.Contains(text, "Voyage") || !strings.Contains(left[0].Subject, "2 actualités") {
			h.T.Errorf("%s\n%s", left[0].Subject, text)
		}
		h.at("2026-10-06 12:00")
		h.puts(page, f.class, "Retirée aussi")
		h.post.Down()
		h.evening("2026-10-06 18:30")
		h.post.Up()
		page.on = nil
		h.at("2026-10-06 19:00")
		if left := to(f.mother, h.left()); len(left) != 0 {
			h.T.Errorf("nothing is left of it, and it leaves: %s", left[0].Text)
		}
		if n := h.One(`SELECT count(*) FROM mail_message`); n != 0 {
			h.T.Errorf("%d messages wait for ever", n)
		}
	})
}

// Nothing of before is told to whoever asks for it; nothing at all to whoever is of the school no
// more, whom a judge keeps away from their children, and whose address gives mail back.
func TestWhoReadsNothingInFull(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		page := h.opens(f.class)
		h.at("2026-10-05 12:00")
		h.puts(page, f.class, "Avant")
		h.at("2026-10-05 13:00")
		h.relays(f.mother)
		h.relays(f.father)
		for _, m := range h.evening("2026-10-05 18:30") {
			if strings.Contains(m.Raw, "Avant") {
				h.T.Errorf("what was public before: %s", m.Text)
			}
		}
		h.at("2026-10-06 12:00")
		h.puts(page, f.class, "Après")
		h.Write(func(tx *db.Tx) error {
			children, err := directory.ChildrenOf(tx, f.father)
			for _, child := range children {
				if err == nil {
					_, err = directory.Restrict(tx, directory.Restriction{Pupil: child.ID, Guardian: f.father, NoAccess: true, Reference: "JAF 12", From: db.At(tx.Now)})
				}
			}
			return err
		})
		left := h.evening("2026-10-06 18:30")
		if len(left) != 1 || len(to(f.mother, left)) != 1 {
			h.T.Errorf("whom a judge keeps away: %d mails", len(left))
		}
		for _, at := range []string{"2026-10-07 08:00", "2026-10-07 10:00"} {
			h.at(at)
			h.Write(func(tx *db.Tx) error { return h.Returned(tx, f.mother, address(f.mother)) })
		}
		h.at("2026-10-07 12:00")
		h.puts(page, f.class, "Encore")
		if left := h.evening("2026-10-07 18:30"); len(left) != 0 {
			h.T.Errorf("to an address from which mail comes back: %d", len(left))
		}
		h.Write(func(tx *db.Tx) error {
			of, err := h.Relays(tx, f.mother)
			if err == nil && !of {
				h.T.Error("a parent is of no school")
			}
			if of, err = h.Relays(tx, f.father); err == nil && of {
				h.T.Error("whom a judge keeps away is of the school")
			}
			return err
		})
	})
}

// Its link stops it alone, and brings it back; the other mail goes on.
func TestNoMoreOfWhatIsPublic(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		page := h.opens(f.class)
		h.relays(f.mother)
		h.at("2026-10-05 12:00")
		h.puts(page, f.class, "Fête")
		left := to(f.mother, h.evening("2026-10-05 18:30"))
		if len(left) != 1 {
			h.T.Fatalf("%d mails", len(left))
		}
		token := strings.TrimPrefix(strings.Trim(left[0].Header.Get("List-Unsubscribe"), "<>"), "https://ent.preau.test/unsubscribe/")
		if person, of, err := h.Unsubscribing(token); err != nil || person != f.mother || of != notify.Relay {
			h.T.Fatalf("the token is of %s, of %s: %v", person, of, err)
		}
		for _, again := range []bool{false, true} {
			if err := h.Unsubscribe(h.T.Context(), token, again); err != nil {
				h.T.Fatal(err)
			}
			h.Read(func(tx *db.Tx) error {
				c, err := h.ChoiceOf(tx, f.mother)
				if c.Relay != again || c.Mail != notify.Evening {
					h.T.Errorf("again %v: %+v", again, c)
				}
				return err
			})
		}
	})
}

// A message in full has the words of its reader's language around what the school wrote, and
// links that a program makes of a line without more.
func TestTheLanguageAroundWhatIsPublic(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		page := h.opens(f.class)
		h.relays(f.mother, func(c *notify.Choice) { c.Lang = "ar" })
		h.Spoken = func(*db.Tx, school.ID) (i18n.Lang, error) { return "uk", nil }
		h.at("2026-10-05 12:00")
		h.puts(page, f.class, "Fête")
		left := h.evening("2026-10-05 18:30")
		m := to(f.mother, left)
		if len(m) != 1 || !strings.Contains(m[0].Text, "مرحبًا") || !strings.Contains(m[0].Text, "Venez tous.") || !strings.Contains(m[0].Text, "\nhttps://ent.preau.test/news/public/0010001a\n") {
			h.T.Errorf("%v", m)
		}
		if m := to(f.father, left); len(m) != 1 || !strings.Contains(m[0].Text, "Добрий день") {
			h.T.Errorf("who chose no language is not written to in the one that they speak: %v", m)
		}
	})
}

// What is public is their school's, whomever it was written to first; a second run of the
// evening repeats nothing.
func TestWhatIsPublicIsTheWholeSchools(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		page := h.opens(f.class)
		h.relays(f.mother)
		h.at("2026-10-05 12:00")
		page.on = append(page.on, notify.Posted{Room: "board", Thing: h.publish(audience.Audience{Place: audience.Class, Of: f.class, Side: audience.Pupils}),
			At: h.House.DB.Now(), From: "École des Tilleuls", Title: "Pour les élèves", Path: "/news/public/0010001a"})
		if left := h.evening("2026-10-05 18:30"); len(left) != 1 || len(to(f.mother, left)) != 1 || !strings.Contains(left[0].Text, "Pour les élèves") {
			h.T.Errorf("%d mails", len(left))
		}
		if err := h.Evening(h.T.Context(), job.Job{}); err != nil {
			h.T.Fatal(err)
		}
		if left := h.left(); len(left) != 0 {
			h.T.Errorf("a second run tells it again: %d", len(left))
		}
	})
}
