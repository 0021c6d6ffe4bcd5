package removal

import (
	"cmp"
	"context"
	"strings"
	"time"

	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/search"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

const landPath = "/removal/"

// searchPath is where what an account sent is looked for: in a school, or everywhere (0).
func searchPath(at, person school.ID) string {
	if at == 0 {
		return "/removal/person/" + person.String()
	}
	return "/removal/school/" + at.String() + "/person/" + person.String()
}

// crumbs is the way back from a page of the office.
func crumbs(ctx context.Context, further ...ui.Link) []ui.Link {
	return append([]ui.Link{
		{Href: "/", Label: i18n.Say(ctx, "removal.home")}, {Href: "/accounts/", Label: i18n.Say(ctx, "removal.accounts")},
	}, further...)
}

// within is the way back from a page that the first page of the office leads to.
func within(ctx context.Context) []ui.Link {
	return crumbs(ctx, ui.Link{Href: landPath, Label: i18n.Say(ctx, "removal.title")})
}

// namesOf are the names of whoever is named in some cases; of nobody who was erased.
func namesOf(tx *db.Tx, all ...dossier) (map[school.ID]string, error) {
	var people []school.ID
	for _, d := range all {
		people = append(people, d.Account, d.AskedBy, d.Settler, d.UndoneBy, d.RestoredBy)
	}
	known, err := directory.SomeByID(tx, people...)
	names := map[school.ID]string{}
	for _, who := range known {
		names[who.ID] = who.Name()
	}
	return names, err
}

// name is one of some names, or what somebody who was erased is called.
func name(ctx context.Context, names map[school.ID]string, id school.ID) string {
	return cmp.Or(names[id], i18n.Say(ctx, "removal.somebody-gone"))
}

// when says when a thing was sent, or is to be.
func when(ctx context.Context, one web.Sent, now time.Time) string {
	said := i18n.Moment(ctx, one.At, now)
	if one.At.After(now) {
		return i18n.Say(ctx, "removal.sent-later", said)
	}
	return said
}

// excerptLetters is how many letters of a thing are shown.
const excerptLetters = 160

// excerpt is the beginning of a thing's text.
func excerpt(one web.Sent) string { return search.Query{}.Excerpt(one.Text, excerptLetters) }

// did says what the account did to a thing last, and when.
func (c changed) did(ctx context.Context, now time.Time) string {
	return i18n.Dots(i18n.Say(ctx, "removal.did-"+string(c.last().Act)), i18n.Moment(ctx, c.last().At, now))
}

// finding is a thing that the account changed, in a list.
func (c changed) finding(ctx context.Context, now time.Time) ui.Finding {
	about := c.did(ctx, now)
	if !c.stands() {
		by := cmp.Or(c.SinceName, i18n.Say(ctx, "removal.somebody-gone"))
		about = i18n.Dots(about, i18n.Say(ctx, "removal.changed-again", by, i18n.Moment(ctx, c.Since, now)))
	}
	return ui.Finding{Title: c.Before.Title, About: about, Text: c.shows(ctx), Icon: c.Before.Icon}
}

// taken is a thing that the account took back, in a list.
func (c changed) taken(ctx context.Context, now time.Time) ui.Finding {
	about := c.did(ctx, now)
	if c.Before.To != "" {
		about = i18n.Dots(about, i18n.Say(ctx, "removal.to", c.Before.To))
	}
	if len(c.Before.Files)+c.Before.Photos > 0 {
		about = i18n.Dots(about, c.Before.carried(ctx))
	}
	return ui.Finding{Title: c.Before.Title, About: about, Text: excerpt(c.Before.Sent), Icon: c.Before.Icon}
}

// shows says what a thing was, and what the account made of it: what is not the same alone.
func (c changed) shows(ctx context.Context) string {
	var parts []string
	differ := func(key, before, after string) {
		if before != after {
			parts = append(parts, i18n.Say(ctx, key, before, after))
		}
	}
	differ("removal.was-titled", c.Before.Title, c.After.Title)
	if before, after := apart(c.Before.Text, c.After.Text); before != after {
		differ("removal.was", before, after)
	}
	if c.Before.To != "" && c.After.To != "" {
		differ("removal.was-to", c.Before.To, c.After.To)
	}
	if c.Files {
		parts = append(parts, i18n.Say(ctx, "removal.carried", c.Before.carried(ctx), c.After.carried(ctx)))
	}
	return strings.Join(parts, " ")
}

// carried says what a thing carried.
func (w worded) carried(ctx context.Context) string {
	said := w.Files
	if w.Photos > 0 {
		said = append([]string{i18n.Say(ctx, "removal.photos", w.Photos)}, said...)
	}
	return cmp.Or(strings.Join(said, ", "), i18n.Say(ctx, "removal.carried-none"))
}

// apart are two texts from a little before where they part.
func apart(before, after string) (string, string) {
	a, b := strings.Fields(before), strings.Fields(after)
	same := 0
	for same < len(a) && same < len(b) && a[same] == b[same] {
		same++
	}
	const led = 4 // words that both have, for one to know where it is
	cut := func(words []string) string {
		lead := ""
		if same > led {
			words, lead = words[same-led:], "… "
		}
		return lead + search.Query{}.Excerpt(strings.Join(words, " "), excerptLetters)
	}
	return cut(a), cut(b)
}
