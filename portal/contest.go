package portal

import (
	"net/http"
	"time"

	"preau/account"
	"preau/core/db"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// contestView is the form with which one shuts one's account, or what came of a
// link: the account is shut, or the link does nothing any more.
type contestView struct {
	Form    web.Form
	Done    bool
	Spent   account.Spent
	Since   time.Time
	Schools []ui.Contact // whom to call, who opens the account again
	Now     time.Time
	Lang    langView
}

func (p *Portal) contest(r *web.Request) (web.Answer, error) {
	return contestAnswer(r, contestView{}), nil
}

func contestAnswer(r *web.Request, v contestView) web.Page {
	v.Lang = langs(r)
	return web.Page{Title: r.Say("portal.contest"), Body: contestPage(v), Status: v.Form.Status(), Doorway: true}
}

// freeze shuts the account of a token. It is a form, not the opening of the
// link: programs that look into mail open links. Whoever holds a link that was sent
// to them is told which school to call.
func (p *Portal) freeze(r *web.Request) (web.Answer, error) {
	came, err := p.Accounts.Contest(r.Context(), r.PostFormValue("token"), account.OriginOf(r))
	if form, again := r.Again(err); again {
		return contestAnswer(r, contestView{Form: form}), nil
	}
	if err != nil {
		return nil, err
	}
	v := contestView{Done: came.Spent == "", Spent: came.Spent, Since: came.Since}
	err = p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		v.Now = tx.Now
		v.Schools, err = p.schoolsToCall(r, tx, came.Person)
		return err
	})
	if err != nil {
		return nil, err
	}
	page := contestAnswer(r, v)
	if !v.Done {
		page.Status = http.StatusUnprocessableEntity // what was asked is not done
	}
	return page, nil
}

// schoolsToCall are the schools of somebody who is not in, as they are reached.
func (p *Portal) schoolsToCall(r *web.Request, tx *db.Tx, person school.ID) ([]ui.Contact, error) {
	posts, err := p.Accounts.Standing(tx, person)
	if err != nil {
		return nil, err
	}
	places := make([]school.ID, len(posts))
	for i, post := range posts {
		places[i] = post.Structure
	}
	structures, err := directory.StructuresByID(tx, places...)
	if err != nil {
		return nil, err
	}
	var schools []ui.Contact
	for _, s := range structures {
		if s.Kind == directory.School {
			schools = append(schools, schoolContact(r, s))
		}
	}
	return schools, nil
}
