package news

import (
	"time"

	"preau/core/school"
	"preau/core/web"
	"preau/directory/place"
)

// pageView is the switch of the public page of a school.
type pageView struct {
	page
	Name   string
	Poster string // where it is, or would be
	Whole  string // the same, to be copied
	Done   []done
	Now    time.Time
}

// pagePath is where the public page of a school is opened and shut.
func pagePath(at school.ID) string { return "/news/page/" + at.String() }

// page shows whether a school has a public page.
func (s *Service) page(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, lead)
	if err != nil {
		return nil, err
	}
	v := pageView{Name: at.Name, Poster: posterPath(at.UAI), Whole: r.Absolute(posterPath(at.UAI)), Now: r.Tx.Now}
	if v.page, err = pageOf(r.Tx, at.ID); err != nil {
		return nil, err
	}
	v.Done, err = s.done(r, at.ID, at.ID)
	return place.Page(at, web.Page{Title: r.Say("news.page"), Body: pagePage(v)}), err
}

// turn opens the public page of a school, or shuts it.
func (s *Service) turn(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, lead)
	if err != nil {
		return nil, err
	}
	p, err := pageOf(r.Tx, at.ID)
	if err != nil {
		return nil, err
	}
	act, notice := actPageOpen, "news.page-opened"
	if r.PostFormValue("open") == "" {
		p, act, notice = page{School: at.ID}, actPageClose, "news.page-closed"
	} else {
		p.Listed = r.PostFormValue("listed") != ""
		if mark(&p.Opened, true, r.Tx.Now); p.By == 0 {
			p.By = r.Actor.Person
		}
	}
	if err := turnPage(r.Tx, p); err != nil {
		return nil, err
	}
	return web.Redirect{To: pagePath(at.ID), Notice: notice}, s.write(r, act, at.ID, at.ID, at.ID)
}
