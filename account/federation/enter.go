package federation

import (
	"errors"
	"net/http"
	"slices"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

const whoPath = "/login/who"

// vouched takes what a verified answer says: whom it names may come in, in the
// browser that left and that brought the answer. Were it the one that left alone,
// whoever sends somebody the address of a try of theirs would come in as them.
// once is written in the same transaction. Whom nothing
// names hears what to do instead.
func (s *Service) vouched(r *web.Request, p Provider, e errand, said statements, back string, once func(*db.Tx) error) (web.Answer, error) {
	var people []school.ID
	brought := secret()
	err := s.DB.Write(r.Context(), func(tx *db.Tx) (err error) {
		if err := once(tx); err != nil {
			return err
		}
		if people, err = s.people(tx, p, said); err != nil {
			return err
		}
		rows := make([]found, len(people))
		for i, person := range people {
			rows[i] = found{person, p.Name, e.Next, back}
		}
		if err := find(tx, both(e.Browser, brought), rows); err != nil || len(people) > 0 {
			return err
		}
		return s.Audit.Write(tx, audit.Entry{
			Action: actUnknown, Kind: "account", By: audit.By{Request: r.ID}, Detail: audit.Detail{"provider": p.Name},
		})
	})
	if err != nil {
		return nil, err
	}
	if len(people) == 0 {
		return unknown(r, p.For), nil
	}
	r.SetVouched(brought, foundLife)
	return web.Redirect{To: whoPath}, nil
}

// both is how the database knows a browser that left and came back.
func both(left []byte, brought string) []byte { return hashed(string(left) + brought) }

// browser is the one that asks, as [both] says it.
func browser(r *web.Request) []byte { return both(hashed(r.Errand()), r.Vouched()) }

// unknown is the page of whoever was vouched for and may not come in so, whatever
// the reason.
func unknown(r *web.Request, whom People) web.Page {
	title := r.Say("federation.unknown")
	return web.Page{Title: title, Body: unknownPage(title, r.Say("federation.unknown-"+string(whom))), Status: http.StatusForbidden, Doorway: true}
}

// who lets in the only person whom the answer named, or asks which one. The
// browser that left is the one that keeps what it was given then.
func (s *Service) who(r *web.Request) (web.Answer, error) {
	var list []found
	var choices []choice
	err := s.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if list, err = foundBy(tx, browser(r)); err != nil || len(list) < 2 {
			return err
		}
		choices, err = choicesAmong(tx, list)
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case len(list) == 0:
		return nil, refused("nobody was found for the browser, or too long ago")
	case len(list) == 1:
		return s.enter(r, list[0])
	}
	return web.Page{Title: r.Say("federation.who"), Body: whoPage(choices), Doorway: true, Private: true}, nil
}

// choice is one of the people whom an answer named.
type choice struct {
	Person school.ID
	Name   string
	Family bool     // the places are children
	Places []string // the children of a guardian, the schools of the staff
}

// choicesAmong tells apart the people whom an answer named.
func choicesAmong(tx *db.Tx, list []found) (choices []choice, err error) {
	for _, f := range list {
		p, err := voucher(tx, f.Provider)
		if err != nil {
			return nil, err
		}
		who, err := directory.Get(tx, f.Person)
		if err != nil {
			return nil, err
		}
		wardrobe, err := directory.Wardrobe(tx, f.Person)
		if err != nil {
			return nil, err
		}
		var places []string
		for _, hat := range wardrobe {
			for _, place := range hat.Places {
				if slices.Contains(hats[p.For], hat.Profile) && !slices.Contains(places, place.Name) {
					places = append(places, place.Name)
				}
			}
		}
		choices = append(choices, choice{f.Person, who.Name(), p.For == Families, places})
	}
	return choices, nil
}

// choose lets in the person who was chosen among those that were found for the
// browser.
func (s *Service) choose(r *web.Request) (web.Answer, error) {
	person, err := school.ParseID(r.PostFormValue("person"))
	if err != nil {
		return nil, fail.New(fail.NotFound, "the person chosen: %w", err)
	}
	var list []found
	err = s.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		list, err = foundBy(tx, browser(r))
		return err
	})
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(list, func(f found) bool { return f.Person == person })
	if at < 0 {
		return nil, refused("%d is not among those who were found for the browser", person)
	}
	return s.enter(r, list[at])
}

// enter opens the session of somebody who was found, and uses what was found
// up.
func (s *Service) enter(r *web.Request, f found) (web.Answer, error) {
	var opened account.Opened
	var p Provider
	err := s.DB.Write(r.Context(), func(tx *db.Tx) (err error) {
		if p, err = voucher(tx, f.Provider); err != nil {
			return err
		}
		if err := useFound(tx, browser(r), f.Person); err != nil {
			return err
		}
		if opened, err = s.Accounts.EnterFederated(tx, f.Person, hats[p.For], account.OriginOf(r)); err != nil {
			return err
		}
		return enterAs(tx, opened.ID, f)
	})
	err = s.Accounts.Settle(r.Context(), err)
	if errors.Is(err, account.ErrNotSo) { // disabled, or left, since the answer
		return unknown(r, p.For), nil
	}
	if err != nil {
		return nil, err
	}
	r.ClearErrand()
	return s.LetIn(r, opened, web.Redirect{To: f.Next})
}

// WayBack is where who leaves a session signs out of what opened it too.
type WayBack struct{ Label, To string }

// Leaving tells where one signs out of the provider that opened a session; the
// zero WayBack when none did, or it did not say.
func Leaving(tx *db.Tx, session school.ID) (back WayBack, err error) {
	var name string
	err = tx.Get([]any{&name, &back.To}, `SELECT provider, back FROM federation_entry WHERE session_id = $1`, session)
	if err == nil && back.To != "" {
		var p Provider
		p, err = ProviderNamed(tx, name)
		back.Label = p.Label
	}
	if fail.Is(err, fail.NotFound) || err == nil && back.To == "" {
		return WayBack{}, nil
	}
	return back, err
}
