package portal

import (
	"time"

	"preau/account"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// joinView is where somebody says that another account is theirs too: what
// they type of it, then what it waits for.
type joinView struct {
	Form web.Form
	// Open tells that the other account is in use: it is its password that is
	// asked for.
	Open    bool
	Waiting account.Joining // none: its Person is 0
	Schools []string        // where the head confirms what waits
	Now     time.Time
}

func (p *Portal) askJoin(r *web.Request) (web.Answer, error) { return p.joinPage(r, web.Form{}) }

func (p *Portal) joinPage(r *web.Request, form web.Form) (web.Answer, error) {
	v := joinView{Form: form, Now: r.Tx.Now}
	v.Open = r.URL.Query().Has("open") || r.PostForm.Has("password") || form.Error("password") != ""
	var err error
	if v.Waiting, err = account.JoiningOf(r.Tx, r.Actor.Person); err != nil && !fail.Is(err, fail.NotFound) {
		return nil, err
	}
	if v.Waiting.Person != 0 && !v.Waiting.Mailed {
		schools, err := account.JoinedAt(r.Tx, v.Waiting)
		if err != nil {
			return nil, err
		}
		for _, at := range schools {
			v.Schools = append(v.Schools, i18n.Dots(at.Name, at.Town))
		}
	}
	return web.Page{Title: r.Say("portal.join"), Body: joinPage(v), Status: form.Status()}, nil
}

// joinAgain is the page with what was wrong.
func (p *Portal) joinAgain(r *web.Request, form web.Form) (page web.Answer, err error) {
	err = r.Read(func() (err error) {
		page, err = p.joinPage(r, form)
		return err
	})
	return page, err
}

// claim notes which other account the visitor says to be theirs, once they have
// shown its slip or its password.
func (p *Portal) claim(r *web.Request) (web.Answer, error) {
	password := r.PostFormValue("password")
	var err error
	if r.PostForm.Has("password") && password == "" {
		err = fail.New(fail.Invalid, "no password").Say("portal.join-no-password").At("password")
	} else {
		err = p.Accounts.Claim(r.Context(), r.Actor, r.PostFormValue("login"), r.PostFormValue("code"), password, account.OriginOf(r),
			func(tx *db.Tx, other school.ID) error { return directory.MayJoin(tx, r.Actor.Person, other) })
	}
	if form, again := r.Again(err); again {
		return p.joinAgain(r, form)
	}
	return web.Redirect{To: "/me/join"}, err
}

// confirmJoin makes one account of the two, with the code that was sent.
func (p *Portal) confirmJoin(r *web.Request) (web.Answer, error) {
	var act directory.MergeAct
	err := p.Accounts.ConfirmJoin(r.Context(), r.Actor.Person, r.PostFormValue("code"), account.OriginOf(r),
		func(tx *db.Tx, j account.Joining) (err error) {
			act, err = p.Accounts.Join(tx, p.Feeder, j, r.By())
			return err
		})
	if fail.Is(err, fail.NotFound) {
		err = fail.New(fail.Invalid, "nothing waits: %w", err).Say("portal.join-late").At("code")
	}
	if form, again := r.Again(err); again {
		return p.joinAgain(r, form)
	}
	return web.Redirect{To: joinedPath(act.ID)}, err
}

func (p *Portal) cancelJoin(r *web.Request) (web.Answer, error) {
	err := account.EndJoining(r.Tx, r.Actor.Person)
	return web.Redirect{To: "/me/join", Notice: "portal.join-cancelled"}, err
}
