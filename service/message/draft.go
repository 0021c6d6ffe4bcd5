package message

import (
	"net/url"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/rich"
	"preau/core/school"
	"preau/core/web"
)

// draft is a form that somebody put aside.
type draft struct {
	ID            school.ID
	Path, Subject string
	Form          url.Values
	Saved         time.Time
}

func scanDraft(row db.Row) (d draft, err error) {
	var form string
	var saved db.Time
	if err = row.Scan(&d.ID, &d.Path, &d.Subject, &form, &saved); err != nil {
		return d, err
	}
	d.Saved = saved.Time
	d.Form, err = url.ParseQuery(form)
	return d, err
}

// ofMine is the condition of the drafts of the person $1 with the hat $2, whatever the record of
// theirs under which they put them aside.
var ofMine = `person_id IN (` + oneWith(1) + `) AND profile = $2`

var draftsOf = `SELECT id, path, subject, form, saved_at FROM message_draft WHERE ` + ofMine

// countDrafts counts those of the visitor with their hat.
func countDrafts(r *web.Request) (int, error) {
	return db.One(r.Tx, db.Column[int], `SELECT count(*) FROM message_draft WHERE `+ofMine, r.Actor.Person, string(r.Actor.Profile))
}

// The excerpt of a draft, in letters, and how much of it is read for that, in bytes: a list of
// long drafts is read whole in no page.
const draftExcerpt, draftRead = 80, 2000

// excerpt is the beginning of what a draft says.
func (d draft) excerpt() string {
	body := d.Form.Get("body")
	return rich.Draft(body[:min(len(body), draftRead)]).Excerpt(draftExcerpt)
}

// drafts reads a page of those of the visitor with their hat, the last first.
func drafts(r *web.Request, v *listView) (err error) {
	at, id := before(r)
	v.Drafts, err = db.All(r.Tx, scanDraft, draftsOf+` AND (saved_at < $3 OR saved_at = $3 AND id < $4) ORDER BY saved_at DESC, id DESC LIMIT $5`,
		r.Actor.Person, string(r.Actor.Profile), at, id, most+1)
	if len(v.Drafts) > most {
		v.Drafts = v.Drafts[:most]
		v.Older = v.older(v.Drafts[most-1].Saved, v.Drafts[most-1].ID)
	}
	return err
}

// maxDrafts is how many drafts somebody keeps.
const maxDrafts = 100

// saveDraft writes the draft of a form, or writes it again.
func saveDraft(r *web.Request, path string, typed url.Values) (school.ID, error) {
	id, err := school.ParseID(r.PostFormValue("draft"))
	fresh := err != nil
	if fresh {
		id = school.NewID(r.Tx.Now)
		n, err := countDrafts(r)
		if err == nil && n >= maxDrafts {
			err = fail.New(fail.Conflict, "%d drafts", n).Say("message.drafts-many", maxDrafts)
		}
		if err != nil {
			return 0, err
		}
	}
	subject := []rune(school.Clean(typed.Get("subject")))
	args := []any{r.Actor.Person, string(r.Actor.Profile), id, path, string(subject[:min(len(subject), maxSubject)]), typed.Encode(), db.At(r.Tx.Now)}
	if fresh {
		_, err := r.Tx.Exec(`INSERT INTO message_draft (person_id, profile, id, path, subject, form, saved_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`, args...)
		return id, err
	}
	n, err := r.Tx.Exec(`UPDATE message_draft SET path = $4, subject = $5, form = $6, saved_at = $7 WHERE id = $3 AND `+ofMine, args...)
	if err == nil && n == 0 {
		err = fail.New(fail.NotFound, "no such draft of %s", r.Actor.Person)
	}
	return id, err
}

// myDraft reads a draft of the visitor's.
func myDraft(r *web.Request, id school.ID) (draft, error) {
	return db.One(r.Tx, scanDraft, draftsOf+` AND id = $3`, r.Actor.Person, string(r.Actor.Profile), id)
}

// kept is the form of a page as the draft of its address has it; one that nobody has
// filled, without a draft.
func (s *Service) kept(r *web.Request, path string) (web.Form, error) {
	id, err := school.ParseID(r.URL.Query().Get("draft"))
	if err != nil {
		return web.Begun(r.URL.Query()), nil
	}
	d, err := myDraft(r, id)
	if err == nil && d.Path != path {
		err = fail.New(fail.NotFound, "the draft %s is of %s", id, d.Path)
	}
	if err != nil {
		return web.Form{}, err
	}
	d.Form.Set("draft", id.String())
	return web.Kept(d.Form), nil
}

// goOn leads to the page where a draft is gone on with.
func (s *Service) goOn(r *web.Request) (web.Answer, error) {
	id, err := r.PathID("draft")
	if err != nil {
		return nil, err
	}
	d, err := myDraft(r, id)
	return web.Redirect{To: d.Path + "?draft=" + id.String()}, err
}

// dropDraft throws a draft away.
func (s *Service) dropDraft(r *web.Request) (web.Answer, error) {
	id, err := r.PathID("draft")
	if err != nil {
		return nil, err
	}
	if _, err := myDraft(r, id); err != nil {
		return nil, err
	}
	err = deleteDraft(r, id)
	return web.Redirect{To: "/message/drafts", Notice: "message.draft-gone"}, err
}

// forgetDraft throws away the draft of what is sent now.
func forgetDraft(r *web.Request) error {
	id, err := school.ParseID(r.PostFormValue("draft"))
	if err != nil {
		return nil
	}
	return deleteDraft(r, id)
}

func deleteDraft(r *web.Request, id school.ID) error {
	_, err := r.Tx.Exec(`DELETE FROM message_draft WHERE id = $3 AND `+ofMine, r.Actor.Person, string(r.Actor.Profile), id)
	return err
}
