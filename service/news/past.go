package news

import (
	"strings"

	"preau/core/db"
	"preau/core/i18n"
	"preau/core/past"
	"preau/core/personal"
	"preau/core/rich"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
)

var (
	_ web.Changer = (*Service)(nil)
	_ web.Settler = (*Service)(nil)
)

// keepWas keeps what an item is, which the visitor is about to change.
func (i item) keepWas(r *web.Request, act past.Act) error {
	return past.Keep(r.Tx, Holdings.Tables, past.Change{Room: room, Thing: i.ID, School: i.School, By: r.Actor.Person, Act: act})
}

// Reads implements web.Changer.
func (s *Service) Reads(r *web.Request, rows []personal.Row) (said web.Sent, err error) {
	for _, row := range rows {
		if row.Table != "news_item" {
			continue
		}
		var lines []string
		if at := row.At("removed_at"); !at.IsZero() {
			lines = append(lines, r.Say("news.removed-at", r.Printer.Moment(at, r.Tx.Now)))
		}
		lines = append(lines, rich.Load(row.Text("body")).Plain())
		if at := row.At("event_at"); !at.IsZero() {
			lines = append(lines, i18n.Dots(r.Printer.Moment(at, r.Tx.Now), row.Text("event_place")))
		}
		if row.Is("front") {
			lines = append(lines, r.Say("news.front-tag"))
		}
		if !row.At("public_at").IsZero() {
			lines = append(lines, r.Say("news.public"))
		}
		said = web.Sent{
			Thing: row.ID("id"), School: row.ID("school_id"), At: row.At("published_at"), Icon: ui.IconNews, Title: row.Text("title"), Text: strings.Join(lines, "\n"),
		}
	}
	return said, nil
}

// Settle implements web.Settler: one item alone is on top of its school's, and what was put there
// meanwhile stays. An item is part of no other.
func (s *Service) Settle(tx *db.Tx, rows []personal.Row) (empty []school.ID, err error) {
	for _, row := range rows {
		if row.Table != "news_item" {
			continue
		}
		if _, err := tx.Exec(`UPDATE news_item SET front = FALSE WHERE id = $1 AND front AND EXISTS (
			SELECT 1 FROM news_item o WHERE o.school_id = news_item.school_id AND o.commune_id = 0 AND o.front AND o.id <> news_item.id)`, row.ID("id")); err != nil {
			return nil, err
		}
	}
	return nil, nil
}
