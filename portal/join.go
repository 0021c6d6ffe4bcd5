package portal

import (
	"net/http"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// joinView is where somebody says that another account is theirs too: what
// they type of it, then what it waits for.
type joinView struct {
	Login, Code string // as they were typed
	// Open tells that the other account is in use: it is its password that is
	// asked for.
	Open    bool
	Waiting account.Joining // none: its Person is 0
	Wrong   string          // what was wrong
	Field   string          // where
	Now     time.Time
}

func (v joinView) errorAt(field string) string {
	if v.Field == field {
		return v.Wrong
	}
	return ""
}

func (p *Portal) joining(r *web.Request) (web.Answer, error) {
	return p.joinPage(r, r.Tx, joinView{Open: r.URL.Query().Has("open")})
}

func (p *Portal) joinPage(r *web.Request, tx *db.Tx, v joinView) (page web.Page, err error) {
	v.Now = tx.Now
	if v.Waiting, err = account.JoiningOf(tx, r.Actor.Person); err != nil && !fail.Is(err, fail.NotFound) {
		return page, err
	}
	page = web.Page{Title: r.Say("portal.join"), Body: joinPage(v)}
	if v.Wrong != "" {
		page.Status = http.StatusUnprocessableEntity
	}
	return page, nil
}

// joinAgain is the page with what was wrong.
func (p *Portal) joinAgain(r *web.Request, v joinView, wrong error) (page web.Page, err error) {
	v.Wrong, v.Field = said(r, wrong), field(wrong)
	if v.Field == "" {
		v.Field = "login"
	}
	v.Open = v.Open || v.Field == "password"
	err = p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		page, err = p.joinPage(r, tx, v)
		return err
	})
	return page, err
}

// claim notes which other account the visitor says to be theirs, once they have
// shown its slip or its password.
func (p *Portal) claim(r *web.Request) (web.Answer, error) {
	v := joinView{
		Login: shown(r.PostFormValue("login")), Code: shown(r.PostFormValue("code")), Open: r.PostForm.Has("password"),
	}
	if v.Open && r.PostFormValue("password") == "" {
		return p.joinAgain(r, v, fail.New(fail.Invalid, "no password").Say("portal.join-no-password").At("password"))
	}
	from := account.OriginOf(r)
	other, err := p.Accounts.Claim(r.Context(), r.Actor.Person, v.Login, v.Code, r.PostFormValue("password"), from)
	if fail.Is(err, fail.Invalid) || fail.Is(err, fail.Conflict) {
		return p.joinAgain(r, v, err)
	}
	if err != nil {
		return nil, err
	}
	var refused error
	err = p.DB.Write(r.Context(), func(tx *db.Tx) error {
		refused = directory.MayJoin(tx, r.Actor.Person, other)
		if fail.Is(refused, fail.Conflict) { // and is journalled: somebody may hold what is not theirs
			return p.journalRefused(r, tx, other)
		}
		if refused != nil {
			return refused
		}
		return p.Accounts.AskJoin(tx, r.Actor.Person, other, from)
	})
	if err != nil {
		return nil, err
	}
	if refused != nil {
		return p.joinAgain(r, v, refused)
	}
	return web.Redirect{To: "/me/join"}, nil
}

// confirmJoin makes one account of the two, with the code that was sent.
func (p *Portal) confirmJoin(r *web.Request) (web.Answer, error) {
	err := p.Accounts.ConfirmJoin(r.Context(), r.Actor.Person, r.PostFormValue("code"), account.OriginOf(r),
		func(tx *db.Tx, j account.Joining) error {
			_, err := p.Accounts.Join(tx, p.Feeder, j, r.Actor.Person, r.ID)
			return err
		})
	switch {
	case fail.Is(err, fail.Invalid), fail.Is(err, fail.Conflict):
		return p.joinAgain(r, joinView{}, err)
	case fail.Is(err, fail.NotFound):
		return p.joinAgain(r, joinView{}, fail.New(fail.Invalid, "nothing waits: %w", err).Say("portal.join-late"))
	case err != nil:
		return nil, err
	}
	return web.Redirect{To: "/me", Notice: "portal.join-joined"}, nil
}

// journalRefused writes that the visitor claimed what is not joined, about both.
func (p *Portal) journalRefused(r *web.Request, tx *db.Tx, other school.ID) error {
	for _, subject := range []school.ID{r.Actor.Person, other} {
		if err := p.Accounts.Log.Write(tx, audit.Entry{
			Actor: r.Actor.Person, Profile: r.Actor.Profile, Action: "account.join-refused", Kind: "account", Object: other, Subject: subject, Request: r.ID,
		}); err != nil {
			return err
		}
	}
	return nil
}

func (p *Portal) cancelJoin(r *web.Request) (web.Answer, error) {
	err := account.EndJoining(r.Tx, r.Actor.Person)
	return web.Redirect{To: "/me/join", Notice: "portal.join-cancelled"}, err
}

// unjoin makes two accounts again of those that the visitor joined; each has
// its own login, and all its sessions end.
func (p *Portal) unjoin(r *web.Request) (web.Answer, error) {
	id, err := r.PathID("merge")
	if err != nil {
		return nil, err
	}
	act, err := directory.MergeActs.One(r.Tx, "id = $1", id)
	if err != nil {
		return nil, err
	}
	if act.Kept != r.Actor.Person || act.Asked != r.Actor.Person {
		return nil, fail.New(fail.NotFound, "merge %s is not of %s", id, r.Actor.Person)
	}
	if _, err := p.Feeder.Unmerge(r.Tx, id, r.Actor.Person); err != nil {
		return nil, err
	}
	if err := p.Accounts.Unmerge(r.Tx, act.Kept, act.Gone, r.Actor.Person, r.ID); err != nil {
		return nil, err
	}
	return web.Redirect{To: "/login", Notice: "portal.join-undone"}, nil
}

// joined lists the joinings that the visitor may undo.
func (p *Portal) joined(r *web.Request, tx *db.Tx) (list []directory.MergeAct, err error) {
	acts, err := directory.MergesAsked(tx, r.Actor.Person)
	for _, act := range acts {
		_, err := p.Feeder.Undoable(tx, act.ID)
		if fail.Is(err, fail.Conflict) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, act)
	}
	return list, err
}
