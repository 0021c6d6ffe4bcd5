package liaison

import (
	"cmp"
	"slices"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/whom"
)

// Sent implements web.Sender: the words that somebody wrote to families, and what they told
// the school of their children.
func (s *Service) Sent(r *web.Request, by web.Sending) ([]web.Sent, error) {
	words, err := sentWords(r, by)
	if err != nil {
		return nil, err
	}
	notes, err := sentNotes(r, by)
	sent := append(words, notes...)
	slices.SortFunc(sent, func(a, b web.Sent) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.Thing, a.Thing)) })
	return sent[:min(len(sent), web.MostSent)], err
}

func sentWords(r *web.Request, by web.Sending) ([]web.Sent, error) {
	words, err := db.All(r.Tx, scanWord, `SELECT `+wordColumns+` FROM liaison_word w WHERE w.author_id = $1 AND `+by.In("w.published_at", "w.school_id")+`
		ORDER BY w.published_at DESC, w.id DESC `+by.Most(), by.Args()...)
	if err != nil {
		return nil, err
	}
	ids := make([]school.ID, len(words))
	for i, w := range words {
		ids[i] = w.ID
	}
	audiences, err := audience.To(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	to := whom.Sayer{}
	sent := make([]web.Sent, len(words))
	for i, w := range words {
		said, err := to.Names(r, audiences[w.ID]...)
		if err != nil {
			return nil, err
		}
		sent[i] = web.Sent{Thing: w.ID, School: w.School, At: w.Published, Icon: w.Category.icon(), Title: w.Title, Text: w.Body.Plain(), To: said}
	}
	return sent, nil
}

func sentNotes(r *web.Request, by web.Sending) ([]web.Sent, error) {
	notes, err := db.All(r.Tx, scanNote, `SELECT `+noteColumns+` FROM liaison_note n WHERE n.author_id = $1 AND `+by.In("n.sent_at", "n.school_id")+`
		ORDER BY n.sent_at DESC, n.id DESC `+by.Most(), by.Args()...)
	if err != nil {
		return nil, err
	}
	children := make([]school.ID, len(notes))
	for i, n := range notes {
		children[i] = n.Child
	}
	known, err := directory.SomeByID(r.Tx, children...)
	name := map[school.ID]string{}
	for _, child := range known {
		name[child.ID] = child.Name()
	}
	sent := make([]web.Sent, len(notes))
	for i, n := range notes {
		sent[i] = web.Sent{
			Thing: n.ID, School: n.School, At: n.Sent, Icon: noteIcons[n.Kind], Title: i18n.Dots(name[n.Child], n.what(r.Printer, r.Tx.Now)), Text: n.Body,
			To: r.Say("liaison.from-school"),
		}
	}
	return sent, err
}
