package portal

import (
	"errors"
	"net/http"
	"time"

	"preau/account"
	"preau/account/federation"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
)

// loginView is the first page.
type loginView struct {
	Login string // as it was typed
	Next  string // where to go then
	Wrong bool   // the try before was
	Mail  bool   // who forgot a password may get a link
	Demo  bool
	Lang  langView
	Ways  []ui.ButtonLink // identity providers
	Turn  string          // that one has in the queue at the door
	Share account.Sharing // of the device
}

// login shows the form, to those who are in too: they may come to be somebody
// else.
func (p *Portal) login(r *web.Request) (web.Answer, error) {
	if toClass(r) {
		return web.Redirect{To: classPath}, nil
	}
	page := p.loginPage(r, loginView{Next: r.Next()})
	if r.SignedIn() {
		page.Notices = append(page.Notices, ui.Notice{
			Text: r.Say("portal.already-in", r.Name),
			Link: ui.Link{Href: "/", Label: r.Say("portal.go-home")},
		})
	}
	return page, nil
}

func (p *Portal) loginPage(r *web.Request, v loginView) web.Page {
	v.Demo, v.Mail, v.Lang, v.Ways, v.Share = p.Demo, p.Accounts.SendsMail(), langs(r), p.ways(r, v.Next), p.sharing(r)
	return web.Page{Title: r.Say("portal.login"), Body: loginPage(v), Help: loginHelp(), Doorway: true}
}

// sharing is what the device is taken for until one says what it is: one comes in
// all the same when that cannot be read.
func (p *Portal) sharing(r *web.Request) account.Sharing {
	from := origin(r)
	if from.Said == "" && r.Shared {
		from.Said = account.Shared
	}
	likely, err := p.Accounts.LikelySharing(r.Context(), from)
	if err != nil {
		p.without(r, "whether the device is shared", err)
		return ""
	}
	return likely
}

// without tells an operator what the page of sign-in is shown without. Who has left
// meanwhile misses nothing.
func (p *Portal) without(r *web.Request, what string, err error) {
	if r.Context().Err() == nil {
		p.Log.Error("the page of sign-in goes without "+what, "id", r.ID, "err", err)
	}
}

// signIn opens a session. What was typed wrong comes back with the form, and so does
// a crowd, with one's place in it; too many tries are a page that says how long
// to wait.
func (p *Portal) signIn(r *web.Request) (web.Answer, error) {
	typed := r.PostFormValue("login")
	opened, err := p.Accounts.SignIn(r.Context(), typed, r.PostFormValue("password"), origin(r))
	if fail.Is(err, fail.Invalid) {
		page := p.loginPage(r, loginView{Login: shown(typed), Next: r.Next(), Wrong: true})
		page.Notices = []ui.Notice{{Kind: ui.Danger, Text: said(r, err)}}
		page.Status = http.StatusUnprocessableEntity
		return page, nil
	}
	if err != nil {
		return inQueue(r, p.loginPage(r, loginView{Login: shown(typed), Next: r.Next(), Turn: turnOf(err)}), err)
	}
	return p.letIn(r, opened, web.Redirect{To: r.Next()})
}

// LetIn gives the browser a session that an identity provider opened, as a
// password would.
func (p *Portal) LetIn(r *web.Request, opened account.Opened, to web.Redirect) (web.Answer, error) {
	return p.letIn(r, opened, to)
}

// letIn gives the browser its session, in the place of the one it had, and leads
// to the second step when it is half open.
// Somebody who has no hat any more has nothing to open: they are told so, and
// stay outside.
func (p *Portal) letIn(r *web.Request, opened account.Opened, to web.Redirect) (web.Answer, error) {
	stale := r.Token()
	if opened.Profile == "" {
		stale = opened.Token
	}
	if stale != "" {
		err := r.Write(func() error { return p.Accounts.SignOut(r.Tx, stale, account.OriginOf(r)) })
		if err != nil {
			return nil, err
		}
	}
	if opened.Profile == "" {
		page := p.loginPage(r, loginView{Next: "/"})
		page.Notices = []ui.Notice{{Kind: ui.Warning, Title: r.Say("portal.no-hat"), Text: r.Say("portal.no-hat-text")}}
		page.Status = http.StatusForbidden
		return page, nil
	}
	r.SetSession(opened.Token, keptUntil(opened))
	if opened.Half {
		return web.Redirect{To: secondFor(to.To, "")}, nil
	}
	if opened.Device != "" {
		r.SetDevice(opened.Device, account.DeviceLife)
	}
	return to, nil
}

// keptUntil is when the browser forgets the session, which ends when account says
// so: when it closes, but on a family's own telephone.
func keptUntil(opened account.Opened) time.Time {
	if opened.Profile == school.Guardian && !opened.Shared {
		return opened.Created.Add(account.FamilyLife)
	}
	return time.Time{}
}

// signOut closes the session, here and in the browser, and shows the way out of
// the identity provider that opened it: whoever sits there next would come back
// in by it.
func (p *Portal) signOut(r *web.Request) (web.Answer, error) {
	var back federation.WayBack
	if r.Token() != "" {
		err := r.Write(func() (err error) {
			if back, err = p.leaving(r); err != nil {
				return err
			}
			return p.Accounts.SignOut(r.Tx, r.Token(), account.OriginOf(r))
		})
		if err != nil {
			return nil, err
		}
	}
	r.ClearSession()
	if back.To != "" {
		r.Visitor = web.Visitor{} // who is out is nobody on the page
		return web.Page{Title: r.Say("portal.left"), Body: leftPage(back), Doorway: true}, nil
	}
	if r.ClassDoor() != "" { // the next child is waiting
		return web.Redirect{To: classPath}, nil
	}
	return web.Redirect{To: "/login", Notice: "portal.signed-out"}, nil
}

// said is an error's voice for people.
func said(r *web.Request, err error) string {
	var e *fail.Error
	if !errors.As(err, &e) || e.Key == "" {
		return r.Say("web.invalid-text")
	}
	return r.Say(e.Key, e.Args...)
}

// maxShown is how much of what somebody typed comes back to them, in bytes.
const maxShown = 200

// shown is what comes back of what was typed: nothing of what cannot have
// been meant.
func shown(typed string) string {
	if len(typed) > maxShown {
		return ""
	}
	return typed
}
