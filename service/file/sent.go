package file

import (
	"strings"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/past"
	"preau/core/personal"
	"preau/core/school"
	"preau/core/web"
	"preau/directory/whom"
)

var _ web.Changer = (*Service)(nil)

// Sent implements web.Sender: what somebody opened to others.
func (s *Service) Sent(r *web.Request, by web.Sending) ([]web.Sent, error) {
	grants, err := db.All(r.Tx, scanGrant, `SELECT `+grantColumns+` FROM file_share g WHERE g.author_id = $1 AND `+by.In("g.made_at", "g.school_id")+`
		ORDER BY g.made_at DESC, g.id DESC `+by.Most(), by.Args()...)
	if err != nil {
		return nil, err
	}
	entries, _, err := aboutGrants(r.Tx, grants)
	if err != nil {
		return nil, err
	}
	ids := make([]school.ID, len(grants))
	for n, g := range grants {
		ids[n] = g.ID
	}
	audiences, err := audience.To(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	to := whom.Sayer{}
	sent := make([]web.Sent, len(grants))
	for n, g := range grants {
		said, err := to.Names(r, audiences[g.ID]...)
		if err != nil {
			return nil, err
		}
		e := entries[g.Entry]
		sent[n] = web.Sent{Thing: g.ID, School: g.School, At: g.Made, Icon: e.icon(), Title: e.Name, Text: r.Say("file.may-" + g.Level), To: said}
	}
	return sent, nil
}

// keepWas keeps what a grant is, which the visitor is about to end.
func (g grant) keepWas(r *web.Request) error {
	return past.Keep(r.Tx, Holdings.Tables, past.Change{Room: room, Thing: g.ID, School: g.School, By: r.Actor.Person, Act: past.Ended})
}

// Reads implements web.Changer.
func (s *Service) Reads(r *web.Request, rows []personal.Row) (said web.Sent, err error) {
	for _, row := range rows {
		if row.Table != "file_share" {
			continue
		}
		entries, err := entriesByID(r.Tx, row.ID("entry_id"))
		if err != nil {
			return said, err
		}
		said = web.Sent{Thing: row.ID("id"), School: row.ID("school_id"), At: row.At("made_at"), Text: r.Say("file.may-" + strings.ToLower(row.Text("level")))}
		for _, e := range entries {
			said.Icon, said.Title = e.icon(), e.Name
		}
	}
	return said, nil
}
