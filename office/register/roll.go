package register

import (
	"errors"
	"net/http"

	"preau/core/audit"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// postsIn are the posts that the visitor may give somewhere.
func postsIn(r *web.Request) (posts []directory.Template) {
	for _, post := range directory.Templates {
		if r.Holds(giving[post.Profile]) && !post.Twice {
			posts = append(posts, post)
		}
	}
	return posts
}

// rollView is the page where a sheet is entered, with what became of its
// lines.
type rollView struct {
	Lines []RollLine
	Posts []directory.Template // that the visitor may give
	// Places are where, the first of them, and More that there are others.
	Places []directory.Named
	More   bool
	Form   web.Form
}

// rollViewOf reads what the page explains.
func rollViewOf(r *web.Request) (view rollView, err error) {
	view.Posts = postsIn(r)
	view.Places, view.More, err = teamsKept(r, "")
	return view, err
}

// roll is the page where a sheet of appointments is entered.
func (s *Service) roll(r *web.Request) (web.Answer, error) {
	view, err := rollViewOf(r)
	return web.Page{Title: r.Say("register.roll"), Body: rollPage(view)}, err
}

// enterRoll appoints the people of a sheet.
func (s *Service) enterRoll(r *web.Request) (web.Answer, error) {
	file, header, err := r.FormFile("file")
	if err != nil {
		err = fail.New(fail.Invalid, "no file: %w", err).Say("register.roll-file").At("file")
	} else {
		defer file.Close()
	}
	if err == nil && header.Size == 0 {
		err = fail.New(fail.Invalid, "the file is empty").Say("register.file-void").At("file")
	}
	view, wrong := rollViewOf(r)
	if wrong != nil {
		return nil, wrong
	}
	if err == nil {
		e := audit.Entry{By: r.By()}
		view.Lines, err = s.Roll(r.Tx, file, e, Granter{
			May:     func(post directory.Post) (bool, error) { return mayGive(r, post) },
			Answers: func(person school.ID) error { return answersFor(r, person) },
		})
	}
	page := web.Page{Title: r.Say("register.roll")}
	switch form, again := r.Again(err); {
	case again:
		view.Form = form
	case errors.Is(err, errRefusedLines):
		page.Status = http.StatusUnprocessableEntity
	case err != nil:
		return nil, err
	}
	if page.Status == 0 {
		page.Status = view.Form.Status()
	}
	page.Body = rollPage(view)
	return page, nil
}
