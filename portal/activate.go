package portal

import (
	"preau/account"
	"preau/account/secret"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// activationView is the way in with a code: first the login and the code, then
// a password, under the name of whom they are.
type activationView struct {
	Login, Code string // as they were typed
	Name        string // of whom they are; empty: not said yet
	Hats        []ui.Hat
	Form        web.Form
	Lang        langView
	Least       int             // characters of a password
	Child       bool            // whose account it is
	Again       bool            // they were in before: it is another password
	Turn        string          // that one has in the queue at the door
	In          string          // who is in already, and may add it to their account; empty: nobody
	Share       account.Sharing // of the device
}

// adds tells whether who opens an account is offered to add it to another one: who comes
// with their first code, and is no pupil.
func (v activationView) adds() bool { return v.In == "" && !v.Again && !v.Child }

func (p *Portal) activation(r *web.Request) (web.Answer, error) {
	return p.activationPage(r, activationView{}), nil
}

func (p *Portal) activationPage(r *web.Request, v activationView) web.Page {
	v.Lang = langs(r)
	if r.Holds(joinAccounts) {
		v.In = r.Visitor.Name
	}
	page := web.Page{Title: r.Say("portal.activate"), Body: activatePage(v), Status: v.Form.Status(), Doorway: true}
	if v.Name != "" {
		v.Share = p.sharing(r)
		page.Body = welcomePage(v)
	}
	if v.Again {
		page.Title = r.Say("portal.again")
	}
	return page
}

// activate says whose code it is, and then, with a password, sets it and lets
// in. A password that is refused leaves the code, and everything else that was
// typed, as they were.
func (p *Portal) activate(r *web.Request) (web.Answer, error) {
	v := activationView{Login: shown(r.PostFormValue("login")), Code: shown(r.PostFormValue("code"))}
	if !r.PostForm.Has("password") {
		return p.welcome(r, v, nil)
	}
	opened, err := p.Accounts.Activate(r.Context(), v.Login, v.Code, r.PostFormValue("password"), origin(r))
	if form, again := r.Again(err); again {
		if form.Error("password") != "" {
			return p.welcome(r, v, err)
		}
		v.Form = form
		return p.activationPage(r, v), nil
	}
	if v.Turn = turnOf(err); v.Turn != "" {
		page, wrong := p.welcome(r, v, nil)
		if wrong != nil {
			return nil, wrong
		}
		return inQueue(r, page, err)
	}
	if err != nil {
		return nil, err
	}
	return p.letIn(r, opened, web.Redirect{To: "/", Notice: "portal.activated"})
}

// ofChild tells whether an account is a child's, who is nothing else.
func ofChild(profiles []school.Profile) bool {
	return len(profiles) == 1 && profiles[0] == school.Pupil
}

// welcome names whom a login and a code are for, so that nobody activates the
// account of somebody else by mistake, and asks for a password; again when one was
// wrong. A child is spoken to as one.
func (p *Portal) welcome(r *web.Request, v activationView, wrong error) (page web.Page, err error) {
	person, err := p.Accounts.Recognise(r.Context(), v.Login, v.Code, account.OriginOf(r))
	if form, again := r.Again(err); again {
		v.Form = form
		return p.activationPage(r, v), nil
	}
	if err != nil {
		return page, err
	}
	err = r.Read(func() error {
		who, err := directory.Get(r.Tx, person)
		if err != nil {
			return err
		}
		v.Name = who.Name()
		hats, err := directory.Wardrobe(r.Tx, person)
		var profiles []school.Profile
		for _, hat := range hats {
			v.Hats = append(v.Hats, ui.Hat{ID: string(hat.Profile), Label: hatLabel(r.Printer, hat, who.Civility)})
			profiles = append(profiles, hat.Profile)
		}
		if err != nil {
			return err
		}
		v.Least, v.Child = secret.Least(profiles...), ofChild(profiles)
		accounts, err := account.Of(r.Tx, person)
		v.Again = !accounts[person].Activated.IsZero()
		return err
	})
	if err != nil {
		return page, err
	}
	if v.Child {
		r.ToChild()
	}
	v.Form, _ = r.Again(wrong)
	return p.activationPage(r, v), err
}
