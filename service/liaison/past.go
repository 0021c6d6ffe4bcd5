package liaison

import (
	"strings"

	"preau/core/i18n"
	"preau/core/past"
	"preau/core/personal"
	"preau/core/rich"
	"preau/core/school"
	"preau/core/web"
)

var _ web.Changer = (*Service)(nil)

// keepWas keeps what a word is, which the visitor is about to change.
func (w word) keepWas(r *web.Request, act past.Act) error {
	return past.Keep(r.Tx, Holdings.Tables, past.Change{Room: room, Thing: w.ID, School: w.School, Subject: w.Pupil, By: r.Actor.Person, Act: act})
}

// keepWas keeps what a note is, which the visitor is about to change.
func (n note) keepWas(r *web.Request, act past.Act) error {
	return past.Keep(r.Tx, Holdings.Tables, past.Change{Room: room, Thing: n.ID, School: n.School, Subject: n.Child, By: r.Actor.Person, Act: act})
}

// Reads implements web.Changer: a word, or a note with what was answered to it.
func (s *Service) Reads(r *web.Request, rows []personal.Row) (web.Sent, error) {
	for _, row := range rows {
		switch row.Table {
		case "liaison_word":
			return readsWord(r, row)
		case "liaison_note":
			return readsNote(r, row)
		}
	}
	return web.Sent{}, nil
}

func readsWord(r *web.Request, row personal.Row) (web.Sent, error) {
	facts, err := loadFacts(row.Text("facts"))
	if err != nil {
		return web.Sent{}, err
	}
	var lines []string
	if !row.At("cancelled_at").IsZero() {
		lines = append(lines, i18n.Dots(r.Say("liaison.cancelled"), row.Text("cancel_why")))
	}
	lines = append(lines, rich.Load(row.Text("body")).Plain())
	if !facts.empty() {
		lines = append(lines, facts.text(r.Printer, r.Tx.Now))
	}
	if due := row.At("due_at"); !due.IsZero() {
		lines = append(lines, i18n.Dots(r.Say("liaison.due"), r.Printer.Date(school.LastDay(due))))
	}
	return web.Sent{
		Thing: row.ID("id"), School: row.ID("school_id"), At: row.At("published_at"), Icon: category(row.Text("category")).icon(), Title: row.Text("title"),
		Text: strings.Join(lines, "\n"),
	}, nil
}

func readsNote(r *web.Request, row personal.Row) (said web.Sent, err error) {
	n := note{Kind: noteKind(row.Text("kind")), Hour: row.Text("hour")}
	if n.From, err = day(row.Text("from_day")); err != nil {
		return said, err
	}
	if n.Until, err = day(row.Text("until_day")); err != nil {
		return said, err
	}
	var lines []string
	if !row.At("withdrawn_at").IsZero() {
		lines = append(lines, r.Say("liaison.note-gone"))
	}
	if body := row.Text("body"); body != "" {
		lines = append(lines, body)
	}
	if reply := row.Text("reply"); reply != "" {
		lines = append(lines, i18n.Dots(r.Say("liaison.note-replied"), reply))
	}
	return web.Sent{
		Thing: row.ID("id"), School: row.ID("school_id"), At: row.At("sent_at"), Icon: noteIcons[n.Kind], Title: n.what(r.Printer, r.Tx.Now),
		Text: strings.Join(lines, "\n"),
	}, nil
}
